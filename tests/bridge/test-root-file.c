/*
 * A process whose root a program serves keeps nobody waiting who looks at it. The file systems are
 * real where this machine lets a plain program mount them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "guard/caller_process.h"
#include "guard/known_callers.h"
#include "guard/patience.h"
#include "guard/root_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/fuse.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define TOO_LONG 30 /* s: what hangs ends the test */

/* The table */

static void what_is_near (void **state)
{
  static const char text[] =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "36 35 98:0 /a /b\\040-\\040c rw,noatime master:1 shared:2 - ext4 /dev/x rw\n"
    "37 35 0:50 / /m rw - fuse me rw,user_id=0\n"
    "38 35 0:51 / /s rw - fuse.sshfs me@there: rw\n"
    "39 35 8:1 / /n rw - fuseblk /dev/y rw\n"
    "40 35 0:52 / /o rw - overlay overlay rw,lowerdir=/m\n"
    "41 35 0:53 / / rw - tmpfs fuse rw\n"
    "42 35 0:54 / / rw\n"
    "43 35 0:55 / / rw - btrf";
  static const enum inos_root_distance expected[] = {
    [22] = INOS_ROOT_FAR,    [36] = INOS_ROOT_NEAR,   [37] = INOS_ROOT_SERVED,
    [38] = INOS_ROOT_SERVED, [39] = INOS_ROOT_SERVED, [40] = INOS_ROOT_FAR,
    [41] = INOS_ROOT_NEAR,   [42] = INOS_ROOT_FAR,    [43] = INOS_ROOT_FAR,
    [44] = INOS_ROOT_FAR,
  };

  for (int i = 0; i < (int)G_N_ELEMENTS (expected); i++)
    if (i == 22 || i >= 36)
      assert_int_equal (inos_root_distance (text, i), expected[i]);
  assert_int_equal (inos_root_distance ("", 1), INOS_ROOT_FAR);
  assert_int_equal (inos_root_distance ("\n\nx\n7", 7), INOS_ROOT_FAR);
}

/* Patience, and what is remembered */

/* A stranger whose files come after 1.9 s, and who begins anew at once, for an hour. */
static void all_are_waited_for_a_fifteenth_of_the_time (void **state)
{
  struct inos_patience patience = {0};
  gint64 began = 1000 * G_USEC_PER_SEC, end = began + (gint64)3600 * G_USEC_PER_SEC, now,
         waited = 0;

  for (now = began; now < end; now += 1000) {
    gint64 wait = MIN (inos_patience_left (&patience, now), 19 * G_USEC_PER_SEC / 10);
    inos_patience_spend (&patience, wait);
    waited += wait;
    now += wait;
  }
  assert_true (waited > 0 && waited <= INOS_PATIENCE_ALL * 61);
  /* Who answers is not what it goes for. */
  now += 60 * G_USEC_PER_SEC;
  for (int i = 0; i < 10000; i++, now += 10000) {
    assert_true (inos_patience_left (&patience, now) == INOS_PATIENCE_ONCE);
    inos_patience_spend (&patience, 200);
  }
}

static void what_is_found_in_passing_is_not_kept (void **state)
{
  g_autoptr (GHashTable) known = inos_known_callers_new();
  struct inos_caller caller, found = {0};

  inos_caller_set_unknown (&caller, "late");
  caller.passing = true;
  inos_known_callers_keep (known, ":1.1", &caller);
  assert_false (inos_known_callers_recall (known, ":1.1", &found));
  caller = (struct inos_caller){.kind = INOS_CALLER_PROGRAM};
  inos_known_callers_keep (known, ":1.1", &caller);
  assert_true (inos_known_callers_recall (known, ":1.1", &found));
  assert_int_equal (found.kind, INOS_CALLER_PROGRAM);
  for (int i = 0; i < INOS_KNOWN_CALLERS_MAX; i++) {
    g_autofree char *name = g_strdup_printf (":2.%d", i);
    inos_known_callers_keep (known, name, &caller);
  }
  assert_true (g_hash_table_size (known) <= INOS_KNOWN_CALLERS_MAX);
}

/* A file system whose program stops answering */

static gint *awake; /* in memory that is shared: one that was slow answers again */

static void answer (int fuse, uint64_t unique, int error, const void *data, size_t size)
{
  struct fuse_out_header header = {
    .len = (uint32_t)(sizeof header + size), .error = error, .unique = unique};
  char out[512];

  memcpy (out, &header, sizeof header);
  if (size > 0)
    memcpy (out + sizeof header, data, size);
  if (write (fuse, out, header.len) < 0)
    _exit (1);
}

enum kind { SERVED, OVER_SERVED, OVER_SLOW, FILE_SERVED };

/* All but what looks for a file, or asks what file system it is, which what lies over it must know.
 */
static void serve (int fuse, enum kind kind)
{
  static char in[1 << 17];

  for (;;) {
    const struct fuse_in_header *header = (const void *)in;
    struct fuse_init_out init = {
      .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096};
    struct fuse_attr_out attributes = {.attr_valid = 1000,
                                       .attr = {.ino = 1, .mode = S_IFDIR | 0755, .nlink = 2}};
    struct fuse_statfs_out room = {.st = {.namelen = 255, .bsize = 4096}};

    if (read (fuse, in, sizeof in) < 0)
      _exit (0);
    switch (header->opcode) {
    case FUSE_INIT:
      answer (fuse, header->unique, 0, &init, sizeof init);
      break;
    case FUSE_GETATTR:
      answer (fuse, header->unique, 0, &attributes, sizeof attributes);
      break;
    case FUSE_STATFS:
      if (kind == OVER_SERVED || kind == OVER_SLOW)
        answer (fuse, header->unique, 0, &room, sizeof room);
      break;
    case FUSE_LOOKUP:
      while (kind == OVER_SLOW && !g_atomic_int_get (awake))
        g_usleep (1000);
      if (kind == OVER_SLOW)
        answer (fuse, header->unique, -ENOENT, NULL, 0);
      break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
      break;
    default:
      answer (fuse, header->unique, -ENOSYS, NULL, 0);
    }
  }
}

static bool write_file (const char *path, const char *text)
{
  g_autofd int fd = open (path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && write (fd, text, strlen (text)) > 0;
}

/* A namespace in which we are root, with a folder of our own for mounts. */
static bool be_alone (void)
{
  g_autofree char *uids = g_strdup_printf ("0 %u 1", getuid());
  g_autofree char *gids = g_strdup_printf ("0 %u 1", getgid());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_file ("/proc/self/uid_map", uids) &&
         write_file ("/proc/self/setgroups", "deny") && write_file ("/proc/self/gid_map", gids) &&
         mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("none", "/tmp", "tmpfs", 0, NULL) == 0 && mkdir ("/tmp/served", 0755) == 0 &&
         mkdir ("/tmp/over", 0755) == 0 && mkdir ("/tmp/plain", 0755) == 0;
}

static bool mount_served (enum kind kind)
{
  int fuse = open ("/dev/fuse", O_RDWR | O_CLOEXEC);
  g_autofree char *options =
    g_strdup_printf ("fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions", fuse);

  if (fuse < 0 || mount ("test", "/tmp/served", "fuse", 0, options) != 0)
    return false;
  if (fork() == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    serve (fuse, kind);
  }
  close (fuse);
  return true;
}

static bool prepare (enum kind kind)
{
  if (!be_alone() || !mount_served (kind))
    return false;
  if (kind == SERVED)
    return chroot ("/tmp/served") == 0;
  if (kind == OVER_SERVED || kind == OVER_SLOW)
    return mount ("over", "/tmp/over", "overlay", 0, "lowerdir=/tmp/served:/tmp/plain") == 0 &&
           chroot ("/tmp/over") == 0;
  return mkdir ("/tmp/plain/.flatpak-info", 0755) == 0 &&
         mount ("/tmp/served", "/tmp/plain/.flatpak-info", NULL, MS_BIND, NULL) == 0 &&
         mount ("/tmp/plain", "/tmp/plain", NULL, MS_BIND | MS_REC, NULL) == 0 &&
         chroot ("/tmp/plain") == 0;
}

/* It and who serves its root; nobody has the other end of the pipe any more. */
static void end (pid_t pid, int life)
{
  char rest;

  kill (-pid, SIGKILL);
  waitpid (pid, NULL, 0);
  while (read (life, &rest, 1) > 0)
    continue;
  close (life);
}

/* The process with such a root; 0 where this machine does not let it be made. */
static pid_t start (enum kind kind, int *life)
{
  int ready[2];
  char said = 'n';
  pid_t pid;

  assert_int_equal (pipe2 (ready, O_CLOEXEC), 0);
  pid = fork();
  if (pid == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    setpgid (0, 0);
    said = prepare (kind) ? 'y' : 'n';
    if (write (ready[1], &said, 1) == 1)
      pause();
    _exit (0);
  }
  close (ready[1]);
  if (read (ready[0], &said, 1) != 1)
    said = 'n';
  *life = ready[0];
  if (said == 'y')
    return pid;
  end (pid, *life);
  return 0;
}

/* Somebody who asks what its root is. He waits until that goes, also when he is killed. */
static pid_t start_asker (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/root", pid);
  pid_t asker = fork();

  if (asker == 0) {
    struct statfs status;
    int root = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);

    fstatfs (root, &status);
    _exit (0);
  }
  g_usleep (G_USEC_PER_SEC / 2);
  assert_int_equal (waitpid (asker, NULL, WNOHANG), 0);
  return asker;
}

static struct inos_process process_of (pid_t pid)
{
  struct inos_process process = {
    .pidfd = (int)syscall (SYS_pidfd_open, pid, 0), .pid = (guint32)pid, .uid = getuid()};

  assert_true (process.pidfd >= 0);
  return process;
}

/* Who it is taken for, and that nobody waited for longer than he may. */
static void look (enum kind kind, gint64 most)
{
  int life;
  pid_t pid = start (kind, &life), asker;
  gint64 began;
  struct inos_process process;
  struct inos_caller caller = {0};

  if (pid == 0) {
    skip();
    return;
  }
  process = process_of (pid);
  asker = kind == SERVED ? start_asker (pid) : 0;
  began = g_get_monotonic_time();
  alarm (TOO_LONG);
  inos_process_look (&process, &caller);
  alarm (0);
  assert_true (g_get_monotonic_time() - began <= most);
  assert_int_equal (caller.kind, INOS_CALLER_UNKNOWN);
  assert_string_equal (caller.why, "its root is one that need not answer");
  assert_int_equal (caller.passing, kind == OVER_SERVED);
  close (process.pidfd);
  end (pid, life);
  if (asker > 0)
    waitpid (asker, NULL, 0);
}

static void a_served_root_is_asked_nothing (void **state)
{
  look (SERVED, 10 * G_USEC_PER_SEC);
}

static void a_served_file_is_asked_nothing (void **state)
{
  look (FILE_SERVED, 10 * G_USEC_PER_SEC);
}

/* From outside it is an overlay like others: that of a program, or of a container of the person's
 * own on a disk that was busy. */
static void who_was_slow_is_known_later (void **state)
{
  int life;
  pid_t pid = start (OVER_SLOW, &life);
  gint64 began;
  struct inos_process process;
  struct inos_caller caller = {0};

  if (pid == 0) {
    skip();
    return;
  }
  process = process_of (pid);
  began = g_get_monotonic_time();
  alarm (TOO_LONG);
  inos_process_look (&process, &caller);
  assert_true (g_get_monotonic_time() - began <= 10 * G_USEC_PER_SEC);
  assert_int_equal (caller.kind, INOS_CALLER_UNKNOWN);
  assert_string_equal (caller.why, "its root is one that need not answer");
  assert_true (caller.passing);
  g_atomic_int_set (awake, 1);
  while (caller.passing)
    inos_process_look (&process, &caller);
  alarm (0);
  assert_int_equal (caller.kind, INOS_CALLER_PROGRAM);
  close (process.pidfd);
  end (pid, life);
}

static void *ask (void *data)
{
  const char *path = data;
  g_autofd int process = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  g_autofd int root = openat (process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
  gsize size;
  g_autofree char *text = inos_root_file_read (process, root, ".flatpak-info", 100, &size);

  return GINT_TO_POINTER (text != NULL ? 0 : errno);
}

/* Four are waited for at once, the fifth is not; and then nobody is for a while: they have used up
 * what patience there is with all. */
static void a_crowd_is_not_waited_for (void **state)
{
  int life, errors[5], late = 0, busy = 0;
  pid_t pid = start (OVER_SERVED, &life);
  g_autofree char *path = g_strdup_printf ("/proc/%d", pid);
  gint64 began = g_get_monotonic_time();
  GThread *askers[5];

  if (pid == 0) {
    skip();
    return;
  }
  alarm (TOO_LONG);
  for (int i = 0; i < 5; i++)
    askers[i] = g_thread_new ("asker", ask, path);
  for (int i = 0; i < 5; i++) {
    errors[i] = GPOINTER_TO_INT (g_thread_join (askers[i]));
    late += errors[i] == ETIMEDOUT;
    busy += errors[i] == EBUSY;
  }
  assert_true (late > 0 && late <= 4);
  assert_int_equal (late + busy, 5);
  assert_true (g_get_monotonic_time() - began <= 10 * G_USEC_PER_SEC);
  assert_int_equal (GPOINTER_TO_INT (ask (path)), EBUSY);
  alarm (0);
  end (pid, life);
}

static void who_comes_after_them_is_not_waited_for (void **state)
{
  look (OVER_SERVED, G_USEC_PER_SEC);
}

static void ones_own_root_is_looked_at (void **state)
{
  struct inos_process process = {
    .pidfd = (int)syscall (SYS_pidfd_open, getpid(), 0), .pid = (guint32)getpid(), .uid = getuid()};
  struct inos_caller caller = {0};

  inos_process_look (&process, &caller);
  assert_int_equal (caller.kind, INOS_CALLER_PROGRAM);
  close (process.pidfd);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_near),
    cmocka_unit_test (all_are_waited_for_a_fifteenth_of_the_time),
    cmocka_unit_test (what_is_found_in_passing_is_not_kept),
    cmocka_unit_test (a_served_root_is_asked_nothing),
    cmocka_unit_test (a_served_file_is_asked_nothing),
    /* These in this order: what patience one costs the next has not. */
    cmocka_unit_test (who_was_slow_is_known_later),
    cmocka_unit_test (a_crowd_is_not_waited_for),
    cmocka_unit_test (who_comes_after_them_is_not_waited_for),
    cmocka_unit_test (ones_own_root_is_looked_at),
  };

  awake = mmap (NULL, sizeof *awake, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (awake == MAP_FAILED)
    return 1;

  return cmocka_run_group_tests_name ("root-file", tests, NULL, NULL);
}
