/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/process_start.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct inos_os_result result_of (bool good)
{
  return inos_os_result_of (good ? 0 : errno);
}

static void close_all (const int stdio[3])
{
  for (int i = 0; i < 3; i++)
    if (stdio[i] >= 0)
      close (stdio[i]);
}

/* @fd in a place that the child's own three do not need; takes @fd. */
static int move_up (int fd)
{
  int up = fcntl (fd, F_DUPFD_CLOEXEC, 3), error = errno;

  close (fd);
  errno = error;
  return up;
}

/* A pipe whose end @childs the program has, and we the other. */
static bool make_pipe (bool program_reads, int *ours, int *childs)
{
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) < 0)
    return false;
  *ours = ends[program_reads ? 1 : 0];
  *childs = move_up (ends[program_reads ? 0 : 1]);
  return *childs >= 0 && fcntl (*ours, F_SETFL, O_NONBLOCK) == 0;
}

static bool make_null (int *childs)
{
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  *childs = fd < 0 ? -1 : move_up (fd);
  return *childs >= 0;
}

static bool make_stdio (const struct inos_process *process, int ours[3], int childs[3])
{
  const bool wanted[] = {process->has_input, process->on_output, process->on_errors};
  bool good = true;

  for (int i = 0; i < 3 && good; i++)
    good = wanted[i] ? make_pipe (i == 0, &ours[i], &childs[i]) : make_null (&childs[i]);
  return good;
}

/* What the security context has to say of it; opens the directory. */
static struct inos_os_result check (const struct inos_process *process,
                                    struct inos_child_plan *plan)
{
  struct inos_os_result result = inos_security_program (process->security, plan->path);

  if (result.error == INOS_OS_OK && process->directory)
    result = inos_security_open (process->security, process->directory, O_RDONLY | O_DIRECTORY, 0,
                                 &plan->directory);
  if (result.error == INOS_OS_OK) {
    plan->limits = inos_security_limits (process->security, &process->limits);
    plan->may_gain_privileges = process->security->may_gain_privileges;
  }
  return result;
}

struct inos_os_result inos_process_begin (const struct inos_process *process,
                                          struct inos_process_begun *begun)
{
  static const char *const nothing[] = {NULL};
  struct inos_process_begun made = {.stdio = {-1, -1, -1}};
  struct inos_child_plan plan = {.path = process->argv ? process->argv[0] : NULL,
                                 .argv = process->argv,
                                 .environment =
                                   process->environment ? process->environment : nothing,
                                 .directory = -1,
                                 .stdio = {-1, -1, -1}};
  struct inos_os_result result = check (process, &plan);

  if (result.error == INOS_OS_OK)
    result = result_of (make_stdio (process, made.stdio, plan.stdio));
  if (result.error == INOS_OS_OK)
    result = inos_child_process_start (&plan, &made.child);
  close_all (plan.stdio);
  if (plan.directory >= 0)
    close (plan.directory);
  if (result.error == INOS_OS_OK)
    *begun = made;
  else
    close_all (made.stdio);
  return result;
}
