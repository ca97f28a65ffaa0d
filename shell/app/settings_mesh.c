/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_mesh.h"

#include "../message.h"
#include "manager_node.h"
#include "settings_calls.h"

#include <glib/gi18n.h>

#define NODE "org.inos.Node1"
#define NODE_PATH "/org/inos/Node1"
#define MESH NODE ".Mesh"
/* How long the node is waited for, ms, for what it knows. */
#define SOON 5000
#define WHO_MAX 255
#define ADDRESS_MAX 512
#define WORD_MAX 8
/* What becomes of the mesh is gathered for so long, ms. */
#define NEWS_MS 400

static const struct {
  const char *which;
  InosQuestion question;
} questions[] = {
  {"access", {MESH, "ListAccess", "(a(sas))", SOON, {{NULL}}}},
  {"connect", {MESH, "Connect", "(s)", INOS_DEED_PATIENCE, {{"whom", 's', ADDRESS_MAX}}}},
  {"decide",
   {MESH, "DecideRequest", "()", INOS_DEED_PATIENCE, {{"peer", 's', WHO_MAX}, {"accept", 'b', 0}}}},
  {"invite",
   {MESH,
    "Invite",
    "(sx)",
    INOS_DEED_PATIENCE,
    {{"hours", 'u', 720}, {"uses", 'u', 1000}, {"ask", 'b', 0}}}},
  {"join", {MESH, "Join", "(s)", INOS_DEED_PATIENCE, {{"whom", 's', ADDRESS_MAX}}}},
  {"leave", {MESH, "LeaveMesh", "()", INOS_DEED_PATIENCE, {{NULL}}}},
  {"offers", {MESH, "ListOffers", "(a(suubtut))", SOON, {{NULL}}}},
  {"requests", {MESH, "ListRequests", "(a(sssbtb))", SOON, {{NULL}}}},
  {"revoke", {MESH, "RevokeMember", "()", INOS_DEED_PATIENCE, {{"peer", 's', WHO_MAX}}}},
  {"roll", {MESH, "ReadRoll", "(sssa(ssssxu))", SOON, {{NULL}}}},
  {"states", {MESH, "ListStates", "(a(sutuas))", SOON, {{NULL}}}},
  {"status", {MESH, "Status", "(a{sv})", SOON, {{NULL}}}},
  {"withdraw", {MESH, "WithdrawService", "()", INOS_DEED_PATIENCE, {{"service", 's', WHO_MAX}}}},
};

void inos_mesh_settings_ask (GDBusConnection *bus, const char *which, JsonObject *args,
                             InosReply *reply)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_equal (questions[i].which, which)) {
      inos_question_ask (&questions[i].question, bus, NULL, args, reply);
      return;
    }
  g_assert_not_reached();
}

/* What it may cost */

typedef struct {
  InosReply *reply;
  InosUndos *undos;
  InosCalls *calls, *back;
} Change;

static void change_free (Change *change)
{
  inos_undos_unref (change->undos);
  inos_calls_unref (change->calls);
  inos_calls_unref (change->back);
  g_free (change);
}

static void add_save (InosCalls *calls, const char *metered, const char *battery)
{
  inos_calls_add_to (calls, NODE, NODE_PATH, MESH, "SetSaving",
                     g_variant_new ("(ss)", metered, battery));
}

/* As it was set, by what the node says of itself. */
static const char *word_of (GVariant *status, const char *name)
{
  g_autofree char *key = g_strconcat (name, "-why", NULL);
  const char *why = "";
  gboolean saves = FALSE;

  g_variant_lookup (status, key, "&s", &why);
  g_variant_lookup (status, name, "b", &saves);
  if (!g_str_equal (why, "set"))
    return "auto";
  return saves ? "yes" : "no";
}

static void on_status (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *change = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) status = answer ? g_variant_get_child_value (answer, 0) : NULL;

  if (!status) {
    inos_calls_fail (error, change->reply);
    change_free (change);
    return;
  }
  add_save (change->back, word_of (status, "metered"), word_of (status, "battery"));
  inos_calls_run_change (change->calls, change->back, change->undos, change->reply);
  change_free (change);
}

void inos_mesh_settings_save (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                              InosReply *reply)
{
  static const char *const words[] = {"auto", "yes", "no", NULL};
  g_autoptr (GError) error = NULL;
  const char *metered = inos_args_get_string (args, "metered", WORD_MAX, &error);
  const char *battery = metered ? inos_args_get_string (args, "battery", WORD_MAX, &error) : NULL;
  Change *change;

  if (!battery || !g_strv_contains (words, metered) || !g_strv_contains (words, battery)) {
    inos_reply_fail (reply, "%s", error ? error->message : _ ("There is no such setting here."));
    return;
  }
  change = g_new0 (Change, 1);
  *change = (Change){reply, inos_undos_ref (undos), inos_calls_new (bus), inos_calls_new (bus)};
  add_save (change->calls, metered, battery);
  g_dbus_connection_call (bus, NODE, NODE_PATH, MESH, "Status", NULL, G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, SOON, NULL, on_status, change);
}

/* News */

static const char *const signals[] = {"IdentityChanged", "MemberChanged", "MembershipRequested"};

struct InosMeshNews {
  GDBusConnection *bus;
  InosMeshNewsFunc changed;
  gpointer data;
  guint subscriptions[G_N_ELEMENTS (signals)], watch, source, serial;
};

static gboolean on_news (gpointer data)
{
  InosMeshNews *self = data;
  JsonNode *serial = json_node_new (JSON_NODE_VALUE);

  self->source = 0;
  json_node_set_int (serial, ++self->serial);
  self->changed (serial, self->data);
  return G_SOURCE_REMOVE;
}

static void tell_soon (InosMeshNews *self)
{
  if (!self->source)
    self->source = g_timeout_add (NEWS_MS, on_news, self);
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  tell_soon (data);
}

static void on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  tell_soon (data);
}

static void on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  tell_soon (data);
}

InosMeshNews *inos_mesh_news_create (GDBusConnection *bus, InosMeshNewsFunc changed, gpointer data)
{
  InosMeshNews *self = g_new0 (InosMeshNews, 1);

  *self = (InosMeshNews){.bus = g_object_ref (bus), .changed = changed, .data = data};
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    self->subscriptions[i] =
      g_dbus_connection_signal_subscribe (bus, NODE, MESH, signals[i], NODE_PATH, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->watch = g_bus_watch_name_on_connection (bus, NODE, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                on_appeared, on_vanished, self, NULL);
  return self;
}

void inos_mesh_news_destroy (InosMeshNews *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
  g_bus_unwatch_name (self->watch);
  g_clear_handle_id (&self->source, g_source_remove);
  g_object_unref (self->bus);
  g_free (self);
}
