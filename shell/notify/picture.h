/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The picture of a notification: read from what a stranger says is one, made small, kept as PNG in
 * a folder under a number.
 */

#include <gio/gio.h>

/* Pixels of its longer side. */
#define INOS_PICTURE_SIZE 128

typedef struct InosPictures InosPictures;

InosPictures *inos_pictures_create (const char *folder);
void inos_pictures_destroy (InosPictures *self); /* self may be NULL */

typedef void (*InosPictureMadeFunc) (guint64 number, guint id, gpointer data);

/* Makes one in the background, of pixels (the hint image-data) or of a file; either may be NULL,
 * and neither is taken. made is called with its number, and id as it was given; not where it is
 * none. */
void inos_pictures_make (InosPictures *self, GVariant *pixels, const char *path, guint id,
                         InosPictureMadeFunc made, gpointer data);
/* PNG, or NULL where there is none. */
GBytes *inos_pictures_get (InosPictures *self, guint64 number);
void inos_pictures_drop (InosPictures *self, guint64 number);
/* Removes the files of all but these numbers (guint64). */
void inos_pictures_keep (InosPictures *self, GArray *numbers);

/* The two ways of reading; PNG, or NULL and error. Any thread. */
GBytes *inos_picture_from_pixels (GVariant *pixels, GError **error);
GBytes *inos_picture_from_file (const char *path, GError **error);
