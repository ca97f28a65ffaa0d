/*
 * Fuzz target of multistream-select. The first byte says which side it is and how large the pieces
 * are in which the rest comes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/multistream.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *const names[] = {"/a/1.0.0", "/b/1.0.0"};

/* Answers as a host does. Returns: whether it goes on. */
static bool answer (struct inos_multistream *ms, enum inos_multistream_result result,
                    struct inos_buffer *out)
{
  struct inos_buffer list = {0};

  switch (result) {
  case INOS_MULTISTREAM_ASKED:
    if (!ms->asked || strlen (ms->asked) >= INOS_MULTISTREAM_LINE_MAX)
      g_error ("a proposal is too long");
    inos_multistream_answer (ms, strcmp (ms->asked, names[0]) == 0 ? names[0] : NULL, out);
    return !ms->agreed;
  case INOS_MULTISTREAM_LIST:
    inos_multistream_append (&list, names[0]);
    inos_multistream_answer_list (ms, &list, out);
    inos_buffer_clear (&list);
    return true;
  case INOS_MULTISTREAM_AGREED:
    if (ms->agreed != names[0] && ms->agreed != names[1])
      g_error ("both agree on what nobody proposed");
    return false;
  default:
    return result == INOS_MULTISTREAM_MORE;
  }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_multistream ms = {0};
  struct inos_buffer out = {0};
  size_t piece = size ? data[0] / 2 + 1 : 1, used;
  bool more = true;

  if (size && data[0] % 2)
    inos_multistream_dial (&ms, names, 2, &out);
  for (size_t at = 1; at < size && more; at += used) {
    enum inos_multistream_result result =
      inos_multistream_feed (&ms, data + at, MIN (piece, size - at), &used, &out);
    if (used > MIN (piece, size - at) || (used == 0 && result != INOS_MULTISTREAM_BAD))
      g_error ("it used what was not there, or nothing");
    if (inos_buffer_len (&ms.line) > INOS_MULTISTREAM_LINE_MAX + 2)
      g_error ("it keeps more than a line");
    more = answer (&ms, result, &out);
  }
  inos_buffer_clear (&out);
  inos_multistream_clear (&ms);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#define GREETING "\x13/multistream/1.0.0\n"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "\x21" GREETING "\x09/b/1.0.0\n\x03ls\n\x09/a/1.0.0\n",
    "\x06" GREETING "\x09/b/1.0.0\n\x09/a/1.0.0\n",
    "\x21" GREETING "\x03na\n\x09/b/1.0.0\n",
    "\x07" GREETING "\x09/a/1.0.0\nrest",
    "\xfe\x03ls\n",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_multistream", make_corpus());
}

#endif
