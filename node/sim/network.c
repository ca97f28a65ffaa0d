/*
 * What the network does with what is sent. A link's delay is a function of the seed and of both
 * ends; the rest is drawn each time. Datagrams are lost, repeated and reordered. Messages come in
 * order: what is lost of them is sent again, later and later, as TCP does, and what cannot get
 * through is lost with the connection.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/world.h"

#include <math.h>
#include <string.h>

#define RESEND_FIRST (200 * INOS_SIM_MS)
#define RESENDS_MAX 6u
#define REORDER_MAX (200 * INOS_SIM_MS)
#define ORDER_FIRST 1024u

struct order_item {
  uint64_t pair; /* from and to, plus one; 0: free */
  uint64_t last; /* when the last message comes */
};

/* When the last message of each pair comes; open addressing. */
struct inos_sim_order {
  struct order_item *items; /* owned */
  size_t n, size;
};

struct inos_sim_order *inos_sim_order_new (void)
{
  struct inos_sim_order *order = g_new0 (struct inos_sim_order, 1);

  order->size = ORDER_FIRST;
  order->items = g_new0 (struct order_item, order->size);
  return order;
}

void inos_sim_order_free (struct inos_sim_order *order)
{
  g_free (order->items);
  g_free (order);
}

static struct order_item *find (struct inos_sim_order *order, uint64_t pair)
{
  size_t i = inos_sim_mix (pair) & (order->size - 1);

  while (order->items[i].pair && order->items[i].pair != pair)
    i = (i + 1) & (order->size - 1);
  return &order->items[i];
}

/* Leaves out what has come already; larger where that is not enough. */
static void tidy (struct inos_sim_order *order, uint64_t now)
{
  struct order_item *old = order->items;
  size_t n_old = order->size, n = 0;

  for (size_t i = 0; i < n_old; i++)
    n += old[i].pair && old[i].last > now;
  while (n * 4 > order->size)
    order->size *= 2;
  order->items = g_new0 (struct order_item, order->size);
  order->n = n;
  for (size_t i = 0; i < n_old; i++)
    if (old[i].pair && old[i].last > now)
      *find (order, old[i].pair) = old[i];
  g_free (old);
}

/* Returns: when a message that could come at @time does come, after all before it. */
static uint64_t in_order (struct inos_sim_world *world, const struct inos_sim_node *from,
                          const struct inos_sim_node *to, uint64_t time)
{
  struct inos_sim_order *order = world->order;
  uint64_t pair = ((uint64_t)from->index << 32 | to->index) + 1;

  if (order->n * 2 > order->size)
    tidy (order, world->now);
  struct order_item *item = find (order, pair);
  if (!item->pair) {
    item->pair = pair;
    order->n++;
  }
  item->last = MAX (item->last + 1, time);
  return item->last;
}

bool inos_sim_is_cut (const struct inos_sim_world *world, const struct inos_sim_node *from,
                      const struct inos_sim_node *to)
{
  for (unsigned i = 0; i < world->n_cuts; i++)
    if (from->groups & world->cuts[i].from && to->groups & world->cuts[i].to)
      return true;
  return false;
}

/* Most links are short, some are long. */
static uint64_t delay_of (struct inos_sim_world *world, const struct inos_sim_node *from,
                          const struct inos_sim_node *to)
{
  const struct inos_sim_conditions *c = &world->conditions;
  uint64_t low = MIN (from->index, to->index), high = MAX (from->index, to->index);
  double far = (double)(inos_sim_mix (world->seed ^ (high << 32 | low)) >> 11) * 0x1.0p-53;
  double ms = c->latency_ms + c->spread_ms * far * far * far;

  if (c->jitter_ms > 0)
    ms += -log (1 - inos_sim_random_unit (&world->random)) * c->jitter_ms;
  return (uint64_t)(ms * (double)INOS_SIM_MS) + 1;
}

/* A node's bytes leave one after the other. */
static uint64_t leaves (struct inos_sim_world *world, struct inos_sim_node *from, size_t len)
{
  if (world->conditions.bandwidth <= 0)
    return world->now;
  from->uplink_free = MAX (from->uplink_free, world->now) +
                      (uint64_t)((double)(len + 40) * 1e9 / world->conditions.bandwidth);
  return from->uplink_free;
}

static void deliver (struct inos_sim_world *world, const struct inos_sim_node *from,
                     const struct inos_sim_node *to, unsigned port, const void *bytes, size_t len,
                     uint64_t at)
{
  struct inos_sim_event *event = inos_sim_queue_event (world->queue, len);

  event->kind = INOS_SIM_DELIVER;
  event->port = (uint8_t)port;
  event->node = to->index;
  event->from = from->index;
  event->epoch = to->epoch;
  if (len > 0)
    memcpy (event->bytes, bytes, len);
  inos_sim_queue_add (world->queue, at, event);
}

static bool lose (struct inos_sim_world *world)
{
  world->counts.lost++;
  return false;
}

static bool send_datagram (struct inos_sim_node *from, struct inos_sim_node *to, unsigned port,
                           const void *bytes, size_t len)
{
  struct inos_sim_world *world = from->world;
  const struct inos_sim_conditions *c = &world->conditions;
  uint64_t at = leaves (world, from, len);

  world->counts.datagrams++;
  if (!to->up || inos_sim_is_cut (world, from, to) || inos_sim_random_is (&world->random, c->loss))
    return lose (world);
  at += delay_of (world, from, to);
  if (inos_sim_random_is (&world->random, c->reorder))
    at += inos_sim_random_below (&world->random, REORDER_MAX);
  deliver (world, from, to, port, bytes, len, at);
  if (inos_sim_random_is (&world->random, c->duplicate))
    deliver (world, from, to, port, bytes, len, at + delay_of (world, from, to));
  return true;
}

/* Both ways have to be free: what comes is acknowledged. */
static bool send_message (struct inos_sim_node *from, struct inos_sim_node *to, unsigned port,
                          const void *bytes, size_t len)
{
  struct inos_sim_world *world = from->world;
  uint64_t at = leaves (world, from, len), wait = RESEND_FIRST;
  unsigned resends = 0;

  world->counts.messages++;
  if (!to->up || inos_sim_is_cut (world, from, to) || inos_sim_is_cut (world, to, from))
    return lose (world);
  while (inos_sim_random_is (&world->random, world->conditions.loss)) {
    if (resends++ == RESENDS_MAX)
      return lose (world);
    at += wait;
    wait *= 2;
  }
  at = in_order (world, from, to, at + delay_of (world, from, to));
  deliver (world, from, to, port | 0x80, bytes, len, at);
  return true;
}

bool inos_sim_send (struct inos_sim_node *from, struct inos_sim_node *to, unsigned port,
                    bool datagram, const void *bytes, size_t len)
{
  from->world->counts.bytes += len;
  if (port == 0 && len > 1) /* the kind is the first field */
    from->world->counts.kinds[((const uint8_t *)bytes)[1] & 31]++;
  return datagram ? send_datagram (from, to, port, bytes, len)
                  : send_message (from, to, port, bytes, len);
}
