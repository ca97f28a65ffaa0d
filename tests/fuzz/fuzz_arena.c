/*
 * Fuzz target of the reader of the arena: counters, heads of copies and rows of any bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/arena/reader.h"

#include <string.h>

#define ROOM 8u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const uint32_t copies[][2] = {
#define COPIES(NAME, rows, size, first, second, ring) {first, second},
  INOS_ARENA_EACH (COPIES)
#undef COPIES
};

static const struct {
  enum inos_arena_table table;
  size_t at, size;
} texts[] = {
#define TEXT(NAME, at, size) {INOS_ARENA_TABLE_##NAME, at, size},
  INOS_ARENA_EACH_TEXT (TEXT)
#undef TEXT
};

static const size_t row_sizes[] = {
#define SIZE(NAME, rows, size, first, second, ring) size,
  INOS_ARENA_EACH (SIZE)
#undef SIZE
};

static uint8_t *memory (void)
{
  static uint8_t *bytes;

  if (!bytes) {
    struct inos_arena_header header = {
      .version = INOS_ARENA_VERSION, .tables = INOS_ARENA_TABLES, .layout = INOS_ARENA_LAYOUT};
    bytes = g_malloc0 (INOS_ARENA_SIZE);
    memcpy (&header.magic, INOS_ARENA_MAGIC, sizeof header.magic);
    memcpy (bytes + INOS_ARENA_METADATA, &header, sizeof header);
  }
  return bytes;
}

/* What the writer would have to hold in the same moment: the descriptors, then each copy. */
static void lay (uint8_t *bytes, const uint8_t *data, size_t size)
{
  size_t part = MIN (size, INOS_ARENA_TABLES * sizeof (struct inos_arena_descriptor));

  memcpy (bytes + INOS_ARENA_DESCRIPTORS, data, part);
  for (size_t i = 0; i < G_N_ELEMENTS (copies); i++)
    for (size_t k = 0; k < 2; k++)
      memcpy (bytes + copies[i][k], data + part,
              MIN (size - part, sizeof (struct inos_arena_copy) + ROOM * row_sizes[i]));
}

static void check (enum inos_arena_table table, const uint8_t *rows, uint32_t count)
{
  if (count > ROOM)
    g_error ("%u rows where there is room for %u", count, ROOM);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    for (uint32_t k = 0; texts[i].table == table && k < count; k++)
      if (!memchr (rows + k * row_sizes[table] + texts[i].at, 0, texts[i].size))
        g_error ("a string has no end");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  uint8_t *bytes = memory();
  struct inos_arena_view view;
  struct inos_arena_copy copy;

  lay (bytes, data, size);
  if (!inos_arena_view_init (&view, bytes, INOS_ARENA_SIZE, NULL))
    g_error ("it is refused");
  for (enum inos_arena_table table = 0; table < INOS_ARENA_TABLES; table++) {
    g_autofree uint8_t *rows = g_malloc (ROOM * row_sizes[table]); /* nothing behind it */
    if (inos_arena_read (&view, table, rows, ROOM, &copy) == INOS_ARENA_OK)
      check (table, rows, copy.count);
  }
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

/* Descriptors whose counters are @begun and @done, and a copy of @count rows of the byte @fill. */
static GBytes *input (uint32_t begun, uint32_t done, uint32_t count, int fill)
{
  struct inos_arena_descriptor descriptors[INOS_ARENA_TABLES];
  struct inos_arena_copy copy = {.count = count};
  uint8_t rows[ROOM * 64];
  GByteArray *bytes = g_byte_array_new();

  for (unsigned i = 0; i < INOS_ARENA_TABLES; i++)
    descriptors[i] = (struct inos_arena_descriptor){.begun = begun, .done = done};
  memset (rows, fill, sizeof rows);
  g_byte_array_append (bytes, (const uint8_t *)descriptors, sizeof descriptors);
  g_byte_array_append (bytes, (const uint8_t *)&copy, sizeof copy);
  g_byte_array_append (bytes, rows, sizeof rows);
  return g_byte_array_free_to_bytes (bytes);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_add (corpus, input (2, 2, 1, 0));
  g_ptr_array_add (corpus, input (3, 2, 4, 'x'));
  g_ptr_array_add (corpus, input (4, 2, UINT32_MAX, 0xff));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "arena", make_corpus());
}

#endif
