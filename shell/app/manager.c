/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "manager.h"

#include "../arena.h"
#include "../message.h"
#include "../node_client.h"
#include "app_commands.h"
#include "app_window.h"
#include "manager_logs.h"
#include "manager_node.h"
#include "simulator.h"

#include <glib/gi18n.h>
#include <string.h>

#define NODE "org.inos.Node1"
#define MACHINE "org.inos.Node1.Machine"
#define MESH "org.inos.Node1.Mesh"
#define NODE_PATH "/org/inos/Node1"
/* What becomes of the mesh is gathered for so long, ms. */
#define NEWS_MS 400

/* How long the node is waited for, ms: for what it knows, for what it does with actors, and for
 * what goes over the network (node/api/messages.c). */
#define SOON 5000
#define LATER 15000
#define LONG 35000
#define DEED INOS_DEED_PATIENCE

#define WHO_MAX 255   /* an actor's id or name, a peer's id */
#define ROOM_MAX 1024 /* messages that the node keeps of one */
#define TRACED_MAX 64 /* actors, as many as the node traces */
#define SEARCH_MAX 512
#define SCENARIO_MAX 64
#define DIGITS_MAX 20
#define ADDRESS_MAX 512 /* a multiaddress, or an invitation's code */

/* Signals of the mesh after which what the page asks about it has another answer. Not all: messages
 * of topics, say, would only wake us. */
static const char *const news_signals[] = {"IdentityChanged", "MemberChanged",
                                           "MembershipRequested"};

/* What a window has. */
typedef struct {
  InosAppWindow *window;
  InosBusClient *node;
  GCancellable *cancellable;
  guint signals[G_N_ELEMENTS (news_signals)]; /* subscriptions */
  guint news;                                 /* source */
  guint serial;                               /* of the mesh's news */
  JsonNode *state; /* the node's, for a page that begins; NULL at first */
  InosSimulator *simulator;
  InosLogExport *export; /* NULL: no log is being written to a file */
  GHashTable
    *traced; /* char *, "NODE/WHO": actors whose messages are kept since a page asked for it */
} Part;

static Part *part_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

static GDBusConnection *bus_of (Part *part)
{
  return inos_app_get_bus (inos_app_window_get_app (part->window));
}

static void ask (gpointer context, const InosQuestion *question, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_question_ask (question, bus_of (part), part->cancellable, args, reply);
}

/* A command that is a question to the node: its function, the method, the type of its answer, how
 * long that is waited for, and what the page says (InosQuestionArgument). */
#define QUESTION(function, interface, method, answer, patience, ...)                               \
  static void function (gpointer context, JsonObject *args, InosReply *reply)                      \
  {                                                                                                \
    static const InosQuestion question = {interface, method, answer, patience, {__VA_ARGS__}};     \
    ask (context, &question, args, reply);                                                         \
  }

#define WHO {"who", 's', WHO_MAX}
#define PEER {"peer", 's', WHO_MAX}
#define PROCESS {"pid", 'u', G_MAXINT32}, {"start", 't', 0}

QUESTION (ask_cycles, NODE, "ListCycles", "(ua(ua(tsstst)))", SOON, {"age", 'u', 3600000},
          {"limit", 'u', 64})
QUESTION (ask_inspect, NODE, "InspectActor", "(ta{sv})", SOON, WHO)
QUESTION (ask_list, NODE, "ListActors", "(ttda(ttsssttddub))", SOON, {"order", 's', 16},
          {"limit", 'u', 128}, {"cursor", 't', 0})
QUESTION (ask_letters, NODE, "ListDeadLetters", "(ta{st}a(tsttsxx))", SOON, {"before", 't', 0},
          {"limit", 'u', 128})
QUESTION (ask_resend, NODE, "ResendDeadLetter", "(s)", SOON, {"number", 't', 0},
          {"to", 'o', WHO_MAX})
QUESTION (ask_restart, NODE, "RestartActor", "(t)", LATER, WHO)
QUESTION (ask_stop, NODE, "StopActor", "(t)", LATER, WHO)
QUESTION (ask_traced, NODE, "ReadTrace", "(ttua(ttttsxttss))", SOON, WHO, {"after", 't', 0},
          {"limit", 'u', 128})

QUESTION (ask_connect, MESH, "Connect", "(s)", DEED, {"whom", 's', ADDRESS_MAX})
QUESTION (ask_decide, MESH, "DecideRequest", "()", DEED, PEER, {"accept", 'b', 0})
QUESTION (ask_disconnect, MESH, "Disconnect", "()", DEED, PEER)
QUESTION (ask_explain, MESH, "ExplainPeer", "(a{sv})", LONG, PEER)
QUESTION (ask_forget, MESH, "ForgetReputation", "()", DEED, PEER)
QUESTION (ask_inspect_peer, MESH, "InspectPeer", "(a{sv})", SOON, PEER)
QUESTION (ask_invite, MESH, "Invite", "(sx)", DEED, {"hours", 'u', 720}, {"uses", 'u', 1000},
          {"ask", 'b', 0})
QUESTION (ask_join, MESH, "Join", "(s)", DEED, {"whom", 's', ADDRESS_MAX})
QUESTION (ask_leave, MESH, "LeaveMesh", "()", DEED)
QUESTION (ask_manage, MESH, "SetManager", "()", DEED, PEER, {"right", 's', 8})
QUESTION (ask_managers, MESH, "ListManagers", "(a(ssb))", SOON)
QUESTION (ask_members, MESH, "ListMembers", "(ua(ssstuututsb))", SOON, {"limit", 'u', 1024})
QUESTION (ask_ping, MESH, "Ping", "(t)", LONG, PEER)
QUESTION (ask_reputations, MESH, "ListReputations", "(a(suuuuuua{su}))", SOON,
          {"peer", 'o', WHO_MAX})
QUESTION (ask_requests, MESH, "ListRequests", "(a(sssbtb))", SOON)
QUESTION (ask_revoke, MESH, "RevokeMember", "()", DEED, PEER)
QUESTION (ask_roll, MESH, "ReadRoll", "(sssa(ssssxu))", SOON)

QUESTION (ask_offers, MESH, "ListOffers", "(a(suubtut))", SOON)
QUESTION (ask_services, MESH, "ListServices", "(a(ssuu))", SOON)
QUESTION (ask_withdraw, MESH, "WithdrawService", "()", DEED, {"service", 's', WHO_MAX})

QUESTION (ask_disks, MACHINE, "ListDisks", "(da(ssstttddd))", SOON)
QUESTION (ask_end, MACHINE, "EndProcess", "()", SOON, PROCESS, {"force", 'b', 0})
QUESTION (ask_interfaces, MACHINE, "ListInterfaces", "(da(sbttttttddxas))", SOON)
QUESTION (ask_priority, MACHINE, "SetPriority", "()", SOON, PROCESS, {"nice", 'i', 20})
QUESTION (ask_process, MACHINE, "InspectProcess", "(a{sv})", SOON, PROCESS)
QUESTION (ask_processes, MACHINE, "ListProcesses", "(uuda(utussusdtuisbs))", LATER,
          {"search", 'o', SEARCH_MAX}, {"order", 's', 16}, {"own", 'b', 0}, {"limit", 'u', 2048})
QUESTION (ask_units, MACHINE, "ListUnits", "(da(ssdxxdd))", LATER)

#define ENTRY_MAX 512 /* an entry's cursor */

QUESTION (ask_log_sources, MACHINE, "DescribeLogs", "(a(ss)a(sx))", LATER)
QUESTION (ask_log_inspect, MACHINE, "InspectLog", "(xa(ss))", LATER, {"source", 's', 16},
          {"cursor", 's', ENTRY_MAX})
QUESTION (ask_log_read, MACHINE, "ReadLog", "(sssba(sxussusb))", LATER, INOS_LOG_FILTER,
          {"cursor", 'o', ENTRY_MAX}, {"newer", 'b', 0}, {"limit", 'u', 200})

static void on_exported (gint64 count, gpointer data)
{
  Part *part = data;
  JsonNode *so_far = json_node_new (count < 0 ? JSON_NODE_NULL : JSON_NODE_VALUE);

  if (count < 0)
    part->export = NULL;
  else
    json_node_set_int (so_far, count);
  inos_page_send (inos_app_window_get_page (part->window), "logExport", so_far);
}

static void run_log_export (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  if (part->export)
    inos_reply_fail (reply, "%s", _ ("A log is being written to a file already."));
  else
    part->export = inos_log_export_begin (bus_of (part), args, reply, on_exported, part);
}

static void stop_export (Part *part)
{
  if (part->export)
    inos_log_export_cancel (g_steal_pointer (&part->export));
}

static void run_log_stop (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  gboolean was = part->export != NULL;

  stop_export (part);
  if (was)
    inos_page_send (inos_app_window_get_page (part->window), "logExport",
                    json_node_new (JSON_NODE_NULL));
  inos_reply_ok (reply, NULL);
}

/* The node keeps an actor's messages until it is told to end that, which a page that is closed or
 * dies does not do. */
static void run_trace (gpointer context, JsonObject *args, InosReply *reply)
{
  static const InosQuestion question = {
    NODE, "TraceActor", "(t)", SOON, {WHO, {"room", 'u', ROOM_MAX}}};
  Part *part = part_of (context);
  const char *who = inos_args_get_string (args, "who", WHO_MAX, NULL), *node = NULL;
  guint room;

  if (who && inos_question_node (args, &node, NULL) &&
      inos_args_get_uint (args, "room", ROOM_MAX, &room, NULL)) {
    g_autofree char *key = g_strdup_printf ("%s/%s", node ? node : "", who);
    if (room > 0 && g_hash_table_size (part->traced) < TRACED_MAX)
      g_hash_table_add (part->traced, g_steal_pointer (&key));
    else if (room == 0)
      g_hash_table_remove (part->traced, key);
  }
  ask (context, &question, args, reply);
}

static void end_traces (gpointer data)
{
  Part *part = data;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, part->traced);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    const char *slash = strchr (key, '/');
    g_autofree char *node = g_strndup (key, (gsize)(slash - (const char *)key));
    inos_node_call (bus_of (part), *node ? node : NULL, NODE, "TraceActor",
                    g_variant_new ("(su)", slash + 1, 0), SOON, NULL, NULL, NULL);
  }
  if (g_hash_table_size (part->traced) > 0)
    g_dbus_connection_flush_sync (bus_of (part), NULL,
                                  NULL); /* this may be the end of the program */
  g_hash_table_remove_all (part->traced);
}

static void run_arena_open (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  GtkWidget *view = inos_page_get_view (inos_app_window_get_page (part->window));

  inos_arena_open (part->node, view ? WEBKIT_WEB_VIEW (view) : NULL, reply);
}

/* The simulator */

static void run_simulator_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_simulator_list());
}

static void run_simulator_start (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  g_autoptr (GError) error = NULL;
  const char *scenario = "", *seed;
  guint nodes, seconds, run = 0;
  JsonNode *number;

  if (json_object_has_member (args, "scenario"))
    scenario = inos_args_get_string (args, "scenario", SCENARIO_MAX, &error);
  seed = scenario ? inos_args_get_string (args, "seed", DIGITS_MAX, &error) : NULL;
  if (seed && inos_args_get_uint (args, "nodes", INOS_SIMULATOR_NODES_MAX, &nodes, &error) &&
      inos_args_get_uint (args, "seconds", INOS_SIMULATOR_SECONDS_MAX, &seconds, &error))
    run = inos_simulator_start (part->simulator, scenario, nodes, seconds, seed, &error);
  if (run == 0) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  number = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (number, run);
  inos_reply_ok (reply, number);
}

static void run_simulator_rows (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint run, after;

  if (inos_args_get_uint (args, "run", G_MAXINT32, &run, &error) &&
      inos_args_get_uint (args, "after", INOS_SIMULATOR_SECONDS_MAX, &after, &error))
    inos_reply_ok (reply, inos_simulator_rows (part_of (context)->simulator, run, after));
  else
    inos_reply_fail (reply, "%s", error->message);
}

static void run_simulator_cancel (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_simulator_cancel (part_of (context)->simulator);
  inos_reply_ok (reply, NULL);
}

static void run_simulator_export (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = inos_simulator_export (part_of (context)->simulator, &error);
  JsonNode *text;

  if (!path) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  text = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (text, path);
  inos_reply_ok (reply, text);
}

static const InosCommand commands[] = {
  {"actor.cycles", "node.actors", ask_cycles},
  {"actor.inspect", "node.actors", ask_inspect},
  {"actor.letters", "node.actors", ask_letters},
  {"actor.list", "node.actors", ask_list},
  {"actor.resend", "node.actors.control", ask_resend},
  {"actor.restart", "node.actors.control", ask_restart},
  {"actor.stop", "node.actors.control", ask_stop},
  {"actor.trace", "node.actors.control", run_trace},
  {"actor.traced", "node.actors", ask_traced},
  {"arena.open", "shell.arena", run_arena_open},
  {"clipboard.write", "clipboard", inos_app_run_clipboard_write},
  {"hello", "page", inos_app_run_hello},
  {"log.export", "node.logs", run_log_export},
  {"log.inspect", "node.logs", ask_log_inspect},
  {"log.read", "node.logs", ask_log_read},
  {"log.sources", "node.logs", ask_log_sources},
  {"log.stop", "page", run_log_stop},
  {"machine.disks", "node.resources", ask_disks},
  {"machine.end", "node.processes.control", ask_end},
  {"machine.interfaces", "node.resources", ask_interfaces},
  {"machine.priority", "node.processes.control", ask_priority},
  {"machine.process", "node.processes", ask_process},
  {"machine.processes", "node.processes", ask_processes},
  {"machine.units", "node.processes", ask_units},
  {"peer.connect", "node.mesh.control", ask_connect},
  {"peer.decide", "node.mesh.control", ask_decide},
  {"peer.disconnect", "node.mesh.control", ask_disconnect},
  {"peer.explain", "node.mesh", ask_explain},
  {"peer.forget", "node.mesh.control", ask_forget},
  {"peer.inspect", "node.mesh", ask_inspect_peer},
  {"peer.invite", "node.mesh.control", ask_invite},
  {"peer.join", "node.mesh.control", ask_join},
  {"peer.leave", "node.mesh.control", ask_leave},
  {"peer.manage", "node.remote.control", ask_manage},
  {"peer.managers", "node.mesh", ask_managers},
  {"peer.members", "node.mesh", ask_members},
  {"peer.ping", "node.mesh", ask_ping},
  {"peer.reputations", "node.mesh", ask_reputations},
  {"peer.requests", "node.mesh", ask_requests},
  {"peer.revoke", "node.mesh.control", ask_revoke},
  {"peer.roll", "node.mesh", ask_roll},
  {"ready", "page", inos_app_run_ready},
  {"service.list", "node.mesh", ask_services},
  {"service.offers", "node.mesh", ask_offers},
  {"service.withdraw", "node.mesh.control", ask_withdraw},
  {"settings.set", "app.settings", inos_app_run_settings_set},
  {"simulator.cancel", "simulator", run_simulator_cancel},
  {"simulator.export", "simulator", run_simulator_export},
  {"simulator.list", "simulator", run_simulator_list},
  {"simulator.rows", "simulator", run_simulator_rows},
  {"simulator.start", "simulator", run_simulator_start},
  {"window.close", "page", inos_app_run_window_close},
  {"window.fullscreen", "page", inos_app_run_window_fullscreen},
  {"window.new", "page", inos_app_run_window_new},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

/* What the page is told */

static void on_node (JsonNode *state, gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->state, json_node_unref);
  part->state = json_node_copy (state);
  inos_page_send (inos_app_window_get_page (part->window), "node", state);
}

static gboolean on_news (gpointer data)
{
  Part *part = data;
  JsonNode *serial = json_node_new (JSON_NODE_VALUE);

  part->news = 0;
  json_node_set_int (serial, ++part->serial);
  inos_page_send (inos_app_window_get_page (part->window), "meshNews", serial);
  return G_SOURCE_REMOVE;
}

static void on_simulation (JsonNode *news, gpointer data)
{
  inos_page_send (inos_app_window_get_page (((Part *)data)->window), "simulation", news);
}

static void on_page_lost (gpointer data)
{
  inos_simulator_cancel (((Part *)data)->simulator);
  end_traces (data);
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  Part *part = data;

  if (!part->news)
    part->news = g_timeout_add (NEWS_MS, on_news, part);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  Part *part = g_new0 (Part, 1);

  part->window = window;
  part->cancellable = g_cancellable_new();
  part->traced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  part->simulator = inos_simulator_create (NULL, on_simulation, part);
  part->node = inos_node_client_create (bus_of (part), on_node, part);
  for (gsize i = 0; i < G_N_ELEMENTS (news_signals); i++)
    part->signals[i] =
      g_dbus_connection_signal_subscribe (bus_of (part), NODE, MESH, news_signals[i], NODE_PATH,
                                          NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, part, NULL);
  return part;
}

static void destroy (gpointer data)
{
  Part *part = data;

  stop_export (part);
  inos_simulator_destroy (part->simulator);
  end_traces (part);
  g_hash_table_unref (part->traced);
  g_cancellable_cancel (part->cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (news_signals); i++)
    g_dbus_connection_signal_unsubscribe (bus_of (part), part->signals[i]);
  g_clear_handle_id (&part->news, g_source_remove);
  inos_bus_client_destroy (part->node);
  g_clear_pointer (&part->state, json_node_unref);
  g_object_unref (part->cancellable);
  g_free (part);
}

static void greet (gpointer data, JsonObject *greeting)
{
  Part *part = data;

  if (part->state)
    json_object_set_member (greeting, "node", json_node_copy (part->state));
}

const InosAppKind inos_manager_app = {
  .id = "org.inos.NodeManager",
  .path = "/org/inos/NodeManager",
  .page = "node-manager",
  .title = N_ ("Node Manager"),
  .width = 1040,
  .height = 680,
  .commands = &table,
  .create = create,
  .destroy = destroy,
  .greet = greet,
  .lost = on_page_lost,
};
