#include "keyboard_access.h"

#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_seat.h>

#include "cursor_image.h"
#include "idle.h"
#include "key_access.h"
#include "keyboard_layout.h"
#include "pointer.h"
#include "pointer_constraint.h"

struct inos_keyboard_access {
  struct inos_seat *seat;
  struct inos_key_access_settings settings;
  struct inos_key_access *keys;
  struct wlr_keyboard keyboard;
  struct wl_event_source *timer;
};

static int64_t now (void)
{
  return g_get_monotonic_time() / 1000;
}

static void show_leds (struct wlr_keyboard *keyboard, uint32_t leds)
{
  struct inos_keyboard_access *access = wl_container_of (keyboard, access, keyboard);
  inos_keyboard_layout_show_leds (access->seat, leds);
}

static void type (void *data, int64_t time, uint32_t code, bool down)
{
  struct inos_keyboard_access *access = data;
  struct wlr_keyboard_key_event event = {
    .time_msec = (uint32_t)time,
    .keycode = code,
    .update_state = true,
    .state = down ? WL_KEYBOARD_KEY_STATE_PRESSED : WL_KEYBOARD_KEY_STATE_RELEASED,
  };
  wlr_keyboard_notify_key (&access->keyboard, &event);
}

static void move (void *data, int64_t time, double dx, double dy)
{
  struct inos_seat *seat = ((struct inos_keyboard_access *)data)->seat;
  if (!inos_pointer_constraint_motion (seat, &dx, &dy))
    return;
  wlr_cursor_move (seat->cursor, NULL, dx, dy);
  inos_pointer_point (seat, (uint32_t)time);
  wlr_seat_pointer_notify_frame (seat->wlr);
}

static void click (void *data, int64_t time, uint32_t button, bool down)
{
  struct inos_seat *seat = ((struct inos_keyboard_access *)data)->seat;
  inos_pointer_button (seat, (uint32_t)time, button, down);
  wlr_seat_pointer_notify_frame (seat->wlr);
}

static void set_timer (struct inos_keyboard_access *access)
{
  int64_t next = inos_key_access_next (access->keys);
  wl_event_source_timer_update (access->timer, next < 0 ? 0 : (int)MAX (1, next - now()));
}

static int on_timer (void *data)
{
  struct inos_keyboard_access *access = data;
  inos_key_access_tick (access->keys, now());
  set_timer (access);
  return 0;
}

bool inos_keyboard_access_is_on (struct inos_seat *seat)
{
  return seat->access;
}

struct wlr_keyboard *inos_keyboard_access_keyboard (struct inos_seat *seat)
{
  return seat->access ? &seat->access->keyboard : NULL;
}

void inos_keyboard_access_key (struct inos_seat *seat, uint32_t code, bool down)
{
  inos_idle_activity (seat);
  inos_key_access_key (seat->access->keys, now(), code, down);
  set_timer (seat->access);
}

void inos_keyboard_access_finish (struct inos_seat *seat)
{
  struct inos_keyboard_access *access = seat->access;
  if (!access)
    return;
  inos_key_access_destroy (access->keys, now());
  wl_event_source_remove (access->timer);
  wlr_keyboard_finish (&access->keyboard);
  g_clear_pointer (&seat->access, g_free);
}

static struct inos_key_access_settings wanted (const struct inos_seat *seat)
{
  const struct inos_config *config = &seat->compositor->config;
  return (struct inos_key_access_settings){
    .sticky = config->sticky_keys,
    .slow = config->slow_keys,
    .bounce = config->bounce_keys,
    .mouse = config->mouse_keys,
  };
}

static bool is_on (const struct inos_key_access_settings *settings)
{
  return settings->sticky || settings->slow || settings->bounce || settings->mouse;
}

bool inos_keyboard_access_is_current (struct inos_seat *seat)
{
  const struct inos_key_access_settings now = wanted (seat);
  if (!seat->access)
    return !is_on (&now);
  const struct inos_key_access_settings *had = &seat->access->settings;
  return now.sticky == had->sticky && now.slow == had->slow && now.bounce == had->bounce &&
         now.mouse == had->mouse;
}

void inos_keyboard_access_configure (struct inos_seat *seat)
{
  static const struct wlr_keyboard_impl impl = {.name = "access", .led_update = show_leds};
  const struct inos_key_access_settings settings = wanted (seat);
  inos_keyboard_access_finish (seat);
  inos_cursor_image_redraw (seat);
  if (!is_on (&settings))
    return;
  struct inos_keyboard_access *access = seat->access = g_new0 (struct inos_keyboard_access, 1);
  const struct inos_key_access_sink sink = {type, move, click, access};
  access->seat = seat;
  access->settings = settings;
  access->keys = inos_key_access_create (&settings, &sink);
  access->timer = wl_event_loop_add_timer (seat->compositor->loop, on_timer, access);
  wlr_keyboard_init (&access->keyboard, &impl, "access");
}
