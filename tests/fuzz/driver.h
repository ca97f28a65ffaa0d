/*
 * What runs a fuzz target without libFuzzer: a mutator with a fixed seed over a corpus that the
 * target makes, so that the same run can be had anywhere, with any compiler; it also writes that
 * corpus into a folder. Included behind the target itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <string.h>

#define SEED 0x1705
#define INPUT_MAX 4096

/* One to three of the corpus after each other, with up to eight changes. */
static size_t make_input (GRand *rand, GPtrArray *corpus, uint8_t *out)
{
  static const uint8_t odd[] = {0, 1, 3, 4, 0x7f, 0x80, 0xfe, 0xff};
  size_t len = 0;

  for (int pieces = g_rand_int_range (rand, 1, 4); pieces > 0; pieces--) {
    gsize size;
    const void *bytes =
      g_bytes_get_data (corpus->pdata[g_rand_int_range (rand, 0, (gint32)corpus->len)], &size);
    memcpy (out + len, bytes, size);
    len += size;
  }
  for (int changes = g_rand_int_range (rand, 0, 9); changes > 0 && len > 1; changes--) {
    size_t at = (size_t)g_rand_int_range (rand, 0, (gint32)len);
    switch (g_rand_int_range (rand, 0, 5)) {
    case 0:
      out[at] ^= (uint8_t)(1 << g_rand_int_range (rand, 0, 8));
      break;
    case 1:
      out[at] = odd[g_rand_int_range (rand, 0, sizeof odd)];
      break;
    case 2: /* at the beginning, where it hurts */
      out[g_rand_int_range (rand, 0, (gint32)MIN (len, 44))] = (uint8_t)g_rand_int (rand);
      break;
    case 3: /* something goes */
      memmove (out + at, out + at + 1, len - at - 1);
      len--;
      break;
    default: /* something comes */
      if (len < INPUT_MAX) {
        memmove (out + at + 1, out + at, len - at);
        len++;
      }
    }
  }
  return len;
}

static int write_corpus (GPtrArray *corpus, const char *folder, const char *name)
{
  for (guint i = 0; i < corpus->len; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%s-%u", folder, name, i);
    g_autoptr (GError) error = NULL;
    gsize size;
    const char *bytes = g_bytes_get_data (corpus->pdata[i], &size);
    if (!g_file_set_contents (path, bytes, (gssize)size, &error)) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  }
  return 0;
}

/* A target's main(); @name is that of its corpus' files, @corpus (transfer full) GBytes. */
static int fuzz_main (int argc, char **argv, const char *name, GPtrArray *made)
{
  guint64 rounds = 200000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (GPtrArray) corpus = made;
  uint8_t input[INPUT_MAX];

  if (argc == 3 && g_str_equal (argv[1], "--corpus"))
    return write_corpus (corpus, argv[2], name);
  if (argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXUINT64, &rounds, NULL)) {
    g_printerr ("%s [ROUNDS | --corpus FOLDER]\n", argv[0]);
    return 2;
  }
  for (guint64 i = 0; i < rounds; i++) {
    size_t len = make_input (rand, corpus, input);
    g_autofree uint8_t *exact =
      g_memdup2 (input, len); /* of that size, so that a read past its end is seen */
    LLVMFuzzerTestOneInput (exact, len);
  }
  g_print ("%" G_GUINT64_FORMAT " inputs\n", rounds);
  return 0;
}
