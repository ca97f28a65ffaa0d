/*
 * What a host can tell of its connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/private.h"

void inos_host_totals (const struct inos_host *host, struct inos_host_totals *totals)
{
  uint64_t now = inos_env_now (host->setup.env);

  *totals = (struct inos_host_totals){.sent = host->past_sent,
                                      .received = host->past_received,
                                      .sending = inos_flow_rate (&host->out, now),
                                      .receiving = inos_flow_rate (&host->in, now)};
  g_autoptr (GPtrArray) peers = inos_peer_book_list (host->book);
  totals->known = peers->len;
  for (guint i = 0; i < peers->len; i++)
    totals->peers += ((const struct inos_peer *)peers->pdata[i])->links->len > 0;
  for (guint i = 0; i < host->links->len; i++) {
    const struct inos_link *link = host->links->pdata[i];
    struct inos_connection_stats stats;
    inos_connection_stats (link->connection, &stats);
    totals->connections += link->ready;
    totals->sent += stats.sent;
    totals->received += stats.received;
  }
}

struct inos_link *inos_peer_best_link (const struct inos_peer *peer)
{
  for (guint i = 0; i < peer->links->len; i++) {
    struct inos_link *link = peer->links->pdata[i];
    if (!inos_connection_is_relayed (link->connection))
      return link;
  }
  return peer->links->len > 0 ? peer->links->pdata[0] : NULL;
}

bool inos_peer_is_direct (const struct inos_peer *peer)
{
  const struct inos_link *best = inos_peer_best_link (peer);

  return best && !inos_connection_is_relayed (best->connection);
}

void inos_host_peer_stats (struct inos_host *host, const struct inos_peer_id *id,
                           struct inos_host_peer_stats *stats)
{
  const struct inos_peer *peer = inos_peer_book_find (host->book, id);

  *stats = (struct inos_host_peer_stats){0};
  if (!peer || peer->links->len == 0)
    return;
  for (guint i = 0; i < peer->links->len; i++) {
    const struct inos_link *link = peer->links->pdata[i];
    struct inos_connection_stats one;
    inos_connection_stats (link->connection, &one);
    stats->sent += one.sent;
    stats->received += one.received;
    if (one.round_trip > 0)
      stats->round_trip = one.round_trip;
  }
  const struct inos_link *best = inos_peer_best_link (peer);
  stats->connections = peer->links->len;
  stats->inbound = best->dial == 0;
  stats->relayed = inos_connection_is_relayed (best->connection);
}

size_t inos_host_peer_memory (const struct inos_host *host, const struct inos_peer *peer)
{
  size_t memory = peer->memory.used;

  for (guint i = 0; i < peer->links->len; i++) {
    struct inos_connection_stats stats;
    inos_connection_stats (((const struct inos_link *)peer->links->pdata[i])->connection, &stats);
    memory += stats.buffered;
  }
  return memory;
}

bool inos_host_peer_address (struct inos_host *host, const struct inos_peer_id *id,
                             struct inos_multiaddr *address)
{
  const struct inos_peer *peer = inos_peer_book_find (host->book, id);
  const struct inos_link *best = peer ? inos_peer_best_link (peer) : NULL;

  if (best)
    *address = best->remote;
  return best != NULL;
}
