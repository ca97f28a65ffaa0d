/* Draws the menu of a window. */
#pragma once

#include <stdbool.h>

struct wlr_buffer;

enum {
  INOS_MENU_ROW = 32,
  INOS_MENU_EDGE = 6
}; /* px of a row, and around all, at the usual size */

/* All that the picture depends on. */
struct inos_menu_picture {
  const char *const *labels; /* ends with NULL */
  unsigned int checked;      /* a bit for each label */
  int selected;              /* -1: none */
  int text, scale;           /* hundredths; pixels for each px */
  bool dark, contrast;
};

/* px: of all rows, and of each; not less than at the usual size of letters. */
void inos_menu_measure (const struct inos_menu_picture *picture, int *width, int *height);
int inos_menu_row (const struct inos_menu_picture *picture);
int inos_menu_edge (const struct inos_menu_picture *picture);

/* The picture as a buffer, which the caller drops; NULL where it cannot be had. */
struct wlr_buffer *inos_menu_draw (const struct inos_menu_picture *picture);
