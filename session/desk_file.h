/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which windows are open and where, as text: what the compositor writes, the session keeps, and the
 * compositor is told to put windows back by. It is read as what anybody may have written.
 */

enum {
  INOS_DESK_MOST = 64,              /* windows */
  INOS_DESK_MAX_TEXT = 64 * 1024,   /* bytes */
  INOS_DESK_MAX_APP_ID = 200,       /* bytes */
  INOS_DESK_MAX_WORKSPACE = 15,     /* the first is 0 */
  INOS_DESK_MAX_PLACE = 65536,      /* px from the layout's origin */
  INOS_DESK_MAX_SIZE = 16384,       /* px */
  INOS_DESK_MAX_PROGRAM = 0x400000, /* the kernel's highest process number */
};

struct inos_desk_window {
  char *app_id;     /* valid UTF-8, not empty */
  unsigned program; /* the same for windows of one process */
  unsigned workspace;
  int x, y, width, height; /* px in layout coordinates, when it floats */
  gboolean maximized, fullscreen, minimized, on_top, below, sticky;
};

void inos_desk_window_free (struct inos_desk_window *window);
/* The words of its state, such as "maximized on-top"; to be freed with g_free(). */
char *inos_desk_window_words (const struct inos_desk_window *window);
/* For struct inos_desk_window, owned. */
GPtrArray *inos_desk_new (void);

/* The text of them, to be freed with g_free(). */
char *inos_desk_format (GPtrArray *windows, gsize *length /* may be NULL */);

/* The windows of a text, at most INOS_DESK_MOST; those that cannot be are left out. NULL and an
 * error for what is too long or no such text at all. */
GPtrArray *inos_desk_parse (const char *text, gsize length, GError **error);

/* The same of a file; an empty list where there is none. */
GPtrArray *inos_desk_load (const char *path, GError **error);
