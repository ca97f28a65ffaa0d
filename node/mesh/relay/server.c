/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/server-private.h"

#define STREAMS_SPARE 4u /* of one peer, beside those of its circuits */

static uint64_t or_else (uint64_t value, uint64_t instead)
{
  return value > 0 ? value : instead;
}

static void set_limits (struct inos_relay_server *server)
{
  struct inos_relay_limits *limits = &server->limits;

  *limits = server->setup.limits;
  limits->reservations = (unsigned)or_else (limits->reservations, 128);
  limits->per_address = (unsigned)or_else (limits->per_address, 8);
  limits->circuits = (unsigned)or_else (limits->circuits, 256);
  limits->circuits_per_peer = (unsigned)or_else (limits->circuits_per_peer, 16);
  limits->life = or_else (limits->life, 3600 * RELAY_SECOND);
  limits->duration = or_else (limits->duration, 120 * RELAY_SECOND);
  limits->data = or_else (limits->data, 128 * 1024);
}

static void on_connected (void *data, const struct inos_peer_id *peer)
{
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  relay_drop (data, peer);
}

struct inos_relay_server *inos_relay_server_new (struct inos_host *host,
                                                 const struct inos_relay_server_setup *setup)
{
  static const struct inos_host_events events = {.connected = on_connected,
                                                 .disconnected = on_disconnected};
  struct inos_relay_server *server = g_new0 (struct inos_relay_server, 1);

  server->host = host;
  server->setup = *setup;
  set_limits (server);
  server->reservations = g_array_new (FALSE, FALSE, sizeof (struct reservation));
  server->offer = (struct inos_protocol_offer){
    .name = INOS_RELAY_HOP,
    .streams_max = server->limits.circuits_per_peer + STREAMS_SPARE,
    .open = true, /* `allows` says who may have a place */
    .accept = relay_accept,
    .data = server,
  };
  inos_host_offer (host, &server->offer);
  inos_host_watch (host, &events, server);
  return server;
}

void inos_relay_server_free (struct inos_relay_server *server)
{
  if (!server)
    return;
  g_array_unref (server->reservations);
  g_free (server);
}

uint64_t inos_relay_server_deadline (const struct inos_relay_server *server)
{
  uint64_t deadline = relay_reservations_deadline (server);

  for (const GList *at = server->wishes.head; at; at = at->next)
    deadline = MIN (deadline, ((const struct wish *)at->data)->deadline);
  if (server->passages.head) /* all last as long as each other */
    deadline = MIN (deadline, ((const struct passage *)server->passages.head->data)->deadline);
  return deadline;
}

/* Each may take others with it: so the list is looked at anew after every one. */
static struct wish *find_late (struct inos_relay_server *server, uint64_t now)
{
  for (const GList *at = server->wishes.head; at; at = at->next) {
    struct wish *wish = at->data;
    if (wish->deadline <= now)
      return wish;
  }
  return NULL;
}

void inos_relay_server_tick (struct inos_relay_server *server)
{
  uint64_t now = inos_env_now (inos_host_env (server->host));
  struct wish *late;

  relay_expire (server, now);
  while ((late = find_late (server, now)) != NULL)
    relay_wish_timeout (late);
  while (server->passages.head) {
    const struct passage *oldest = server->passages.head->data;
    if (oldest->deadline > now)
      break;
    inos_circuit_cut (oldest->circuit);
  }
}

void inos_relay_server_stats (const struct inos_relay_server *server,
                              struct inos_relay_server_stats *stats)
{
  *stats = (struct inos_relay_server_stats){
    .reservations = server->reservations->len,
    .circuits = server->passages.length,
    .refused = server->refused,
    .passed = server->passed,
  };
}
