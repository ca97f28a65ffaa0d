/*
 * Between fork() and execve() only calls that are safe after a fork of one thread of many: none
 * that takes a lock or memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLOSE_MAX 65536 /* where the kernel has no close_range() that marks */

/* In the child */

static bool limit (int which, uint64_t value, uint64_t slack)
{
  struct rlimit now;

  if (value == 0)
    return true;
  if (getrlimit ((__rlimit_resource_t)which, &now) < 0)
    return false;
  now.rlim_max = MIN (now.rlim_max, value == INOS_LIMIT_NONE ? RLIM_INFINITY : value + slack);
  now.rlim_cur = MIN (now.rlim_max, value == INOS_LIMIT_NONE ? RLIM_INFINITY : value);
  return setrlimit ((__rlimit_resource_t)which, &now) == 0;
}

static bool set_limits (const struct inos_os_limits *limits)
{
  return limit (RLIMIT_DATA, limits->memory, 0) && limit (RLIMIT_CPU, limits->cpu_seconds, 1) &&
         limit (RLIMIT_FSIZE, limits->file_size, 0) && limit (RLIMIT_NPROC, limits->processes, 0) &&
         limit (RLIMIT_NOFILE, limits->files, 0);
}

static void default_signals (void)
{
  const struct sigaction action = {.sa_handler = SIG_DFL};
  sigset_t none;

  for (int number = 1; number < NSIG; number++)
    sigaction (number, &action, NULL); /* fails for those that cannot be changed */
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static void keep_nothing_open (void)
{
  if (syscall (SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
    return;
  for (int fd = 3; fd < CLOSE_MAX; fd++)
    fcntl (fd, F_SETFD, FD_CLOEXEC);
}

static bool take_stdio (const int stdio[3])
{
  for (int i = 0; i < 3; i++)
    if (dup2 (stdio[i], i) < 0)
      return false;
  return true;
}

static bool prepare (const struct inos_child_plan *plan, pid_t parent)
{
  if (setsid() < 0 || (!plan->controls_terminal && prctl (PR_SET_PDEATHSIG, SIGKILL) < 0))
    return false;
  if (getppid() != parent) /* it ended before it could be watched */
    raise (SIGKILL);
  if (!plan->may_gain_privileges && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return false;
  return (plan->directory < 0 ? chdir ("/") : fchdir (plan->directory)) == 0 &&
         take_stdio (plan->stdio) && set_limits (&plan->limits) &&
         (!plan->controls_terminal || ioctl (0, TIOCSCTTY, 0) == 0);
}

/* It does not go on, and so does not end, before it can be followed: where SIGCHLD is ignored or
 * somebody else reaps, one that has ended cannot be found any more. */
static bool is_let_go (int report)
{
  char word;

  return read (report, &word, 1) == 1;
}

static _Noreturn void become (const struct inos_child_plan *plan, pid_t parent, const int pair[2])
{
  int report = pair[1];

  close (pair[0]);
  if (is_let_go (report) && prepare (plan, parent)) {
    default_signals();
    keep_nothing_open();
    execve (plan->path, (char *const *)plan->argv, (char *const *)plan->environment);
  }
  int error = errno;
  if (write (report, &error, sizeof error) != sizeof error)
    _exit (126);
  _exit (127);
}

/* In this program */

static int pidfd_of (pid_t pid)
{
  return (int)syscall (SYS_pidfd_open, pid, 0);
}

static void wait_for (pid_t pid)
{
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

/* 0, or the error for which the child did not become the program. */
static int read_report (int report)
{
  int error = 0;
  ssize_t size;

  do
    size = read (report, &error, sizeof error);
  while (size < 0 && errno == EINTR);
  return size == sizeof error ? error : size < 0 ? errno : 0;
}

/* fork() with no signal handled in the child before its handlers are the default ones. */
static pid_t fork_quietly (const struct inos_child_plan *plan, const int report[2])
{
  pid_t self = getpid();
  sigset_t all, before;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  if (pid == 0)
    become (plan, self, report);
  int error = errno;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = error;
  return pid;
}

/* Both ways; the child's end is above the three descriptors that its own take the places of. */
static bool report_pair (int report[2])
{
  int low[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, low) < 0)
    return false;
  report[0] = low[0];
  report[1] = fcntl (low[1], F_DUPFD_CLOEXEC, 3);
  close (low[1]);
  if (report[1] < 0)
    close (report[0]);
  return report[1] >= 0;
}

struct inos_os_result inos_child_process_start (const struct inos_child_plan *plan,
                                                struct inos_child_process *child)
{
  int report[2], error;

  if (!report_pair (report))
    return inos_os_result_of (errno);
  pid_t pid = fork_quietly (plan, report);
  error = pid < 0 ? errno : 0;
  close (report[1]);
  int pidfd = pid > 0 ? pidfd_of (pid) : -1;
  if (pid > 0 && pidfd < 0)
    error = errno;
  if (pidfd >= 0)
    error = send (report[0], "", 1, MSG_NOSIGNAL) == 1 ? read_report (report[0]) : errno;
  close (report[0]);
  if (pidfd >= 0 && error == 0) {
    *child = (struct inos_child_process){pid, pidfd};
    return (struct inos_os_result){INOS_OS_OK, 0};
  }
  if (pidfd >= 0)
    close (pidfd);
  if (pid > 0) {
    kill (-pid, SIGKILL);
    wait_for (pid);
  }
  return inos_os_result_of (error);
}

/* The group has the number of its leader, which is ours as long as the leader is not reaped. */
void inos_child_process_signal (const struct inos_child_process *child, int number)
{
  if (child->pid > 0)
    kill (-child->pid, number);
}

static bool wait_by (const struct inos_child_process *child, siginfo_t *info, int how)
{
  int got;

  *info = (siginfo_t){0};
  do
    got = waitid (P_PIDFD, (id_t)child->pidfd, info, WEXITED | how);
  while (got < 0 && errno == EINTR);
  /* Somebody else has reaped it, or this program ignores SIGCHLD: nobody knows how it ended. */
  if (got < 0) {
    info->si_pid = child->pid;
    info->si_code = CLD_EXITED;
    info->si_status = 255;
  }
  return info->si_pid != 0;
}

bool inos_child_process_reap (struct inos_child_process *child, bool wait, siginfo_t *info)
{
  if (child->pid == 0 || !wait_by (child, info, WNOWAIT | (wait ? 0 : WNOHANG)))
    return false;
  kill (-child->pid, SIGKILL);
  wait_by (child, info, 0);
  close (child->pidfd);
  *child = (struct inos_child_process){0};
  return true;
}
