/*
 * Getting the node's socket: from systemd, or made at a path where no other node listens.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct inos_listener {
  int fd, lock;
  char *path; /* may be NULL: not made by us, so not removed by us */
};

/**
 * inos_listen:
 * @listener: (out): the socket, which does not block
 * @path: where, when systemd gave none
 * @mode: of the socket, 0600
 * @error: why not; %INOS_NODE_ERROR_RUNNING where another node has it
 *
 * Makes the socket's directory with mode 0700 where there is none. A socket that nobody listens at
 * is replaced; anything else at @path is left alone.
 */
bool inos_listen (struct inos_listener *listener, const char *path, mode_t mode, GError **error);

/** inos_listen_end: closes the socket and removes it where it was made here; safe to call twice. */
void inos_listen_end (struct inos_listener *listener);
