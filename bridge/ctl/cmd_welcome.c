/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl welcome. */
#include "bus.h"

#include <glib/gi18n.h>

#define NAME "org.inos.Welcome"
#define PATH "/org/inos/Welcome"
/* The bus starts it where it does not run. */
#define PATIENCE_MS 20000

#define AGAIN_MS 100
#define TRIES 30

/* One that is just ending has its name still, and nothing more. */
static bool is_ending (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);
}

static GVariant *activate (GDBusConnection *bus, GError **error)
{
  return g_dbus_connection_call_sync (bus, NAME, PATH, "org.freedesktop.Application", "Activate",
                                      g_variant_new ("(a{sv})", NULL), NULL, G_DBUS_CALL_FLAGS_NONE,
                                      PATIENCE_MS, NULL, error);
}

int ctl_cmd_welcome (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  if (ctl_bus_connect (ctl, &error))
    reply = activate (ctl->bus, &error);
  for (int tries = 1; !reply && tries < TRIES && is_ending (error); tries++) {
    g_usleep (AGAIN_MS * G_TIME_SPAN_MILLISECOND);
    g_clear_error (&error);
    reply = activate (ctl->bus, &error);
  }
  if (reply)
    return CTL_OK;
  g_dbus_error_strip_remote_error (error);
  ctl_complain (_ ("The welcome does not open: %s"), error->message);
  return CTL_NO_SERVICE;
}
