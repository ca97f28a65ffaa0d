/*
 * What runs on each node: membership first, the others on top of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/group.h"

#include <string.h>

#define SEEDS 3u
#define DRAWS_MAX 16u
#define PORT_MEMBERS 0u

static void on_member (void *data, enum inos_member_event event, const struct inos_member *member)
{
  inos_sim_seen (data, event, member);
}

static struct inos_member_metadata describe (struct inos_sim_node *node)
{
  struct inos_member_metadata metadata = {
    .load = (uint16_t)(node->index * 37 % 1000),
    .cores = (uint16_t)(1 << node->index % 7),
    .memory = 1024u << node->index % 6,
    .reputation = 500,
  };

  g_snprintf (metadata.region, sizeof metadata.region, "region-%u", node->index % 5);
  return metadata;
}

/* Returns: whether one of @seeds is there. */
static bool draw (struct inos_sim_node *node, struct inos_peer_id seeds[SEEDS])
{
  unsigned n = node->world->n_nodes, before = node->index > 0 ? node->index : MIN (n, SEEDS + 1);
  bool any = false;

  for (unsigned i = 0; i < SEEDS; i++) {
    const struct inos_sim_node *seed =
      &node->world->nodes[inos_sim_random_below (&node->random, before)];
    seeds[i] = seed->id;
    any |= seed->up && seed != node;
  }
  return any;
}

/* Those that a node is told of: some that started before it. Who comes back when all of them have
 * gone is told of others: nothing else would bring it back. */
static void join (struct inos_sim_node *node, struct inos_members *members)
{
  struct inos_peer_id seeds[SEEDS];
  unsigned draws = node->epoch > 1 ? DRAWS_MAX : 1;

  while (!draw (node, seeds) && --draws > 0)
    ;
  if (node->world->n_nodes > 1)
    inos_members_join (members, seeds, SEEDS);
}

/* The next one; 0: it has none, or what is left of it is none. */
static uint64_t kept_incarnation (const struct inos_sim_node *node)
{
  GBytes *kept = inos_sim_disk_read (&node->disk, INOS_SIM_FILE_INCARNATION);
  uint64_t incarnation;

  if (!kept || g_bytes_get_size (kept) != sizeof incarnation)
    return 0;
  memcpy (&incarnation, g_bytes_get_data (kept, NULL), sizeof incarnation);
  return incarnation + 1;
}

static void *members_start (struct inos_sim_node *node)
{
  static const struct inos_members_events events = {on_member};
  struct inos_members_setup setup = {
    .env = &node->env,
    .trust = &node->trust,
    .store = node->world->store,
    .id = node->id,
    .datagrams = inos_sim_node_channel (node, PORT_MEMBERS, true),
    .messages = inos_sim_node_channel (node, PORT_MEMBERS, false),
    .events = &events,
    .data = node,
    .config = {.partial_above = node->world->scenario->partial_above,
               .full_below = node->world->scenario->full_below,
               .sample_max = node->world->scenario->sample},
    .metadata = describe (node),
    .incarnation = kept_incarnation (node),
  };
  struct inos_members *members = inos_members_new (&setup);

  join (node, members);
  return members;
}

static void members_stop (struct inos_sim_node *node, void *service)
{
  uint64_t incarnation = inos_members_incarnation (service);

  inos_sim_disk_write (&node->disk, INOS_SIM_FILE_INCARNATION,
                       g_bytes_new (&incarnation, sizeof incarnation));
  node->world->counts.refused += inos_members_stats (service)->refused;
  inos_members_free (service);
}

static void members_receive (void *service, const struct inos_peer_id *from, bool datagram,
                             const uint8_t *bytes, size_t len)
{
  if (datagram)
    inos_members_datagram (service, from, bytes, len);
  else
    inos_members_message (service, from, bytes, len);
}

static uint64_t members_deadline (void *service)
{
  return inos_members_deadline (service);
}

static void members_tick (void *service)
{
  inos_members_tick (service);
}

const struct inos_sim_service inos_sim_services[] = {
  {.name = "members",
   .start = members_start,
   .stop = members_stop,
   .receive = members_receive,
   .deadline = members_deadline,
   .tick = members_tick},
  {.name = "replica",
   .wanted = inos_sim_replica_wanted,
   .start = inos_sim_replica_start,
   .stop = inos_sim_replica_stop,
   .receive = inos_sim_replica_receive,
   .deadline = inos_sim_replica_deadline,
   .tick = inos_sim_replica_tick},
  {.name = "voter",
   .wanted = inos_sim_voter_wanted,
   .start = inos_sim_voter_start,
   .stop = inos_sim_voter_stop,
   .receive = inos_sim_voter_receive,
   .deadline = inos_sim_voter_deadline,
   .tick = inos_sim_voter_tick},
};
const unsigned inos_sim_n_services = G_N_ELEMENTS (inos_sim_services);

struct inos_members *inos_sim_node_members (const struct inos_sim_node *node)
{
  return node->services[PORT_MEMBERS];
}
