/*
 * What has to hold.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/group.h"

#define GRACE (60 * INOS_SIM_SECOND) /* what was cut, or down, may be thought dead for so long */

static bool is_there (const struct inos_sim_node *node)
{
  return node->up && !node->leaving;
}

/* Whether somebody who thinks that @node is dead has no reason to. */
static bool is_falsely_dead (const struct inos_sim_node *observer, const struct inos_sim_node *node)
{
  const struct inos_sim_world *world = node->world;
  bool cut = world->n_cuts > 0 || (world->cut_at > 0 && world->now - world->cut_at < GRACE);

  return is_there (node) && !observer->liar && !cut &&
         (node->epoch == 1 || world->now - node->up_since > GRACE);
}

static void on_death (struct inos_sim_node *observer, const struct inos_peer_id *id)
{
  const struct inos_sim_node *node = inos_sim_node_of (observer->world, id);
  struct inos_sim_counts *counts = &observer->world->counts;

  counts->deaths++;
  if (!node->up && !node->leaving) {
    uint64_t delay = observer->world->now - node->down_since;
    counts->death_delays++;
    counts->death_delay_sum += delay;
    counts->death_delay_max = MAX (counts->death_delay_max, delay);
  } else if (is_falsely_dead (observer, node)) {
    counts->false_deaths++;
    if (observer->world->verbose)
      g_printerr ("%.3f s: %u calls %u dead, which is there\n", (double)observer->world->now / 1e9,
                  observer->index, node->index);
  }
}

void inos_sim_seen (struct inos_sim_node *observer, enum inos_member_event event,
                    const struct inos_member *member)
{
  struct inos_sim_counts *counts = &observer->world->counts;

  switch (event) {
  case INOS_MEMBER_JOINED:
    counts->joins++;
    break;
  case INOS_MEMBER_SUSPECTED:
    counts->suspicions++;
    break;
  case INOS_MEMBER_CLEARED:
    counts->cleared++;
    break;
  case INOS_MEMBER_DIED:
    on_death (observer, &inos_member_record (member)->id);
    break;
  default:
    break;
  }
}

static bool is_live (const struct inos_member *member)
{
  return inos_member_state (member) == INOS_MEMBER_ALIVE ||
         inos_member_state (member) == INOS_MEMBER_SUSPECT;
}

static void check_agreed (struct inos_sim_world *world, const struct inos_sim_node *node)
{
  const struct inos_members *members = inos_sim_node_members (node);

  if (inos_members_is_partial (members))
    return;
  for (unsigned i = 0; i < world->n_nodes; i++) {
    const struct inos_sim_node *other = &world->nodes[i];
    const struct inos_member *member = inos_members_find (members, &other->id);
    if (is_there (other) && (!member || !is_live (member)))
      inos_sim_world_fail (world, "%u, which is there, is %s to %u", i,
                           !member                                          ? "nobody"
                           : inos_member_state (member) == INOS_MEMBER_DEAD ? "dead"
                                                                            : "gone",
                           node->index);
    else if (!other->up && member && is_live (member))
      inos_sim_world_fail (world, "%u, which is not there, is alive to %u", i, node->index);
  }
}

static void check_dead (struct inos_sim_world *world, const struct inos_sim_node *node,
                        double within)
{
  const struct inos_members *members = inos_sim_node_members (node);

  for (unsigned i = 0; i < inos_members_total (members); i++) {
    const struct inos_member *member = inos_members_at (members, i);
    const struct inos_sim_node *other = inos_sim_node_of (world, &inos_member_record (member)->id);
    if (is_live (member) && inos_member_is_sampled (member) && !other->up &&
        (double)(world->now - other->down_since) > within * (double)INOS_SIM_SECOND)
      inos_sim_world_fail (world, "%u, which went %.1f s ago, is alive to %u", other->index,
                           (double)(world->now - other->down_since) / 1e9, node->index);
  }
}

/* Estimates are of a sample of a hundred or more. */
static void check_counted (struct inos_sim_world *world, const struct inos_sim_node *node,
                           unsigned up)
{
  const struct inos_members *members = inos_sim_node_members (node);
  unsigned estimate = inos_members_estimate (members);

  if (inos_members_is_partial (members) ? estimate < up * 6 / 10 || estimate > up * 14 / 10
                                        : estimate != up)
    inos_sim_world_fail (world, "%u takes them for %u, but there are %u", node->index, estimate,
                         up);
}

static void check_memory (struct inos_sim_world *world, const struct inos_sim_node *node,
                          const char *what, size_t held, size_t most)
{
  world->counts.held_max = MAX (world->counts.held_max, held);
  if (held > most)
    inos_sim_world_fail (world, "%u holds %zu bytes for %s, more than the %zu that it may",
                         node->index, held, what, most);
}

static void check_bounded (struct inos_sim_world *world, const struct inos_sim_node *node)
{
  const struct inos_members *members = inos_sim_node_members (node);
  const struct inos_document *document = inos_sim_replica_document (node);
  unsigned total = inos_members_total (members);

  if (total > INOS_MEMBERS_MAX)
    inos_sim_world_fail (world, "%u knows %u, more than it may", node->index, total);
  check_memory (world, node, "members", inos_members_memory (members), inos_members_memory_max());
  if (document)
    check_memory (world, node, "a document", inos_document_memory (document),
                  inos_document_memory_max());
}

/* Everybody that @start reaches by neighbours. */
static unsigned reach (struct inos_sim_world *world, unsigned start, bool *seen)
{
  const struct inos_member *neighbors[INOS_VIEW_ACTIVE_MAX];
  g_autofree unsigned *todo = g_new (unsigned, world->n_nodes);
  unsigned n_todo = 1, n = 0;

  todo[0] = start;
  seen[start] = true;
  while (n_todo > 0) {
    const struct inos_sim_node *node = &world->nodes[todo[--n_todo]];
    unsigned count = inos_members_neighbors (inos_sim_node_members (node), neighbors);
    n++;
    for (unsigned i = 0; i < count; i++) {
      const struct inos_sim_node *other =
        inos_sim_node_of (world, &inos_member_record (neighbors[i])->id);
      if (!is_there (other) || seen[other->index])
        continue;
      seen[other->index] = true;
      todo[n_todo++] = other->index;
    }
  }
  return n;
}

static void check_overlay (struct inos_sim_world *world, unsigned up)
{
  g_autofree bool *seen = g_new0 (bool, world->n_nodes);

  for (unsigned i = 0; i < world->n_nodes; i++) {
    if (!is_there (&world->nodes[i]) ||
        !inos_members_is_partial (inos_sim_node_members (&world->nodes[i])))
      continue;
    unsigned reached = reach (world, i, seen);
    if (reached < up)
      inos_sim_world_fail (world, "the neighbours of %u reach %u of %u", i, reached, up);
    return;
  }
}

static void check_node (struct inos_sim_world *world, const struct inos_sim_node *node,
                        const struct inos_sim_step *step, unsigned up)
{
  if (step->invariants & INOS_CHECK_AGREED)
    check_agreed (world, node);
  if (step->invariants & INOS_CHECK_DEAD_KNOWN)
    check_dead (world, node, step->within);
  if (step->invariants & INOS_CHECK_COUNTED)
    check_counted (world, node, up);
  if (step->invariants & INOS_CHECK_BOUNDED)
    check_bounded (world, node);
}

void inos_sim_check (struct inos_sim_world *world, const struct inos_sim_step *step)
{
  unsigned up = 0;

  for (unsigned i = 0; i < world->n_nodes; i++)
    up += is_there (&world->nodes[i]);
  for (unsigned i = 0; i < world->n_nodes; i++)
    if (is_there (&world->nodes[i]) && !world->nodes[i].liar)
      check_node (world, &world->nodes[i], step, up);
  if (step->invariants & INOS_CHECK_CONVERGED)
    inos_sim_check_converged (world);
  if (step->invariants & INOS_CHECK_ONE_PRIMARY)
    inos_sim_check_primaries (world);
  if (step->invariants & INOS_CHECK_OVERLAY)
    check_overlay (world, up);
  if (step->invariants & INOS_CHECK_NO_FALSE_DEATHS && world->counts.false_deaths > 0)
    inos_sim_world_fail (world, "%" G_GUINT64_FORMAT " were called dead that were there",
                         world->counts.false_deaths);
}
