/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER LOGIND ".Manager"
#define LOGIND_SESSION LOGIND ".Session"
#define OWN_SESSION LOGIND_PATH "/session/auto"
#define UPOWER "org.freedesktop.UPower"
#define UPOWER_PATH "/org/freedesktop/UPower"
#define COMPOSITOR "org.inos.Compositor1"
#define COMPOSITOR_PATH "/org/inos/Compositor1"
#define IDLE COMPOSITOR ".Idle"
#define PROPERTIES "org.freedesktop.DBus.Properties"

enum {
  CALL_TIMEOUT = 10000, /* ms */
  LOCK_TIMEOUT = 4000,  /* ms; logind itself waits 5 s unless it is told otherwise */
};

struct inos_login {
  GDBusConnection *bus;    /* the session's */
  GDBusConnection *system; /* NULL until there is one, and where there is none */
  GCancellable *cancellable;
  char *session;      /* logind's path of it */
  int delay;          /* descriptor that delays sleep; -1: none */
  gboolean preparing; /* for sleep */
  guint too_long;
  gboolean on_battery, inhibited;
  guint compositor; /* watch of its name */
  guint action, changed;
  guint system_signals[5];
  inos_login_unlock_func unlock;
  void *data;
};

static void call_compositor (struct inos_login *login, const char *interface, const char *method,
                             GVariant *arguments, GAsyncReadyCallback answered)
{
  g_dbus_connection_call (login->bus, COMPOSITOR, COMPOSITOR_PATH, interface, method, arguments,
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT, login->cancellable,
                          answered, login);
}

static void call_logind (struct inos_login *login, const char *path, const char *interface,
                         const char *method, GVariant *arguments, GAsyncReadyCallback answered)
{
  g_variant_ref_sink (arguments);
  if (login->system != NULL)
    g_dbus_connection_call (login->system, LOGIND, path, interface, method, arguments, NULL,
                            G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT, login->cancellable, answered,
                            login);
  g_variant_unref (arguments);
}

static void tell_compositor (struct inos_login *login)
{
  call_compositor (login, IDLE, "SetMachine",
                   g_variant_new ("(bb)", login->on_battery, login->inhibited), NULL);
}

/* Sleep */

static void let_sleep (struct inos_login *login)
{
  g_clear_handle_id (&login->too_long, g_source_remove);
  login->preparing = FALSE;
  if (login->delay >= 0)
    close (login->delay);
  login->delay = -1;
}

static gboolean on_too_long (gpointer data)
{
  struct inos_login *login = data;
  login->too_long = 0;
  g_message (_ ("the machine goes to sleep and the session is not locked: the lock screen took "
                "longer than %d s"),
             LOCK_TIMEOUT / 1000);
  let_sleep (login);
  return G_SOURCE_REMOVE;
}

static void on_delay (GObject *system, GAsyncResult *result, gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (system), &fds, result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL || fds == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(h)"))) {
    g_message (_ ("logind lets nobody delay sleep, so the session may be locked only after it: %s"),
               error != NULL ? error->message : _ ("no descriptor came"));
    return;
  }
  gint32 index;
  g_variant_get (reply, "(h)", &index);
  int fd = g_unix_fd_list_get (fds, index, &error);
  if (login->delay >= 0)
    close (login->delay);
  login->delay = fd;
}

static void delay_sleep (struct inos_login *login)
{
  g_dbus_connection_call_with_unix_fd_list (
    login->system, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
    g_variant_new ("(ssss)", "sleep", "Inos", _ ("The screen is locked first"), "delay"), NULL,
    G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT, NULL, login->cancellable, on_delay, login);
}

static void on_lock_answered (GObject *bus, GAsyncResult *result, gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_dbus_error_strip_remote_error (error);
  g_message (_ ("the session is not locked: %s"), error->message);
  if (login->preparing)
    let_sleep (login);
}

static void on_locked_everywhere (GObject *bus, GAsyncResult *result, gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, NULL);
  g_autoptr (GVariant) value = NULL;
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return;
  g_variant_get (reply, "(v)", &value);
  if (login->preparing && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
      g_variant_get_boolean (value))
    let_sleep (login);
}

static void lock (struct inos_login *login)
{
  call_compositor (login, COMPOSITOR, "Lock", NULL, on_lock_answered);
}

static void on_prepare (GDBusConnection *system, const char *sender, const char *path,
                        const char *interface, const char *name, GVariant *arguments, gpointer data)
{
  struct inos_login *login = data;
  gboolean begins;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (arguments, "(b)", &begins);
  if (!begins) {
    let_sleep (login);
    call_compositor (login, COMPOSITOR, "SimulateActivity", NULL, NULL);
    delay_sleep (login);
    return;
  }
  login->preparing = TRUE;
  g_clear_handle_id (&login->too_long, g_source_remove);
  login->too_long = g_timeout_add (LOCK_TIMEOUT, on_too_long, login);
  lock (login);
  /* It may be locked already, and then nothing changes. */
  call_compositor (login, PROPERTIES, "Get", g_variant_new ("(ss)", IDLE, "LockedEverywhere"),
                   on_locked_everywhere);
}

static void on_suspended (GObject *system, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (system), result, &error);
  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_dbus_error_strip_remote_error (error);
  g_message (_ ("the machine does not sleep: %s"), error->message);
}

/* What logind and UPower say */

static void on_lock (GDBusConnection *system, const char *sender, const char *path,
                     const char *interface, const char *name, GVariant *arguments, gpointer data)
{
  lock (data);
}

/* logind lets nobody but the person and the administrator ask for it, and asks for a password. */
static void on_unlock (GDBusConnection *system, const char *sender, const char *path,
                       const char *interface, const char *name, GVariant *arguments, gpointer data)
{
  struct inos_login *login = data;
  g_message (_ ("the session is unlocked by loginctl"));
  login->unlock (login->data);
}

static gboolean lists_idle (const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, ":", -1);
  return g_strv_contains ((const char *const *)words, "idle");
}

static void take_machine (struct inos_login *login, const char *interface, GVariant *properties)
{
  gboolean on_battery = login->on_battery, inhibited = login->inhibited;
  const char *what;
  if (g_str_equal (interface, UPOWER))
    g_variant_lookup (properties, "OnBattery", "b", &on_battery);
  else if (g_variant_lookup (properties, "BlockInhibited", "&s", &what))
    inhibited = lists_idle (what);
  if (on_battery == login->on_battery && inhibited == login->inhibited)
    return;
  login->on_battery = on_battery;
  login->inhibited = inhibited;
  tell_compositor (login);
}

static void on_machine_changed (GDBusConnection *system, const char *sender, const char *path,
                                const char *interface, const char *name, GVariant *arguments,
                                gpointer data)
{
  const char *of;
  g_autoptr (GVariant) properties = NULL;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (arguments, "(&s@a{sv}as)", &of, &properties, NULL);
  take_machine (data, of, properties);
}

static void take_all (GObject *system, GAsyncResult *result, gpointer data, const char *interface)
{
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (system), result, NULL);
  g_autoptr (GVariant) properties = NULL;
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a{sv})")))
    return;
  g_variant_get (reply, "(@a{sv})", &properties);
  take_machine (data, interface, properties);
}

static void on_logind_properties (GObject *system, GAsyncResult *result, gpointer data)
{
  take_all (system, result, data, LOGIND_MANAGER);
}

static void on_upower_properties (GObject *system, GAsyncResult *result, gpointer data)
{
  take_all (system, result, data, UPOWER);
}

/* What the compositor says */

static void on_action (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *name, GVariant *arguments, gpointer data)
{
  struct inos_login *login = data;
  const char *action;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (arguments, "(&s)", &action);
  if (g_str_equal (action, "suspend"))
    call_logind (login, LOGIND_PATH, LOGIND_MANAGER, "Suspend", g_variant_new ("(b)", FALSE),
                 on_suspended);
}

static void hint (struct inos_login *login, const char *method, gboolean on)
{
  call_logind (login, login->session, LOGIND_SESSION, method, g_variant_new ("(b)", on), NULL);
}

static void on_compositor_changed (GDBusConnection *bus, const char *sender, const char *path,
                                   const char *interface, const char *name, GVariant *arguments,
                                   gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GVariant) properties = NULL;
  g_autofree const char **reached = NULL;
  gboolean on;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (arguments, "(&s@a{sv}as)", NULL, &properties, NULL);
  if (g_variant_lookup (properties, "Locked", "b", &on))
    hint (login, "SetLockedHint", on);
  if (g_variant_lookup (properties, "Reached", "^a&s", &reached))
    hint (login, "SetIdleHint", reached[0] != NULL);
  if (g_variant_lookup (properties, "LockedEverywhere", "b", &on) && on && login->preparing)
    let_sleep (login);
}

static void on_compositor (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  tell_compositor (data);
}

/* Life */

static guint subscribe (struct inos_login *login, const char *who, const char *interface,
                        const char *signal, const char *path, GDBusSignalCallback callback)
{
  return g_dbus_connection_signal_subscribe (login->system, who, interface, signal, path, NULL,
                                             G_DBUS_SIGNAL_FLAGS_NONE, callback, login, NULL);
}

static void listen_to_session (struct inos_login *login)
{
  login->system_signals[3] =
    subscribe (login, LOGIND, LOGIND_SESSION, "Lock", login->session, on_lock);
  login->system_signals[4] =
    subscribe (login, LOGIND, LOGIND_SESSION, "Unlock", login->session, on_unlock);
}

static void on_session (GObject *system, GAsyncResult *result, gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (system), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(o)"))) {
    g_free (login->session);
    g_variant_get (reply, "(o)", &login->session);
  }
  listen_to_session (login);
}

static void begin (struct inos_login *login)
{
  const char *id = g_getenv ("XDG_SESSION_ID");
  login->system_signals[0] =
    subscribe (login, LOGIND, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, on_prepare);
  login->system_signals[1] =
    subscribe (login, LOGIND, PROPERTIES, "PropertiesChanged", LOGIND_PATH, on_machine_changed);
  login->system_signals[2] =
    subscribe (login, UPOWER, PROPERTIES, "PropertiesChanged", UPOWER_PATH, on_machine_changed);
  delay_sleep (login);
  /* Lock comes from the session's own path, whose name only logind knows. */
  if (id != NULL)
    call_logind (login, LOGIND_PATH, LOGIND_MANAGER, "GetSession", g_variant_new ("(s)", id),
                 on_session);
  else
    call_logind (login, LOGIND_PATH, LOGIND_MANAGER, "GetSessionByPID",
                 g_variant_new ("(u)", (guint32)getpid()), on_session);
  call_logind (login, LOGIND_PATH, PROPERTIES, "GetAll", g_variant_new ("(s)", LOGIND_MANAGER),
               on_logind_properties);
  g_dbus_connection_call (login->system, UPOWER, UPOWER_PATH, PROPERTIES, "GetAll",
                          g_variant_new ("(s)", UPOWER), NULL, G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT,
                          login->cancellable, on_upower_properties, login);
}

static void on_system (GObject *source, GAsyncResult *result, gpointer data)
{
  struct inos_login *login = data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *system = g_bus_get_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (system == NULL) {
    g_debug ("no system bus (%s): nobody puts the machine to sleep", error->message);
    return;
  }
  g_dbus_connection_set_exit_on_close (system, FALSE);
  login->system = system;
  begin (login);
}

struct inos_login *inos_login_new (GDBusConnection *bus, inos_login_unlock_func unlock, void *data)
{
  struct inos_login *login = g_new0 (struct inos_login, 1);
  login->bus = g_object_ref (bus);
  login->unlock = unlock;
  login->data = data;
  login->cancellable = g_cancellable_new();
  login->session = g_strdup (OWN_SESSION);
  login->delay = -1;
  login->action =
    g_dbus_connection_signal_subscribe (bus, COMPOSITOR, COMPOSITOR, "Action", COMPOSITOR_PATH,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_action, login, NULL);
  login->changed = g_dbus_connection_signal_subscribe (
    bus, COMPOSITOR, PROPERTIES, "PropertiesChanged", COMPOSITOR_PATH, NULL,
    G_DBUS_SIGNAL_FLAGS_NONE, on_compositor_changed, login, NULL);
  login->compositor = g_bus_watch_name_on_connection (
    bus, COMPOSITOR, G_BUS_NAME_WATCHER_FLAGS_NONE, on_compositor, NULL, login, NULL);
  g_bus_get (G_BUS_TYPE_SYSTEM, login->cancellable, on_system, login);
  return login;
}

void inos_login_free (struct inos_login *login)
{
  if (login == NULL)
    return;
  g_cancellable_cancel (login->cancellable);
  let_sleep (login);
  g_bus_unwatch_name (login->compositor);
  g_dbus_connection_signal_unsubscribe (login->bus, login->action);
  g_dbus_connection_signal_unsubscribe (login->bus, login->changed);
  for (gsize i = 0; i < G_N_ELEMENTS (login->system_signals); i++) {
    if (login->system_signals[i] != 0)
      g_dbus_connection_signal_unsubscribe (login->system, login->system_signals[i]);
  }
  g_clear_object (&login->system);
  g_clear_object (&login->bus);
  g_clear_object (&login->cancellable);
  g_free (login->session);
  g_free (login);
}
