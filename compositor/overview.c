#include "overview.h"

#include <math.h>
#include <stdlib.h>

#include "view.h"

struct room {
  int width, height, gap;
};

static double middle_x (const struct inos_overview_place *place)
{
  return place->box.x + place->box.width / 2.0;
}

static double middle_y (const struct inos_overview_place *place)
{
  return place->box.y + place->box.height / 2.0;
}

static int by_age (const struct inos_overview_place *a, const struct inos_overview_place *b)
{
  return a->view->id < b->view->id ? -1 : a->view->id > b->view->id;
}

static int by_row (const void *a, const void *b)
{
  double left = middle_y (a), right = middle_y (b);
  return left != right ? (left < right ? -1 : 1) : by_age (a, b);
}

static int by_column (const void *a, const void *b)
{
  double left = middle_x (a), right = middle_x (b);
  return left != right ? (left < right ? -1 : 1) : by_age (a, b);
}

static struct inos_overview_place *at (GArray *places, guint i)
{
  return &g_array_index (places, struct inos_overview_place, i);
}

/* The first window of row `row` of `rows`; that of the row after the last is where all end. */
static guint row_start (const GArray *places, guint row, guint rows)
{
  return row * places->len / rows;
}

/* By how much a row must shrink to fit; more than 1 where there is room to spare. */
static double row_scale (GArray *places, guint start, guint end, const struct room *room,
                         guint rows)
{
  double width = 0, height = 1;
  for (guint i = start; i < end; i++) {
    width += at (places, i)->box.width;
    height = MAX (height, at (places, i)->box.height);
  }
  double free_width = room->width - (double)room->gap * (end - start + 1);
  double free_height = (room->height - (double)room->gap * (rows + 1)) / rows;
  return MIN (free_width / MAX (width, 1), free_height / height);
}

/* Nothing is shown larger than it is. */
static double scale_of (GArray *places, guint rows, const struct room *room)
{
  double scale = 1;
  for (guint row = 0; row < rows; row++)
    scale = MIN (scale, row_scale (places, row_start (places, row, rows),
                                   row_start (places, row + 1, rows), room, rows));
  return scale;
}

static guint choose_rows (GArray *places, const struct room *room)
{
  guint best = 1;
  for (guint rows = 2; rows <= places->len; rows++) {
    if (scale_of (places, rows, room) > scale_of (places, best, room))
      best = rows;
  }
  return best;
}

static void place_row (GArray *places, guint start, guint end, const struct room *room, int top,
                       int height, double scale)
{
  double width = room->gap * (end - start - 1.0);
  for (guint i = start; i < end; i++)
    width += at (places, i)->box.width * scale;
  double x = (room->width - width) / 2;
  for (guint i = start; i < end; i++) {
    struct wlr_box *box = &at (places, i)->box;
    int w = MAX (1, (int)floor (box->width * scale)), h = MAX (1, (int)floor (box->height * scale));
    *box = (struct wlr_box){(int)floor (x), top + (height - h) / 2, w, h};
    x += w + room->gap;
  }
}

static GArray *windows_of (struct inos_compositor *compositor, unsigned int workspace)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (struct inos_overview_place));
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    struct inos_overview_place place = {view, inos_view_box (view)};
    if (view->workspace == workspace && !view->minimized && !wlr_box_empty (&place.box))
      g_array_append_val (places, place);
  }
  return places;
}

void inos_overview_arrange_places (GArray *places, int width, int height, int gap)
{
  const struct room room = {width, height, gap};
  if (places->len == 0)
    return;
  g_array_sort (places, by_row);
  guint rows = choose_rows (places, &room);
  double scale = scale_of (places, rows, &room);
  if (!(scale > 0)) { /* the gaps alone fill the room */
    g_array_set_size (places, 0);
    return;
  }
  int row_height = (height - gap * (int)(rows + 1)) / (int)rows;
  for (guint row = 0; row < rows; row++) {
    guint start = row_start (places, row, rows), end = row_start (places, row + 1, rows);
    qsort (at (places, start), end - start, sizeof *at (places, 0), by_column);
    place_row (places, start, end, &room, gap + (int)row * (row_height + gap), row_height, scale);
  }
}

GArray *inos_overview_arrange (struct inos_compositor *compositor, unsigned int workspace,
                               int width, int height, int gap)
{
  GArray *places = windows_of (compositor, workspace);
  inos_overview_arrange_places (places, width, height, gap);
  return places;
}
