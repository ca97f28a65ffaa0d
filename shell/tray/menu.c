/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "menu.h"

#include "../stranger.h"
#include "layout.h"

#include <glib/gi18n.h>

#define INTERFACE "com.canonical.dbusmenu"
#define TIMEOUT_MS 3000
#define ABOUT_TIMEOUT_MS 1000

struct InosTrayMenu {
  GDBusConnection *bus;
  char *owner, *path;
  guint item;
  void (*changed) (gpointer data);
  gpointer data;
  GCancellable *cancellable;
  InosStranger *object; /* says when it is another */
  gboolean asking, again;
  JsonNode *entries; /* or NULL */
  char *failure;     /* or NULL */
};

static void call (InosTrayMenu *self, const char *method, GVariant *arguments, int timeout,
                  GAsyncReadyCallback done)
{
  g_dbus_connection_call (self->bus, self->owner, self->path, INTERFACE, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, timeout, done ? self->cancellable : NULL,
                          done, done ? self : NULL);
}

static void ask_layout (InosTrayMenu *self);

static void on_layout (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  InosTrayMenu *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  g_clear_pointer (&self->failure, g_free);
  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(u" INOS_LAYOUT_TYPE ")"))) {
    g_autoptr (GVariant) layout = g_variant_get_child_value (answer, 1);

    g_clear_pointer (&self->entries, json_node_unref);
    self->entries = inos_layout_read (layout);
  } else if (!self->entries) {
    g_info ("a menu could not be read: %s", error ? error->message : "its type is another");
    self->failure = g_strdup (_ ("The program does not show its menu."));
  }
  self->changed (self->data);
  if (self->again)
    ask_layout (self);
}

static void ask_layout (InosTrayMenu *self)
{
  self->again = self->asking;
  if (self->asking)
    return;
  self->asking = TRUE;
  call (self, "GetLayout", g_variant_new ("(iias)", 0, INOS_LAYOUT_MAX_DEPTH, NULL), TIMEOUT_MS,
        on_layout);
}

/* It may have filled itself, or has no such method; both is well. */
static void on_about (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ask_layout (data);
}

void inos_tray_menu_open (InosTrayMenu *self, gint32 entry)
{
  call (self, "AboutToShow", g_variant_new ("(i)", entry), ABOUT_TIMEOUT_MS, on_about);
}

static void tell (InosTrayMenu *self, gint32 entry, const char *event)
{
  call (self, "Event",
        g_variant_new ("(isvu)", entry, event, g_variant_new_int32 (0),
                       (guint)(g_get_real_time() / G_USEC_PER_SEC)),
        TIMEOUT_MS, NULL);
}

void inos_tray_menu_choose (InosTrayMenu *self, gint32 entry)
{
  tell (self, entry, "clicked");
}

static void on_said (GVariant *properties, gpointer data)
{
  ask_layout (data);
}

static void on_unsaid (const GError *error, gpointer data)
{
  ask_layout (data);
}

guint inos_tray_menu_get_item (const InosTrayMenu *self)
{
  return self->item;
}

JsonNode *inos_tray_menu_describe (const InosTrayMenu *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "item", self->item);
  if (self->entries)
    json_object_set_member (object, "entries", json_node_copy (self->entries));
  else
    json_object_set_null_member (object, "entries");
  json_object_set_string_member (object, "failure", self->failure ? self->failure : "");
  json_node_take_object (node, object);
  return node;
}

InosTrayMenu *inos_tray_menu_create (GDBusConnection *bus, const char *owner, const char *path,
                                     guint item, void (*changed) (gpointer data), gpointer data)
{
  static const InosStrangerHooks hooks = {.read = on_said, .failed = on_unsaid};
  const InosStrangerAddress address = {owner, path, INTERFACE};
  InosTrayMenu *self = g_new0 (InosTrayMenu, 1);

  *self = (InosTrayMenu){.bus = g_object_ref (bus),
                         .owner = g_strdup (owner),
                         .path = g_strdup (path),
                         .item = item,
                         .changed = changed,
                         .data = data,
                         .cancellable = g_cancellable_new()};
  inos_tray_menu_open (self, 0);
  self->object = inos_stranger_create (bus, &address, &hooks, self);
  return self;
}

void inos_tray_menu_destroy (InosTrayMenu *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  inos_stranger_destroy (self->object);
  tell (self, 0, "closed");
  g_clear_pointer (&self->entries, json_node_unref);
  g_free (self->failure);
  g_free (self->owner);
  g_free (self->path);
  g_object_unref (self->bus);
  g_free (self);
}
