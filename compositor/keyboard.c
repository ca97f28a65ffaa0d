#include "keyboard.h"

#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>

#include "binding.h"
#include "cursor_image.h"
#include "input_method.h"
#include "grab_keys.h"
#include "idle.h"
#include "key_monitor.h"
#include "listener.h"
#include "responsive.h"
#include "seats.h"
#include "shortcuts_inhibit.h"
#include "switcher.h"
#include "turn.h"
#include "overview_show.h"
#include "window_menu.h"

static bool take (uint32_t *keys, size_t *count, uint32_t key)
{
  for (size_t i = 0; i < *count; i++) {
    if (keys[i] == key) {
      keys[i] = keys[--*count];
      return true;
    }
  }
  return false;
}

static void put (uint32_t keys[static WLR_KEYBOARD_KEYS_CAP], size_t *count, uint32_t key)
{
  if (*count < WLR_KEYBOARD_KEYS_CAP)
    keys[(*count)++] = key;
}

/* Whether the key writes or moves in a text, other than modifiers and what goes with them. */
static bool is_text (struct inos_keyboard *keyboard, uint32_t key)
{
  uint32_t modifiers = wlr_keyboard_get_modifiers (keyboard->wlr);
  if (!keyboard->wlr->xkb_state ||
      modifiers & (WLR_MODIFIER_CTRL | WLR_MODIFIER_ALT | WLR_MODIFIER_LOGO))
    return false;
  xkb_keysym_t keysym = xkb_state_key_get_one_sym (keyboard->wlr->xkb_state, key + 8);
  return keysym < XKB_KEY_Shift_L || (keysym > XKB_KEY_Hyper_R && keysym <= XKB_KEY_Delete);
}

static void send (struct inos_keyboard *keyboard, const struct wlr_keyboard_key_event *event)
{
  struct wlr_seat *seat = keyboard->seat->wlr;
  wlr_seat_set_keyboard (seat, keyboard->wlr);
  wlr_seat_keyboard_notify_key (seat, event->time_msec, event->keycode, event->state);
  if (seat->keyboard_state.focused_client)
    inos_turns_tell (keyboard->seat->compositor->turns, seat->keyboard_state.focused_client->client,
                     event->time_msec);
  if (event->state == WL_KEYBOARD_KEY_STATE_RELEASED)
    return;
  struct inos_view *view = inos_view_from_surface (seat->keyboard_state.focused_surface);
  if (view)
    inos_responsive_ask (view);
}

/* Whether a screen reader has it for itself. It then does not lock capitals or numbers either. On
 * the lock screen no program hears of keys. */
static bool is_taken (struct inos_keyboard *keyboard, struct wlr_keyboard_key_event *event)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  struct wlr_keyboard *wlr = keyboard->wlr;
  if (!compositor->key_monitor || !wlr->xkb_state || !inos_seat_is_main (keyboard->seat))
    return false;
  const struct inos_monitored_key key = {
    .time = event->time_msec,
    .code = event->keycode,
    .down = event->state == WL_KEYBOARD_KEY_STATE_PRESSED,
    .secret = compositor->locked,
    .modifiers = wlr_keyboard_get_modifiers (wlr),
    .symbol = xkb_state_key_get_one_sym (wlr->xkb_state, event->keycode + 8),
    .plain = inos_binding_plain_symbol (keyboard, event->keycode),
    .character = xkb_state_key_get_utf32 (wlr->xkb_state, event->keycode + 8),
  };
  uint32_t twice = (uint32_t)compositor->config.repeat_delay;
  if (!inos_key_monitor_takes (compositor->key_monitor, &key, twice))
    return false;
  event->update_state = false;
  inos_binding_forget_tap (keyboard->seat);
  return true;
}

/* A key that was no binding is none the next time, unless that was for the lock screen, or for a
 * program that has all keys; and Super alone may become one. */
static enum inos_plain_key learn (struct inos_keyboard *keyboard, uint32_t code)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  enum inos_plain_key key = is_text (keyboard, code) ? INOS_PLAIN_KEY_TEXT : INOS_PLAIN_KEY_OTHER;
  if (!compositor->locked && !inos_shortcuts_inhibited (keyboard->seat) &&
      keyboard->tap_key != code)
    inos_plain_keys_set (&keyboard->plain, keyboard->wlr, compositor->bindings_revision, code, key);
  return key;
}

static void pass_on (struct inos_keyboard *keyboard, struct wlr_keyboard_key_event *event)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  if (is_taken (keyboard, event))
    return;
  if (event->state == WL_KEYBOARD_KEY_STATE_RELEASED) {
    /* The keys of a keyboard that is pulled out are released without it. */
    if (!event->update_state && keyboard->wlr->xkb_state)
      xkb_state_update_key (keyboard->wlr->xkb_state, event->keycode + 8, XKB_KEY_UP);
    inos_binding_release (keyboard, event->keycode);
    if (take (keyboard->swallowed, &keyboard->swallowed_count, event->keycode))
      return;
    if (take (keyboard->sent, &keyboard->sent_count, event->keycode) ||
        !inos_input_method_key (keyboard, event))
      send (keyboard, event);
    return;
  }
  inos_seat_act (keyboard->seat);
  enum inos_plain_key key = inos_plain_keys_get (&keyboard->plain, keyboard->wlr,
                                                 compositor->bindings_revision, event->keycode);
  if (inos_window_menu_key (keyboard, event->keycode) ||
      inos_grab_keys_press (keyboard, event->keycode) ||
      (key == INOS_PLAIN_KEY_UNKNOWN && inos_binding_press (keyboard, event->keycode)) ||
      inos_overview_key (keyboard, event->keycode)) {
    put (keyboard->swallowed, &keyboard->swallowed_count, event->keycode);
    return;
  }
  if (key == INOS_PLAIN_KEY_UNKNOWN)
    key = learn (keyboard, event->keycode);
  else
    inos_binding_forget_tap (keyboard->seat);
  if (key == INOS_PLAIN_KEY_TEXT)
    inos_cursor_image_hide (keyboard->seat);
  if (inos_input_method_key (keyboard, event))
    return;
  put (keyboard->sent, &keyboard->sent_count, event->keycode);
  send (keyboard, event);
}

static void handle_key (struct wl_listener *listener, void *data)
{
  struct inos_keyboard *keyboard = wl_container_of (listener, keyboard, key);
  struct inos_seat *seat = keyboard->seat;
  inos_binding_repeat_follow (keyboard, data);
  pass_on (keyboard, data);
  inos_idle_activity (seat);
}

/* A combination of keys of the keymap's own switches layouts too. */
static void follow_layout (struct inos_keyboard *keyboard)
{
  struct inos_seat *seat = keyboard->seat;
  if (!seat->group || keyboard->wlr != &seat->group->keyboard ||
      keyboard->wlr->modifiers.group == seat->layout)
    return;
  seat->layout = keyboard->wlr->modifiers.group;
  wl_signal_emit_mutable (&seat->compositor->events.input_change, seat->compositor);
}

static void handle_modifiers (struct wl_listener *listener, void *data)
{
  struct inos_keyboard *keyboard = wl_container_of (listener, keyboard, modifiers);
  follow_layout (keyboard);
  if (!(wlr_keyboard_get_modifiers (keyboard->wlr) & WLR_MODIFIER_ALT))
    inos_switcher_accept (keyboard->seat);
  if (inos_input_method_modifiers (keyboard))
    return;
  wlr_seat_set_keyboard (keyboard->seat->wlr, keyboard->wlr);
  wlr_seat_keyboard_notify_modifiers (keyboard->seat->wlr, &keyboard->wlr->modifiers);
}

static void handle_keymap (struct wl_listener *listener, void *data)
{
  struct inos_keyboard *keyboard = wl_container_of (listener, keyboard, keymap);
  inos_plain_keys_forget (&keyboard->plain);
}

static void keyboard_free (struct inos_keyboard *keyboard)
{
  DISCONNECT (keyboard->key);
  DISCONNECT (keyboard->modifiers);
  DISCONNECT (keyboard->keymap);
  DISCONNECT (keyboard->destroy);
  inos_binding_repeat_end (keyboard);
  wl_list_remove (&keyboard->link);
  g_free (keyboard);
}

/* A virtual keyboard has its keymap some time after it was made. To programs one without is a
 * mistake that some, lock screens among them, do not outlive. */
static bool use (struct inos_keyboard *keyboard)
{
  if (!keyboard->wlr->keymap)
    return false;
  wlr_seat_set_keyboard (keyboard->seat->wlr, keyboard->wlr);
  return true;
}

static void forget (struct inos_keyboard *keyboard)
{
  struct inos_seat *seat = keyboard->seat;
  bool current = wlr_seat_get_keyboard (seat->wlr) == keyboard->wlr;
  inos_switcher_accept (seat);
  keyboard_free (keyboard);
  if (!current)
    return;
  /* Clients go on to be told the modifiers of one that is there. */
  wl_list_for_each (keyboard, &seat->keyboards, link) {
    if (use (keyboard))
      return;
  }
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_keyboard *keyboard = wl_container_of (listener, keyboard, destroy);
  forget (keyboard);
}

void inos_keyboard_remove (struct inos_seat *seat, struct wlr_keyboard *wlr)
{
  struct inos_keyboard *keyboard;
  wl_list_for_each (keyboard, &seat->keyboards, link) {
    if (keyboard->wlr == wlr) {
      forget (keyboard);
      return;
    }
  }
}

void inos_keyboard_create (struct inos_seat *seat, struct wlr_keyboard *wlr)
{
  struct inos_keyboard *keyboard = g_new0 (struct inos_keyboard, 1);
  keyboard->seat = seat;
  keyboard->wlr = wlr;
  wl_list_insert (&seat->keyboards, &keyboard->link);
  CONNECT_SIGNAL (wlr, keyboard, key);
  CONNECT_SIGNAL (wlr, keyboard, modifiers);
  CONNECT_SIGNAL (wlr, keyboard, keymap);
  CONNECT_SIGNAL (&wlr->base, keyboard, destroy);
  use (keyboard);
  inos_seat_refocus (seat);
}

void inos_keyboards_finish (struct inos_seat *seat)
{
  struct inos_keyboard *keyboard, *next;
  wl_list_for_each_safe (keyboard, next, &seat->keyboards, link)
    keyboard_free (keyboard);
}
