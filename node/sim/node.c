/*
 * One node of a world: its clock, its key, its disk, and the services that run on it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/world.h"

#include <string.h>

#define ID_INDEX 6u /* in an id: behind the head of an Ed25519 key's identity multihash */
#define SEEDS 3u
#define BOOT_MS INT64_C (1760000000000) /* the wall clock at the world's beginning */

/* Asked for all the time, and mostly of a clock that runs right. */
static uint64_t node_now (void *data)
{
  const struct inos_sim_node *node = data;
  uint64_t now = node->world->now;

  if (node->drift == 0)
    return node->clock_base + now;
  return node->clock_base + now + (uint64_t)((__int128)now * node->drift / 1000000000);
}

/* The other way round: the world's time when the node's is @local, or a little later. */
static uint64_t world_time (const struct inos_sim_node *node, uint64_t local)
{
  uint64_t since = local > node->clock_base ? local - node->clock_base : 0;

  if (node->drift == 0)
    return MAX (since, node->world->now);
  uint64_t time =
    (uint64_t)((unsigned __int128)since * 1000000000 / (uint64_t)(1000000000 + node->drift));
  return MAX (time + 2, node->world->now);
}

static int64_t node_wall (void *data)
{
  const struct inos_sim_node *node = data;

  return node->wall_base + (int64_t)((node_now (data) - node->clock_base) / INOS_SIM_MS);
}

static void node_random (void *data, void *bytes, size_t len)
{
  inos_sim_random_fill (&((struct inos_sim_node *)data)->random, bytes, len);
}

/* Not cryptography: what only the world can make of a node's secret and the bytes. */
static void node_sign (void *data, const void *bytes, size_t len,
                       uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  const struct inos_sim_node *node = data;
  const uint8_t *at = bytes;
  uint64_t hash = inos_sim_mix (node->world->seed ^ node->index), word;

  for (; len > 0; at += MIN (len, sizeof word), len -= MIN (len, sizeof word)) {
    word = 0;
    memcpy (&word, at, MIN (len, sizeof word));
    hash = inos_sim_mix (hash ^ word);
  }
  for (unsigned i = 0; i < INOS_MEMBER_SIGNATURE_SIZE; i += sizeof hash) {
    hash = inos_sim_mix (hash);
    memcpy (signature + i, &hash, sizeof hash);
  }
}

void inos_sim_node_init (struct inos_sim_world *world, unsigned index)
{
  static const uint8_t head[ID_INDEX] = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};
  struct inos_sim_node *node = &world->nodes[index];
  struct inos_sim_random key;
  uint32_t number = index;

  *node = (struct inos_sim_node){.world = world, .index = index, .timer_at = INOS_NEVER};
  inos_sim_random_init (&key, world->seed * 31 + index);
  inos_sim_random_init (&node->random, inos_sim_mix (world->seed) ^ index);
  node->id.len = 38;
  inos_sim_random_fill (&key, node->id.bytes, node->id.len);
  memcpy (node->id.bytes, head, sizeof head);
  memcpy (node->id.bytes + ID_INDEX, &number, sizeof number);
  node->clock_base = 1 + inos_sim_random_next (&key) % (1000 * INOS_SIM_SECOND);
  node->wall_base = BOOT_MS;
  node->env = (struct inos_mesh_env){node, node_now, node_wall, node_random};
  node->trust = (struct inos_member_trust){.data = node, .sign = node_sign};
}

struct inos_sim_node *inos_sim_node_of (struct inos_sim_world *world, const struct inos_peer_id *id)
{
  uint32_t index;

  if (id->len != 38)
    return NULL;
  memcpy (&index, id->bytes + ID_INDEX, sizeof index);
  if (index >= world->n_nodes || memcmp (world->nodes[index].id.bytes, id->bytes, id->len) != 0)
    return NULL;
  return &world->nodes[index];
}

static bool is_wanted (const struct inos_sim_node *node, unsigned i)
{
  return !inos_sim_services[i].wanted || inos_sim_services[i].wanted (node->world);
}

void inos_sim_node_start (struct inos_sim_node *node)
{
  node->up = true;
  node->leaving = false;
  node->epoch++;
  node->up_since = node->world->now;
  node->stall_until = 0;
  node->timer_at = INOS_NEVER;
  for (unsigned i = 0; i < inos_sim_n_services; i++)
    if (is_wanted (node, i))
      node->services[i] = inos_sim_services[i].start (node);
  inos_sim_node_rearm (node);
}

static void stop_services (struct inos_sim_node *node)
{
  for (unsigned i = inos_sim_n_services; i > 0; i--)
    if (node->services[i - 1]) {
      inos_sim_services[i - 1].stop (node, node->services[i - 1]);
      node->services[i - 1] = NULL;
    }
}

void inos_sim_node_finish (struct inos_sim_node *node)
{
  stop_services (node);
  inos_sim_disk_clear (&node->disk);
}

void inos_sim_node_stop (struct inos_sim_node *node)
{
  if (!node->up)
    return;
  stop_services (node);
  node->up = false;
  node->epoch++;
  node->down_since = node->world->now;
}

void inos_sim_node_receive (struct inos_sim_node *node, const struct inos_sim_event *event)
{
  unsigned port = event->port & 0x7f;
  struct inos_sim_world *world = node->world;

  if (!node->up || event->epoch != node->epoch || !node->services[port]) {
    world->counts.lost++;
    return;
  }
  world->counts.delivered++;
  inos_sim_services[port].receive (node->services[port], &world->nodes[event->from].id,
                                   !(event->port & 0x80), event->bytes, event->len);
  inos_sim_node_rearm (node);
}

void inos_sim_node_tick (struct inos_sim_node *node)
{
  for (unsigned i = 0; i < inos_sim_n_services; i++)
    if (node->services[i] &&
        inos_sim_services[i].deadline (node->services[i]) <= inos_env_now (&node->env))
      inos_sim_services[i].tick (node->services[i]);
  inos_sim_node_rearm (node);
}

void inos_sim_node_rearm (struct inos_sim_node *node)
{
  uint64_t at = INOS_NEVER;

  for (unsigned i = 0; i < inos_sim_n_services; i++)
    if (node->services[i])
      at = MIN (at, inos_sim_services[i].deadline (node->services[i]));
  if (at == INOS_NEVER)
    return;
  at = world_time (node, at);
  if (at >= node->timer_at)
    return;
  struct inos_sim_event *event = inos_sim_queue_event (node->world->queue, 0);
  event->kind = INOS_SIM_TIMER;
  event->node = node->index;
  event->epoch = node->epoch;
  node->timer_at = at;
  inos_sim_queue_add (node->world->queue, at, event);
}

/* What a channel's data is: the node, with port and kind in the number beside it. */
static bool send_from (void *data, const struct inos_peer_id *to, const void *bytes, size_t len,
                       unsigned port, bool datagram)
{
  struct inos_sim_node *node = data;
  struct inos_sim_node *target = inos_sim_node_of (node->world, to);

  return target && inos_sim_send (node, target, port, datagram, bytes, len);
}

#define PORT(number)                                                                               \
  static bool datagram_##number (void *data, const struct inos_peer_id *to, const void *bytes,     \
                                 size_t len)                                                       \
  {                                                                                                \
    return send_from (data, to, bytes, len, (number), true);                                       \
  }                                                                                                \
  static bool message_##number (void *data, const struct inos_peer_id *to, const void *bytes,      \
                                size_t len)                                                        \
  {                                                                                                \
    return send_from (data, to, bytes, len, (number), false);                                      \
  }
PORT (0)
PORT (1)
PORT (2)
PORT (3)

struct inos_channel inos_sim_node_channel (struct inos_sim_node *node, unsigned port,
                                           bool datagrams)
{
  static bool (*const sends[INOS_SIM_SERVICES][2]) (
    void *, const struct inos_peer_id *, const void *, size_t) = {{message_0, datagram_0},
                                                                  {message_1, datagram_1},
                                                                  {message_2, datagram_2},
                                                                  {message_3, datagram_3}};

  g_assert (port < INOS_SIM_SERVICES);
  return (struct inos_channel){node, sends[port][datagrams]};
}
