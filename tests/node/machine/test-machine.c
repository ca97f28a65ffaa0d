/*
 * What is read of processes, control groups, disks and interfaces: true, odd and hostile text, a
 * made-up machine, and processes of this one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"
#include "node/machine/devices.h"
#include "node/machine/machine.h"
#include "node/machine/process_deed.h"
#include "node/machine/processes.h"
#include "node/machine/units.h"
#include "tests/node/fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND G_USEC_PER_SEC
#define TOO_LONG 30 /* s: what hangs ends the test */

static int open_below (const char *top, const char *path)
{
  g_autofree char *full = g_build_filename (top, path, NULL);
  int fd = open (full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  assert_true (fd >= 0);
  return fd;
}

/* Texts */

static void a_name_may_be_anything (void **state)
{
  struct inos_process_stat stat;

  assert_true (inos_process_parse_stat (
    scan_of ("42 (a) R 1 (b\n) S 7 42 42 0 -1 4194560 1 0 0 0 7 3 0 0 20 -5 4 0 1000 8192 25 1\n"),
    &stat));
  assert_string_equal (stat.name, "a) R 1 (b\n");
  assert_int_equal (stat.state, 'S');
  assert_int_equal (stat.parent, 7);
  assert_int_equal (stat.ticks, 10);
  assert_int_equal (stat.nice, -5);
  assert_int_equal (stat.threads, 4);
  assert_int_equal (stat.start, 1000);
  assert_int_equal (stat.pages, 25);
  static const char *const wrong[] = {
    "",
    ")(",
    "42 (a",
    "42 (a)",
    "42 (a) S",
    "42 (a) S 1 2 3",
    "42",
    "(a) S x",
    "42 (a) S 1 42 42 0 -1 1 1 0 0 0 7 3 0 0 20 0 4 0 99999999999999999999 8 2",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_process_parse_stat (scan_of (wrong[i]), &stat));
}

static void assert_unit (const char *text, const char *expected)
{
  char path[INOS_PROCESS_CGROUP];
  size_t length;

  inos_process_parse_cgroup (scan_of (text), path, sizeof path);
  const char *unit = inos_process_unit (path, &length);
  g_autofree char *found = g_strndup (unit, length);
  assert_string_equal (found, expected);
}

static void the_unit_is_the_innermost (void **state)
{
  assert_unit ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-a.scope/x\n",
               "app-a.scope");
  assert_unit ("0::/system.slice/cron.service\n", "cron.service");
  assert_unit ("0::/init.scope\n", "init.scope");
  assert_unit ("0::/docker/abc\n", "abc");
  assert_unit ("0::/\n", "");
  assert_unit ("3:cpu:/x\n1:name=systemd:/system.slice/a.service\n", "a.service");
  assert_unit ("", "");
  assert_unit ("0::/.service\n", ".service");
  g_autofree char *huge = g_strnfill (100000, 'a');
  char path[INOS_PROCESS_CGROUP];
  g_autofree char *text = g_strdup_printf ("0::/%s\n", huge);
  inos_process_parse_cgroup (scan_of (text), path, sizeof path);
  assert_int_equal (strlen (path), sizeof path - 1);
}

/* A made-up machine */

static void put_process (const char *top, unsigned pid, const char *name, unsigned ticks,
                         unsigned start, unsigned pages)
{
  g_autofree char *stat = g_strdup_printf ("proc/%u/stat", pid);
  g_autofree char *status = g_strdup_printf ("proc/%u/status", pid);
  g_autofree char *cgroup = g_strdup_printf ("proc/%u/cgroup", pid);
  g_autofree char *line = g_strdup_printf (
    "%u (%s) S 1 1 1 0 -1 0 0 0 0 0 %u 0 0 0 20 0 1 0 %u 0 %u 0\n", pid, name, ticks, start, pages);
  g_autofree char *user = g_strdup_printf ("Uid:\t0\t%u\t0\t0\nRssAnon:\t8 kB\n", pid / 100);

  fixture_put (top, stat, line);
  fixture_put (top, status, user);
  fixture_put (top, cgroup, "0::/system.slice/some.service\n");
}

/* "name share" of each, separated by commas. */
static char *listed (struct inos_processes *processes, const char *search, const char *order,
                     bool own, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    inos_processes_list (processes, search, order, own, 100, now, &error);
  g_autoptr (GVariantIter) iter = NULL;
  GString *text = g_string_new (NULL);
  const char *name;
  double share;

  assert_null (error);
  g_variant_ref_sink (answer);
  assert_true (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(uud" INOS_PROCESS_ROWS_TYPE ")")));
  g_variant_get (answer, "(uud" INOS_PROCESS_ROWS_TYPE ")", NULL, NULL, NULL, &iter);
  while (g_variant_iter_next (iter, "(utu&s&su&sdtui&sb&s)", NULL, NULL, NULL, &name, NULL, NULL,
                              NULL, &share, NULL, NULL, NULL, NULL, NULL, NULL))
    g_string_append_printf (text, "%s%s %.2f", text->len > 0 ? "," : "", name, share);
  return g_string_free (text, FALSE);
}

static void assert_listed (struct inos_processes *processes, const char *search, const char *order,
                           bool own, gint64 now, const char *expected)
{
  g_autofree char *text = listed (processes, search, order, own, now);

  assert_string_equal (text, expected);
}

static void shares_count_from_the_look_before (void **state)
{
  g_autofree char *top = fixture_new();
  double tick = 1.0 / (double)sysconf (_SC_CLK_TCK);
  unsigned half = (unsigned)(0.5 / tick);

  put_process (top, 100, "one", 1000, 5, 3);
  put_process (top, 200, "two", 1000, 6, 9);
  fixture_put (top, "proc/300/stat", "broken");
  fixture_put (top, "proc/0/stat", "0 (zero) S 1 1 1 0 -1 0 0 0 0 0 1 0 0 0 20 0 1 0 1 0 1 0\n");
  int proc = open_below (top, "proc");
  struct inos_processes *processes = inos_processes_new (proc, 2);

  assert_listed (processes, "", "pid", false, 10 * SECOND, "two -1.00,one -1.00");
  put_process (top, 100, "one", 1000 + half, 5, 3);
  assert_listed (processes, "", "cpu", false, 11 * SECOND, "one 0.50,two 0.00");
  /* Who asks a moment later sees the same time. */
  assert_listed (processes, "", "-cpu", false, 11 * SECOND + 1000, "two 0.00,one 0.50");
  /* The number is another's, and the process that is new has had all its ticks since. */
  put_process (top, 200, "three", half, 900, 1);
  assert_listed (processes, "", "cpu", false, 12 * SECOND, "three 0.50,one 0.00");
  assert_listed (processes, "", "name", true, 13 * SECOND, "three 0.00");
  assert_listed (processes, "SOME.serv thr", "name", false, 14 * SECOND, "three 0.00");
  assert_listed (processes, "100", "name", false, 15 * SECOND, "one 0.00");
  assert_listed (processes, "nobody", "name", false, 16 * SECOND, "");
  /* The kernel has cut its name. */
  put_process (top, 100, "WebKitWebProces", 1000 + half, 5, 3);
  fixture_put (top, "proc/100/cmdline", "/usr/lib/WebKitWebProcess 4 18");
  assert_listed (processes, "webprocess", "name", false, 17 * SECOND, "WebKitWebProcess 0.00");
  put_process (top, 100, "one", 1000 + half, 5, 3);
  /* Long ago counts no more. */
  assert_listed (processes, "", "memory", false, 999 * SECOND, "one -1.00,three -1.00");
  g_autoptr (GError) error = NULL;
  assert_null (inos_processes_list (processes, "", "beauty", false, 9, 1000 * SECOND, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD));
  inos_processes_free (processes);
  close (proc);
  fixture_remove (top);
}

static void units_are_a_tree_with_rates (void **state)
{
  g_autofree char *top = fixture_new();
  g_autoptr (GError) error = NULL;
  int sys = open_below (top, "sys");
  struct inos_units *units = inos_units_new (sys);

  assert_null (inos_units_list (units, SECOND, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND));
  fixture_put (top, "sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  fixture_put (top, "sys/fs/cgroup/a.slice/cpu.stat", "user_usec 1\nusage_usec 1000000\n");
  fixture_put (top, "sys/fs/cgroup/a.slice/b.service/cpu.stat", "usage_usec broken\n");
  fixture_put (top, "sys/fs/cgroup/a.slice/b.service/memory.current", "4096\n");
  fixture_put (top, "sys/fs/cgroup/a.slice/b.service/io.stat", "8:0 rbytes=1 wbytes=10 rios=1\n");
  g_variant_unref (g_variant_ref_sink (inos_units_list (units, 10 * SECOND, NULL)));
  fixture_put (top, "sys/fs/cgroup/a.slice/cpu.stat", "usage_usec 1500000\n");
  fixture_put (top, "sys/fs/cgroup/a.slice/b.service/io.stat", "8:0 rbytes=1 wbytes=2010 rios=1\n");
  g_autoptr (GVariant) answer = g_variant_ref_sink (inos_units_list (units, 12 * SECOND, NULL));
  g_autofree char *text = g_variant_print (answer, FALSE);
  assert_string_equal (text, "(2.0, [('/a.slice', 'slice', 0.25, -1, -1, -1.0, -1.0), "
                             "('/a.slice/b.service', 'service', -1.0, 4096, -1, 0.0, 1000.0)])");
  inos_units_free (units);
  close (sys);
  fixture_remove (top);
}

static void devices_have_rates (void **state)
{
  g_autofree char *top = fixture_new();
  int proc = open_below (top, "proc"), sys = open_below (top, "sys");
  struct inos_devices *devices = inos_devices_new (proc, sys);

  fixture_put (
    top, "proc/diskstats",
    "broken\n 254 0 vda 1 0 100 5 1 0 200 5 0 400 10\n 7 0 loop0 1 0 1 0 0 0 0 0 0 0 0\n");
  fixture_put (top, "sys/class/net/eth0/speed", "1000\n");
  fixture_put (top, "sys/class/net/lo/speed", "-1\n");
  g_variant_unref (g_variant_ref_sink (inos_devices_disks (devices, 10 * SECOND)));
  g_variant_unref (g_variant_ref_sink (inos_devices_interfaces (devices, 10 * SECOND)));
  fixture_put (top, "proc/diskstats", " 254 0 vda 1 0 104 5 1 0 208 5 0 1400 10\n");
  fixture_put (top, "proc/net/dev",
               "x\n ../../up: 1 1 1 1 1 1 1 1 1 1 1 1\n  eth0: 3000 4 5 6 0 0 0 0 2500 7 8 9 0\n");
  g_autoptr (GVariant) disks = g_variant_ref_sink (inos_devices_disks (devices, 12 * SECOND));
  g_autoptr (GVariant) rows = g_variant_get_child_value (disks, 1);
  assert_int_equal (g_variant_n_children (rows), 1);
  g_autoptr (GVariant) row = g_variant_get_child_value (rows, 0);
  const char *mount, *device;
  double in, out, busy;
  g_variant_get (row, "(&ss&stttddd)", &mount, NULL, &device, NULL, NULL, NULL, &in, &out, &busy);
  assert_string_equal (mount, "/");
  assert_string_equal (device, "/dev/vda");
  assert_true (in == 1024 && out == 2048 && busy == 0.5);
  g_autoptr (GVariant) links = g_variant_ref_sink (inos_devices_interfaces (devices, 12 * SECOND));
  g_autofree char *text = g_variant_print (links, FALSE);
  /* Its addresses are those of an interface of this machine that is called so. */
  assert_true (g_str_has_prefix (
    text, "(2.0, [('eth0', false, 3000, 2500, 4, 7, 13, 15, 1000.0, 250.0, 1000, ["));
  inos_devices_free (devices);
  close (proc);
  close (sys);
  fixture_remove (top);
}

static void two_at_one_place_have_their_own_rates (void **state)
{
  g_autofree char *top = fixture_new();
  int proc = open_below (top, "proc"), sys = open_below (top, "sys");
  struct inos_devices *devices = inos_devices_new (proc, sys);
  double in[2];

  fixture_put (top, "proc/self/mountinfo",
               "27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 254:16 / / rw - ext4 /dev/vdb rw\n");
  fixture_put (top, "proc/diskstats",
               " 254 0 vda 1 0 100 5 1 0 0 5 0 0 10\n 254 16 vdb 1 0 90000 5 1 0 0 5 0 0 10\n");
  g_variant_unref (g_variant_ref_sink (inos_devices_disks (devices, 10 * SECOND)));
  fixture_put (top, "proc/diskstats",
               " 254 0 vda 1 0 104 5 1 0 0 5 0 0 10\n 254 16 vdb 1 0 90002 5 1 0 0 5 0 0 10\n");
  g_autoptr (GVariant) disks = g_variant_ref_sink (inos_devices_disks (devices, 12 * SECOND));
  g_autoptr (GVariant) rows = g_variant_get_child_value (disks, 1);
  assert_int_equal (g_variant_n_children (rows), 2);
  for (gsize i = 0; i < 2; i++)
    g_variant_get_child (rows, i, "(ssstttddd)", NULL, NULL, NULL, NULL, NULL, NULL, &in[i], NULL,
                         NULL);
  assert_true (in[0] == 1024 && in[1] == 512);
  inos_devices_free (devices);
  close (proc);
  close (sys);
  fixture_remove (top);
}

/* What happens while a folder is listed */

void __real_inos_dir_each (int root, const char *path, bool (*each) (const char *name, void *data),
                           void *data);
void __wrap_inos_dir_each (int root, const char *path, bool (*each) (const char *name, void *data),
                           void *data);

static void (*meanwhile) (void); /* once */
static GMutex lock;              /* of it */

void __wrap_inos_dir_each (int root, const char *path, bool (*each) (const char *name, void *data),
                           void *data)
{
  g_mutex_lock (&lock);
  void (*now) (void) = g_steal_pointer (&meanwhile);
  g_mutex_unlock (&lock);
  if (now)
    now();
  __real_inos_dir_each (root, path, each, data);
}

static void happen_meanwhile (void (*what) (void))
{
  g_mutex_lock (&lock);
  meanwhile = what;
  g_mutex_unlock (&lock);
}

/* Processes of this machine */

static pid_t sleeper (void)
{
  pid_t pid = fork();

  if (pid == 0) {
    for (;;)
      pause();
  }
  assert_true (pid > 0);
  return pid;
}

static guint64 start_of (struct inos_processes *processes, pid_t pid)
{
  g_autoptr (GVariant) answer =
    g_variant_ref_sink (inos_processes_inspect (processes, (uint32_t)pid, 0, NULL));
  g_autoptr (GVariant) details = g_variant_get_child_value (answer, 0);
  guint64 start = 0;

  assert_true (g_variant_lookup (details, "start", "t", &start) && start > 0);
  return start;
}

static void only_the_process_that_is_meant_ends (void **state)
{
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status;
  struct inos_processes *processes = inos_processes_new (proc, (uint32_t)geteuid());
  pid_t pid = sleeper();
  guint64 start = start_of (processes, pid);
  g_autoptr (GError) error = NULL;

  assert_false (inos_process_signal (proc, (uint32_t)pid, start + 1, SIGKILL, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND));
  g_clear_error (&error);
  assert_false (inos_process_signal (proc, (uint32_t)pid, 0, SIGKILL, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD));
  g_clear_error (&error);
  assert_int_equal (waitpid (pid, &status, WNOHANG), 0);

  assert_true (inos_process_set_nice (proc, (uint32_t)pid, start, 7, NULL));
  assert_int_equal (getpriority (PRIO_PROCESS, (id_t)pid), 7);
  assert_false (inos_process_set_nice (proc, (uint32_t)pid, start, 20, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD));
  g_clear_error (&error);

  assert_true (inos_process_signal (proc, (uint32_t)pid, start, SIGTERM, NULL));
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGTERM);
  assert_false (inos_process_signal (proc, (uint32_t)pid, start, SIGTERM, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND));
  g_clear_error (&error);
  assert_null (inos_processes_inspect (processes, (uint32_t)pid, start, &error));
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND));
  inos_processes_free (processes);
  close (proc);
}

static char *folder, *next, *aside; /* of /proc */

static void give_number_away (void)
{
  assert_int_equal (rename (folder, aside), 0);
  assert_int_equal (rename (next, folder), 0);
}

static void end_sleeper (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

/* One process' folder comes to be another's between the look at its start and its threads. */
static void who_gets_the_number_keeps_its_priority (void **state)
{
  g_autofree char *top = fixture_new();
  int proc = open_below (top, "proc");
  pid_t pid = sleeper(), other = sleeper();
  g_autofree char *name = g_strdup_printf ("proc/%d", pid);
  g_autofree char *own = g_strdup_printf ("proc/%d/task/%d", pid, pid);
  g_autofree char *others = g_strdup_printf ("proc/next/task/%d", other);

  put_process (top, (unsigned)pid, "meant", 1, 5, 1);
  fixture_put (top, own, "");
  fixture_put (top, others, "");
  folder = g_build_filename (top, name, NULL);
  next = g_build_filename (top, "proc/next", NULL);
  aside = g_build_filename (top, "proc/aside", NULL);
  happen_meanwhile (give_number_away);
  assert_true (inos_process_set_nice (proc, (uint32_t)pid, 5, 15, NULL));
  assert_int_equal (getpriority (PRIO_PROCESS, (id_t)other), getpriority (PRIO_PROCESS, 0));
  assert_int_equal (getpriority (PRIO_PROCESS, (id_t)pid), 15);
  end_sleeper (pid);
  end_sleeper (other);
  g_clear_pointer (&folder, g_free);
  g_clear_pointer (&next, g_free);
  g_clear_pointer (&aside, g_free);
  close (proc);
  fixture_remove (top);
}

struct told {
  GMainContext *context;
  unsigned answers, refusals;
};

static void on_answered (GVariant *answer, const GError *error, void *tag, void *data)
{
  struct told *told = data;

  told->answers += answer != NULL;
  told->refusals += error != NULL;
  g_clear_pointer (&answer, g_variant_unref);
  g_free (tag);
}

static void questions_are_answered_in_a_thread (void **state)
{
  struct told told = {.context = g_main_context_new()};
  struct inos_machine *machine = inos_machine_new (NULL, NULL, told.context, on_answered, &told);
  g_autoptr (GVariant) list = g_variant_ref_sink (g_variant_new ("(ssbu)", "", "cpu", FALSE, 9u));
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new ("(ut)", 0u, (guint64)0));

  assert_true (inos_machine_ask (machine, INOS_MACHINE_PROCESSES, list, g_strdup ("tag")));
  assert_true (inos_machine_ask (machine, INOS_MACHINE_PROCESS, none, NULL));
  while (told.answers + told.refusals < 2)
    g_main_context_iteration (told.context, TRUE);
  assert_int_equal (told.answers, 1);

  /* More than it takes are refused, and it ends with questions open. */
  unsigned taken = 0;
  while (inos_machine_ask (machine, INOS_MACHINE_PROCESSES, list, NULL))
    g_assert (++taken <= INOS_MACHINE_QUESTIONS);
  assert_int_equal (taken, INOS_MACHINE_QUESTIONS);
  inos_machine_free (machine);
  while (g_main_context_iteration (told.context, FALSE))
    ;
  assert_int_equal (told.answers, 1);
  g_main_context_unref (told.context);
}

static GCond let_on; /* of `lock` */
static bool hangs;   /* a look does; `lock` */

static void hang (void)
{
  g_mutex_lock (&lock);
  while (hangs)
    g_cond_wait (&let_on, &lock);
  g_mutex_unlock (&lock);
}

static void set_hanging (bool value)
{
  g_mutex_lock (&lock);
  hangs = value;
  g_cond_broadcast (&let_on);
  g_mutex_unlock (&lock);
}

static void a_look_that_hangs_holds_up_no_deed (void **state)
{
  struct told told = {.context = g_main_context_new()};
  struct inos_machine *machine = inos_machine_new (NULL, NULL, told.context, on_answered, &told);
  g_autoptr (GVariant) list = g_variant_ref_sink (g_variant_new ("(ssbu)", "", "cpu", FALSE, 9u));
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status;
  struct inos_processes *processes = inos_processes_new (proc, (uint32_t)geteuid());
  pid_t pid = sleeper();
  guint64 start = start_of (processes, pid);
  g_autoptr (GVariant) end =
    g_variant_ref_sink (g_variant_new ("(utb)", (guint32)pid, start, FALSE));

  alarm (TOO_LONG);
  set_hanging (true);
  happen_meanwhile (hang);
  assert_true (inos_machine_ask (machine, INOS_MACHINE_PROCESSES, list, g_strdup ("tag")));
  assert_true (inos_machine_ask (machine, INOS_MACHINE_PROCESSES, list, g_strdup ("next")));
  while (inos_machine_ask (machine, INOS_MACHINE_PROCESSES, list, NULL))
    ;
  assert_true (inos_machine_ask (machine, INOS_MACHINE_END, end, NULL));
  while (told.answers == 0)
    g_main_context_iteration (told.context, TRUE);
  assert_int_equal (waitpid (pid, &status, 0), pid);

  /* Nor the end of the node; what comes then is told to nobody. */
  inos_machine_free (machine);
  set_hanging (false);
  alarm (0);
  while (g_main_context_iteration (told.context, FALSE))
    ;
  assert_int_equal (told.answers, 1);
  assert_int_equal (told.refusals, 0);
  g_main_context_unref (told.context);
  inos_processes_free (processes);
  close (proc);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_name_may_be_anything),
    cmocka_unit_test (the_unit_is_the_innermost),
    cmocka_unit_test (shares_count_from_the_look_before),
    cmocka_unit_test (units_are_a_tree_with_rates),
    cmocka_unit_test (devices_have_rates),
    cmocka_unit_test (two_at_one_place_have_their_own_rates),
    cmocka_unit_test (only_the_process_that_is_meant_ends),
    cmocka_unit_test (who_gets_the_number_keeps_its_priority),
    cmocka_unit_test (questions_are_answered_in_a_thread),
    cmocka_unit_test (a_look_that_hangs_holds_up_no_deed),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
