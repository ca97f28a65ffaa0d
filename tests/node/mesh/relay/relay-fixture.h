/*
 * A relay and those who use it: host 1 is the relay, the others may have a place there and call
 * each other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/host/messenger.h"
#include "node/mesh/host/ping.h"
#include "node/mesh/relay/circuit.h"
#include "node/mesh/relay/client.h"
#include "node/mesh/relay/message.h"
#include "node/mesh/relay/server.h"
#include "tests/node/mesh/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define PEERS 5u /* beside the relay */
#define WINDOW (256u * 1024)

struct fixture {
  struct world *world;
  struct inos_identity *identity; /* the relay's */
  struct inos_host *hosts[PEERS + 2];
  struct inos_identify *identify[PEERS + 2];
  struct inos_relay_client *clients[PEERS + 2];
  struct inos_ping *pings[PEERS + 2];
  struct inos_relay_server *server;
  bool forbids; /* the relay has no place for anybody */
};

static inline uint64_t client_deadline (void *client)
{
  return inos_relay_client_deadline (client);
}

static inline void client_tick (void *client)
{
  inos_relay_client_tick (client);
}

static inline uint64_t server_deadline (void *server)
{
  return inos_relay_server_deadline (server);
}

static inline void server_tick (void *server)
{
  inos_relay_server_tick (server);
}

static inline bool allows (void *data, const struct inos_peer_id *peer)
{
  return !((struct fixture *)data)->forbids;
}

static inline struct fixture *begin (uint64_t seed, const struct inos_relay_limits *limits)
{
  struct fixture *f = g_new0 (struct fixture, 1);
  uint8_t first[INOS_SEED_SIZE] = {1};

  f->world = world_new (seed);
  f->identity = inos_identity_from_seed (first);
  for (unsigned i = 1; i <= PEERS + 1; i++) {
    f->hosts[i] = world_add (f->world, NULL);
    f->identify[i] = inos_identify_new (f->hosts[i]);
    f->pings[i] = inos_ping_new (f->hosts[i]);
    if (i == 1)
      continue;
    f->clients[i] = inos_relay_client_new (f->hosts[i]);
    world_watch (f->world, client_deadline, client_tick, f->clients[i]);
  }
  f->server = inos_relay_server_new (
    f->hosts[1], &(struct inos_relay_server_setup){f->identity, *limits, allows, f});
  world_watch (f->world, server_deadline, server_tick, f->server);
  return f;
}

static inline void end (struct fixture *f)
{
  world_free (f->world);
  for (unsigned i = 1; i <= PEERS + 1; i++) {
    inos_identify_free (f->identify[i]);
    inos_ping_free (f->pings[i]);
    inos_relay_client_free (f->clients[i]);
  }
  struct inos_relay_server_stats stats;
  inos_relay_server_stats (f->server, &stats);
  assert_int_equal (stats.circuits, 0);
  inos_relay_server_free (f->server);
  inos_identity_free (f->identity);
  g_free (f);
}

static const struct inos_relay_limits defaults;

static inline struct inos_relay_server_stats stats_of (struct fixture *f)
{
  struct inos_relay_server_stats stats;

  inos_relay_server_stats (f->server, &stats);
  return stats;
}

/* Host @number keeps a place at the relay. */
static inline void keep (struct fixture *f, unsigned number)
{
  struct inos_multiaddr address = world_address (f->world, 1, false);

  assert_true (inos_relay_client_keep (f->clients[number], inos_host_id (f->hosts[1]), &address));
  world_pass (f->world, 1);
}

static inline struct inos_relay_place place_of (struct fixture *f, unsigned number)
{
  struct inos_relay_place place;

  assert_true (inos_relay_client_place (f->clients[number], 0, &place));
  return place;
}

static inline struct inos_multiaddr relayed_address (struct fixture *f)
{
  struct inos_multiaddr address = world_address (f->world, 1, true);

  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_P2P_CIRCUIT, NULL, 0));
  return address;
}

struct ending {
  unsigned times;
  char *why; /* NULL: it worked */
};

static inline void on_ended (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct ending *ending = data;

  ending->times++;
  g_free (ending->why);
  ending->why = error ? g_strdup (error->message) : NULL;
}

/* Host @from calls host @to by the relay. Returns: (transfer full): why not; NULL: it worked. */
static inline char *call (struct fixture *f, unsigned from, unsigned to)
{
  struct inos_multiaddr address = relayed_address (f);
  struct ending ending = {0};

  inos_host_connect (f->hosts[from], inos_host_id (f->hosts[to]), &address, 1, on_ended, &ending);
  world_settle (f->world);
  assert_int_equal (ending.times, 1);
  return ending.why;
}

static inline void must_call (struct fixture *f, unsigned from, unsigned to)
{
  g_autofree char *why = call (f, from, to);

  if (why)
    fail_msg ("%s", why);
}

static inline void must_fail (struct fixture *f, unsigned from, unsigned to, const char *because)
{
  g_autofree char *why = call (f, from, to);

  assert_non_null (why);
  if (!strstr (why, because))
    fail_msg ("“%s” does not say “%s”", why, because);
}

static inline bool is_connected (struct fixture *f, unsigned one, unsigned other)
{
  return inos_host_is_connected (f->hosts[one], inos_host_id (f->hosts[other]));
}

/* Whether host @number says that it listens at the relay. */
static inline bool listens (struct fixture *f, unsigned number)
{
  const GArray *at = inos_host_listening_at (f->hosts[number]);
  struct inos_multiaddr relayed = relayed_address (f);

  for (guint i = 0; i < at->len; i++)
    if (inos_multiaddr_equal (&g_array_index (at, struct inos_multiaddr, i), &relayed))
      return true;
  return false;
}
