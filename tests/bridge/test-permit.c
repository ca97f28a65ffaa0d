/*
 * The parts of the guard of applications: whose a process is, what was granted, what is asked, and
 * what is written down.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "guard/app_id.h"
#include "bridge/permit/audit.h"
#include "bridge/permit/capabilities.h"
#include "bridge/permit/grants.h"
#include "bridge/permit/prompts.h"
#include "bridge/policy.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define APP "org.example.App"
#define MESH "node.mesh"
#define SECOND G_TIME_SPAN_SECOND

/* Whose a process is */

static void valid_ids (void **state)
{
  static const char *const good[] = {"a", APP, "snap.firefox", "io.github.x-y_z.App2"};
  static const char *const bad[] = {"",     ".a",   "a.", "a b",       "a/b", "a\nb",
                                    "a\"b", "\xff", "-a", "org.ä.App", "a{",  NULL};
  g_autofree char *longest = g_strnfill (INOS_APP_ID_MAX, 'a');
  g_autofree char *longer = g_strnfill (10000, 'a');

  for (size_t i = 0; i < G_N_ELEMENTS (good); i++)
    assert_true (inos_app_id_is_valid (good[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_false (inos_app_id_is_valid (bad[i]));
  assert_true (inos_app_id_is_valid (longest));
  assert_false (inos_app_id_is_valid (longer));
}

static enum inos_sandbox flatpak (const char *text, char id[INOS_APP_ID_MAX + 1])
{
  return inos_app_id_from_flatpak (text, strlen (text), id);
}

static void flatpak_info (void **state)
{
  char id[INOS_APP_ID_MAX + 1];
  g_autofree char *name = g_strnfill (10000, 'a');
  g_autofree char *longer = g_strconcat ("[Application]\nname=", name, "\n", NULL);

  assert_int_equal (flatpak ("[Application]\nname=" APP "\nruntime=x\n", id), INOS_SANDBOX_APP);
  assert_string_equal (id, APP);
  assert_int_equal (flatpak (longer, id), INOS_SANDBOX_UNKNOWN);
  assert_string_equal (id, "");
  assert_int_equal (flatpak ("", id), INOS_SANDBOX_UNKNOWN);
  assert_int_equal (flatpak ("[Runtime]\nname=" APP "\n", id), INOS_SANDBOX_UNKNOWN);
  assert_int_equal (flatpak ("[Application]\nname=../../etc\n", id), INOS_SANDBOX_UNKNOWN);
  assert_int_equal (flatpak ("\xff\xfe garbage", id), INOS_SANDBOX_UNKNOWN);
}

static enum inos_sandbox cgroup (const char *text, char id[INOS_APP_ID_MAX + 1])
{
  return inos_app_id_from_cgroup (text, strlen (text), id);
}

static void control_groups (void **state)
{
  const char *const base = "0::/user.slice/user-1000.slice/user@1000.service/app.slice";
  char id[INOS_APP_ID_MAX + 1];
  g_autofree char *plain = g_strconcat (base, "/app-foot@1.service\n", NULL);
  g_autofree char *snap = g_strconcat (base, "/snap.firefox.firefox-0a1b.scope\n", NULL);
  g_autofree char *bundle =
    g_strconcat (base, "/app-flatpak-org.example.My\\x2dApp-4242.scope/inner\n", NULL);
  g_autofree char *none = g_strconcat (base, "/app-flatpak-.scope\n", NULL);
  g_autofree char *bad = g_strconcat (base, "/snap..scope\n", NULL);

  assert_int_equal (cgroup (plain, id), INOS_SANDBOX_NONE);
  assert_int_equal (cgroup ("", id), INOS_SANDBOX_NONE);
  assert_int_equal (cgroup (snap, id), INOS_SANDBOX_APP);
  assert_string_equal (id, "snap.firefox");
  assert_int_equal (cgroup (bundle, id), INOS_SANDBOX_APP);
  assert_string_equal (id, "org.example.My-App");
  assert_int_equal (cgroup (none, id), INOS_SANDBOX_UNKNOWN);
  assert_int_equal (cgroup (bad, id), INOS_SANDBOX_UNKNOWN);
}

/* What can be granted is what the policy knows of the node, and no more than a program of the
 * person's has; or what portals ask for, which is none of the policy's. */
static void grantable (void **state)
{
  size_t rows;
  gsize count;
  const struct inos_policy_rule *rules = inos_policy_table (&rows);
  const struct inos_grantable *table = inos_grantable_table (&count);

  for (gsize i = 0; i < count; i++) {
    bool used = false;

    assert_true (i == 0 || strcmp (table[i - 1].name, table[i].name) < 0);
    for (size_t j = 0; j < rows; j++)
      used = used || strcmp (rules[j].capability, table[i].name) == 0;
    assert_true (used == g_str_has_prefix (table[i].name, "node."));
    assert_true (used != inos_grantable_is_portals (&table[i]));
  }
  for (size_t j = 0; j < rows; j++)
    if (g_str_has_prefix (rules[j].capability, "node."))
      assert_non_null (inos_grantable_find (rules[j].capability));
  assert_null (inos_grantable_find ("permissions.control"));
  assert_null (inos_grantable_find ("shell.arena"));
  assert_null (inos_grantable_find (NULL));
}

/* What was granted */

static void grants_are_kept (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-grants-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "inner", "permissions", NULL);
  g_autofree char *inner = g_path_get_dirname (path);
  struct inos_grants *grants = inos_grants_new (path);
  guint count;

  assert_false (inos_grants_has (grants, APP, MESH));
  assert_true (inos_grants_add (grants, APP, MESH, 5, NULL));
  assert_true (inos_grants_add (grants, APP, MESH, 6, NULL));
  assert_true (inos_grants_add (grants, APP, "node.actors", 7, NULL));
  assert_true (inos_grants_add (grants, "org.example.B", MESH, 8, NULL));
  inos_grants_free (grants);

  grants = inos_grants_new (path);
  assert_int_equal (inos_grants_list (grants)->len, 3);
  assert_true (inos_grants_has (grants, APP, MESH));
  assert_false (inos_grants_has (grants, APP, "node.mesh.control"));
  assert_false (inos_grants_has (grants, "org.example.Ap", MESH));
  assert_true (inos_grants_remove (grants, APP, NULL, &count, NULL));
  assert_int_equal (count, 2);
  assert_true (inos_grants_remove (grants, APP, NULL, &count, NULL));
  assert_int_equal (count, 0);
  inos_grants_free (grants);

  grants = inos_grants_new (path);
  assert_int_equal (inos_grants_list (grants)->len, 1);
  inos_grants_free (grants);
  g_remove (path);
  g_rmdir (inner);
  g_rmdir (folder);
}

static void bad_grants_are_refused (void **state)
{
  struct inos_grants *grants = inos_grants_new (NULL);

  assert_false (inos_grants_add (grants, "a b", MESH, 0, NULL));
  assert_false (inos_grants_add (grants, APP, "node", 0, NULL));
  assert_false (inos_grants_add (grants, APP, "permissions.control", 0, NULL));
  assert_false (inos_grants_add (grants, APP, "shell.arena", 0, NULL));
  assert_int_equal (inos_grants_list (grants)->len, 0);
  inos_grants_free (grants);
}

/* What cannot be kept does not hold either. */
static void unkept_grants_do_not_hold (void **state)
{
  struct inos_grants *grants = inos_grants_new ("/proc/self/no/such/permissions");
  g_autoptr (GError) error = NULL;

  assert_false (inos_grants_add (grants, APP, MESH, 0, &error));
  assert_non_null (error);
  assert_false (inos_grants_has (grants, APP, MESH));
  inos_grants_free (grants);
}

static void garbage_grants_nothing (void **state)
{
  static const char text[] = APP " node.mesh 1\n"
                                 "\n"
                                 "a b node.mesh 1\n"     /* no id */
                                 "b node.everything 1\n" /* no capability */
                                 "c shell.arena 1\n"     /* not to be granted */
                                 "d node.mesh x\n"       /* no time */
                                 "e node.mesh -1\n"
                                 "f node.mesh 1 more\n"
                                 "g node.mesh\n"
                                 "\xff\xfe node.mesh 1\n" APP " node.mesh 2\n" /* twice */
                                 "h\0 node.mesh 1\n"
                                 "i node.mesh 1"; /* cut off */
  struct inos_grants *grants = inos_grants_new (NULL);
  g_autofree char *huge = g_strnfill (INOS_GRANTS_FILE_MAX + 1, '\n');

  assert_int_equal (inos_grants_parse (grants, text, sizeof text - 1), 11);
  assert_int_equal (inos_grants_list (grants)->len, 1);
  assert_int_equal (inos_grants_parse (grants, huge, strlen (huge)), 1);
  inos_grants_free (grants);
}

/* What is asked */

struct answers {
  GString *said; /* one letter a call */
  guint settled;
};

static const char letters[] = "oadeg"; /* enum inos_prompt_answer */

static void on_settled (const struct inos_prompt *prompt, enum inos_prompt_answer answer,
                        void *data)
{
  ((struct answers *)data)->settled++;
}

static void on_answered (const struct inos_prompt *prompt, const char *sender, void *call,
                         enum inos_prompt_answer answer, void *data)
{
  g_string_append_c (((struct answers *)data)->said, letters[answer]);
}

static const struct inos_prompts_events events = {.settled = on_settled, .answered = on_answered};

static struct inos_prompts *begin (struct answers *answers)
{
  *answers = (struct answers){.said = g_string_new (NULL)};
  return inos_prompts_new (&events, answers);
}

static void finish (struct inos_prompts *prompts, struct answers *answers)
{
  inos_prompts_free (prompts);
  g_string_free (answers->said, TRUE);
}

static guint first_id (struct inos_prompts *prompts)
{
  return ((struct inos_prompt *)g_ptr_array_index (inos_prompts_list (prompts), 0))->id;
}

static void one_question_for_many_calls (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":1", "", 0), INOS_PROMPT_ASKED);
  for (int i = 1; i < INOS_PROMPT_CALLS_MAX; i++)
    assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":1", "", 0), INOS_PROMPT_JOINED);
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":1", "", 0), INOS_PROMPT_FULL);
  assert_int_equal (inos_prompts_list (prompts)->len, 1);
  assert_non_null (inos_prompts_find (prompts, APP, MESH));
  assert_false (inos_prompts_answer (prompts, 77, INOS_PROMPT_ALWAYS, 0));
  assert_true (inos_prompts_answer (prompts, first_id (prompts), INOS_PROMPT_ALWAYS, 0));
  assert_string_equal (answers.said->str, "aaaaaaaaaaaaaaaa");
  assert_int_equal (answers.settled, 1);
  assert_null (inos_prompts_find (prompts, APP, MESH));
  finish (prompts, &answers);
}

static void prompts_by_the_thousand (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);
  gsize count;
  const struct inos_grantable *table = inos_grantable_table (&count);

  for (int i = 0; i < 10000; i++) {
    g_autofree char *app = g_strdup_printf ("org.example.App%d", i);

    for (gsize j = 0; j < count; j++)
      inos_prompts_ask (prompts, app, table[j].name, ":1", "", 0);
  }
  assert_int_equal (inos_prompts_list (prompts)->len, INOS_PROMPTS_MAX);
  assert_string_equal (
    ((struct inos_prompt *)g_ptr_array_index (inos_prompts_list (prompts), INOS_PROMPTS_OF_APP))
      ->app,
    "org.example.App1");
  finish (prompts, &answers);
}

static void denied_is_not_asked_again (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  inos_prompts_ask (prompts, APP, MESH, ":1", "", 0);
  inos_prompts_answer (prompts, first_id (prompts), INOS_PROMPT_DENY, 0);
  assert_string_equal (answers.said->str, "d");
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":2", "", SECOND), INOS_PROMPT_DENIED);
  assert_int_equal (inos_prompts_ask (prompts, APP, "node.actors", ":2", "", SECOND),
                    INOS_PROMPT_ASKED);
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":2", "", INOS_PROMPT_REST + 1),
                    INOS_PROMPT_ASKED);
  inos_prompts_answer (prompts, first_id (prompts), INOS_PROMPT_DENY, 0);
  inos_prompts_answer (prompts, first_id (prompts), INOS_PROMPT_DENY, 0);
  inos_prompts_forgive (prompts, "org.example");
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":2", "", SECOND), INOS_PROMPT_DENIED);
  inos_prompts_forgive (prompts, APP);
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":2", "", SECOND), INOS_PROMPT_ASKED);
  finish (prompts, &answers);
}

static void no_answer_is_no (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  assert_int_equal (inos_prompts_tick (prompts, 0), 0);
  inos_prompts_ask (prompts, APP, MESH, ":1", "", 0);
  inos_prompts_ask (prompts, APP, "node.actors", ":1", "", SECOND);
  assert_int_equal (inos_prompts_tick (prompts, INOS_PROMPT_PATIENCE - 1), INOS_PROMPT_PATIENCE);
  assert_int_equal (inos_prompts_tick (prompts, INOS_PROMPT_PATIENCE),
                    INOS_PROMPT_PATIENCE + SECOND);
  assert_string_equal (answers.said->str, "e");
  assert_int_equal (inos_prompts_tick (prompts, INOS_PROMPT_PATIENCE + SECOND), 0);
  assert_string_equal (answers.said->str, "ee");
  assert_int_equal (inos_prompts_ask (prompts, APP, MESH, ":1", "", 2 * INOS_PROMPT_PATIENCE),
                    INOS_PROMPT_UNANSWERED);
  assert_int_equal (
    inos_prompts_ask (prompts, APP, MESH, ":1", "", INOS_PROMPT_PATIENCE + INOS_PROMPT_REST),
    INOS_PROMPT_ASKED);
  finish (prompts, &answers);
}

static void who_leaves_waits_for_nothing (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  inos_prompts_ask (prompts, APP, MESH, ":1", "", 0);
  inos_prompts_ask (prompts, APP, MESH, ":2", "", 0);
  inos_prompts_left (prompts, ":1", 0);
  assert_int_equal (inos_prompts_list (prompts)->len, 1);
  assert_int_equal (answers.settled, 0);
  inos_prompts_left (prompts, ":2", 0);
  assert_int_equal (inos_prompts_list (prompts)->len, 0);
  assert_string_equal (answers.said->str, "gg");
  finish (prompts, &answers);
}

/* Asks, and leaves at once. */
static enum inos_prompt_asked visit (struct inos_prompts *prompts, gint64 now)
{
  enum inos_prompt_asked asked = inos_prompts_ask (prompts, APP, MESH, ":1", "", now);

  inos_prompts_left (prompts, ":1", now);
  return asked;
}

static void who_leaves_rests (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  assert_int_equal (visit (prompts, 0), INOS_PROMPT_ASKED);
  assert_int_equal (visit (prompts, INOS_PROMPT_FIRST_REST - 1), INOS_PROMPT_TOO_SOON);
  /* Nothing else does. */
  assert_int_equal (inos_prompts_ask (prompts, APP, "node.actors", ":2", "", SECOND),
                    INOS_PROMPT_ASKED);
  assert_int_equal (inos_prompts_ask (prompts, "org.example.B", MESH, ":3", "", SECOND),
                    INOS_PROMPT_ASKED);
  /* The next time it is longer. */
  assert_int_equal (visit (prompts, INOS_PROMPT_FIRST_REST), INOS_PROMPT_ASKED);
  assert_int_equal (visit (prompts, 3 * INOS_PROMPT_FIRST_REST - 1), INOS_PROMPT_TOO_SOON);
  inos_prompts_forgive (prompts, APP);
  assert_int_equal (visit (prompts, INOS_PROMPT_FIRST_REST), INOS_PROMPT_ASKED);
  assert_int_equal (visit (prompts, 2 * INOS_PROMPT_FIRST_REST), INOS_PROMPT_ASKED);
  /* An answer ends it. */
  inos_prompts_ask (prompts, APP, MESH, ":1", "", 4 * INOS_PROMPT_FIRST_REST);
  inos_prompts_answer (prompts, inos_prompts_find (prompts, APP, MESH)->id, INOS_PROMPT_ONCE,
                       4 * INOS_PROMPT_FIRST_REST);
  assert_int_equal (visit (prompts, 4 * INOS_PROMPT_FIRST_REST), INOS_PROMPT_ASKED);
  finish (prompts, &answers);
}

/* Of a day in which it comes every 300 ms it has the screen a hundred and fifty times, and not more
 * often than by being denied. */
static void leaving_over_and_over (void **state)
{
  const gint64 pause = 300 * G_TIME_SPAN_MILLISECOND;
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);
  guint asked = 0;
  gint64 now;

  for (now = 0; now < G_TIME_SPAN_DAY; now += pause)
    asked += visit (prompts, now) == INOS_PROMPT_ASKED;
  assert_in_range (asked, 100, 150);
  /* Who does not do that any more begins anew. */
  now += 2 * INOS_PROMPT_REST;
  assert_int_equal (visit (prompts, now), INOS_PROMPT_ASKED);
  assert_int_equal (visit (prompts, now + INOS_PROMPT_FIRST_REST), INOS_PROMPT_ASKED);
  finish (prompts, &answers);
}

static void waits_for_an_answer (void **state)
{
  struct answers answers;
  struct inos_prompts *prompts = begin (&answers);

  assert_false (inos_prompts_is_waiting (prompts, ":1"));
  inos_prompts_ask (prompts, APP, MESH, ":1", "", 0);
  assert_true (inos_prompts_is_waiting (prompts, ":1"));
  assert_false (inos_prompts_is_waiting (prompts, ":2"));
  inos_prompts_answer (prompts, first_id (prompts), INOS_PROMPT_DENY, 0);
  assert_false (inos_prompts_is_waiting (prompts, ":1"));
  finish (prompts, &answers);
}

/* What is written down */

static void audit_counts_and_turns_over (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit", NULL);
  g_autofree char *older = g_strconcat (path, ".1", NULL);
  struct inos_audit *audit = inos_audit_new (path);
  g_auto (GStrv) lines = NULL;
  struct stat status;

  for (int i = 0; i < 1000; i++)
    inos_audit_add (audit, APP, MESH, INOS_AUDIT_ALLOWED, ":1.7", SECOND);
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_ALLOWED, ":1.7", 2 * INOS_AUDIT_REST);
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_GRANTED, "person", SECOND);
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_GRANTED, "person", SECOND);
  lines = inos_audit_read (audit, 100);
  assert_int_equal (g_strv_length (lines), 4);
  assert_string_equal (lines[0], "{\"time\":\"1970-01-01T00:00:01Z\",\"app\":\"" APP
                                 "\",\"capability\":\"node.mesh\",\"decision\":\"allowed\","
                                 "\"by\":\":1.7\",\"times\":1}");
  assert_non_null (strstr (lines[1], "\"times\":1000}"));
  for (int i = 0; i < 6000; i++)
    inos_audit_add (audit, APP, MESH, INOS_AUDIT_GRANTED, "person", SECOND);
  assert_int_equal (g_stat (path, &status), 0);
  assert_true (status.st_size <= INOS_AUDIT_FILE_MAX + 512);
  assert_int_equal (g_stat (older, &status), 0);
  assert_true (status.st_size <= INOS_AUDIT_FILE_MAX + 512);
  inos_audit_free (audit);
  g_remove (path);
  g_remove (older);
  g_rmdir (folder);
}

/* What an application does by itself, without the person. */
static void audit_counts_questions (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit", NULL);
  struct inos_audit *audit = inos_audit_new (path);
  g_auto (GStrv) lines = NULL;

  for (int i = 0; i < 1000; i++) {
    inos_audit_add (audit, APP, MESH, INOS_AUDIT_ASKED, ":1.7", SECOND);
    inos_audit_add (audit, APP, MESH, INOS_AUDIT_GONE, "person", SECOND);
  }
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_ASKED, ":1.7", 2 * INOS_AUDIT_REST);
  lines = inos_audit_read (audit, 100);
  assert_int_equal (g_strv_length (lines), 3);
  assert_non_null (strstr (lines[1], "gone"));
  assert_non_null (strstr (lines[2], "\"times\":1000}"));
  inos_audit_free (audit);
  g_remove (path);
  g_rmdir (folder);
}

static void audit_shows_whole_lines (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit", NULL);
  struct inos_audit *audit = inos_audit_new (path);
  g_auto (GStrv) lines = NULL;

  assert_true (g_file_set_contents (path, "garbage\n\xff\n{\"time\":\"cut", -1, NULL));
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_GRANTED, "person", SECOND);
  inos_audit_add (audit, APP, MESH, INOS_AUDIT_REVOKED, "person", SECOND);
  lines = inos_audit_read (audit, 100);
  assert_int_equal (g_strv_length (lines), 1);
  assert_non_null (strstr (lines[0], "revoked"));
  inos_audit_free (audit);
  g_remove (path);
  g_rmdir (folder);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (valid_ids),
    cmocka_unit_test (flatpak_info),
    cmocka_unit_test (control_groups),
    cmocka_unit_test (grantable),
    cmocka_unit_test (grants_are_kept),
    cmocka_unit_test (bad_grants_are_refused),
    cmocka_unit_test (unkept_grants_do_not_hold),
    cmocka_unit_test (garbage_grants_nothing),
    cmocka_unit_test (one_question_for_many_calls),
    cmocka_unit_test (prompts_by_the_thousand),
    cmocka_unit_test (denied_is_not_asked_again),
    cmocka_unit_test (no_answer_is_no),
    cmocka_unit_test (who_leaves_waits_for_nothing),
    cmocka_unit_test (who_leaves_rests),
    cmocka_unit_test (leaving_over_and_over),
    cmocka_unit_test (waits_for_an_answer),
    cmocka_unit_test (audit_counts_and_turns_over),
    cmocka_unit_test (audit_counts_questions),
    cmocka_unit_test (audit_shows_whole_lines),
  };
  return cmocka_run_group_tests_name ("permit", tests, NULL, NULL);
}
