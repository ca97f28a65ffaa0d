/*
 * Processes as actors: what comes of them, how they end, and that nothing is left of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/os/probe.h"

#include "node/actor/dead_letter.h"
#include "node/actor/route.h"
#include "node/actor/supervisor.h"
#include "node/os/process.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Tests */

static void test_output_and_status (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("both"));
  start (&process);
  run_until (&watched.down, 1);
  assert_string_equal (seen.output->str, "to output\n");
  assert_string_equal (seen.errors->str, "to errors\n");
  assert_int_equal (seen.ended, 1);
  assert_int_equal (seen.end.code, 3);
  assert_int_equal (watched.reason.kind, INOS_EXIT_ERROR);
  assert_int_equal (watched.reason.code, 3);
  end();
}

/* Its end is known of even where nobody can say how it was. */
static void test_reaped_by_another (void **state)
{
  begin();
  void (*before) (int) = signal (SIGCHLD, SIG_IGN);
  struct inos_process process = plan (ARGV ("both"));
  start (&process);
  run_until (&watched.down, 1);
  assert_string_equal (seen.output->str, "to output\n");
  assert_int_equal (seen.ended, 1);
  assert_int_equal (seen.end.code, 255);
  signal (SIGCHLD, before);
  end();
}

static void test_input (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("echo"));
  process.has_input = true;
  start (&process);
  probe_post_say (world.runtime, probe, (struct words){"one\n"});
  run_until (&seen.bytes, 4);
  assert_int_equal (seen.answer.error, INOS_OS_OK);
  probe_post_say (world.runtime, probe, (struct words){"two\n"});
  probe_post_say (world.runtime, probe, (struct words){NULL});
  run_until (&watched.down, 1);
  assert_string_equal (seen.output->str, "one\ntwo\n");
  assert_int_equal (watched.reason.kind, INOS_EXIT_NORMAL);
  end();
}

/* To write to one that does not read is answered, at the latest when it has ended. */
static void test_input_to_nobody (void **state)
{
  g_autofree char *much = g_strnfill (800000, 'y');

  begin();
  struct inos_process process = plan (ARGV ("linger"));
  process.has_input = true;
  start (&process);
  probe_post_say (world.runtime, probe, (struct words){much});
  probe_post_say (world.runtime, probe, (struct words){much});
  run_until (&seen.answers, 1);
  assert_int_equal (seen.answer.error, INOS_OS_BUSY);
  probe_post_stop (world.runtime, probe, seen.process);
  run_until (&seen.answers, 2);
  assert_int_equal (seen.answer.error, INOS_OS_CLOSED);
  run_until (&watched.down, 1);
  end();
}

static void test_surroundings (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("show"));
  process.environment = (const char *const[]){"A=1", "B=2", NULL};
  process.directory = "/usr";
  process.limits = (struct inos_os_limits){.memory = 1 << 30, .files = 17};
  start (&process);
  run_until (&watched.down, 1);
  assert_string_equal (seen.output->str, "A=1 B=2 /usr fds=3 data=1073741824 files=17 pipe=1 "
                                         "blocked=0 leader=1 privileges=1\n");
  end();
}

static void test_limits (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("memory"));
  process.limits.memory = 64 << 20;
  start (&process);
  run_until (&watched.down, 1);
  assert_int_equal (seen.end.code, 12);
  struct inos_process spin = plan (ARGV ("spin"));
  spin.limits.cpu_seconds = 1;
  start (&spin);
  run_until (&watched.down, 2);
  assert_int_equal (seen.end.signal, SIGXCPU);
  assert_int_equal (watched.reason.code, 128 + SIGXCPU);
  end();
}

static void test_refused (void **state)
{
  const struct inos_security missing = {.programs = (const char *const[]){"/none/at/all", NULL}};
  const struct {
    struct inos_process process;
    enum inos_os_error error;
  } cases[] = {
    {{.security = &security, .argv = (const char *const[]){"/bin/true", NULL}}, INOS_OS_REFUSED},
    {{.security = &security, .argv = (const char *const[]){NULL}}, INOS_OS_REFUSED},
    {{.security = &security}, INOS_OS_REFUSED},
    {{.argv = ARGV ("both")}, INOS_OS_REFUSED},
    {{.security = &security, .argv = ARGV ("both"), .directory = "/etc"}, INOS_OS_REFUSED},
    {{.security = &security, .argv = ARGV ("both"), .directory = "/usr/../etc"}, INOS_OS_REFUSED},
    {{.security = &security, .argv = ARGV ("both"), .directory = "/usr/none"}, INOS_OS_NOT_FOUND},
    {{.security = &missing, .argv = missing.programs}, INOS_OS_NOT_FOUND},
  };

  begin();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    start (&cases[i].process);
    run_until (&watched.down, i + 1);
    assert_int_equal (watched.reason.kind, INOS_EXIT_START);
    assert_int_equal (watched.reason.code, cases[i].error);
  }
  assert_int_equal (watched.started, 0);
  end();
}

static void test_stop (void **state)
{
  long self, child;

  begin();
  struct inos_process process = plan (ARGV ("family"));
  start (&process);
  read_pids (&self, &child);
  probe_post_stop (world.runtime, probe, seen.process);
  run_until (&watched.down, 1);
  assert_int_equal (seen.end.signal, SIGTERM);
  assert_int_equal (watched.reason.kind, INOS_EXIT_SHUTDOWN);
  assert_int_equal (watched.reason.code, 5);
  assert_false (is_alive (self));
  assert_dies (child);
  end();
}

static void test_stop_of_a_stubborn_one (void **state)
{
  long self, child;

  begin();
  struct inos_process process = plan (ARGV ("stubborn"));
  process.grace_ms = 100;
  start (&process);
  read_pids (&self, &child);
  gint64 began = g_get_monotonic_time();
  probe_post_stop (world.runtime, probe, seen.process);
  run_until (&watched.down, 1);
  assert_true (g_get_monotonic_time() - began >= 90000);
  assert_int_equal (seen.end.signal, SIGKILL);
  assert_dies (child);
  end();
}

static void test_kill (void **state)
{
  long self, child;

  begin();
  struct inos_process process = plan (ARGV ("stubborn"));
  start (&process);
  read_pids (&self, &child);
  inos_runtime_stop_actor (world.runtime, seen.process,
                           (struct inos_exit){.kind = INOS_EXIT_KILLED});
  run_until (&watched.down, 1);
  assert_int_equal (watched.reason.kind, INOS_EXIT_KILLED);
  assert_int_equal (seen.ended, 0);
  assert_dies (self);
  assert_dies (child);
  end();
}

/* Asked to stop before it has started, and just then. */
static void test_stop_during_start (void **state)
{
  begin();
  for (unsigned i = 0; i < 50; i++) {
    struct inos_process process = plan (ARGV ("linger"));
    process.grace_ms = 1000;
    const struct inos_spawn how = {.watcher = probe.address.id};
    inos_process_ref one = inos_process_runtime_spawn (world.runtime, &process, &how);
    bool kill = i % 2;
    if (i % 3 == 0)
      run_for (i % 4);
    inos_runtime_stop_actor (
      world.runtime, one.address.id,
      (struct inos_exit){.kind = kill ? INOS_EXIT_KILLED : INOS_EXIT_SHUTDOWN});
  }
  run_until (&watched.down, 50);
  end();
}

/* The runtime ends while processes run, also where the edge is gone already. */
static void test_end_of_runtime (void **state)
{
  long self, child;

  begin();
  struct inos_process process = plan (ARGV ("family"));
  start (&process);
  read_pids (&self, &child);
  struct inos_process stubborn = plan (ARGV ("stubborn"));
  stubborn.grace_ms = 100;
  start (&stubborn);
  run_until (&seen.chunks, 2);
  end();
  assert_false (is_alive (self));
  assert_false (is_alive (child));
}

/* Output */

/* Bytes; under ASan, which keeps what is freed, nothing. */
static size_t resident (void)
{
#ifdef __SANITIZE_ADDRESS__
  return 0;
#endif
  g_autofree char *text = NULL;

  assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return (size_t)g_ascii_strtoull (strchr (text, ' '), NULL, 10) * (size_t)getpagesize();
}

static void test_flood (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("flood", "300000000"));
  process.window = 1 << 20;
  start (&process);
  run_until (&seen.bytes, 1 << 20);
  run_for (100);
  uint64_t got = seen.bytes;
  size_t before = resident();
  assert_in_range (got, 1 << 20, (1 << 20) + INOS_CHUNK_MAX);
  run_for (100);
  assert_int_equal (seen.bytes, got);
  while (seen.bytes < 300000000) {
    probe_post_take (world.runtime, probe, (struct inos_process_taken){1 << 19, 0});
    run_for (1);
    assert_true (resident() < before + (64 << 20));
  }
  probe_post_take (world.runtime, probe, (struct inos_process_taken){1 << 30, 0});
  run_until (&watched.down, 1);
  assert_int_equal (seen.bytes, 300000000);
  assert_int_equal (watched.reason.kind, INOS_EXIT_NORMAL);
  end();
}

/* A slow receiver with a bounded mailbox, on a worker. */

static _Atomic bool gate;
static _Atomic uint64_t slow_bytes;

#define SLOW(MESSAGE, REQUEST)                                                                     \
  MESSAGE (slow, output, struct inos_chunk, 1, .clear = inos_chunk_clear)                          \
  MESSAGE (slow, ended, struct inos_process_end, 1)
INOS_PROTOCOL (slow, SLOW);
INOS_PROTOCOL_DEFINE (slow, SLOW);

INOS_HANDLE (slow, output, char)
{
  while (!atomic_load (&gate))
    g_usleep (1000);
  atomic_fetch_add (&slow_bytes, g_bytes_get_size (message->bytes));
  return INOS_OK;
}

INOS_HANDLE (slow, ended, char)
{
  atomic_fetch_add (&slow_bytes, 1000000000);
  return INOS_OK;
}

INOS_BEHAVIOUR (slow, SLOW, char);

/* The pipe is not read while the receiver is blocked, and nothing of it is lost. */
static void test_blocked_receiver (void **state)
{
  const struct inos_spawn slow = {
    .behaviour = &slow_behaviour, .capacity = 4, .block_timeout_ms = 60000};

  begin();
  atomic_store (&gate, false);
  atomic_store (&slow_bytes, 0);
  inos_actor_id receiver = inos_runtime_spawn (world.runtime, &slow);
  struct inos_process process = {.security = &security,
                                 .argv = ARGV ("flood", "20000000"),
                                 .receiver = INOS_TO (receiver),
                                 .on_output = INOS_EVENT (slow, output, struct inos_chunk),
                                 .on_end = INOS_EVENT (slow, ended, struct inos_process_end)};
  inos_process_runtime_spawn (world.runtime, &process, NULL);
  struct inos_totals before, after = {0};
  do { /* until nothing moves; all of it would be 300 messages */
    before = after;
    run_for (150);
    inos_runtime_totals (world.runtime, &after);
  } while (after.sent < 5 || before.sent != after.sent);
  assert_true (after.sent < 20);
  atomic_store (&gate, true);
  for (int i = 0; i < 2000 && atomic_load (&slow_bytes) != 1020000000; i++)
    run_for (5);
  assert_int_equal (atomic_load (&slow_bytes), 1020000000);
  end();
}

/* A stop does not wait for a receiver that is stuck. */
static void test_stop_while_blocked (void **state)
{
  const struct inos_spawn slow = {
    .behaviour = &slow_behaviour, .capacity = 2, .block_timeout_ms = 60000};

  begin();
  atomic_store (&gate, false);
  inos_actor_id receiver = inos_runtime_spawn (world.runtime, &slow);
  struct inos_process process = {.security = &security,
                                 .argv = ARGV ("flood", "20000000"),
                                 .receiver = INOS_TO (receiver),
                                 .on_output = INOS_EVENT (slow, output, struct inos_chunk)};
  const struct inos_spawn how = {.watcher = probe.address.id};
  inos_process_ref flood = inos_process_runtime_spawn (world.runtime, &process, &how);
  run_for (200);
  probe_post_stop (world.runtime, probe, flood.address.id);
  run_until (&watched.down, 1);
  atomic_store (&gate, true);
  end();
}

/* Who wrote to a receiver that has gone finds its pipe closed. */
static void test_receiver_dies (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("flood", "2000000000"));
  process.receiver = probe.address;
  process.window = 1 << 20;
  inos_process_runtime_spawn (world.runtime, &process, NULL);
  run_until (&seen.bytes, 1 << 20);
  inos_runtime_stop_actor (world.runtime, probe.address.id,
                           (struct inos_exit){.kind = INOS_EXIT_KILLED});
  run_until_living (world.runtime, 0);
  end();
}

/* Supervision */

static void wait_for_name (const char *name, inos_actor_id not_this)
{
  inos_actor_id id;

  for (int i = 0; i < 4000; i++) {
    id = inos_lookup (world.runtime, name);
    if (id && id != not_this)
      return;
    run_for (5);
  }
  fail();
}

/* A message crashes the process; its supervisor starts it again, and in the end gives up. */
static void test_supervised (void **state)
{
  begin();
  struct inos_process process = plan (ARGV ("echo"));
  const struct inos_process_argument argument = {&process};
  const struct inos_child children[] = {{.name = "echo",
                                         .behaviour = &inos_process_behaviour,
                                         .argument = &argument,
                                         .argument_size = sizeof argument,
                                         .registered = "echo"}};
  const struct inos_supervisor tree = {
    .name = "tree", .restarts_max = 2, .period_ms = 60000, .children = children, .n_children = 1};
  process.has_input = true;
  process.receiver = probe.address;
  inos_supervisor_runtime_spawn (world.runtime, &tree, probe.address.id);
  inos_actor_id last = 0;
  for (uint64_t i = 1; i <= 3; i++) {
    wait_for_name ("echo", last);
    last = inos_lookup (world.runtime, "echo");
    probe_post_say (world.runtime, probe, (struct words){"hello\n"});
    run_until (&seen.bytes, 6 * i);
    probe_post_say (world.runtime, probe, (struct words){"crash\n"});
    run_until (&seen.ended, i);
    assert_int_equal (seen.end.signal, SIGABRT);
  }
  run_until (&watched.down, 1); /* of the supervisor */
  assert_int_equal (watched.reason.kind, INOS_EXIT_SHUTDOWN);
  assert_int_equal (inos_lookup (world.runtime, "echo"), 0);
  end();
}

/* The program that runs the runtime is killed. */

static _Noreturn void run_and_say (int pipe)
{
  const struct inos_process process = {
    .security = &security, .argv = ARGV ("linger"), .on_output = NULL};
  struct inos_runtime *runtime = inos_runtime_new (NULL, NULL);

  if (!runtime || !inos_edge_new (runtime, NULL, NULL))
    _exit (1);
  inos_process_ref one = inos_process_runtime_spawn (runtime, &process, NULL);
  for (int i = 0; i < 200 && !inos_lookup (runtime, "none") && one.address.id; i++)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", getpid()), *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL) ||
      write (pipe, text, strlen (text)) != (ssize_t)strlen (text))
    _exit (2);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static void test_no_orphan (void **state)
{
  const char *argv[] = {"/proc/self/exe", "--run", NULL};
  g_autofree char *text = g_malloc0 (64);
  int out;
  GPid program;

  assert_true (g_spawn_async_with_pipes (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                         NULL, &program, NULL, &out, NULL, NULL));
  assert_true (read (out, text, 63) > 0);
  close (out);
  long child = strtol (text, NULL, 10);
  assert_true (child > 0);
  assert_true (is_alive (child));
  kill (program, SIGKILL);
  waitpid (program, NULL, 0);
  for (int i = 0; i < 2000 && is_alive (child); i++)
    g_usleep (5000);
  assert_false (is_alive (child));
}

int main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_output_and_status),
    cmocka_unit_test (test_reaped_by_another),
    cmocka_unit_test (test_input),
    cmocka_unit_test (test_input_to_nobody),
    cmocka_unit_test (test_surroundings),
    cmocka_unit_test (test_limits),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_stop),
    cmocka_unit_test (test_stop_of_a_stubborn_one),
    cmocka_unit_test (test_kill),
    cmocka_unit_test (test_stop_during_start),
    cmocka_unit_test (test_end_of_runtime),
    cmocka_unit_test (test_flood),
    cmocka_unit_test (test_blocked_receiver),
    cmocka_unit_test (test_stop_while_blocked),
    cmocka_unit_test (test_receiver_dies),
    cmocka_unit_test (test_supervised),
    cmocka_unit_test (test_no_orphan),
  };

  if (argc > 1)
    run_and_say (1);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
