/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A picture that a program shows now, as a file or as pixels: read in the background within the
 * bounds of notifications' pictures (notify/picture.h), one at a time and not more often than once
 * in a while, of all of them a few at once.
 */

#include "thumbs.h"

typedef struct InosArt InosArt;

/* changed: inos_art_get() says another. */
InosArt *inos_art_create (InosThumbs *thumbs, void (*changed) (gpointer data), gpointer data);
void inos_art_destroy (InosArt *self); /* self may be NULL */

/* A file, pixels, both, or neither: it has none. With both, pixels are shown where the file cannot
 * be read, as one of a sandbox. What was shown goes at once, but for other pixels, which
 * come in its place. pixels: of type (iiibiiay); see inos_picture_from_pixels(). */
void inos_art_set (InosArt *self, const char *path, GVariant *pixels);
/* Its number in thumbs; 0: there is none, or not yet. */
guint inos_art_get (const InosArt *self);
