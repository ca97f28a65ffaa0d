/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is on the keys: a keymap of XKB as rows of keys for the page, and the way back from what was
 * pressed to XKB's modifiers. Keys have the kernel's numbers.
 */

#include <json-glib/json-glib.h>
#include <xkbcommon/xkbcommon.h>

/* As XKB has them; "" and NULL are the usual. */
typedef struct {
  const char *rules, *model, *layout, *variant, *options;
} InosKeyNames;

typedef enum {
  INOS_KEYS_SHIFT = 1 << 0,
  INOS_KEYS_ALT_GR = 1 << 1,
  INOS_KEYS_CONTROL = 1 << 2,
  INOS_KEYS_ALT = 1 << 3,
  INOS_KEYS_LOGO = 1 << 4,
} InosKeysModifier;
#define INOS_KEYS_MODIFIERS 31 /* all of them */

/* The keymap of these names; the usual one where there is none, as in the compositor, where it has
 * no letters, or where a name is longer than any that there is. NULL where the machine has no
 * keymaps. */
struct xkb_keymap *inos_keys_compile (const InosKeyNames *names);

/* Whether the keyboard has it: a key of the rows, or one of those around them. */
gboolean inos_keys_has (guint code);

/* Four rows from the digits down, each an array of
 *
 *     { "code": 16, "symbols": ["q", "Q", "@", "Ω"], "dead": 0 }
 *
 * with what the key types alone, with Shift, with AltGr and with both: "" for nothing. dead: a bit
 * for each that waits for the next one. A mark that stands on a letter is shown on a circle. */
JsonNode *inos_keys_describe (struct xkb_keymap *keymap, guint layout);

/* XKB's modifiers to hold so that the key means this; modifiers: of InosKeysModifier. */
guint32 inos_keys_mask (struct xkb_keymap *keymap, guint layout, guint code, guint modifiers);
