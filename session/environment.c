/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "environment.h"

#include "inos-config.h"

#include <unistd.h>

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"

/* A person's language may be another than the one that the bus and systemd were started in. */
static const char *const locale_names[] = {
  "LANG",       "LANGUAGE",   "LC_ALL",       "LC_MESSAGES", "LC_CTYPE",
  "LC_COLLATE", "LC_TIME",    "LC_NUMERIC",   "LC_MONETARY", "LC_MEASUREMENT",
  "LC_PAPER",   "LC_ADDRESS", "LC_TELEPHONE", "LC_NAME",
};

struct inos_environment {
  char **list;
  char *outer_wayland, *outer_x11; /* the displays around the session; may be NULL */
  char *outer_locale[G_N_ELEMENTS (locale_names)]; /* each may be NULL */
};

/* What belongs to this process or to the desktop around it. */
static const char *const removed[] = {
  "NOTIFY_SOCKET",  "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS",    "LISTEN_PID",
  "LISTEN_FDNAMES", "MAINPID",       "MANAGERPID",   "INVOCATION_ID", "INOS_CONTROL_FD",
  "WAYLAND_SOCKET", "INOS_LOCKED",   "INOS_SAFE",
};

/* What programs that the session did not start itself have to know. */
static const char *const exported[] = {
  "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "XDG_SESSION_DESKTOP", "XDG_SESSION_TYPE",
  "XCURSOR_THEME",   "XCURSOR_SIZE",        "GSK_RENDERER",        "INOS_SESSION",
};

static void set_default (struct inos_environment *environment, const char *name, const char *value)
{
  if (inos_environment_get (environment, name) == NULL)
    inos_environment_set (environment, name, value);
}

struct inos_environment *inos_environment_new (const char *config_home)
{
  struct inos_environment *environment = g_new0 (struct inos_environment, 1);
  environment->list = g_get_environ();
  for (gsize i = 0; i < G_N_ELEMENTS (removed); i++)
    environment->list = g_environ_unsetenv (environment->list, removed[i]);
  environment->outer_wayland = g_strdup (inos_environment_get (environment, "WAYLAND_DISPLAY"));
  environment->outer_x11 = g_strdup (inos_environment_get (environment, "DISPLAY"));
  environment->list = g_environ_unsetenv (environment->list, "WAYLAND_DISPLAY");
  environment->list = g_environ_unsetenv (environment->list, "DISPLAY");
  for (gsize i = 0; i < G_N_ELEMENTS (locale_names); i++)
    environment->outer_locale[i] = g_strdup (inos_environment_get (environment, locale_names[i]));
  inos_environment_set (environment, "XDG_CURRENT_DESKTOP", "Inos");
  inos_environment_set (environment, "XDG_SESSION_DESKTOP", "inos");
  inos_environment_set (environment, "XDG_SESSION_TYPE", "wayland");
  set_default (environment, "XCURSOR_THEME", "Adwaita");
  if (config_home != NULL)
    inos_environment_set (environment, "XDG_CONFIG_HOME", config_home);
  g_autofree char *pid = g_strdup_printf ("%d", (int)getpid());
  inos_environment_set (environment, "INOS_SESSION", pid);
  return environment;
}

void inos_environment_free (struct inos_environment *environment)
{
  if (environment == NULL)
    return;
  g_strfreev (environment->list);
  g_free (environment->outer_wayland);
  g_free (environment->outer_x11);
  for (gsize i = 0; i < G_N_ELEMENTS (locale_names); i++)
    g_free (environment->outer_locale[i]);
  g_free (environment);
}

void inos_environment_set (struct inos_environment *environment, const char *name,
                           const char *value)
{
  environment->list = g_environ_setenv (environment->list, name, value, TRUE);
}

const char *inos_environment_get (struct inos_environment *environment, const char *name)
{
  return g_environ_getenv (environment->list, name);
}

void inos_environment_set_display (struct inos_environment *environment,
                                   const char *wayland_display, gboolean software)
{
  inos_environment_set (environment, "WAYLAND_DISPLAY", wayland_display);
  if (software) /* GTK would draw with OpenGL in software, slower than with cairo */
    set_default (environment, "GSK_RENDERER", "cairo");
}

void inos_environment_take_locale (struct inos_environment *environment)
{
  for (gsize i = 0; i < G_N_ELEMENTS (locale_names); i++) {
    const char *value = g_getenv (locale_names[i]);
    environment->list = value != NULL
                          ? g_environ_setenv (environment->list, locale_names[i], value, TRUE)
                          : g_environ_unsetenv (environment->list, locale_names[i]);
  }
}

char **inos_environment_list (struct inos_environment *environment)
{
  return environment->list;
}

char **inos_environment_outer (struct inos_environment *environment)
{
  /* Not those of an earlier compositor of ours, in which a new one would open a window. */
  char **list = g_environ_unsetenv (g_strdupv (environment->list), "WAYLAND_DISPLAY");
  list = g_environ_unsetenv (list, "DISPLAY");
  if (environment->outer_wayland != NULL)
    list = g_environ_setenv (list, "WAYLAND_DISPLAY", environment->outer_wayland, TRUE);
  if (environment->outer_x11 != NULL)
    list = g_environ_setenv (list, "DISPLAY", environment->outer_x11, TRUE);
  return list;
}

static void on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  /* A bus of our own ends before it can answer the last call. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return;
  /* No systemd is how many machines are, not a failure. */
  if (reply == NULL && !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) &&
      !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER))
    g_message ("%s: %s", (const char *)data, error->message);
}

static void call_systemd (GDBusConnection *bus, const char *method, GVariant *arguments)
{
  g_dbus_connection_call (bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_called, (gpointer)method);
}

static void update_bus (GDBusConnection *bus, GVariant *dictionary)
{
  static const char method[] = "UpdateActivationEnvironment";
  g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", method, g_variant_new ("(@a{ss})", dictionary),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, (gpointer)method);
}

/* What the bus and systemd are told of: names with their values, and names that have none. */
struct told {
  GVariantBuilder dictionary, assignments, names;
};

static void told_init (struct told *told)
{
  g_variant_builder_init (&told->dictionary, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_init (&told->assignments, G_VARIANT_TYPE ("as"));
  g_variant_builder_init (&told->names, G_VARIANT_TYPE ("as"));
}

static void tell (struct told *told, const char *name, const char *value /* may be NULL */)
{
  /* The bus knows no way to unset; an empty WAYLAND_DISPLAY or LC_ALL is the same as none. */
  g_variant_builder_add (&told->dictionary, "{ss}", name, value != NULL ? value : "");
  if (value == NULL) {
    g_variant_builder_add (&told->names, "s", name);
    return;
  }
  g_autofree char *assignment = g_strdup_printf ("%s=%s", name, value);
  g_variant_builder_add (&told->assignments, "s", assignment);
}

/* A bus that systemd runs passes what it is told on to systemd, so it comes first. */
static void send_told (struct told *told, GDBusConnection *bus)
{
  update_bus (bus, g_variant_builder_end (&told->dictionary));
  call_systemd (bus, "UnsetAndSetEnvironment",
                g_variant_new ("(asas)", &told->names, &told->assignments));
}

/* The locale only where it is another than around the session. */
static void tell_locale (struct told *told, struct inos_environment *environment, gboolean back)
{
  for (gsize i = 0; i < G_N_ELEMENTS (locale_names); i++) {
    const char *inner = inos_environment_get (environment, locale_names[i]);
    const char *outer = environment->outer_locale[i];
    if (g_strcmp0 (inner, outer) != 0)
      tell (told, locale_names[i], back ? outer : inner);
  }
}

void inos_environment_export (struct inos_environment *environment, GDBusConnection *bus)
{
  struct told told;
  told_init (&told);
  for (gsize i = 0; i < G_N_ELEMENTS (exported); i++) {
    const char *value = inos_environment_get (environment, exported[i]);
    if (value != NULL)
      tell (&told, exported[i], value);
  }
  tell_locale (&told, environment, FALSE);
  send_told (&told, bus);
  call_systemd (bus, "StartUnit", g_variant_new ("(ss)", "inos-session.target", "replace"));
}

void inos_environment_retract (struct inos_environment *environment, GDBusConnection *bus)
{
  struct told told;
  told_init (&told);
  for (gsize i = 0; i < G_N_ELEMENTS (exported); i++)
    tell (&told, exported[i], NULL);
  tell_locale (&told, environment, TRUE);
  call_systemd (bus, "StopUnit", g_variant_new ("(ss)", "inos-session.target", "replace"));
  send_told (&told, bus);
}
