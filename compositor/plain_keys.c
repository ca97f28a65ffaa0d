#include "plain_keys.h"

#include <string.h>

static bool has (const uint64_t *set, uint32_t code)
{
  return set[code / 64] >> code % 64 & 1;
}

static void add (uint64_t *set, uint32_t code)
{
  set[code / 64] |= UINT64_C (1) << code % 64;
}

static bool are_of (const struct inos_plain_keys *keys, const struct wlr_keyboard *keyboard,
                    unsigned int revision)
{
  return keys->revision == revision &&
         memcmp (&keys->with, &keyboard->modifiers, sizeof keys->with) == 0;
}

enum inos_plain_key inos_plain_keys_get (const struct inos_plain_keys *keys,
                                         const struct wlr_keyboard *keyboard, unsigned int revision,
                                         uint32_t code)
{
  if (code >= INOS_PLAIN_KEYS || !has (keys->known, code) || !are_of (keys, keyboard, revision))
    return INOS_PLAIN_KEY_UNKNOWN;
  return has (keys->text, code) ? INOS_PLAIN_KEY_TEXT : INOS_PLAIN_KEY_OTHER;
}

void inos_plain_keys_set (struct inos_plain_keys *keys, const struct wlr_keyboard *keyboard,
                          unsigned int revision, uint32_t code, enum inos_plain_key key)
{
  if (code >= INOS_PLAIN_KEYS)
    return;
  if (!are_of (keys, keyboard, revision)) {
    inos_plain_keys_forget (keys);
    keys->with = keyboard->modifiers;
    keys->revision = revision;
  }
  add (keys->known, code);
  if (key == INOS_PLAIN_KEY_TEXT)
    add (keys->text, code);
}

void inos_plain_keys_forget (struct inos_plain_keys *keys)
{
  memset (keys, 0, sizeof *keys);
}
