/*
 * Fuzz target of what Terminal leaves out of a flood: whatever a program writes between lines, in
 * whatever pieces, no more comes out than went in, and what comes last comes out as it was.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "shell/app/terminal_backlog.h"

#include <stdint.h>
#include <string.h>

enum { ROUNDS = 3, LINES = 300 };

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gsize take (InosTerminalBacklog *backlog, gsize most, GString *last)
{
  g_autoptr (GBytes) bytes = inos_terminal_backlog_take (backlog, most);
  gsize n = bytes ? g_bytes_get_size (bytes) : 0;

  if (n > most)
    g_error ("more was given than was asked for");
  if (n > 0)
    g_string_append_len (last, g_bytes_get_data (bytes, NULL), (gssize)n);
  return n;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (size ? data[0] % 3 : 0);
  g_autoptr (GString) out = g_string_new (NULL);
  gsize in = 0;

  inos_terminal_backlog_keep (backlog, size ? data[size - 1] % 20 : 0);
  for (int round = 0; round < ROUNDS; round++) {
    for (size_t at = 0, n; at < size; at += n) {
      n = MIN (size - at, (size_t)1 + data[at] % 31);
      inos_terminal_backlog_add (backlog, data + at, n);
      in += n;
    }
    for (int line = 0; line < LINES; line++, in += 2)
      inos_terminal_backlog_add (backlog, (const guchar *)"x\n", 2);
    take (backlog, size, out);
  }
  inos_terminal_backlog_add (backlog, data, size);
  in += size;
  while (take (backlog, 1000, out) > 0)
    ;
  if (out->len > in)
    g_error ("%zu bytes became %zu", in, out->len);
  if (out->len < size || memcmp (out->str + out->len - size, data, size) != 0)
    if (memchr (data, '\n', size) == NULL)
      g_error ("the last bytes are others");
  inos_terminal_backlog_free (backlog);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "\033[31mred\033[0m\r\n",   "\033[2;4r\n\n\033[r",  "\033[\n\n\n\n",
    "\033]2;title\nmore\007\n", "\302\2331m\n\302\240",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "backlog", make_corpus());
}

#endif
