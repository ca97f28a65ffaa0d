/*
 * Nodes that elect primaries. Their votes are on their disks before they are answered, so that no
 * crash takes them; who finds that its file is damaged stays out of its group, as a real node does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/group_kept.h"
#include "node/sim/group.h"

#include <string.h>

#define SETTLED (10 * INOS_SIM_SECOND)

struct voter {
  struct inos_sim_node *node;
  unsigned group;
  struct inos_group_kept kept;
  struct inos_election_message heard; /* last */
  struct inos_election *election;     /* NULL: it is in no group, or stays out of it */
};

bool inos_sim_voter_wanted (const struct inos_sim_world *world)
{
  return world->scenario->groups > 0;
}

static unsigned count (const struct inos_sim_world *world)
{
  return MIN (world->scenario->groups, world->n_nodes / INOS_SIM_GROUP);
}

static void save (struct voter *voter)
{
  struct inos_buffer out = {0};

  inos_group_kept_write (&voter->kept, &out);
  inos_sim_disk_write (&voter->node->disk, INOS_SIM_FILE_GROUP,
                       g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_buffer_clear (&out);
}

static bool store (void *data, const struct inos_election_vote *vote)
{
  struct voter *voter = data;

  voter->kept.vote = *vote;
  save (voter);
  return true;
}

static void make_group (struct voter *voter)
{
  struct inos_sim_node *nodes = voter->node->world->nodes;

  g_snprintf (voter->kept.name, sizeof voter->kept.name, "group %u", voter->group);
  voter->kept.vote.resource = inos_group_resource (voter->kept.name);
  voter->kept.n_members = INOS_SIM_GROUP;
  for (unsigned i = 0; i < INOS_SIM_GROUP; i++)
    voter->kept.members[i] = nodes[voter->group * INOS_SIM_GROUP + i].id;
  save (voter);
}

/* Returns: whether it may vote. */
static bool recall (struct voter *voter)
{
  GBytes *bytes = inos_sim_disk_read (&voter->node->disk, INOS_SIM_FILE_GROUP);

  if (bytes)
    return inos_group_kept_read (&voter->kept, g_bytes_get_data (bytes, NULL),
                                 g_bytes_get_size (bytes));
  make_group (voter);
  return true;
}

void *inos_sim_voter_start (struct inos_sim_node *node)
{
  static const struct inos_election_events events = {.store = store};
  struct voter *voter = g_new0 (struct voter, 1);

  voter->node = node;
  voter->group = node->index / INOS_SIM_GROUP;
  if (voter->group >= count (node->world) || !recall (voter))
    return voter;
  const struct inos_election_vote *vote = &voter->kept.vote;
  voter->election = inos_election_new (&(struct inos_election_setup){
    .env = &node->env,
    .id = node->id,
    .channel = inos_sim_node_channel (node, INOS_SIM_PORT_VOTER, true),
    .events = &events,
    .data = voter});
  if (!inos_election_join (voter->election, vote->resource, voter->kept.members,
                           voter->kept.n_members, vote->epoch > 0 ? vote : NULL))
    inos_sim_world_fail (node->world, "%u cannot join its group", node->index);
  return voter;
}

void inos_sim_voter_stop (struct inos_sim_node *node, void *service)
{
  struct voter *voter = service;

  inos_election_free (voter->election);
  g_free (voter);
}

struct inos_election_message inos_sim_voter_heard (const struct inos_sim_node *node)
{
  const struct voter *voter = node->services[INOS_SIM_PORT_VOTER];

  return voter ? voter->heard : (struct inos_election_message){0};
}

/* The token that a node has for its group. */
static uint64_t token_of (const struct inos_sim_node *node)
{
  const struct voter *voter = node->services[INOS_SIM_PORT_VOTER];

  return voter && voter->election ? inos_election_token (voter->election, voter->kept.vote.resource)
                                  : 0;
}

/* Each epoch's primary, for ever: a key that no other group and epoch has. */
static void claim (struct inos_sim_world *world, unsigned group, uint64_t epoch, unsigned node)
{
  gpointer key = GSIZE_TO_POINTER (epoch << 20 | group);
  unsigned before = GPOINTER_TO_UINT (g_hash_table_lookup (world->primaries, key));

  if (before == 0) {
    g_hash_table_insert (world->primaries, key, GUINT_TO_POINTER (node + 1));
    world->counts.elections++;
  } else if (before != node + 1)
    inos_sim_world_fail (world,
                         "%u and %u are both primary of group %u in epoch %" G_GUINT64_FORMAT,
                         before - 1, node, group, epoch);
}

/* Returns: how many of a group's honest members hold its lease. */
static unsigned look (struct inos_sim_world *world, unsigned group)
{
  unsigned n = 0;

  for (unsigned i = group * INOS_SIM_GROUP; i < (group + 1) * INOS_SIM_GROUP; i++) {
    uint64_t token = token_of (&world->nodes[i]);
    if (token == 0 || !inos_sim_is_honest (&world->nodes[i]))
      continue;
    n++;
    claim (world, group, token, i);
  }
  if (n > 1)
    inos_sim_world_fail (world, "group %u has %u primaries", group, n);
  return n;
}

void inos_sim_voter_receive (void *service, const struct inos_peer_id *from, bool datagram,
                             const uint8_t *bytes, size_t len)
{
  struct voter *voter = service;
  struct inos_election_message message;

  if (!voter->election)
    return;
  if (inos_election_message_read (&message, bytes, len))
    voter->heard = message;
  inos_election_receive (voter->election, from, bytes, len);
  look (voter->node->world, voter->group);
}

uint64_t inos_sim_voter_deadline (void *service)
{
  const struct voter *voter = service;

  return voter->election ? inos_election_deadline (voter->election) : INOS_NEVER;
}

void inos_sim_voter_tick (void *service)
{
  struct voter *voter = service;

  inos_election_tick (voter->election);
  look (voter->node->world, voter->group);
}

/* Whether it has been there for long enough, does not lie, and has not to stay out. */
static bool votes (const struct inos_sim_node *node)
{
  const struct voter *voter = node->services[INOS_SIM_PORT_VOTER];

  return node->up && voter && voter->election && inos_sim_is_honest (node) &&
         node->world->now - node->up_since > SETTLED;
}

static bool is_settled (const struct inos_sim_world *world, unsigned group)
{
  unsigned n = 0;

  for (unsigned i = group * INOS_SIM_GROUP; i < (group + 1) * INOS_SIM_GROUP; i++)
    n += votes (&world->nodes[i]);
  return n > INOS_SIM_GROUP / 2;
}

void inos_sim_check_primaries (struct inos_sim_world *world)
{
  for (unsigned group = 0; group < count (world); group++)
    if (look (world, group) == 0 && is_settled (world, group))
      inos_sim_world_fail (world, "group %u has no primary", group);
}
