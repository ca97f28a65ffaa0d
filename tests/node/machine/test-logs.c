/*
 * What is read of logs: files that grow, are turned over and begun anew; a journal; cursors,
 * filters and bounds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"
#include "node/machine/log_files.h"
#include "node/machine/logs.h"
#include "tests/node/fixture.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include <cmocka.h>

/* Files */

/* What journal.sh ends with where there is nothing to write a journal with. */
#define NOT_HERE 77

struct world {
  char *folder;
  struct inos_logs *logs;
  bool has_journal;
};

static void write_to (const struct world *world, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (world->folder, name, NULL);
  FILE *file = fopen (path, "a");

  if (!file)
    g_error ("cannot write %s", path);
  fputs (text, file);
  assert_int_equal (fclose (file), 0);
}

static int setup (void **state)
{
  struct world *world = g_new0 (struct world, 1);
  g_autofree char *log = NULL, *nowhere = NULL;

  world->folder = g_dir_make_tmp ("inos-logs-XXXXXX", NULL);
  log = g_build_filename (world->folder, "log", NULL);
  nowhere = g_build_filename (world->folder, "no-journal", NULL);
  assert_int_equal (g_mkdir (log, 0700), 0);
  world->logs = inos_logs_new (nowhere, world->folder);
  *state = world;
  return 0;
}

static int teardown (void **state)
{
  struct world *world = *state;
  g_autofree char *log = g_build_filename (world->folder, "log", NULL);

  inos_logs_free (world->logs);
  for (int i = 0; i < 2; i++) {
    const char *folder = i == 0 ? log : world->folder;
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name (dir));) {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
    g_rmdir (folder);
  }
  g_free (world->folder);
  g_free (world);
  return 0;
}

struct asked {
  const char *source; /* NULL: inos */
  const char *search, *unit, *boot, *cursor;
  guint priority; /* 0: all */
  gint64 since;
  bool newer;
  guint limit; /* 0: 200 */
};

/* The answer; the messages as "a|b". */
static char *read_log (const struct world *world, struct asked asked, char **first, char **last,
                       bool *more)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) parameters = g_variant_ref_sink (g_variant_new (
    "(ssssuxsbu)", asked.source ? asked.source : "inos", asked.search ? asked.search : "",
    asked.unit ? asked.unit : "", asked.boot ? asked.boot : "", asked.priority ? asked.priority : 7,
    asked.since, asked.cursor ? asked.cursor : "", asked.newer, asked.limit ? asked.limit : 200));
  g_autoptr (GVariant) answer = inos_logs_read (world->logs, parameters, &error);
  g_autoptr (GVariant) rows = NULL;
  GString *text = g_string_new (NULL);
  const char *one, *other, *message;
  gboolean goes_on;

  assert_null (error);
  g_variant_ref_sink (answer);
  assert_true (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(sssb" INOS_LOG_ROWS_TYPE ")")));
  g_variant_get (answer, "(&s&s&sb@" INOS_LOG_ROWS_TYPE ")", NULL, &one, &other, &goes_on, &rows);
  if (first)
    *first = g_strdup (one);
  if (last)
    *last = g_strdup (other);
  if (more)
    *more = goes_on;
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_variant_get_child (rows, i, "(sxussu&sb)", NULL, NULL, NULL, NULL, NULL, NULL, &message,
                         NULL);
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", message);
  }
  return g_string_free (text, FALSE);
}

#define assert_read(world, expected, ...)                                                          \
  do {                                                                                             \
    g_autofree char *messages_ = read_log (world, (struct asked){__VA_ARGS__}, NULL, NULL, NULL);  \
    assert_string_equal (messages_, expected);                                                     \
  } while (0)

static void files_are_one_log (void **state)
{
  struct world *world = *state;

  write_to (world, "session.log", "2020-01-01T00:00:02Z two\n2020-01-01T00:00:04Z four\n");
  write_to (world, "log/node.log.old", "2020-01-01T00:00:01Z one\nafter one\n");
  write_to (world, "log/node.log", "2020-01-01T00:00:03Z three\n2020-01-01T00:00:05Z five");
  write_to (world, "log/secret.txt", "2020-01-01T00:00:03Z no log\n");
  g_autofree char *link = g_build_filename (world->folder, "log", "link.log", NULL);
  assert_int_equal (symlink ("/etc/passwd", link), 0);
  /* What has no end yet is waited for. */
  assert_read (world, "four|three|two|after one|one", .priority = 7);
  assert_read (world, "one|after one|two", .newer = true, .limit = 3);
  assert_read (world, "four|three", .since = 1577836803000000);
  assert_read (world, "four|two", .unit = "session");
  assert_read (world, "after one", .search = "ONE  Aft");
  assert_read (world, "", .search = "nothing");
  assert_read (world, "", .priority = 4);
}

static void pages_go_on_from_their_cursors (void **state)
{
  struct world *world = *state;
  g_autofree char *first = NULL, *last = NULL, *end = NULL, *tail = NULL, *found = NULL;
  bool more;

  for (int i = 0; i < 10; i++) {
    g_autofree char *line = g_strdup_printf ("2020-01-01T00:00:0%dZ %d\n", i, i);
    write_to (world, "log/a.log", line);
  }
  found = read_log (world, (struct asked){.limit = 4}, &first, &last, &more);
  assert_string_equal (found, "9|8|7|6");
  assert_true (more);
  assert_read (world, "5|4|3|2|1|0", .cursor = last);
  assert_read (world, "7|8|9", .cursor = last, .newer = true);
  assert_read (world, "", .cursor = first, .newer = true);
  /* Where nothing was found, what was looked at says from where it goes on. */
  g_free (found);
  found = read_log (world, (struct asked){.search = "x"}, &tail, &end, &more);
  assert_string_equal (found, "");
  assert_false (more);
  assert_string_equal (tail, first);
  /* What is written late is told of late, whatever its time is. */
  write_to (world, "log/b.log", "2020-01-01T00:00:05Z late\n");
  assert_read (world, "late", .cursor = first, .newer = true);
  /* Also after all was forgotten and read anew. */
  inos_logs_forget (world->logs);
  assert_read (world, "9", .cursor = first, .newer = false, .limit = 1);
  assert_read (world, "6|5|4|3|2|1", .cursor = last, .unit = "a", .limit = 6);
}

static void files_are_turned_over_and_begun_anew (void **state)
{
  struct world *world = *state;
  g_autofree char *from = g_build_filename (world->folder, "log", "a.log", NULL);
  g_autofree char *to = g_build_filename (world->folder, "log", "a.log.old", NULL);

  write_to (world, "log/a.log", "2020-01-01T00:00:01Z one\n");
  assert_read (world, "one", .priority = 7);
  assert_int_equal (rename (from, to), 0);
  write_to (world, "log/a.log", "2020-01-01T00:00:02Z two\n");
  assert_read (world, "two|one", .priority = 7);
  assert_int_equal (truncate (from, 0), 0);
  assert_read (world, "two|one", .priority = 7);
  write_to (world, "log/a.log", "2020-01-01T00:00:03Z three\n");
  assert_read (world, "three|two|one", .priority = 7);
}

static void what_is_new_is_read_whole_whatever_was_removed_for_it (void **state)
{
  struct world *world = *state;
  g_autofree char *from = g_build_filename (world->folder, "log", "a.log", NULL);
  g_autofree char *to = g_build_filename (world->folder, "log", "a.log.old", NULL);

  write_to (world, "log/a.log.old", "2020-01-01T00:00:01Z one\n");
  write_to (world, "log/a.log", "2020-01-01T00:00:02Z two\n");
  assert_read (world, "two|one", .priority = 7);
  /* A file system may give the number of the file that makes way to the next one. */
  for (int i = 0; i < 3; i++) {
    g_autofree char *long_line = g_strdup_printf (
      "2020-01-01T00:00:0%dZ %d is longer than all that was there before\n", 3 + i, i);
    assert_int_equal (rename (from, to), 0);
    write_to (world, "log/a.log", long_line);
    write_to (world, "log/a.log", "and goes on\n");
    g_autofree char *found = read_log (world, (struct asked){.limit = 2}, NULL, NULL, NULL);
    g_autofree char *expected =
      g_strdup_printf ("and goes on|%d is longer than all that was there before", i);
    assert_string_equal (found, expected);
  }
  g_autofree char *all = read_log (world, (struct asked){.limit = 200}, NULL, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (all, "|", -1);
  assert_int_equal (g_strv_length (lines), 8);
}

static void short_lines_take_little_memory (void **state)
{
  struct world *world = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  struct rusage before, after;
  bool more;

  while (text->len < INOS_LOG_TAIL)
    g_string_append (text, "y\n");
  g_string_append (text, "2020-01-01T00:00:01Z the last\n");
  for (int i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf ("log/%d.log", i);
    write_to (world, name, text->str);
  }
  getrusage (RUSAGE_SELF, &before);
  g_autofree char *found = read_log (world, (struct asked){.limit = 1}, NULL, NULL, &more);
  getrusage (RUSAGE_SELF, &after);
  assert_string_equal (found, "the last");
  assert_true (more);
#if !defined(__SANITIZE_ADDRESS__) &&                                                              \
  !defined(__SANITIZE_THREAD__) /* which take much of their own */
  assert_true (after.ru_maxrss - before.ru_maxrss < 96 * 1024);
#endif
}

static void another_boot_has_nothing_in_files (void **state)
{
  struct world *world = *state;
  char present[SD_ID128_STRING_MAX];
  sd_id128_t boot;

  assert_int_equal (sd_id128_get_boot (&boot), 0);
  sd_id128_to_string (boot, present);
  write_to (world, "log/a.log", "just now\n");
  assert_read (world, "just now", .boot = "this");
  assert_read (world, "just now", .boot = present);
  assert_read (world, "", .boot = "0123456789abcdef0123456789abcdef");
}

static void a_clock_is_of_the_day_its_file_was_written (void **state)
{
  struct world *world = *state;
  g_autoptr (GDateTime) now = g_date_time_new_now_local();
  g_autoptr (GDateTime) early = g_date_time_add_hours (now, -1);
  g_autofree char *clock = g_date_time_format (early, "** Message: %H:%M:%S.000: an hour ago\n");
  gint64 then = g_date_time_to_unix (early) * G_USEC_PER_SEC;

  write_to (world, "log/a.log", clock);
  write_to (world, "log/a.log", "without one\n");
  assert_read (world, "without one|an hour ago", .since = then - 1);
  assert_read (world, "", .since = then + 2 * G_USEC_PER_SEC);
}

static void what_counts_from_a_begin_ends_when_its_file_was_written (void **state)
{
  struct world *world = *state;
  gint64 now = g_get_real_time();

  write_to (world, "log/a.log",
            "00:59:00.000 [INFO] before\n00:00:01.000 [INFO] one\n"
            "00:10:01.000 [INFO] two\n");
  assert_read (world, "two", .since = now - 60 * G_USEC_PER_SEC);
  assert_read (world, "two|one|before", .since = now - 601 * G_USEC_PER_SEC);
}

static void what_is_told_is_bounded (void **state)
{
  struct world *world = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  bool more;

  for (int i = 0; i < 300; i++) {
    g_string_append_printf (text, "2020-01-01T00:00:01Z %d ", i);
    for (int k = 0; k < 3000; k++)
      g_string_append (text, "\377");
    g_string_append_c (text, '\n');
  }
  write_to (world, "log/a.log", text->str);
  g_autofree char *found = read_log (world, (struct asked){.limit = 100000}, NULL, NULL, &more);
  assert_true (more);
  assert_true (strlen (found) <= INOS_LOG_ROWS_MAX * (INOS_LOG_MESSAGE_MAX + 1));
  assert_true (strlen (found) > 150u * INOS_LOG_MESSAGE_MAX / 4);
}

/* All fields of an entry, as GVariant prints them. */
static char *fields_of (struct world *world, const char *source, const char *cursor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) asked = g_variant_ref_sink (g_variant_new ("(ss)", source, cursor));
  g_autoptr (GVariant) answer = inos_logs_inspect (world->logs, asked, &error);
  assert_null (error);
  g_variant_ref_sink (answer);
  g_autoptr (GVariant) fields = g_variant_get_child_value (answer, 1);
  return g_variant_print (fields, FALSE);
}

static void an_entry_is_looked_at (void **state)
{
  struct world *world = *state;
  g_autofree char *first = NULL, *found = NULL;

  write_to (world, "log/node.log", "(inos-node:7): inos-node-CRITICAL **: 00:00:00.000: harm\n");
  found = read_log (world, (struct asked){.priority = 3}, &first, NULL, NULL);
  assert_string_equal (found, "harm");
  g_autofree char *printed = fields_of (world, "inos", first);
  assert_string_equal (printed, "[('MESSAGE', 'harm'), ('PRIORITY', '3'), ('FILE', 'node'), "
                                "('GLIB_DOMAIN', 'inos-node'), ('SYSLOG_PID', '7')]");
}

static void what_makes_no_sense_is_refused (void **state)
{
  struct world *world = *state;
  g_autofree char *longest = g_strnfill (INOS_LOG_SEARCH_MAX + 1, 'x');
  GVariant *wrong[] = {
    g_variant_new ("(ssssuxsbu)", "passwd", "", "", "", 7, (gint64)0, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", longest, "", "", 7, (gint64)0, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", "", longest, "", 7, (gint64)0, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", "", "", "", 8, (gint64)0, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", "", "", "that", 7, (gint64)0, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", "", "", "", 7, (gint64)-1, "", FALSE, 1),
    g_variant_new ("(ssssuxsbu)", "inos", "", "", "", 7, (gint64)0, longest, FALSE, 1),
  };

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GVariant) parameters = g_variant_ref_sink (wrong[i]);
    g_autoptr (GError) error = NULL;
    assert_null (inos_logs_read (world->logs, parameters, &error));
    assert_int_equal (error->code, INOS_API_ERROR_BAD_PAYLOAD);
  }
  static const char *const cursors[] = {
    "", ".", "..", "1.2", "x.y.z", "1.2.3.4", "-1.0.0", "ffffffffffffffff.0.0", "1.0.0"};
  for (size_t i = 0; i < G_N_ELEMENTS (cursors); i++) {
    g_autoptr (GVariant) asked = g_variant_ref_sink (g_variant_new ("(ss)", "inos", cursors[i]));
    g_autoptr (GError) error = NULL;
    assert_null (inos_logs_inspect (world->logs, asked, &error));
    assert_int_equal (error->code, INOS_API_ERROR_NOT_FOUND);
    assert_read (world, "", .cursor = cursors[i]);
  }
}

static void a_machine_without_a_journal_says_so (void **state)
{
  struct world *world = *state;
  g_autoptr (GVariant) told = g_variant_ref_sink (inos_logs_describe (world->logs));
  g_autofree char *printed = g_variant_print (told, FALSE);

  assert_string_equal (printed, "([('journal', 'none'), ('inos', 'all')], [])");
}

/* A journal, which a real journald wrote */

static int setup_journal (void **state)
{
  const char *argv[] = {"sh", g_getenv ("INOS_TEST_JOURNAL"), NULL, NULL};
  struct world *world;
  int status = 0;

  if (setup (state) < 0)
    return -1;
  world = *state;
  argv[2] = world->folder;
  assert_non_null (argv[1]);
  assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                             &status, NULL));
  inos_logs_free (world->logs);
  world->logs = inos_logs_new (world->folder, NULL);
  world->has_journal = status == 0;
  if (!world->has_journal) {
    print_message ("no journal of the test's own here: %d\n", status);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), NOT_HERE);
  }
  return 0;
}

static void the_journal_is_read_in_pages (void **state)
{
  struct world *world = *state;
  g_autofree char *first = NULL, *last = NULL, *found = NULL, *all = NULL, *tail = NULL;
  bool more;

  if (!world->has_journal)
    skip();
  found = read_log (
    world, (struct asked){.source = "journal", .unit = "needle", .priority = 6, .limit = 3}, &first,
    &last, &more);
  assert_string_equal (found, "late warning|number 29|number 28");
  assert_true (more);
  assert_read (world, "number 27|number 26", .source = "journal", .unit = "needle", .cursor = last,
               .limit = 2);
  assert_read (world, "number 29|late warning", .source = "journal", .unit = "needle",
               .cursor = last, .newer = true);
  assert_read (world, "", .source = "journal", .unit = "needle", .cursor = first, .newer = true);
  assert_read (world, "number 0|number 1", .source = "journal", .unit = "needle", .newer = true,
               .limit = 2);
  assert_read (world, "late warning", .source = "journal", .unit = "needle", .priority = 4);
  assert_read (world, "number 13", .source = "journal", .search = "NUMBER 13 nee");
  /* What says no priority is shown as information. */
  assert_read (world, "of no weight", .source = "journal", .unit = "weightless", .priority = 6);
  assert_read (world, "", .source = "journal", .unit = "weightless", .priority = 5);
  assert_read (world, "debugged", .source = "journal", .search = "debugged");
  assert_read (world, "", .source = "journal", .search = "debugged", .priority = 6);
  assert_read (world, "", .source = "journal", .unit = "needle",
               .since = g_get_real_time() + G_USEC_PER_SEC);
  assert_read (world, "", .source = "journal", .boot = "0123456789abcdef0123456789abcdef");
  all = read_log (world, (struct asked){.source = "journal", .search = "no such word"}, NULL, &tail,
                  &more);
  assert_string_equal (all, "");
  assert_false (more);
  assert_true (*tail);
  inos_logs_forget (world->logs);
  assert_read (world, "late warning", .source = "journal", .unit = "needle", .limit = 1);
}

static void the_journals_bytes_become_text (void **state)
{
  struct world *world = *state;
  g_autofree char *first = NULL, *found = NULL;

  if (!world->has_journal)
    skip();
  found = read_log (world, (struct asked){.source = "journal", .unit = "other", .priority = 3},
                    &first, NULL, NULL);
  assert_string_equal (found, "bad news\uFFFD \uFFFDhere");
  g_autofree char *printed = fields_of (world, "journal", first);
  assert_non_null (strstr (printed, "('ODD_FIELD', 'odd\uFFFD')"));
  assert_non_null (strstr (printed, "('PRIORITY', '3')"));
}

static void what_is_no_place_in_the_journal_is_refused (void **state)
{
  struct world *world = *state;
  static const char *const cursors[] = {"x", "s=1", "s=;;;", "i=zzzz"};

  if (!world->has_journal)
    skip();
  for (size_t i = 0; i < G_N_ELEMENTS (cursors); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GVariant) parameters = g_variant_ref_sink (
      g_variant_new ("(ssssuxsbu)", "journal", "", "", "", 7, (gint64)0, cursors[i], FALSE, 1));
    assert_null (inos_logs_read (world->logs, parameters, &error));
    assert_int_equal (error->code, INOS_API_ERROR_BAD_PAYLOAD);
  }
}

static void the_journals_boots_begin_with_this_one (void **state)
{
  struct world *world = *state;
  const char *before = "0123456789ab4def8123456789abcdef"; /* as journal.sh has it */
  char present[SD_ID128_STRING_MAX];
  const char *first, *second;
  gint64 one, other;
  sd_id128_t boot;

  if (!world->has_journal)
    skip();
  assert_int_equal (sd_id128_get_boot (&boot), 0);
  sd_id128_to_string (boot, present);
  g_autoptr (GVariant) told = g_variant_ref_sink (inos_logs_describe (world->logs));
  g_autoptr (GVariant) boots = g_variant_get_child_value (told, 1);
  assert_int_equal (g_variant_n_children (boots), 2);
  g_variant_get_child (boots, 0, "(&sx)", &first, &one);
  g_variant_get_child (boots, 1, "(&sx)", &second, &other);
  assert_string_equal (first, present);
  assert_string_equal (second, before);
  assert_true (other > 0 && one > other);
  assert_read (world, "in the boot before", .source = "journal", .unit = "earlier");
  assert_read (world, "in the boot before", .source = "journal", .unit = "earlier", .boot = before);
  assert_read (world, "", .source = "journal", .unit = "earlier", .boot = "this");
  assert_read (world, "", .source = "journal", .unit = "earlier", .boot = present);
}

int main (void)
{
#define in_journal(test) cmocka_unit_test_setup_teardown (test, setup_journal, teardown)
#define in_world(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    in_world (files_are_one_log),
    in_world (pages_go_on_from_their_cursors),
    in_world (files_are_turned_over_and_begun_anew),
    in_world (what_is_new_is_read_whole_whatever_was_removed_for_it),
    in_world (short_lines_take_little_memory),
    in_world (another_boot_has_nothing_in_files),
    in_world (a_clock_is_of_the_day_its_file_was_written),
    in_world (what_counts_from_a_begin_ends_when_its_file_was_written),
    in_world (what_is_told_is_bounded),
    in_world (an_entry_is_looked_at),
    in_world (what_makes_no_sense_is_refused),
    in_world (a_machine_without_a_journal_says_so),
    in_journal (the_journal_is_read_in_pages),
    in_journal (the_journals_bytes_become_text),
    in_journal (what_is_no_place_in_the_journal_is_refused),
    in_journal (the_journals_boots_begin_with_this_one),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
