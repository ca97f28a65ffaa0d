/*
 * Terminals with real programs on real PTYs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/terminals.h"
#include "node/terminal/door.h"

#include "node/api/messages.h"
#include "../fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE (20 * G_USEC_PER_SEC)
#define FLOOD 20000000 /* bytes; more than all that is between them */

struct world {
  char *folder, *door;
  struct inos_terminals *terminals;
  uint64_t ended, closed;
  int32_t code, signal;
  char *title;
};

static void on_opened (uint64_t id, void *data)
{
}

static void on_changed (uint64_t id, const char *title, void *data)
{
  struct world *w = data;

  g_free (w->title);
  w->title = g_strdup (title);
}

static void on_ended (uint64_t id, int32_t code, int32_t signal, void *data)
{
  struct world *w = data;

  w->ended = id, w->code = code, w->signal = signal;
}

static void on_closed (uint64_t id, void *data)
{
  ((struct world *)data)->closed = id;
}

static int set_up (void **state)
{
  static const struct inos_terminals_events events = {on_opened, on_changed, on_ended, on_closed};
  struct world *w = g_new0 (struct world, 1);

  w->folder = g_dir_make_tmp ("inos-terminals-XXXXXX", NULL);
  w->door = g_build_filename (w->folder, "door", NULL);
  w->terminals = inos_terminals_new (w->door, NULL);
  assert_non_null (w->terminals);
  inos_terminals_listen (w->terminals, &events, w);
  *state = w;
  return 0;
}

static int tear_down (void **state)
{
  struct world *w = *state;

  inos_terminals_free (w->terminals);
  assert_false (g_file_test (w->door, G_FILE_TEST_EXISTS));
  fixture_remove (w->folder);
  g_free (w->folder), g_free (w->door), g_free (w->title);
  g_free (w);
  return 0;
}

/* Turns the loop until @condition; fails after PATIENCE. */
#define until(condition)                                                                           \
  do {                                                                                             \
    gint64 end_ = g_get_monotonic_time() + PATIENCE;                                               \
    while (!(condition)) {                                                                         \
      assert_true (g_get_monotonic_time() < end_);                                                 \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (1000);                                                                           \
    }                                                                                              \
  } while (0)

static uint64_t open_sh (struct world *w, const char *script)
{
  const char *const command[] = {"/bin/sh", "-c", script, NULL};
  g_autoptr (GError) error = NULL;
  uint64_t id = inos_terminals_open (w->terminals, w->folder, command, NULL, 80, 24, &error);

  if (!id)
    fail_msg ("%s", error->message);
  return id;
}

static int knock_with (struct world *w, const void *bytes, size_t size)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, w->door, sizeof address.sun_path);
  assert_int_equal (connect (fd, (const struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal (send (fd, bytes, size, 0), size);
  return fd;
}

static bool has_bytes (int fd)
{
  char byte;

  return recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

static int attach (struct world *w, uint64_t id, struct inos_terminal_hello *hello)
{
  const struct inos_terminals_knock knock = {.magic = INOS_TERMINALS_MAGIC, .id = id};
  int fd = knock_with (w, &knock, sizeof knock);

  until (has_bytes (fd));
  assert_int_equal (recv (fd, hello, sizeof *hello, 0), sizeof *hello);
  return fd;
}

/* Adds what has come; false where it has ended. */
static bool take (int fd, GString *text)
{
  char bytes[65536];
  ssize_t n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    g_string_append_len (text, bytes, n);
  return n > 0 || (n < 0 && errno == EAGAIN);
}

static void read_until (int fd, GString *text, const char *wanted)
{
  until (!take (fd, text) || strstr (text->str, wanted));
  if (!strstr (text->str, wanted))
    fail_msg ("ended without “%s”: %s", wanted, text->str);
}

static void read_all (int fd, GString *text)
{
  until (!take (fd, text));
}

static void say (int fd, const char *text)
{
  assert_int_equal (send (fd, text, strlen (text), MSG_NOSIGNAL), strlen (text));
}

static void programs_read_and_write (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  struct inos_terminal_hello hello;
  uint64_t id = open_sh (w, "echo ready; read line; echo \"got $line\"; tty; exit 3");
  int fd = attach (w, id, &hello);

  assert_int_equal (hello.status, INOS_TERMINAL_OK);
  assert_int_equal (hello.columns, 80);
  assert_int_equal (hello.rows, 24);
  read_until (fd, text, "ready");
  say (fd, "grüße\n");
  read_all (fd, text);
  assert_non_null (strstr (text->str, "got grüße\r\n"));
  assert_non_null (strstr (text->str, "/dev/pts/"));
  until (w->ended == id);
  assert_int_equal (w->code, 3);
  assert_int_equal (w->signal, 0);
  close (fd);
}

static void sizes_are_told (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  struct inos_terminal_hello hello;
  uint64_t id = open_sh (w, "stty size; read line; stty size");
  int fd = attach (w, id, &hello);

  read_until (fd, text, "24 80");
  assert_true (inos_terminals_resize (w->terminals, id, 132, 50));
  assert_false (inos_terminals_resize (w->terminals, id + 1, 132, 50));
  say (fd, "\n");
  read_until (fd, text, "50 132");
  close (fd);
}

/* Neither the environment nor the descriptors of this program. */
static void nothing_of_ours_is_given (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  const char *const command[] = {"sh", "-c", "env; echo; ls /proc/$$/fd | tr '\\n' ' '; echo .",
                                 NULL};
  const char *const environment[] = {"WAYLAND_DISPLAY=wayland-7", NULL};
  struct inos_terminal_hello hello;
  int secret = open ("/dev/null", O_RDONLY); /* not close-on-exec */

  g_setenv ("NOTIFY_SOCKET", "/run/secret", TRUE);
  uint64_t id = inos_terminals_open (w->terminals, w->folder, command, environment, 80, 24, NULL);
  int fd = attach (w, id, &hello);
  read_all (fd, text);
  g_unsetenv ("NOTIFY_SOCKET");
  close (secret);
  assert_null (strstr (text->str, "/run/secret"));
  assert_non_null (strstr (text->str, "TERM=xterm-256color\r\n"));
  assert_non_null (strstr (text->str, "COLORTERM=truecolor\r\n"));
  assert_non_null (strstr (text->str, "WAYLAND_DISPLAY=wayland-7\r\n"));
  assert_non_null (strstr (text->str, "INOS_TERMINAL=1\r\n"));
  assert_true (strstr (text->str, "\r\n0 1 10 2 .") || strstr (text->str, "\r\n0 1 2 ."));
  close (fd);
}

static void what_cannot_be_run_is_said (void **state)
{
  struct world *w = *state;
  const char *const nothing[] = {"no-such-program-here", NULL};
  const char *const folder[] = {"/usr", NULL};
  const char *const bad[] = {"no equals", NULL};
  g_autoptr (GError) error = NULL;

  assert_int_equal (inos_terminals_open (w->terminals, "", nothing, NULL, 80, 24, &error), 0);
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND));
  assert_int_equal (inos_terminals_open (w->terminals, "", folder, NULL, 80, 24, NULL), 0);
  assert_int_equal (inos_terminals_open (w->terminals, "/no/such", NULL, NULL, 80, 24, NULL), 0);
  assert_int_equal (inos_terminals_open (w->terminals, "", NULL, bad, 80, 24, NULL), 0);
  assert_int_equal (inos_terminals_open (w->terminals, "", NULL, NULL, 0, 24, NULL), 0);
  assert_int_equal (inos_terminals_open (w->terminals, "", NULL, NULL, 80, 5000, NULL), 0);
}

static void a_kill_is_an_end (void **state)
{
  struct world *w = *state;
  uint64_t id = open_sh (w, "kill -9 $$");

  until (w->ended == id);
  assert_int_equal (w->code, -1);
  assert_int_equal (w->signal, SIGKILL);
}

/* While nobody reads, the program waits; then every byte comes. */
static void a_flood_waits_for_who_looks_on (void **state)
{
  struct world *w = *state;
  char bytes[65536];
  struct inos_terminal_hello hello;
  g_autofree char *done = g_build_filename (w->folder, "done", NULL);
  uint64_t id =
    open_sh (w, "stty -opost; read line; head -c " G_STRINGIFY (FLOOD) " /dev/zero; touch done");
  int fd = attach (w, id, &hello);
  size_t total = 0;
  ssize_t n = 0;

  until (!g_file_test (done, G_FILE_TEST_EXISTS));
  g_usleep (100000); /* stty */
  say (fd, "\n");
  gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
  until (g_get_monotonic_time() > end);
  assert_false (g_file_test (done, G_FILE_TEST_EXISTS));
  until ((n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT)) == 0 || (n < 0 && errno != EAGAIN) ||
         (total += n > 0 ? (size_t)n : 0) == G_MAXSIZE);
  assert_true (total >= FLOOD && total < FLOOD + 100);
  assert_true (g_file_test (done, G_FILE_TEST_EXISTS));
  close (fd);
}

static void it_goes_on_with_nobody_there (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  struct inos_terminal_hello hello;
  uint64_t id = open_sh (w, "printf '\\033[?2004h\\033]2;my title\\007'; "
                            "i=0; while [ $i -lt 40000 ]; do echo \"line number $i is here\"; "
                            "i=$((i+1)); done; echo last; read line");

  until (w->title);
  assert_string_equal (w->title, "my title");
  gint64 end = g_get_monotonic_time() + PATIENCE;
  for (;;) { /* until it has the last line; each time from what is kept */
    int fd = attach (w, id, &hello);
    g_string_truncate (text, 0);
    until (text->len >= hello.replay || !take (fd, text));
    close (fd);
    g_string_truncate (text, MIN (text->len, hello.replay));
    if (strstr (text->str, "last\r\n"))
      break;
    assert_true (g_get_monotonic_time() < end);
  }
  assert_true (g_str_has_prefix (text->str, "\033[?2004h\033]2;my title\033\\line number "));
  assert_true (text->len > INOS_TERMINAL_KEPT / 2 && text->len <= INOS_TERMINAL_KEPT + 600);
}

static void a_stranger_at_the_door (void **state)
{
  struct world *w = *state;
  const struct inos_terminals_knock wrong = {.magic = 1, .id = 1};
  struct inos_terminal_hello hello;
  int fds[INOS_TERMINAL_ATTACHED_MAX + 1];
  char byte;
  uint64_t id = open_sh (w, "read line");

  int fd = knock_with (w, &wrong, sizeof wrong);
  until (has_bytes (fd));
  assert_int_equal (recv (fd, &byte, 1, 0), 0);
  close (fd);
  fd = attach (w, id + 7, &hello);
  assert_int_equal (hello.status, INOS_TERMINAL_NOT_FOUND);
  close (fd);
  for (size_t i = 0; i < G_N_ELEMENTS (fds); i++) {
    fds[i] = attach (w, id, &hello);
    assert_int_equal (hello.status,
                      i < INOS_TERMINAL_ATTACHED_MAX ? INOS_TERMINAL_OK : INOS_TERMINAL_TOO_MANY);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static void who_says_nothing_at_the_door_is_few (void **state)
{
  struct world *w = *state;
  int fds[INOS_DOOR_VISITORS_MAX + 1];

  for (size_t i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = knock_with (w, "I", 1);
  until (has_bytes (fds[INOS_DOOR_VISITORS_MAX])); /* turned away */
  for (size_t i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* All get what is written, and what any of them types is read. */
static void several_look_on (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) one = g_string_new (NULL), two = g_string_new (NULL);
  struct inos_terminal_hello hello;
  uint64_t id = open_sh (w, "read a; echo \"a is $a\"; read b; echo \"b is $b\"");
  int first = attach (w, id, &hello), second = attach (w, id, &hello);

  say (first, "1\n");
  read_until (second, two, "a is 1");
  say (second, "2\n");
  read_all (first, one);
  read_all (second, two);
  assert_non_null (strstr (one->str, "b is 2"));
  assert_string_equal (strstr (one->str, "a is 1"), strstr (two->str, "a is 1"));
  close (first);
  close (second);
}

static void closing_hangs_up (void **state)
{
  struct world *w = *state;
  g_autofree char *mark = g_build_filename (w->folder, "mark", NULL);
  g_autofree char *ready = g_build_filename (w->folder, "ready", NULL);
  uint64_t id =
    open_sh (w, "trap 'touch mark; exit' HUP; touch ready; while :; do sleep 0.02; done");

  until (g_file_test (ready, G_FILE_TEST_EXISTS));
  assert_true (inos_terminals_close (w->terminals, id));
  assert_false (inos_terminals_close (w->terminals, id));
  assert_int_equal (w->closed, id);
  until (g_file_test (mark, G_FILE_TEST_EXISTS));
}

static bool runs (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && *text &&
         kill ((pid_t)g_ascii_strtoll (text, NULL, 10), 0) == 0;
}

static void who_ignores_that_is_killed (void **state)
{
  struct world *w = *state;
  g_autofree char *pid = g_build_filename (w->folder, "pid", NULL);
  uint64_t id = open_sh (w, "trap '' HUP TERM; echo $$ > pid; while :; do sleep 0.02; done");

  until (runs (pid));
  assert_true (inos_terminals_close (w->terminals, id));
  until (!runs (pid));
}

static char *state_of (struct world *w, unsigned row)
{
  g_autoptr (GVariant) rows = g_variant_ref_sink (inos_terminals_list (w->terminals));
  g_autoptr (GVariant) found = g_variant_get_child_value (rows, row);
  char *state = NULL;

  g_variant_get_child (found, 7, "s", &state);
  return state;
}

static bool is_in_state (struct world *w, unsigned row, const char *wanted)
{
  g_autofree char *state = state_of (w, row);

  return g_str_equal (state, wanted);
}

static bool has_in_row (struct world *w, unsigned column, const char *wanted)
{
  g_autoptr (GVariant) rows = g_variant_ref_sink (inos_terminals_list (w->terminals));
  g_autoptr (GVariant) row = g_variant_get_child_value (rows, 0);
  const char *found;

  g_variant_get_child (row, column, "&s", &found);
  return g_str_equal (found, wanted);
}

/* A shell at its prompt is idle; a program in its foreground has a name. */
static void the_list_says_what_runs (void **state)
{
  struct world *w = *state;
  const char *const shell[] = {"/bin/bash", "--norc", "-i", NULL};
  const char *const prompt[] = {"PS1=ready> ", NULL};
  struct inos_terminal_hello hello;
  uint64_t id = inos_terminals_open (w->terminals, w->folder, shell, prompt, 80, 24, NULL);
  int fd = attach (w, id, &hello);
  g_autoptr (GString) text = g_string_new (NULL);

  read_until (fd, text, "ready> ");
  until (is_in_state (w, 0, "idle"));
  say (fd, "sleep 1000\n");
  until (is_in_state (w, 0, "busy") && has_in_row (w, 2, "sleep"));
  assert_true (has_in_row (w, 3, w->folder));
  say (fd, "\003exit 5\n");
  until (w->ended == id);
  assert_int_equal (w->code, 5);
  assert_true (is_in_state (w, 0, "ended"));
  close (fd);
}

static void there_are_so_many_and_no_more (void **state)
{
  struct world *w = *state;
  const char *const command[] = {"/bin/sleep", "1000", NULL};
  g_autoptr (GError) error = NULL;

  for (unsigned i = 0; i < INOS_TERMINALS_MAX; i++)
    assert_true (inos_terminals_open (w->terminals, "", command, NULL, 80, 24, NULL) > 0);
  assert_int_equal (inos_terminals_open (w->terminals, "", command, NULL, 80, 24, &error), 0);
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_TOO_MANY));
}

static void few_that_have_ended_are_kept (void **state)
{
  struct world *w = *state;

  for (unsigned i = 0; i < INOS_TERMINALS_ENDED_MAX + 4; i++) {
    uint64_t id = open_sh (w, "exit 0");
    until (w->ended == id);
  }
  g_autoptr (GVariant) rows = g_variant_ref_sink (inos_terminals_list (w->terminals));
  assert_int_equal (g_variant_n_children (rows), INOS_TERMINALS_ENDED_MAX);
  assert_int_equal (w->closed, 4);
}

/* A program that has closed its PTY and lives: what is typed is nobody's, the node rests, and when
 * the program opens the PTY again it is heard. */
static void a_pty_is_left_and_opened_again (void **state)
{
  struct world *w = *state;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *typed = g_strnfill (16 * 1024, 'x');
  g_autofree char *flag = g_build_filename (w->folder, "flag", NULL);
  struct inos_terminal_hello hello;
  unsigned turns = 0;
  uint64_t id = open_sh (
    w, "stty raw; pty=$(tty); echo ready; exec <&- >&- 2>&-; until test -e flag; do sleep 0.05; "
       "done; exec >$pty; echo back");
  int fd = attach (w, id, &hello);

  read_until (fd, text, "ready");
  say (fd, typed);
  for (gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC / 2; g_get_monotonic_time() < end;)
    if (g_main_context_iteration (NULL, FALSE))
      turns++;
    else
      g_usleep (1000);
  assert_true (turns < 1000);
  assert_true (g_file_set_contents (flag, "", 0, NULL));
  read_until (fd, text, "back");
  until (w->ended == id);
  close (fd);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, set_up, tear_down)

int main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (programs_read_and_write),
    TEST (sizes_are_told),
    TEST (nothing_of_ours_is_given),
    TEST (what_cannot_be_run_is_said),
    TEST (a_kill_is_an_end),
    TEST (a_flood_waits_for_who_looks_on),
    TEST (it_goes_on_with_nobody_there),
    TEST (a_stranger_at_the_door),
    TEST (who_says_nothing_at_the_door_is_few),
    TEST (several_look_on),
    TEST (a_pty_is_left_and_opened_again),
    TEST (closing_hangs_up),
    TEST (who_ignores_that_is_killed),
    TEST (the_list_says_what_runs),
    TEST (there_are_so_many_and_no_more),
    TEST (few_that_have_ended_are_kept),
  };
  return cmocka_run_group_tests_name ("terminals", tests, NULL, NULL);
}
