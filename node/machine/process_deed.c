/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/process_deed.h"

#include "node/api/frame.h"
#include "node/machine/process_text.h"
#include "node/monitor/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/resource.h>

#define THREADS_MAX 65536

static bool refuse (GError **error, enum inos_api_error code, const char *sentence)
{
  g_set_error_literal (error, INOS_API_ERROR, (int)code, sentence);
  return false;
}

static bool gone (GError **error)
{
  return refuse (error, INOS_API_ERROR_NOT_FOUND,
                 "This process has ended. Another one may have its number by now.");
}

static bool fail (GError **error, int number, const char *denied)
{
  if (number == ESRCH)
    return gone (error);
  if (number == EPERM || number == EACCES)
    return refuse (error, INOS_API_ERROR_ACCESS_DENIED, denied);
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED, "The system does not do this: %s.",
               g_strerror (number));
  return false;
}

/* What holds a process; what either is asked is of that process alone, or fails. */
struct held {
  int process; /* a pidfd */
  int folder;  /* its /proc/PID */
};

static void let_go (struct held *held)
{
  inos_source_close (&held->process);
  inos_source_close (&held->folder);
}

static bool is_of (const struct held *held, uint64_t start)
{
  struct inos_process_stat stat;
  struct inos_scan text;
  char buffer[1024];

  return inos_source_read_once (held->folder, "stat", buffer, sizeof buffer, &text) &&
         inos_process_parse_stat (text, &stat) && stat.start == start;
}

/* The pid may have gone on to somebody else before they were opened, and between that: so the start
 * is compared then. A pidfd of who had the pid before is one of a process that has ended. */
static bool hold (int proc, uint32_t pid, uint64_t start, struct held *held, GError **error)
{
  char path[16];

  if (pid == 0 || pid > G_MAXINT32 || start == 0)
    return refuse (error, INOS_API_ERROR_BAD_PAYLOAD,
                   "A process is named by its number and its start.");
  *held = (struct held){.process = pidfd_open ((pid_t)pid, 0), .folder = -1};
  if (held->process < 0)
    return fail (error, errno, "");
  snprintf (path, sizeof path, "%u", pid);
  held->folder = openat (proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (held->folder >= 0 && is_of (held, start))
    return true;
  let_go (held);
  return gone (error);
}

bool inos_process_signal (int proc, uint32_t pid, uint64_t start, int number, GError **error)
{
  struct held held;

  if (!hold (proc, pid, start, &held, error))
    return false;
  bool sent = pidfd_send_signal (held.process, number, NULL, 0) == 0;
  if (!sent)
    fail (error, errno,
          "This process is another user's: only that user or an administrator can end it.");
  let_go (&held);
  return sent;
}

struct threads {
  int nice, count;
  int fault; /* errno of the first that could not be set */
};

static bool set_thread (const char *name, void *data)
{
  struct threads *threads = data;
  guint64 tid;

  if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT32, &tid, NULL))
    return true;
  if (setpriority (PRIO_PROCESS, (id_t)tid, threads->nice) < 0 && errno != ESRCH &&
      threads->fault == 0)
    threads->fault = errno;
  return ++threads->count < THREADS_MAX;
}

bool inos_process_set_nice (int proc, uint32_t pid, uint64_t start, int nice, GError **error)
{
  struct threads threads = {.nice = nice};
  struct held held;

  if (nice < -20 || nice > 19)
    return refuse (error, INOS_API_ERROR_BAD_PAYLOAD, "A priority is between -20 and 19.");
  if (!hold (proc, pid, start, &held, error))
    return false;
  inos_dir_each (held.folder, "task", set_thread, &threads);
  bool there = pidfd_send_signal (held.process, 0, NULL, 0) == 0 || errno != ESRCH;
  let_go (&held);
  if (!there || threads.count == 0)
    return gone (error);
  if (threads.fault == EACCES)
    return refuse (error, INOS_API_ERROR_ACCESS_DENIED,
                   "Only an administrator can give a process more of the processor than it has.");
  return threads.fault == 0 ||
         fail (error, threads.fault,
               "This process is another user's: only that user or an administrator can change it.");
}
