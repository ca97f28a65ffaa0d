/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "welcome.h"

#define NAME "org.inos.Welcome"
#define WELCOME_PATH "/org/inos/Welcome"
#define PATIENCE 60000 /* ms: a first log-in finds nothing in the caches */

static void on_answered (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_message ("%s: %s", NAME, error->message);
}

void inos_welcome_begin (GDBusConnection *bus)
{
  g_autofree char *seen = g_build_filename (g_get_user_state_dir(), "inos", "welcomed", NULL);
  if (g_file_test (seen, G_FILE_TEST_EXISTS))
    return;
  g_dbus_connection_call (bus, NAME, WELCOME_PATH, "org.freedesktop.Application", "Activate",
                          g_variant_new ("(a{sv})", NULL), NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE,
                          NULL, on_answered, NULL);
}
