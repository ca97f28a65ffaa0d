/*
 * Fuzz target of the envelope codec. With -DFUZZ_MAIN it brings a driver of its own: a mutator with
 * a fixed seed over a corpus made here, so that the same run can be had anywhere, with any
 * compiler; it also writes that corpus into a folder. Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What came out has to go in again, and to come out the same. */
static void check (const struct inos_frame *e)
{
  g_autoptr (GBytes) frame = inos_frame_encode (e);
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame again;
  gsize len;

  if (!frame)
    g_error ("what was decoded cannot be encoded");
  const void *bytes = g_bytes_get_data (frame, &len);
  inos_decoder_push (decoder, bytes, len);
  if (inos_decoder_next (decoder, &again, NULL) != INOS_DECODE_ONE || again.id != e->id ||
      again.kind != e->kind || again.reply_to != e->reply_to || strcmp (again.type, e->type) != 0 ||
      !g_variant_equal (again.payload, e->payload))
    g_error ("an envelope changed on the way");
  inos_frame_clear (&again);
  inos_decoder_free (decoder);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_decoder *decoder = inos_decoder_new();
  size_t piece = size ? data[0] % 61 + 1 : 1; /* the stream comes in pieces of some size */
  bool more = true;

  for (size_t at = 0; at < size && more; at += piece) {
    inos_decoder_push (decoder, data + at, MIN (piece, size - at));
    for (enum inos_decode result = INOS_DECODE_ONE; more && result != INOS_DECODE_MORE;) {
      struct inos_frame e;
      g_autoptr (GError) error = NULL;
      result = inos_decoder_next (decoder, &e, &error);
      if ((result == INOS_DECODE_BAD) != (error != NULL))
        g_error ("an error without a reason, or the other way round");
      more = result != INOS_DECODE_BAD || !inos_api_error_is_fatal (error);
      if (result == INOS_DECODE_ONE)
        check (&e);
      inos_frame_clear (&e);
    }
  }
  inos_decoder_free (decoder);
  return 0;
}

#ifdef FUZZ_MAIN

#define SEED 0x1705
#define INPUT_MAX 4096

static void add (GPtrArray *corpus, enum inos_kind kind, const char *type, const char *payload)
{
  struct inos_frame e = {.kind = kind, .priority = 2, .version = 1, .id = 7};

  e.reply_to = kind == INOS_REPLY || kind == INOS_ERROR ? 3 : 0;
  g_strlcpy (e.type, type, sizeof e.type);
  e.payload = g_variant_ref_sink (g_variant_new_parsed (payload));
  g_ptr_array_add (corpus, inos_frame_encode (&e));
  inos_frame_clear (&e);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  add (corpus, INOS_REQUEST, "node.info", "()");
  add (corpus, INOS_REPLY, "node.info", "('12D3KooW', '0.1.0', 'host', int64 1, 'abcd')");
  add (corpus, INOS_REQUEST, "node.subscribe", "(uint32 1000,)");
  add (corpus, INOS_ERROR, "node.error", "('too-many', 'why')");
  add (corpus, INOS_EVENT, "node.alert", "('cpu', true, 90.0, 70.0, 'busy')");
  add (corpus, INOS_REPLY, "node.alerts",
       "[('cpu', 90.0, 70.0, 'busy'), ('memory', 90.0, 80.0, 'full')]");
  add (corpus, INOS_EVENT, "node.resources",
       "@" INOS_RESOURCES_TYPE
       " (1, 12.5, [1.0, 2.0], (0.1, 0.2, 0.3), 4, 3, 2, 1, [('cpu.some', 1.0, 2.0, 3.0)],"
       "[('/', 'ext4', 3, 2, 1)], [('lo', true, 1, 2, 3, 4)], [('Core', 40.0)], (true, 99.0, "
       "false, -1))");
  return corpus;
}

/* One to three frames after each other, with up to eight changes. */
static size_t make_input (GRand *rand, GPtrArray *corpus, uint8_t *out)
{
  static const uint8_t odd[] = {0, 1, 3, 4, 0x7f, 0x80, 0xfe, 0xff};
  size_t len = 0;

  for (int frames = g_rand_int_range (rand, 1, 4); frames > 0; frames--) {
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
    case 2: /* in a header, where it hurts */
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

static int write_corpus (GPtrArray *corpus, const char *folder)
{
  for (guint i = 0; i < corpus->len; i++) {
    g_autofree char *path = g_strdup_printf ("%s/envelope-%u", folder, i);
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

int main (int argc, char **argv)
{
  guint64 rounds = 200000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (GPtrArray) corpus = make_corpus();
  uint8_t input[INPUT_MAX];

  if (argc == 3 && g_str_equal (argv[1], "--corpus"))
    return write_corpus (corpus, argv[2]);
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

#endif
