/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Where a session keeps what it needs on disk. */
struct inos_session_place {
  char *runtime;        /* XDG_RUNTIME_DIR, or one made for this session */
  gboolean made;        /* …which inos_session_place_finish() then removes */
  char *sockets;        /* for the notify sockets */
  char *logs;           /* NULL: systemd's journal takes standard error */
  char *journal;        /* the session's own messages; NULL like `logs` */
  gboolean on_terminal; /* standard error is a terminal */
};

/* Makes the directories. Errors say what cannot be made, and what to do. */
gboolean inos_session_place_init (struct inos_session_place *place, GError **error);
void inos_session_place_finish (struct inos_session_place *place);
