#include "layer_surface.h"

#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "listener.h"
#include "popup.h"
#include "seats.h"
#include "surfaces.h"
#include "view.h"
#include "window_frame.h"

/* The namespace of the shell's. */
#define ON_SCREEN_KEYBOARD "inos-keyboard"

static const enum inos_layer scene_layer[] = {
  [ZWLR_LAYER_SHELL_V1_LAYER_BACKGROUND] = INOS_LAYER_BACKGROUND,
  [ZWLR_LAYER_SHELL_V1_LAYER_BOTTOM] = INOS_LAYER_BOTTOM,
  [ZWLR_LAYER_SHELL_V1_LAYER_TOP] = INOS_LAYER_TOP,
  [ZWLR_LAYER_SHELL_V1_LAYER_OVERLAY] = INOS_LAYER_OVERLAY,
};

static struct wlr_scene_tree *tree_of (struct inos_compositor *compositor,
                                       enum zwlr_layer_shell_v1_layer layer)
{
  return compositor->layers[scene_layer[layer]];
}

/* Surfaces with an exclusive zone are placed first, so that others stay clear of them. */
static void arrange_some (struct inos_output *output, bool exclusive, const struct wlr_box *full,
                          struct wlr_box *usable)
{
  for (int layer = ZWLR_LAYER_SHELL_V1_LAYER_OVERLAY; layer >= 0; layer--) {
    struct inos_layer_surface *surface;
    wl_list_for_each (surface, &output->layer_surfaces, link) {
      if (!surface->wlr->initialized || (int)surface->wlr->current.layer != layer ||
          (surface->wlr->current.exclusive_zone > 0) != exclusive)
        continue;
      wlr_scene_layer_surface_v1_configure (surface->scene, full, usable);
    }
  }
}

/* Returns whether what it leaves to windows is now other than before. */
static bool arrange (struct inos_output *output)
{
  struct wlr_box full = inos_output_box (output);
  struct wlr_box usable = full;
  arrange_some (output, true, &full, &usable);
  arrange_some (output, false, &full, &usable);
  /* Panels that want more than there is leave windows the whole output. */
  struct wlr_box left;
  if (!wlr_box_intersection (&left, &usable, &full))
    left = full;
  bool same = wlr_box_equal (&left, &output->usable);
  output->usable = left;
  return !same;
}

void inos_layer_arrange (struct inos_output *output)
{
  /* All are arranged when the layout is whole. */
  if (output->compositor->moving_outputs == 0 && arrange (output))
    inos_views_settle (output->compositor, NULL);
}

void inos_layer_arrange_all (struct inos_compositor *compositor)
{
  struct inos_output *output;
  bool changed = false;
  wl_list_for_each (output, &compositor->outputs, link)
    changed |= arrange (output);
  if (changed)
    inos_views_settle (compositor, NULL);
}

void inos_layer_close_all (struct inos_output *output)
{
  struct inos_layer_surface *surface, *next;
  wl_list_for_each_safe (surface, next, &output->layer_surfaces, link)
    wlr_layer_surface_v1_destroy (surface->wlr);
}

void inos_layer_forget_seat (struct inos_seat *seat)
{
  struct inos_output *output;
  wl_list_for_each (output, &seat->compositor->outputs, link) {
    struct inos_layer_surface *surface;
    wl_list_for_each (surface, &output->layer_surfaces, link) {
      if (surface->seat == seat)
        surface->seat = seat->compositor->seat;
    }
  }
}

struct inos_layer_surface *inos_layer_exclusive (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct inos_layer_surface *surface;
    wl_list_for_each (surface, &output->layer_surfaces, link) {
      if (surface->wlr->surface->mapped && surface->seat == seat &&
          surface->wlr->current.layer >= ZWLR_LAYER_SHELL_V1_LAYER_TOP &&
          surface->wlr->current.keyboard_interactive ==
            ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_EXCLUSIVE)
        return surface;
    }
  }
  return NULL;
}

static struct inos_seat *seat_for (struct inos_layer_surface *surface)
{
  return inos_seats_acting_for (surface->compositor,
                                wl_resource_get_client (surface->wlr->resource));
}

static bool is_keyboard (const struct inos_layer_surface *surface)
{
  return wl_resource_get_client (surface->wlr->resource) == surface->compositor->shell &&
         g_strcmp0 (surface->wlr->namespace, ON_SCREEN_KEYBOARD) == 0;
}

/* What is typed with has to be reached, whatever is typed into. */
static void raise_keyboards (struct inos_output *output)
{
  struct inos_layer_surface *surface;
  wl_list_for_each (surface, &output->layer_surfaces, link) {
    if (is_keyboard (surface))
      wlr_scene_node_raise_to_top (&surface->scene->tree->node);
  }
}

/* The window that is typed into is seen above the keyboard, as far as it fits. */
static void lift_window (struct inos_layer_surface *surface)
{
  struct inos_view *view = inos_seat_focused (surface->compositor->seat);
  if (!view || !inos_view_is_floating (view) || inos_view_output (view) != surface->output)
    return;
  const struct wlr_box room = surface->output->usable;
  const struct wlr_box box = inos_frame_outer (view, inos_view_box (view));
  int y = MAX (room.y, MIN (box.y, room.y + room.height - box.height));
  if (y >= box.y)
    return;
  surface->lifted = view->id;
  surface->lifted_from = view->y;
  inos_view_move (view, view->x, view->y + y - box.y);
  surface->lifted_to = view->y;
}

/* Back, unless somebody has moved it. */
static void lower_window (struct inos_layer_surface *surface)
{
  struct inos_view *view =
    surface->lifted ? inos_view_find (surface->compositor, surface->lifted) : NULL;
  if (view && inos_view_is_floating (view) && view->y == surface->lifted_to)
    inos_view_move (view, view->x, surface->lifted_from);
  surface->lifted = 0;
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct inos_layer_surface *surface = wl_container_of (listener, surface, map);
  surface->seat = seat_for (surface);
  raise_keyboards (surface->output);
  inos_layer_arrange (surface->output);
  if (is_keyboard (surface))
    lift_window (surface);
  inos_seats_refocus (surface->compositor);
  inos_seats_refresh_cursor (surface->compositor);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct inos_layer_surface *surface = wl_container_of (listener, surface, unmap);
  if (surface->output)
    inos_layer_arrange (surface->output);
  if (surface->compositor->ending)
    return;
  lower_window (surface);
  inos_seats_refocus (surface->compositor);
}

/* A side of 0 means "from edge to edge" and needs both edges. The protocol says that anything else
 * is an error; wlroots leaves it to us. */
static bool has_size (const struct wlr_layer_surface_v1_state *state)
{
  const uint32_t across = ZWLR_LAYER_SURFACE_V1_ANCHOR_LEFT | ZWLR_LAYER_SURFACE_V1_ANCHOR_RIGHT;
  const uint32_t along = ZWLR_LAYER_SURFACE_V1_ANCHOR_TOP | ZWLR_LAYER_SURFACE_V1_ANCHOR_BOTTOM;
  return (state->desired_width > 0 || (state->anchor & across) == across) &&
         (state->desired_height > 0 || (state->anchor & along) == along);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct inos_layer_surface *surface = wl_container_of (listener, surface, commit);
  uint32_t committed = surface->wlr->current.committed;
  if (!surface->wlr->initialized)
    return;
  if (!has_size (&surface->wlr->current)) {
    wl_resource_post_error (surface->wlr->resource, ZWLR_LAYER_SURFACE_V1_ERROR_INVALID_SIZE,
                            "a width or height of 0 needs both edges as anchors");
    return;
  }
  if (committed & WLR_LAYER_SURFACE_V1_STATE_LAYER)
    wlr_scene_node_reparent (&surface->scene->tree->node,
                             tree_of (surface->compositor, surface->wlr->current.layer));
  if (committed & WLR_LAYER_SURFACE_V1_STATE_KEYBOARD_INTERACTIVITY)
    surface->seat = seat_for (surface);
  if (surface->wlr->initial_commit)
    inos_surface_prefer (surface->wlr->surface, surface->output);
  if (surface->wlr->initial_commit || committed)
    inos_layer_arrange (surface->output);
  if (committed &
      (WLR_LAYER_SURFACE_V1_STATE_KEYBOARD_INTERACTIVITY | WLR_LAYER_SURFACE_V1_STATE_LAYER))
    inos_seats_refocus (surface->compositor);
}

static void handle_new_popup (struct wl_listener *listener, void *data)
{
  struct inos_layer_surface *surface = wl_container_of (listener, surface, new_popup);
  inos_popup_create (surface->compositor, data, surface->scene->tree);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_layer_surface *surface = wl_container_of (listener, surface, destroy);
  DISCONNECT (surface->map);
  DISCONNECT (surface->unmap);
  DISCONNECT (surface->commit);
  DISCONNECT (surface->new_popup);
  DISCONNECT (surface->destroy);
  wl_list_remove (&surface->link);
  g_free (surface);
}

void inos_layer_surface_create (struct inos_compositor *compositor,
                                struct wlr_layer_surface_v1 *wlr)
{
  struct inos_output *output =
    wlr->output ? inos_output_from_wlr (wlr->output) : inos_output_active (compositor);
  if (!output) {
    wlr_layer_surface_v1_destroy (wlr);
    return;
  }
  wlr->output = output->wlr;
  struct inos_layer_surface *surface = g_new0 (struct inos_layer_surface, 1);
  surface->compositor = compositor;
  surface->output = output;
  surface->seat = compositor->seat;
  surface->wlr = wlr;
  surface->scene =
    wlr_scene_layer_surface_v1_create (tree_of (compositor, wlr->pending.layer), wlr);
  surface->scene->tree->node.data = NULL;
  wlr->data = surface;
  wl_list_insert (&output->layer_surfaces, &surface->link);
  CONNECT_SIGNAL (wlr->surface, surface, map);
  CONNECT_SIGNAL (wlr->surface, surface, unmap);
  CONNECT_SIGNAL (wlr->surface, surface, commit);
  CONNECT_SIGNAL (wlr, surface, new_popup);
  CONNECT_SIGNAL (wlr, surface, destroy);
}
