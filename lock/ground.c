/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ground.h"

#include <math.h>

#define GOLDEN_ANGLE (G_PI * (3 - sqrt (5)))
#define QUIET 0.9 /* of the wallpaper's opacity */
/* Half of the column that words stand in, and how far the field comes back beside it, px. */
#define COLUMN 220.0
#define SHORE 200.0

enum { FIRST = 6, MOST_DOTS = 6000 };

static double fraction (const char *seed)
{
  return g_str_hash (seed) / 4294967296.0;
}

static void fill (cairo_t *cairo, const struct inos_look *look, int width, int height)
{
  const struct inos_tint *from = &look->tones[INOS_TONE_GROUND_FROM];
  const struct inos_tint *to = &look->tones[INOS_TONE_GROUND_TO];
  double x = width / 2.0, y = height * 0.42;
  cairo_pattern_t *ground =
    cairo_pattern_create_radial (x, y, 0, x, y, hypot (width, height) * 0.6);
  cairo_pattern_add_color_stop_rgb (ground, 0, from->red, from->green, from->blue);
  cairo_pattern_add_color_stop_rgb (ground, 1, to->red, to->green, to->blue);
  cairo_set_source (cairo, ground);
  cairo_paint (cairo);
  cairo_pattern_destroy (ground);
}

/* 0 where the words are, 1 away from them. */
static double clearing (double x, int width)
{
  double t = (fabs (x - width / 2.0) - COLUMN) / SHORE;
  t = CLAMP (t, 0, 1);
  return t * t * (3 - 2 * t);
}

/* The seeds of a sunflower, in waves that run outwards: shell/ui/src/wallpaper/field.ts. */
void inos_ground_draw (cairo_t *cairo, const struct inos_look *look, int width, int height,
                       const char *seed)
{
  const struct inos_tint *dot = &look->tones[INOS_TONE_DOT];
  double cx = width / 2.0, cy = height * 0.42, unit = sqrt ((double)width * height) / 46;
  double turn = fraction (seed) * 2 * G_PI, reach = hypot (MAX (cx, width - cx), height - cy);
  fill (cairo, look, width, height);
  for (int i = FIRST; i < MOST_DOTS && dot->alpha > 0; i++) {
    double distance = unit * sqrt (i) * (0.9 + i / 2400.0);
    if (distance > reach)
      break;
    double angle = i * GOLDEN_ANGLE + turn;
    double x = cx + distance * cos (angle), y = cy + distance * sin (angle);
    double wave = 0.5 + 0.5 * sin (distance / (unit * 3.1) + 2 * sin (angle * 3 + turn));
    double fade = exp (-distance / (reach * 0.8)); /* the middle is the words' */
    double opacity = (0.05 + 0.5 * fade * (0.35 + 0.65 * wave)) * QUIET * clearing (x, width);
    if (opacity <= 0 || x < -4 || y < -4 || x > width + 4 || y > height + 4)
      continue;
    cairo_set_source_rgba (cairo, dot->red, dot->green, dot->blue, opacity);
    cairo_arc (cairo, x, y, unit * (0.035 + 0.085 * wave * fade), 0, 2 * G_PI);
    cairo_fill (cairo);
  }
}
