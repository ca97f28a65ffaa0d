#include "seats.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "binding.h"
#include "corner.h"
#include "cursor_image.h"
#include "device.h"
#include "gesture.h"
#include "grab.h"
#include "keyboard.h"
#include "keyboard_layout.h"
#include "listener.h"
#include "overview_show.h"
#include "pointer.h"
#include "seat_data.h"
#include "seat_focus.h"
#include "switch.h"
#include "switcher.h"
#include "tablet.h"
#include "touch.h"
#include "window_frame.h"
#include "window_menu.h"
#include "x11_drag.h"
#include "x11_scale.h"

struct wlr_scene_node *inos_seat_node_at (struct inos_seat *seat, double x, double y, double *sx,
                                          double *sy)
{
  struct wlr_scene_node *node = NULL;
  for (int i = INOS_LAYER_LOCK; i >= 0 && !node; i--) {
    struct wlr_scene_tree *layer = seat->compositor->layers[i];
    if (!wl_list_empty (&layer->children))
      node = wlr_scene_node_at (&layer->node, x, y, sx, sy);
  }
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

void inos_seat_let_go (struct inos_seat *seat)
{
  inos_switcher_accept (seat);
  if (seat->grab.kind != INOS_GRAB_NONE)
    inos_grab_end (seat);
  inos_grab_forget_view (seat, seat->grab.view);
  inos_frame_cancel (seat);
  inos_window_menu_close (seat);
  inos_overview_forget_seat (seat);
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
  inos_seat_forget_click (seat);
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
  inos_seat_data_init (seat);
  CONNECT_SIGNAL (seat->wlr, seat, pointer_grab_begin);
  CONNECT_SIGNAL (seat->wlr, seat, keyboard_grab_begin);
  CONNECT_SIGNAL (seat->wlr, seat, touch_grab_begin);
  inos_seat_focus_init (seat);
  inos_seat_update_capabilities (seat);
  return seat;
}

void inos_seat_destroy (struct inos_seat *seat)
{
  if (!seat)
    return;
  inos_x11_drag_cancel (seat->x11_drag);
  inos_overview_forget_seat (seat);
  inos_switches_finish (seat);
  inos_devices_finish (seat);
  inos_keyboards_finish (seat);
  inos_keyboard_layout_finish (seat);
  inos_touch_finish (seat);
  inos_tablets_finish (seat);
  inos_gestures_finish (seat);
  inos_corner_finish (seat);
  inos_pointer_finish (seat);
  inos_seat_data_finish (seat);
  DISCONNECT (seat->pointer_grab_begin);
  DISCONNECT (seat->keyboard_grab_begin);
  DISCONNECT (seat->touch_grab_begin);
  inos_seat_focus_finish (seat);
  if (seat->end_grab)
    wl_event_source_remove (seat->end_grab);
  wlr_seat_destroy (seat->wlr);
  g_free (seat->mode);
  g_free (seat);
}
