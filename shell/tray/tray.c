/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "tray.h"

#include "menu.h"
#include "watcher.h"

#include <glib/gi18n.h>

#define UPDATE_MS 100

struct InosTray {
  GDBusConnection *bus;
  InosThumbs *thumbs;
  InosTrayHooks hooks;
  gpointer data;
  InosWatcher *watcher;
  GPtrArray *items;   /* InosTrayItem */
  InosTrayMenu *menu; /* the one that is open, or NULL */
  guint signal;
  guint source;
  guint last; /* id of the last one that came */
};

static void remove_item (InosTray *self, guint index);

static void remove_mute (InosTray *self)
{
  for (guint i = self->items->len; i > 0; i--)
    if (inos_tray_item_is_mute (g_ptr_array_index (self->items, i - 1)))
      remove_item (self, i - 1);
}

static gboolean on_update (gpointer data)
{
  InosTray *self = data;

  remove_mute (self);
  self->source = 0;
  self->hooks.changed (self->data);
  return G_SOURCE_REMOVE;
}

static void update (gpointer data)
{
  InosTray *self = data;

  if (!self->source)
    self->source = g_timeout_add (UPDATE_MS, on_update, self);
}

static InosTrayItem *find (InosTray *self, guint id)
{
  for (guint i = 0; i < self->items->len; i++) {
    InosTrayItem *item = g_ptr_array_index (self->items, i);

    if (inos_tray_item_get_id (item) == id)
      return item;
  }
  return NULL;
}

/* Coming and going */

static void on_come (const InosTrayOrigin *origin, gpointer data)
{
  InosTray *self = data;
  guint own = 0, registered = 0;

  for (guint i = 0; i < self->items->len; i++) {
    InosTrayItem *item = g_ptr_array_index (self->items, i);

    registered += g_str_equal (inos_tray_item_get_registrar (item), origin->registrar);
    if (!g_str_equal (inos_tray_item_get_owner (item), origin->owner))
      continue;
    if (g_str_equal (inos_tray_item_get_path (item), origin->path)) {
      if (g_str_equal (origin->registrar, origin->owner))
        inos_tray_item_take (item);
      return;
    }
    own++;
  }
  if (self->items->len >= INOS_TRAY_MAX_ITEMS || MAX (own, registered) >= INOS_TRAY_MAX_OF_ONE) {
    g_info ("no room on the panel for another item of %s", origin->owner);
    return;
  }
  g_ptr_array_add (self->items, inos_tray_item_create (self->bus, origin, ++self->last,
                                                       self->thumbs, update, self));
  inos_watcher_add (self->watcher, origin->owner, origin->path);
}

static void remove_item (InosTray *self, guint index)
{
  InosTrayItem *item = g_ptr_array_index (self->items, index);

  if (self->menu && inos_tray_menu_get_item (self->menu) == inos_tray_item_get_id (item))
    inos_tray_close_menu (self);
  inos_watcher_remove (self->watcher, inos_tray_item_get_owner (item),
                       inos_tray_item_get_path (item));
  g_ptr_array_remove_index (self->items, index);
  update (self);
}

/* Whether it was registered by that name, which its owner has given up, or goes with that
 * connection; unique names are nobody's again. */
static gboolean goes_with (const InosTrayItem *item, const char *name, const char *before)
{
  return (g_str_equal (inos_tray_item_get_owner (item), before) &&
          g_str_equal (inos_tray_item_get_name (item), name)) ||
         g_str_equal (inos_tray_item_get_owner (item), name) ||
         g_str_equal (inos_tray_item_get_registrar (item), name);
}

static void on_name (GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  InosTray *self = data;
  const char *name, *before;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;
  g_variant_get (parameters, "(&s&s&s)", &name, &before, NULL);
  if (*before == '\0') /* it is nobody's yet */
    return;
  inos_watcher_lose (self->watcher, name);
  for (guint i = self->items->len; i > 0; i--)
    if (goes_with (g_ptr_array_index (self->items, i - 1), name, before))
      remove_item (self, i - 1);
}

guint inos_tray_get_n_items (InosTray *self)
{
  return self->items->len;
}

InosTrayItem *inos_tray_get_item (InosTray *self, guint index)
{
  return g_ptr_array_index (self->items, index);
}

/* For pages */

JsonNode *inos_tray_describe (InosTray *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *items = json_array_new();

  for (guint i = 0; i < self->items->len; i++) {
    InosTrayItem *item = g_ptr_array_index (self->items, i);

    if (inos_tray_item_is_known (item))
      json_array_add_element (items, inos_tray_item_describe (item));
  }
  json_object_set_array_member (object, "items", items);
  if (self->menu)
    json_object_set_member (object, "menu", inos_tray_menu_describe (self->menu));
  else
    json_object_set_null_member (object, "menu");
  json_node_take_object (node, object);
  return node;
}

/* What a person does */

void inos_tray_close_menu (InosTray *self)
{
  if (!self->menu)
    return;
  g_clear_pointer (&self->menu, inos_tray_menu_destroy);
  update (self);
}

/* TRUE where it has one. */
static gboolean open_menu (InosTray *self, InosTrayItem *item)
{
  const char *path = inos_tray_item_get_menu (item);

  if (!path)
    return FALSE;
  g_clear_pointer (&self->menu, inos_tray_menu_destroy);
  self->menu = inos_tray_menu_create (self->bus, inos_tray_item_get_owner (item), path,
                                      inos_tray_item_get_id (item), update, self);
  self->hooks.menu (self->data);
  return TRUE;
}

/* What a page is told where its menu is shown now. */
static JsonNode *opened (void)
{
  return json_node_init_boolean (json_node_alloc(), TRUE);
}

static void on_no_activate (guint id, gboolean late, InosReply *reply, gpointer data)
{
  InosTray *self = data;
  InosTrayItem *item = find (self, id);

  if (item)
    inos_tray_item_set_idle (item);
  if (item && !late && open_menu (self, item))
    inos_reply_ok (reply, opened());
  else
    inos_reply_fail (reply, "%s", _ ("This program does nothing when it is clicked."));
}

void inos_tray_do (InosTray *self, guint id, const char *what, InosReply *reply)
{
  InosTrayItem *item = find (self, id);
  gboolean menu = g_str_equal (what, "menu");
  gboolean activate = g_str_equal (what, "activate");

  if (!item)
    inos_reply_fail (reply, "%s", _ ("This item is not there any more."));
  else if ((menu || (activate && inos_tray_item_is_menu (item))) && open_menu (self, item))
    inos_reply_ok (reply, opened());
  else if (menu)
    inos_tray_item_call (item, "ContextMenu", reply, NULL, NULL);
  else if (activate)
    inos_tray_item_call (item, "Activate", reply, on_no_activate, self);
  else if (g_str_equal (what, "secondary"))
    inos_tray_item_call (item, "SecondaryActivate", reply, NULL, NULL);
  else
    inos_reply_fail (reply, "An item can be told to 'activate', 'secondary' or 'menu'.");
}

void inos_tray_scroll (InosTray *self, guint id, int delta, gboolean horizontal)
{
  InosTrayItem *item = find (self, id);

  if (item)
    inos_tray_item_scroll (item, delta, horizontal);
}

static gboolean is_open (const InosTray *self, guint id, InosReply *reply)
{
  if (self->menu && inos_tray_menu_get_item (self->menu) == id)
    return TRUE;
  inos_reply_fail (reply, "%s", _ ("This item is not there any more."));
  return FALSE;
}

void inos_tray_choose (InosTray *self, guint id, gint32 entry, InosReply *reply)
{
  if (!is_open (self, id, reply))
    return;
  inos_tray_menu_choose (self->menu, entry);
  inos_reply_ok (reply, NULL);
}

void inos_tray_open (InosTray *self, guint id, gint32 entry, InosReply *reply)
{
  if (!is_open (self, id, reply))
    return;
  inos_tray_menu_open (self->menu, entry);
  inos_reply_ok (reply, NULL);
}

/* Life */

static void item_free (gpointer item)
{
  inos_tray_item_destroy (item);
}

InosTray *inos_tray_create (GDBusConnection *bus, InosThumbs *thumbs, const InosTrayHooks *hooks,
                            gpointer data)
{
  static const InosWatcherHooks watcher_hooks = {.come = on_come};
  InosTray *self = g_new0 (InosTray, 1);

  *self = (InosTray){.bus = g_object_ref (bus),
                     .thumbs = thumbs,
                     .hooks = *hooks,
                     .data = data,
                     .items = g_ptr_array_new_with_free_func (item_free)};
  self->watcher = inos_watcher_create (bus, &watcher_hooks, self);
  self->signal = g_dbus_connection_signal_subscribe (
    bus, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
    "/org/freedesktop/DBus", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_name, self, NULL);
  return self;
}

void inos_tray_destroy (InosTray *self)
{
  if (!self)
    return;
  inos_tray_menu_destroy (self->menu);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signal);
  g_clear_handle_id (&self->source, g_source_remove);
  g_ptr_array_unref (self->items);
  inos_watcher_destroy (self->watcher);
  g_object_unref (self->bus);
  g_free (self);
}
