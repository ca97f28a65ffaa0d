/*
 * Places of a relay.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/server-private.h"

#include <string.h>

#define TAG "relay"
#define WORTH 100u            /* of a peer that has a place */
#define ADDRESSES_BYTES 2048u /* of all addresses that it is told */
#define VOTERS 2u             /* that see us at an address which we do not listen at */

struct reservation *relay_find (struct inos_relay_server *server, const struct inos_peer_id *peer)
{
  for (guint i = 0; i < server->reservations->len; i++) {
    struct reservation *one = &g_array_index (server->reservations, struct reservation, i);
    if (inos_peer_id_equal (&one->peer, peer))
      return one;
  }
  return NULL;
}

static void drop_at (struct inos_relay_server *server, guint at)
{
  struct inos_peer_id peer = g_array_index (server->reservations, struct reservation, at).peer;

  g_array_remove_index (server->reservations, at);
  inos_host_value (server->host, &peer, TAG, 0);
}

void relay_drop (struct inos_relay_server *server, const struct inos_peer_id *peer)
{
  const struct reservation *one = relay_find (server, peer);

  if (one)
    drop_at (server, (guint)(one - (const struct reservation *)(void *)server->reservations->data));
}

uint64_t relay_reservations_deadline (const struct inos_relay_server *server)
{
  uint64_t deadline = INOS_NEVER;

  for (guint i = 0; i < server->reservations->len; i++)
    deadline = MIN (deadline, g_array_index (server->reservations, struct reservation, i).expires);
  return deadline;
}

void relay_expire (struct inos_relay_server *server, uint64_t now)
{
  for (guint i = server->reservations->len; i > 0; i--)
    if (g_array_index (server->reservations, struct reservation, i - 1).expires <= now)
      drop_at (server, i - 1);
}

/* Where it comes from. */
static void note_address (struct reservation *one, const struct inos_multiaddr *remote)
{
  struct inos_multiaddr_part part;

  one->local = true;
  for (size_t at = 0; inos_multiaddr_next (remote, &at, &part);)
    if (part.code == INOS_MULTIADDR_IP4 || part.code == INOS_MULTIADDR_IP6) {
      one->local = inos_multiaddr_reach (remote) == INOS_REACH_LOOPBACK;
      one->address_len = (unsigned)part.len;
      memcpy (one->address, part.value, part.len);
      return;
    }
}

static bool has_room (struct inos_relay_server *server, const struct reservation *fresh)
{
  unsigned same = 0;

  if (server->reservations->len >= server->limits.reservations)
    return false;
  for (guint i = 0; i < server->reservations->len; i++) {
    const struct reservation *one = &g_array_index (server->reservations, struct reservation, i);
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an array of some has data
    same += one->address_len == fresh->address_len &&
            memcmp (one->address, fresh->address, fresh->address_len) == 0;
  }
  return fresh->local || same < server->limits.per_address;
}

/* Where we are, for a peer that is at @remote: what leads no further than it is near. */
static bool is_of_use (const struct inos_multiaddr *address, const struct inos_multiaddr *remote)
{
  enum inos_multiaddr_reach far = inos_multiaddr_reach (remote);
  enum inos_multiaddr_reach reach = inos_multiaddr_reach (address);

  if (inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT))
    return false;
  return reach == INOS_REACH_UNKNOWN || far == INOS_REACH_UNKNOWN || reach >= far;
}

static void add_address (struct inos_relay_message *answer, const struct inos_multiaddr *address,
                         const struct inos_multiaddr *remote, const struct inos_peer_id *self)
{
  struct inos_multiaddr whole = *address;
  size_t bytes = 0;

  if (!is_of_use (address, remote) ||
      !inos_multiaddr_append (&whole, INOS_MULTIADDR_P2P, self->bytes, self->len))
    return;
  for (unsigned i = 0; i < answer->n_addresses; i++) {
    bytes += answer->addresses[i].len;
    if (inos_multiaddr_equal (&answer->addresses[i], &whole))
      return;
  }
  if (answer->n_addresses < INOS_RELAY_ADDRESSES_MAX && bytes + whole.len <= ADDRESSES_BYTES)
    answer->addresses[answer->n_addresses++] = whole;
}

static void add_addresses (struct inos_relay_server *server, struct inos_relay_message *answer,
                           const struct inos_multiaddr *remote)
{
  const struct inos_peer_id *self = inos_host_id (server->host);
  const GArray *listening = inos_host_listening_at (server->host);
  struct inos_multiaddr seen;
  unsigned voters;

  for (guint i = 0; i < listening->len; i++)
    add_address (answer, &g_array_index (listening, struct inos_multiaddr, i), remote, self);
  for (unsigned i = 0; inos_host_observed_at (server->host, i, &seen, &voters); i++)
    if (voters >= VOTERS)
      add_address (answer, &seen, remote, self);
}

/* Returns: why not; OK: it has a place now. */
static enum inos_relay_status take_place (struct wish *wish, const struct inos_multiaddr *remote,
                                          uint64_t now)
{
  struct inos_relay_server *server = wish->server;
  const struct inos_relay_server_setup *setup = &server->setup;
  struct reservation fresh = {.peer = wish->from, .expires = now + server->limits.life};
  struct reservation *old = relay_find (server, &wish->from);

  if (inos_multiaddr_has (remote, INOS_MULTIADDR_P2P_CIRCUIT) ||
      (setup->allows && !setup->allows (setup->data, &wish->from)))
    return INOS_RELAY_PERMISSION_DENIED;
  if (old) {
    old->expires = fresh.expires;
    return INOS_RELAY_OK;
  }
  note_address (&fresh, remote);
  if (!has_room (server, &fresh))
    return INOS_RELAY_RESERVATION_REFUSED;
  g_array_append_val (server->reservations, fresh);
  inos_host_value (server->host, &wish->from, TAG, WORTH);
  return INOS_RELAY_OK;
}

void relay_reserve (struct wish *wish, struct inos_relay_message *answer)
{
  struct inos_relay_server *server = wish->server;
  const struct inos_mesh_env *env = inos_host_env (server->host);
  struct inos_multiaddr remote;

  inos_host_remote_of (server->host, wish->stream, &remote);
  answer->status = take_place (wish, &remote, inos_env_now (env));
  if (answer->status != INOS_RELAY_OK)
    return;
  answer->has_reservation = true;
  answer->expires =
    (uint64_t)MAX (inos_env_wall (env), 0) / 1000 + server->limits.life / RELAY_SECOND;
  answer->limit = (struct inos_relay_limit){
    (uint32_t)MIN (server->limits.duration / RELAY_SECOND, UINT32_MAX), server->limits.data};
  add_addresses (server, answer, &remote);
}
