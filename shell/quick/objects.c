/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "objects.h"

#include "../notify/text.h"

#define MANAGER "org.freedesktop.DBus.ObjectManager"
#define PROPERTIES "org.freedesktop.DBus.Properties"
/* More than any machine has; a service that has gone mad is not kept whole. */
#define MAX_OBJECTS 4096
#define READ_TIMEOUT_MS 25000
/* A person may be typing a password. */
#define CALL_TIMEOUT_MS 120000
#define MAX_REASON 240

struct InosObjects {
  GDBusConnection *bus;
  InosObjectsAddress address;
  void (*changed) (gpointer data);
  gpointer data;
  GHashTable *objects; /* path → (interface → (property → GVariant)) */
  GCancellable *question;
  guint subscriptions[3];
  guint watch;
  gboolean there;
};

static gboolean is_kept (InosObjects *self, const char *interface)
{
  return g_strv_contains (self->address.interfaces, interface);
}

static GHashTable *make_table (GDestroyNotify free_value)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_value);
}

static void unref_table (gpointer table)
{
  g_hash_table_unref (table);
}

static GHashTable *interface_of (InosObjects *self, const char *path, const char *interface)
{
  GHashTable *object = g_hash_table_lookup (self->objects, path);

  return object ? g_hash_table_lookup (object, interface) : NULL;
}

static void take_properties (GHashTable *table, GVariant *properties)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    g_hash_table_replace (table, g_strdup (name), value);
}

static void take_interface (InosObjects *self, const char *path, const char *interface,
                            GVariant *properties)
{
  GHashTable *object = g_hash_table_lookup (self->objects, path);
  GHashTable *table;

  if (!is_kept (self, interface) || (!object && g_hash_table_size (self->objects) >= MAX_OBJECTS))
    return;
  if (!object) {
    object = make_table (unref_table);
    g_hash_table_insert (self->objects, g_strdup (path), object);
  }
  table = make_table ((GDestroyNotify)g_variant_unref);
  take_properties (table, properties);
  g_hash_table_replace (object, g_strdup (interface), table);
}

static void take_object (InosObjects *self, const char *path, GVariant *interfaces)
{
  GVariantIter iter;
  const char *interface;
  GVariant *properties;

  g_variant_iter_init (&iter, interfaces);
  while (g_variant_iter_loop (&iter, "{&s@a{sv}}", &interface, &properties))
    take_interface (self, path, interface, properties);
}

static void on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) objects = NULL;
  InosObjects *self = data;
  GVariantIter iter;
  const char *path;
  GVariant *interfaces;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!answer) {
    g_info ("%s does not say what it has: %s", self->address.name, error->message);
    return;
  }
  g_variant_get (answer, "(@a{oa{sa{sv}}})", &objects);
  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", &path, &interfaces))
    take_object (self, path, interfaces);
  self->there = TRUE;
  self->changed (self->data);
}

static void on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  InosObjects *self = data;

  g_clear_object (&self->question);
  self->question = g_cancellable_new();
  g_dbus_connection_call (bus, owner, self->address.root, MANAGER, "GetManagedObjects", NULL,
                          G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          READ_TIMEOUT_MS, self->question, on_read, self);
}

static void on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  InosObjects *self = data;

  if (self->question)
    g_cancellable_cancel (self->question);
  g_hash_table_remove_all (self->objects);
  self->there = FALSE;
  self->changed (self->data);
}

static void on_added (InosObjects *self, GVariant *arguments)
{
  g_autoptr (GVariant) interfaces = NULL;
  const char *path;

  g_variant_get (arguments, "(&o@a{sa{sv}})", &path, &interfaces);
  take_object (self, path, interfaces);
}

static void on_removed (InosObjects *self, GVariant *arguments)
{
  g_autofree const char **interfaces = NULL;
  GHashTable *object;
  const char *path;

  g_variant_get (arguments, "(&o^a&s)", &path, &interfaces);
  object = g_hash_table_lookup (self->objects, path);
  for (gsize i = 0; object && interfaces[i]; i++)
    g_hash_table_remove (object, interfaces[i]);
  if (object && g_hash_table_size (object) == 0)
    g_hash_table_remove (self->objects, path);
}

static void on_properties (InosObjects *self, const char *path, GVariant *arguments)
{
  g_autoptr (GVariant) properties = NULL;
  const char *interface;
  GHashTable *table;

  g_variant_get (arguments, "(&s@a{sv}as)", &interface, &properties, NULL);
  table = interface_of (self, path, interface);
  if (table)
    take_properties (table, properties);
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *arguments,
                       gpointer data)
{
  InosObjects *self = data;

  if (!self->there)
    return;
  if (g_str_equal (signal, "InterfacesAdded") &&
      g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(oa{sa{sv}})")))
    on_added (self, arguments);
  else if (g_str_equal (signal, "InterfacesRemoved") &&
           g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(oas)")))
    on_removed (self, arguments);
  else if (g_str_equal (signal, "PropertiesChanged") &&
           g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    on_properties (self, path, arguments);
  else
    return;
  self->changed (self->data);
}

static guint subscribe (InosObjects *self, const char *interface, const char *signal,
                        const char *path)
{
  return g_dbus_connection_signal_subscribe (self->bus, self->address.name, interface, signal, path,
                                             NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
}

InosObjects *inos_objects_create (GDBusConnection *bus, const InosObjectsAddress *address,
                                  void (*changed) (gpointer data), gpointer data)
{
  InosObjects *self = g_new0 (InosObjects, 1);

  *self =
    (InosObjects){.bus = g_object_ref (bus), .address = *address, .changed = changed, .data = data};
  self->objects = make_table (unref_table);
  self->subscriptions[0] = subscribe (self, MANAGER, "InterfacesAdded", address->root);
  self->subscriptions[1] = subscribe (self, MANAGER, "InterfacesRemoved", address->root);
  self->subscriptions[2] = subscribe (self, PROPERTIES, "PropertiesChanged", NULL);
  self->watch = g_bus_watch_name_on_connection (bus, address->name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                on_appeared, on_vanished, self, NULL);
  return self;
}

void inos_objects_destroy (InosObjects *self)
{
  if (!self)
    return;
  g_bus_unwatch_name (self->watch);
  for (gsize i = 0; i < G_N_ELEMENTS (self->subscriptions); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
  if (self->question)
    g_cancellable_cancel (self->question);
  g_clear_object (&self->question);
  g_hash_table_unref (self->objects);
  g_object_unref (self->bus);
  g_free (self);
}

gboolean inos_objects_are_there (InosObjects *self)
{
  return self && self->there;
}

void inos_objects_for_each (InosObjects *self, const char *interface, InosObjectFunc each,
                            gpointer data)
{
  GHashTableIter iter;
  gpointer path, object;

  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &path, &object)) {
    if (g_hash_table_contains (object, interface))
      each (path, data);
  }
}

gboolean inos_objects_has (InosObjects *self, const char *path, const char *interface)
{
  return interface_of (self, path, interface) != NULL;
}

static GVariant *peek (InosObjects *self, const char *path, const char *interface,
                       const char *property, const char *type)
{
  GHashTable *table = interface_of (self, path, interface);
  GVariant *value = table ? g_hash_table_lookup (table, property) : NULL;

  return value && g_variant_is_of_type (value, G_VARIANT_TYPE (type)) ? value : NULL;
}

GVariant *inos_objects_get (InosObjects *self, const char *path, const char *interface,
                            const char *property, const char *type)
{
  GVariant *value = peek (self, path, interface, property, type);

  return value ? g_variant_ref (value) : NULL;
}

gboolean inos_objects_get_boolean (InosObjects *self, const char *path, const char *interface,
                                   const char *property)
{
  GVariant *value = peek (self, path, interface, property, "b");

  return value && g_variant_get_boolean (value);
}

guint inos_objects_get_uint (InosObjects *self, const char *path, const char *interface,
                             const char *property)
{
  GVariant *value = peek (self, path, interface, property, "u");

  return value ? g_variant_get_uint32 (value) : 0;
}

const char *inos_objects_get_string (InosObjects *self, const char *path, const char *interface,
                                     const char *property)
{
  GVariant *value = peek (self, path, interface, property, "s");

  if (!value)
    value = peek (self, path, interface, property, "o");
  return value ? g_variant_get_string (value, NULL) : "";
}

void inos_objects_call (InosObjects *self, const char *path, const char *interface,
                        const char *method, GVariant *arguments, GAsyncReadyCallback done,
                        gpointer data)
{
  g_dbus_connection_call (self->bus, self->address.name, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START |
                            G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                          CALL_TIMEOUT_MS, NULL, done, data);
}

/* What an answer to a page needs. */
typedef struct {
  InosReply *reply;
  const char *failed;
} Question;

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char *reason = NULL;

  if (answer) {
    inos_reply_ok (question->reply, NULL);
    return;
  }
  reason = inos_objects_reason (error);
  inos_reply_fail (question->reply, question->failed, reason);
}

void inos_objects_ask (InosObjects *self, const char *path, const char *interface,
                       const char *method, GVariant *arguments, const char *failed,
                       InosReply *reply)
{
  Question *question = g_new0 (Question, 1);

  *question = (Question){reply, failed};
  inos_objects_call (self, path, interface, method, arguments, on_answered, question);
}

char *inos_objects_reason (const GError *error)
{
  g_autoptr (GError) copy = g_error_copy (error);

  g_dbus_error_strip_remote_error (copy);
  return inos_text_clean (copy->message, MAX_REASON, FALSE);
}
