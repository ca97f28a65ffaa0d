/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_permits.h"

#include "../message.h"
#include "settings_calls.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

#define BRIDGE "org.inos.Node1"
#define BRIDGE_PATH "/org/inos/Node1"
#define PERMISSIONS "org.inos.Node1.Permissions"
#define PATIENCE 5000 /* ms */
#define LINES 300     /* of the audit */
#define NAME_MAX_BYTES 255

struct InosPermits {
  GDBusConnection *bus;
  InosPermitsFunc changed;
  gpointer data;
  guint signals[2], watch, serial;
};

/* For the page */

static void add_app (JsonObject *apps, const char *app)
{
  g_autofree char *file = g_strconcat (app, ".desktop", NULL);
  g_autoptr (GDesktopAppInfo) info = NULL;
  JsonObject *object;

  if (*app == '\0' || json_object_has_member (apps, app))
    return;
  info = g_desktop_app_info_new (file);
  object = json_object_new();
  json_object_set_string_member (object, "name",
                                 info ? g_app_info_get_display_name (G_APP_INFO (info)) : app);
  json_object_set_string_member (object, "desktop", info ? file : "");
  json_object_set_object_member (apps, app, object);
}

static JsonArray *describe_grants (GVariant *grants, JsonObject *apps)
{
  JsonArray *array = json_array_new();
  const char *app, *capability;
  GVariantIter iter;
  gint64 since;

  g_variant_iter_init (&iter, grants);
  while (g_variant_iter_next (&iter, "(&s&sx)", &app, &capability, &since)) {
    JsonObject *object = json_object_new();

    json_object_set_string_member (object, "app", app);
    json_object_set_string_member (object, "capability", capability);
    json_object_set_int_member (object, "since", since / G_TIME_SPAN_MILLISECOND);
    json_array_add_object_element (array, object);
    add_app (apps, app);
  }
  return array;
}

/* "" for what is no string. */
static const char *text_of (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, "");

  return text ? text : "";
}

/* A line that is none of the bridge's is left out. */
static void add_line (JsonArray *array, const char *line, JsonObject *apps)
{
  static const char *const names[] = {"time", "app", "capability", "decision", "by"};
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *from, *object;

  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  from = json_node_get_object (node);
  object = json_object_new();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_set_string_member (object, names[i], text_of (from, names[i]));
  json_object_set_int_member (object, "times",
                              json_object_get_int_member_with_default (from, "times", 1));
  json_array_add_object_element (array, object);
  add_app (apps, json_object_get_string_member (object, "app"));
}

JsonNode *inos_permits_describe (GVariant *grants, GVariant *lines)
{
  JsonObject *object = json_object_new(), *apps = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *audit = json_array_new();
  GVariantIter iter;
  const char *line;

  json_object_set_array_member (object, "grants", describe_grants (grants, apps));
  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "&s", &line))
    add_line (audit, line, apps);
  json_object_set_array_member (object, "audit", audit);
  json_object_set_object_member (object, "apps", apps);
  json_node_take_object (node, object);
  return node;
}

/* Reading */

/* Calls the bridge; what comes of it is done's. */
static void call (GDBusConnection *bus, const char *method, GVariant *arguments, const char *type,
                  GAsyncReadyCallback done, gpointer data)
{
  g_dbus_connection_call (bus, BRIDGE, BRIDGE_PATH, PERMISSIONS, method, arguments,
                          G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL,
                          done, data);
}

/* NULL after it has answered the page. */
static GVariant *finish (GObject *source, GAsyncResult *result, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!answer)
    inos_calls_fail (error, reply);
  return answer;
}

typedef struct {
  GVariant *grants;
  InosReply *reply;
} Reading;

static void on_audit (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Reading *reading = data;
  g_autoptr (GVariant) grants = reading->grants;
  g_autoptr (GVariant) answer = finish (source, result, reading->reply);
  g_autoptr (GVariant) lines = answer ? g_variant_get_child_value (answer, 0) : NULL;

  if (lines)
    inos_reply_ok (reading->reply, inos_permits_describe (grants, lines));
}

static void on_grants (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) answer = finish (source, result, data);
  Reading *reading;

  if (!answer)
    return;
  reading = g_new0 (Reading, 1);
  *reading = (Reading){g_variant_get_child_value (answer, 0), data};
  call (G_DBUS_CONNECTION (source), "ReadAudit", g_variant_new ("(u)", LINES), "(as)", on_audit,
        reading);
}

void inos_permits_read (InosPermits *self, InosReply *reply)
{
  call (self->bus, "List", NULL, "(a(ssx))", on_grants, reply);
}

/* Revoking */

typedef struct {
  char *app, *capability; /* "" for all */
  InosCalls *back;
  InosUndos *undos;
  InosReply *reply;
} Revoking;

static void revoking_free (Revoking *revoking)
{
  g_free (revoking->app);
  g_free (revoking->capability);
  inos_calls_unref (revoking->back);
  inos_undos_unref (revoking->undos);
  g_free (revoking);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Revoking, revoking_free)

static void on_revoked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Revoking) revoking = data;
  g_autoptr (GVariant) answer = finish (source, result, revoking->reply);

  if (answer)
    inos_undos_answer (revoking->undos, inos_calls_run_undo, inos_calls_ref (revoking->back),
                       (GDestroyNotify)inos_calls_unref, revoking->reply);
}

/* The way back grants again what there is now. */
static void remember (Revoking *revoking, GVariant *grants)
{
  const char *app, *capability;
  GVariantIter iter;

  g_variant_iter_init (&iter, grants);
  while (g_variant_iter_next (&iter, "(&s&sx)", &app, &capability, NULL))
    if (g_str_equal (app, revoking->app) &&
        (*revoking->capability == '\0' || g_str_equal (capability, revoking->capability)))
      inos_calls_add_to (revoking->back, BRIDGE, BRIDGE_PATH, PERMISSIONS, "Grant",
                         g_variant_new ("(ss)", app, capability));
}

static void on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Revoking) revoking = data;
  g_autoptr (GVariant) answer = finish (source, result, revoking->reply);
  g_autoptr (GVariant) grants = answer ? g_variant_get_child_value (answer, 0) : NULL;

  if (!grants)
    return;
  remember (revoking, grants);
  call (G_DBUS_CONNECTION (source), "Revoke",
        g_variant_new ("(ss)", revoking->app, revoking->capability), "(u)", on_revoked, revoking);
  g_steal_pointer (&revoking);
}

void inos_permits_revoke (InosPermits *self, JsonObject *args, InosUndos *undos, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *app = inos_args_get_string (args, "app", NAME_MAX_BYTES, &error);
  const char *capability = "";
  Revoking *revoking;

  if (app && json_object_has_member (args, "capability"))
    capability = inos_args_get_string (args, "capability", NAME_MAX_BYTES, &error);
  if (error) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  revoking = g_new0 (Revoking, 1);
  *revoking = (Revoking){g_strdup (app), g_strdup (capability), inos_calls_new (self->bus),
                         inos_undos_ref (undos), reply};
  call (self->bus, "List", NULL, "(a(ssx))", on_listed, revoking);
}

/* Life */

static void tell (InosPermits *self)
{
  JsonNode *serial = json_node_new (JSON_NODE_VALUE);

  json_node_set_int (serial, ++self->serial);
  self->changed (serial, self->data);
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  tell (data);
}

static void on_owner (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  tell (data);
}

static void on_lost (GDBusConnection *bus, const char *name, gpointer data)
{
  tell (data);
}

InosPermits *inos_permits_create (GDBusConnection *bus, InosPermitsFunc changed, gpointer data)
{
  InosPermits *self = g_new0 (InosPermits, 1);

  self->bus = g_object_ref (bus);
  self->changed = changed;
  self->data = data;
  self->signals[0] =
    g_dbus_connection_signal_subscribe (bus, BRIDGE, PERMISSIONS, "Changed", BRIDGE_PATH, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  /* Something was asked, or answered, which is in the audit. */
  self->signals[1] = g_dbus_connection_signal_subscribe (
    bus, BRIDGE, "org.freedesktop.DBus.Properties", "PropertiesChanged", BRIDGE_PATH, PERMISSIONS,
    G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->watch = g_bus_watch_name_on_connection (bus, BRIDGE, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                on_owner, on_lost, self, NULL);
  return self;
}

void inos_permits_destroy (InosPermits *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signals[i]);
  g_bus_unwatch_name (self->watch);
  g_object_unref (self->bus);
  g_free (self);
}
