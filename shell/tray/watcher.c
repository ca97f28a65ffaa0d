/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "watcher.h"

#include "../exported.h"
#include "../notify/flood.h"
#include "inos-kde-dbus.h"

#include <string.h>

#define NAME "org.kde.StatusNotifierWatcher"
#define PATH "/StatusNotifierWatcher"
#define ITEM_PATH "/StatusNotifierItem"
#define MAX_SERVICE 255
#define TIMEOUT_MS 3000

struct InosWatcher {
  GDBusConnection *bus;
  InosWatcherHooks hooks;
  gpointer data;
  InosKdeStatusNotifierWatcher *object;
  InosFlood *flood;
  GCancellable *cancellable;
  GPtrArray *services; /* char *, owner and path in one */
  GPtrArray *searches; /* Search, that wait for the bus */
  guint owner_id;
};

gboolean inos_watcher_parse (const char *service, const char *sender, char **name, char **path)
{
  const char *slash = strchr (service, '/');

  *name = *path = NULL;
  if (strlen (service) > MAX_SERVICE)
    return FALSE;
  *name = slash ? g_strndup (service, (gsize)(slash - service)) : g_strdup (service);
  *path = g_strdup (slash ? slash : ITEM_PATH);
  if (**name == '\0') {
    g_free (*name);
    *name = g_strdup (sender);
  }
  if (g_dbus_is_name (*name) && g_variant_is_object_path (*path))
    return TRUE;
  g_clear_pointer (name, g_free);
  g_clear_pointer (path, g_free);
  return FALSE;
}

/* Whose the name is that a program gave. */
typedef struct {
  InosWatcher *watcher; /* not used once it was cancelled */
  char *registrar, *name, *path;
  gboolean lost; /* who registered it has gone */
} Search;

void inos_watcher_lose (InosWatcher *self, const char *registrar)
{
  for (guint i = 0; i < self->searches->len; i++) {
    Search *search = g_ptr_array_index (self->searches, i);

    search->lost = search->lost || g_str_equal (search->registrar, registrar);
  }
}

static void on_owner (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Search *search = data;
  const char *owner;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    InosWatcher *self = search->watcher;

    g_ptr_array_remove_fast (self->searches, search);
    if (answer && !search->lost) {
      g_variant_get (answer, "(&s)", &owner);
      self->hooks.come (&(InosTrayOrigin){owner, search->registrar, search->name, search->path},
                        self->data);
    }
  }
  g_free (search->registrar);
  g_free (search->name);
  g_free (search->path);
  g_free (search);
}

static void find_owner (InosWatcher *self, const char *name, const char *registrar,
                        const char *path)
{
  Search *search = g_new0 (Search, 1);

  *search = (Search){.watcher = self,
                     .registrar = g_strdup (registrar),
                     .name = g_strdup (name),
                     .path = g_strdup (path)};
  g_ptr_array_add (self->searches, search);
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetNameOwner", g_variant_new ("(s)", name),
                          G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS,
                          self->cancellable, on_owner, search);
}

static gboolean on_register_item (InosKdeStatusNotifierWatcher *object,
                                  GDBusMethodInvocation *invocation, const char *service,
                                  gpointer data)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  InosWatcher *self = data;
  gboolean first;

  if (!inos_watcher_parse (service, sender, &name, &path)) {
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                           "that is neither a name on the bus nor a path");
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  if (!inos_flood_admit (self->flood, sender, INOS_FLOOD_NEW, g_get_monotonic_time(), &first)) {
    if (first)
      g_warning ("%s registers more items than there is room for", sender);
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                                           "too many items at once");
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  if (g_str_equal (name, sender))
    self->hooks.come (&(InosTrayOrigin){sender, sender, sender, path}, self->data);
  else
    find_owner (self, name, sender, path);
  inos_kde_status_notifier_watcher_complete_register_status_notifier_item (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* We are one, and there always is one. */
static gboolean on_register_host (InosKdeStatusNotifierWatcher *object,
                                  GDBusMethodInvocation *invocation, const char *service,
                                  gpointer data)
{
  inos_kde_status_notifier_watcher_complete_register_status_notifier_host (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void publish (InosWatcher *self)
{
  g_auto (GStrv) list = g_new0 (char *, self->services->len + 1);

  for (guint i = 0; i < self->services->len; i++)
    list[i] = g_strdup (g_ptr_array_index (self->services, i));
  inos_kde_status_notifier_watcher_set_registered_status_notifier_items (self->object,
                                                                         (const char *const *)list);
}

void inos_watcher_add (InosWatcher *self, const char *owner, const char *path)
{
  char *service = g_strconcat (owner, path, NULL);

  g_ptr_array_add (self->services, service);
  publish (self);
  inos_kde_status_notifier_watcher_emit_status_notifier_item_registered (self->object, service);
}

void inos_watcher_remove (InosWatcher *self, const char *owner, const char *path)
{
  g_autofree char *service = g_strconcat (owner, path, NULL);
  guint index;

  if (!g_ptr_array_find_with_equal_func (self->services, service, g_str_equal, &index))
    return;
  g_ptr_array_remove_index (self->services, index);
  publish (self);
  inos_kde_status_notifier_watcher_emit_status_notifier_item_unregistered (self->object, service);
}

static void on_acquired (GDBusConnection *bus, const char *name, gpointer data)
{
  InosWatcher *self = data;

  inos_kde_status_notifier_watcher_emit_status_notifier_host_registered (self->object);
}

static void on_lost (GDBusConnection *bus, const char *name, gpointer data)
{
  g_info ("another program has " NAME ": items for the panel go there");
}

InosWatcher *inos_watcher_create (GDBusConnection *bus, const InosWatcherHooks *hooks,
                                  gpointer data)
{
  InosWatcher *self = g_new0 (InosWatcher, 1);

  *self = (InosWatcher){.bus = g_object_ref (bus),
                        .hooks = *hooks,
                        .data = data,
                        .object = inos_kde_status_notifier_watcher_skeleton_new(),
                        .flood = inos_flood_create(),
                        .cancellable = g_cancellable_new(),
                        .services = g_ptr_array_new_with_free_func (g_free),
                        .searches = g_ptr_array_new()};
  inos_kde_status_notifier_watcher_set_is_status_notifier_host_registered (self->object, TRUE);
  publish (self);
  g_signal_connect (self->object, "handle-register-status-notifier-item",
                    G_CALLBACK (on_register_item), self);
  g_signal_connect (self->object, "handle-register-status-notifier-host",
                    G_CALLBACK (on_register_host), self);
  inos_exported_show (self->object, bus, PATH);
  self->owner_id = g_bus_own_name_on_connection (bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                 on_acquired, on_lost, self, NULL);
  return self;
}

void inos_watcher_destroy (InosWatcher *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  inos_exported_hide (self->object, self);
  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->searches);
  inos_flood_destroy (self->flood);
  g_object_unref (self->bus);
  g_free (self);
}
