#include "binding.h"

#include <wlr/backend/session.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/log.h>
#include <xkbcommon/xkbcommon.h>

#include "action.h"
#include "binding_flags.h"
#include "seats.h"
#include "shortcuts_inhibit.h"

enum {
  COUNTED = WLR_MODIFIER_LOGO | WLR_MODIFIER_ALT | WLR_MODIFIER_CTRL | WLR_MODIFIER_SHIFT,
};

static const char *mode_of (struct inos_seat *seat)
{
  return seat->mode ? seat->mode : "";
}

static const char *find (struct inos_seat *seat, uint32_t modifiers, enum inos_binding_kind kind,
                         uint32_t code)
{
  struct inos_combination combination = {modifiers, kind, code};
  return inos_bindings_find (seat->compositor->bindings, mode_of (seat), &combination);
}

/* An action may replace the table that it was found in. */
static bool run (struct inos_seat *seat, const char *text)
{
  struct inos_binding_flags flags;
  g_autofree char *copy = g_strdup (text);
  const char *action = copy ? inos_binding_flags_read (copy, &flags) : NULL;
  return action && inos_action_run (seat->compositor, action);
}

/* The same of a key, which may be held. */
static bool run_key (struct inos_keyboard *keyboard, uint32_t key, const char *text)
{
  struct inos_binding_flags flags;
  g_autofree char *copy = g_strdup (text);
  bool done = run (keyboard->seat, copy);
  if (done && inos_binding_flags_read (copy, &flags) && flags.repeat)
    inos_binding_repeat_begin (keyboard, key, copy);
  return done;
}

static bool counts_now (struct inos_compositor *compositor, const char *text)
{
  struct inos_binding_flags flags;
  return inos_binding_flags_read (text, &flags) && (!compositor->locked || flags.locked);
}

/* The symbol of the key without any modifier, so that Super+Shift+1 is not Super+exclam. */
static xkb_keysym_t plain_keysym (struct wlr_keyboard *keyboard, xkb_keycode_t code)
{
  const xkb_keysym_t *symbols;
  xkb_layout_index_t layout = xkb_state_key_get_layout (keyboard->xkb_state, code);
  int n = xkb_keymap_key_get_syms_by_level (keyboard->keymap, code, layout, 0, &symbols);
  return n > 0 ? symbols[0] : XKB_KEY_NoSymbol;
}

uint32_t inos_binding_plain_symbol (struct inos_keyboard *keyboard, uint32_t key)
{
  return plain_keysym (keyboard->wlr, key + 8);
}

static bool switch_terminal (struct inos_compositor *compositor, xkb_keysym_t keysym)
{
  if (keysym < XKB_KEY_XF86Switch_VT_1 || keysym > XKB_KEY_XF86Switch_VT_12)
    return false;
  if (compositor->session)
    wlr_session_change_vt (compositor->session, keysym - XKB_KEY_XF86Switch_VT_1 + 1);
  return true;
}

static bool is_super (xkb_keysym_t keysym)
{
  return keysym == XKB_KEY_Super_L || keysym == XKB_KEY_Super_R;
}

void inos_binding_forget_tap (struct inos_seat *seat)
{
  struct inos_keyboard *keyboard;
  wl_list_for_each (keyboard, &seat->keyboards, link)
    keyboard->tap_key = 0;
}

void inos_binding_set_mode (struct inos_seat *seat, const char *mode)
{
  struct inos_compositor *compositor = seat->compositor;
  if (g_str_equal (mode, mode_of (seat)))
    return;
  if (!inos_bindings_has_mode (compositor->bindings, mode)) {
    wlr_log (WLR_ERROR, "bindings: there is no mode '%s'; write [bindings %s] in compositor.ini",
             mode, mode);
    return;
  }
  g_free (seat->mode);
  seat->mode = g_strdup (mode);
  compositor->bindings_revision++;
  wl_signal_emit_mutable (&compositor->events.input_change, compositor);
}

static bool press (struct inos_keyboard *keyboard, uint32_t key, uint32_t modifiers,
                   xkb_keysym_t plain, xkb_keysym_t shifted)
{
  struct inos_seat *seat = keyboard->seat;
  const char *action = find (seat, modifiers, INOS_BINDING_KEY, xkb_keysym_to_lower (plain));
  if (!action)
    action = find (seat, modifiers, INOS_BINDING_KEY, xkb_keysym_to_lower (shifted));
  if (action && counts_now (seat->compositor, action))
    return run_key (keyboard, key, action);
  if (seat->compositor->locked || plain != XKB_KEY_Escape || modifiers || mode_of (seat)[0] == '\0')
    return false;
  inos_binding_set_mode (seat, "");
  return true;
}

bool inos_binding_press (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_seat *seat = keyboard->seat;
  struct inos_compositor *compositor = seat->compositor;
  if (!keyboard->wlr->xkb_state)
    return false;
  xkb_keycode_t code = key + 8; /* evdev to XKB */
  xkb_keysym_t plain = plain_keysym (keyboard->wlr, code);
  xkb_keysym_t shifted = xkb_state_key_get_one_sym (keyboard->wlr->xkb_state, code);
  uint32_t modifiers = wlr_keyboard_get_modifiers (keyboard->wlr) & COUNTED;
  bool inhibited = inos_shortcuts_inhibited (seat);
  inos_binding_forget_tap (seat);
  if (is_super (plain) && !inhibited) {
    if ((modifiers & ~(uint32_t)WLR_MODIFIER_LOGO) == 0)
      keyboard->tap_key = key;
    return false;
  }
  if (switch_terminal (compositor, shifted))
    return true;
  if (compositor->locked || !inhibited)
    return press (keyboard, key, modifiers, plain, shifted);
  struct inos_combination combination = {modifiers, INOS_BINDING_KEY, xkb_keysym_to_lower (plain)};
  if (!inos_bindings_is_escape (compositor->bindings, &combination))
    return false;
  inos_shortcuts_restore (seat);
  return true;
}

void inos_binding_release (struct inos_keyboard *keyboard, uint32_t key)
{
  if (keyboard->tap_key != key || key == 0)
    return;
  keyboard->tap_key = 0;
  if (keyboard->seat->compositor->locked)
    return;
  run (keyboard->seat,
       find (keyboard->seat, 0, INOS_BINDING_KEY, xkb_keysym_to_lower (XKB_KEY_Super_L)));
}

/* The action of what the pointer does, with the modifiers of the keyboard that was used last. */
static const char *find_pointer (struct inos_seat *seat, enum inos_binding_kind kind, uint32_t code)
{
  struct wlr_keyboard *keyboard = wlr_seat_get_keyboard (seat->wlr);
  uint32_t modifiers = keyboard ? wlr_keyboard_get_modifiers (keyboard) & COUNTED : 0;
  if (seat->compositor->locked || inos_shortcuts_inhibited (seat))
    return NULL;
  return find (seat, modifiers, kind, code);
}

bool inos_binding_button (struct inos_seat *seat, uint32_t button)
{
  return run (seat, find_pointer (seat, INOS_BINDING_BUTTON, button));
}

bool inos_binding_scroll (struct inos_seat *seat, enum inos_scroll direction)
{
  inos_binding_forget_tap (seat);
  return run (seat, find_pointer (seat, INOS_BINDING_SCROLL, direction));
}

bool inos_binding_has_scroll (struct inos_seat *seat, enum inos_scroll direction)
{
  return find_pointer (seat, INOS_BINDING_SCROLL, direction);
}

char *inos_binding_gesture (struct inos_seat *seat, enum inos_finger_move move, uint32_t fingers)
{
  struct inos_binding_flags flags;
  if (fingers < INOS_FINGERS_LEAST || fingers > INOS_FINGERS_MOST)
    return NULL;
  const char *text =
    find_pointer (seat, INOS_BINDING_GESTURE, fingers * INOS_FINGERS_FACTOR + move);
  return text ? g_strdup (inos_binding_flags_read (text, &flags)) : NULL;
}

bool inos_binding_corner (struct inos_seat *seat, const char *corner)
{
  struct inos_compositor *compositor = seat->compositor;
  const char *text = inos_bindings_find_corner (compositor->bindings, corner);
  if (!text || !counts_now (compositor, text) || inos_shortcuts_inhibited (seat))
    return false;
  inos_seat_act (seat);
  return run (seat, text);
}
