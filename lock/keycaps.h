/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on the keys of a keymap of XKB, for keyboards that are drawn: the lock screen's
 * (board.h) and the desktop's (shell/keyboard/keys.h). Keys have the kernel's numbers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xkbcommon/xkbcommon.h>

enum {
  INOS_KEYCAPS_EVDEV = 8, /* by how much XKB's numbers are larger */
  INOS_KEYCAPS_LEVELS = 4,
  INOS_KEYCAPS_ROWS = 4,
  INOS_KEYCAPS_TEXT = 16, /* bytes of what stands on a key, at most */
};

/* Rows from the digits down, of what types; 0 ends them. Those behind the last letters are where
 * the layout has them; BACKSLASH, which is in none, is beside Enter where there is a key beside the
 * left Shift, 102ND, and else above Enter. */
extern const uint32_t inos_keycaps_rows[INOS_KEYCAPS_ROWS][16];

/* NoSymbol where there is none; keys that all layouts share have one alone. */
xkb_keysym_t inos_keycaps_symbol (struct xkb_keymap *keymap, xkb_layout_index_t layout,
                                  uint32_t code, xkb_level_index_t level);
/* What stands on a key with that symbol, "" for nothing; a mark that stands on a letter is on a
 * circle. Returns whether the key waits for the next. */
bool inos_keycaps_write (char text[INOS_KEYCAPS_TEXT], xkb_keysym_t symbol);
/* Whether nothing stands on the key, on any level. */
bool inos_keycaps_is_empty (struct xkb_keymap *keymap, xkb_layout_index_t layout, uint32_t code);
