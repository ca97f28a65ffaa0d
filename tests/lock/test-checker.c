/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real checker with the real libpam, whose settings are the test's: Debian's own pam_exec asks
 * for the password and hands it to a script, since no test has a person's real one; pam_deny and
 * pam_permit are what they are. Usage: test-checker PATH-OF-INOS-LOCK-CHECK-TEST PATH-OF-PAM/LOGIN
 */
#include "checker.h"
#include "test.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *program, *login;
static char *folder;

struct talk {
  struct inos_checker *checker;
  struct inos_secret secret;
  const char *answer; /* to each secret question; NULL: none */
  int asked, results, lost;
  uint32_t verdict, pause, about;
  char info[256], who[256];
};

static void answer (struct talk *talk)
{
  talk->asked++;
  if (!talk->answer)
    return;
  inos_secret_append (&talk->secret, talk->answer);
  inos_checker_answer (talk->checker, &talk->secret);
  assert_int_equal (talk->secret.length, 0);
}

static void on_heard (const struct inos_talk *said, void *data)
{
  struct talk *talk = data;
  switch (said->type) {
  case INOS_TALK_WHO:
    g_snprintf (talk->who, sizeof talk->who, "%.*s", (int)said->length, said->text);
    break;
  case INOS_TALK_ASK_SECRET:
    answer (talk);
    break;
  case INOS_TALK_INFO:
  case INOS_TALK_ERROR:
    g_snprintf (talk->info, sizeof talk->info, "%.*s", (int)said->length, said->text);
    talk->about = said->value;
    break;
  case INOS_TALK_PAUSE:
    talk->pause = said->value;
    break;
  case INOS_TALK_RESULT:
    talk->results++;
    talk->verdict = said->value;
    inos_checker_stop (talk->checker); /* as the lock screen does */
    break;
  default:
    fail();
  }
}

static void on_lost (const char *text, void *data)
{
  struct talk *talk = data;
  talk->lost++;
}

static const struct inos_checker_events events = {.heard = on_heard, .lost = on_lost};

static void write_file (const char *name, const char *text, int mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_int_equal (g_chmod (path, mode), 0);
}

/* PAM's settings for the lock screen. */
static void set_stack (const char *text)
{
  write_file ("inos-lock", text, 0600);
}

static void begin (struct talk *talk, const char *text, const char *wanted)
{
  *talk = (struct talk){.answer = wanted};
  g_autofree char *accept = g_build_filename (folder, "accept", NULL);
  g_autofree char *stack = g_strdup_printf (text, accept);
  set_stack (stack);
  inos_secret_init (&talk->secret);
  talk->checker = inos_checker_create (program, &events, talk);
  g_autoptr (GError) error = NULL;
  assert_true (inos_checker_start (talk->checker, NULL, &error));
}

static gboolean on_late (void *data)
{
  fail_msg ("nothing comes");
  return G_SOURCE_REMOVE;
}

static void wait_for (const int *count)
{
  guint late = g_timeout_add_seconds (60, on_late, NULL);
  while (*count == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void end (struct talk *talk)
{
  inos_checker_destroy (talk->checker);
  inos_secret_finish (&talk->secret);
}

/* As Debian's common-auth: pam_exec itself calls a script that says no a fault of the system. */
#define EXEC                                                                                       \
  "auth [success=1 default=ignore] pam_exec.so expose_authtok quiet %s\n"                          \
  "auth requisite pam_deny.so\nauth required pam_permit.so\naccount required pam_permit.so\n"

static void assert_verdict (const char *stack, const char *password, enum inos_verdict verdict)
{
  struct talk talk;
  begin (&talk, stack, password);
  wait_for (&talk.results);
  assert_int_equal (talk.verdict, verdict);
  assert_int_equal (talk.lost, 0);
  assert_true (talk.who[0]);
  end (&talk);
}

static void a_password_is_right_or_wrong (void **state)
{
  char longest[INOS_TALK_TEXT_MAX + 1];
  memset (longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  assert_verdict (EXEC, "correct hörse", INOS_VERDICT_RIGHT);
  assert_verdict (EXEC, "wrong", INOS_VERDICT_WRONG);
  assert_verdict (EXEC, "correct hörse ", INOS_VERDICT_WRONG);
  assert_verdict (EXEC, longest, INOS_VERDICT_WRONG);
}

static void the_account_counts_too (void **state)
{
  assert_verdict ("auth required pam_permit.so # %s\naccount required pam_permit.so\n", NULL,
                  INOS_VERDICT_RIGHT);
  assert_verdict ("auth required pam_permit.so # %s\naccount required pam_deny.so\n", NULL,
                  INOS_VERDICT_DENIED);
  assert_verdict ("auth required pam_deny.so # %s\naccount required pam_permit.so\n", NULL,
                  INOS_VERDICT_WRONG);
  /* Debian's pam_debug returns what it is told to. */
  assert_verdict (
    "auth required pam_permit.so # %s\naccount required pam_debug.so acct=acct_expired\n", NULL,
    INOS_VERDICT_EXPIRED);
  assert_verdict (
    "auth required pam_permit.so # %s\naccount required pam_debug.so acct=new_authtok_reqd\n", NULL,
    INOS_VERDICT_RIGHT);
  /* Said of the password it is no word about the account. */
  assert_verdict ("auth required pam_debug.so auth=new_authtok_reqd # %s\n"
                  "account required pam_deny.so\n",
                  NULL, INOS_VERDICT_EXPIRED);
  assert_verdict ("auth required pam_debug.so auth=new_authtok_reqd # %s\n"
                  "account required pam_permit.so\n",
                  NULL, INOS_VERDICT_EXPIRED);
  assert_verdict ("auth required pam_debug.so auth=maxtries # %s\n", NULL, INOS_VERDICT_TOO_MANY);
  assert_verdict ("auth required pam_debug.so auth=authinfo_unavail # %s\n", NULL,
                  INOS_VERDICT_BROKEN);
}

static void without_settings_nobody_gets_in (void **state)
{
  assert_verdict ("# %s\n", "correct hörse", INOS_VERDICT_DENIED);
  assert_verdict ("auth required pam_not_there.so # %s\n", "correct hörse", INOS_VERDICT_BROKEN);
}

static void a_pause_is_told_and_not_slept (void **state)
{
  struct talk talk;
  gint64 started = g_get_monotonic_time();
  begin (&talk, "auth optional pam_faildelay.so delay=40000000 # %s\nauth required pam_deny.so\n",
         NULL);
  wait_for (&talk.results);
  assert_int_equal (talk.verdict, INOS_VERDICT_WRONG);
  /* PAM itself varies it by a quarter or so. */
  assert_in_range (talk.pause, 20000, 60000);
  assert_true (g_get_monotonic_time() - started < 20 * G_USEC_PER_SEC);
  end (&talk);
}

static void assert_hears (const char *format, enum inos_talk_about about)
{
  struct talk talk;
  write_file ("message", "Place your finger on the reader\n", 0600);
  g_auto (GStrv) parts = g_strsplit (format, "FOLDER", -1);
  g_autofree char *stack = g_strjoinv (folder, parts);
  begin (&talk, stack, NULL);
  wait_for (&talk.results);
  assert_string_equal (talk.info, "Place your finger on the reader");
  assert_int_equal (talk.about, about);
  end (&talk);
}

static void what_a_module_says_is_heard (void **state)
{
  assert_hears ("auth optional pam_echo.so file=FOLDER/message\nauth required pam_permit.so # %s\n"
                "account required pam_permit.so\n",
                INOS_TALK_OF_PERSON);
  assert_hears ("auth required pam_permit.so # %s\n"
                "account optional pam_echo.so file=FOLDER/message\n"
                "account required pam_permit.so\n",
                INOS_TALK_OF_ACCOUNT);
}

/* What is installed where there is no common-auth to be included. */
static void who_may_log_in_may_unlock (void **state)
{
  g_autofree char *stack = NULL, *accept = g_build_filename (folder, "accept", NULL);
  g_autofree char *logins = g_strdup_printf (EXEC, accept);
  assert_true (g_file_get_contents (login, &stack, NULL, NULL));
  write_file ("login", logins, 0600);
  /* Else PAM looks for it in /etc/pam.d. */
  g_auto (GStrv) parts = g_strsplit (stack, "include login", -1);
  assert_int_equal (g_strv_length (parts), 3);
  g_autofree char *included = g_strdup_printf ("include %s/login", folder);
  g_autofree char *whole = g_strjoinv (included, parts);
  assert_verdict (whole, "correct hörse", INOS_VERDICT_RIGHT);
  assert_verdict (whole, "wrong", INOS_VERDICT_WRONG);
}

static void one_that_is_stopped_says_no_more (void **state)
{
  struct talk talk;
  begin (&talk, EXEC, NULL);
  wait_for (&talk.asked);
  inos_checker_stop (talk.checker);
  /* A new one is asked as if there had been none. */
  talk.answer = "correct hörse";
  assert_true (inos_checker_start (talk.checker, NULL, NULL));
  wait_for (&talk.results);
  assert_int_equal (talk.results, 1);
  assert_int_equal (talk.verdict, INOS_VERDICT_RIGHT);
  assert_int_equal (talk.lost, 0);
  end (&talk);
}

static void the_end_of_one_is_noticed (void **state)
{
  struct talk talk;
  /* Who takes the message and ends without a word: not a checker, but all there is of it. */
  const char *real = program;
  program = "/bin/true";
  begin (&talk, EXEC, NULL);
  wait_for (&talk.lost);
  assert_int_equal (talk.results, 0);
  end (&talk);
  program = "/nonexistent/inos-lock-check";
  struct inos_checker *none = inos_checker_create (program, &events, &talk);
  g_autoptr (GError) error = NULL;
  assert_false (inos_checker_start (none, NULL, &error));
  assert_non_null (error);
  inos_checker_destroy (none);
  program = real;
}

/* A checker that was taken over may say what it likes, but is not understood. */
static void nonsense_ends_it (void **state)
{
  struct talk talk;
  const char *real = program;
  g_autofree char *path = g_build_filename (folder, "nonsense", NULL);
  write_file ("nonsense", "#!/bin/sh\nprintf 'UNLOCK' >&3; sleep 60\n", 0700);
  program = path;
  g_test_expect_message ("inos-lock", G_LOG_LEVEL_WARNING, "*no message*");
  begin (&talk, EXEC, NULL);
  wait_for (&talk.lost);
  g_test_assert_expected_messages();
  end (&talk);
  program = real;
}

int main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_password_is_right_or_wrong),
    cmocka_unit_test (the_account_counts_too),
    cmocka_unit_test (without_settings_nobody_gets_in),
    cmocka_unit_test (a_pause_is_told_and_not_slept),
    cmocka_unit_test (what_a_module_says_is_heard),
    cmocka_unit_test (who_may_log_in_may_unlock),
    cmocka_unit_test (one_that_is_stopped_says_no_more),
    cmocka_unit_test (the_end_of_one_is_noticed),
    cmocka_unit_test (nonsense_ends_it),
  };
  if (argc != 3)
    return 2;
  program = argv[1];
  login = argv[2];
  folder = g_dir_make_tmp ("inos-lock-XXXXXX", NULL);
  g_setenv ("INOS_LOCK_PAM_DIR", folder, TRUE);
  write_file ("accept", "#!/bin/sh\n[ \"$(tr -d '\\0')\" = 'correct hörse' ]\n", 0700);
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  for (const char *const *name =
         (const char *const[]){"accept", "inos-lock", "login", "message", "nonsense", NULL};
       *name; name++) {
    g_autofree char *path = g_build_filename (folder, *name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return failed;
}
