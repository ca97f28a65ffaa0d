/* The columns of a scrolling strip: which of its windows stand above each other, how wide they are,
 * and where the strip stands. What is done to a window that is in no strip does nothing. */
#pragma once

#include "view.h"
#include "workspace.h"

/* The window is alone in a column of its own from now on. */
void inos_column_start (struct inos_workspace *workspace, struct inos_view *view);

/* views: those of one output, in the order of its strip. Windows of a column that others have come
 * between are no column any more; all of one column are as wide as its first. */
void inos_columns_mend (struct inos_workspace *workspace, GPtrArray *views);

/* Where in workspace->tiles the column of the window begins, or, with `after`, where the next one
 * does. index: of the window. */
guint inos_column_end (struct inos_workspace *workspace, guint index, bool after);

/* The column goes one place to the left (step -1) or to the right (step 1). */
void inos_column_move (struct inos_view *view, int step);

/* The first window of the column to the right comes into the window's own one, at its bottom. */
void inos_column_consume (struct inos_view *view);

/* Out of its column into one of its own on that side; where it is alone already, into the next one
 * on that side, at its bottom. step: -1 for left, 1 for right. */
void inos_column_consume_or_expel (struct inos_view *view, int step);
/* Only the first half of that, to the right. */
void inos_column_expel (struct inos_view *view);

/* Brings the column to the middle of its output until the strip moves again. */
void inos_column_centre (struct inos_view *view);

/* how: "next" or "previous" of 1/3, 1/2, 2/3 and all, or hundredths of the output from 10 to 100.
 */
void inos_column_set_width (struct inos_view *view, const char *how);
/* share: of the output. */
void inos_column_set_share (struct inos_view *view, double share);

/* Changes places with the window at `other` in workspace->tiles; each then has the other's column,
 * unless both are alone. */
void inos_column_swap (struct inos_workspace *workspace, guint index, guint other);
