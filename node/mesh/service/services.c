/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/services.h"

#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/service/service_probe.h"

#include <gio/gio.h>
#include <string.h>

#define CONTENT "service:"   /* goes before a name, in the DHT */
#define CHECK_SECONDS 2      /* in which a port answers */
#define DHT_PROVIDERS_MAX 20 /* that are looked for */

struct inos_services {
  struct inos_services_setup setup;
  struct inos_offers *offers;
  struct inos_offer_machine machine;
  struct inos_drive *drive;
  GSocketClient *client;
  GCancellable *cancellable;
  struct inos_service_probe *probe;
  unsigned n_checks;   /* under way */
  bool changed;        /* what is announced has, since it was */
  GPtrArray *provided; /* owned names, in the DHT */
};

/* Health */

struct check {
  struct inos_services *services;
  uint64_t ticket;
};

static void on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree struct check *check = data;
  struct inos_services *services = check->services;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, NULL);

  services->n_checks--;
  inos_offers_checked (services->offers, check->ticket, connection);
}

static void on_check (void *data, uint16_t port, uint64_t ticket)
{
  struct inos_services *services = data;
  struct check *check = g_new0 (struct check, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);

  *check = (struct check){services, ticket};
  services->n_checks++;
  g_socket_client_connect_async (services->client, G_SOCKET_CONNECTABLE (address),
                                 services->cancellable, on_connected, check);
}

static void on_changed (void *data)
{
  ((struct inos_services *)data)->changed = true;
}

static const struct inos_offers_events events = {on_changed, on_check};

/* Announcing */

static bool is_announced (const struct inos_services *services, const char *name)
{
  const struct inos_offer *offer;

  for (unsigned i = 0; (offer = inos_offers_at (services->offers, i)) != NULL; i++)
    if (offer->well && strcmp (offer->name, name) == 0)
      return true;
  return false;
}

static GBytes *content_of (const char *name)
{
  g_autofree char *text = g_strconcat (CONTENT, name, NULL);

  return inos_dht_content (text);
}

static void unprovide_old (struct inos_services *services)
{
  for (guint i = services->provided->len; i > 0; i--) {
    const char *name = services->provided->pdata[i - 1];
    if (is_announced (services, name))
      continue;
    g_autoptr (GBytes) key = content_of (name);
    GBytes *keys[] = {key};
    inos_kad_unprovide (inos_dht_kad (services->setup.dht), keys, 1);
    g_ptr_array_remove_index (services->provided, i - 1);
  }
}

static void provide (struct inos_services *services, const char *name)
{
  g_autoptr (GBytes) key = content_of (name);
  GBytes *keys[] = {key};

  if (!g_ptr_array_find_with_equal_func (services->provided, name, g_str_equal, NULL) &&
      inos_kad_provide (inos_dht_kad (services->setup.dht), keys, 1, NULL, NULL))
    g_ptr_array_add (services->provided, g_strdup (name));
}

static void announce (struct inos_services *services)
{
  struct inos_node_state said = {0};
  const struct inos_offer *offer;

  services->changed = false;
  for (unsigned i = 0; (offer = inos_offers_at (services->offers, i)) != NULL; i++)
    if (offer->well) {
      inos_node_state_add (&said, offer->name, offer->port, offer->cost);
      provide (services, offer->name);
    }
  unprovide_old (services);
  inos_states_set_services (services->setup.states, said.services, said.n_services);
}

static uint64_t deadline (void *data)
{
  const struct inos_services *services = data;

  return services->changed ? 0 : inos_offers_deadline (services->offers);
}

static void tick (void *data)
{
  struct inos_services *services = data;

  if (inos_env_now (inos_host_env (services->setup.host)) >=
      inos_offers_deadline (services->offers))
    inos_offers_tick (services->offers);
  if (services->changed)
    announce (services);
}

/* Offers */

void inos_services_describe (struct inos_services *services, const struct inos_node_state *machine)
{
  services->machine = (struct inos_offer_machine){
    .cores = (uint32_t)MIN (machine->figures[INOS_NODE_CORES], UINT32_MAX),
    .memory = machine->figures[INOS_NODE_MEMORY]};
}

enum inos_offer_verdict inos_services_offer (struct inos_services *services,
                                             const struct inos_offer *wish, uint32_t lease)
{
  return inos_offers_put (services->offers, wish, lease, &services->machine);
}

bool inos_services_withdraw (struct inos_services *services, const char *name)
{
  return inos_offers_withdraw (services->offers, name);
}

const struct inos_offer *inos_services_at (struct inos_services *services, unsigned index)
{
  return inos_offers_at (services->offers, index);
}

/* Finding */

struct search {
  struct inos_services *services;
  char *name;
  GHashTable *heard; /* owned struct inos_peer_id: whoever says itself what it offers */
  unsigned n;
  struct inos_candidate candidates[INOS_RANK_MAX];
  inos_services_found found;
  void *data;
};

static const struct inos_member *member_of (const struct search *search,
                                            const struct inos_peer_id *peer)
{
  return inos_members_find (inos_membership_members (search->services->setup.membership), peer);
}

static bool is_gone (const struct inos_member *member)
{
  return member && (inos_member_state (member) == INOS_MEMBER_DEAD ||
                    inos_member_state (member) == INOS_MEMBER_LEFT);
}

static enum inos_rank_place place_of (const struct search *search, const struct inos_peer_id *peer,
                                      const struct inos_member *member)
{
  const struct inos_peer_id *self = inos_host_id (search->services->setup.host);
  const struct inos_member *own = member_of (search, self);

  if (inos_peer_id_equal (peer, self))
    return INOS_RANK_HERE;
  if (!member || !own)
    return INOS_RANK_MESH;
  const struct inos_member_metadata here = inos_member_record_metadata (inos_member_record (own)),
                                    there =
                                      inos_member_record_metadata (inos_member_record (member));
  return *here.region && strcmp (here.region, there.region) == 0 ? INOS_RANK_REGION
                                                                 : INOS_RANK_MESH;
}

static void add_candidate (struct search *search, const struct inos_peer_id *peer,
                           const struct inos_node_state *state,
                           const struct inos_node_service *service)
{
  const struct inos_member *member = member_of (search, peer);
  struct inos_host_peer_stats stats;

  if (search->n == INOS_RANK_MAX || is_gone (member))
    return;
  inos_host_peer_stats (search->services->setup.host, peer, &stats);
  search->candidates[search->n++] =
    (struct inos_candidate){.peer = *peer,
                            .place = place_of (search, peer, member),
                            .has_load = state->known[INOS_NODE_PROCESSOR],
                            .load = (unsigned)MIN (state->figures[INOS_NODE_PROCESSOR], 1000),
                            .cores = (unsigned)MIN (state->figures[INOS_NODE_CORES], UINT32_MAX),
                            .memory = state->figures[INOS_NODE_MEMORY],
                            .round_trip = stats.round_trip,
                            .has_cost = true,
                            .cost = service->cost,
                            .port = service->port};
}

static void look_at_node (void *data, const struct inos_peer_id *peer,
                          const struct inos_node_state *state, int64_t written)
{
  struct search *search = data;

  g_hash_table_add (search->heard, g_memdup2 (peer, sizeof *peer));
  for (unsigned i = 0; i < state->n_services; i++)
    if (strcmp (state->services[i].name, search->name) == 0)
      add_candidate (search, peer, state, &state->services[i]);
}

/* By what this node and the members saw, whatever anybody says of itself. */
static void look_up_reputations (struct search *search)
{
  struct inos_reputations *reputations = search->services->setup.reputations;
  struct inos_hearsay *hearsay = inos_reputations_hear (reputations);

  for (unsigned i = 0; i < search->n; i++)
    if (search->candidates[i].place != INOS_RANK_HERE)
      search->candidates[i].reputation =
        inos_reputations_expect (reputations, hearsay, &search->candidates[i].peer);
  inos_hearsay_free (hearsay);
}

static void finish (struct search *search)
{
  look_up_reputations (search);
  inos_rank (search->candidates, search->n);
  search->found (search->data, search->candidates, search->n);
  if (search->services->probe)
    inos_service_probe_ask (search->services->probe, search->candidates, search->n);
  g_hash_table_unref (search->heard);
  g_free (search->name);
  g_free (search);
}

/* The DHT remembers for a day what may not be so any more. */
static bool is_stale (const struct search *search, const struct inos_peer_id *provider)
{
  return g_hash_table_contains (search->heard, provider) || is_gone (member_of (search, provider));
}

static void on_provider (void *data, const struct inos_peer_id *provider)
{
  struct search *search = data;

  if (!provider)
    finish (search);
  else if (search->n < INOS_RANK_MAX && !is_stale (search, provider))
    search->candidates[search->n++] =
      (struct inos_candidate){.peer = *provider, .place = INOS_RANK_DHT};
}

void inos_services_find (struct inos_services *services, const char *name,
                         inos_services_found found, void *data)
{
  struct search *search = g_new0 (struct search, 1);
  gsize len;

  search->services = services;
  search->name = g_strdup (name);
  search->heard = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, g_free, NULL);
  search->found = found;
  search->data = data;
  inos_states_nodes (services->setup.states, look_at_node, search);
  if (search->n > 0) {
    finish (search);
    return;
  }
  g_autoptr (GBytes) key = content_of (name);
  const void *bytes = g_bytes_get_data (key, &len);
  inos_kad_find_providers (inos_dht_kad (services->setup.dht), bytes, len, DHT_PROVIDERS_MAX,
                           on_provider, search);
}

/* Life cycle */

struct inos_services *inos_services_new (const struct inos_services_setup *setup)
{
  struct inos_services *services = g_new0 (struct inos_services, 1);

  services->setup = *setup;
  services->offers = inos_offers_new (inos_host_env (setup->host), &events, services);
  services->provided = g_ptr_array_new_with_free_func (g_free);
  services->cancellable = g_cancellable_new();
  services->client = g_socket_client_new();
  g_socket_client_set_timeout (services->client, CHECK_SECONDS);
  g_socket_client_set_enable_proxy (services->client, FALSE);
  services->probe = inos_service_probe_new (setup->host, setup->reputations, setup->context);
  services->drive = inos_drive (setup->context, inos_host_env (setup->host),
                                &(struct inos_driven){deadline, tick, services});
  return services;
}

void inos_services_stop (struct inos_services *services)
{
  inos_drive_end (&services->drive);
  g_clear_pointer (&services->probe, inos_service_probe_free);
  g_cancellable_cancel (services->cancellable);
  while (services->n_checks > 0)
    g_main_context_iteration (services->setup.context, TRUE);
}

void inos_services_free (struct inos_services *services)
{
  if (!services)
    return;
  inos_offers_free (services->offers);
  g_ptr_array_unref (services->provided);
  g_object_unref (services->client);
  g_object_unref (services->cancellable);
  g_free (services);
}
