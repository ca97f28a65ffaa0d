/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/portal_store.h"

#define NAME "org.freedesktop.impl.portal.PermissionStore"
#define PATH "/org/freedesktop/impl/portal/PermissionStore"
#define PATIENCE 5000 /* ms */

static void on_forgotten (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL) /* there is no store, or nothing in it */
    g_debug ("the portals' permission store forgets nothing: %s", error->message);
}

void inos_portal_store_forget (GDBusConnection *bus, const char *app,
                               const struct inos_grantable *row)
{
  if (row->table != NULL)
    g_dbus_connection_call (bus, NAME, PATH, NAME, "DeletePermission",
                            g_variant_new ("(sss)", row->table, row->entry, app), NULL,
                            G_DBUS_CALL_FLAGS_NONE, PATIENCE, NULL, on_forgotten, NULL);
}
