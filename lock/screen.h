/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock screen on one output: the ground, which is drawn once and without a font, so that it is
 * there at once, and the column with the words above it, which is small and drawn whenever they
 * change. Without memory for either it shows a colour, and tries again. */
#pragma once

#include "canvas.h"
#include "display.h"
#include "layout.h"

enum { INOS_SCREEN_CANVASES = 2 };

struct inos_screen {
  struct wl_list link; /* inos_display.screens */
  struct inos_display *display;
  struct wl_output *output;
  uint32_t name; /* of the global */
  struct wl_surface *ground, *column;
  struct wl_subsurface *place;
  struct wp_viewport *ground_view, *column_view; /* may be NULL */
  struct wp_fractional_scale_v1 *fraction;       /* may be NULL */
  struct ext_session_lock_surface_v1 *cover;     /* NULL until there is a lock */
  struct wl_callback *frame;                     /* that the column waits for; may be NULL */
  struct inos_canvas behind, canvases[INOS_SCREEN_CANVASES];
  struct inos_layout layout;
  int width, height; /* 0 until the compositor says */
  int32_t whole;     /* the output's scale in whole numbers */
  uint32_t scale;    /* in 120ths, 0 until the compositor says */
  bool ground_stale, column_stale;
  bool reveals;  /* the password can be read in the column as it was drawn last */
  gint64 shaken; /* µs, when it began; 0 for still */
  guint later;   /* draws the column when there is nothing else to do */
};

/* For an output that the compositor offers; covers it as soon as there is a lock. */
struct inos_screen *inos_screen_create (struct inos_display *display, struct wl_output *output,
                                        uint32_t name);
void inos_screen_destroy (struct inos_screen *screen);

/* There is a lock. */
void inos_screen_cover (struct inos_screen *screen);
void inos_screen_draw (struct inos_screen *screen, bool only_words);
void inos_screen_shake (struct inos_screen *screen);

/* Which part is at a place of one of its surfaces. */
enum inos_part inos_screen_part_at (const struct inos_screen *screen,
                                    const struct wl_surface *surface, double x, double y);
/* The screen that has the surface, or NULL. */
struct inos_screen *inos_screen_of (struct inos_display *display, const struct wl_surface *surface);
