/*
 * Fuzz target of what the node looks for in a terminal's output: titles and modes. Whatever comes,
 * a title can be shown, what is restored fits, and pieces say the same as the whole.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/scan.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_title (const char *title)
{
  if (strlen (title) > INOS_TITLE_MAX || !g_utf8_validate (title, -1, NULL))
    g_error ("a title is too long, or no UTF-8");
  for (const char *c = title; *c; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      g_error ("a title has a control");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_scan_output whole = {0}, pieces = {0}, again = {0};
  char out[INOS_RESTORE_MAX], once_more[INOS_RESTORE_MAX];

  inos_scan_output (&whole, data, size);
  for (size_t at = 0, n; at < size; at += n) {
    n = MIN (size - at, (size_t)1 + data[at] % 7);
    inos_scan_output (&pieces, data + at, n);
  }
  check_title (whole.title);
  if (strcmp (whole.title, pieces.title) != 0 || whole.modes != pieces.modes ||
      whole.state != pieces.state)
    g_error ("pieces say something else than the whole");
  size_t length = inos_scan_restore (&whole, out);
  inos_scan_output (&again, out, length);
  if (length >= sizeof out || again.modes != whole.modes ||
      strcmp (again.title, whole.title) != 0 || inos_scan_restore (&again, once_more) != length)
    g_error ("what is restored is not what was");
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "\033]0;title\007",        "text\033]2;w\033\\more", "\033[?1049;25;2004h\033[?25l",
    "\033P1;2|abc\033\\\033c", "\033]52;c;Zm9v\007",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "terminal_scan", make_corpus());
}

#endif
