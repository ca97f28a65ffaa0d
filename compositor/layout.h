/* Tiling layouts: from the box of an output to the boxes of its windows, and nothing else. */
#pragma once

#include <stdbool.h>
#include <wlr/util/box.h>

enum inos_layout {
  INOS_LAYOUT_FLOATING, /* windows are where people put them */
  INOS_LAYOUT_DWINDLE,  /* each window halves what the ones before it left */
  INOS_LAYOUT_SCROLL,   /* a strip of columns that is wider than the output */
  INOS_LAYOUT_COUNT,
};

/* The share of a window is clamped to these. */
#define INOS_SHARE_LEAST 0.1
#define INOS_SHARE_MOST 0.9

/* INOS_LAYOUT_COUNT where there is none of that name. */
enum inos_layout inos_layout_from_name (const char *name);
const char *inos_layout_name (enum inos_layout layout);

/* Fills boxes[count]. shares: how much of what is left each window takes; gap: px between windows
 * and around them. Boxes do not overlap and, with their gaps, fill the area. */
void inos_layout_dwindle (struct wlr_box area, int gap, const double *shares, unsigned int count,
                          struct wlr_box *boxes);

/* Fills boxes[count]. shares: how wide each column is, of the area. offset: how many px of the
 * strip are to the left of the area. Returns the offset, changed no more than the column `focus`
 * needs to be seen whole and the strip to leave no room at its ends. */
int inos_layout_scroll (struct wlr_box area, int gap, const double *shares, unsigned int count,
                        unsigned int focus, int offset, struct wlr_box *boxes);

/* The same for windows of which several may be in a column, above each other and each as high:
 * those next to each other whose number in `columns` is the same and not 0. A column is as wide as
 * its first window. centre: the focused column is put into the middle of the area instead. */
int inos_layout_strip (struct wlr_box area, int gap, const double *shares,
                       const unsigned int *columns, unsigned int count, unsigned int focus,
                       bool centre, int offset, struct wlr_box *boxes);
