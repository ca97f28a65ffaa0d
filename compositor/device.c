#include "device.h"

#include <libinput.h>
#include <wlr/backend/libinput.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_touch.h>

#include "device_config.h"
#include "listener.h"
#include "mirror.h"
#include "output.h"
#include "pointer_place.h"

static struct libinput_device *handle_of (struct inos_device *device)
{
  return wlr_input_device_is_libinput (device->wlr) ? wlr_libinput_get_device_handle (device->wlr)
                                                    : NULL;
}

const char *inos_device_name (struct inos_device *device)
{
  return device->wlr->name ? device->wlr->name : "";
}

const char *inos_device_kind (struct inos_device *device)
{
  struct libinput_device *handle = handle_of (device);
  switch (device->wlr->type) {
  case WLR_INPUT_DEVICE_KEYBOARD:
    return "keyboard";
  case WLR_INPUT_DEVICE_POINTER:
    return handle && libinput_device_config_tap_get_finger_count (handle) > 0 ? "touchpad"
                                                                              : "mouse";
  case WLR_INPUT_DEVICE_TOUCH:
    return "touch";
  case WLR_INPUT_DEVICE_TABLET:
    return "tablet";
  case WLR_INPUT_DEVICE_TABLET_PAD:
    return "pad";
  default:
    return "switch";
  }
}

/* Each setting falls back to the device's own default: one that left the file is thus undone.
 * libinput refuses what the device cannot do, which is nobody's mistake. */
static void apply_touchpad (struct libinput_device *handle, const struct inos_device_config *config)
{
#define VALUE(setting, type, get)                                                                  \
  (type)                                                                                           \
    inos_device_config_get (config, INOS_DEVICE_##setting, libinput_device_config_##get (handle))
  libinput_device_config_tap_set_enabled (
    handle, VALUE (TAP, enum libinput_config_tap_state, tap_get_default_enabled));
  libinput_device_config_tap_set_drag_enabled (
    handle, VALUE (DRAG, enum libinput_config_drag_state, tap_get_default_drag_enabled));
  libinput_device_config_tap_set_drag_lock_enabled (
    handle,
    VALUE (DRAG_LOCK, enum libinput_config_drag_lock_state, tap_get_default_drag_lock_enabled));
  libinput_device_config_dwt_set_enabled (
    handle, VALUE (DISABLE_WHILE_TYPING, enum libinput_config_dwt_state, dwt_get_default_enabled));
  libinput_device_config_dwtp_set_enabled (
    handle,
    VALUE (DISABLE_WHILE_TRACKPOINTING, enum libinput_config_dwtp_state, dwtp_get_default_enabled));
  libinput_device_config_tap_set_button_map (
    handle, VALUE (TAP_BUTTONS, enum libinput_config_tap_button_map, tap_get_default_button_map));
  libinput_device_config_click_set_method (
    handle, VALUE (CLICK_METHOD, enum libinput_config_click_method, click_get_default_method));
  libinput_device_config_click_set_clickfinger_button_map (
    handle, VALUE (CLICK_BUTTONS, enum libinput_config_clickfinger_button_map,
                   click_get_default_clickfinger_button_map));
}

static void apply_pointer (struct libinput_device *handle, const struct inos_device_config *config)
{
  libinput_device_config_accel_set_profile (
    handle, VALUE (PROFILE, enum libinput_config_accel_profile, accel_get_default_profile));
  libinput_device_config_accel_set_speed (handle,
                                          VALUE (ACCELERATION, double, accel_get_default_speed));
  libinput_device_config_scroll_set_natural_scroll_enabled (
    handle, VALUE (NATURAL_SCROLL, int, scroll_get_default_natural_scroll_enabled));
  libinput_device_config_scroll_set_method (
    handle, VALUE (SCROLL_METHOD, enum libinput_config_scroll_method, scroll_get_default_method));
  libinput_device_config_scroll_set_button (
    handle, VALUE (SCROLL_BUTTON, uint32_t, scroll_get_default_button));
  libinput_device_config_scroll_set_button_lock (
    handle, VALUE (SCROLL_LOCK, enum libinput_config_scroll_button_lock_state,
                   scroll_get_default_button_lock));
  libinput_device_config_rotation_set_angle (
    handle, VALUE (ROTATION, unsigned int, rotation_get_default_angle));
  libinput_device_config_left_handed_set (handle,
                                          VALUE (LEFT_HANDED, int, left_handed_get_default));
  libinput_device_config_middle_emulation_set_enabled (
    handle, VALUE (MIDDLE_EMULATION, enum libinput_config_middle_emulation_state,
                   middle_emulation_get_default_enabled));
}

static void apply_libinput (struct libinput_device *handle, const struct inos_device_config *config)
{
  float matrix[6];
  apply_touchpad (handle, config);
  apply_pointer (handle, config);
  libinput_device_config_send_events_set_mode (
    handle, VALUE (SEND_EVENTS, uint32_t, send_events_get_default_mode));
#undef VALUE
  if (!libinput_device_config_calibration_has_matrix (handle))
    return;
  libinput_device_config_calibration_get_default_matrix (handle, matrix);
  libinput_device_config_calibration_set_matrix (handle,
                                                 config->calibrated ? config->calibration : matrix);
}

static bool points (const struct wlr_input_device *device)
{
  return device->type == WLR_INPUT_DEVICE_POINTER || device->type == WLR_INPUT_DEVICE_TOUCH ||
         device->type == WLR_INPUT_DEVICE_TABLET;
}

static struct inos_output *find_output (struct inos_compositor *compositor, const char *name)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (g_strcmp0 (output->wlr->name, name) == 0)
      return output;
  }
  return NULL;
}

/* What of all outputs a device covers. */
struct cover {
  struct inos_output *output; /* may be NULL: all */
  struct wlr_box region;      /* of the layout; empty: the whole */
};

/* A region of an output that is not there, or in which no output is, is none. */
static void cover_region (struct inos_compositor *compositor,
                          const struct inos_device_config *config, struct cover *cover)
{
  int region[4];
  const char *name = config->words[INOS_DEVICE_OUTPUT];
  bool named = name && *name;
  if (!inos_device_config_region (config, region) || (named && !cover->output))
    return;
  struct wlr_box within, wanted = {region[0], region[1], region[2], region[3]};
  struct inos_output *shown = named ? inos_mirror_shown (cover->output) : NULL;
  wlr_output_layout_get_box (compositor->layout, shown ? shown->wlr : NULL, &within);
  if (named) {
    wanted.x += within.x;
    wanted.y += within.y;
  }
  if (!wlr_box_intersection (&cover->region, &wanted, &within))
    cover->region = (struct wlr_box){0};
}

static struct cover cover_of (struct inos_device *device)
{
  struct inos_compositor *compositor = device->seat->compositor;
  struct inos_device_config config = inos_device_config_resolve (
    compositor->config.devices, inos_device_kind (device), inos_device_name (device));
  struct cover cover = {.output = find_output (compositor, config.words[INOS_DEVICE_OUTPUT])};
  cover_region (compositor, &config, &cover);
  if (!cover.output && device->wlr->type == WLR_INPUT_DEVICE_TOUCH)
    cover.output = find_output (compositor, wlr_touch_from_input_device (device->wlr)->output_name);
  return cover;
}

struct inos_output *inos_device_output (struct inos_seat *seat, struct wlr_input_device *wlr)
{
  struct inos_device *device;
  wl_list_for_each (device, &seat->devices, link) {
    if (device->wlr != wlr)
      continue;
    struct cover cover = cover_of (device);
    return wlr_box_empty (&cover.region) ? cover.output : NULL;
  }
  return NULL;
}

double inos_device_scroll_speed (struct inos_seat *seat, const struct wlr_input_device *wlr)
{
  const struct inos_device *device;
  wl_list_for_each (device, &seat->devices, link) {
    if (device->wlr == wlr)
      return device->scroll_speed;
  }
  return 1;
}

/* What a program asked of its own device stays. */
static void map (struct inos_device *device)
{
  struct cover cover = {0};
  if (points (device->wlr))
    cover = cover_of (device);
  bool mapped = cover.output || !wlr_box_empty (&cover.region);
  if (mapped || device->mapped)
    inos_pointer_place_map (device->seat, device->wlr,
                            cover.output ? inos_mirror_shown (cover.output)->wlr : NULL,
                            &cover.region);
  device->mapped = mapped;
}

void inos_devices_map (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    struct inos_device *device;
    wl_list_for_each (device, &seat->devices, link)
      map (device);
  }
}

static void apply (struct inos_device *device)
{
  struct inos_compositor *compositor = device->seat->compositor;
  struct libinput_device *handle = handle_of (device);
  struct inos_device_config config = inos_device_config_resolve (
    compositor->config.devices, inos_device_kind (device), inos_device_name (device));
  device->scroll_speed = inos_device_config_get (&config, INOS_DEVICE_SCROLL_SPEED, 1);
  if (handle)
    apply_libinput (handle, &config);
  map (device);
}

void inos_devices_apply (struct inos_seat *seat)
{
  struct inos_device *device;
  wl_list_for_each (device, &seat->devices, link)
    apply (device);
}

static void device_free (struct inos_device *device)
{
  DISCONNECT (device->destroy);
  wl_list_remove (&device->link);
  g_free (device);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_device *device = wl_container_of (listener, device, destroy);
  struct inos_compositor *compositor = device->seat->compositor;
  device_free (device);
  if (!compositor->ending)
    wl_signal_emit_mutable (&compositor->events.input_change, compositor);
}

void inos_device_create (struct inos_seat *seat, struct wlr_input_device *wlr)
{
  struct inos_device *device = g_new0 (struct inos_device, 1);
  device->seat = seat;
  device->wlr = wlr;
  device->id = ++seat->compositor->last_device_id;
  wl_list_insert (seat->devices.prev, &device->link);
  CONNECT_SIGNAL (wlr, device, destroy);
  apply (device);
  wl_signal_emit_mutable (&seat->compositor->events.input_change, seat->compositor);
}

void inos_device_move (struct inos_device *device, struct inos_seat *seat)
{
  if (device->seat == seat)
    return;
  inos_seat_drop_device (device->seat, device->wlr);
  wl_list_remove (&device->link);
  device->seat = seat;
  wl_list_insert (seat->devices.prev, &device->link);
  inos_seat_take_device (seat, device->wlr);
  apply (device);
  wl_signal_emit_mutable (&seat->compositor->events.input_change, seat->compositor);
}

struct inos_device *inos_device_find (struct inos_compositor *compositor, uint32_t id)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    struct inos_device *device;
    wl_list_for_each (device, &seat->devices, link) {
      if (device->id == id)
        return device;
    }
  }
  return NULL;
}

void inos_devices_finish (struct inos_seat *seat)
{
  struct inos_device *device, *next;
  wl_list_for_each_safe (device, next, &seat->devices, link)
    device_free (device);
}
