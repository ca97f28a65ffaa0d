/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "guard/bus_guard.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "guard/known_callers.h"

#define DENIED "org.freedesktop.DBus.Error.AccessDenied"

enum { DRAINED = 4096 /* messages that others sent to our connection, at once */ };
enum {
  PATIENCE = 2 * G_USEC_PER_SEC /* with the bus */
};

struct inos_bus_guard {
  GDBusConnection *connection;
  guint filter;
};

/* The thread's. */
struct gate {
  const char *const *paths;
  char *address;
  sd_bus *bus;       /* another connection: an answer on GDBus' would come to the waiting thread */
  GHashTable *known; /* callers */
};

static void gate_free (void *data)
{
  struct gate *gate = data;
  sd_bus_close_unref (gate->bus);
  g_hash_table_unref (gate->known);
  g_free (gate->address);
  g_free (gate);
}

static bool connect_to_bus (struct gate *gate)
{
  if (gate->bus)
    return true;
  int error = sd_bus_new (&gate->bus);
  if (error < 0)
    return false;
  if (sd_bus_set_address (gate->bus, gate->address) >= 0 &&
      sd_bus_set_bus_client (gate->bus, 1) >= 0 && sd_bus_start (gate->bus) >= 0 &&
      sd_bus_set_method_call_timeout (gate->bus, PATIENCE) >= 0)
    return true;
  gate->bus = sd_bus_close_unref (gate->bus);
  return false;
}

static sd_bus_message *ask (struct gate *gate, const char *sender)
{
  sd_bus_message *reply = NULL;
  if (!connect_to_bus (gate))
    return NULL;
  sd_bus_error error = SD_BUS_ERROR_NULL;
  sd_bus_call_method (gate->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                      "org.freedesktop.DBus", "GetConnectionCredentials", &error, &reply, "s",
                      sender);
  /* What others send to this connection would fill it; one that is cut, full or mute is made anew.
   */
  for (int i = 0; i < DRAINED && sd_bus_process (gate->bus, NULL) > 0; i++)
    continue;
  bool refused = sd_bus_error_is_set (&error) &&
                 sd_bus_error_has_name (&error, "org.freedesktop.DBus.Error.NameHasNoOwner");
  sd_bus_error_free (&error);
  if (!reply && !refused)
    gate->bus = sd_bus_close_unref (gate->bus);
  return reply;
}

/* What the bus says of one credential; the others are passed over. */
static int read_credential (sd_bus_message *reply, struct inos_process *process)
{
  const char *key;
  int fd = -1, result = sd_bus_message_read_basic (reply, 's', &key);
  if (result < 0)
    return result;
  if (strcmp (key, "ProcessID") == 0)
    return sd_bus_message_read (reply, "v", "u", &process->pid);
  if (strcmp (key, "UnixUserID") == 0)
    return sd_bus_message_read (reply, "v", "u", &process->uid);
  if (strcmp (key, "ProcessFD") != 0 || process->pidfd >= 0)
    return sd_bus_message_skip (reply, "v");
  result = sd_bus_message_read (reply, "v", "h", &fd);
  if (result >= 0)
    process->pidfd = fcntl (fd, F_DUPFD_CLOEXEC, 3); /* that one is the message's */
  return result;
}

static bool read_credentials (struct gate *gate, const char *sender, struct inos_process *process)
{
  sd_bus_message *reply = ask (gate, sender);
  bool good = reply && sd_bus_message_enter_container (reply, 'a', "{sv}") >= 0;
  *process = (struct inos_process){.pidfd = -1, .uid = G_MAXUINT32};
  while (good && sd_bus_message_enter_container (reply, 'e', "sv") > 0)
    good = read_credential (reply, process) >= 0 && sd_bus_message_exit_container (reply) >= 0;
  sd_bus_message_unref (reply);
  return good;
}

/* A bus (before dbus 1.15.8) or a kernel (before Linux 6.5) that gives no pidfd gives a number,
 * that of who connected. It is no proof: that process may have ended, and another have its number.
 */
static void open_pidfd (struct gate *gate, const char *sender, struct inos_process *process)
{
  struct inos_process again;
  if (process->pidfd >= 0 || process->pid == 0)
    return;
  process->pidfd = (int)syscall (SYS_pidfd_open, process->pid, 0);
  if (process->pidfd < 0)
    return;
  bool same = read_credentials (gate, sender, &again) && again.pid == process->pid;
  g_clear_fd (&again.pidfd, NULL);
  if (!same)
    g_clear_fd (&process->pidfd, NULL);
}

static void identify (struct gate *gate, const char *sender, struct inos_caller *caller)
{
  struct inos_process process;
  if (inos_known_callers_recall (gate->known, sender, caller))
    return;
  if (read_credentials (gate, sender, &process))
    open_pidfd (gate, sender, &process);
  if (process.pidfd < 0) {
    inos_caller_set_unknown (caller, "the bus does not say which process it is");
    return;
  }
  inos_process_look (&process, caller);
  close (process.pidfd);
  inos_known_callers_keep (gate->known, sender, caller);
}

static bool is_guarded (const struct gate *gate, const char *path)
{
  for (const char *const *each = gate->paths; path && *each; each++) {
    size_t length = strlen (*each);
    if (strncmp (path, *each, length) == 0 && (path[length] == '\0' || path[length] == '/'))
      return true;
  }
  return false;
}

static void refuse (GDBusConnection *connection, GDBusMessage *message,
                    const struct inos_caller *caller)
{
  if (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED)
    return;
  g_autoptr (GDBusMessage) reply = g_dbus_message_new_method_error (
    message, DENIED, "%s is not for applications in a sandbox: ask the desktop's portals%s%s",
    g_dbus_message_get_path (message), caller->why ? "; " : "", caller->why ? caller->why : "");
  g_dbus_connection_send_message (connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

/* In GDBus' thread, in the order in which messages come. The bus is waited for once for each who
 * calls: it is trusted, and answers at once. Those who call are not: all that they are waited for
 * together is a fifteenth of the time. */
static GDBusMessage *on_message (GDBusConnection *connection, GDBusMessage *message,
                                 gboolean incoming, void *data)
{
  struct gate *gate = data;
  struct inos_caller caller;
  const char *sender = incoming ? g_dbus_message_get_sender (message) : NULL;
  if (!sender || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL ||
      !is_guarded (gate, g_dbus_message_get_path (message)))
    return message;
  identify (gate, sender, &caller);
  if (caller.kind == INOS_CALLER_PROGRAM)
    return message;
  refuse (connection, message, &caller);
  g_object_unref (message);
  return NULL;
}

struct inos_bus_guard *inos_bus_guard_create (GDBusConnection *connection, const char *address,
                                              const char *const *paths)
{
  struct inos_bus_guard *guard = g_new0 (struct inos_bus_guard, 1);
  struct gate *gate = g_new0 (struct gate, 1);
  g_autoptr (GError) error = NULL;
  gate->paths = paths;
  gate->address = address ? g_strdup (address)
                          : g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, &error);
  gate->known = inos_known_callers_new();
  if (error)
    g_warning ("who calls over the session bus cannot be asked (%s): nobody is heard",
               error->message);
  guard->connection = g_object_ref (connection);
  guard->filter = g_dbus_connection_add_filter (connection, on_message, gate, gate_free);
  return guard;
}

void inos_bus_guard_destroy (struct inos_bus_guard *guard)
{
  if (!guard)
    return;
  g_dbus_connection_remove_filter (guard->connection, guard->filter);
  g_object_unref (guard->connection);
  g_free (guard);
}
