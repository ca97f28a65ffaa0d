/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/delta.h"

#include "node/mesh/wire/varint.h"

#include <string.h>

#define VERSION 1u
#define CRITICAL 1u
#define KIND_MASK 7u
#define GONE 8u
#define HEAD_MAX (2u + 3u * INOS_VARINT_MAX)
#define SLOT_HEAD_MAX (1u + 7u * INOS_VARINT_MAX)

/* Reading */

static bool fail (struct inos_delta *delta)
{
  delta->bad = true;
  return false;
}

static bool get_byte (struct inos_delta *delta, uint8_t *byte)
{
  if (delta->at == delta->end)
    return fail (delta);
  *byte = *delta->at++;
  return true;
}

static bool get_number (struct inos_delta *delta, uint64_t *number)
{
  int read = inos_varint_get (delta->at, (size_t)(delta->end - delta->at), number);

  if (read <= 0)
    return fail (delta);
  delta->at += read;
  return true;
}

static bool get_bytes (struct inos_delta *delta, const uint8_t **bytes, size_t *len)
{
  uint64_t number;

  if (!get_number (delta, &number) || number > (size_t)(delta->end - delta->at))
    return fail (delta);
  *bytes = delta->at;
  *len = (size_t)number;
  delta->at += number;
  return true;
}

static bool get_actors (struct inos_delta *delta)
{
  uint64_t n;

  if (!get_number (delta, &n) || n == 0 || n > INOS_DELTA_ACTORS_MAX ||
      n * 8 > (size_t)(delta->end - delta->at))
    return fail (delta);
  delta->actors = delta->at;
  delta->n_actors = (unsigned)n;
  delta->at += n * 8;
  return true;
}

static bool get_head (struct inos_delta *delta)
{
  uint8_t version, flags;

  if (!get_byte (delta, &version) || !get_byte (delta, &flags) || version != VERSION ||
      flags > CRITICAL || !get_number (delta, &delta->base) || !get_actors (delta) ||
      !get_number (delta, &delta->left))
    return fail (delta);
  delta->critical = flags & CRITICAL;
  return (delta->left > 0 && delta->left <= INOS_DELTA_SLOTS_MAX) || fail (delta);
}

static uint64_t actor_at (const struct inos_delta *delta, unsigned i)
{
  uint64_t actor;

  memcpy (&actor, delta->actors + (size_t)i * 8, sizeof actor);
  return GUINT64_FROM_LE (actor);
}

/* @from less a number that is not above it. */
static bool get_less (struct inos_delta *delta, uint64_t from, uint64_t *out)
{
  uint64_t less;

  if (!get_number (delta, &less) || less > from)
    return fail (delta);
  *out = from - less;
  return true;
}

static bool get_content (struct inos_delta *delta, struct inos_slot *slot)
{
  switch (slot->kind) {
  case INOS_SLOT_VALUE:
    return slot->gone || get_bytes (delta, &slot->value, &slot->value_len);
  case INOS_SLOT_SHARE:
    return get_bytes (delta, &slot->value, &slot->value_len);
  case INOS_SLOT_ELEMENT:
    return get_bytes (delta, (const uint8_t **)&slot->element, &slot->element_len) &&
           get_less (delta, slot->stamp, &slot->added) &&
           get_less (delta, slot->added, &slot->removed);
  case INOS_SLOT_COUNT:
    return get_number (delta, &slot->plus) && get_number (delta, &slot->minus);
  default:
    return fail (delta);
  }
}

static bool get_slot (struct inos_delta *delta, struct inos_slot *slot)
{
  uint64_t actor, since;
  uint8_t kind;

  *slot = (struct inos_slot){0};
  if (!get_byte (delta, &kind) || !get_number (delta, &actor) || actor >= delta->n_actors ||
      !get_number (delta, &since) || since > UINT64_MAX - delta->base ||
      !get_bytes (delta, (const uint8_t **)&slot->key, &slot->key_len))
    return fail (delta);
  slot->kind = (enum inos_slot_kind) (kind & KIND_MASK);
  slot->gone = kind & GONE;
  if (kind > (KIND_MASK | GONE) || (slot->gone && slot->kind != INOS_SLOT_VALUE))
    return fail (delta);
  slot->actor = actor_at (delta, (unsigned)actor);
  slot->stamp = delta->base + since;
  return get_content (delta, slot) && (inos_slot_is_sound (slot) || fail (delta));
}

bool inos_delta_next (struct inos_delta *delta, struct inos_slot *slot)
{
  if (delta->bad || delta->left == 0)
    return false;
  delta->left--;
  return get_slot (delta, slot);
}

bool inos_delta_read (struct inos_delta *delta, const void *bytes, size_t len)
{
  const uint8_t *at = bytes;
  struct inos_slot slot;

  *delta = (struct inos_delta){.at = at, .end = len > 0 ? at + len : at};
  if (len > INOS_DELTA_MAX || !get_head (delta))
    return false;
  struct inos_delta walk = *delta;
  while (inos_delta_next (&walk, &slot))
    continue;
  return !walk.bad && walk.at == walk.end;
}

/* Writing */

static unsigned place_of (const struct inos_delta_writer *writer, uint64_t actor)
{
  unsigned i = 0;

  while (i < writer->n_actors && writer->actors[i] != actor)
    i++;
  return i;
}

bool inos_delta_put (struct inos_delta_writer *writer, const struct inos_slot *slot, size_t max)
{
  unsigned place = place_of (writer, slot->actor);
  size_t size = SLOT_HEAD_MAX + slot->key_len + slot->element_len + slot->value_len;

  if (place == writer->n_actors)
    size += 8;
  if (writer->n_slots == 0)
    size += HEAD_MAX;
  if (writer->size + size > MIN (max, INOS_DELTA_MAX) || place == INOS_DELTA_ACTORS_MAX ||
      writer->n_slots == INOS_DELTA_SLOTS_MAX)
    return false;
  if (place == writer->n_actors)
    writer->actors[writer->n_actors++] = slot->actor;
  if (!writer->pending)
    writer->pending = g_new (struct inos_slot, INOS_DELTA_SLOTS_MAX);
  writer->base = writer->n_slots == 0 ? slot->stamp : MIN (writer->base, slot->stamp);
  writer->pending[writer->n_slots++] = *slot;
  writer->size += size;
  return true;
}

void inos_delta_keep (struct inos_delta_writer *writer, GBytes *bytes)
{
  if (!writer->kept)
    writer->kept = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_ptr_array_add (writer->kept, bytes);
}

static void put_bytes (struct inos_buffer *out, const void *bytes, size_t len)
{
  inos_varint_append (out, len);
  inos_buffer_append (out, bytes, len);
}

static void put_slot (const struct inos_delta_writer *writer, const struct inos_slot *slot,
                      struct inos_buffer *out)
{
  uint8_t kind = (uint8_t)(slot->kind | (slot->gone ? GONE : 0));

  inos_buffer_append (out, &kind, 1);
  inos_varint_append (out, place_of (writer, slot->actor));
  inos_varint_append (out, slot->stamp - writer->base);
  put_bytes (out, slot->key, slot->key_len);
  if (inos_slot_has_value (slot) && !slot->gone)
    put_bytes (out, slot->value, slot->value_len);
  if (slot->kind == INOS_SLOT_ELEMENT) {
    put_bytes (out, slot->element, slot->element_len);
    inos_varint_append (out, slot->stamp - slot->added);
    inos_varint_append (out, slot->added - slot->removed);
  }
  if (slot->kind == INOS_SLOT_COUNT) {
    inos_varint_append (out, slot->plus);
    inos_varint_append (out, slot->minus);
  }
}

void inos_delta_finish (struct inos_delta_writer *writer, bool critical, struct inos_buffer *out)
{
  const uint8_t head[] = {VERSION, critical ? CRITICAL : 0};

  if (writer->n_slots > 0) {
    inos_buffer_append (out, head, sizeof head);
    inos_varint_append (out, writer->base);
    inos_varint_append (out, writer->n_actors);
    for (unsigned i = 0; i < writer->n_actors; i++) {
      uint64_t actor = GUINT64_TO_LE (writer->actors[i]);
      inos_buffer_append (out, &actor, sizeof actor);
    }
    inos_varint_append (out, writer->n_slots);
    for (unsigned i = 0; i < writer->n_slots; i++)
      put_slot (writer, &writer->pending[i], out);
  }
  inos_delta_writer_clear (writer);
}

void inos_delta_writer_clear (struct inos_delta_writer *writer)
{
  g_free (writer->pending);
  g_clear_pointer (&writer->kept, g_ptr_array_unref);
  *writer = (struct inos_delta_writer){0};
}
