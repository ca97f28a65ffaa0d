#include "popup.h"

#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "output.h"
#include "seat.h"

struct popup {
  struct inos_compositor *compositor;
  struct wlr_xdg_popup *wlr;
  struct wlr_scene_tree *parent, *tree;

  struct wl_listener map, commit, new_popup, reposition, destroy;
};

/* The window geometry of the toplevel at the root of a chain of popups, empty for a layer surface.
 */
static struct wlr_box root_geometry (struct wlr_xdg_popup *wlr)
{
  struct wlr_xdg_surface *surface = wlr_xdg_surface_try_from_wlr_surface (wlr->parent);
  while (surface && surface->role == WLR_XDG_SURFACE_ROLE_POPUP && surface->popup->parent)
    surface = wlr_xdg_surface_try_from_wlr_surface (surface->popup->parent);
  struct wlr_box geometry = {0};
  if (surface && surface->role == WLR_XDG_SURFACE_ROLE_TOPLEVEL)
    wlr_xdg_surface_get_geometry (surface, &geometry);
  return geometry;
}

/* The compositor must answer the first commit; it is the moment to find a place on the output. */
static void unconstrain (struct popup *popup)
{
  int x, y;
  wlr_scene_node_coords (&popup->parent->node, &x, &y);
  struct inos_output *output = inos_output_at (
    popup->compositor, x + popup->wlr->current.geometry.x, y + popup->wlr->current.geometry.y);
  if (!output)
    output = inos_output_active (popup->compositor);
  if (!output)
    return;
  struct wlr_box box = inos_output_box (output);
  struct wlr_box geometry = root_geometry (popup->wlr);
  box.x += geometry.x - x;
  box.y += geometry.y - y;
  wlr_xdg_popup_unconstrain_from_box (popup->wlr, &box);
}

static bool may_grab (struct popup *popup)
{
  struct wlr_surface *parent = popup->wlr->parent;
  return parent && inos_seat_may_focus (popup->compositor->seat, parent);
}

/* A popup with a grab takes the keyboard, so that a menu can be walked with the arrow keys. */
static void handle_map (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, map);
  if (popup->wlr->seat && may_grab (popup))
    inos_seat_focus_popup (popup->compositor->seat, popup->wlr->base->surface);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, commit);
  if (!popup->wlr->base->initial_commit)
    return;
  if (popup->wlr->seat && !may_grab (popup)) {
    wlr_xdg_popup_destroy (popup->wlr);
    return;
  }
  unconstrain (popup);
  wlr_xdg_surface_schedule_configure (popup->wlr->base);
}

static void handle_reposition (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, reposition);
  unconstrain (popup);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, destroy);
  DISCONNECT (popup->map);
  DISCONNECT (popup->commit);
  DISCONNECT (popup->new_popup);
  DISCONNECT (popup->reposition);
  DISCONNECT (popup->destroy);
  inos_seat_popup_gone (popup->compositor->seat, popup->wlr->parent);
  g_free (popup);
}

static void create (struct inos_compositor *compositor, struct wlr_xdg_popup *wlr,
                    struct wlr_scene_tree *draw_in, struct wlr_scene_tree *root);

static void handle_new_popup (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, new_popup);
  create (popup->compositor, data, popup->tree, popup->parent);
}

static void create (struct inos_compositor *compositor, struct wlr_xdg_popup *wlr,
                    struct wlr_scene_tree *draw_in, struct wlr_scene_tree *root)
{
  struct popup *popup = g_new0 (struct popup, 1);
  popup->compositor = compositor;
  popup->wlr = wlr;
  popup->parent = root;
  popup->tree = wlr_scene_xdg_surface_create (draw_in, wlr->base);
  CONNECT_SIGNAL (wlr->base->surface, popup, map);
  CONNECT_SIGNAL (wlr->base->surface, popup, commit);
  CONNECT_SIGNAL (wlr->base, popup, new_popup);
  CONNECT_SIGNAL (wlr, popup, reposition);
  CONNECT_SIGNAL (wlr, popup, destroy);
}

void inos_popup_create (struct inos_compositor *compositor, struct wlr_xdg_popup *wlr,
                        struct wlr_scene_tree *parent)
{
  create (compositor, wlr, parent, parent);
}
