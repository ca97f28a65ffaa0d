/*
 * Who is there, and how it is with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/host/peer_book.h"

#define ROWS 512u
#define PERF_MAX (G_GUINT64_CONSTANT (64) << 30) /* bytes each way */

/* Status */

static GVariant *listening (struct inos_host *host)
{
  const GArray *addresses = inos_host_listening_at (host);
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < addresses->len; i++) {
    g_autofree char *text =
      inos_multiaddr_text (&g_array_index (addresses, struct inos_multiaddr, i));
    g_variant_builder_add (&list, "s", text);
  }
  return g_variant_builder_end (&list);
}

static GVariant *observed (struct inos_host *host)
{
  struct inos_multiaddr address;
  unsigned voters;
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(su)"));
  for (unsigned i = 0; inos_host_observed_at (host, i, &address, &voters); i++) {
    g_autofree char *text = inos_multiaddr_text (&address);
    g_variant_builder_add (&list, "(su)", text, voters);
  }
  return g_variant_builder_end (&list);
}

const char *inos_ask_reachability (const struct inos_mesh_parts *parts)
{
  switch (inos_autonat_reachability (inos_relays_autonat (parts->relays))) {
  case INOS_REACHABILITY_NO_ADDRESS:
    return "no-address";
  case INOS_REACHABILITY_REACHABLE:
    return "reachable";
  case INOS_REACHABILITY_UNREACHABLE:
    return "unreachable";
  case INOS_REACHABILITY_UNKNOWN:
  default:
    return "unknown";
  }
}

static void add_trust (GVariantBuilder *status, struct inos_trust *trust,
                       const struct inos_peer_id *self)
{
  const struct inos_roll *roll = inos_trust_roll (trust);
  const struct inos_peer_id *joining = inos_trust_joining (trust);
  char id[INOS_PEER_TEXT_MAX] = "";

  if (joining)
    inos_peer_id_text (joining, id);
  g_variant_builder_add (status, "{sv}", "access",
                         g_variant_new_string (inos_trust_is_closed (trust) ? "members" : "open"));
  g_variant_builder_add (
    status, "{sv}", "standing",
    g_variant_new_string (inos_trust_standing (inos_roll_standing (roll, self))));
  g_variant_builder_add (status, "{sv}", "joining", g_variant_new_string (id));
  g_variant_builder_add (
    status, "{sv}", "requests",
    g_variant_new_uint32 (inos_requests_list (inos_trust_requests (trust))->len));
}

static void add_datagrams (GVariantBuilder *status, const struct inos_datagrams_stats *stats)
{
  uint64_t refused = stats->malformed + stats->forged + stats->repeated + stats->strange;

  g_variant_builder_add (status, "{sv}", "datagrams-sent", g_variant_new_uint64 (stats->sent));
  g_variant_builder_add (status, "{sv}", "datagrams-received",
                         g_variant_new_uint64 (stats->received));
  g_variant_builder_add (status, "{sv}", "datagrams-refused", g_variant_new_uint64 (refused));
}

void inos_ask_status (struct inos_ask *ask)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  struct inos_host_totals totals;
  char id[INOS_PEER_TEXT_MAX];
  GVariantBuilder status;

  inos_host_totals (parts->host, &totals);
  inos_peer_id_text (inos_host_id (parts->host), id);
  g_variant_builder_init (&status, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&status, "{sv}", "peer-id", g_variant_new_string (id));
  g_variant_builder_add (&status, "{sv}", "addresses", listening (parts->host));
  g_variant_builder_add (&status, "{sv}", "observed", observed (parts->host));
  g_variant_builder_add (&status, "{sv}", "peers", g_variant_new_uint32 (totals.peers));
  g_variant_builder_add (&status, "{sv}", "known", g_variant_new_uint32 (totals.known));
  g_variant_builder_add (&status, "{sv}", "connections", g_variant_new_uint32 (totals.connections));
  g_variant_builder_add (&status, "{sv}", "sent", g_variant_new_uint64 (totals.sent));
  g_variant_builder_add (&status, "{sv}", "received", g_variant_new_uint64 (totals.received));
  g_variant_builder_add (&status, "{sv}", "reachability",
                         g_variant_new_string (inos_ask_reachability (parts)));
  g_variant_builder_add (
    &status, "{sv}", "members",
    g_variant_new_uint32 (inos_members_estimate (inos_membership_members (parts->membership))));
  g_variant_builder_add (
    &status, "{sv}", "reputations",
    g_variant_new_uint32 (inos_reputation_count (inos_reputations_own (parts->reputations))));
  add_trust (&status, parts->trust, inos_host_id (parts->host));
  g_variant_builder_add (&status, "{sv}", "port-mapping",
                         g_variant_new_string (inos_ports_state (parts->ports)));
  inos_saving_add_status (parts->saving, &status);
  add_datagrams (&status, inos_membership_datagrams (parts->membership));
  g_variant_builder_add (&status, "{sv}", "private", g_variant_new_boolean (parts->is_private));
  inos_ask_answer (ask, g_variant_new ("(@a{sv})", g_variant_builder_end (&status)));
}

/* Peers */

static char *address_of (struct inos_host *host, const struct inos_peer *peer)
{
  struct inos_multiaddr address = {0};

  if (!inos_host_peer_address (host, &peer->id, &address) && peer->addresses->len > 0)
    address = g_array_index (peer->addresses, struct inos_known_address, 0).address;
  return inos_multiaddr_text (&address);
}

static void add_peer (GVariantBuilder *rows, struct inos_host *host, const struct inos_peer *peer)
{
  g_autofree char *address = address_of (host, peer);
  struct inos_host_peer_stats stats;
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&peer->id, id);
  inos_host_peer_stats (host, &peer->id, &stats);
  g_variant_builder_add (rows, "(sssubbttt)", id, peer->agent ? peer->agent : "", address,
                         stats.connections, stats.inbound, stats.relayed, stats.sent,
                         stats.received, stats.round_trip);
}

void inos_ask_peers (struct inos_ask *ask)
{
  struct inos_host *host = inos_ask_parts (ask)->host;
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (host));
  GVariantBuilder rows;
  gboolean all;
  guint32 limit, shown = 0, total = 0;

  g_variant_get (inos_ask_parameters (ask), "(bu)", &all, &limit);
  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_PEER_ROWS_TYPE));
  for (guint i = 0; i < peers->len; i++) {
    const struct inos_peer *peer = peers->pdata[i];
    if (!all && peer->links->len == 0)
      continue;
    total++;
    if (shown < MIN (limit, ROWS)) {
      add_peer (&rows, host, peer);
      shown++;
    }
  }
  inos_ask_answer (
    ask, g_variant_new ("(u@" INOS_MESH_PEER_ROWS_TYPE ")", total, g_variant_builder_end (&rows)));
}

static GVariant *known_addresses (const struct inos_peer *peer)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(ssu)"));
  for (guint i = 0; i < peer->addresses->len; i++) {
    const struct inos_known_address *known =
      &g_array_index (peer->addresses, struct inos_known_address, i);
    g_autofree char *text = inos_multiaddr_text (&known->address);
    g_variant_builder_add (&list, "(ssu)", text, inos_address_source_name (known->source),
                           known->failures);
  }
  return g_variant_builder_end (&list);
}

void inos_ask_inspect (struct inos_ask *ask)
{
  struct inos_host *host = inos_ask_parts (ask)->host;
  struct inos_host_peer_stats stats;
  struct inos_peer_id id;
  GVariantBuilder all;

  if (!inos_ask_peer (ask, &id))
    return;
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (host), &id);
  if (!peer) {
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "Nothing is known of this peer.");
    return;
  }
  inos_host_peer_stats (host, &id, &stats);
  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&all, "{sv}", "agent",
                         g_variant_new_string (peer->agent ? peer->agent : ""));
  g_variant_builder_add (
    &all, "{sv}", "protocols",
    g_variant_new_strv ((const char *const *)peer->protocols->pdata, (gssize)peer->protocols->len));
  g_variant_builder_add (&all, "{sv}", "addresses", known_addresses (peer));
  g_variant_builder_add (&all, "{sv}", "connections", g_variant_new_uint32 (stats.connections));
  g_variant_builder_add (&all, "{sv}", "inbound", g_variant_new_boolean (stats.inbound));
  g_variant_builder_add (&all, "{sv}", "relayed", g_variant_new_boolean (stats.relayed));
  g_variant_builder_add (&all, "{sv}", "hole-punching",
                         g_variant_new_string (inos_ask_punching (inos_ask_parts (ask), &id)));
  g_variant_builder_add (&all, "{sv}", "sent", g_variant_new_uint64 (stats.sent));
  g_variant_builder_add (&all, "{sv}", "received", g_variant_new_uint64 (stats.received));
  g_variant_builder_add (&all, "{sv}", "round-trip", g_variant_new_uint64 (stats.round_trip));
  g_variant_builder_add (&all, "{sv}", "worth", g_variant_new_uint32 (inos_peer_worth (peer)));
  inos_ask_answer (ask, g_variant_new ("(@a{sv})", g_variant_builder_end (&all)));
}

/* Connections */

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct inos_ask *ask = data;
  char id[INOS_PEER_TEXT_MAX];

  if (error) {
    inos_ask_refuse_error (ask, error);
    return;
  }
  inos_peer_id_text (peer, id);
  inos_ask_answer (ask, g_variant_new ("(s)", id));
}

/* A peer id, or an address with or without one. */
void inos_ask_connect (struct inos_ask *ask)
{
  struct inos_host *host = inos_ask_parts (ask)->host;
  struct inos_multiaddr address;
  struct inos_peer_id peer;
  g_autoptr (GError) error = NULL;
  const char *text;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &text);
  if (text[0] != '/') {
    if (inos_ask_peer (ask, &peer))
      inos_host_connect (host, &peer, NULL, 0, on_connected, ask);
    return;
  }
  if (!inos_multiaddr_parse (&address, text, &error)) {
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "%s", error->message);
    return;
  }
  bool named = inos_multiaddr_peer (&address, &peer);
  inos_host_connect (host, named ? &peer : NULL, &address, 1, on_connected, ask);
}

void inos_ask_disconnect (struct inos_ask *ask)
{
  struct inos_peer_id peer;

  if (!inos_ask_peer (ask, &peer))
    return;
  if (!inos_host_is_connected (inos_ask_parts (ask)->host, &peer)) {
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "There is no connection to this peer.");
    return;
  }
  inos_host_hang_up (inos_ask_parts (ask)->host, &peer);
  inos_ask_answer (ask, g_variant_new ("()"));
}

/* Measuring: who is not connected is dialled first. */

static void on_pinged (void *data, uint64_t round_trip, const GError *error)
{
  if (error)
    inos_ask_refuse_error (data, error);
  else
    inos_ask_answer (data, g_variant_new ("(t)", round_trip));
}

static void on_reached_to_ping (void *data, const struct inos_peer_id *peer, const GError *error)
{
  if (error)
    inos_ask_refuse_error (data, error);
  else
    inos_ping_send (inos_ask_parts (data)->ping, peer, on_pinged, data);
}

void inos_ask_ping (struct inos_ask *ask)
{
  struct inos_peer_id peer;

  if (inos_ask_peer (ask, &peer))
    inos_host_connect (inos_ask_parts (ask)->host, &peer, NULL, 0, on_reached_to_ping, ask);
}

static void on_measured (void *data, const struct inos_perf_result *result, const GError *error)
{
  if (error)
    inos_ask_refuse_error (data, error);
  else
    inos_ask_answer (data,
                     g_variant_new ("(ttt)", result->sent, result->received, result->duration));
}

static void on_reached_to_measure (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct inos_ask *ask = data;
  guint64 up, down;

  if (error) {
    inos_ask_refuse_error (ask, error);
    return;
  }
  g_variant_get (inos_ask_parameters (ask), "(&stt)", NULL, &up, &down);
  inos_perf_run (inos_ask_parts (ask)->perf, peer, up, down, on_measured, ask);
}

void inos_ask_perf (struct inos_ask *ask)
{
  struct inos_peer_id peer;
  guint64 up, down;

  g_variant_get (inos_ask_parameters (ask), "(&stt)", NULL, &up, &down);
  if (up > PERF_MAX || down > PERF_MAX)
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "At most 64 GiB each way.");
  else if (inos_ask_peer (ask, &peer))
    inos_host_connect (inos_ask_parts (ask)->host, &peer, NULL, 0, on_reached_to_measure, ask);
}
