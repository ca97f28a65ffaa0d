/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a key has changed, for a moment at the foot of the screen: an icon, a bar or a word. It
 * takes neither keyboard nor clicks. GTK draws it, and no page: see docs/decisions/0039.
 */

#include <glib.h>

typedef struct InosOsd InosOsd;

/* changed: what inos_osd_get_kind() says is another. */
InosOsd *inos_osd_create (void (*changed) (gpointer data), gpointer data);
void inos_osd_destroy (InosOsd *self); /* self may be NULL */

typedef struct {
  const char *kind; /* for other programs: "volume", "brightness", … ; static */
  const char *icon; /* name of a symbolic icon */
  const char
    *label;    /* what it is, for whoever hears it, and for whoever sees it where percent < 0 */
  int percent; /* -1: there is no bar */
} InosOsdNews;

/* Shows it, in place of what there was. */
void inos_osd_show (InosOsd *self, const InosOsdNews *news);
/* "" while nothing is shown. */
const char *inos_osd_get_kind (InosOsd *self);
void inos_osd_set_look (InosOsd *self, gboolean dark, gboolean high_contrast);
