/* Keyboards, real and virtual. */
#pragma once

#include <wlr/types/wlr_keyboard.h>

#include "binding_repeat.h"
#include "plain_keys.h"
#include "seat.h"

struct inos_keyboard {
  struct wl_list link; /* inos_seat.keyboards */
  struct inos_seat *seat;
  struct wlr_keyboard *wlr;
  /* Keys whose press was a binding: their release is not the client's business either. */
  uint32_t swallowed[WLR_KEYBOARD_KEYS_CAP];
  size_t swallowed_count;
  /* Keys whose press a window saw, which must see the release. */
  uint32_t sent[WLR_KEYBOARD_KEYS_CAP];
  size_t sent_count;
  uint32_t tap_key; /* key code of a modifier pressed alone, 0 for none */
  struct inos_plain_keys plain;
  struct inos_binding_repeat repeat;

  struct wl_listener key, modifiers, keymap, destroy;
};

/* Takes over a keyboard that brings its own keymap: the group of the real ones, one whose layout
 * differs from theirs, or a virtual one. */
void inos_keyboard_create (struct inos_seat *seat, struct wlr_keyboard *wlr);
/* Lets go of one that stays with us in another way. */
void inos_keyboard_remove (struct inos_seat *seat, struct wlr_keyboard *wlr);

/* Lets go of every keyboard. */
void inos_keyboards_finish (struct inos_seat *seat);
