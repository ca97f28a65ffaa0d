/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/callers.h"

#include "guard/known_callers.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BUS_PATIENCE 2000 /* ms */

struct inos_callers {
  GDBusConnection *bus;
  GMutex lock;
  GHashTable *known; /* callers */
};

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
static void open_pidfd (GDBusConnection *bus, const char *sender, struct inos_process *process)
{
  if (process->pidfd >= 0 || process->pid == 0)
    return;
  process->pidfd = (int)syscall (SYS_pidfd_open, process->pid, 0);
  if (process->pidfd >= 0 && !is_still (bus, sender, process->pid))
    g_clear_fd (&process->pidfd, NULL);
}

static void ask (GDBusConnection *bus, const char *sender, struct inos_process *process)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) all = call_bus (bus, "GetConnectionCredentials", sender, &fds);
  gint32 index;

  *process = (struct inos_process){.pidfd = -1, .uid = G_MAXUINT32};
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
  inos_known_callers_keep (callers->known, sender, caller);
  g_mutex_unlock (&callers->lock);
}

bool inos_callers_recall (struct inos_callers *callers, const char *sender,
                          struct inos_caller *caller)
{
  bool found;

  g_mutex_lock (&callers->lock);
  found = inos_known_callers_recall (callers->known, sender, caller);
  g_mutex_unlock (&callers->lock);
  return found;
}

void inos_callers_identify (struct inos_callers *callers, const char *sender,
                            struct inos_caller *caller)
{
  struct inos_process process;

  if (inos_callers_recall (callers, sender, caller))
    return;
  ask (callers->bus, sender, &process);
  if (process.pidfd < 0) {
    inos_caller_set_unknown (caller, "the bus does not say which process it is");
    return;
  }
  inos_process_look (&process, caller);
  close (process.pidfd);
  keep (callers, sender, caller);
}

struct inos_callers *inos_callers_new (GDBusConnection *bus)
{
  struct inos_callers *callers = g_new0 (struct inos_callers, 1);

  callers->bus = g_object_ref (bus);
  g_mutex_init (&callers->lock);
  callers->known = inos_known_callers_new();
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
