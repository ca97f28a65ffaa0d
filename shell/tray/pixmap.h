/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The pictures that a status notifier item sends of itself: a(iiay), each with its width, its
 * height and its pixels, four bytes each: alpha, red, green, blue.
 */

#include <glib.h>

#define INOS_PIXMAP_MAX_SIDE 512
#define INOS_PIXMAP_MAX_COUNT 16 /* that are looked at */

/* The smallest one that is at least as large as side, else the largest one, as
 * inos_picture_from_pixels() takes it. NULL where none is what it says. pixmaps: of any type, may
 * be NULL. A new reference. */
GVariant *inos_pixmap_choose (GVariant *pixmaps, int side);
