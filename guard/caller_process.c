/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "guard/caller_process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard/root_file.h"

void inos_caller_set_unknown (struct inos_caller *caller, const char *why)
{
  *caller = (struct inos_caller){.kind = INOS_CALLER_UNKNOWN, .why = why};
}

static void take (struct inos_caller *caller, enum inos_sandbox found, const char *id)
{
  if (found == INOS_SANDBOX_UNKNOWN) {
    inos_caller_set_unknown (caller, "its sandbox does not say whose it is");
    return;
  }
  *caller = (struct inos_caller){
    .kind = found == INOS_SANDBOX_APP ? INOS_CALLER_APP : INOS_CALLER_PROGRAM,
  };
  g_strlcpy (caller->app, id, sizeof caller->app);
}

static void look_at_cgroup (int folder, struct inos_caller *caller)
{
  char id[INOS_APP_ID_MAX + 1] = "";
  gsize size = 0;
  g_autofree char *text = inos_file_read (folder, "cgroup", INOS_APP_ID_FILE_MAX, &size);

  if (text == NULL)
    inos_caller_set_unknown (caller, "its control group cannot be read");
  else
    take (caller, inos_app_id_from_cgroup (text, size, id), id);
}

/* Who did not answer in time may be on a disk that was busy, or have come after others who were
 * waited for. */
static void set_unread (int error, struct inos_caller *caller)
{
  bool passing = error == ETIMEDOUT || error == EBUSY;

  inos_caller_set_unknown (caller, passing || error == EREMOTE
                                     ? "its root is one that need not answer"
                                     : "/.flatpak-info at its root cannot be read");
  caller->passing = passing;
}

static void look_at_root (int folder, guint32 uid, struct inos_caller *caller)
{
  g_autofd int root = openat (folder, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
  char id[INOS_APP_ID_MAX + 1] = "";
  g_autofree char *text = NULL;
  gsize size = 0;

  if (root < 0 && uid == 0 && getuid() != 0) {
    *caller = (struct inos_caller){.kind = INOS_CALLER_PROGRAM}; /* who is root needs no leave */
    return;
  }
  if (root < 0) {
    inos_caller_set_unknown (caller, "its root cannot be looked at");
    return;
  }
  text = inos_root_file_read (folder, root, ".flatpak-info", INOS_APP_ID_FILE_MAX, &size);
  if (text != NULL)
    take (caller, inos_app_id_from_flatpak (text, size, id), id);
  else if (errno == ENOENT)
    look_at_cgroup (folder, caller);
  else
    set_unread (errno, caller);
}

/* The process of a pidfd in our own numbers; 0 where it has ended or is not among them. */
static guint32 pid_of (int pidfd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fdinfo/%d", pidfd);
  g_autofree char *text = NULL;
  const char *line;
  long pid;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "Pid:")) == NULL)
    return 0;
  pid = strtol (line + strlen ("Pid:"), NULL, 10);
  return pid > 0 && pid <= G_MAXINT32 ? (guint32)pid : 0;
}

static bool has_ended (int pidfd)
{
  struct pollfd poll_fd = {.fd = pidfd, .events = POLLIN};

  return poll (&poll_fd, 1, 0) != 0;
}

/* The number is good for as long as the process lives, which is asked last. */
void inos_process_look (const struct inos_process *process, struct inos_caller *caller)
{
  guint32 pid = pid_of (process->pidfd);
  g_autofree char *path = g_strdup_printf ("/proc/%u", pid);
  g_autofd int folder = pid > 0 ? open (path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

  if (process->uid != getuid() && process->uid != 0)
    inos_caller_set_unknown (caller, "it is another user's");
  else if (folder < 0)
    inos_caller_set_unknown (caller, "its process has ended");
  else
    look_at_root (folder, process->uid, caller);
  if (caller->kind != INOS_CALLER_UNKNOWN && has_ended (process->pidfd))
    inos_caller_set_unknown (caller, "its process has ended");
}
