/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies behind the lock screen's words: the wallpaper's quiet field, without the nodes. */
#pragma once

#include "look.h"

#include <cairo.h>

/* Draws it over width × height. seed: turns the field, so that a machine has one of its own. */
void inos_ground_draw (cairo_t *cairo, const struct inos_look *look, int width, int height,
                       const char *seed);
