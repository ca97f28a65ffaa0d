/*
 * inosctl's text: widths, units, and that nothing hostile reaches a terminal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/ctl/table.h"
#include "bridge/ctl/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define assert_text(text, expected)                                                                \
  do {                                                                                             \
    g_autofree char *got = (text);                                                                 \
    assert_string_equal (got, expected);                                                           \
  } while (0)

static void hostile_text_is_defused (void **state)
{
  assert_text (ctl_text_clean ("a\033[2Jb"), "a\uFFFD[2Jb");
  assert_text (ctl_text_clean ("a\nb\r\tc\177"), "a\uFFFDb\uFFFD\uFFFDc\uFFFD");
  assert_text (ctl_text_clean ("\xc2\x9b"
                               "31m"),
               "\uFFFD31m");
  assert_text (ctl_text_clean ("x\u202Egpj.exe"), "x\uFFFDgpj.exe");
  assert_text (ctl_text_clean ("\u2028\u2069"), "\uFFFD\uFFFD");
  assert_text (ctl_text_clean ("ok\xff"), "ok\uFFFD");
  assert_text (ctl_text_clean ("日本 é 👩‍💻"), "日本 é 👩‍💻");
}

static void width_and_fit (void **state)
{
  assert_int_equal (ctl_text_width ("日本x"), 5);
  assert_int_equal (ctl_text_width ("e\u0301"), 1);
  assert_text (ctl_text_fit ("hello", 5), "hello");
  assert_text (ctl_text_fit ("hello!", 5), "hell…");
  assert_text (ctl_text_fit ("日本語", 4), "日…");
  assert_text (ctl_text_fit ("日本語", 6), "日本語");
  assert_text (ctl_text_fit ("x", 0), "");
}

static void units (void **state)
{
  assert_text (ctl_text_bytes (0), "0 B");
  assert_text (ctl_text_bytes (1023), "1023 B");
  assert_text (ctl_text_bytes (1536), "1.5 KiB");
  assert_text (ctl_text_bytes ((1 << 20) - 1), "1.0 MiB");
  assert_text (ctl_text_bytes (G_MAXUINT64), "16.0 EiB");
  assert_text (ctl_text_duration (59), "59 s");
  assert_text (ctl_text_duration (3601), "1 h 0 min");
  assert_text (ctl_text_duration (90000), "1 d 1 h");
  assert_text (ctl_text_bar (0.5, 4), "██░░");
  assert_text (ctl_text_bar (9, 2), "██");
  assert_text (ctl_text_bar (0.0 / 0.0, 2), "░░");
}

static void json_is_safe_too (void **state)
{
  assert_text (ctl_text_escape_json ("{\"a\":\"\xc2\x9b\177\u202E\"}\n"),
               "{\"a\":\"\\u009b\\u007f\\u202e\"}\n");
}

static void table_fits (void **state)
{
  const struct ctl_column columns[] = {{"ID", true, false}, {"TITLE", false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, 2);
  g_autoptr (GString) out = g_string_new (NULL);

  ctl_table_cell (table, CTL_RED, "7");
  ctl_table_cell (table, CTL_PLAIN, "a very\nlong title");
  ctl_table_print (table, out, 0, 14, false);
  assert_string_equal (out->str, "ID  TITLE\n 7  a very\uFFFDlo…\n");
  g_string_truncate (out, 0);
  ctl_table_print (table, out, 1, 0, true);
  assert_string_equal (out->str, " \033[2mID\033[0m  \033[2mTITLE\033[0m\n"
                                 "  \033[31m7\033[0m  a very\uFFFDlong title\n");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (hostile_text_is_defused),
    cmocka_unit_test (width_and_fit),
    cmocka_unit_test (units),
    cmocka_unit_test (json_is_safe_too),
    cmocka_unit_test (table_fits),
  };
  setlocale (LC_ALL, "C.UTF-8");
  return cmocka_run_group_tests_name ("text", tests, NULL, NULL);
}
