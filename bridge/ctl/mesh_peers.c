/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh: peers and the ways to them. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS "a(sssubbttt)"
enum { LIMIT = 512 };
#define PERF_BYTES (G_GUINT64_CONSTANT (256) << 20)

/* Status */

static void print_list (const char *heading, GVariant *rows, const char *type)
{
  GVariantIter iter;
  const char *text;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, type, &text, NULL)) {
    g_autofree char *clean = ctl_text_clean (text);
    g_print ("%-12s %s\n", heading, clean);
    heading = "";
  }
}

/* What AutoNAT found out, if anything yet. */
static void print_reach (GVariant *status)
{
  g_autofree char *reach = props_string (status, "reachability");

  if (g_str_equal (reach, "reachable"))
    g_print (_ ("%-12s others can reach it\n"), _ ("from outside"));
  else if (g_str_equal (reach, "unreachable"))
    g_print (_ ("%-12s others cannot reach it: it needs a relay\n"), _ ("from outside"));
  else if (g_str_equal (reach, "no-address"))
    g_print (_ ("%-12s it has no public address\n"), _ ("from outside"));
}

/* Who may come in, and what this node is there. */
static void print_trust (GVariant *status)
{
  g_autofree char *access = props_string (status, "access");
  g_autofree char *standing = props_string (status, "standing");
  g_autofree char *joining = props_string (status, "joining");
  guint requests = props_uint32 (status, "requests");

  if (g_str_equal (access, "members"))
    g_print (_ ("%-12s strangers only get what is public\n"), _ ("members"));
  if (g_str_equal (standing, "revoked"))
    g_print (_ ("%-12s this node was revoked; 'inosctl mesh leave' forgets the mesh\n"), "");
  if (*joining)
    g_print (_ ("%-12s until somebody accepts it there\n"), _ ("waits"));
  if (requests > 0)
    g_print (_ ("%-12s %u: see 'inosctl mesh requests'\n"), _ ("requests"), requests);
}

/* What the router of its network does for it. */
static void print_router (GVariant *status)
{
  g_autofree char *mapping = props_string (status, "port-mapping");

  if (g_str_equal (mapping, "nat-pmp") || g_str_equal (mapping, "upnp"))
    g_print (_ ("%-12s lets others in at its own address\n"), _ ("router"));
  else if (g_str_equal (mapping, "none"))
    g_print (_ ("%-12s none answers by NAT-PMP or UPnP\n"), _ ("router"));
  else if (g_str_equal (mapping, "refused"))
    g_print (_ ("%-12s it does not give this node a port\n"), _ ("router"));
  else if (g_str_equal (mapping, "private"))
    g_print (_ ("%-12s it has no public address itself\n"), _ ("router"));
}

static void print_saving (GVariant *status)
{
  g_autofree char *metered = props_string (status, "metered-why");
  g_autofree char *battery = props_string (status, "battery-why");

  if (props_bool (status, "metered"))
    g_print (g_str_equal (metered, "set")
               ? _ ("%-12s as on a metered network, as was set\n")
               : _ ("%-12s the network is metered: less is sent, others are not served\n"),
             _ ("saves"));
  if (props_bool (status, "battery"))
    g_print (g_str_equal (battery, "set")
               ? _ ("%-12s as on battery, as was set\n")
               : _ ("%-12s on battery: others are not served, and asked less often\n"),
             _ ("saves"));
}

static void print_status (GVariant *status)
{
  g_autoptr (GVariant) addresses = props_value (status, "addresses", "as");
  g_autoptr (GVariant) observed = props_value (status, "observed", "a(su)");
  g_autofree char *id = props_string (status, "peer-id");
  g_autofree char *clean = ctl_text_clean (id);
  g_autofree char *sent = ctl_text_bytes (props_uint64 (status, "sent"));
  g_autofree char *received = ctl_text_bytes (props_uint64 (status, "received"));

  g_print ("%-12s %s\n", _ ("node"), clean);
  print_list (_ ("listens at"), addresses, "&s");
  print_list (_ ("seen at"), observed, "(&su)");
  g_print (_ ("%-12s %u connected, %u known, %u connections\n"), _ ("peers"),
           props_uint32 (status, "peers"), props_uint32 (status, "known"),
           props_uint32 (status, "connections"));
  g_print (_ ("%-12s %s sent, %s received\n"), _ ("traffic"), sent, received);
  print_reach (status);
  print_trust (status);
  print_router (status);
  print_saving (status);
  if (props_bool (status, "private"))
    g_print (_ ("%-12s only peers with its key come in\n"), _ ("private"));
}

int ctl_mesh_status (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "Status", NULL, "(a{sv})", _ ("cannot ask the mesh"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) all = g_variant_get_child_value (reply, 0);
  if (ctl->json)
    ctl_mesh_print_json (all);
  else
    print_status (all);
  return CTL_OK;
}

/* Peers */

static const char *const names[] = {"id",      "agent", "address",  "connections", "inbound",
                                    "relayed", "sent",  "received", "round_trip",  NULL};

static const char *way (guint connections, gboolean inbound, gboolean relayed)
{
  if (connections == 0)
    return "–";
  if (relayed)
    return _ ("relayed");
  return inbound ? _ ("from it") : _ ("to it");
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *id, *agent, *address;
  guint64 sent, received, round_trip;
  gboolean inbound, relayed;
  guint connections;

  g_variant_get (row, "(&s&s&subbttt)", &id, &agent, &address, &connections, &inbound, &relayed,
                 &sent, &received, &round_trip);
  g_autofree char *out = ctl_text_bytes (sent), *in = ctl_text_bytes (received);
  g_autofree char *time = round_trip > 0 ? ctl_text_time (round_trip) : g_strdup ("–");
  ctl_table_cell (table, connections > 0 ? CTL_PLAIN : CTL_DIM, id);
  ctl_table_cell (table, CTL_DIM, agent);
  ctl_table_cell (table, CTL_DIM, address);
  ctl_table_cell (table, CTL_PLAIN, way (connections, inbound, relayed));
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cell (table, CTL_PLAIN, connections > 0 ? in : "–");
  ctl_table_cell (table, CTL_PLAIN, connections > 0 ? out : "–");
}

static char *format_peers (struct ctl *ctl, GVariant *rows)
{
  const struct ctl_column columns[] = {
    {_ ("PEER"), false, true},       {_ ("AGENT"), false, true}, {_ ("ADDRESS"), false, true},
    {_ ("CONNECTED"), false, false}, {_ ("TIME"), true, false},  {_ ("RECEIVED"), true, false},
    {_ ("SENT"), true, false},
  };

  return ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_row);
}

static int show_peers (struct ctl *ctl, void *data)
{
  int *lines = data, status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ListPeers", g_variant_new ("(bu)", (gboolean)ctl->all, LIMIT),
                   "(u" ROWS ")", _ ("cannot list the peers"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 1);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_rows (json, "peers", rows, names);
    json_builder_end_object (json);
    json_print (json, ctl->watch);
    return CTL_OK;
  }
  g_autofree char *text = g_variant_n_children (rows) > 0
                            ? format_peers (ctl, rows)
                            : g_strdup (_ ("No peer is connected.\n"));
  ctl_mesh_draw (ctl, text, lines);
  return CTL_OK;
}

int ctl_mesh_peers (struct ctl *ctl)
{
  int lines = 0, status = show_peers (ctl, &lines);

  return ctl->watch && status == CTL_OK ? ctl_actors_repeat (ctl, show_peers, &lines) : status;
}

/* One peer */

static void print_details (struct ctl *ctl, GVariant *details)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, details);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value)) {
    if (g_variant_is_container (value)) {
      g_print ("%s\n", key);
      for (gsize i = 0; i < g_variant_n_children (value); i++) {
        g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
        g_autofree char *text = g_variant_is_of_type (child, G_VARIANT_TYPE_STRING)
                                  ? g_variant_dup_string (child, NULL)
                                  : g_variant_print (child, FALSE);
        g_autofree char *clean = ctl_text_clean (text);
        g_print ("  %s\n", clean);
      }
      continue;
    }
    g_autofree char *text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
                              ? g_variant_dup_string (value, NULL)
                              : g_variant_print (value, FALSE);
    g_autofree char *clean = ctl_text_clean (text);
    g_print ("%-12s %s\n", key, clean);
  }
}

int ctl_mesh_show_peer (struct ctl *ctl, const char *method, const char *what,
                        void (*print) (struct ctl *ctl, GVariant *details))
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, method, g_variant_new ("(s)", ctl->arguments[1]), "(a{sv})", what, &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) details = g_variant_get_child_value (reply, 0);
  if (ctl->json)
    ctl_mesh_print_json (details);
  else
    print (ctl, details);
  return CTL_OK;
}

int ctl_mesh_inspect (struct ctl *ctl)
{
  return ctl_mesh_show_peer (ctl, "InspectPeer", _ ("cannot inspect the peer"), print_details);
}

int ctl_mesh_connect (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (
    ctl, "Connect", g_variant_new ("(s)", ctl->arguments[1]), "(s)", _ ("cannot connect"), &status);
  const char *peer;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&s)", &peer);
  ctl_mesh_print_one (ctl, "peer", g_variant_new_string (peer), _ ("connected to"), peer);
  return CTL_OK;
}

int ctl_mesh_disconnect (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "Disconnect", g_variant_new ("(s)", ctl->arguments[1]), "()",
                   _ ("cannot disconnect"), &status);

  return status;
}

int ctl_mesh_ping (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, "Ping", g_variant_new ("(s)", ctl->arguments[1]),
                                              "(t)", _ ("cannot ping"), &status);
  guint64 ns;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(t)", &ns);
  g_autofree char *time = ctl_text_time (ns);
  ctl_mesh_print_one (ctl, "round_trip", g_variant_new_uint64 (ns), _ ("there and back"), time);
  return CTL_OK;
}

static double rate (guint64 bytes, guint64 ns)
{
  return ns > 0 ? (double)bytes * 1e9 / (double)ns : 0;
}

/* Each way by itself, so that one knows both. */
int ctl_mesh_perf (struct ctl *ctl)
{
  guint64 sent, received, up_ns, down_ns;
  int status;
  g_autoptr (GVariant) up = ctl_mesh_call (
    ctl, "MeasurePeer", g_variant_new ("(stt)", ctl->arguments[1], PERF_BYTES, (guint64)0), "(ttt)",
    _ ("cannot measure"), &status);
  if (up == NULL)
    return status;
  g_autoptr (GVariant) down = ctl_mesh_call (
    ctl, "MeasurePeer", g_variant_new ("(stt)", ctl->arguments[1], (guint64)0, PERF_BYTES), "(ttt)",
    _ ("cannot measure"), &status);
  if (down == NULL)
    return status;
  g_variant_get (up, "(ttt)", &sent, NULL, &up_ns);
  g_variant_get (down, "(ttt)", NULL, &received, &down_ns);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_double (json, "up", rate (sent, up_ns));
    json_add_double (json, "down", rate (received, down_ns));
    json_builder_end_object (json);
    json_print (json, false);
    return CTL_OK;
  }
  g_autofree char *there = ctl_text_bytes ((guint64)rate (sent, up_ns));
  g_autofree char *back = ctl_text_bytes ((guint64)rate (received, down_ns));
  g_print (_ ("%s/s there, %s/s back\n"), there, back);
  return CTL_OK;
}
