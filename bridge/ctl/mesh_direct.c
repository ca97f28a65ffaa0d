/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh why-not-direct: why there is no direct connection to a peer, and what to do. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ADDRESSES "a(sssut)"
#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

/* A word of the node, and what a person is told. */
struct word {
  const char *name, *text;
};

static const struct word sources[] = {
  {"hearsay", N_ ("others say")},     {"self", N_ ("it says")},
  {"certified", N_ ("it signed")},    {"configured", N_ ("it is configured")},
  {"connected", N_ ("it was there")},
};

static const struct word endings[] = {
  {"never", N_ ("not dialled yet")},
  {"worked", N_ ("answered")},
  {"refused", N_ ("refused: nothing listens there")},
  {"timed-out", N_ ("no answer")},
  {"no-route", N_ ("no way to that network")},
  {"no-name", N_ ("the name leads nowhere")},
  {"wrong-peer", N_ ("another node is there")},
  {"strange", N_ ("what answers is no node of this mesh")},
  {"closed", N_ ("it hung up")},
  {"no-network", N_ ("this node does not speak that")},
  {"no-circuit", N_ ("the relay did not pass the call on")},
  {"failed", N_ ("failed")},
};

static const struct word punching[] = {
  {"off", N_ ("switched off on this node")},
  {"nothing", N_ ("not tried: there was no relayed connection")},
  {"running", N_ ("being tried now")},
  {"succeeded", N_ ("worked")},
  {"unsupported", N_ ("the peer does not do it")},
  {"no-address", N_ ("nobody sees this node at a public address")},
  {"no-address-there", N_ ("the peer names no public address")},
  {"no-way", N_ ("tried: the two dials did not meet")},
  {"broken", N_ ("the peer stopped in the middle of it")},
  {"busy", N_ ("too many others were being tried")},
};

static const struct word reach[] = {
  {"unknown", N_ ("nobody has tried yet whether others can reach it")},
  {"no-address", N_ ("it has no public address")},
  {"reachable", N_ ("others can reach it")},
  {"unreachable", N_ ("others cannot reach it")},
};

#define TEXT(words, name) text_of (words, G_N_ELEMENTS (words), name)

static const char *text_of (const struct word *words, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (words[i].name, name) == 0)
      return _ (words[i].text);
  return name;
}

/* What is known */

static void add_row (CtlTable *table, GVariant *row)
{
  const char *address, *source, *ending;
  guint failures;
  guint64 age;

  g_variant_get (row, "(&s&s&sut)", &address, &source, &ending, &failures, &age);
  g_autofree char *ago = ctl_text_time (age * NS_PER_MS);
  bool dialled = strcmp (ending, "never") != 0;
  ctl_table_cell (table, CTL_PLAIN, address);
  ctl_table_cell (table, CTL_DIM, TEXT (sources, source));
  ctl_table_cell (table, CTL_PLAIN, TEXT (endings, ending));
  ctl_table_cell (table, CTL_DIM, dialled ? ago : "–");
}

static void print_addresses (struct ctl *ctl, GVariant *rows)
{
  const struct ctl_column columns[] = {
    {_ ("ADDRESS"), false, true},
    {_ ("WHO SAYS SO"), false, false},
    {_ ("LAST DIAL"), false, false},
    {_ ("AGO"), true, false},
  };

  if (g_variant_n_children (rows) == 0)
    return;
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_row);
  g_print ("%s", text);
}

static void print_connection (GVariant *all, const char *kind)
{
  g_autofree char *address = props_string (all, "address");
  g_autofree char *clean = ctl_text_clean (address);

  if (strcmp (kind, "direct") == 0)
    g_print (_ ("The connection is direct: %s\n"), clean);
  else if (strcmp (kind, "relayed") == 0)
    g_print (_ ("The connection goes by a relay: %s\n"), clean);
  else
    g_print (_ ("There is no connection.\n"));
}

static void print_sides (GVariant *all)
{
  g_autofree char *reachability = props_string (all, "reachability");
  g_autofree char *holes = props_string (all, "hole-punching");
  g_autoptr (GVariant) own = props_value (all, "own-addresses", "as");
  const char *there = props_bool (all, "peer-is-public")   ? _ ("it names a public address")
                      : props_bool (all, "peer-has-relay") ? _ ("it is found only at a relay")
                                                           : _ ("it names no public address");
  GVariantIter iter;
  const char *address;

  g_print ("%-14s %s\n", _ ("this node"), TEXT (reach, reachability));
  g_variant_iter_init (&iter, own);
  while (g_variant_iter_next (&iter, "&s", &address)) {
    g_autofree char *clean = ctl_text_clean (address);
    g_print ("%-14s %s\n", "", clean);
  }
  g_print ("%-14s %s\n", _ ("the peer"), there);
  g_print ("%-14s %s\n", _ ("hole punching"), TEXT (punching, holes));
}

/* What to do */

/* How many of its addresses that are no relay's ended so. */
static guint count (GVariant *rows, const char *wanted)
{
  GVariantIter iter;
  const char *address, *ending;
  guint n = 0;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&s&s&sut)", &address, NULL, &ending, NULL, NULL))
    n += strstr (address, "/p2p-circuit") == NULL && strcmp (ending, wanted) == 0;
  return n;
}

static void advise (const char *text)
{
  g_print ("  %s\n", text);
}

static void advise_on_dials (GVariant *rows)
{
  static const struct word advice[] = {
    {"refused", N_ ("Start the node there, or have it listen at the port that its address names.")},
    {"timed-out", N_ ("See that the machine is on, and that its firewall and router let TCP in at "
                      "that port.")},
    {"no-route", N_ ("See that this machine is connected to a network that leads there.")},
    {"no-name", N_ ("Correct the name in the address, or the DNS.")},
    {"wrong-peer", N_ ("Forget that address: the machine has another node now.")},
    {"strange", N_ ("See that both nodes have the same private-key-file, and that the port is the "
                    "node's.")},
    {"closed", N_ ("See in the log of the node there why it hung up: it may have too many "
                   "connections.")},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (advice); i++)
    if (count (rows, advice[i].name) > 0)
      advise (_ (advice[i].text));
}

static void advise_on_punching (GVariant *all, const char *holes)
{
  if (strcmp (holes, "off") == 0)
    advise (_ ("Set hole-punching=true in this node's node.ini."));
  else if (strcmp (holes, "unsupported") == 0)
    advise (_ ("Set hole-punching=true in the node.ini of the node there."));
  else if (strcmp (holes, "no-way") == 0 || strcmp (holes, "no-address") == 0 ||
           strcmp (holes, "no-address-there") == 0)
    advise (
      _ ("Forward the node's TCP port in the router of either side, or set port-mapping=true in "
         "its node.ini: this NAT cannot be got through otherwise."));
  else if (strcmp (holes, "broken") == 0 || strcmp (holes, "busy") == 0)
    advise (_ ("Disconnect and connect again: it may work the next time."));
}

static void print_advice (GVariant *all, GVariant *rows, const char *kind)
{
  g_autofree char *holes = props_string (all, "hole-punching");

  g_print (_ ("What to do:\n"));
  if (g_variant_n_children (rows) == 0)
    advise (_ ("Say where it is: 'inosctl mesh connect ADDRESS', or look in the DHT: 'inosctl mesh "
               "find PEER'."));
  advise_on_dials (rows);
  if (strcmp (kind, "relayed") == 0)
    advise_on_punching (all, holes);
  else if (!props_bool (all, "peer-has-relay") && g_variant_n_children (rows) > 0)
    advise (_ ("Give it a place at a relay, if nobody can reach it: listen=…/p2p-circuit in its "
               "node.ini."));
}

/* The command */

static void print_all (struct ctl *ctl, GVariant *all)
{
  g_autoptr (GVariant) rows = props_value (all, "addresses", ADDRESSES);
  g_autofree char *kind = props_string (all, "connection");

  print_connection (all, kind);
  if (strcmp (kind, "direct") == 0)
    return;
  if (g_variant_n_children (rows) == 0)
    g_print (_ ("No address of it is known.\n"));
  print_addresses (ctl, rows);
  print_sides (all);
  print_advice (all, rows, kind);
}

int ctl_mesh_why_not_direct (struct ctl *ctl)
{
  return ctl_mesh_show_peer (ctl, "ExplainPeer", _ ("cannot find out"), print_all);
}
