/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions that a person may choose from: what wayland-sessions has on this machine. */
#pragma once

#include <glib.h>

enum { INOS_SESSIONS_MOST = 32, INOS_SESSION_ID_MAX = 100 /* bytes */ };

/* The one that is started where nobody chose. */
#define INOS_SESSION_OWN "inos"

struct inos_session_entry {
  char *id;       /* the file's name without .desktop */
  char *name;     /* for people, in their language */
  char *exec;     /* its command line */
  char *desktops; /* for XDG_CURRENT_DESKTOP */
};

/* struct inos_session_entry of all that can be started, ours first, then by name; owned. */
GPtrArray *inos_sessions_list (void);

/* What was started last, as the file "session" in that folder says; NULL where that is not known.
 */
char *inos_session_last (const char *folder);

/* Those of inos_sessions_list() that there is a choice of, NULL where there is one alone; owned.
 * chosen: the one that was started last, else the first. */
GPtrArray *inos_sessions_offer (const char *folder, guint *chosen);
