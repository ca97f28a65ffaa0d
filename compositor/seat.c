#include "seats.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "device.h"
#include "window_frame.h"
#include "gesture.h"
#include "binding.h"
#include "cursor_image.h"
#include "grab.h"
#include "keyboard.h"
#include "layer_surface.h"
#include "keyboard_layout.h"
#include "listener.h"
#include "lock.h"
#include "pointer.h"
#include "shortcuts_inhibit.h"
#include "switch.h"
#include "tablet.h"
#include "text_input.h"
#include "switcher.h"
#include "touch.h"
#include "view.h"
#include "window_menu.h"
#include "x11_drag.h"
#include "x11_scale.h"
#include "x11_view.h"

static void handle_request_set_selection (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_set_selection);
  const struct wlr_seat_request_set_selection_event *event = data;
  wlr_seat_set_selection (seat->wlr, event->source, event->serial);
}

static void handle_request_set_primary_selection (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_set_primary_selection);
  const struct wlr_seat_request_set_primary_selection_event *event = data;
  wlr_seat_set_primary_selection (seat->wlr, event->source, event->serial);
}

static void handle_request_start_drag (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_start_drag);
  struct wlr_seat_request_start_drag_event *event = data;
  struct wlr_touch_point *touch = NULL;
  if (wlr_seat_validate_pointer_grab_serial (seat->wlr, event->origin, event->serial))
    wlr_seat_start_pointer_drag (seat->wlr, event->drag, event->serial);
  else if (wlr_seat_validate_touch_grab_serial (seat->wlr, event->origin, event->serial, &touch))
    wlr_seat_start_touch_drag (seat->wlr, event->drag, event->serial, touch);
  else
    wlr_data_source_destroy (event->drag->source);
}

static void handle_drag_icon_destroy (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, drag_icon_destroy);
  DISCONNECT (seat->drag_icon_destroy);
  seat->drag_icon = NULL;
  seat->pressed = false;
  inos_seat_refocus (seat);
}

static void handle_start_drag (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, start_drag);
  struct wlr_drag *drag = data;
  seat->pressed = false;
  if (!drag->icon || seat->drag_icon)
    return;
  seat->drag_icon =
    wlr_scene_drag_icon_create (seat->compositor->layers[INOS_LAYER_DRAG_ICON], drag->icon);
  CONNECT_TO (&drag->icon->events.destroy, seat, drag_icon_destroy);
  inos_seat_refresh_cursor (seat);
}

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

struct wlr_scene_node *inos_seat_node_at (struct inos_seat *seat, double x, double y, double *sx,
                                          double *sy)
{
  struct wlr_scene_node *node = NULL;
  for (int i = INOS_LAYER_LOCK; i >= 0 && !node; i--)
    node = wlr_scene_node_at (&seat->compositor->layers[i]->node, x, y, sx, sy);
  return node;
}

struct wlr_surface *inos_seat_surface_at (struct inos_seat *seat, double x, double y, double *sx,
                                          double *sy)
{
  struct wlr_scene_node *node = inos_seat_node_at (seat, x, y, sx, sy);
  if (!node || node->type != WLR_SCENE_NODE_BUFFER)
    return NULL;
  struct wlr_scene_surface *surface =
    wlr_scene_surface_try_from_buffer (wlr_scene_buffer_from_node (node));
  if (!surface)
    return NULL;
  double scale = inos_x11_surface_scale (seat->compositor, surface->surface);
  *sx *= scale;
  *sy *= scale;
  return surface->surface;
}

static void handle_clicked_layer_gone (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, clicked_layer_gone);
  DISCONNECT (seat->clicked_layer_gone);
  seat->clicked_layer = NULL;
}

void inos_seat_lend_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  handle_clicked_layer_gone (&seat->clicked_layer_gone, NULL);
  seat->clicked_layer = surface;
  CONNECT_TO (&surface->events.unmap, seat, clicked_layer_gone);
  inos_seat_refocus (seat);
}

void inos_seat_click_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  handle_clicked_layer_gone (&seat->clicked_layer_gone, NULL);
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

void inos_seat_let_go (struct inos_seat *seat)
{
  inos_switcher_accept (seat);
  if (seat->grab.kind != INOS_GRAB_NONE)
    inos_grab_end (seat);
  inos_grab_forget_view (seat, seat->grab.view);
  inos_frame_cancel (seat);
  inos_window_menu_close (seat);
  inos_x11_drag_cancel (seat->x11_drag);
  if (wlr_seat_pointer_has_grab (seat->wlr))
    wlr_seat_pointer_end_grab (seat->wlr);
  if (wlr_seat_touch_has_grab (seat->wlr))
    wlr_seat_touch_end_grab (seat->wlr);
  if (wlr_seat_keyboard_has_grab (seat->wlr))
    wlr_seat_keyboard_end_grab (seat->wlr);
  inos_touch_let_go (seat);
  inos_tablets_let_go (seat);
  inos_gestures_cancel (seat);
  handle_clicked_layer_gone (&seat->clicked_layer_gone, NULL);
  inos_binding_forget_tap (seat);
  seat->pressed = false;
  inos_cursor_image_set_name (seat, "default");
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
  wlr_seat_keyboard_notify_clear_focus (seat->wlr);
  inos_seat_refocus (seat);
  inos_seat_refresh_cursor_later (seat);
}

void inos_seat_update_capabilities (struct inos_seat *seat)
{
  /* Always both: a client that learns of the keyboard only with the first virtual one misses what
   * that one types. */
  uint32_t capabilities = WL_SEAT_CAPABILITY_POINTER | WL_SEAT_CAPABILITY_KEYBOARD;
  if (!wl_list_empty (&seat->touches))
    capabilities |= WL_SEAT_CAPABILITY_TOUCH;
  wlr_seat_set_capabilities (seat->wlr, capabilities);
}

void inos_seat_take_device (struct inos_seat *seat, struct wlr_input_device *device)
{
  switch (device->type) {
  case WLR_INPUT_DEVICE_KEYBOARD:
    inos_keyboard_layout_add_keyboard (seat, wlr_keyboard_from_input_device (device));
    break;
  case WLR_INPUT_DEVICE_POINTER:
    inos_pointer_create (seat, device);
    break;
  case WLR_INPUT_DEVICE_TOUCH:
    inos_touch_create (seat, device);
    break;
  case WLR_INPUT_DEVICE_TABLET:
    inos_tablet_create (seat, device);
    break;
  case WLR_INPUT_DEVICE_TABLET_PAD:
    inos_tablet_pad_create (seat, device);
    break;
  case WLR_INPUT_DEVICE_SWITCH:
    inos_switch_create (seat, device);
    break;
  }
}

void inos_seat_drop_device (struct inos_seat *seat, struct wlr_input_device *device)
{
  switch (device->type) {
  case WLR_INPUT_DEVICE_KEYBOARD:
    inos_keyboard_layout_remove_keyboard (seat, wlr_keyboard_from_input_device (device));
    break;
  case WLR_INPUT_DEVICE_POINTER:
    inos_pointer_remove (seat, device);
    break;
  case WLR_INPUT_DEVICE_TOUCH:
    inos_touch_remove (seat, device);
    break;
  case WLR_INPUT_DEVICE_TABLET:
    inos_tablet_remove (seat, device);
    break;
  case WLR_INPUT_DEVICE_TABLET_PAD:
    inos_tablet_pad_remove (seat, device);
    break;
  case WLR_INPUT_DEVICE_SWITCH:
    inos_switch_remove (seat, device);
    break;
  }
}

void inos_seat_add_device (struct inos_seat *seat, struct wlr_input_device *device)
{
  inos_seat_take_device (seat, device);
  inos_device_create (seat, device);
}

/* A menu or a drag that begins behind the lock screen would keep input from the locker. */
static void on_end_grab (void *data)
{
  struct inos_seat *seat = data;
  seat->end_grab = NULL;
  inos_seat_let_go (seat);
}

static void end_grab_soon (struct inos_seat *seat)
{
  if (seat->compositor->locked && !seat->end_grab)
    seat->end_grab = wl_event_loop_add_idle (seat->compositor->loop, on_end_grab, seat);
}

static void handle_pointer_grab_begin (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, pointer_grab_begin);
  end_grab_soon (seat);
}

static void handle_keyboard_grab_begin (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, keyboard_grab_begin);
  end_grab_soon (seat);
}

static void handle_touch_grab_begin (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_grab_begin);
  end_grab_soon (seat);
}

struct inos_seat *inos_seat_create (struct inos_compositor *compositor, const char *name,
                                    unsigned int index)
{
  struct inos_seat *seat = g_new0 (struct inos_seat, 1);
  seat->compositor = compositor;
  seat->index = index;
  seat->id = ++compositor->last_seat_id;
  seat->wlr = wlr_seat_create (compositor->display, name);
  wl_list_init (&seat->views);
  wl_list_init (&seat->devices);
  wl_list_init (&seat->keyboards);
  wl_list_init (&seat->members);
  wl_list_init (&seat->switches);
  wl_list_init (&seat->pads);
  wl_list_init (&seat->pointers);
  wl_list_init (&seat->tablets);
  inos_pointer_init (seat);
  inos_gestures_init (seat);
  inos_tablets_init (seat);
  inos_touch_init (seat);
  CONNECT_SIGNAL (seat->wlr, seat, request_set_selection);
  CONNECT_SIGNAL (seat->wlr, seat, request_set_primary_selection);
  CONNECT_SIGNAL (seat->wlr, seat, request_start_drag);
  CONNECT_SIGNAL (seat->wlr, seat, start_drag);
  CONNECT_SIGNAL (seat->wlr, seat, keyboard_grab_end);
  CONNECT_SIGNAL (seat->wlr, seat, pointer_grab_begin);
  CONNECT_SIGNAL (seat->wlr, seat, keyboard_grab_begin);
  CONNECT_SIGNAL (seat->wlr, seat, touch_grab_begin);
  CONNECT_TO (&seat->wlr->keyboard_state.events.focus_change, seat, keyboard_focus_change);
  inos_seat_update_capabilities (seat);
  return seat;
}

void inos_seat_destroy (struct inos_seat *seat)
{
  if (!seat)
    return;
  inos_x11_drag_cancel (seat->x11_drag);
  inos_switches_finish (seat);
  inos_devices_finish (seat);
  inos_keyboards_finish (seat);
  inos_keyboard_layout_finish (seat);
  inos_touch_finish (seat);
  inos_tablets_finish (seat);
  inos_gestures_finish (seat);
  inos_pointer_finish (seat);
  DISCONNECT (seat->request_set_selection);
  DISCONNECT (seat->request_set_primary_selection);
  DISCONNECT (seat->request_start_drag);
  DISCONNECT (seat->start_drag);
  DISCONNECT (seat->keyboard_grab_end);
  DISCONNECT (seat->pointer_grab_begin);
  DISCONNECT (seat->keyboard_grab_begin);
  DISCONNECT (seat->touch_grab_begin);
  DISCONNECT (seat->drag_icon_destroy);
  DISCONNECT (seat->keyboard_focus_change);
  DISCONNECT (seat->clicked_layer_gone);
  if (seat->end_grab)
    wl_event_source_remove (seat->end_grab);
  wlr_seat_destroy (seat->wlr);
  g_free (seat->mode);
  g_free (seat);
}
