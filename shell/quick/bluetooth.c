/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "bluetooth.h"

#include "../notify/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define BLUEZ "org.bluez"
#define ADAPTER BLUEZ ".Adapter1"
#define DEVICE BLUEZ ".Device1"
#define BATTERY BLUEZ ".Battery1"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define MAX_NAME 96
#define MAX_DEVICES 64

struct InosBluetooth {
  InosObjects *objects;
};

InosBluetooth *inos_bluetooth_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                      gpointer data)
{
  static const char *const interfaces[] = {ADAPTER, DEVICE, BATTERY, NULL};
  static const InosObjectsAddress address = {BLUEZ, "/", interfaces};
  InosBluetooth *self = g_new0 (InosBluetooth, 1);

  self->objects = inos_objects_create (bus, &address, changed, data);
  return self;
}

void inos_bluetooth_destroy (InosBluetooth *self)
{
  if (!self)
    return;
  inos_objects_destroy (self->objects);
  g_free (self);
}

/* Of several the first by its path: hci0. */
static void pick_adapter (const char *path, gpointer data)
{
  const char **adapter = data;

  if (!*adapter || strcmp (path, *adapter) < 0)
    *adapter = path;
}

static const char *find_adapter (InosBluetooth *self)
{
  const char *adapter = NULL;

  if (self && inos_objects_are_there (self->objects))
    inos_objects_for_each (self->objects, ADAPTER, pick_adapter, &adapter);
  return adapter;
}

typedef struct {
  InosObjects *objects;
  const char *adapter;
  GPtrArray *paths;
} Paired;

static void add_paired (const char *path, gpointer data)
{
  Paired *paired = data;

  if (inos_objects_get_boolean (paired->objects, path, DEVICE, "Paired") &&
      g_str_equal (inos_objects_get_string (paired->objects, path, DEVICE, "Adapter"),
                   paired->adapter))
    g_ptr_array_add (paired->paths, (gpointer)path);
}

static int compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  gboolean x_on = inos_objects_get_boolean (data, x, DEVICE, "Connected");
  gboolean y_on = inos_objects_get_boolean (data, y, DEVICE, "Connected");
  int order;

  if (x_on != y_on)
    return x_on ? -1 : 1;
  order = g_utf8_collate (inos_objects_get_string (data, x, DEVICE, "Alias"),
                          inos_objects_get_string (data, y, DEVICE, "Alias"));
  return order != 0 ? order : strcmp (x, y);
}

static JsonObject *describe_device (InosBluetooth *self, const char *path)
{
  const char *alias = inos_objects_get_string (self->objects, path, DEVICE, "Alias");
  g_autofree char *name = inos_text_clean (alias, MAX_NAME, FALSE);
  g_autoptr (GVariant) battery = inos_objects_get (self->objects, path, BATTERY, "Percentage", "y");
  JsonObject *object = json_object_new();

  json_object_set_string_member (object, "id", path);
  json_object_set_string_member (object, "name", *name ? name : _ ("Nameless device"));
  json_object_set_boolean_member (
    object, "connected", inos_objects_get_boolean (self->objects, path, DEVICE, "Connected"));
  json_object_set_int_member (object, "battery",
                              battery ? MIN (g_variant_get_byte (battery), 100) : -1);
  return object;
}

static JsonArray *describe_devices (InosBluetooth *self, const char *adapter)
{
  Paired paired = {self->objects, adapter, g_ptr_array_new()};
  JsonArray *array = json_array_new();

  inos_objects_for_each (self->objects, DEVICE, add_paired, &paired);
  g_ptr_array_sort_with_data (paired.paths, compare, self->objects);
  for (guint i = 0; i < MIN (paired.paths->len, MAX_DEVICES); i++)
    json_array_add_object_element (array,
                                   describe_device (self, g_ptr_array_index (paired.paths, i)));
  g_ptr_array_unref (paired.paths);
  return array;
}

JsonNode *inos_bluetooth_describe (InosBluetooth *self)
{
  const char *adapter = find_adapter (self);
  JsonObject *object;
  JsonNode *node;

  if (!adapter)
    return NULL;
  object = json_object_new();
  json_object_set_boolean_member (
    object, "on", inos_objects_get_boolean (self->objects, adapter, ADAPTER, "Powered"));
  json_object_set_array_member (object, "devices", describe_devices (self, adapter));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

void inos_bluetooth_set_on (InosBluetooth *self, gboolean on, InosReply *reply)
{
  const char *adapter = find_adapter (self);

  if (adapter)
    inos_objects_ask (self->objects, adapter, PROPERTIES, "Set",
                      g_variant_new ("(ssv)", ADAPTER, "Powered", g_variant_new_boolean (on)),
                      on ? _ ("Bluetooth could not be turned on: %s")
                         : _ ("Bluetooth could not be turned off: %s"),
                      reply);
  else
    inos_reply_fail (reply, "%s", _ ("Bluetooth does not answer."));
}

void inos_bluetooth_set_connected (InosBluetooth *self, const char *id, gboolean on,
                                   InosReply *reply)
{
  if (find_adapter (self) && inos_objects_has (self->objects, id, DEVICE))
    inos_objects_ask (self->objects, id, DEVICE, on ? "Connect" : "Disconnect", NULL,
                      on ? _ ("It does not connect. Is it on, and near? (%s)")
                         : _ ("It does not disconnect: %s"),
                      reply);
  else
    inos_reply_fail (reply, "%s", _ ("There is no such Bluetooth device any more."));
}
