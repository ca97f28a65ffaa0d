#include "navigate.h"

#include <stdlib.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/util/edges.h>

#include "seats.h"
#include "stack.h"
#include "tiles.h"
#include "workspace.h"

uint32_t inos_navigate_edge (const char *name)
{
  static const char *const names[] = {"left", "right", "up", "down"};
  static const uint32_t edges[] = {WLR_EDGE_LEFT, WLR_EDGE_RIGHT, WLR_EDGE_TOP, WLR_EDGE_BOTTOM};
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (name, names[i]))
      return edges[i];
  }
  return 0;
}

/* Its tile counts also while the strip hides it. */
static struct wlr_box box_of (struct inos_view *view)
{
  return view->tiled && !view->maximized && !view->fullscreen ? view->tile : inos_view_box (view);
}

static struct inos_output *output_of (struct inos_view *view)
{
  return view->tiled ? view->tile_output : inos_view_output (view);
}

/* How far `to` is from `from` towards the edge, from middle to middle in half px, and how far
 * beside that: 0 where the two are on one line. */
static int distance (struct wlr_box from, struct wlr_box to, uint32_t edge, int *beside)
{
  int dx = (to.x * 2 + to.width) - (from.x * 2 + from.width);
  int dy = (to.y * 2 + to.height) - (from.y * 2 + from.height);
  bool across = edge & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT);
  bool apart = across ? to.y >= from.y + from.height || from.y >= to.y + to.height
                      : to.x >= from.x + from.width || from.x >= to.x + to.width;
  *beside = apart ? abs (across ? dy : dx) : 0;
  int along = across ? dx : dy;
  return edge & (WLR_EDGE_LEFT | WLR_EDGE_TOP) ? -along : along;
}

/* px from edge to edge, 0 where they touch or overlap. */
static int gap_between (struct wlr_box from, struct wlr_box to, uint32_t edge)
{
  int gap = edge == WLR_EDGE_LEFT    ? from.x - (to.x + to.width)
            : edge == WLR_EDGE_RIGHT ? to.x - (from.x + from.width)
            : edge == WLR_EDGE_TOP   ? from.y - (to.y + to.height)
                                     : to.y - (from.y + from.height);
  return MAX (gap, 0);
}

/* Less is nearer; INT_MAX for what is not on that side. Tiles are next to each other only where
 * they have a part of an edge in common. */
static int score (struct inos_view *view, struct inos_view *other, uint32_t edge)
{
  int beside, ahead = distance (box_of (view), box_of (other), edge, &beside);
  bool tiles = view->tiled && other->tiled;
  if (ahead <= 0 || (beside > 0 && (tiles || beside > ahead)))
    return INT_MAX;
  return tiles ? gap_between (box_of (view), box_of (other), edge) : ahead + beside;
}

struct inos_view *inos_navigate_view (struct inos_view *view, uint32_t edge)
{
  struct inos_output *output = output_of (view);
  struct inos_view *other, *best = NULL;
  int least = INT_MAX;
  /* Those that were used last come first. */
  wl_list_for_each (other, &view->compositor->views, link) {
    if (other == view || !inos_view_is_shown (other) || inos_stack_modal (other) != other ||
        output_of (other) != output)
      continue;
    int here = score (view, other, edge);
    if (here < least) {
      least = here;
      best = other;
    }
  }
  return best;
}

struct inos_output *inos_navigate_output (struct inos_output *output, uint32_t edge)
{
  struct wlr_box box = output ? inos_output_box (output) : (struct wlr_box){0};
  enum wlr_direction direction = edge == WLR_EDGE_LEFT    ? WLR_DIRECTION_LEFT
                                 : edge == WLR_EDGE_RIGHT ? WLR_DIRECTION_RIGHT
                                 : edge == WLR_EDGE_TOP   ? WLR_DIRECTION_UP
                                                          : WLR_DIRECTION_DOWN;
  if (!output || !edge || wlr_box_empty (&box))
    return NULL;
  struct wlr_output *next =
    wlr_output_layout_adjacent_output (output->compositor->layout, direction, output->wlr,
                                       box.x + box.width / 2.0, box.y + box.height / 2.0);
  return next ? inos_output_from_wlr (next) : NULL;
}

static struct inos_view *last_used_on (struct inos_output *output)
{
  struct inos_view *view;
  wl_list_for_each (view, &output->compositor->views, link) {
    if (inos_view_is_shown (view) && output_of (view) == output)
      return view;
  }
  return NULL;
}

static void bring_pointer (struct inos_output *output)
{
  struct wlr_box box = inos_output_box (output);
  wlr_cursor_warp (output->compositor->acting->cursor, NULL, box.x + box.width / 2.0,
                   box.y + box.height / 2.0);
  inos_seats_refresh_cursor (output->compositor);
}

void inos_navigate_to_output (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  struct inos_view *view = last_used_on (output);
  bring_pointer (output);
  if (compositor->config.workspaces_per_output)
    inos_workspace_switch (compositor, output->workspace);
  if (view)
    inos_view_focus (view);
}

void inos_navigate_take (struct inos_view *view, struct inos_output *output)
{
  struct inos_output *from = output_of (view);
  if (!from || from == output)
    return;
  struct wlr_box old = inos_output_box (from), new = inos_output_box (output);
  inos_view_remember_place (view);
  view->floating.x += new.x - old.x;
  view->floating.y += new.y - old.y;
  view->tile_output = view->tiled ? output : NULL;
  inos_view_apply_state (view, output);
  if (view->compositor->config.workspaces_per_output && !view->sticky)
    inos_view_set_workspace (view, output->workspace);
  inos_tiles_arrange (view->compositor);
  bring_pointer (output);
  inos_view_focus (view);
}

/* Whether an output that nobody acts on shows it. */
static bool is_elsewhere (struct inos_compositor *compositor, unsigned int index)
{
  return compositor->config.workspaces_per_output && index != compositor->active_workspace &&
         inos_workspace_is_shown (compositor, index);
}

unsigned int inos_navigate_workspace (struct inos_compositor *compositor, const char *name)
{
  unsigned int step = g_str_equal (name, "next") ? 1 : g_str_equal (name, "previous") ? -1U : 0;
  unsigned int index = compositor->active_workspace + step;
  guint64 number = 0;
  if (step == 0)
    return g_ascii_string_to_unsigned (name, 10, 1, INOS_WORKSPACES_MOST, &number, NULL)
             ? (unsigned int)number - 1
             : UINT_MAX;
  /* Below 0 is far above all. */
  while (index < compositor->workspaces->len && is_elsewhere (compositor, index))
    index += step;
  return index < compositor->workspaces->len ? index : UINT_MAX;
}
