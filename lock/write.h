/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text on the lock screen, by Pango. */
#pragma once

#include "layout.h"

#include <cairo.h>

enum inos_align { INOS_ALIGN_START, INOS_ALIGN_CENTRE };

struct inos_writing {
  const char *text;
  double size; /* px */
  int weight;  /* as CSS has it */
  enum inos_tone tone;
  enum inos_align align;
  int lines; /* at most; what is more is cut with … */
};

void inos_set_tone (cairo_t *cairo, const struct inos_look *look, enum inos_tone tone);

/* Writes into the box, in one line in its vertical middle, in more from its top. Returns the width
 * of what was written. */
double inos_write (cairo_t *cairo, const struct inos_look *look, const struct inos_writing *writing,
                   const struct inos_box *box);
/* The width that it would have in one line. */
double inos_write_width (cairo_t *cairo, const struct inos_writing *writing);

/* Writes what was typed, character by character, so that it is nowhere in memory as a whole but
 * where it is kept; the end is shown where there is no room for all. Returns the width of what was
 * written. */
double inos_write_secret (cairo_t *cairo, const struct inos_look *look, const char *text,
                          double size, const struct inos_box *box, bool rtl);
