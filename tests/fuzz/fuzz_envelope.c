/*
 * Fuzz target of the envelope codec. With -DFUZZ_MAIN it has a driver of its own (driver.h).
 * Without, it is a libFuzzer target, which needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"

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

#include "driver.h"

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

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "envelope", make_corpus());
}

#endif
