/*
 * Lines of Inos' own files taken apart, true, odd and hostile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/log_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct inos_log_line line_of (const char *text)
{
  struct inos_log_line line;

  inos_log_line_parse (text, strlen (text), &line);
  return line;
}

static void assert_domain (const struct inos_log_line *line, const char *expected)
{
  g_autofree char *domain = g_strndup (line->domain, line->domain_length);

  assert_string_equal (domain, expected);
}

static void lines_of_glib_say_what_they_are (void **state)
{
  struct inos_log_line line =
    line_of ("(inos-node:123): inos-node-WARNING **: 16:31:22.123: it is late");

  assert_int_equal (line.priority, INOS_LOG_WARNING);
  assert_int_equal (line.pid, 123);
  assert_int_equal (line.clock, ((16 * 60 + 31) * 60 + 22) * 1000000LL + 123000);
  assert_domain (&line, "inos-node");
  assert_string_equal (line.message, "it is late");

  line = line_of ("GLib-GIO-Message: 00:00:00.000: a-INFO: b");
  assert_int_equal (line.priority, 5);
  assert_int_equal (line.clock, 0);
  assert_domain (&line, "GLib-GIO");
  assert_string_equal (line.message, "a-INFO: b");

  line = line_of ("** (process:2): WARNING **: 17:19:52.053: no bus");
  assert_int_equal (line.priority, INOS_LOG_WARNING);
  assert_int_equal (line.pid, 2);
  assert_domain (&line, "");
  assert_string_equal (line.message, "no bus");

  line = line_of ("** Message: 23:59:59.999: bare");
  assert_int_equal (line.priority, 5);
  assert_domain (&line, "");
  assert_string_equal (line.message, "bare");
}

static void a_line_of_the_session_has_its_day (void **state)
{
  struct inos_log_line line = line_of ("2026-01-31T12:34:56.500000+00 node was started");

  assert_int_equal (line.time, 1769862896500000);
  assert_string_equal (line.message, "node was started");
}

static void a_line_of_wlroots_counts_from_its_begin (void **state)
{
  struct inos_log_line line = line_of ("00:01:01.250 [ERROR] [backend/drm.c:1] no screen");

  assert_int_equal (line.span, 61250000);
  assert_int_equal (line.priority, 3);
  assert_int_equal (line.clock, -1);
  assert_string_equal (line.message, "[backend/drm.c:1] no screen");
}

static void any_other_line_is_all_message (void **state)
{
  static const char *const others[] = {
    "",
    "plain",
    "(a:1): plain",
    "(a:99999999999999): plain",
    "** ",
    "-WARNING",
    "inos-WARNING",
    "25:00:00.000: x",
    "00:00:00.000 [LOUD] x",
    "2026-01-31T12:34:56",
    "2026-99-31T12:34:56Z x",
    "(((((((((((((",
    "****************** INFO: y",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++) {
    struct inos_log_line line = line_of (others[i]);
    assert_string_equal (line.message, others[i]);
    assert_int_equal (line.priority, INOS_LOG_INFO);
    assert_int_equal (line.time, -1);
    assert_int_equal (line.pid, 0);
  }
}

static void assert_text (const char *bytes, size_t length, const char *expected)
{
  g_autofree char *text = inos_log_text (bytes, length, 256, NULL);

  assert_string_equal (text, expected);
}

static void bytes_of_strangers_become_text (void **state)
{
  assert_text ("a\n\tb\r\n \n", 8, "a\n\tb");
  static const char colours[] = "\033[0;1;31mred\033[0m \033]0;title\aafter";

  assert_text (colours, sizeof colours - 1, "red after");
  assert_text ("\033[12", 4, "");
  assert_text ("a\0b\377c\001d", 7, "a\uFFFDb\uFFFDc\uFFFDd");
  assert_text ("gnp\342\200\256exe", 9, "gnp\uFFFDexe");
  assert_text ("\303\251\303", 3, "\303\251\uFFFD");
  for (size_t most = 16; most < 24; most++) {
    bool cut = false;
    g_autofree char *text = inos_log_text ("éééééééééééééééééééé", 40, most, &cut);
    assert_true (cut);
    assert_true (g_utf8_validate (text, -1, NULL));
    assert_true (strlen (text) <= most && strlen (text) + 6 > most);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (lines_of_glib_say_what_they_are),
    cmocka_unit_test (a_line_of_the_session_has_its_day),
    cmocka_unit_test (a_line_of_wlroots_counts_from_its_begin),
    cmocka_unit_test (any_other_line_is_all_message),
    cmocka_unit_test (bytes_of_strangers_become_text),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
