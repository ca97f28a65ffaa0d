/*
 * A node that lies: beside what the cores do on it, it accuses others of being dead in its own and
 * in others' names, says that they have incarnations that they never had, changes what they have
 * signed, repeats what it has heard, and sends what is no message. Where nodes share a document or
 * elect primaries it lies of those too: liar_state.c, liar_group.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/group.h"

#include <string.h>

#define LIE_EVERY (200 * INOS_SIM_MS)
#define LIES 3u /* at once */
#define FORGOTTEN (10 * INOS_SIM_SECOND)

static struct inos_sim_node *somebody (struct inos_sim_world *world)
{
  return &world->nodes[inos_sim_random_below (&world->random, world->n_nodes)];
}

static const struct inos_member *acquaintance (struct inos_sim_node *node)
{
  const struct inos_members *members = inos_sim_node_members (node);
  unsigned total = inos_members_total (members);

  return inos_members_at (members, (unsigned)inos_sim_random_below (&node->world->random, total));
}

/* That @victim is dead or suspect, as somebody else says. */
static void accuse (struct inos_sim_node *node, struct inos_buffer *out)
{
  struct inos_sim_random *random = &node->world->random;
  const struct inos_member_record *victim = inos_member_record (acquaintance (node));
  struct inos_member_claim claim = {
    .state = inos_sim_random_is (random, 0.5) ? INOS_MEMBER_DEAD : INOS_MEMBER_SUSPECT,
    .tag = victim->tag,
    .incarnation = victim->incarnation + inos_sim_random_below (random, 3),
    .accuser = inos_member_record (acquaintance (node))->tag,
  };

  inos_member_put_kind (out, INOS_MEMBER_GOSSIP);
  for (unsigned i = 0; i < LIES; i++)
    inos_member_put_claim (out, &claim);
}

/* A record with something changed in it. */
static void forge (struct inos_sim_node *node, struct inos_buffer *out)
{
  const struct inos_member_record *record = inos_member_record (acquaintance (node));
  uint8_t bytes[INOS_MEMBER_RECORD_MAX];

  memcpy (bytes, record->bytes, record->len);
  bytes[inos_sim_random_below (&node->world->random, record->len)] ^= 1;
  inos_member_put_kind (out, INOS_MEMBER_GOSSIP);
  inos_member_put_claim (out, &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                                          .record = bytes,
                                                          .record_len = record->len});
}

/* An answer to what nobody asked, or to what somebody else was asked. */
static void answer (struct inos_sim_node *node, struct inos_buffer *out)
{
  struct inos_sim_random *random = &node->world->random;

  inos_member_put_kind (out, inos_sim_random_is (random, 0.5) ? INOS_MEMBER_ACK : INOS_MEMBER_NACK);
  inos_member_put_sequence (out, inos_sim_random_next (random));
}

static void babble (struct inos_sim_node *node, struct inos_buffer *out)
{
  size_t len = 1 + inos_sim_random_below (&node->world->random, 400);

  inos_sim_random_fill (&node->world->random, inos_buffer_reserve (out, len), len);
  inos_buffer_commit (out, len);
}

static void ask (struct inos_sim_node *node, struct inos_buffer *out)
{
  inos_member_put_kind (out, INOS_MEMBER_SYNC);
  inos_member_put_summary (out, 0, 0, inos_sim_random_next (&node->world->random));
}

bool inos_sim_is_honest (const struct inos_sim_node *node)
{
  return !node->liar && (node->lied_at == 0 || node->world->now - node->lied_at > FORGOTTEN);
}

void inos_sim_lie (struct inos_sim_node *node)
{
  static void (*const lies[]) (struct inos_sim_node *,
                               struct inos_buffer *) = {accuse, accuse, forge, answer, babble, ask};
  struct inos_sim_world *world = node->world;
  struct inos_buffer out = {0};

  if (!node->liar)
    return;
  node->lied_at = world->now;
  for (unsigned i = 0; node->up && i < LIES; i++) {
    unsigned which = (unsigned)inos_sim_random_below (&world->random, G_N_ELEMENTS (lies));
    lies[which](node, &out);
    struct inos_sim_node *to = somebody (world);
    if (to != node)
      inos_sim_send (node, to, 0, which != 5, inos_buffer_data (&out), inos_buffer_len (&out));
    inos_buffer_clear (&out);
  }
  if (node->up && inos_sim_replica_wanted (world))
    inos_sim_replica_lie (node);
  if (node->up && inos_sim_voter_wanted (world))
    inos_sim_voter_lie (node);
  struct inos_sim_event *event = inos_sim_queue_event (world->queue, 0);
  event->kind = INOS_SIM_LIE;
  event->node = node->index;
  inos_sim_queue_add (world->queue, world->now + LIE_EVERY, event);
}
