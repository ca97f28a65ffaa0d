/*
 * Services, as the rest of the node uses them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/service/services.h"

#include <string.h>

#define NS_PER_MS UINT64_C (1000000)
#define ADDRESSES_MAX 16u /* that are said of one */

/* What this node offers */

void inos_ask_offer (struct inos_ask *ask)
{
  static const char *const why[] = {
    [INOS_OFFER_BAD] =
      "A service's name has 1 to 64 bytes, a port is at most 65535, a lease at most a day.",
    [INOS_OFFER_TOO_MANY] = "A node offers 48 services at most.",
    [INOS_OFFER_NO_CORES] = "The machine has not so many cores for what it offers.",
    [INOS_OFFER_NO_MEMORY] = "The machine has not so much memory for what it offers.",
  };
  struct inos_offer wish = {0};
  guint32 port, lease;
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&suuutu)", &name, &port, &wish.cost, &wish.cores,
                 &wish.memory, &lease);
  enum inos_offer_verdict verdict = INOS_OFFER_BAD;
  if (strlen (name) <= INOS_OFFER_NAME_MAX && port <= UINT16_MAX) {
    g_strlcpy (wish.name, name, sizeof wish.name);
    wish.port = (uint16_t)port;
    verdict = inos_services_offer (inos_ask_parts (ask)->services, &wish, lease);
  }
  if (verdict == INOS_OFFER_TAKEN)
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (
      ask, verdict == INOS_OFFER_BAD ? INOS_API_ERROR_BAD_PAYLOAD : INOS_API_ERROR_TOO_MANY, "%s",
      why[verdict]);
}

void inos_ask_withdraw (struct inos_ask *ask)
{
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  if (inos_services_withdraw (inos_ask_parts (ask)->services, name))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "This node does not offer “%.80s”.", name);
}

void inos_ask_offers (struct inos_ask *ask)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  uint64_t now = inos_env_now (inos_host_env (parts->host));
  const struct inos_offer *offer;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_OFFER_ROWS_TYPE));
  for (unsigned i = 0; (offer = inos_services_at (parts->services, i)) != NULL; i++) {
    uint64_t left = offer->until == INOS_NEVER ? 0 : offer->until - MIN (now, offer->until);
    g_variant_builder_add (&rows, "(suubtut)", offer->name, (guint32)offer->port, offer->cost,
                           (gboolean)offer->well, left / NS_PER_MS, offer->cores, offer->memory);
  }
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_OFFER_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

/* What all offer */

static void add_services (void *data, const struct inos_peer_id *peer,
                          const struct inos_node_state *state, int64_t written)
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  for (unsigned i = 0; i < state->n_services; i++)
    g_variant_builder_add (data, "(ssuu)", state->services[i].name, id,
                           (guint32)state->services[i].port, state->services[i].cost);
}

void inos_ask_services (struct inos_ask *ask)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_SERVICE_ROWS_TYPE));
  inos_states_nodes (inos_ask_parts (ask)->states, add_services, &rows);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_SERVICE_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

/* Who offers one */

static void add_addresses (GVariantBuilder *list, struct inos_host *host,
                           const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (host), id);

  for (guint i = 0; peer && i < MIN (peer->addresses->len, ADDRESSES_MAX); i++) {
    g_autofree char *text =
      inos_multiaddr_text (&g_array_index (peer->addresses, struct inos_known_address, i).address);
    g_variant_builder_add (list, "s", text);
  }
}

static void add_found (GVariantBuilder *rows, struct inos_host *host,
                       const struct inos_candidate *candidate)
{
  static const char *const places[] = {[INOS_RANK_HERE] = "here",
                                       [INOS_RANK_REGION] = "region",
                                       [INOS_RANK_MESH] = "mesh",
                                       [INOS_RANK_DHT] = "dht"};
  GVariantBuilder addresses;
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&candidate->peer, id);
  g_variant_builder_init (&addresses, G_VARIANT_TYPE ("as"));
  add_addresses (&addresses, host, &candidate->peer);
  g_variant_builder_add (rows, "(ssuudutas)", id, places[candidate->place],
                         (guint32)candidate->port, candidate->cost, candidate->score,
                         candidate->load, candidate->round_trip, &addresses);
}

static void on_found (void *data, const struct inos_candidate *candidates, unsigned n)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_FOUND_ROWS_TYPE));
  for (unsigned i = 0; i < n; i++)
    add_found (&rows, inos_ask_parts (data)->host, &candidates[i]);
  inos_ask_answer (
    data, g_variant_new ("(@" INOS_MESH_FOUND_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

void inos_ask_find_service (struct inos_ask *ask)
{
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  inos_services_find (inos_ask_parts (ask)->services, name, on_found, ask);
}
