/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/slot.h"

#include <sodium.h>
#include <string.h>

static bool is_name (const char *name, size_t len)
{
  return len > 0 && len <= INOS_SLOT_KEY_MAX && g_utf8_validate_len (name, len, NULL);
}

bool inos_slot_is_sound (const struct inos_slot *slot)
{
  if (!is_name (slot->key, slot->key_len) || slot->stamp == 0)
    return false;
  switch (slot->kind) {
  case INOS_SLOT_VALUE:
    return slot->element_len == 0 && slot->value_len <= (slot->gone ? 0 : INOS_SLOT_VALUE_MAX);
  case INOS_SLOT_SHARE:
    return slot->element_len == 0 && !slot->gone && slot->value_len <= INOS_SLOT_VALUE_MAX;
  case INOS_SLOT_ELEMENT:
    return is_name (slot->element, slot->element_len) && slot->added > 0 &&
           slot->removed <= slot->added && slot->added <= slot->stamp;
  case INOS_SLOT_COUNT:
    return slot->element_len == 0 && slot->plus <= INOS_SLOT_COUNT_MAX &&
           slot->minus <= INOS_SLOT_COUNT_MAX;
  default:
    return false;
  }
}

static void add_number (crypto_hash_sha256_state *state, uint64_t number)
{
  number = GUINT64_TO_LE (number);
  crypto_hash_sha256_update (state, (const uint8_t *)&number, sizeof number);
}

static void add_bytes (crypto_hash_sha256_state *state, const void *bytes, size_t len)
{
  add_number (state, len);
  if (len > 0)
    crypto_hash_sha256_update (state, bytes, len);
}

static struct inos_slot_id finish (crypto_hash_sha256_state *state)
{
  uint8_t hash[crypto_hash_sha256_BYTES];
  struct inos_slot_id id;

  crypto_hash_sha256_final (state, hash);
  memcpy (id.bytes, hash, sizeof id.bytes);
  return id;
}

struct inos_slot_id inos_slot_id (const struct inos_slot *slot)
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  add_number (&state, slot->kind);
  add_bytes (&state, slot->key, slot->key_len);
  add_bytes (&state, slot->element, slot->element_len);
  add_number (&state, inos_slot_has_value (slot) ? 0 : slot->actor);
  return finish (&state);
}

struct inos_slot_id inos_slot_digest (const struct inos_slot *slot, const struct inos_slot_id *id)
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, id->bytes, sizeof id->bytes);
  add_number (&state, slot->actor);
  add_number (&state, slot->stamp);
  add_number (&state, slot->gone);
  add_number (&state, slot->added);
  add_number (&state, slot->removed);
  add_number (&state, slot->plus);
  add_number (&state, slot->minus);
  add_bytes (&state, slot->value, slot->value_len);
  return finish (&state);
}

/* Two values of one actor and stamp are written by nobody honest; all the same everybody takes the
 * same one. */
static int compare_contents (const struct inos_slot *a, const struct inos_slot *b)
{
  size_t len = MIN (a->value_len, b->value_len);
  int by_bytes = len > 0 ? memcmp (a->value, b->value, len) : 0;

  if (a->gone != b->gone)
    return a->gone ? 1 : -1;
  return by_bytes != 0 ? by_bytes : (a->value_len > b->value_len) - (a->value_len < b->value_len);
}

static bool merge_values (struct inos_slot *slot, const struct inos_slot *other)
{
  bool later = other->stamp != slot->stamp   ? other->stamp > slot->stamp
               : other->actor != slot->actor ? other->actor > slot->actor
                                             : compare_contents (other, slot) > 0;

  if (!later)
    return false;
  slot->actor = other->actor;
  slot->stamp = other->stamp;
  slot->gone = other->gone;
  slot->value = other->value;
  slot->value_len = other->value_len;
  return true;
}

static bool rise (uint64_t *number, uint64_t other)
{
  if (other <= *number)
    return false;
  *number = other;
  return true;
}

bool inos_slot_merge (struct inos_slot *slot, const struct inos_slot *other)
{
  if (inos_slot_has_value (slot))
    return merge_values (slot, other);
  bool more = rise (&slot->stamp, other->stamp);
  more |= rise (&slot->added, other->added);
  more |= rise (&slot->removed, other->removed);
  more |= rise (&slot->plus, other->plus);
  more |= rise (&slot->minus, other->minus);
  return more;
}
