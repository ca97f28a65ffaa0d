/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/markup.h"

#include "notify/text.h"
#include "test.h"

#include <string.h>

/* "text" or "text{style}" or "text{style,href}", with | between. */
static char *show (const char *body)
{
  g_autoptr (GPtrArray) pieces = inos_markup_parse (body);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++) {
    const InosMarkupPiece *piece = g_ptr_array_index (pieces, i);

    g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", piece->text);
    if (piece->style || piece->href)
      g_string_append_printf (out, "{%u%s%s}", piece->style, piece->href ? "," : "",
                              piece->href ? piece->href : "");
  }
  return g_string_free (out, FALSE);
}

static void expect (const char *body, const char *wanted)
{
  g_autofree char *shown = show (body);

  assert_string_equal (shown, wanted);
}

static void reads_the_subset (void **state)
{
  expect ("", "");
  expect ("plain", "plain");
  expect ("a <b>b</b> c", "a |b{1}| c");
  expect ("<b><i>x</i></b>", "x{3}");
  expect ("<U>x</U>", "x{4}");
  expect ("<a href=\"https://e.org/?a=1&amp;b=2\">x</a>y", "x{0,https://e.org/?a=1&b=2}|y");
  expect ("<a href='mailto:a@b'>x</a>", "x{0,mailto:a@b}");
  expect ("<b>open", "open{1}");
  expect ("a<img src=\"x\" alt='>'/>b", "ab");
  expect ("&lt;b&gt; &amp;amp; &#65;&#x42;&quot;&apos;", "<b> &amp; AB\"'");
}

static void shows_the_rest_as_text (void **state)
{
  expect ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2");
  expect ("<script>alert(1)</script>", "<script>alert(1)</script>");
  expect ("<b onclick=\"x\">y", "y{1}");
  expect ("<bold>x</bold>", "<bold>x</bold>");
  expect ("<b", "<b");
  expect ("</b>x", "x");
  expect ("&nbsp; &#0; &#xd800; &#x110000; &;", "&nbsp; &#0; &#xd800; &#x110000; &;");
  expect ("<a href=\"javascript:alert(1)\">x</a>", "x");
  expect ("<a href=\"file:///etc/passwd\">x</a>", "x");
  expect ("<a href=\"https://e.org/ x\">x</a>", "x");
}

static void turns_nothing_around (void **state)
{
  expect ("&#x202e;gpj.exe", "gpj.exe");
  expect ("a\xe2\x80\xae"
          "b\x07"
          "c\te\xe2\x80\xa8"
          "d",
          "abc e\nd");
}

static void is_bounded (void **state)
{
  g_autoptr (GString) bomb = g_string_new (NULL);
  g_autoptr (GPtrArray) pieces = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 20000; i++)
    g_string_append (bomb, "<b><i><a href='https://x'>x</b>");
  pieces = inos_markup_parse (bomb->str);
  assert_int_equal (pieces->len, INOS_MARKUP_MAX_PIECES);
  assert_null (((InosMarkupPiece *)g_ptr_array_index (pieces, pieces->len - 1))->href);
  text = inos_markup_to_text (bomb->str);
  assert_int_equal (strlen (text), 20000);
}

static void cleans_lines (void **state)
{
  g_autofree char *line = inos_text_clean ("  a\nb\r\n ", 100, FALSE);
  g_autofree char *lines = inos_text_clean ("a\nb", 100, TRUE);
  g_autofree char *cut = inos_text_clean ("ααααααααααααααα", 16, FALSE);
  g_autofree char *marks =
    inos_text_clean ("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81z", 100, FALSE);

  assert_string_equal (line, "a b");
  assert_string_equal (lines, "a\nb");
  assert_true (strlen (cut) <= 16 && g_str_has_suffix (cut, "…"));
  assert_true (g_utf8_validate (cut, -1, NULL));
  assert_int_equal (g_utf8_strlen (marks, -1), 6);
}

/* What is left out is not read for ever. */
static void reads_a_bounded_part (void **state)
{
  g_autofree char *far = g_strnfill (16 * 10, '\001');
  g_autofree char *much = g_strconcat (far, "z", NULL);
  g_autofree char *few = g_strconcat (far + 10, "z", NULL);
  g_autofree char *all = inos_text_clean (few, 10, FALSE);
  g_autofree char *none = inos_text_clean (much, 10, FALSE);

  assert_string_equal (all, "z");
  assert_string_equal (none, "");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reads_the_subset),     cmocka_unit_test (shows_the_rest_as_text),
    cmocka_unit_test (turns_nothing_around), cmocka_unit_test (is_bounded),
    cmocka_unit_test (cleans_lines),         cmocka_unit_test (reads_a_bounded_part),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
