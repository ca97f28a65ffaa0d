/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "marks.h"

#include <math.h>

#define STROKE 1.6

static void eye (cairo_t *cairo)
{
  cairo_move_to (cairo, 1.2, 8);
  cairo_curve_to (cairo, 4, 2.6, 12, 2.6, 14.8, 8);
  cairo_curve_to (cairo, 12, 13.4, 4, 13.4, 1.2, 8);
  cairo_stroke (cairo);
  cairo_arc (cairo, 8, 8, 2.2, 0, 2 * M_PI);
  cairo_stroke (cairo);
}

static void lines (cairo_t *cairo, const double (*points)[2], int count)
{
  for (int i = 0; i < count; i++)
    cairo_line_to (cairo, points[i][0], points[i][1]);
  cairo_stroke (cairo);
}

static void go (cairo_t *cairo)
{
  lines (cairo, (const double[][2]){{2.5, 8}, {13.5, 8}}, 2);
  lines (cairo, (const double[][2]){{9, 3.5}, {13.5, 8}, {9, 12.5}}, 3);
}

static void stop (cairo_t *cairo)
{
  lines (cairo, (const double[][2]){{3.5, 3.5}, {12.5, 12.5}}, 2);
  lines (cairo, (const double[][2]){{12.5, 3.5}, {3.5, 12.5}}, 2);
}

static void moon (cairo_t *cairo)
{
  cairo_arc (cairo, 8, 8, 6, 0.02 * M_PI, 1.48 * M_PI);
  cairo_curve_to (cairo, 5.4, 6, 8.6, 10.4, 14, 8.4);
  cairo_stroke (cairo);
}

static void keyboard (cairo_t *cairo)
{
  cairo_rectangle (cairo, 1.2, 3.8, 13.6, 8.4);
  cairo_stroke (cairo);
  for (int i = 0; i < 4; i++)
    lines (cairo, (const double[][2]){{3.6 + 2.9 * i, 6.4}, {3.8 + 2.9 * i, 6.4}}, 2);
  lines (cairo, (const double[][2]){{4.6, 9.6}, {11.4, 9.6}}, 2);
}

static void caps (cairo_t *cairo)
{
  lines (cairo,
         (const double[][2]){
           {8, 1.8}, {14, 8}, {10.8, 8}, {10.8, 11}, {5.2, 11}, {5.2, 8}, {2, 8}, {8, 1.8}},
         8);
  lines (cairo, (const double[][2]){{5.2, 14}, {10.8, 14}}, 2);
}

static void restart (cairo_t *cairo)
{
  cairo_arc (cairo, 8, 8, 5.8, -0.25 * M_PI, 1.5 * M_PI);
  cairo_stroke (cairo);
  lines (cairo, (const double[][2]){{8.6, 4.9}, {12.3, 4.1}, {11.5, 0.6}}, 3);
}

static void power (cairo_t *cairo)
{
  cairo_arc (cairo, 8, 8.6, 5.6, -0.3 * M_PI, 1.3 * M_PI);
  cairo_stroke (cairo);
  lines (cairo, (const double[][2]){{8, 1.6}, {8, 7.4}}, 2);
}

static void session (cairo_t *cairo)
{
  cairo_rectangle (cairo, 1.6, 2.8, 12.8, 8.6);
  cairo_stroke (cairo);
  lines (cairo, (const double[][2]){{5.4, 14}, {10.6, 14}}, 2);
}

static void person (cairo_t *cairo)
{
  cairo_arc (cairo, 8, 5, 3, 0, 2 * M_PI);
  cairo_stroke (cairo);
  cairo_arc (cairo, 8, 15.4, 5.6, 1.08 * M_PI, 1.92 * M_PI);
  cairo_stroke (cairo);
}

static void backspace (cairo_t *cairo)
{
  lines (
    cairo,
    (const double[][2]){{1.2, 8}, {5.2, 3.6}, {14.6, 3.6}, {14.6, 12.4}, {5.2, 12.4}, {1.2, 8}}, 6);
  lines (cairo, (const double[][2]){{7.6, 6}, {11.6, 10}}, 2);
  lines (cairo, (const double[][2]){{11.6, 6}, {7.6, 10}}, 2);
}

static void shift (cairo_t *cairo)
{
  lines (
    cairo,
    (const double[][2]){
      {8, 2.2}, {14, 8.6}, {10.8, 8.6}, {10.8, 13.4}, {5.2, 13.4}, {5.2, 8.6}, {2, 8.6}, {8, 2.2}},
    8);
}

static void globe (cairo_t *cairo)
{
  cairo_arc (cairo, 8, 8, 6.4, 0, 2 * M_PI);
  cairo_stroke (cairo);
  lines (cairo, (const double[][2]){{1.6, 8}, {14.4, 8}}, 2);
  cairo_move_to (cairo, 8, 1.6);
  cairo_curve_to (cairo, 3.8, 5, 3.8, 11, 8, 14.4);
  cairo_curve_to (cairo, 12.2, 11, 12.2, 5, 8, 1.6);
  cairo_stroke (cairo);
}

static void begin (cairo_t *cairo, double x, double y, double size)
{
  cairo_save (cairo);
  cairo_translate (cairo, x - size / 2, y - size / 2);
  cairo_scale (cairo, size / 16, size / 16);
  cairo_set_line_width (cairo, STROKE);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path (cairo);
}

void inos_mark_draw (cairo_t *cairo, enum inos_mark mark, double x, double y, double size, bool rtl)
{
  static void (*const drawings[]) (cairo_t *) = {
    [INOS_MARK_EYE] = eye,         [INOS_MARK_EYE_SHUT] = eye,    [INOS_MARK_GO] = go,
    [INOS_MARK_STOP] = stop,       [INOS_MARK_MOON] = moon,       [INOS_MARK_KEYBOARD] = keyboard,
    [INOS_MARK_CAPS] = caps,       [INOS_MARK_RESTART] = restart, [INOS_MARK_POWER] = power,
    [INOS_MARK_SESSION] = session, [INOS_MARK_PERSON] = person,   [INOS_MARK_BACKSPACE] = backspace,
    [INOS_MARK_SHIFT] = shift,     [INOS_MARK_GLOBE] = globe,
  };
  begin (cairo, x, y, size);
  if (rtl && mark == INOS_MARK_GO) {
    cairo_translate (cairo, 16, 0);
    cairo_scale (cairo, -1, 1);
  }
  drawings[mark](cairo);
  if (mark == INOS_MARK_EYE_SHUT)
    lines (cairo, (const double[][2]){{2.5, 13.5}, {13.5, 2.5}}, 2);
  cairo_restore (cairo);
}

void inos_mark_battery (cairo_t *cairo, int percent, bool charging, double x, double y, double size)
{
  begin (cairo, x, y, size);
  cairo_rectangle (cairo, 1, 4.2, 12, 7.6);
  cairo_stroke (cairo);
  lines (cairo, (const double[][2]){{15, 6.8}, {15, 9.2}}, 2);
  cairo_rectangle (cairo, 2.6, 5.8, 8.8 * fmin (fmax (percent, 0), 100) / 100, 4.4);
  cairo_fill (cairo);
  if (charging)
    lines (cairo, (const double[][2]){{7.8, 1.2}, {5.8, 8}, {8.4, 8}, {6.6, 14.8}}, 4);
  cairo_restore (cairo);
}
