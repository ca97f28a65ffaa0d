/*
 * Why there is no direct connection to a peer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/mesh/host/error.h"
#include "node/mesh/relay/dcutr_message.h"
#include "node/mesh/relay/own_place.h"

#define NS_PER_MS UINT64_C (1000000)
#define OWN_MAX 8u /* public addresses of this node that are told */

/* The peer, as it is known */

static void add_addresses (GVariantBuilder *all, const struct inos_peer *peer, uint64_t now)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sssut)"));
  for (guint i = 0; peer && i < peer->addresses->len; i++) {
    const struct inos_known_address *known =
      &g_array_index (peer->addresses, struct inos_known_address, i);
    g_autofree char *text = inos_multiaddr_text (&known->address);
    uint64_t age = known->last == INOS_DIAL_NEVER ? 0 : (now - known->dialled) / NS_PER_MS;
    g_variant_builder_add (&rows, "(sssut)", text, inos_address_source_name (known->source),
                           inos_dial_ending_name (known->last), known->failures, age);
  }
  g_variant_builder_add (all, "{sv}", "addresses", g_variant_builder_end (&rows));
}

static bool names (const struct inos_peer *peer, bool relayed)
{
  for (guint i = 0; peer && i < peer->addresses->len; i++) {
    const struct inos_multiaddr *address =
      &g_array_index (peer->addresses, struct inos_known_address, i).address;
    bool circuit = inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT);
    if (circuit ? relayed : !relayed && inos_multiaddr_reach (address) == INOS_REACH_PUBLIC)
      return true;
  }
  return false;
}

static void add_connection (GVariantBuilder *all, struct inos_host *host,
                            const struct inos_peer_id *id)
{
  struct inos_multiaddr address = {0};
  bool there = inos_host_peer_address (host, id, &address);
  g_autofree char *text = there ? inos_multiaddr_text (&address) : g_strdup ("");
  const char *kind = !there ? "none" : inos_host_is_direct (host, id) ? "direct" : "relayed";

  g_variant_builder_add (all, "{sv}", "connection", g_variant_new_string (kind));
  g_variant_builder_add (all, "{sv}", "address", g_variant_new_string (text));
}

static void add_peer (GVariantBuilder *all, const struct inos_peer *peer)
{
  bool identified = peer && peer->protocols->len > 0;
  bool punches = identified && inos_peer_speaks (peer, INOS_DCUTR_PROTOCOL);

  g_variant_builder_add (all, "{sv}", "peer-identified", g_variant_new_boolean (identified));
  g_variant_builder_add (all, "{sv}", "peer-punches", g_variant_new_boolean (punches));
  g_variant_builder_add (all, "{sv}", "peer-is-public",
                         g_variant_new_boolean (names (peer, false)));
  g_variant_builder_add (all, "{sv}", "peer-has-relay", g_variant_new_boolean (names (peer, true)));
}

/* This node */

static void add_own (GVariantBuilder *all, const struct inos_mesh_parts *parts)
{
  struct inos_multiaddr places[OWN_MAX];
  unsigned n = inos_own_places (parts->host, false, places, OWN_MAX);
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("as"));
  for (unsigned i = 0; i < n; i++) {
    g_autofree char *text = inos_multiaddr_text (&places[i]);
    g_variant_builder_add (&list, "s", text);
  }
  g_variant_builder_add (all, "{sv}", "own-addresses", g_variant_builder_end (&list));
  g_variant_builder_add (all, "{sv}", "reachability",
                         g_variant_new_string (inos_ask_reachability (parts)));
}

const char *inos_ask_punching (const struct inos_mesh_parts *parts, const struct inos_peer_id *id)
{
  const struct inos_dcutr *dcutr = inos_relays_dcutr (parts->relays);
  struct inos_dcutr_report report;

  inos_dcutr_report (dcutr, id, &report);
  return dcutr ? inos_dcutr_outcome_name (report.outcome) : "off";
}

static void add_punching (GVariantBuilder *all, const struct inos_mesh_parts *parts,
                          const struct inos_peer_id *id)
{
  const struct inos_dcutr *dcutr = inos_relays_dcutr (parts->relays);
  struct inos_dcutr_report report;

  inos_dcutr_report (dcutr, id, &report);
  g_variant_builder_add (all, "{sv}", "hole-punching",
                         g_variant_new_string (inos_ask_punching (parts, id)));
  g_variant_builder_add (all, "{sv}", "tries", g_variant_new_uint32 (report.tries));
}

/* The answer */

static void answer (struct inos_ask *ask, const struct inos_peer_id *id, const GError *error)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (parts->host), id);
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{sv}"));
  add_connection (&all, parts->host, id);
  add_addresses (&all, peer, inos_env_now (inos_host_env (parts->host)));
  add_peer (&all, peer);
  add_own (&all, parts);
  add_punching (&all, parts, id);
  g_variant_builder_add (&all, "{sv}", "error", g_variant_new_string (error ? error->message : ""));
  inos_ask_answer (ask, g_variant_new ("(@a{sv})", g_variant_builder_end (&all)));
}

static void on_tried (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct inos_ask *ask = data;
  struct inos_peer_id id;

  if (error && g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT))
    inos_ask_refuse_error (ask, error); /* or it is this node itself */
  else if (inos_ask_peer (ask, &id))
    answer (ask, &id, error);
}

/* What was tried long ago says little, and so it is tried now. */
void inos_ask_why_not_direct (struct inos_ask *ask)
{
  struct inos_peer_id id;

  if (inos_ask_peer (ask, &id))
    inos_host_connect_direct (inos_ask_parts (ask)->host, &id, NULL, 0, on_tried, ask);
}
