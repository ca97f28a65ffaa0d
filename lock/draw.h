/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the column of the lock screen: clock, date, person, field, words, battery. */
#pragma once

#include "layout.h"

#include <cairo.h>

/* Draws over all of the column, whose ground is clear. */
void inos_draw (cairo_t *cairo, const struct inos_look *look, const struct inos_layout *layout,
                const struct inos_view *view);
