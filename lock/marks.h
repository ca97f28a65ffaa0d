/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small drawings, in lines of the source's colour, 16 × 16 units as the UI's icons have them.
 */
#pragma once

#include <cairo.h>
#include <stdbool.h>

enum inos_mark {
  INOS_MARK_EYE,
  INOS_MARK_EYE_SHUT,
  INOS_MARK_GO, /* in the direction of reading */
  INOS_MARK_STOP,
  INOS_MARK_MOON,
  INOS_MARK_KEYBOARD,
  INOS_MARK_CAPS,
  INOS_MARK_RESTART,
  INOS_MARK_POWER,
  INOS_MARK_SESSION,
  INOS_MARK_PERSON,
  INOS_MARK_BACKSPACE,
  INOS_MARK_SHIFT,
  INOS_MARK_GLOBE,
};

/* Draws it with its middle at x, y; `size` px wide. */
void inos_mark_draw (cairo_t *cairo, enum inos_mark mark, double x, double y, double size,
                     bool rtl);
/* Likewise a battery that is so full, 0…100. */
void inos_mark_battery (cairo_t *cairo, int percent, bool charging, double x, double y,
                        double size);
