/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Small pictures that pages show and nobody keeps: PNG in memory under a number, at
 * inos://shell/picture/NUMBER. Their numbers are below those of notifications' pictures, which are
 * moments. Who puts one here drops it; each has few.
 */

#include <glib.h>

/* The first number that none of these has. */
#define INOS_THUMBS_END (1 << 30)

typedef struct InosThumbs InosThumbs;

InosThumbs *inos_thumbs_create (void);
void inos_thumbs_destroy (InosThumbs *self); /* self may be NULL */

/* Its number, from 1 on and never that of another. png: not taken. */
guint inos_thumbs_put (InosThumbs *self, GBytes *png);
/* Nothing where number is 0. */
void inos_thumbs_drop (InosThumbs *self, guint number);
/* Transfer full; NULL where there is none. */
GBytes *inos_thumbs_get (InosThumbs *self, guint64 number);
