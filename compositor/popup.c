#include "popup.h"

#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "output.h"
#include "protocol.h"
#include "seats.h"
#include "surfaces.h"
#include "xdg_shell.h"

struct popup {
  struct inos_compositor *compositor;
  struct wlr_xdg_popup *wlr;
  struct wlr_scene_tree *parent, *tree;

  struct wl_listener map, unmap, commit, new_popup, reposition, destroy;
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

/* NULL where there is none. */
static struct inos_output *output_of (struct popup *popup)
{
  int x, y;
  wlr_scene_node_coords (&popup->parent->node, &x, &y);
  struct inos_output *output = inos_output_at (
    popup->compositor, x + popup->wlr->current.geometry.x, y + popup->wlr->current.geometry.y);
  return output ? output : inos_output_active (popup->compositor);
}

/* Where the popup may be, in coordinates of its window. Returns false where there is no output. */
static bool room_of (struct popup *popup, struct wlr_box *room)
{
  struct inos_output *output = output_of (popup);
  if (!output)
    return false;
  int x, y;
  wlr_scene_node_coords (&popup->parent->node, &x, &y);
  struct wlr_box geometry = root_geometry (popup->wlr);
  *room = inos_output_box (output);
  room->x += geometry.x - x;
  room->y += geometry.y - y;
  return true;
}

/* The compositor must answer the first commit; it is the moment to find a place on the output. */
static void unconstrain (struct popup *popup)
{
  struct wlr_box room;
  if (room_of (popup, &room))
    wlr_xdg_popup_unconstrain_from_box (popup->wlr, &room);
}

/* Finds the place anew, and tells the client only where it is another one. */
static void follow (struct popup *popup)
{
  struct wlr_xdg_popup *wlr = popup->wlr;
  struct wlr_box room, box;
  int x, y;
  if (!wlr->base->initialized || !wlr->current.reactive || !room_of (popup, &room))
    return;
  wlr_xdg_popup_get_toplevel_coords (wlr, 0, 0, &x, &y);
  room.x -= x;
  room.y -= y;
  wlr_xdg_positioner_rules_get_geometry (&wlr->scheduled.rules, &box);
  wlr_xdg_positioner_rules_unconstrain_box (&wlr->scheduled.rules, &room, &box);
  if (wlr_box_equal (&box, &wlr->scheduled.geometry))
    return;
  wlr->scheduled.geometry = box;
  wlr_xdg_surface_schedule_configure (wlr->base);
}

/* The seat of its grab. */
static struct inos_seat *seat_of (struct popup *popup)
{
  return inos_seats_from_wlr (popup->compositor, popup->wlr->seat);
}

static bool may_grab (struct popup *popup)
{
  struct wlr_surface *parent = popup->wlr->parent;
  return parent && inos_seat_may_focus (seat_of (popup), parent);
}

static void tell_gone (struct popup *popup)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &popup->compositor->seats, link)
    inos_seat_popup_gone (seat, popup->wlr->parent);
}

/* A popup with a grab takes the keyboard, so that a menu can be walked with the arrow keys. */
static void handle_map (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, map);
  if (popup->wlr->seat && may_grab (popup))
    inos_seat_focus_popup (seat_of (popup), popup->wlr->base->surface);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, unmap);
  tell_gone (popup);
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
  struct inos_output *output = output_of (popup);
  if (output)
    inos_surface_prefer (popup->wlr->base->surface, output);
  wlr_xdg_surface_schedule_configure (popup->wlr->base);
}

void inos_popups_parent_moved (struct wlr_xdg_surface *parent)
{
  struct wlr_xdg_popup *wlr;
  wl_list_for_each (wlr, &parent->popups, link) {
    struct popup *popup = wlr->base->data;
    if (popup)
      follow (popup);
  }
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
  DISCONNECT (popup->unmap);
  DISCONNECT (popup->commit);
  DISCONNECT (popup->new_popup);
  DISCONNECT (popup->reposition);
  DISCONNECT (popup->destroy);
  tell_gone (popup);
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
  wlr->base->data = popup;
  popup->parent = root;
  popup->tree = wlr_scene_xdg_surface_create (draw_in, wlr->base);
  CONNECT_SIGNAL (wlr->base->surface, popup, map);
  CONNECT_SIGNAL (wlr->base->surface, popup, unmap);
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

/* Also one that hangs on nothing yet. */
static struct wlr_xdg_popup *grabbed_by (struct wlr_xdg_shell *shell, const struct wlr_seat *seat)
{
  struct wlr_xdg_popup_grab *grab;
  wl_list_for_each (grab, &shell->popup_grabs, link) {
    struct wlr_xdg_popup *popup;
    if (grab->seat != seat)
      continue;
    wl_list_for_each (popup, &grab->popups, grab_link)
      return popup;
  }
  return NULL;
}

void inos_popups_forget_seat (struct inos_seat *seat)
{
  void *state = inos_protocol_state (seat->compositor, INOS_STATE_XDG_SHELL);
  struct wlr_xdg_popup *popup;
  while (state && (popup = grabbed_by (inos_xdg_shell_wlr (state), seat->wlr)))
    wlr_xdg_popup_destroy (popup);
}
