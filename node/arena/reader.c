/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/arena/reader.h"

#include <gio/gio.h>
#include <string.h>

/* Of this build, not of the memory: what is there is not asked where anything is. */
static const struct {
  uint32_t rows, row_size, copy[2];
} tables[INOS_ARENA_TABLES] = {
#define TABLE(NAME, rows, size, first, second, ring)                                               \
  [INOS_ARENA_TABLE_##NAME] = {rows, size, {first, second}},
  INOS_ARENA_EACH (TABLE)
#undef TABLE
};

static const struct {
  enum inos_arena_table table;
  size_t at, size;
} texts[] = {
#define TEXT(NAME, at, size) {INOS_ARENA_TABLE_##NAME, at, size},
  INOS_ARENA_EACH_TEXT (TEXT)
#undef TEXT
};

/* Whoever reads a string finds its end in it. */
static void end_texts (enum inos_arena_table table, uint8_t *rows, uint32_t count)
{
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    for (uint32_t k = 0; texts[i].table == table && k < count; k++)
      rows[(size_t)k * tables[table].row_size + texts[i].at + texts[i].size - 1] = '\0';
}

bool inos_arena_view_init (struct inos_arena_view *view, const void *base, size_t size,
                           GError **error)
{
  const uint8_t *bytes = base;
  struct inos_arena_header header;

  if (size < INOS_ARENA_END) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "An arena has more than %zu bytes.",
                 size);
    return false;
  }
  memcpy (&header, bytes + INOS_ARENA_METADATA, sizeof header);
  if (memcmp (&header.magic, INOS_ARENA_MAGIC, sizeof header.magic) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This memory is no arena.");
    return false;
  }
  if (header.version != INOS_ARENA_VERSION || header.layout != INOS_ARENA_LAYOUT ||
      header.tables != INOS_ARENA_TABLES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "The node's arena is of version %u, and this program reads version %u: they are "
                 "of different builds. Log out and in again.",
                 header.version, INOS_ARENA_VERSION);
    return false;
  }
  *view = (struct inos_arena_view){.base = bytes, .size = size};
  return true;
}

static const struct inos_arena_descriptor *descriptor (const struct inos_arena_view *view,
                                                       enum inos_arena_table table)
{
  return (const struct inos_arena_descriptor *)(const void *)(view->base + INOS_ARENA_DESCRIPTORS) +
         table;
}

/* Each word before what is loaded after it. */
static void load (void *to, const void *from, size_t size)
{
  const uint64_t *words = from;

  for (size_t i = 0; i < size / sizeof *words; i++) {
    uint64_t word = __atomic_load_n (&words[i], __ATOMIC_ACQUIRE);
    memcpy ((uint8_t *)to + i * sizeof word, &word, sizeof word);
  }
}

enum inos_arena_result inos_arena_read (const struct inos_arena_view *view,
                                        enum inos_arena_table table, void *rows, uint32_t room,
                                        struct inos_arena_copy *copy)
{
  const struct inos_arena_descriptor *d = descriptor (view, table);

  for (unsigned i = 0; i < INOS_ARENA_TRIES; i++) {
    uint32_t epoch = __atomic_load_n (&d->done, __ATOMIC_ACQUIRE);
    const uint8_t *from = view->base + tables[table].copy[epoch % 2];
    load (copy, from, sizeof *copy);
    bool fits = copy->count <= tables[table].rows;
    uint32_t count = MIN (copy->count, MIN (room, tables[table].rows));
    load (rows, from + sizeof *copy, (size_t)count * tables[table].row_size);
    if (__atomic_load_n (&d->begun, __ATOMIC_ACQUIRE) - epoch > 1)
      continue;
    if (!fits)
      return INOS_ARENA_BROKEN;
    copy->count = count;
    end_texts (table, rows, count);
    return INOS_ARENA_OK;
  }
  return INOS_ARENA_BUSY;
}

uint32_t inos_arena_epoch (const struct inos_arena_view *view, enum inos_arena_table table)
{
  return __atomic_load_n (&descriptor (view, table)->done, __ATOMIC_ACQUIRE);
}
