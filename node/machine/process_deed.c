/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/process_deed.h"

#include "node/api/frame.h"
#include "node/machine/process_text.h"
#include "node/monitor/source.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* A descriptor of the process, or -1. The pid may have gone on to somebody else before it was
 * opened, not after: so the start is compared then. */
static int hold (int proc, uint32_t pid, uint64_t start, GError **error)
{
  struct inos_process_stat stat;
  struct inos_scan text;
  char path[32], buffer[1024];

  if (pid == 0 || pid > G_MAXINT32 || start == 0) {
    refuse (error, INOS_API_ERROR_BAD_PAYLOAD, "A process is named by its number and its start.");
    return -1;
  }
  int fd = pidfd_open ((pid_t)pid, 0);
  if (fd < 0) {
    fail (error, errno, "");
    return -1;
  }
  snprintf (path, sizeof path, "%u/stat", pid);
  if (!inos_source_read_once (proc, path, buffer, sizeof buffer, &text) ||
      !inos_process_parse_stat (text, &stat) || stat.start != start) {
    close (fd);
    gone (error);
    return -1;
  }
  return fd;
}

bool inos_process_signal (int proc, uint32_t pid, uint64_t start, int number, GError **error)
{
  int fd = hold (proc, pid, start, error);

  if (fd < 0)
    return false;
  bool sent = pidfd_send_signal (fd, number, NULL, 0) == 0;
  if (!sent)
    fail (error, errno,
          "This process is another user's: only that user or an administrator can end it.");
  close (fd);
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
  char path[32];

  if (nice < -20 || nice > 19)
    return refuse (error, INOS_API_ERROR_BAD_PAYLOAD, "A priority is between -20 and 19.");
  int fd = hold (proc, pid, start, error);
  if (fd < 0)
    return false;
  snprintf (path, sizeof path, "%u/task", pid);
  inos_dir_each (proc, path, set_thread, &threads);
  bool there = pidfd_send_signal (fd, 0, NULL, 0) == 0 || errno != ESRCH;
  close (fd);
  if (!there || threads.count == 0)
    return gone (error);
  if (threads.fault == EACCES)
    return refuse (error, INOS_API_ERROR_ACCESS_DENIED,
                   "Only an administrator can give a process more of the processor than it has.");
  return threads.fault == 0 ||
         fail (error, threads.fault,
               "This process is another user's: only that user or an administrator can change it.");
}
