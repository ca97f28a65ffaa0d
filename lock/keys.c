/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keys.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEXT = 64, EVDEV = 8, LARGEST_KEYMAP = 1 << 22 };

static void stop_repeating (struct inos_seat *seat)
{
  if (seat->repetition)
    g_source_remove (seat->repetition);
  seat->repetition = 0;
  seat->repeated = 0;
}

static bool has_modifier (const struct inos_seat *seat, const char *name)
{
  return xkb_state_mod_name_is_active (seat->state, name, XKB_STATE_MODS_EFFECTIVE) > 0;
}

/* Dead keys and Compose: the symbol and the text of what has been put together. Returns false while
 * more is to come. */
static bool compose (struct inos_seat *seat, xkb_keysym_t *symbol, char *text)
{
  struct xkb_compose_state *state = seat->composing;
  if (!state || xkb_compose_state_feed (state, *symbol) != XKB_COMPOSE_FEED_ACCEPTED)
    return true;
  switch (xkb_compose_state_get_status (state)) {
  case XKB_COMPOSE_COMPOSING:
  case XKB_COMPOSE_CANCELLED:
    return false;
  case XKB_COMPOSE_COMPOSED:
    *symbol = xkb_compose_state_get_one_sym (state);
    xkb_compose_state_get_utf8 (state, text, TEXT);
    xkb_compose_state_reset (state);
    return true;
  default:
    return true;
  }
}

static void press (struct inos_seat *seat, uint32_t code)
{
  char text[TEXT] = "";
  xkb_keysym_t symbol = xkb_state_key_get_one_sym (seat->state, code);
  xkb_state_key_get_utf8 (seat->state, code, text, sizeof text);
  if (compose (seat, &symbol, text)) {
    struct inos_key key = {
      .symbol = symbol,
      .text = text,
      .control = has_modifier (seat, XKB_MOD_NAME_CTRL),
      .shift = has_modifier (seat, XKB_MOD_NAME_SHIFT),
    };
    if (key.control || has_modifier (seat, XKB_MOD_NAME_ALT) ||
        has_modifier (seat, XKB_MOD_NAME_LOGO) || g_ascii_iscntrl (text[0]))
      key.text = "";
    seat->display->events->key (&key, seat->display->data);
  }
  explicit_bzero (text, sizeof text);
}

static gboolean on_repeat (void *data)
{
  struct inos_seat *seat = data;
  uint32_t code = seat->repeated;
  /* Before the key is told: it may end this. */
  seat->repetition = g_timeout_add (1000 / (guint)seat->rate, on_repeat, seat);
  press (seat, code);
  return G_SOURCE_REMOVE;
}

static bool may_repeat (const struct inos_seat *seat, uint32_t code)
{
  xkb_keysym_t symbol = xkb_state_key_get_one_sym (seat->state, code);
  return seat->rate > 0 && xkb_keymap_key_repeats (seat->keymap, code) &&
         symbol != XKB_KEY_Return && symbol != XKB_KEY_KP_Enter && symbol != XKB_KEY_Escape;
}

static void handle_key (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time,
                        uint32_t key, uint32_t state)
{
  struct inos_seat *seat = data;
  uint32_t code = key + EVDEV;
  if (!seat->state)
    return;
  if (state != WL_KEYBOARD_KEY_STATE_PRESSED) {
    if (seat->repeated == code)
      stop_repeating (seat);
    return;
  }
  stop_repeating (seat);
  if (may_repeat (seat, code)) {
    seat->repeated = code;
    seat->repetition = g_timeout_add ((guint)MAX (seat->delay, 1), on_repeat, seat);
  }
  press (seat, code);
}

static void tell (struct inos_seat *seat)
{
  const char *layout = NULL;
  if (xkb_keymap_num_layouts (seat->keymap) > 1)
    layout = xkb_keymap_layout_get_name (seat->keymap, seat->layout);
  seat->display->events->keyboard (layout, seat->caps, seat->display->data);
}

static void handle_modifiers (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                              uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t group)
{
  struct inos_seat *seat = data;
  if (!seat->state)
    return;
  xkb_state_update_mask (seat->state, depressed, latched, locked, 0, 0, group);
  seat->caps =
    xkb_state_mod_name_is_active (seat->state, XKB_MOD_NAME_CAPS, XKB_STATE_MODS_LOCKED) > 0;
  seat->layout = xkb_state_serialize_layout (seat->state, XKB_STATE_LAYOUT_EFFECTIVE);
  tell (seat);
}

static void drop_keymap (struct inos_seat *seat)
{
  stop_repeating (seat);
  xkb_state_unref (seat->state);
  xkb_keymap_unref (seat->keymap);
  seat->state = NULL;
  seat->keymap = NULL;
}

static void handle_keymap (void *data, struct wl_keyboard *keyboard, uint32_t format, int32_t fd,
                           uint32_t size)
{
  struct inos_seat *seat = data;
  void *text = MAP_FAILED;
  if (format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1 && size > 0 && size <= LARGEST_KEYMAP)
    text = mmap (NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  close (fd);
  if (text == MAP_FAILED)
    return;
  struct xkb_keymap *keymap =
    xkb_keymap_new_from_buffer (seat->display->xkb, text, strnlen (text, size),
                                XKB_KEYMAP_FORMAT_TEXT_V1, XKB_KEYMAP_COMPILE_NO_FLAGS);
  munmap (text, size);
  if (!keymap)
    return;
  drop_keymap (seat);
  seat->keymap = keymap;
  seat->state = xkb_state_new (keymap);
  seat->layout = 0;
  seat->caps = false;
  tell (seat);
}

static void handle_enter (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface, struct wl_array *keys)
{
}

static void handle_leave (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface)
{
  struct inos_seat *seat = data;
  stop_repeating (seat);
  if (seat->composing)
    xkb_compose_state_reset (seat->composing);
}

static void handle_repeat_info (void *data, struct wl_keyboard *keyboard, int32_t rate,
                                int32_t delay)
{
  struct inos_seat *seat = data;
  seat->rate = CLAMP (rate, 0, 1000);
  seat->delay = delay;
  if (seat->rate == 0)
    stop_repeating (seat);
}

static const struct wl_keyboard_listener listener = {
  .keymap = handle_keymap,
  .enter = handle_enter,
  .leave = handle_leave,
  .key = handle_key,
  .modifiers = handle_modifiers,
  .repeat_info = handle_repeat_info,
};

void inos_keys_take (struct inos_seat *seat)
{
  seat->keyboard = wl_seat_get_keyboard (seat->wl);
  wl_keyboard_add_listener (seat->keyboard, &listener, seat);
  if (seat->display->compose)
    seat->composing = xkb_compose_state_new (seat->display->compose, XKB_COMPOSE_STATE_NO_FLAGS);
}

void inos_keys_drop (struct inos_seat *seat)
{
  drop_keymap (seat);
  xkb_compose_state_unref (seat->composing);
  seat->composing = NULL;
  if (seat->keyboard)
    wl_keyboard_release (seat->keyboard);
  seat->keyboard = NULL;
}
