/*
 * What goes wrong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/world.h"

#define LIE_EVERY (200 * INOS_SIM_MS)

static void at (struct inos_sim_world *world, uint64_t time, enum inos_sim_kind kind, unsigned node)
{
  struct inos_sim_event *event = inos_sim_queue_event (world->queue, 0);

  event->kind = (uint8_t)kind;
  event->node = node;
  inos_sim_queue_add (world->queue, time, event);
}

static uint64_t ns_of (double seconds)
{
  return (uint64_t)(seconds * (double)INOS_SIM_SECOND);
}

static unsigned how_many (const struct inos_sim_world *world, const struct inos_sim_step *step)
{
  if (step->count > 0)
    return MIN (step->count, world->n_nodes);
  return (unsigned)(step->share * world->n_nodes + 0.5);
}

/* Some that are up, at random; the first few nodes are everybody's way in, and may be among them.
 */
static void each (struct inos_sim_world *world, struct inos_sim_step *step,
                  void (*act) (struct inos_sim_node *node, struct inos_sim_step *step))
{
  unsigned left = how_many (world, step), candidates = 0;

  for (unsigned i = 0; i < world->n_nodes; i++)
    candidates += world->nodes[i].up;
  for (unsigned i = 0; i < world->n_nodes && left > 0; i++) {
    struct inos_sim_node *node = &world->nodes[i];
    if (!node->up)
      continue;
    if (inos_sim_random_below (&world->random, candidates--) < left) {
      left--;
      act (node, step);
    }
  }
}

static void crash (struct inos_sim_node *node, struct inos_sim_step *step)
{
  struct inos_sim_world *world = node->world;

  world->counts.crashes++;
  inos_sim_node_stop (node);
  if (step->torn)
    inos_sim_disk_tear (&node->disk, &world->random);
  if (step->back > 0)
    at (world, world->now + ns_of (step->back), INOS_SIM_START, node->index);
}

static void leave (struct inos_sim_node *node, struct inos_sim_step *step)
{
  node->leaving = true;
  node->gone = step->back <= 0;
  node->world->counts.leaves++;
  inos_members_leave (inos_sim_node_members (node));
  inos_sim_node_rearm (node);
  at (node->world, node->world->now + INOS_SIM_SECOND, INOS_SIM_STOP, node->index);
  if (step->back > 0)
    at (node->world, node->world->now + ns_of (1 + step->back), INOS_SIM_START, node->index);
}

static void set_apart (struct inos_sim_node *node, struct inos_sim_step *step)
{
  node->groups |= 1u << step->group;
}

/* In a one-way partition those apart still hear the others. */
static void cut (struct inos_sim_world *world, struct inos_sim_step *step)
{
  g_assert (world->next_group < INOS_SIM_GROUPS / 2 && world->n_cuts + 2 <= INOS_SIM_GROUPS);
  step->group = 2 * world->next_group++;
  each (world, step, set_apart);
  uint32_t apart = 1u << step->group, others = apart << 1;
  for (unsigned i = 0; i < world->n_nodes; i++)
    if (!(world->nodes[i].groups & apart))
      world->nodes[i].groups |= others;
  world->cuts[world->n_cuts++] = (struct inos_sim_cut){apart, others};
  if (!step->one_way)
    world->cuts[world->n_cuts++] = (struct inos_sim_cut){others, apart};
  world->cut_at = world->now;
}

/* All cuts go: partitions that overlap heal together. */
static void heal (struct inos_sim_world *world)
{
  world->n_cuts = 0;
  world->next_group = 0;
  for (unsigned i = 0; i < world->n_nodes; i++)
    world->nodes[i].groups = 0;
  world->cut_at = world->now;
}

void inos_sim_stall (struct inos_sim_node *node)
{
  struct inos_sim_world *world = node->world;
  const struct inos_sim_step *step = NULL;

  if (!node->slow)
    return;
  for (unsigned i = 0; i < world->scenario->steps->len && !step; i++) {
    const struct inos_sim_step *other =
      &g_array_index (world->scenario->steps, struct inos_sim_step, i);
    if (!other->is_check && other->fault == INOS_FAULT_SLOW)
      step = other;
  }
  if (!step)
    return;
  /* Half to three halves of the mean, so that no stall is longer than a test allows for. */
  uint64_t length =
    ns_of (step->stall) / 2 + inos_sim_random_below (&world->random, ns_of (step->stall) + 1);
  node->stall_until = world->now + length;
  at (world, node->stall_until + inos_sim_random_wait (&world->random, ns_of (step->every)),
      INOS_SIM_STALL, node->index);
}

static void slow (struct inos_sim_node *node, struct inos_sim_step *step)
{
  node->slow = true;
  at (node->world,
      node->world->now + inos_sim_random_wait (&node->world->random, ns_of (step->every)),
      INOS_SIM_STALL, node->index);
}

static void lie (struct inos_sim_node *node, struct inos_sim_step *step)
{
  node->liar = true;
  at (node->world, node->world->now + LIE_EVERY, INOS_SIM_LIE, node->index);
}

/* The monotonic clock runs faster or slower, the wall clock jumps. */
static void skew (struct inos_sim_node *node, struct inos_sim_step *step)
{
  struct inos_sim_random *random = &node->world->random;
  uint64_t before = inos_env_now (&node->env);

  node->drift = (int64_t)((inos_sim_random_unit (random) * 2 - 1) * step->drift_ppm * 1000);
  node->clock_base += before - inos_env_now (&node->env); /* it goes on from where it was */
  node->wall_base += (int64_t)((inos_sim_random_unit (random) * 2 - 1) * step->skew_ms);
  inos_sim_node_rearm (node);
}

static void churn (struct inos_sim_world *world, struct inos_sim_step *step)
{
  struct inos_sim_step one = *step;

  one.count = 1;
  each (world, &one, crash);
}

/* Churn is a step that comes again until its time is over. */
static void churn_on (struct inos_sim_world *world, struct inos_sim_step *step, unsigned number)
{
  uint64_t next = world->now + inos_sim_random_wait (&world->random, ns_of (1 / step->rate));

  churn (world, step);
  if (step->length > 0 && next > ns_of (step->at + step->length))
    return;
  struct inos_sim_event *event = inos_sim_queue_event (world->queue, 0);
  event->kind = INOS_SIM_PLAN;
  event->from = number;
  inos_sim_queue_add (world->queue, next, event);
}

static void undo (struct inos_sim_world *world, const struct inos_sim_step *step)
{
  switch (step->fault) {
  case INOS_FAULT_CONDITIONS:
    world->conditions = world->scenario->conditions;
    break;
  case INOS_FAULT_PARTITION:
    heal (world);
    break;
  case INOS_FAULT_SLOW:
    for (unsigned i = 0; i < world->n_nodes; i++)
      world->nodes[i].slow = false;
    break;
  case INOS_FAULT_LIE:
    for (unsigned i = 0; i < world->n_nodes; i++)
      world->nodes[i].liar = false;
    break;
  default:
    break;
  }
}

static void begin (struct inos_sim_world *world, struct inos_sim_step *step, unsigned number)
{
  static void (*const acts[]) (struct inos_sim_node *,
                               struct inos_sim_step *) = {[INOS_FAULT_CRASH] = crash,
                                                          [INOS_FAULT_LEAVE] = leave,
                                                          [INOS_FAULT_SLOW] = slow,
                                                          [INOS_FAULT_LIE] = lie,
                                                          [INOS_FAULT_SKEW] = skew};

  switch (step->fault) {
  case INOS_FAULT_CONDITIONS:
    world->conditions = step->conditions;
    break;
  case INOS_FAULT_PARTITION:
    cut (world, step);
    break;
  case INOS_FAULT_CHURN:
    churn_on (world, step, number);
    break;
  default:
    each (world, step, acts[step->fault]);
  }
}

void inos_sim_step (struct inos_sim_world *world, unsigned number)
{
  struct inos_sim_step *step =
    &g_array_index (world->scenario->steps, struct inos_sim_step, number);

  if (step->is_check)
    inos_sim_check (world, step);
  else if (step->undo)
    undo (world, step);
  else
    begin (world, step, number);
}
