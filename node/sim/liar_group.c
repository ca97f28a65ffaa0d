/*
 * A node that lies in elections. To its own group it says that others have voted in epochs that
 * they have not, asks for votes that it does not use, gives back what nobody gave it, and sends
 * what is no message; and it answers the elections of groups in which it has no vote.
 *
 * What it does not do is to vote twice in one epoch: any majority of which a member does that may
 * meet another one in that member alone, and then there are two primaries. Members of a group trust
 * each other so far (docs/mesh.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election_message.h"
#include "node/sim/group.h"

#define EPOCHS 8u

static unsigned pick (struct inos_sim_random *random, unsigned n)
{
  return (unsigned)inos_sim_random_below (random, n);
}

/* Whoever it is to: as if it were one of theirs. */
static void as_a_stranger (struct inos_sim_random *random, struct inos_election_message *message)
{
  message->kind = (enum inos_election_kind) (1 + pick (random, INOS_ELECTION_KINDS - 1));
}

/* What takes no vote twice. */
static void as_a_member (struct inos_sim_random *random, struct inos_election_message *message)
{
  static const enum inos_election_kind kinds[] = {INOS_ELECTION_PROBE, INOS_ELECTION_VOTE,
                                                  INOS_ELECTION_REFUSE, INOS_ELECTION_RELEASE,
                                                  INOS_ELECTION_WOULD};

  message->kind = kinds[pick (random, G_N_ELEMENTS (kinds))];
}

void inos_sim_voter_lie (struct inos_sim_node *node)
{
  struct inos_sim_world *world = node->world;
  struct inos_sim_random *random = &world->random;
  unsigned n = MIN (world->scenario->groups, world->n_nodes / INOS_SIM_GROUP) * INOS_SIM_GROUP;
  bool own = inos_sim_random_is (random, 0.5) && node->index < n;
  unsigned first = own ? node->index - node->index % INOS_SIM_GROUP : 0;
  struct inos_sim_node *to = &world->nodes[first + pick (random, own ? INOS_SIM_GROUP : n)];
  struct inos_election_message message = inos_sim_voter_heard (to);
  uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE];

  if (to == node)
    return;
  message.epoch += inos_sim_random_below (random, EPOCHS);
  message.ms = pick (random, 10000);
  if (node->index / INOS_SIM_GROUP == to->index / INOS_SIM_GROUP)
    as_a_member (random, &message);
  else
    as_a_stranger (random, &message);
  inos_election_message_write (&message, bytes);
  inos_sim_send (node, to, INOS_SIM_PORT_VOTER, true, bytes,
                 inos_sim_random_is (random, 0.1) ? pick (random, sizeof bytes) : sizeof bytes);
}
