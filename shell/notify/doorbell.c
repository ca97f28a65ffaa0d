/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "doorbell.h"

#include "../exported.h"
#include "activation_file.h"
#include "flood.h"
#include "inos-config.h"
#include "inos-freedesktop-dbus.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"
#define EXCESS NAME ".Error.ExcessNotificationGeneration"
#define MAX_WATCHED 512

static const char *const capabilities[] = {
  "actions",     "body",         "body-hyperlinks", "body-markup",
  "icon-static", "inline-reply", "persistence",     "x-canonical-private-synchronous",
  NULL};

struct InosDoorbell {
  GDBusConnection *bus;
  InosDoorbellHooks hooks;
  gpointer data;
  InosFdNotifications *object;
  InosActivationFile *activation;
  InosFlood *flood;
  GHashTable *watched; /* sender → id of g_bus_watch_name() */
  guint owner_id;
};

/* Who sends */

static void on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  InosDoorbell *self = data;
  g_autofree char *sender = g_strdup (name);

  g_hash_table_remove (self->watched, sender);
  self->hooks.left (sender, self->data);
}

static void unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

void inos_doorbell_watch (InosDoorbell *self, const char *sender)
{
  guint id;

  if (g_hash_table_contains (self->watched, sender) ||
      g_hash_table_size (self->watched) >= MAX_WATCHED)
    return;
  id = g_bus_watch_name_on_connection (self->bus, sender, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                       on_vanished, self, NULL);
  g_hash_table_insert (self->watched, g_strdup (sender), GUINT_TO_POINTER (id));
}

/* Said once: a log that a stranger fills is no log. */
static gboolean admit (InosDoorbell *self, GDBusMethodInvocation *invocation, const char *app,
                       gboolean replaces)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  gboolean first;

  if (inos_flood_admit (self->flood, sender, replaces ? INOS_FLOOD_REPLACE : INOS_FLOOD_NEW,
                        g_get_monotonic_time(), &first))
    return TRUE;
  if (first) {
    g_autofree char *name = g_strndup (app, INOS_NOTE_MAX_WORD);
    g_autofree char *shown = g_strescape (name, NULL);

    g_warning ("'%s' (%s) sends more than %d notifications a second; the rest is refused until it "
               "calms down",
               shown, sender, INOS_FLOOD_RATE);
  }
  g_dbus_method_invocation_return_dbus_error (invocation, EXCESS,
                                              "too many notifications; try again in a while");
  return FALSE;
}

/* Methods */

static gboolean on_notify (InosFdNotifications *object, GDBusMethodInvocation *invocation,
                           const char *app, guint replaces, const char *icon, const char *summary,
                           const char *body, const char *const *actions, GVariant *hints,
                           int timeout, gpointer data)
{
  InosDoorbell *self = data;
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  InosNote *note;

  if (!admit (self, invocation, app, replaces > 0))
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  note = inos_note_new (sender, app, icon, summary, body, actions, hints, timeout);
  note->time = g_get_real_time();
  inos_fd_notifications_complete_notify (
    object, invocation, self->hooks.notify (note, replaces, hints, icon, self->data));
  inos_doorbell_watch (self, sender);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_close (InosFdNotifications *object, GDBusMethodInvocation *invocation, guint id,
                          gpointer data)
{
  InosDoorbell *self = data;

  if (self->hooks.close (id, g_dbus_method_invocation_get_sender (invocation), self->data))
    inos_fd_notifications_complete_close_notification (object, invocation);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, NAME ".Error.InvalidId",
                                                "there is no such notification of yours");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_capabilities (InosFdNotifications *object, GDBusMethodInvocation *invocation,
                                 gpointer data)
{
  inos_fd_notifications_complete_get_capabilities (object, invocation, capabilities);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_information (InosFdNotifications *object, GDBusMethodInvocation *invocation,
                                gpointer data)
{
  inos_fd_notifications_complete_get_server_information (object, invocation, "Inos", "Inos",
                                                         INOS_VERSION, "1.2");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The name */

static void on_acquired (GDBusConnection *bus, const char *name, gpointer data)
{
  InosDoorbell *self = data;

  inos_activation_file_write (self->activation);
  self->hooks.active (TRUE, self->data);
}

/* It stays asked for: where the other one ends it becomes ours. */
static void on_lost (GDBusConnection *bus, const char *name, gpointer data)
{
  InosDoorbell *self = data;

  g_message ("another program has the bus name " NAME
             " and shows the notifications; this shell does when that one ends");
  self->hooks.active (FALSE, self->data);
}

InosDoorbell *inos_doorbell_create (GDBusConnection *bus, const InosDoorbellHooks *hooks,
                                    gpointer data)
{
  InosDoorbell *self = g_new0 (InosDoorbell, 1);

  self->bus = g_object_ref (bus);
  self->hooks = *hooks;
  self->data = data;
  self->flood = inos_flood_create();
  self->activation = inos_activation_file_create (bus, NAME);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unwatch);
  self->object = inos_fd_notifications_skeleton_new();
  g_signal_connect (self->object, "handle-notify", G_CALLBACK (on_notify), self);
  g_signal_connect (self->object, "handle-close-notification", G_CALLBACK (on_close), self);
  g_signal_connect (self->object, "handle-get-capabilities", G_CALLBACK (on_capabilities), self);
  g_signal_connect (self->object, "handle-get-server-information", G_CALLBACK (on_information),
                    self);
  inos_exported_show (self->object, bus, PATH);
  self->owner_id = g_bus_own_name_on_connection (bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                 on_acquired, on_lost, self, NULL);
  return self;
}

void inos_doorbell_destroy (InosDoorbell *self)
{
  if (!self)
    return;
  inos_activation_file_destroy (self->activation);
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  g_hash_table_unref (self->watched);
  inos_exported_hide (self->object, self);
  inos_flood_destroy (self->flood);
  g_object_unref (self->bus);
  g_free (self);
}

/* What is told: to the sender and nobody else. */
static void tell (InosDoorbell *self, const InosNote *note, const char *signal, GVariant *arguments)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (arguments);

  if (note->sender)
    g_dbus_connection_emit_signal (self->bus, note->sender, PATH, NAME, signal, owned, NULL);
}

static void tell_token (InosDoorbell *self, const InosNote *note, const char *token)
{
  if (token)
    tell (self, note, "ActivationToken", g_variant_new ("(us)", note->id, token));
}

void inos_doorbell_tell_closed (InosDoorbell *self, const InosNote *note, guint reason)
{
  tell (self, note, "NotificationClosed", g_variant_new ("(uu)", note->id, reason));
}

void inos_doorbell_tell_action (InosDoorbell *self, const InosNote *note, const char *key,
                                const char *token)
{
  tell_token (self, note, token);
  tell (self, note, "ActionInvoked", g_variant_new ("(us)", note->id, key));
}

void inos_doorbell_tell_reply (InosDoorbell *self, const InosNote *note, const char *text,
                               const char *token)
{
  tell_token (self, note, token);
  tell (self, note, "NotificationReplied", g_variant_new ("(us)", note->id, text));
}
