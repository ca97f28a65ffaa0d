#include "column.h"

#include "tiles.h"

static const double widths[] = {1.0 / 3, 1.0 / 2, 2.0 / 3, 1};

#define NEARLY 0.005 /* widths that are no further apart are one */

void inos_column_start (struct inos_workspace *workspace, struct inos_view *view)
{
  view->column = ++workspace->last_column;
}

static struct inos_view *at (GPtrArray *strip, guint index)
{
  return g_ptr_array_index (strip, index);
}

static bool came_before (GPtrArray *views, guint index)
{
  for (guint i = 0; i < index; i++) {
    if (at (views, i)->column == at (views, index)->column)
      return true;
  }
  return false;
}

void inos_columns_mend (struct inos_workspace *workspace, GPtrArray *views)
{
  for (guint i = 1; i < views->len; i++) {
    struct inos_view *view = at (views, i), *before = at (views, i - 1);
    if (view->column == before->column)
      view->share = before->share;
    else if (came_before (views, i))
      inos_column_start (workspace, view);
  }
}

static bool together (const struct inos_view *a, const struct inos_view *b)
{
  return a->column == b->column && a->tile_output == b->tile_output;
}

guint inos_column_end (struct inos_workspace *workspace, guint index, bool after)
{
  struct inos_view *view = at (workspace->tiles, index);
  guint end = index;
  for (guint i = 0; i < workspace->tiles->len; i++) {
    if (together (at (workspace->tiles, i), view)) {
      end = i;
      if (!after)
        break;
    }
  }
  return after ? end + 1 : end;
}

/* The windows of one output that are in the strip with `view`, and where it and its column are in
 * it. */
struct strip {
  struct inos_workspace *workspace;
  GPtrArray *views;
  guint index, first, last;
};

static bool strip_of (struct inos_view *view, struct strip *strip)
{
  struct inos_workspace *workspace =
    g_ptr_array_index (view->compositor->workspaces, view->workspace);
  if (!view->tiled || workspace->layout != INOS_LAYOUT_SCROLL)
    return false;
  *strip = (struct strip){.workspace = workspace, .views = g_ptr_array_new()};
  for (guint i = 0; i < workspace->tiles->len; i++) {
    if (at (workspace->tiles, i)->tile_output == view->tile_output)
      g_ptr_array_add (strip->views, at (workspace->tiles, i));
  }
  inos_columns_mend (workspace, strip->views);
  if (!g_ptr_array_find (strip->views, view, &strip->index)) {
    g_ptr_array_unref (strip->views);
    return false;
  }
  strip->first = strip->last = strip->index;
  while (strip->first > 0 && at (strip->views, strip->first - 1)->column == view->column)
    strip->first--;
  while (strip->last + 1 < strip->views->len &&
         at (strip->views, strip->last + 1)->column == view->column)
    strip->last++;
  return true;
}

/* Writes the order back: windows of other outputs keep their places in between. */
static void put_back (struct strip *strip, struct inos_view *view)
{
  GPtrArray *tiles = strip->workspace->tiles;
  for (guint i = 0, next = 0; i < tiles->len && next < strip->views->len; i++) {
    if (at (tiles, i)->tile_output == view->tile_output)
      tiles->pdata[i] = at (strip->views, next++);
  }
  g_ptr_array_unref (strip->views);
  inos_tiles_arrange (view->compositor);
}

/* From one place of the order to another, counted without it. */
static void shift (GPtrArray *views, guint from, guint to)
{
  void *view = g_ptr_array_steal_index (views, from);
  g_ptr_array_insert (views, (int)to, view);
}

void inos_column_move (struct inos_view *view, int step)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  guint count = strip.last - strip.first + 1;
  if (step < 0 && strip.first > 0) {
    guint column = at (strip.views, strip.first - 1)->column, to = strip.first - 1;
    while (to > 0 && at (strip.views, to - 1)->column == column)
      to--;
    for (guint i = 0; i < count; i++)
      shift (strip.views, strip.first + i, to + i);
  } else if (step > 0 && strip.last + 1 < strip.views->len) {
    guint column = at (strip.views, strip.last + 1)->column, to = strip.last + 1;
    while (to + 1 < strip.views->len && at (strip.views, to + 1)->column == column)
      to++;
    for (guint i = 0; i < count; i++)
      shift (strip.views, strip.first, to);
  }
  put_back (&strip, view);
}

void inos_column_consume (struct inos_view *view)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  if (strip.last + 1 < strip.views->len) {
    struct inos_view *next = at (strip.views, strip.last + 1);
    next->column = view->column;
    next->share = view->share;
  }
  put_back (&strip, view);
}

/* Into the column of the window that is next on that side. */
static void join (struct strip *strip, struct inos_view *view, int step)
{
  bool is_last = step < 0 ? strip->first == 0 : strip->last + 1 == strip->views->len;
  if (is_last)
    return;
  struct inos_view *next = at (strip->views, step < 0 ? strip->index - 1 : strip->index + 1);
  guint to = strip->index;
  while (step > 0 && to + 1 < strip->views->len &&
         at (strip->views, to + 1)->column == next->column)
    to++;
  shift (strip->views, strip->index, to);
  view->column = next->column;
  view->share = next->share;
}

void inos_column_consume_or_expel (struct inos_view *view, int step)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  if (strip.first == strip.last) {
    join (&strip, view, step);
  } else {
    shift (strip.views, strip.index, step < 0 ? strip.first : strip.last);
    inos_column_start (strip.workspace, view);
  }
  put_back (&strip, view);
}

void inos_column_expel (struct inos_view *view)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  bool alone = strip.first == strip.last;
  g_ptr_array_unref (strip.views);
  if (!alone)
    inos_column_consume_or_expel (view, 1);
}

void inos_column_centre (struct inos_view *view)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  strip.workspace->centred = view->column;
  put_back (&strip, view);
}

void inos_column_set_share (struct inos_view *view, double share)
{
  struct strip strip;
  if (!strip_of (view, &strip))
    return;
  for (guint i = strip.first; i <= strip.last; i++)
    at (strip.views, i)->share = CLAMP (share, INOS_SHARE_LEAST, 1.0);
  put_back (&strip, view);
}

/* The first that is wider; after the last the first. */
static double next_width (double share)
{
  for (size_t i = 0; i < G_N_ELEMENTS (widths); i++) {
    if (widths[i] > share + NEARLY)
      return widths[i];
  }
  return widths[0];
}

static double previous_width (double share)
{
  for (size_t i = G_N_ELEMENTS (widths); i > 0; i--) {
    if (widths[i - 1] < share - NEARLY)
      return widths[i - 1];
  }
  return widths[G_N_ELEMENTS (widths) - 1];
}

void inos_column_set_width (struct inos_view *view, const char *how)
{
  guint64 number = 0;
  if (g_str_equal (how, "next"))
    inos_column_set_share (view, next_width (view->share));
  else if (g_str_equal (how, "previous"))
    inos_column_set_share (view, previous_width (view->share));
  else if (g_ascii_string_to_unsigned (how, 10, 10, 100, &number, NULL))
    inos_column_set_share (view, (double)number / 100);
}

static bool is_alone (struct inos_workspace *workspace, guint index)
{
  for (guint i = 0; i < workspace->tiles->len; i++) {
    if (i != index && together (at (workspace->tiles, i), at (workspace->tiles, index)))
      return false;
  }
  return true;
}

void inos_column_swap (struct inos_workspace *workspace, guint index, guint other)
{
  struct inos_view *a = at (workspace->tiles, index), *b = at (workspace->tiles, other);
  bool columns_go_along = is_alone (workspace, index) && is_alone (workspace, other);
  workspace->tiles->pdata[index] = b;
  workspace->tiles->pdata[other] = a;
  if (workspace->layout != INOS_LAYOUT_SCROLL || columns_go_along)
    return;
  guint column = a->column;
  double share = a->share;
  a->column = b->column;
  a->share = b->share;
  b->column = column;
  b->share = share;
}
