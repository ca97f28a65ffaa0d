/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/client-private.h"

#include "node/mesh/host/error.h"

#define STREAMS_MAX 64u /* of one relay: peers that it sends us */

static struct keep *find (const struct inos_relay_client *client, const struct inos_peer_id *relay,
                          guint *index)
{
  for (*index = 0; *index < client->keeps->len; (*index)++) {
    struct keep *keep = client->keeps->pdata[*index];
    if (inos_peer_id_equal (&keep->relay, relay))
      return keep;
  }
  return NULL;
}

/* As a network */

static bool handles (void *data, const struct inos_multiaddr *address)
{
  struct inos_multiaddr there;
  struct inos_peer_id relay;

  return relay_split (address, &there, &relay);
}

static bool listen_at (void *data, const struct inos_multiaddr *address, GError **error)
{
  struct inos_multiaddr there;
  struct inos_peer_id relay;

  if (relay_split (address, &there, &relay) &&
      inos_relay_client_keep (data, &relay, there.len > 0 ? &there : NULL))
    return true;
  g_set_error (error, INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT,
               "At most %u relays can be used, and not this node itself.", INOS_RELAYS_MAX);
  return false;
}

/* What the host tells */

static void on_connected (void *data, const struct inos_peer_id *peer)
{
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  guint index;
  struct keep *keep = find (data, peer, &index);

  if (keep)
    keep_lost (keep);
}

/* Life cycle */

struct inos_relay_client *inos_relay_client_new (struct inos_host *host)
{
  static const struct inos_host_events events = {.connected = on_connected,
                                                 .disconnected = on_disconnected};
  struct inos_relay_client *client = g_new0 (struct inos_relay_client, 1);

  client->host = host;
  client->keeps = g_ptr_array_new();
  client->network = (struct inos_network){.name = "relay",
                                          .data = client,
                                          .handles = handles,
                                          .dial = relay_dial,
                                          .cancel = relay_cancel,
                                          .listen = listen_at};
  client->stop =
    (struct inos_protocol_offer){.name = INOS_RELAY_STOP,
                                 .streams_max = STREAMS_MAX,
                                 .open = true, /* of our relay, which may be a stranger */
                                 .accept = relay_stop_accept,
                                 .data = client};
  inos_host_add_network (host, &client->network);
  inos_host_offer (host, &client->stop);
  inos_host_watch (host, &events, client);
  return client;
}

static void forget (struct keep *keep)
{
  keep->client = NULL;
  inos_opening_clear (&keep->opening);
  g_array_unref (keep->addresses);
  g_free (keep->why);
  g_free (keep);
}

void inos_relay_client_free (struct inos_relay_client *client)
{
  if (!client)
    return;
  for (guint i = 0; i < client->keeps->len; i++)
    forget (client->keeps->pdata[i]); /* the host has gone: nobody else holds it */
  g_ptr_array_unref (client->keeps);
  g_free (client);
}

bool inos_relay_client_keep (struct inos_relay_client *client, const struct inos_peer_id *relay,
                             const struct inos_multiaddr *address)
{
  guint index;
  struct keep *keep = find (client, relay, &index);

  if (inos_peer_id_equal (relay, inos_host_id (client->host)) ||
      (!keep && client->keeps->len >= INOS_RELAYS_MAX))
    return false;
  if (!keep)
    g_ptr_array_add (client->keeps, keep_new (client, relay, address));
  else if (address)
    keep->address = *address;
  return true;
}

void inos_relay_client_drop (struct inos_relay_client *client, const struct inos_peer_id *relay)
{
  guint index;
  struct keep *keep = find (client, relay, &index);

  if (!keep)
    return;
  g_ptr_array_remove_index (client->keeps, index);
  keep_stop (keep);
}

uint64_t inos_relay_client_deadline (const struct inos_relay_client *client)
{
  uint64_t deadline = MIN (relay_calls_deadline (client), relayed_deadline (client));

  for (guint i = 0; i < client->keeps->len; i++) {
    const struct keep *keep = client->keeps->pdata[i];
    if (keep->state != KEEP_CONNECTING)
      deadline = MIN (deadline, keep->next);
    if (keep->held)
      deadline = MIN (deadline, keep->expires);
  }
  return deadline;
}

void inos_relay_client_tick (struct inos_relay_client *client)
{
  uint64_t now = inos_env_now (inos_host_env (client->host));

  relay_calls_tick (client, now);
  relayed_tick (client, now);
  for (guint i = 0; i < client->keeps->len; i++)
    keep_tick (client->keeps->pdata[i], now);
}

bool inos_relay_client_place (const struct inos_relay_client *client, unsigned index,
                              struct inos_relay_place *place)
{
  if (index >= client->keeps->len)
    return false;
  const struct keep *keep = client->keeps->pdata[index];
  *place = (struct inos_relay_place){keep->relay, keep->held, keep->expires, keep->why};
  return true;
}
