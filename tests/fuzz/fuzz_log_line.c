/*
 * Fuzz target of what programs write to logs: a line taken apart, and bytes made a text. Whatever
 * comes, the parts are of the line and the text can be shown.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/log_line.h"

#include <glib.h>
#include <string.h>

#define MOST 300u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_text (const char *text)
{
  if (strlen (text) > MOST || !g_utf8_validate (text, -1, NULL))
    g_error ("a text is too long or none");
  for (const char *at = text; *at; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);
    if ((letter < 0x20 && letter != '\t' && letter != '\n') || (letter >= 0x7f && letter < 0xa0))
      g_error ("a text has a control");
  }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *bytes = g_malloc (size + 1);
  struct inos_log_line line;

  if (size > 0)
    memcpy (bytes, data, size);
  inos_log_line_parse (bytes, size, &line);
  if (line.priority >= INOS_LOG_PRIORITIES || line.message < bytes || line.message > bytes + size ||
      line.domain < bytes || line.domain + line.domain_length > bytes + size)
    g_error ("a part is not of its line");
  g_autofree char *text = inos_log_text (bytes, size, MOST, NULL);
  check_text (text);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "(inos-node:123): inos-node-WARNING **: 16:31:22.123: it is late",
    "** Message: 16:31:22.123: bare",
    "2026-01-31T12:34:56.500000+00 node was started",
    "\033[0;1;31mred\033[0m \033]0;title\a\342\200\256after",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "log_line", make_corpus());
}

#endif
