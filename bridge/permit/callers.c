/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/callers.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BUS_PATIENCE 2000 /* ms */
#define KNOWN_MAX 1024    /* names; then it is begun anew */

struct inos_callers {
  GDBusConnection *bus;
  GMutex lock;
  GHashTable *known; /* name → struct inos_caller */
};

/* A connection's process, as the bus says. */
struct process {
  int pidfd; /* -1: not known */
  guint32 pid, uid;
};

static void unknown (struct inos_caller *caller, const char *why)
{
  *caller = (struct inos_caller){.kind = INOS_CALLER_UNKNOWN, .why = why};
}

/* What the process has there, at most INOS_APP_ID_FILE_MAX bytes and a zero; NULL with errno. */
static char *read_at (int folder, const char *name, gsize *size)
{
  g_autofd int fd =
    openat (folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
  g_autofree char *text = NULL;
  struct stat status;
  ssize_t got = 1;

  if (fd < 0 || fstat (fd, &status) != 0)
    return NULL;
  if (!S_ISREG (status.st_mode) || status.st_size > INOS_APP_ID_FILE_MAX) {
    errno = EFBIG;
    return NULL;
  }
  text = g_malloc0 (INOS_APP_ID_FILE_MAX + 1);
  for (*size = 0; got > 0 && *size < INOS_APP_ID_FILE_MAX; *size += (gsize)MAX (got, 0))
    got = read (fd, text + *size, INOS_APP_ID_FILE_MAX - *size);
  return got < 0 ? NULL : g_steal_pointer (&text);
}

static void take (struct inos_caller *caller, enum inos_sandbox found, const char *id)
{
  if (found == INOS_SANDBOX_UNKNOWN) {
    unknown (caller, "its sandbox does not say whose it is");
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
  g_autofree char *text = read_at (folder, "cgroup", &size);

  if (text == NULL)
    unknown (caller, "its control group cannot be read");
  else
    take (caller, inos_app_id_from_cgroup (text, size, id), id);
}

/* A root that a program of the person's serves could keep whoever looks at it waiting. */
static bool is_served (int root)
{
  struct statfs status;

  return fstatfs (root, &status) != 0 || status.f_type == FUSE_SUPER_MAGIC;
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
  if (root < 0 || is_served (root)) {
    unknown (caller, "its root cannot be looked at");
    return;
  }
  text = read_at (root, ".flatpak-info", &size);
  if (text != NULL)
    take (caller, inos_app_id_from_flatpak (text, size, id), id);
  else if (errno == ENOENT)
    look_at_cgroup (folder, caller);
  else
    unknown (caller, "/.flatpak-info at its root cannot be read");
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
static void look (const struct process *process, struct inos_caller *caller)
{
  guint32 pid = pid_of (process->pidfd);
  g_autofree char *path = g_strdup_printf ("/proc/%u", pid);
  g_autofd int folder = pid > 0 ? open (path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

  if (process->uid != getuid() && process->uid != 0)
    unknown (caller, "it is another user's");
  else if (folder < 0)
    unknown (caller, "its process has ended");
  else
    look_at_root (folder, process->uid, caller);
  if (caller->kind != INOS_CALLER_UNKNOWN && has_ended (process->pidfd))
    unknown (caller, "its process has ended");
}

static GVariant *call_bus (GDBusConnection *bus, const char *method, const char *sender,
                           GUnixFDList **fds)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
    g_variant_new ("(s)", sender), G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, BUS_PATIENCE,
    NULL, fds, NULL, NULL);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

/* Whether the bus still has that connection, and of that process. */
static bool is_still (GDBusConnection *bus, const char *sender, guint32 pid)
{
  g_autoptr (GVariant) all = call_bus (bus, "GetConnectionCredentials", sender, NULL);
  guint32 now = 0;

  return all != NULL && g_variant_lookup (all, "ProcessID", "u", &now) && now == pid;
}

/* A bus or a kernel that gives no pidfd (before Linux 6.5) gives a number. The process that has it
 * by now is the right one unless the right one has ended and left its connection to a child. */
static void open_pidfd (GDBusConnection *bus, const char *sender, struct process *process)
{
  if (process->pidfd >= 0 || process->pid == 0)
    return;
  process->pidfd = (int)syscall (SYS_pidfd_open, process->pid, 0);
  if (process->pidfd >= 0 && !is_still (bus, sender, process->pid))
    g_clear_fd (&process->pidfd, NULL);
}

static void ask (GDBusConnection *bus, const char *sender, struct process *process)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) all = call_bus (bus, "GetConnectionCredentials", sender, &fds);
  gint32 index;

  *process = (struct process){.pidfd = -1, .uid = G_MAXUINT32};
  if (all == NULL)
    return;
  g_variant_lookup (all, "ProcessID", "u", &process->pid);
  g_variant_lookup (all, "UnixUserID", "u", &process->uid);
  if (fds != NULL && g_variant_lookup (all, "ProcessFD", "h", &index))
    process->pidfd = g_unix_fd_list_get (fds, index, NULL);
  open_pidfd (bus, sender, process);
}

static void keep (struct inos_callers *callers, const char *sender,
                  const struct inos_caller *caller)
{
  g_mutex_lock (&callers->lock);
  if (g_hash_table_size (callers->known) >= KNOWN_MAX)
    g_hash_table_remove_all (callers->known);
  g_hash_table_insert (callers->known, g_strdup (sender), g_memdup2 (caller, sizeof *caller));
  g_mutex_unlock (&callers->lock);
}

bool inos_callers_recall (struct inos_callers *callers, const char *sender,
                          struct inos_caller *caller)
{
  const struct inos_caller *found;

  g_mutex_lock (&callers->lock);
  found = g_hash_table_lookup (callers->known, sender);
  if (found != NULL)
    *caller = *found;
  g_mutex_unlock (&callers->lock);
  return found != NULL;
}

void inos_callers_identify (struct inos_callers *callers, const char *sender,
                            struct inos_caller *caller)
{
  struct process process;

  if (inos_callers_recall (callers, sender, caller))
    return;
  ask (callers->bus, sender, &process);
  if (process.pidfd < 0) {
    unknown (caller, "the bus does not say which process it is");
    return;
  }
  look (&process, caller);
  close (process.pidfd);
  keep (callers, sender, caller);
}

struct inos_callers *inos_callers_new (GDBusConnection *bus)
{
  struct inos_callers *callers = g_new0 (struct inos_callers, 1);

  callers->bus = g_object_ref (bus);
  g_mutex_init (&callers->lock);
  callers->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return callers;
}

void inos_callers_free (struct inos_callers *callers)
{
  if (callers == NULL)
    return;
  g_hash_table_unref (callers->known);
  g_mutex_clear (&callers->lock);
  g_object_unref (callers->bus);
  g_free (callers);
}
