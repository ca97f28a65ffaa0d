/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The session's end of the channel to the compositor: asks for the shell's Wayland socket,
 * and unlocks, which nobody else can.
 * Datagrams that are not the one answer to the one question are ignored, their descriptors closed.
 */
struct inos_control;

/* `fd` is the answer, now the callee's, or -1 and `error` says why there is none. */
typedef void (*inos_control_func) (int fd, const GError *error, void *data);

/* Makes the pair; `*peer` is the end for the compositor, the caller's to close. An answer is waited
 * for so many ms: one that is slow answers in the end, and of one that ends the channel tells. */
struct inos_control *inos_control_new (guint patience, int *peer, GError **error);
void inos_control_free (struct inos_control *control);

/* Asks for a socket; `func` is called once, not from within. One question at a time: a new one
 * takes the place of the old one, whose `func` is then not called. */
void inos_control_request_shell (struct inos_control *control, inos_control_func func, void *data);
/* Unlocks the session; there is no answer. FALSE where the compositor cannot be told. */
gboolean inos_control_unlock (struct inos_control *control);
/* The session ends: what happens to windows from now on is not worth remembering. */
void inos_control_tell_end (struct inos_control *control);
void inos_control_cancel (struct inos_control *control);
