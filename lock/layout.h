/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things stand in the column of the lock screen: all in units of the output, from the
 * column's top left corner. */
#pragma once

#include "view.h"

struct inos_box {
  double x, y, width, height;
};

struct inos_layout {
  double width, height;                   /* without the keyboard, which is below */
  double unit;                            /* of all sizes: 1, larger with larger text */
  bool has_clock;                         /* there is room for it */
  double clock, date, name, hints, state; /* tops */
  struct inos_box parts[INOS_PART_COUNT]; /* of width 0 where there is none */
  struct inos_box entry;                  /* of the field, for what is typed */
  struct inos_box power;                  /* room for the battery's words */
  struct inos_box board;                  /* behind the keyboard's keys; of width 0 likewise */
};

/* How wide the column is on an output that is so wide. */
int inos_layout_column (int output_width, double text, const struct inos_view *view);

/* height: the output's. */
void inos_layout_make (struct inos_layout *layout, int width, int height, double text,
                       const struct inos_view *view);

/* What is there; INOS_PART_NONE for nothing. */
enum inos_part inos_layout_at (const struct inos_layout *layout, double x, double y);

/* What has the focus after `part`, or before it. */
enum inos_part inos_layout_next (const struct inos_layout *layout, enum inos_part part, bool back);
