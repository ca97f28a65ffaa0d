/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh: the subcommands. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define MESH "org.inos.Node1.Mesh"
/* Among the options of a subcommand: it takes up to two arguments more than its count. */
#define UP_TO_TWO_MORE (1u << 31)

static const struct subcommand {
  const char *name;
  const char *arguments; /* how help names them */
  guint count;
  unsigned options; /* enum ctl_option */
  const char *summary;
  int (*run) (struct ctl *ctl);
} subcommands[] = {
  {"status", "", 0, CTL_OPT_JSON, N_ ("who this node is, where it listens, what it moved"),
   ctl_mesh_status},
  {"peers", "", 0, CTL_OPT_JSON | CTL_OPT_WATCH | CTL_OPT_ALL,
   N_ ("whom it is connected to; --all: all that it knows of"), ctl_mesh_peers},
  {"members", "", 0, CTL_OPT_JSON | CTL_OPT_WATCH,
   N_ ("who is in the mesh, who is not any more, and what they have"), ctl_mesh_members},
  {"invite", "", 0, CTL_OPT_JSON | CTL_OPT_INVITE,
   N_ ("print a code that lets somebody in; from then on strangers are kept out"), ctl_mesh_invite},
  {"join", "WHOM", 1, CTL_OPT_JSON, N_ ("become a member, by a code or by asking a member"),
   ctl_mesh_join},
  {"requests", "", 0, CTL_OPT_JSON, N_ ("who asks to be a member"), ctl_mesh_requests},
  {"accept", "PEER", 1, 0, N_ ("let in who asks"), ctl_mesh_accept},
  {"refuse", "PEER", 1, 0, N_ ("do not let in who asks"), ctl_mesh_refuse},
  {"reputation", "[PEER | forget PEER]", 0, CTL_OPT_JSON | UP_TO_TWO_MORE,
   N_ ("what is to be expected of peers, and why; forget what was seen of one"),
   ctl_mesh_reputation},
  {"roll", "", 0, CTL_OPT_JSON, N_ ("who is a member, and by whose word"), ctl_mesh_roll},
  {"revoke", "PEER", 1, 0, N_ ("end a membership for ever"), ctl_mesh_revoke},
  {"pass", "PEER", 1, CTL_OPT_YES, N_ ("give the founder's seat to another member"), ctl_mesh_pass},
  {"rotate", "", 0, CTL_OPT_JSON | CTL_OPT_YES,
   N_ ("give this node another key; a member stays one"), ctl_mesh_rotate},
  {"leave", "", 0, 0, N_ ("be a member no more"), ctl_mesh_leave},
  {"audit", "", 0, CTL_OPT_JSON, N_ ("what has happened to who may come in"), ctl_mesh_audit},
  {"manage", "PEER RIGHT", 2, 0,
   N_ ("what a member may do with this node from its own: look, all or none"), ctl_mesh_manage},
  {"managers", "", 0, CTL_OPT_JSON, N_ ("who may look at this node from another, or manage it"),
   ctl_mesh_managers},
  {"bandwidth", "", 0, CTL_OPT_JSON | CTL_OPT_WATCH,
   N_ ("what goes by, and which peers and protocols move it"), ctl_mesh_bandwidth},
  {"limits", "", 0, CTL_OPT_JSON, N_ ("what it may move and keep"), ctl_mesh_limits},
  {"limit", "WHOM SEND RECEIVE MEMORY", 4, 0,
   N_ ("set what total, peer (each) or a protocol may, in KiB/s and KiB; 0: no limit"),
   ctl_mesh_limit},
  {"save", "METERED BATTERY", 2, 0,
   N_ ("spend less on a metered network, and on battery: auto, yes or no each"), ctl_mesh_save},
  {"inspect", "PEER", 1, CTL_OPT_JSON, N_ ("all there is to know of one"), ctl_mesh_inspect},
  {"why-not-direct", "PEER", 1, CTL_OPT_JSON,
   N_ ("why there is no direct connection to one, and what to do"), ctl_mesh_why_not_direct},
  {"connect", "WHOM", 1, CTL_OPT_JSON, N_ ("dial a peer, or who is at an address"),
   ctl_mesh_connect},
  {"disconnect", "PEER", 1, 0, N_ ("close the connections to a peer"), ctl_mesh_disconnect},
  {"ping", "PEER", 1, CTL_OPT_JSON, N_ ("measure the way there and back"), ctl_mesh_ping},
  {"perf", "PEER", 1, CTL_OPT_JSON, N_ ("measure how fast the connection is"), ctl_mesh_perf},
  {"topics", "", 0, CTL_OPT_JSON, N_ ("what this node has subscribed to"), ctl_mesh_topics},
  {"subscribe", "TOPIC", 1, CTL_OPT_JSON, N_ ("print what is published, until Ctrl-C"),
   ctl_mesh_subscribe},
  {"unsubscribe", "TOPIC", 1, 0, N_ ("leave a topic"), ctl_mesh_unsubscribe},
  {"publish", "TOPIC TEXT", 2, CTL_OPT_JSON, N_ ("publish a text"), ctl_mesh_publish},
  {"nodes", "", 0, CTL_OPT_JSON | CTL_OPT_WATCH, N_ ("what the nodes say of themselves"),
   ctl_mesh_nodes},
  {"states", "", 0, CTL_OPT_JSON, N_ ("which states this node shares"), ctl_mesh_states},
  {"state", "STATE", 1, CTL_OPT_JSON, N_ ("what is in a shared state"), ctl_mesh_state},
  {"state-set", "STATE NAME TEXT", 3, 0, N_ ("set a value of it"), ctl_mesh_state_set},
  {"state-unset", "STATE NAME", 2, 0, N_ ("remove a value"), ctl_mesh_state_unset},
  {"state-add", "STATE SET TEXT", 3, 0, N_ ("add to a set of it"), ctl_mesh_state_add},
  {"state-take", "STATE SET TEXT", 3, 0, N_ ("take out of a set"), ctl_mesh_state_take},
  {"state-count", "STATE COUNTER N", 3, 0, N_ ("add to a counter of it"), ctl_mesh_state_count},
  {"state-open", "STATE", 1, 0, N_ ("share a state from now on"), ctl_mesh_state_open},
  {"state-close", "STATE", 1, 0, N_ ("forget a shared state"), ctl_mesh_state_close},
  {"state-share", "STATE PEERS", 2, 0,
   N_ ("share it with these only, commas between; all: with all"), ctl_mesh_state_share},
  {"groups", "", 0, CTL_OPT_JSON | CTL_OPT_WATCH,
   N_ ("which groups this node is in, and who leads them"), ctl_mesh_groups},
  {"group-join", "GROUP PEERS", 2, 0, N_ ("be in a group with these, commas between"),
   ctl_mesh_group_join},
  {"group-leave", "GROUP", 1, 0, N_ ("be in it no more"), ctl_mesh_group_leave},
  {"group-resign", "GROUP", 1, 0, N_ ("let another lead it"), ctl_mesh_group_resign},
  {"services", "", 0, CTL_OPT_JSON, N_ ("what the nodes offer"), ctl_mesh_services},
  {"find-service", "SERVICE", 1, CTL_OPT_JSON, N_ ("who offers it, the best first"),
   ctl_mesh_find_service},
  {"offers", "", 0, CTL_OPT_JSON, N_ ("what this node offers"), ctl_mesh_offers},
  {"offer", "SERVICE PORT COST", 3, 0, N_ ("offer a service of this machine"), ctl_mesh_offer},
  {"withdraw", "SERVICE", 1, 0, N_ ("offer it no more"), ctl_mesh_withdraw},
  {"put", "KEY TEXT", 2, CTL_OPT_JSON, N_ ("put a value into the DHT"), ctl_mesh_put},
  {"get", "KEY", 1, 0, N_ ("print the value that the DHT has"), ctl_mesh_get},
  {"provide", "KEY", 1, CTL_OPT_JSON, N_ ("say that this node provides something"),
   ctl_mesh_provide},
  {"unprovide", "KEY", 1, 0, N_ ("say so no more"), ctl_mesh_unprovide},
  {"providers", "KEY", 1, CTL_OPT_JSON, N_ ("find who provides something"), ctl_mesh_providers},
  {"find", "PEER", 1, CTL_OPT_JSON, N_ ("find where a peer is"), ctl_mesh_find},
};

static const struct {
  unsigned option;
  const char *name;
} options[] = {{CTL_OPT_WATCH, "--watch"},
               {CTL_OPT_JSON, "--json"},
               {CTL_OPT_ALL, "--all"},
               {CTL_OPT_INVITE, "--hours, --uses, --ask"},
               {CTL_OPT_YES, "--yes"}};

void ctl_mesh_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++) {
    g_autofree char *usage =
      g_strdup_printf ("%s %s", subcommands[i].name, subcommands[i].arguments);
    g_print ("  %-27s  %s\n", usage, _ (subcommands[i].summary));
  }
}

static int fail (struct ctl *ctl, const GError *error, const char *what)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);
  int status = ctl_bus_fail (ctl, CTL_NODE, error, what);

  return g_strcmp0 (remote, "org.inos.Error.NotFound") == 0 ? CTL_NO_OBJECT : status;
}

GVariant *ctl_mesh_call (struct ctl *ctl, const char *method, GVariant *parameters,
                         const char *type, const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call_long (ctl, CTL_NODE, ctl_service_path (CTL_NODE), MESH,
                                                  method, parameters, &error);

  if (reply == NULL) {
    *status = fail (ctl, error, what);
    return NULL;
  }
  return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
}

/* The command line */

static const struct subcommand *find (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, name) == 0)
      return &subcommands[i];
  return NULL;
}

char *ctl_mesh_table (const struct ctl *ctl, const struct ctl_column *columns, gsize n_columns,
                      GVariant *rows, void (*add_row) (CtlTable *table, GVariant *row))
{
  g_autoptr (CtlTable) table = ctl_table_new (columns, n_columns);
  GString *out = g_string_new (NULL);
  int width, height;

  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    add_row (table, row);
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  return g_string_free (out, FALSE);
}

void ctl_mesh_draw (const struct ctl *ctl, const char *text, int *lines)
{
  if (ctl->watch && ctl->terminal)
    *lines = ctl_text_draw_over (text, *lines);
  else
    g_print ("%s", text);
}

/* NULL where all is well. */
static char *problem (const struct ctl *ctl, const struct subcommand *subcommand, guint given)
{
  guint most = subcommand->count + (subcommand->options & UP_TO_TWO_MORE ? 2 : 0);

  if (given > 0 && most == 0)
    return g_strdup_printf (_ ("'%s' takes no argument, '%s' is one"), subcommand->name,
                            ctl->arguments[1]);
  if (given < subcommand->count || given > most)
    return g_strdup_printf (_ ("'%s' takes %s"), subcommand->name, subcommand->arguments);
  for (size_t i = 0; i < G_N_ELEMENTS (options); i++)
    if (ctl->given & options[i].option & ~subcommand->options)
      return g_strdup_printf (_ ("%s does not go with '%s'"), options[i].name, subcommand->name);
  if (ctl->system && subcommand->run == ctl_mesh_subscribe) /* its signals come on a bus */
    return g_strdup_printf (_ ("%s does not go with '%s'"), "--system", subcommand->name);
  return NULL;
}

int ctl_cmd_mesh (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const struct subcommand *subcommand = given > 0 ? find (ctl->arguments[0]) : &subcommands[0];
  g_autofree char *wrong = NULL;

  if (subcommand == NULL) {
    wrong = g_strdup_printf (_ ("there is no command '%s'"), ctl->arguments[0]);
    return ctl_usage ("mesh", wrong);
  }
  wrong = problem (ctl, subcommand, given > 0 ? given - 1 : 0);
  if (wrong != NULL)
    return ctl_usage ("mesh", wrong);
  return subcommand->run (ctl);
}
