#include "seat_focus.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "grab.h"
#include "keyboard_layout.h"
#include "layer_surface.h"
#include "listener.h"
#include "lock.h"
#include "overview_show.h"
#include "seats.h"
#include "shortcuts_inhibit.h"
#include "tablet.h"
#include "text_input.h"
#include "view.h"
#include "window_frame.h"
#include "x11_view.h"

static void set_activated (struct inos_view *view, bool activated)
{
  view->activated = activated;
  if (activated)
    inos_view_set_urgent (view, false);
  view->impl->show_state (view);
  inos_frame_update (view);
}

static bool is_active_anywhere (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    if (seat->active == view)
      return true;
  }
  return false;
}

/* A window that nobody is at any more is one to come back to for who has none. */
static void offer_others (struct inos_seat *seat)
{
  struct inos_seat *other;
  wl_list_for_each (other, &seat->compositor->seats, link) {
    if (other != seat && !other->wlr->keyboard_state.focused_surface && !seat->compositor->ending)
      inos_seat_refocus (other);
  }
}

static void set_active (struct inos_seat *seat, struct inos_view *view)
{
  struct inos_view *before = seat->active;
  if (before == view)
    return;
  bool was_active = view && is_active_anywhere (view);
  seat->active = view;
  if (before && !is_active_anywhere (before))
    set_activated (before, false);
  if (view && !was_active)
    set_activated (view, true);
  wl_signal_emit_mutable (&seat->compositor->events.focus_change, view);
  if (before)
    offer_others (seat);
}

void inos_seat_forget_view (struct inos_seat *seat, struct inos_view *view)
{
  inos_grab_forget_view (seat, view);
  inos_frame_forget_view (seat, view);
  if (seat->chosen == view)
    seat->chosen = NULL;
  if (seat->active == view)
    set_active (seat, NULL);
}

/* Focus can also leave on its own, when a surface is destroyed. */
static void handle_keyboard_focus_change (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, keyboard_focus_change);
  const struct wlr_seat_keyboard_focus_change_event *event = data;
  struct inos_view *view = inos_view_from_surface (event->new_surface);
  /* A popup with a grab takes the keyboard; its window stays the active one. */
  if (view || !event->new_surface || !seat->active || !seat->active->mapped)
    set_active (seat, view && view->mapped ? view : NULL);
  else if (inos_x11_is_menu_of (event->new_surface, seat->active))
    ;
  else if (!inos_view_from_surface (event->new_surface))
    set_active (seat, NULL);
  inos_shortcuts_follow_focus (seat, event->new_surface);
  inos_overview_yield (seat);
  inos_tablet_pads_follow_focus (seat, event->new_surface);
  if (inos_seat_is_main (seat))
    inos_text_input_follow_focus (seat->compositor, event->new_surface);
}

/* The surface of the window or layer surface that a popup or subsurface hangs on. */
static struct wlr_surface *root_of (struct wlr_surface *surface)
{
  struct wlr_surface *root = wlr_surface_get_root_surface (surface);
  struct wlr_xdg_popup *popup;
  while ((popup = wlr_xdg_popup_try_from_wlr_surface (root)) && popup->parent)
    root = wlr_surface_get_root_surface (popup->parent);
  return root;
}

bool inos_seat_may_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  struct inos_layer_surface *exclusive = inos_layer_exclusive (seat);
  struct inos_view *view = inos_view_from_surface (surface);
  if (seat->compositor->locked || !surface->mapped || (view && !inos_view_is_shown (view)))
    return false;
  return !exclusive || root_of (surface) == exclusive->wlr->surface;
}

/* What is focused is told its keymap first. */
static struct wlr_keyboard *keyboard_of (struct inos_seat *seat)
{
  if (!wlr_seat_get_keyboard (seat->wlr))
    inos_keyboard_layout_ensure_keyboard (seat);
  return wlr_seat_get_keyboard (seat->wlr);
}

/* A menu of what should have the keyboard may keep it; any other closes. */
static void focus_surface (struct inos_seat *seat, struct wlr_surface *surface)
{
  struct wlr_surface *now = seat->wlr->keyboard_state.focused_surface;
  if (now == surface || (now && surface && now->mapped && root_of (now) == root_of (surface)))
    return;
  if (wlr_seat_keyboard_has_grab (seat->wlr))
    inos_seat_end_popups (seat);
  if (!surface) {
    wlr_seat_keyboard_notify_clear_focus (seat->wlr);
    return;
  }
  struct wlr_keyboard *keyboard = keyboard_of (seat);
  wlr_seat_keyboard_notify_enter (seat->wlr, surface, keyboard ? keyboard->keycodes : NULL,
                                  keyboard ? keyboard->num_keycodes : 0,
                                  keyboard ? &keyboard->modifiers : NULL);
}

void inos_seat_focus_popup (struct inos_seat *seat, struct wlr_surface *surface)
{
  if (seat->compositor->locked)
    return;
  struct wlr_keyboard *keyboard = keyboard_of (seat);
  /* Past the grab, which keeps notices of focus to itself. */
  wlr_seat_keyboard_enter (seat->wlr, surface, keyboard ? keyboard->keycodes : NULL,
                           keyboard ? keyboard->num_keycodes : 0,
                           keyboard ? &keyboard->modifiers : NULL);
}

void inos_seat_popup_gone (struct inos_seat *seat, struct wlr_surface *parent)
{
  if (!seat || seat->compositor->ending)
    return;
  struct wlr_surface *now = seat->wlr->keyboard_state.focused_surface;
  bool lost = !now || !now->mapped;
  if (lost && parent && wlr_seat_keyboard_has_grab (seat->wlr) &&
      inos_seat_may_focus (seat, parent))
    inos_seat_focus_popup (seat, parent);
  else if (lost)
    inos_seat_refocus (seat);
}

/* A grab keeps notices of focus to itself: what should have the keyboard may be another by now. */
static void handle_keyboard_grab_end (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, keyboard_grab_end);
  if (!seat->compositor->ending)
    inos_seat_refocus (seat);
}

void inos_seat_end_popups (struct inos_seat *seat)
{
  if (seat->wlr->drag)
    return;
  if (wlr_seat_pointer_has_grab (seat->wlr))
    wlr_seat_pointer_end_grab (seat->wlr);
  if (wlr_seat_keyboard_has_grab (seat->wlr))
    wlr_seat_keyboard_end_grab (seat->wlr);
}

void inos_seat_refocus (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  if (compositor->locked) {
    focus_surface (seat, inos_lock_focus (compositor));
    return;
  }
  struct inos_layer_surface *exclusive = inos_layer_exclusive (seat);
  if (exclusive) {
    focus_surface (seat, exclusive->wlr->surface);
    return;
  }
  if (seat->clicked_layer && seat->clicked_layer->mapped) {
    focus_surface (seat, seat->clicked_layer);
    return;
  }
  struct inos_view *view = inos_seat_next_focus (seat);
  focus_surface (seat, view ? view->surface : NULL);
}

static void handle_clicked_layer_gone (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, clicked_layer_gone);
  DISCONNECT (seat->clicked_layer_gone);
  seat->clicked_layer = NULL;
}

void inos_seat_forget_click (struct inos_seat *seat)
{
  handle_clicked_layer_gone (&seat->clicked_layer_gone, NULL);
}

void inos_seat_lend_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  inos_seat_forget_click (seat);
  seat->clicked_layer = surface;
  CONNECT_TO (&surface->events.unmap, seat, clicked_layer_gone);
  inos_seat_refocus (seat);
}

void inos_seat_click_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  inos_seat_forget_click (seat);
  struct wlr_surface *root = surface ? wlr_surface_get_root_surface (surface) : NULL;
  if (seat->compositor->locked) {
    if (root)
      focus_surface (seat, root);
    return;
  }
  struct wlr_layer_surface_v1 *layer =
    root ? wlr_layer_surface_v1_try_from_wlr_surface (root) : NULL;
  struct inos_view *view = inos_view_from_surface (surface);
  if (layer && layer->current.keyboard_interactive ==
                 ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_ON_DEMAND) {
    inos_seat_lend_focus (seat, root);
  } else if (view) {
    inos_seat_focus_view (seat, view);
  }
}

void inos_seat_focus_init (struct inos_seat *seat)
{
  CONNECT_SIGNAL (seat->wlr, seat, keyboard_grab_end);
  CONNECT_TO (&seat->wlr->keyboard_state.events.focus_change, seat, keyboard_focus_change);
}

void inos_seat_focus_finish (struct inos_seat *seat)
{
  DISCONNECT (seat->keyboard_grab_end);
  DISCONNECT (seat->keyboard_focus_change);
  DISCONNECT (seat->clicked_layer_gone);
}
