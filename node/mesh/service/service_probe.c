/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/service_probe.h"

#include <gio/gio.h>

#define FIRST 3u           /* of those found */
#define AT_ONCE 16u        /* in all */
#define PATIENCE_SECONDS 5 /* in which a port answers */
#define SECOND UINT64_C (1000000000)
#define AGAIN (5 * SECOND) /* ns until the same peer is asked again: no other counts before */
#define REMEMBERED 64u     /* who was asked last */

struct asked {
  struct inos_peer_id peer;
  uint64_t at; /* ns */
};

struct inos_service_probe {
  struct inos_host *host;
  struct inos_reputations *reputations;
  GMainContext *context;
  GSocketClient *client;
  GCancellable *cancellable;
  struct asked asked[REMEMBERED]; /* a ring */
  unsigned next, under_way;
};

struct probing {
  struct inos_service_probe *probe;
  struct inos_peer_id peer;
};

static void on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree struct probing *probing = data;
  struct inos_service_probe *probe = probing->probe;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  probe->under_way--;
  if (connection)
    inos_reputations_saw (probe->reputations, &probing->peer, INOS_CONDUCT_SERVED);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
           inos_host_is_connected (probe->host, &probing->peer)) /* else it has just gone */
    inos_reputations_saw (probe->reputations, &probing->peer, INOS_CONDUCT_UNSERVED);
}

/* (transfer full) (nullable): @port, where @peer is connected to this node. */
static GSocketAddress *address_of (const struct inos_service_probe *probe,
                                   const struct inos_peer_id *peer, uint16_t port)
{
  struct inos_multiaddr_part part;
  struct inos_multiaddr address;
  size_t offset = 0;

  if (!inos_host_is_direct (probe->host, peer) ||
      !inos_host_peer_address (probe->host, peer, &address) ||
      inos_multiaddr_has (&address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      !inos_multiaddr_next (&address, &offset, &part) ||
      (part.code != INOS_MULTIADDR_IP4 && part.code != INOS_MULTIADDR_IP6))
    return NULL;
  g_autoptr (GInetAddress) ip = g_inet_address_new_from_bytes (
    part.value, part.code == INOS_MULTIADDR_IP4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  return g_inet_socket_address_new (ip, port);
}

static bool is_due (struct inos_service_probe *probe, const struct inos_peer_id *peer)
{
  uint64_t now = inos_env_now (inos_host_env (probe->host));

  for (unsigned i = 0; i < REMEMBERED; i++)
    if (probe->asked[i].at > 0 && now - probe->asked[i].at < AGAIN &&
        inos_peer_id_equal (&probe->asked[i].peer, peer))
      return false;
  probe->asked[probe->next++ % REMEMBERED] = (struct asked){*peer, now};
  return true;
}

static void ask (struct inos_service_probe *probe, const struct inos_candidate *candidate)
{
  g_autoptr (GSocketAddress) address = address_of (probe, &candidate->peer, candidate->port);

  if (!address || !is_due (probe, &candidate->peer))
    return;
  struct probing *probing = g_new0 (struct probing, 1);
  *probing = (struct probing){probe, candidate->peer};
  probe->under_way++;
  g_socket_client_connect_async (probe->client, G_SOCKET_CONNECTABLE (address), probe->cancellable,
                                 on_connected, probing);
}

void inos_service_probe_ask (struct inos_service_probe *probe,
                             const struct inos_candidate *candidates, unsigned n)
{
  for (unsigned i = 0; i < MIN (n, FIRST) && probe->under_way < AT_ONCE; i++)
    if (candidates[i].place != INOS_RANK_HERE && candidates[i].port > 0)
      ask (probe, &candidates[i]);
}

struct inos_service_probe *inos_service_probe_new (struct inos_host *host,
                                                   struct inos_reputations *reputations,
                                                   GMainContext *context)
{
  struct inos_service_probe *probe = g_new0 (struct inos_service_probe, 1);

  probe->host = host;
  probe->reputations = reputations;
  probe->context = context;
  probe->cancellable = g_cancellable_new();
  probe->client = g_socket_client_new();
  g_socket_client_set_timeout (probe->client, PATIENCE_SECONDS);
  g_socket_client_set_enable_proxy (probe->client, FALSE);
  return probe;
}

void inos_service_probe_free (struct inos_service_probe *probe)
{
  if (!probe)
    return;
  g_cancellable_cancel (probe->cancellable);
  while (probe->under_way > 0)
    g_main_context_iteration (probe->context, TRUE);
  g_object_unref (probe->client);
  g_object_unref (probe->cancellable);
  g_free (probe);
}
