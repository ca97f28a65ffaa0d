/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/simulator.h"
#include "app/simulator_line.h"

#include "test.h"

#include <string.h>

#define SECOND                                                                                     \
  "{\"second\":1,\"of\":60,\"mean\":2.50,\"up\":5,\"least\":1,\"most\":4,\"datagrams\":7,"         \
  "\"messages\":3,\"bytes\":900,\"suspected\":1,\"dead\":0,\"failed\":0}"
#define END                                                                                        \
  "{\"end\":\"failed\",\"seed\":\"18446744073709551614\",\"digest\":\"00ff00ff00ff00ff\","         \
  "\"seconds\":60,\"processor\":0.25,\"slowest\":1.5,\"nodes\":50,\"events\":1000,\"lost\":2,"     \
  "\"suspected\":3,\"cleared\":4,\"dead\":5,\"falsely\":6,\"failed\":30,\"failures\":"

static InosSimulatorLine read_text (const char *line, JsonNode **value)
{
  return inos_simulator_read_line (line, strlen (line), value);
}

static void assert_words (const char *line, const char *words)
{
  g_autoptr (JsonNode) value = NULL;

  assert_int_equal (read_text (line, &value), INOS_SIMULATOR_TEXT);
  assert_string_equal (json_node_get_string (value), words);
}

static void a_second_is_a_row (void **state)
{
  g_autoptr (JsonNode) value = NULL;

  assert_int_equal (read_text (SECOND, &value), INOS_SIMULATOR_SECOND);
  JsonArray *row = json_node_get_array (value);
  const double expected[] = {1, 5, 1, 2.5, 4, 7, 3, 900, 1, 0};
  assert_int_equal (json_array_get_length (row), INOS_SIMULATOR_FIGURES);
  for (guint i = 0; i < INOS_SIMULATOR_FIGURES; i++)
    assert_true (json_array_get_double_element (row, i) == expected[i]);
}

static void the_end_has_what_failed (void **state)
{
  g_autoptr (JsonNode) value = NULL;

  assert_int_equal (read_text (END "[\"3.000 s: a\",7,\"b\"]}", &value), INOS_SIMULATOR_END);
  JsonObject *end = json_node_get_object (value);
  assert_false (json_object_get_boolean_member (end, "ok"));
  assert_string_equal (json_object_get_string_member (end, "seed"), "18446744073709551614");
  assert_string_equal (json_object_get_string_member (end, "digest"), "00ff00ff00ff00ff");
  assert_true (json_object_get_double_member (end, "events") == 1000);
  JsonArray *failures = json_object_get_array_member (end, "failures");
  assert_int_equal (json_array_get_length (failures), 2);
  assert_string_equal (json_array_get_string_element (failures, 1), "b");
}

static void failures_are_few_and_short (void **state)
{
  g_autoptr (GString) line = g_string_new (END "[");
  g_autoptr (JsonNode) value = NULL;
  g_autofree char *long_text = g_strnfill (1000, 'x');

  for (unsigned i = 0; i < 50; i++)
    g_string_append_printf (line, "%s\"%s\"", i ? "," : "", long_text);
  g_string_append (line, "]}");
  assert_int_equal (read_text (line->str, &value), INOS_SIMULATOR_END);
  JsonArray *failures = json_object_get_array_member (json_node_get_object (value), "failures");
  assert_int_equal (json_array_get_length (failures), INOS_SIMULATOR_FAILURES_MAX);
  assert_true (strlen (json_array_get_string_element (failures, 19)) <= INOS_SIMULATOR_TEXT_MAX);
}

static void what_is_no_progress_is_words (void **state)
{
  g_autofree char *deep = g_strconcat ("{\"second\":", g_strnfill (60000, '['), NULL);
  g_autofree char *large = g_strconcat ("{", g_strnfill (INOS_SIMULATOR_LINE_MAX, ' '), "}", NULL);
  g_autofree char *noise = g_strnfill (100000, 'y');
  g_autoptr (JsonNode) value = NULL;
  static const char *const wrong[] = {
    "{",
    "{}",
    "{\"second\":1}",
    "{\"end\":\"ok\"}",
    "{\"end\":7,\"digest\":[]}",
    "{\"second\":\"1\",\"up\":{},\"least\":null}",
    "{\"second\":1e999}",
  };

  assert_words ("inos-sim: no memory", "inos-sim: no memory");
  assert_words ("", "");
  assert_words ("[1]", "[1]");
  assert_words ("a\xff", "a\xef\xbf\xbd");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_words (wrong[i], "");
  assert_words (deep, "");
  assert_words (large, "");
  read_text (noise, &value);
  assert_int_equal (strlen (json_node_get_string (value)), INOS_SIMULATOR_TEXT_MAX);
}

static void figures_are_numbers_that_can_be (void **state)
{
  static const char *const odd[] = {"-1", "1e300", "true", "null", "\"5\"", "[5]"};

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *up = g_strdup_printf ("\"up\":%s,", odd[i]);
    g_auto (GStrv) parts = g_strsplit (SECOND, "\"up\":5,", 2);
    g_autofree char *line = g_strjoinv (up, parts);

    assert_words (line, "");
  }
}

static void on_news (JsonNode *news, gpointer data)
{
}

static void what_is_out_of_bounds_is_not_started (void **state)
{
  static const struct {
    const char *scenario;
    guint nodes, seconds;
    const char *seed;
  } wrong[] = {
    {"", 0, 60, "1"},
    {"", 10001, 60, "1"},
    {"", 50, 0, "1"},
    {"", 50, 3601, "1"},
    {"", 50, 60, ""},
    {"", 50, 60, "-1"},
    {"", 50, 60, "18446744073709551615"},
    {"no-such-thing", 50, 60, "1"},
    {"../../../etc/passwd", 50, 60, "1"},
    {"-v", 50, 60, "1"},
    {"a.ini", 50, 60, "1"},
  };
  InosSimulator *simulator = inos_simulator_create (on_news, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    assert_int_equal (inos_simulator_start (simulator, wrong[i].scenario, wrong[i].nodes,
                                            wrong[i].seconds, wrong[i].seed, &error),
                      0);
    assert_non_null (error);
  }
  assert_false (inos_simulator_cancel (simulator));
  g_autoptr (GError) error = NULL;
  assert_null (inos_simulator_export (simulator, &error));
  assert_non_null (error);
  inos_simulator_destroy (simulator);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_second_is_a_row),
    cmocka_unit_test (the_end_has_what_failed),
    cmocka_unit_test (failures_are_few_and_short),
    cmocka_unit_test (what_is_no_progress_is_words),
    cmocka_unit_test (figures_are_numbers_that_can_be),
    cmocka_unit_test (what_is_out_of_bounds_is_not_started),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
