/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/arena/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a whole run of readers may leave unread; see docs/arena.md. */
#define THRESHOLD 8u

struct inos_arena {
  int fd;
  uint8_t *base; /* INOS_ARENA_SIZE bytes */
};

static const struct {
  uint32_t rows, row_size, copy[2];
} tables[INOS_ARENA_TABLES] = {
#define TABLE(NAME, rows, size, first, second, ring)                                               \
  [INOS_ARENA_TABLE_##NAME] = {rows, size, {first, second}},
  INOS_ARENA_EACH (TABLE)
#undef TABLE
};

static bool fail (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "There is no arena for the desktop to read: %s: %s", what, g_strerror (errno));
  return false;
}

static void describe (struct inos_arena *arena, int64_t started)
{
  struct inos_arena_header *header = inos_arena_header (arena);
  struct inos_arena_descriptor *descriptor = (void *)(arena->base + INOS_ARENA_DESCRIPTORS);

  for (unsigned i = 0; i < INOS_ARENA_TABLES; i++)
    descriptor[i] = (struct inos_arena_descriptor){.rows = tables[i].rows,
                                                   .row_size = tables[i].row_size,
                                                   .first = tables[i].copy[0],
                                                   .second = tables[i].copy[1]};
  *header = (struct inos_arena_header){.version = INOS_ARENA_VERSION,
                                       .tables = INOS_ARENA_TABLES,
                                       .layout = INOS_ARENA_LAYOUT,
                                       .started = started,
                                       .threshold = THRESHOLD};
  memcpy (&header->magic, INOS_ARENA_MAGIC, sizeof header->magic);
}

/* The mapping comes before the last seal, after which there can be no other that writes. */
static bool make (struct inos_arena *arena, GError **error)
{
  arena->fd = memfd_create ("inos-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (arena->fd < 0)
    return fail (error, "memfd_create");
  if (ftruncate (arena->fd, INOS_ARENA_SIZE) < 0)
    return fail (error, "ftruncate to 48 MiB");
  void *base = mmap (NULL, INOS_ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, arena->fd, 0);
  if (base == MAP_FAILED)
    return fail (error, "mmap");
  arena->base = base;
  if (fcntl (arena->fd, F_ADD_SEALS,
             F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0)
    return fail (error, "sealing it, for which Linux 5.1 is needed");
  return true;
}

struct inos_arena *inos_arena_new (int64_t started, GError **error)
{
  struct inos_arena *arena = g_new0 (struct inos_arena, 1);

  if (!make (arena, error)) {
    inos_arena_free (arena);
    return NULL;
  }
  describe (arena, started);
  return arena;
}

void inos_arena_free (struct inos_arena *arena)
{
  if (!arena)
    return;
  if (arena->base)
    munmap (arena->base, INOS_ARENA_SIZE);
  if (arena->fd >= 0)
    close (arena->fd);
  g_free (arena);
}

int inos_arena_fd (const struct inos_arena *arena)
{
  return arena->fd;
}

struct inos_arena_header *inos_arena_header (struct inos_arena *arena)
{
  return (void *)(arena->base + INOS_ARENA_METADATA);
}

/* Writing */

/* Word by word, each after what was stored before it: a reader that sees one sees that its epoch
 * has begun. What is the same already stays in the caches of who reads it. */
static void store (void *to, const void *from, size_t size)
{
  uint64_t *words = to;

  for (size_t i = 0; i < size / sizeof *words; i++) {
    uint64_t word;
    memcpy (&word, (const uint8_t *)from + i * sizeof word, sizeof word);
    if (__atomic_load_n (&words[i], __ATOMIC_RELAXED) != word)
      __atomic_store_n (&words[i], word, __ATOMIC_RELEASE);
  }
}

static bool is_same (const struct inos_arena_copy *newest, const void *rows, size_t size,
                     const struct inos_arena_copy *now)
{
  return newest->count == now->count && newest->total == now->total &&
         newest->dropped == now->dropped && memcmp (newest + 1, rows, size) == 0;
}

bool inos_arena_write (struct inos_arena *arena, enum inos_arena_table table, const void *rows,
                       uint32_t count, uint64_t total)
{
  struct inos_arena_descriptor *descriptor =
    (struct inos_arena_descriptor *)(void *)(arena->base + INOS_ARENA_DESCRIPTORS) + table;
  uint32_t fit = MIN (count, tables[table].rows), epoch = descriptor->done + 1;
  size_t size = (size_t)fit * tables[table].row_size;
  uint8_t *newest = arena->base + tables[table].copy[descriptor->done % 2];
  uint8_t *copy = arena->base + tables[table].copy[epoch % 2];
  struct inos_arena_copy head = {.count = fit, .dropped = count - fit, .total = total};

  if (is_same ((void *)newest, rows, size, &head))
    return false;
  head.time = g_get_real_time();
  head.clock = (uint64_t)g_get_monotonic_time() * 1000;
  __atomic_store_n (&descriptor->begun, epoch, __ATOMIC_RELAXED);
  store (copy, &head, sizeof head);
  store (copy + sizeof head, rows, size);
  __atomic_store_n (&descriptor->done, epoch, __ATOMIC_RELEASE);
  return true;
}

void inos_arena_text (char *to, size_t size, const char *from)
{
  const char *end;

  memset (to, 0, size);
  if (!from)
    return;
  g_autofree char *valid = g_utf8_make_valid (from, (gssize)strnlen (from, size));
  g_autofree char *cut = g_strndup (valid, size - 1);
  g_utf8_validate (cut, -1, &end);
  memcpy (to, cut, (size_t)(end - cut));
}
