/* Draws what the overview has beside the windows: names, the button that closes, rings, words. */
#pragma once

#include <stdbool.h>

#include "picture.h"

struct wlr_buffer;

/* How all of it is drawn. */
struct inos_overview_style {
  int text;  /* hundredths, at least 100: how large letters are */
  int scale; /* pixels for each px */
  bool dark, contrast;
  struct inos_colour accent; /* of what is chosen */
  bool from_right;           /* it is read from there */
};

/* Whether the desktop's language is read from the right. */
bool inos_overview_reads_from_right (void);

/* px at that size of letters. */
int inos_overview_grown (const struct inos_overview_style *style, int px);

/* Each is a buffer that the caller drops; NULL where it cannot be had. Sides are in px. */

/* One line in the middle, shortened where it is too long. strong: of what is chosen. */
struct wlr_buffer *inos_overview_draw_name (const struct inos_overview_style *style,
                                            const char *name, int width, int height, bool strong);
/* hovered: the pointer is on it. */
struct wlr_buffer *inos_overview_draw_close (const struct inos_overview_style *style, int side,
                                             bool hovered);
/* What is said where there is no window: a line, and one below it. */
struct wlr_buffer *inos_overview_draw_words (const struct inos_overview_style *style,
                                             const char *words, const char *advice, int width,
                                             int height);
