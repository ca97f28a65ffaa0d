/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/simulator.h"
#include "app/simulator_line.h"

#include "test.h"

#include <glib/gstdio.h>
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
  g_autofree char *brackets = g_strnfill (60000, '[');
  g_autofree char *deep = g_strconcat ("{\"second\":", brackets, NULL);
  g_autofree char *spaces = g_strnfill (INOS_SIMULATOR_LINE_MAX, ' ');
  g_autofree char *large = g_strconcat ("{", spaces, "}", NULL);
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

/* Runs of a program that is none of ours */

#define SAY                                                                                        \
  "say() { echo \"{\\\"second\\\":$1,\\\"of\\\":60,\\\"mean\\\":2,\\\"up\\\":5,\\\"least\\\":1,"   \
  "\\\"most\\\":4,\\\"datagrams\\\":7,\\\"messages\\\":3,\\\"bytes\\\":900,\\\"suspected\\\":1,"   \
  "\\\"dead\\\":0,\\\"failed\\\":0}\"; }\n"
#define SAY_END "cat <<'EOF'\n" END "[]}\nEOF\n"

typedef struct {
  char *folder, *program;
  InosSimulator *simulator;
  char *said; /* the newest state */
  gint64 run, count;
  guint news;
} Bench;

static void on_news (JsonNode *news, gpointer data)
{
  Bench *bench = data;
  JsonObject *object = json_node_get_object (news);

  g_free (bench->said);
  bench->said = g_strdup (json_object_get_string_member (object, "state"));
  bench->run = json_object_get_int_member (object, "run");
  bench->count = json_object_get_int_member (object, "count");
  bench->news++;
  assert_int_equal (json_object_get_size (object), 3);
  json_node_unref (news);
}

static Bench *bench_of (const char *script)
{
  Bench *bench = g_new0 (Bench, 1);
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", script, NULL);

  bench->folder = g_dir_make_tmp ("test-simulator-XXXXXX", NULL);
  assert_non_null (bench->folder);
  bench->program = g_build_filename (bench->folder, "program", NULL);
  assert_true (
    g_file_set_contents_full (bench->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  bench->simulator = inos_simulator_create (bench->program, on_news, bench);
  assert_int_equal (inos_simulator_start (bench->simulator, "", 50, 60, "1", NULL), 1);
  return bench;
}

static void bench_wait (Bench *bench, const char *state, gint64 count)
{
  while (!bench->said || !g_str_equal (bench->said, state) || bench->count < count)
    g_main_context_iteration (NULL, TRUE);
}

static void bench_free (Bench *bench)
{
  g_autofree char *reports = g_build_filename (g_get_user_runtime_dir(), "inos", NULL);

  inos_simulator_destroy (bench->simulator);
  assert_int_equal (g_rmdir (reports), 0); /* it was there, and nothing is left in it */
  g_unlink (bench->program);
  g_rmdir (bench->folder);
  g_free (bench->program);
  g_free (bench->folder);
  g_free (bench->said);
  g_free (bench);
}

/* Returns: how many rows there were, the first of which is of second. */
static guint rows_are (Bench *bench, guint run, guint after, guint second)
{
  g_autoptr (JsonNode) answer = inos_simulator_rows (bench->simulator, run, after);
  JsonArray *rows = json_object_get_array_member (json_node_get_object (answer), "rows");

  if (json_array_get_length (rows) > 0)
    assert_true (json_array_get_double_element (json_array_get_array_element (rows, 0), 0) ==
                 second);
  return json_array_get_length (rows);
}

static void all_rows_can_be_asked_for (void **state)
{
  Bench *bench =
    bench_of (SAY "i=0\nwhile [ $((i += 1)) -le 4000 ]; do say $i; done\necho a word\n" SAY_END);

  bench_wait (bench, "ended", 0);
  assert_int_equal (bench->count, INOS_SIMULATOR_SECONDS_MAX);
  for (guint after = 0; after < INOS_SIMULATOR_SECONDS_MAX; after += INOS_SIMULATOR_ROWS_MAX)
    assert_int_equal (rows_are (bench, 1, after, after + 1), INOS_SIMULATOR_ROWS_MAX);
  assert_int_equal (rows_are (bench, 1, INOS_SIMULATOR_SECONDS_MAX - 1, INOS_SIMULATOR_SECONDS_MAX),
                    1);
  assert_int_equal (rows_are (bench, 1, INOS_SIMULATOR_SECONDS_MAX, 0), 0);
  assert_int_equal (rows_are (bench, 1, G_MAXUINT, 0), 0);
  assert_int_equal (rows_are (bench, 7, 3000, 1), INOS_SIMULATOR_ROWS_MAX);

  g_autoptr (JsonNode) answer = inos_simulator_rows (bench->simulator, 1, 3600);
  JsonObject *object = json_node_get_object (answer);
  assert_string_equal (json_object_get_string_member (object, "state"), "ended");
  assert_string_equal (json_object_get_string_member (object, "words"), "a word");
  assert_int_equal (json_object_get_int_member (object, "count"), INOS_SIMULATOR_SECONDS_MAX);
  assert_true (json_object_has_member (object, "end"));

  /* Of the next one nothing of this is left. */
  assert_int_equal (inos_simulator_start (bench->simulator, "", 50, 60, "1", NULL), 2);
  assert_int_equal (rows_are (bench, 1, 0, 0), 0);
  bench_free (bench);
}

static void a_run_is_cancelled_and_another_one_waits_for_it (void **state)
{
  Bench *bench = bench_of (SAY "say 1\nsay 2\nexec sleep 600\n");
  g_autoptr (GError) error = NULL;

  bench_wait (bench, "running", 2);
  assert_int_equal (rows_are (bench, 1, 1, 2), 1);
  assert_int_equal (inos_simulator_start (bench->simulator, "", 50, 60, "1", &error), 0);
  assert_non_null (error);
  assert_true (inos_simulator_cancel (bench->simulator));
  bench_wait (bench, "cancelled", 2);
  assert_int_equal (rows_are (bench, 1, 0, 1), 2);
  assert_false (inos_simulator_cancel (bench->simulator));
  bench_free (bench);
}

static void a_run_without_an_end_has_failed (void **state)
{
  Bench *bench = bench_of (SAY "say 1\necho no memory >&2\nexit 1\n");

  bench_wait (bench, "failed", 1);
  g_autoptr (JsonNode) answer = inos_simulator_rows (bench->simulator, 1, 0);
  JsonObject *object = json_node_get_object (answer);
  assert_string_equal (json_object_get_string_member (object, "words"), "no memory");
  assert_false (json_object_has_member (object, "end"));
  bench_free (bench);
}

static void nobody_is_told_after_the_window (void **state)
{
  Bench *bench = bench_of (SAY "say 1\nexec sleep 600\n");

  bench_wait (bench, "running", 1);
  bench_free (bench);
  for (int i = 0; i < 20; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
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
  InosSimulator *simulator = inos_simulator_create (NULL, NULL, NULL);

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
    cmocka_unit_test (all_rows_can_be_asked_for),
    cmocka_unit_test (a_run_is_cancelled_and_another_one_waits_for_it),
    cmocka_unit_test (a_run_without_an_end_has_failed),
    cmocka_unit_test (nobody_is_told_after_the_window),
  };

  g_autofree char *folder = g_dir_make_tmp ("test-simulator-XXXXXX", NULL);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  g_rmdir (folder);
  return failed;
}
