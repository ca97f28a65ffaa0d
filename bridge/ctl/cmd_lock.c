/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl lock: locks the session, and may wait until nothing else is to be seen. */
#include "desk.h"
#include "props.h"

#include <glib/gi18n.h>

enum { PATIENCE = 20 }; /* s */

struct wait {
  struct ctl *ctl;
  GMainLoop *loop;
  bool locked;
};

static void look (struct wait *wait)
{
  g_autoptr (GVariant) idle = desk_properties (wait->ctl, DESK_IDLE, NULL);
  wait->locked = idle != NULL && props_bool (idle, "LockedEverywhere");
  if (wait->locked || idle == NULL)
    g_main_loop_quit (wait->loop);
}

static void on_changed (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *name, GVariant *parameters, void *data)
{
  look (data);
}

static gboolean on_begin (void *data)
{
  look (data);
  return G_SOURCE_REMOVE;
}

static gboolean on_too_long (void *data)
{
  g_main_loop_quit (((struct wait *)data)->loop);
  return G_SOURCE_CONTINUE;
}

static bool wait_for_lock (struct ctl *ctl)
{
  struct wait wait = {.ctl = ctl, .loop = g_main_loop_new (NULL, FALSE)};
  guint changed = g_dbus_connection_signal_subscribe (
    ctl->bus, ctl_service_name (CTL_COMPOSITOR), "org.freedesktop.DBus.Properties",
    "PropertiesChanged", ctl_service_path (CTL_COMPOSITOR), NULL, G_DBUS_SIGNAL_FLAGS_NONE,
    on_changed, &wait, NULL);
  guint too_long = g_timeout_add_seconds (PATIENCE, on_too_long, &wait);
  g_idle_add (on_begin, &wait);
  g_main_loop_run (wait.loop);
  g_source_remove (too_long);
  g_dbus_connection_signal_unsubscribe (ctl->bus, changed);
  g_main_loop_unref (wait.loop);
  return wait.locked;
}

int ctl_cmd_lock (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = desk_call (ctl, "", "Lock", NULL, &error);
  if (reply == NULL)
    return desk_fail (ctl, error, _ ("cannot lock the session"));
  if (!ctl->wait || wait_for_lock (ctl))
    return CTL_OK;
  ctl_complain (_ ("the lock screen does not come; see the compositor's log"));
  return CTL_FAILED;
}
