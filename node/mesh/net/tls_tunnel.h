/*
 * TLS around a socket: what is written to one descriptor in the clear goes out by another within
 * TLS, and the other way round. For WebSockets that browsers can reach, and nothing else: who the
 * peer is, Noise proves, inside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

/** inos_tls_is_there: whether the system can do TLS (glib-networking). */
bool inos_tls_is_there (void);

/**
 * inos_tls_connect:
 * @context: where it is done; on its thread
 * @fd: connected; taken
 * @name: (nullable): what the server is to be called; its certificate may be anybody's
 *
 * Returns: a descriptor for the clear text, non-blocking, and the caller's; it ends when the TLS
 * ends, for whatever reason. -1: @error says why there is none.
 */
int inos_tls_connect (GMainContext *context, int fd, const char *name, GError **error);
/** inos_tls_accept: the same of the other side, with @certificate, which has its key. */
int inos_tls_accept (GMainContext *context, int fd, GTlsCertificate *certificate, GError **error);
