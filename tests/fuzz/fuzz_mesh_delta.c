/*
 * Fuzz target of deltas: what is one is merged into a document, whose bounds hold, and which then
 * knows it: the same again, or written and read once more, changes nothing. See fuzz_envelope.c for
 * how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/document.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static uint64_t now (void *data)
{
  return 1000000000;
}

static int64_t wall (void *data)
{
  return INT64_C (1760000000000);
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len);
}

static const struct inos_mesh_env env = {NULL, now, wall, random_bytes};

/* Returns: whether something was new. */
static bool merge (struct inos_document *document, const void *bytes, size_t len)
{
  struct inos_delta delta;
  struct inos_slot slot;
  bool any = false;

  if (!inos_delta_read (&delta, bytes, len))
    return false;
  while (inos_delta_next (&delta, &slot)) {
    if (!inos_slot_is_sound (&slot))
      g_error ("a slot is not sound");
    any |= inos_document_merge (document, &slot) == INOS_DOCUMENT_TAKEN;
  }
  if (delta.bad)
    g_error ("it was a delta, and is none");
  return any;
}

/* All of it, written out and merged, is nothing new. */
static void check_again (struct inos_document *document)
{
  struct inos_delta_writer writer = {0};
  struct inos_buffer out = {0};
  struct inos_delta delta;

  for (unsigned i = 0; i < inos_document_slots (document); i++)
    if (!inos_document_write (document, i, &writer, INOS_DELTA_MAX))
      break;
  inos_delta_finish (&writer, false, &out);
  if (inos_buffer_len (&out) > 0 &&
      !inos_delta_read (&delta, inos_buffer_data (&out), inos_buffer_len (&out)))
    g_error ("what is written is no delta");
  if (merge (document, inos_buffer_data (&out), inos_buffer_len (&out)))
    g_error ("its own slots are new to it");
  inos_buffer_clear (&out);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_document *document =
    inos_document_new (&(struct inos_document_setup){.env = &env, .actor = 1});

  inos_document_put (document, "a", "own", 3);
  inos_document_add (document, "b", "x");
  merge (document, data, size);
  if (inos_document_bytes (document) > INOS_DOCUMENT_BYTES_MAX ||
      inos_document_slots (document) > size + 2)
    g_error ("the document is too large");
  if (merge (document, data, size))
    g_error ("the same again is new");
  check_again (document);
  inos_document_pack (document, 0);
  check_again (document);
  inos_document_total (document, "n");
  inos_document_take (document, "b", "x");
  inos_document_remove (document, "a");
  inos_document_settle (document, inos_document_stamp (document));
  g_ptr_array_unref (inos_document_elements (document, "b"));
  g_ptr_array_unref (inos_document_keys (document));
  inos_document_free (document);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, const struct inos_slot *slots, unsigned n, bool critical)
{
  struct inos_delta_writer writer = {0};
  struct inos_buffer out = {0};

  for (unsigned i = 0; i < n; i++)
    inos_delta_put (&writer, &slots[i], INOS_DELTA_MAX);
  inos_delta_finish (&writer, critical, &out);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_buffer_clear (&out);
}

static GPtrArray *make_corpus (void)
{
  static uint8_t text[200];
  const uint64_t stamp = inos_stamp_of (INT64_C (1760000000000));
  const struct inos_slot slots[] = {
    {.kind = INOS_SLOT_VALUE,
     .key = "a",
     .key_len = 1,
     .actor = 2,
     .stamp = stamp + 1,
     .value = text,
     .value_len = sizeof text},
    {.kind = INOS_SLOT_VALUE, .gone = true, .key = "c", .key_len = 1, .actor = 1, .stamp = stamp},
    {.kind = INOS_SLOT_ELEMENT,
     .key = "b",
     .key_len = 1,
     .element = "x",
     .element_len = 1,
     .actor = 1,
     .stamp = stamp + 9,
     .added = stamp + 5,
     .removed = stamp + 2},
    {.kind = INOS_SLOT_COUNT,
     .key = "n",
     .key_len = 1,
     .actor = 3,
     .stamp = stamp,
     .plus = 5,
     .minus = 7},
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (unsigned i = 0; i < G_N_ELEMENTS (slots); i++)
    add (corpus, &slots[i], 1, i % 2);
  add (corpus, slots, G_N_ELEMENTS (slots), false);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_delta", make_corpus());
}

#endif
