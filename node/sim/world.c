/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/world.h"

#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#define FAILURES_MAX 1000u /* that are told; all are counted */
#define LINE 64u           /* bytes that are fetched at once */
#define LARGE_PAGE (2u << 20)
#define AHEAD_EVENT 12u /* what is fetched before how many others have happened */
#define AHEAD_NODE 6u
#define AHEAD_SERVICE 2u
#define AHEAD_MAX                                                                                  \
  512u /* bytes of a message; of what follows the processor sees that it is read                   \
        */
#define AHEAD_OF_SERVICE 1408u

static uint64_t world_now (void *data)
{
  const struct inos_sim_world *world = data;

  return world->now + 1;
}

static int64_t world_wall (void *data)
{
  return (int64_t)(world_now (data) / INOS_SIM_MS);
}

static void world_random (void *data, void *bytes, size_t len)
{
  inos_sim_random_fill (&((struct inos_sim_world *)data)->random, bytes, len);
}

static bool world_verify (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                          const uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  struct inos_sim_node *node = inos_sim_node_of (data, id);
  uint8_t right[INOS_MEMBER_SIGNATURE_SIZE];

  if (!node)
    return false;
  node->trust.sign (node, bytes, len, right);
  return memcmp (right, signature, sizeof right) == 0;
}

static void add_event (struct inos_sim_world *world, uint64_t at, enum inos_sim_kind kind,
                       unsigned node, unsigned from)
{
  struct inos_sim_event *event = inos_sim_queue_event (world->queue, 0);

  event->kind = (uint8_t)kind;
  event->node = node;
  event->from = from;
  inos_sim_queue_add (world->queue, at, event);
}

static void plan (struct inos_sim_world *world)
{
  const struct inos_sim_scenario *scenario = world->scenario;
  double join = scenario->join > 0 ? scenario->join : MAX (5, world->n_nodes / 500.0);

  for (unsigned i = 0; i < world->n_nodes; i++)
    add_event (world, (uint64_t)(join * (double)INOS_SIM_SECOND * i / world->n_nodes),
               INOS_SIM_START, i, 0);
  for (unsigned i = 0; i < scenario->steps->len; i++) {
    const struct inos_sim_step *step = &g_array_index (scenario->steps, struct inos_sim_step, i);
    add_event (world, (uint64_t)(step->at * (double)INOS_SIM_SECOND), INOS_SIM_PLAN, 0, i);
  }
  add_event (world, INOS_SIM_SECOND, INOS_SIM_SECOND_OVER, 0, 0);
}

/* In large pages, where the system has some: thousands lie far apart. */
static struct inos_sim_node *make_nodes (unsigned n)
{
  size_t size = n * sizeof (struct inos_sim_node);
  void *nodes = g_aligned_alloc (1, size, size < LARGE_PAGE ? LINE : LARGE_PAGE);

  if (size >= LARGE_PAGE)
    madvise (nodes, size, MADV_HUGEPAGE);
  memset (nodes, 0, size);
  return nodes;
}

struct inos_sim_world *inos_sim_world_new (struct inos_sim_scenario *scenario, uint64_t seed)
{
  struct inos_sim_world *world = g_new0 (struct inos_sim_world, 1);

  world->scenario = scenario;
  world->seed = seed;
  world->conditions = scenario->conditions;
  world->n_nodes = scenario->nodes;
  inos_sim_random_init (&world->random, seed);
  world->env = (struct inos_mesh_env){world, world_now, world_wall, world_random};
  world->trust = (struct inos_member_trust){.data = world, .verify = world_verify};
  world->store = inos_member_store_new (&world->env, &world->trust);
  world->queue = inos_sim_queue_new();
  world->order = inos_sim_order_new();
  world->primaries = g_hash_table_new (NULL, NULL);
  world->seconds = g_array_new (FALSE, TRUE, sizeof (struct inos_sim_second));
  world->failures = g_ptr_array_new_with_free_func (g_free);
  world->nodes = make_nodes (world->n_nodes);
  for (unsigned i = 0; i < world->n_nodes; i++)
    inos_sim_node_init (world, i);
  plan (world);
  return world;
}

void inos_sim_world_free (struct inos_sim_world *world)
{
  if (!world)
    return;
  for (unsigned i = 0; i < world->n_nodes; i++)
    inos_sim_node_finish (&world->nodes[i]);
  g_aligned_free (world->nodes);
  inos_sim_queue_free (world->queue);
  inos_member_store_free (world->store);
  inos_sim_order_free (world->order);
  g_hash_table_unref (world->primaries);
  g_array_unref (world->seconds);
  g_ptr_array_unref (world->failures);
  g_free (world);
}

void inos_sim_world_fail (struct inos_sim_world *world, const char *format, ...)
{
  va_list args;

  if (++world->n_failures > FAILURES_MAX)
    return;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (world->failures, g_strdup_printf ("%.3f s: %s", (double)world->now / 1e9, what));
}

/* Over eight bytes at once: a digest to compare with, not one to trust. */
static void stir (struct inos_sim_world *world, const void *bytes, size_t len)
{
  const uint8_t *at = bytes;
  uint64_t word;

  for (; len >= sizeof word; at += sizeof word, len -= sizeof word) {
    memcpy (&word, at, sizeof word);
    world->digest = (world->digest ^ word) * UINT64_C (0x9fb21c651e98df25);
    world->digest ^= world->digest >> 29;
  }
  word = len;
  memcpy (&word, at, len);
  world->digest = inos_sim_mix (world->digest ^ word);
}

static void trace (struct inos_sim_world *world, const struct inos_sim_event *event)
{
  const uint64_t head[] = {world->now,
                           (uint64_t)event->kind << 56 | (uint64_t)event->node << 24 | event->port,
                           (uint64_t)event->from << 32 | event->len};

  stir (world, head, sizeof head);
  if (event->len > 0)
    stir (world, event->bytes, event->len);
}

static void measure (struct inos_sim_world *world)
{
  struct inos_sim_second second = {.known_least = UINT_MAX};
  const struct inos_sim_counts *now = &world->counts, *before = &world->before;

  for (unsigned i = 0; i < world->n_nodes; i++) {
    const struct inos_sim_node *node = &world->nodes[i];
    if (!node->up)
      continue;
    unsigned known = inos_members_estimate (inos_sim_node_members (node));
    unsigned total = inos_members_total (inos_sim_node_members (node));
    second.up++;
    second.known_mean += known;
    second.known_least = MIN (second.known_least, known);
    second.known_most = MAX (second.known_most, known);
    world->counts.known_max = MAX (world->counts.known_max, total);
  }
  if (second.up > 0)
    second.known_mean /= second.up;
  else
    second.known_least = 0;
  second.datagrams = now->datagrams - before->datagrams;
  second.messages = now->messages - before->messages;
  second.bytes = now->bytes - before->bytes;
  second.suspicions = now->suspicions - before->suspicions;
  second.deaths = now->deaths - before->deaths;
  world->before = world->counts;
  g_array_append_val (world->seconds, second);
  if (world->on_second)
    world->on_second (world);
  add_event (world, world->now + INOS_SIM_SECOND, INOS_SIM_SECOND_OVER, 0, 0);
}

/* What comes to a node that stalls waits until it goes on. Returns: whether it has to. */
static bool wait (struct inos_sim_world *world, struct inos_sim_event *event)
{
  const struct inos_sim_node *node = &world->nodes[event->node];

  if (!node->up || world->now >= node->stall_until ||
      (event->kind != INOS_SIM_DELIVER && event->kind != INOS_SIM_TIMER))
    return false;
  inos_sim_queue_add (world->queue, node->stall_until, event);
  return true;
}

static void on_timer (struct inos_sim_node *node, uint32_t epoch)
{
  if (!node->up || epoch != node->epoch || node->world->now < node->timer_at)
    return;
  node->timer_at = INOS_NEVER;
  inos_sim_node_tick (node);
}

static void happen (struct inos_sim_world *world, const struct inos_sim_event *event)
{
  struct inos_sim_node *node = &world->nodes[event->node];

  switch ((enum inos_sim_kind)event->kind) {
  case INOS_SIM_DELIVER:
    inos_sim_node_receive (node, event);
    break;
  case INOS_SIM_TIMER:
    on_timer (node, event->epoch);
    break;
  case INOS_SIM_START:
    if (!node->up && !node->gone)
      inos_sim_node_start (node);
    break;
  case INOS_SIM_STOP:
    inos_sim_node_stop (node);
    break;
  case INOS_SIM_STALL:
    inos_sim_stall (node);
    break;
  case INOS_SIM_LIE:
    inos_sim_lie (node);
    break;
  case INOS_SIM_PLAN:
    inos_sim_step (world, event->from);
    break;
  case INOS_SIM_SECOND_OVER:
    measure (world);
    break;
  }
}

static void fetch (const void *memory, size_t len)
{
  for (size_t i = 0; i < len; i += LINE)
    __builtin_prefetch ((const char *)memory + i);
}

/* A node's memory has gone cold since its last event: while one event happens, what those that come
 * after it are about is fetched, step by step, as one is needed to know where the next lies. It
 * changes nothing. */
static void look_ahead (const struct inos_sim_world *world)
{
  const struct inos_sim_event *event;

  if ((event = inos_sim_queue_peek (world->queue, AHEAD_EVENT)) != NULL)
    fetch (event, LINE);
  if ((event = inos_sim_queue_peek (world->queue, AHEAD_NODE)) != NULL) {
    fetch (&world->nodes[event->node], sizeof *world->nodes);
    if (event->kind == INOS_SIM_DELIVER)
      fetch (&world->nodes[event->from].id, sizeof (struct inos_peer_id));
    fetch (event->bytes, MIN (event->len, AHEAD_MAX));
  }
  if ((event = inos_sim_queue_peek (world->queue, AHEAD_SERVICE)) != NULL)
    for (unsigned i = 0; i < inos_sim_n_services; i++)
      if (world->nodes[event->node].services[i])
        fetch (world->nodes[event->node].services[i], AHEAD_OF_SERVICE);
}

bool inos_sim_world_run (struct inos_sim_world *world)
{
  uint64_t end = (uint64_t)(world->scenario->seconds * (double)INOS_SIM_SECOND), time;
  struct inos_sim_event *event;

  while ((event = inos_sim_queue_take (world->queue, &time)) != NULL) {
    if (time > end) {
      inos_sim_queue_add (world->queue, time, event);
      break;
    }
    world->now = time;
    if (wait (world, event))
      continue;
    world->counts.events++;
    look_ahead (world);
    trace (world, event);
    happen (world, event);
    inos_sim_queue_drop (world->queue, event);
  }
  world->now = end;
  return world->n_failures == 0;
}
