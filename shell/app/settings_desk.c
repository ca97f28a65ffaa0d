/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_desk.h"

#include "manager_node.h"
#include "settings_calls.h"
#include "settings_config.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define MANAGER "org.freedesktop.DBus.ObjectManager"
#define SHELL_NAME "org.inos.Shell1"
#define SHELL_PATH "/org/inos/Shell1"
#define NOTES "org.inos.Shell1.Notifications"
#define OUTPUTS INOS_COMPOSITOR_PATH "/output/"
#define DEVICES INOS_COMPOSITOR_PATH "/device/"
/* What changes together is read once, ms. */
#define SETTLE 30
#define PATIENCE 5000

/* What is read, each by a call. */
enum { OBJECTS, INPUT, IDLE, NIGHT, CONFIG, DUMP, SHELL, PARTS };

static const struct {
  const char *name, *path, *interface, *method, *argument; /* argument may be NULL */
  const char *type;
} parts[PARTS] = {
  [OBJECTS] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, MANAGER, "GetManagedObjects", NULL,
               "(a{oa{sa{sv}}})"},
  [INPUT] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, PROPERTIES, "GetAll",
             INOS_COMPOSITOR_NAME ".Input", "(a{sv})"},
  [IDLE] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, PROPERTIES, "GetAll",
            INOS_COMPOSITOR_NAME ".Idle", "(a{sv})"},
  [NIGHT] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, PROPERTIES, "GetAll",
             INOS_COMPOSITOR_NAME ".NightLight", "(a{sv})"},
  [CONFIG] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, PROPERTIES, "GetAll",
              INOS_COMPOSITOR_NAME ".Config", "(a{sv})"},
  [DUMP] = {INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_PATH, INOS_COMPOSITOR_NAME ".Config", "Dump",
            NULL, "(s)"},
  [SHELL] = {SHELL_NAME, SHELL_PATH, PROPERTIES, "GetAll", NOTES, "(a{sv})"},
};

struct InosSettingsDesk {
  GDBusConnection *bus;
  InosSettingsDeskFunc changed;
  gpointer data;
  GCancellable *cancellable;
  guint signals[5], watches[2];
  guint source;           /* reads when all has settled */
  guint waiting;          /* for so many answers */
  gboolean again;         /* something changed meanwhile */
  GVariant *found[PARTS]; /* without their tuple; NULL: nobody answers */
  JsonNode *state;        /* NULL at first */
};

static void read_later (InosSettingsDesk *self);

/* For the page */

static void add_objects (JsonObject *state, GVariant *objects, const char *prefix,
                         const char *interface, const char *name)
{
  JsonObject *list = json_object_new();
  GVariantIter iter;
  GVariant *interfaces;
  const char *path;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_next (&iter, "{&o@a{sa{sv}}}", &path, &interfaces)) {
    g_autoptr (GVariant) properties =
      g_str_has_prefix (path, prefix)
        ? g_variant_lookup_value (interfaces, interface, G_VARIANT_TYPE_VARDICT)
        : NULL;

    if (properties)
      json_object_set_member (list, path, inos_answer_to_json (properties));
    g_variant_unref (interfaces);
  }
  json_object_set_object_member (state, name, list);
}

static void add_part (InosSettingsDesk *self, JsonObject *state, int part, const char *name)
{
  if (self->found[part])
    json_object_set_member (state, name, inos_answer_to_json (self->found[part]));
  else
    json_object_set_null_member (state, name);
}

static gboolean is_present (InosSettingsDesk *self)
{
  for (int i = 0; i < SHELL; i++)
    if (!self->found[i])
      return FALSE;
  return TRUE;
}

static JsonNode *describe (InosSettingsDesk *self)
{
  JsonObject *state = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GVariant) actions = NULL;

  json_object_set_boolean_member (state, "present", is_present (self));
  if (is_present (self)) {
    add_objects (state, self->found[OBJECTS], OUTPUTS, INOS_COMPOSITOR_NAME ".Output", "outputs");
    add_objects (state, self->found[OBJECTS], DEVICES, INOS_COMPOSITOR_NAME ".Device", "devices");
    add_part (self, state, INPUT, "input");
    add_part (self, state, IDLE, "idle");
    add_part (self, state, NIGHT, "night");
    actions = inos_settings_desk_get_actions (self);
    if (actions)
      json_object_set_member (state, "actions", inos_answer_to_json (actions));
    json_object_set_member (
      state, "config", inos_settings_from_dump (g_variant_get_string (self->found[DUMP], NULL)));
  }
  add_part (self, state, SHELL, "notes");
  json_node_take_object (node, state);
  return node;
}

static void tell (InosSettingsDesk *self)
{
  g_autoptr (JsonNode) state = describe (self);

  if (self->state && json_node_equal (self->state, state))
    return;
  g_clear_pointer (&self->state, json_node_unref);
  self->state = json_node_copy (state);
  self->changed (g_steal_pointer (&state), self->data);
}

/* Reading */

typedef struct {
  InosSettingsDesk *desk;
  int part;
} Question;

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  InosSettingsDesk *self = question->desk;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* it is gone */
  g_clear_pointer (&self->found[question->part], g_variant_unref);
  if (answer)
    self->found[question->part] = g_variant_get_child_value (answer, 0);
  else
    g_debug ("%s.%s: %s", parts[question->part].name, parts[question->part].method, error->message);
  if (--self->waiting > 0)
    return;
  tell (self);
  if (self->again) {
    self->again = FALSE;
    read_later (self);
  }
}

static gboolean on_read (gpointer data)
{
  InosSettingsDesk *self = data;

  self->source = 0;
  self->waiting = PARTS;
  for (int i = 0; i < PARTS; i++) {
    Question *question = g_new0 (Question, 1);

    *question = (Question){self, i};
    g_dbus_connection_call (self->bus, parts[i].name, parts[i].path, parts[i].interface,
                            parts[i].method,
                            parts[i].argument ? g_variant_new ("(s)", parts[i].argument) : NULL,
                            G_VARIANT_TYPE (parts[i].type), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                            PATIENCE, self->cancellable, on_answered, question);
  }
  return G_SOURCE_REMOVE;
}

static void read_later (InosSettingsDesk *self)
{
  if (self->waiting > 0)
    self->again = TRUE;
  else if (!self->source)
    self->source = g_timeout_add (SETTLE, on_read, self);
}

static void on_properties (GDBusConnection *bus, const char *sender, const char *path,
                           const char *interface, const char *signal, GVariant *parameters,
                           gpointer data)
{
  const char *changed;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get_child (parameters, 0, "&s", &changed);
  /* Windows, and what the desktop shows, change all the time. */
  if (!g_str_equal (changed, INOS_COMPOSITOR_NAME) &&
      !g_str_equal (changed, INOS_COMPOSITOR_NAME ".Window") && !g_str_equal (changed, SHELL_NAME))
    read_later (data);
}

static void on_objects (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *signal, GVariant *parameters,
                        gpointer data)
{
  const char *object;

  g_variant_get_child (parameters, 0, "&o", &object);
  if (g_str_has_prefix (object, OUTPUTS) || g_str_has_prefix (object, DEVICES))
    read_later (data);
}

static void on_config (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  read_later (data);
}

static void on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  read_later (data);
}

static void on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  read_later (data);
}

static guint subscribe (InosSettingsDesk *self, const char *name, const char *interface,
                        const char *signal, GDBusSignalCallback callback)
{
  return g_dbus_connection_signal_subscribe (self->bus, name, interface, signal, NULL, NULL,
                                             G_DBUS_SIGNAL_FLAGS_NONE, callback, self, NULL);
}

InosSettingsDesk *inos_settings_desk_create (GDBusConnection *bus, InosSettingsDeskFunc changed,
                                             gpointer data)
{
  InosSettingsDesk *self = g_new0 (InosSettingsDesk, 1);

  self->bus = g_object_ref (bus);
  self->changed = changed;
  self->data = data;
  self->cancellable = g_cancellable_new();
  self->signals[0] =
    subscribe (self, INOS_COMPOSITOR_NAME, PROPERTIES, "PropertiesChanged", on_properties);
  self->signals[1] = subscribe (self, INOS_COMPOSITOR_NAME, MANAGER, "InterfacesAdded", on_objects);
  self->signals[2] =
    subscribe (self, INOS_COMPOSITOR_NAME, MANAGER, "InterfacesRemoved", on_objects);
  self->signals[3] =
    subscribe (self, INOS_COMPOSITOR_NAME, INOS_COMPOSITOR_NAME ".Config", "Changed", on_config);
  self->signals[4] = subscribe (self, SHELL_NAME, PROPERTIES, "PropertiesChanged", on_properties);
  self->watches[0] = g_bus_watch_name_on_connection (
    bus, INOS_COMPOSITOR_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished, self, NULL);
  self->watches[1] = g_bus_watch_name_on_connection (bus, SHELL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                     on_appeared, on_vanished, self, NULL);
  return self;
}

void inos_settings_desk_destroy (InosSettingsDesk *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signals[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (self->watches); i++)
    g_bus_unwatch_name (self->watches[i]);
  g_clear_handle_id (&self->source, g_source_remove);
  for (int i = 0; i < PARTS; i++)
    g_clear_pointer (&self->found[i], g_variant_unref);
  g_clear_pointer (&self->state, json_node_unref);
  g_object_unref (self->bus);
  g_free (self);
}

JsonNode *inos_settings_desk_get_state (InosSettingsDesk *self)
{
  return self->state ? json_node_copy (self->state) : NULL;
}

GVariant *inos_settings_desk_get_output (InosSettingsDesk *self, const char *path)
{
  g_autoptr (GVariant) interfaces = NULL;

  if (!self->found[OBJECTS] || !g_str_has_prefix (path, OUTPUTS))
    return NULL;
  interfaces = g_variant_lookup_value (self->found[OBJECTS], path, G_VARIANT_TYPE ("a{sa{sv}}"));
  return interfaces ? g_variant_lookup_value (interfaces, INOS_COMPOSITOR_NAME ".Output",
                                              G_VARIANT_TYPE_VARDICT)
                    : NULL;
}

guint inos_settings_desk_count_on (InosSettingsDesk *self)
{
  GVariantIter iter;
  GVariant *interfaces;
  const char *path;
  guint count = 0;

  if (!self->found[OBJECTS])
    return 0;
  g_variant_iter_init (&iter, self->found[OBJECTS]);
  while (g_variant_iter_next (&iter, "{&o@a{sa{sv}}}", &path, &interfaces)) {
    g_autoptr (GVariant) output = inos_settings_desk_get_output (self, path);
    gboolean powered;

    if (output && g_variant_lookup (output, "Powered", "b", &powered) && powered)
      count++;
    g_variant_unref (interfaces);
  }
  return count;
}

static GVariant *look_up (InosSettingsDesk *self, int part, const char *name, const char *type)
{
  return self->found[part] ? g_variant_lookup_value (self->found[part], name, G_VARIANT_TYPE (type))
                           : NULL;
}

GVariant *inos_settings_desk_get_bindings (InosSettingsDesk *self)
{
  return look_up (self, INPUT, "Bindings", "a(sss)");
}

GVariant *inos_settings_desk_get_actions (InosSettingsDesk *self)
{
  return look_up (self, CONFIG, "Actions", "a(sb)");
}

GVariant *inos_settings_desk_get_notes (InosSettingsDesk *self)
{
  return self->found[SHELL] ? g_variant_ref (self->found[SHELL]) : NULL;
}
