/* Keys that are known to be nobody's but the program's, as modifiers, layout and bindings are now.
 * Keymaps are large, and cold by the time a hand presses the next key: what is typed goes past them
 * and past the bindings. */
#pragma once

#include <stdbool.h>
#include <wlr/types/wlr_keyboard.h>

enum { INOS_PLAIN_KEYS = 256 }; /* more have no place, and are asked about each time */

struct inos_plain_keys {
  struct wlr_keyboard_modifiers with;
  unsigned int revision; /* of the bindings */
  uint64_t known[INOS_PLAIN_KEYS / 64], text[INOS_PLAIN_KEYS / 64];
};

enum inos_plain_key {
  INOS_PLAIN_KEY_UNKNOWN, /* whoever asks must find out */
  INOS_PLAIN_KEY_OTHER,
  INOS_PLAIN_KEY_TEXT, /* it writes or moves in a text */
};

/* What is known of the key with this code. revision: of the bindings. */
enum inos_plain_key inos_plain_keys_get (const struct inos_plain_keys *keys,
                                         const struct wlr_keyboard *keyboard, unsigned int revision,
                                         uint32_t code);
/* Notes that the key is for the program alone. */
void inos_plain_keys_set (struct inos_plain_keys *keys, const struct wlr_keyboard *keyboard,
                          unsigned int revision, uint32_t code, enum inos_plain_key key);
/* The keymap is another. */
void inos_plain_keys_forget (struct inos_plain_keys *keys);
