/*
 * Titles and modes in what programs write, whole, in pieces, and hostile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/scan.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct inos_scan_output scan_of (const char *text)
{
  struct inos_scan_output scan = {0};

  inos_scan_output (&scan, text, strlen (text));
  return scan;
}

static void assert_title (const char *text, const char *title)
{
  struct inos_scan_output whole = scan_of (text), pieces = {0};

  for (const char *c = text; *c; c++)
    inos_scan_output (&pieces, c, 1);
  assert_string_equal (whole.title, title);
  assert_string_equal (pieces.title, title);
}

static void assert_restores (const char *text, const char *wanted)
{
  struct inos_scan_output scan = scan_of (text);
  char out[INOS_RESTORE_MAX];
  size_t size = inos_scan_restore (&scan, out);

  assert_int_equal (size, strlen (wanted));
  assert_memory_equal (out, wanted, size);
}

static void takes_titles (void **state)
{
  assert_title ("\033]0;both\007", "both");
  assert_title ("text\033]2;window\033\\more", "window");
  assert_title ("\033]2;grüße ✓\007", "grüße ✓");
  assert_title ("\033]2;one\007\033]2;two\007", "two");
  assert_title ("\033]2;gone\007\033]2;\007", "");
}

static void leaves_what_is_none (void **state)
{
  assert_title ("\033]1;icon\007", "");
  assert_title ("\033]52;c;Zm9v\007", "");
  assert_title ("\033]8;;https://example.org\007link\033]8;;\007", "");
  assert_title ("\033]2;broken off\030text", "");
  assert_title ("\033]2;broken off\033[31mred", "");
  assert_title ("\033P2;a string of its own\033\\", "");
  assert_title ("\033]2;no end", "");
  assert_title ("]2;no escape\007", "");
}

static void titles_are_fit_to_be_shown (void **state)
{
  g_autoptr (GString) text = g_string_new ("\033]2;");
  struct inos_scan_output scan;

  assert_title ("\033]2;a\tb\nc\177d\007", "abcd");
  assert_title ("\033]2;left\xe2\x80\xaeright\007", "leftright"); /* U+202E */
  assert_title ("\033]2;\xff\xfe\007", "\xef\xbf\xbd\xef\xbf\xbd");
  for (int i = 0; i < 100000; i++)
    g_string_append (text, "ü");
  g_string_append (text, "\007");
  scan = scan_of (text->str);
  assert_true (strlen (scan.title) <= INOS_TITLE_MAX);
  assert_true (g_utf8_validate (scan.title, -1, NULL));
}

static void tells_a_change_once (void **state)
{
  struct inos_scan_output scan = scan_of ("\033]2;same\007");

  assert_true (scan.title_changed);
  scan.title_changed = false;
  inos_scan_output (&scan, "\033]2;same\007", 9);
  assert_false (scan.title_changed);
}

static void restores_modes (void **state)
{
  assert_restores ("", "");
  assert_restores ("\033[?2004h", "\033[?2004h");
  assert_restores ("\033[?2004h\033[?2004l", "");
  assert_restores ("\033[?25l", "\033[?25l");
  assert_restores ("\033[?1049;1006;1000h", "\033[?1049h\033[?1000h\033[?1006h");
  assert_restores ("\033[?1049h\033]2;vi\007", "\033[?1049h\033]2;vi\033\\");
  assert_restores ("\033[?1h\033=\033c", "");
  assert_restores ("\033[4h\033[?12h", "");                    /* not of those */
  assert_restores ("\033[>2004h\033[?2004$p\033[?2004 h", ""); /* nor these */
}

static void numbers_end_somewhere (void **state)
{
  assert_restores ("\033[?99999999999999999999h", "");
  assert_restores ("\033[?1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;25l", "\033[?7l");
  assert_restores ("\033[?;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;h", "");
}

static void everything_fits (void **state)
{
  g_autoptr (GString) text = g_string_new ("\033]2;");
  struct inos_scan_output scan;
  char out[INOS_RESTORE_MAX];

  for (unsigned i = 0; i < INOS_TITLE_MAX; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "\007");
  for (int mode = 0; mode < 3000; mode++)
    g_string_append_printf (text, "\033[?%d%c", mode, mode == 7 || mode == 25 ? 'l' : 'h');
  scan = scan_of (text->str);
  assert_true (inos_scan_restore (&scan, out) < INOS_RESTORE_MAX);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (takes_titles),
    cmocka_unit_test (leaves_what_is_none),
    cmocka_unit_test (titles_are_fit_to_be_shown),
    cmocka_unit_test (tells_a_change_once),
    cmocka_unit_test (restores_modes),
    cmocka_unit_test (numbers_end_somewhere),
    cmocka_unit_test (everything_fits),
  };
  return cmocka_run_group_tests_name ("scan", tests, NULL, NULL);
}
