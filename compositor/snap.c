#include "snap.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/edges.h>

#include "look.h"

#define PREVIEW_OPACITY 0.3

static const struct {
  const char *name;
  uint32_t place;
} places[] = {
  {"none", 0},
  {"left", WLR_EDGE_LEFT},
  {"right", WLR_EDGE_RIGHT},
  {"top", WLR_EDGE_TOP},
  {"bottom", WLR_EDGE_BOTTOM},
  {"top-left", WLR_EDGE_TOP | WLR_EDGE_LEFT},
  {"top-right", WLR_EDGE_TOP | WLR_EDGE_RIGHT},
  {"bottom-left", WLR_EDGE_BOTTOM | WLR_EDGE_LEFT},
  {"bottom-right", WLR_EDGE_BOTTOM | WLR_EDGE_RIGHT},
  {"maximized", INOS_SNAP_MAXIMIZED},
};

uint32_t inos_snap_from_name (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    if (g_str_equal (places[i].name, name))
      return places[i].place;
  }
  return UINT32_MAX;
}

const char *inos_snap_name (uint32_t place)
{
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    if (places[i].place == place)
      return places[i].name;
  }
  return "none";
}

struct wlr_box inos_snap_box (struct wlr_box area, uint32_t place)
{
  struct wlr_box box = area;
  if (place & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT))
    box.width = area.width / 2;
  if (place & (WLR_EDGE_TOP | WLR_EDGE_BOTTOM))
    box.height = area.height / 2;
  /* Of an odd number of pixels the right and the lower half get one more. */
  if (place & WLR_EDGE_RIGHT) {
    box.x = area.x + box.width;
    box.width = area.width - box.width;
  }
  if (place & WLR_EDGE_BOTTOM) {
    box.y = area.y + box.height;
    box.height = area.height - box.height;
  }
  return box;
}

static uint32_t opposite (uint32_t edge)
{
  switch (edge) {
  case WLR_EDGE_LEFT:
    return WLR_EDGE_RIGHT;
  case WLR_EDGE_RIGHT:
    return WLR_EDGE_LEFT;
  case WLR_EDGE_TOP:
    return WLR_EDGE_BOTTOM;
  default:
    return WLR_EDGE_TOP;
  }
}

static uint32_t next_up (uint32_t place)
{
  const uint32_t across = place & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT);
  if (place & WLR_EDGE_BOTTOM)
    return across;
  if ((place & WLR_EDGE_TOP) || !across)
    return INOS_SNAP_MAXIMIZED;
  return across | WLR_EDGE_TOP;
}

static uint32_t next_down (uint32_t place)
{
  const uint32_t across = place & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT);
  if (place & INOS_SNAP_MAXIMIZED)
    return 0;
  if (place & WLR_EDGE_TOP)
    return across;
  if ((place & WLR_EDGE_BOTTOM) || !across)
    return INOS_SNAP_MINIMIZED;
  return across | WLR_EDGE_BOTTOM;
}

uint32_t inos_snap_next (uint32_t place, uint32_t edge)
{
  if (edge == WLR_EDGE_TOP)
    return next_up (place);
  if (edge == WLR_EDGE_BOTTOM)
    return next_down (place);
  const uint32_t along = place & (WLR_EDGE_TOP | WLR_EDGE_BOTTOM);
  if (place == opposite (edge))
    return 0;
  return along | edge;
}

uint32_t inos_snap_zone (struct wlr_box area, double x, double y, int distance)
{
  if (distance <= 0)
    return 0;
  uint32_t place = 0;
  if (x < area.x + distance)
    place = WLR_EDGE_LEFT;
  else if (x >= area.x + area.width - distance)
    place = WLR_EDGE_RIGHT;
  else if (y < area.y + distance)
    return INOS_SNAP_MAXIMIZED;
  else
    return 0;
  if (y < area.y + area.height / 4.0)
    return place | WLR_EDGE_TOP;
  if (y >= area.y + area.height * 3 / 4.0)
    return place | WLR_EDGE_BOTTOM;
  return place;
}

uint32_t inos_snap_tiled (struct inos_view *view)
{
  uint32_t edges = view->snapped;
  if (view->tiled && !view->maximized && !view->fullscreen)
    return WLR_EDGE_LEFT | WLR_EDGE_RIGHT | WLR_EDGE_TOP | WLR_EDGE_BOTTOM;
  if (!edges || view->maximized || view->fullscreen)
    return 0;
  if (!(edges & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT)))
    edges |= WLR_EDGE_LEFT | WLR_EDGE_RIGHT;
  if (!(edges & (WLR_EDGE_TOP | WLR_EDGE_BOTTOM)))
    edges |= WLR_EDGE_TOP | WLR_EDGE_BOTTOM;
  return edges;
}

uint32_t inos_snap_of (struct inos_view *view)
{
  return view->maximized ? INOS_SNAP_MAXIMIZED : view->snapped;
}

void inos_snap_view (struct inos_view *view, uint32_t place, struct inos_output *output)
{
  if (view->fullscreen)
    return;
  if (place & INOS_SNAP_MINIMIZED) {
    inos_view_set_minimized (view, true);
    return;
  }
  inos_view_remember_place (view);
  view->maximized = place & INOS_SNAP_MAXIMIZED;
  view->snapped = view->tiled ? 0 : place & 0xff;
  inos_view_apply_state (view, output);
}

/* The output on that side of the one the view is on, or NULL. */
static struct inos_output *neighbour (struct inos_view *view, uint32_t edge)
{
  struct inos_output *output = inos_view_output (view);
  if (!output)
    return NULL;
  struct wlr_box box = inos_output_box (output);
  enum wlr_direction direction = edge == WLR_EDGE_LEFT ? WLR_DIRECTION_LEFT : WLR_DIRECTION_RIGHT;
  return inos_output_from_wlr (
    wlr_output_layout_adjacent_output (view->compositor->layout, direction, output->wlr,
                                       box.x + box.width / 2.0, box.y + box.height / 2.0));
}

void inos_snap_step (struct inos_view *view, uint32_t edge)
{
  uint32_t now = inos_snap_of (view), next = inos_snap_next (now, edge);
  struct inos_output *output = NULL;
  /* At the edge already: go on to the next output, and come in from its other side. */
  if (next == now && (edge & (WLR_EDGE_LEFT | WLR_EDGE_RIGHT))) {
    output = neighbour (view, edge);
    if (output)
      next = (now & ~edge) | opposite (edge);
  }
  if (next != now || output)
    inos_snap_view (view, next, output);
}

void inos_snap_preview_end (struct inos_seat *seat)
{
  if (seat->grab.preview)
    wlr_scene_node_destroy (&seat->grab.preview->node);
  seat->grab.preview = NULL;
  seat->grab.snap = 0;
}

void inos_snap_preview (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  struct inos_output *output = inos_output_at (compositor, seat->cursor->x, seat->cursor->y);
  uint32_t place = output ? inos_snap_zone (output->usable, seat->cursor->x, seat->cursor->y,
                                            compositor->config.snap_distance)
                          : 0;
  if (place == 0) {
    inos_snap_preview_end (seat);
    return;
  }
  struct wlr_scene_tree *parent = seat->grab.view->tree->node.parent;
  struct wlr_box box = inos_snap_box (output->usable, place);
  float colour[4];
  inos_colour_blend (colour, inos_look_accent (compositor), PREVIEW_OPACITY);
  if (!seat->grab.preview)
    seat->grab.preview = wlr_scene_rect_create (parent, 0, 0, colour);
  wlr_scene_rect_set_color (seat->grab.preview, colour);
  seat->grab.snap = place;
  wlr_scene_rect_set_size (seat->grab.preview, box.width, box.height);
  wlr_scene_node_set_position (&seat->grab.preview->node, box.x, box.y);
  if (seat->grab.preview->node.parent == parent)
    wlr_scene_node_place_below (&seat->grab.preview->node, &seat->grab.view->tree->node);
}
