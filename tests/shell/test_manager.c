/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/manager_logs.h"
#include "app/manager_node.h"

#include "test.h"

#include <math.h>
#include <string.h>

static const InosQuestion question = {
  "org.inos.Node1", "Method", "()", 1000, {{"who", 's', 8}, {"room", 'u', 1024}, {"sure", 'b', 0}}};
static const InosQuestion loose = {
  "org.inos.Node1", "Method", "()", 1000, {{"number", 't', 0}, {"to", 'o', 8}}};
static const InosQuestion filter = {
  "org.inos.Node1.Machine",
  "ReadLog",
  "()",
  1000,
  {INOS_LOG_FILTER, {"cursor", 'o', 8}, {"newer", 'b', 0}, {"limit", 'u', 200}}};
static const InosQuestion bare = {"org.inos.Node1", "Method", "()", 1000, {{0}}};

/* What the node would be told, as GVariant prints it; NULL where the page is refused. */
static char *told (const InosQuestion *asked, const char *args)
{
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) arguments =
    inos_question_arguments (asked, json_node_get_object (node), &error);

  assert_true ((arguments == NULL) == (error != NULL));
  return arguments ? g_variant_print (g_variant_ref_sink (arguments), TRUE) : NULL;
}

static void assert_told (const InosQuestion *asked, const char *args, const char *expected)
{
  g_autofree char *text = told (asked, args);

  assert_non_null (text);
  assert_string_equal (text, expected);
}

static void assert_refused (const InosQuestion *asked, const char *args)
{
  g_autofree char *text = told (asked, args);

  assert_null (text);
}

static void what_a_page_says_goes_on_as_it_is (void **state)
{
  assert_told (&question, "{\"who\":\"monitor\",\"room\":0,\"sure\":true}",
               "('monitor', uint32 0, true)");
  assert_told (&question, "{\"who\":\"<b>\\u202ea\",\"room\":1024,\"sure\":false}",
               "('<b>\\u202ea', uint32 1024, false)");
  assert_told (&loose, "{\"number\":\"18446744073709551615\"}",
               "(uint64 18446744073709551615, '')");
  assert_told (&loose, "{\"number\":\"0\",\"to\":\"feed\"}", "(uint64 0, 'feed')");
  assert_told (&filter,
               "{\"source\":\"inos\",\"priority\":4,\"since\":\"7\",\"newer\":true,\"limit\":1}",
               "('inos', '', '', '', uint32 4, int64 7, '', true, uint32 1)");
  assert_refused (&filter, "{\"source\":\"inos\",\"priority\":4,\"since\":\"9223372036854775808\","
                           "\"newer\":true,\"limit\":1}");
  assert_told (&bare, "{\"more\":1}", "()");
}

static void what_is_not_asked_for_so_is_refused (void **state)
{
  static const char *const wrong[] = {
    "{}",
    "{\"who\":\"monitor\",\"room\":1}",
    "{\"who\":\"\",\"room\":1,\"sure\":true}",
    "{\"who\":\"nine char\",\"room\":1,\"sure\":true}",
    "{\"who\":7,\"room\":1,\"sure\":true}",
    "{\"who\":[\"a\"],\"room\":1,\"sure\":true}",
    "{\"who\":\"a\",\"room\":1025,\"sure\":true}",
    "{\"who\":\"a\",\"room\":-1,\"sure\":true}",
    "{\"who\":\"a\",\"room\":1.5,\"sure\":true}",
    "{\"who\":\"a\",\"room\":\"1\",\"sure\":true}",
    "{\"who\":\"a\",\"room\":1,\"sure\":1}",
    "{\"who\":\"a\",\"room\":1,\"sure\":null}",
  };
  static const char *const no_numbers[] = {
    "{\"number\":7}",
    "{\"number\":\"\"}",
    "{\"number\":\"-1\"}",
    "{\"number\":\"+1\"}",
    "{\"number\":\" 1\"}",
    "{\"number\":\"0x1\"}",
    "{\"number\":\"18446744073709551616\"}",
    "{\"number\":\"1\",\"to\":\"\"}",
    "{\"number\":\"1\",\"to\":\"nine char\"}",
    "{\"number\":\"1\",\"to\":7}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (&question, wrong[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    assert_refused (&loose, no_numbers[i]);
}

static void assert_shown (const char *answer, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (NULL, answer, NULL, NULL, &error);

  assert_null (error);
  g_autoptr (JsonNode) node = inos_answer_to_json (value);
  g_autofree char *text = json_to_string (node, FALSE);
  assert_string_equal (text, expected);
}

static void answers_are_json (void **state)
{
  assert_shown ("()", "[]");
  assert_shown ("(true, 'a', uint32 4294967295, int32 -1, byte 7)", "[true,\"a\",4294967295,-1,7]");
  assert_shown ("(uint64 18446744073709551615, int64 -9223372036854775808)",
                "[\"18446744073709551615\",\"-9223372036854775808\"]");
  assert_shown ("(1.5,)", "[1.5]");
  assert_shown ("{'depth': <uint64 3>, 'name': <'a\"b'>, 'lanes': <[uint64 1, 2]>}",
                "{\"depth\":\"3\",\"name\":\"a\\\"b\",\"lanes\":[\"1\",\"2\"]}");
  assert_shown ("[('a', {'b': uint32 1}), ('c', {})]", "[[\"a\",{\"b\":1}],[\"c\",{}]]");
  assert_shown ("@a{sv} {}", "{}");
  assert_shown ("[{uint32 1: 'a'}]", "[[[1,\"a\"]]]");
  assert_shown ("<<<'deep'>>>", "\"deep\"");
}

static void what_is_no_number_is_nothing (void **state)
{
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new ("(ddd)", (double)NAN, (double)INFINITY, 0.25));
  g_autoptr (JsonNode) node = inos_answer_to_json (value);
  g_autofree char *text = json_to_string (node, FALSE);

  assert_string_equal (text, "[null,null,0.25]");
}

/* Two bytes a character, so that the bound is in the middle of one or not, by the one before. */
static void long_strings_are_cut_between_characters (void **state)
{
  for (gsize before = 0; before < 3; before++) {
    GString *name = g_string_new_len ("xxx", (gssize)before);

    for (gsize i = 0; i < 64 * 1024; i++)
      g_string_append (name, "\303\251");
    g_autoptr (GVariant) value =
      g_variant_ref_sink (g_variant_new_take_string (g_string_free (name, FALSE)));
    g_autoptr (JsonNode) node = inos_answer_to_json (value);
    const char *text = json_node_get_string (node);
    assert_true (g_utf8_validate (text, -1, NULL));
    assert_true (strlen (text) <= INOS_ANSWER_STRING_MAX + strlen ("…"));
    assert_true (strlen (text) > INOS_ANSWER_STRING_MAX - 8);
    assert_true (g_str_has_suffix (text, "é…"));
  }
}

static void assert_line (const char *row, gboolean json, const char *expected)
{
  g_autoptr (GVariant) value = g_variant_parse (NULL, row, NULL, NULL, NULL);
  g_autofree char *line = inos_log_export_line (value, json);
  const char *after = strchr (line, json ? ',' : ' ');

  assert_string_equal (after, expected); /* the time is the place's */
}

static void entries_of_a_log_are_lines_of_a_file (void **state)
{
  static const char *const row =
    "('c', int64 1, uint32 3, 'a.service', 'a', uint32 7, 'one\"\\ntwo', true)";
  static const char *const bare_row =
    "('c', int64 1, uint32 99, 'node', '', uint32 0, 'said', false)";

  assert_line (row, FALSE, " a[7] <err>: one\"\n    two\n");
  assert_line (bare_row, FALSE, " node <info>: said\n");
  assert_line (row, TRUE,
               ",\"priority\":\"err\",\"unit\":\"a.service\",\"program\":\"a\",\"pid\":7,"
               "\"message\":\"one\\\"\\ntwo\",\"cut\":true}\n");
  assert_line (bare_row, TRUE, ",\"priority\":\"info\",\"unit\":\"node\",\"message\":\"said\"}\n");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_a_page_says_goes_on_as_it_is),
    cmocka_unit_test (what_is_not_asked_for_so_is_refused),
    cmocka_unit_test (answers_are_json),
    cmocka_unit_test (what_is_no_number_is_nothing),
    cmocka_unit_test (entries_of_a_log_are_lines_of_a_file),
    cmocka_unit_test (long_strings_are_cut_between_characters),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
