/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/version.h"

#include "node/mesh/wire/varint.h"

#include <string.h>

/* Returns: where @actor is, or would be. */
static unsigned place_of (const struct inos_version *version, uint64_t actor)
{
  unsigned i = 0;

  while (i < version->n && version->parts[i].actor < actor)
    i++;
  return i;
}

static bool is_at (const struct inos_version *version, unsigned i, uint64_t actor)
{
  return i < version->n && version->parts[i].actor == actor;
}

static bool raise_to (struct inos_version *version, uint64_t actor, uint64_t count)
{
  unsigned i = place_of (version, actor);

  if (!is_at (version, i, actor)) {
    if (version->n == INOS_VERSION_ACTORS_MAX)
      return false;
    memmove (&version->parts[i + 1], &version->parts[i],
             (version->n++ - i) * sizeof *version->parts);
    version->parts[i] = (struct inos_version_part){actor, 0};
  }
  version->parts[i].count = MAX (version->parts[i].count, count);
  return true;
}

static uint64_t count_of (const struct inos_version *version, uint64_t actor)
{
  unsigned i = place_of (version, actor);

  return is_at (version, i, actor) ? version->parts[i].count : 0;
}

bool inos_version_write (struct inos_version *version, uint64_t actor)
{
  uint64_t count = count_of (version, actor);

  return count < UINT64_MAX && raise_to (version, actor, count + 1);
}

bool inos_version_merge (struct inos_version *version, const struct inos_version *other)
{
  struct inos_version merged = *version;

  for (unsigned i = 0; i < other->n; i++)
    if (!raise_to (&merged, other->parts[i].actor, other->parts[i].count))
      return false;
  *version = merged;
  return true;
}

/* Whether @a knows something that @b does not. */
static bool knows_more (const struct inos_version *a, const struct inos_version *b)
{
  for (unsigned i = 0; i < a->n; i++)
    if (a->parts[i].count > count_of (b, a->parts[i].actor))
      return true;
  return false;
}

enum inos_version_order inos_version_compare (const struct inos_version *a,
                                              const struct inos_version *b)
{
  bool more = knows_more (a, b), less = knows_more (b, a);

  return more && less ? INOS_VERSION_BESIDE
         : more       ? INOS_VERSION_AFTER
         : less       ? INOS_VERSION_BEFORE
                      : INOS_VERSION_SAME;
}

void inos_version_put (const struct inos_version *version, struct inos_buffer *out)
{
  inos_varint_append (out, version->n);
  for (unsigned i = 0; i < version->n; i++) {
    uint64_t actor = GUINT64_TO_LE (version->parts[i].actor);
    inos_buffer_append (out, &actor, sizeof actor);
    inos_varint_append (out, version->parts[i].count);
  }
}

/* Returns: bytes read, or 0. */
static size_t read_part (struct inos_version *version, const uint8_t *at, size_t len)
{
  struct inos_version_part *part = &version->parts[version->n];
  int read;

  if (len < sizeof part->actor)
    return 0;
  memcpy (&part->actor, at, sizeof part->actor);
  part->actor = GUINT64_FROM_LE (part->actor);
  read = inos_varint_get (at + sizeof part->actor, len - sizeof part->actor, &part->count);
  if (read <= 0 || part->count == 0 || (version->n > 0 && part[-1].actor >= part->actor))
    return 0;
  version->n++;
  return sizeof part->actor + (size_t)read;
}

size_t inos_version_read (struct inos_version *version, const void *bytes, size_t len)
{
  uint64_t n;
  int head = inos_varint_get (bytes, len, &n);

  *version = (struct inos_version){0};
  if (head <= 0 || n > INOS_VERSION_ACTORS_MAX)
    return 0;
  size_t at = (size_t)head;
  for (; n > 0; n--) {
    size_t read = read_part (version, (const uint8_t *)bytes + at, len - at);
    if (read == 0)
      return 0;
    at += read;
  }
  return at;
}
