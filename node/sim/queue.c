/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/queue.h"

#include <string.h>

#define BLOCK 1024u

struct item {
  uint64_t time, sequence;
  struct inos_sim_event *event;
};

struct inos_sim_queue {
  struct item *items; /* owned; the heap */
  size_t n, size;
  uint64_t sequence;
  struct inos_sim_event *unused;
  GPtrArray *blocks; /* of events, owned */
};

struct inos_sim_queue *inos_sim_queue_new (void)
{
  struct inos_sim_queue *queue = g_new0 (struct inos_sim_queue, 1);

  queue->blocks = g_ptr_array_new_with_free_func (g_free);
  return queue;
}

void inos_sim_queue_free (struct inos_sim_queue *queue)
{
  if (!queue)
    return;
  for (size_t i = 0; i < queue->n; i++)
    g_free (queue->items[i].event->bytes);
  g_ptr_array_unref (queue->blocks);
  g_free (queue->items);
  g_free (queue);
}

static void add_block (struct inos_sim_queue *queue)
{
  struct inos_sim_event *block = g_new (struct inos_sim_event, BLOCK);

  g_ptr_array_add (queue->blocks, block);
  for (unsigned i = 0; i < BLOCK; i++) {
    block[i].next = queue->unused;
    queue->unused = &block[i];
  }
}

struct inos_sim_event *inos_sim_queue_event (struct inos_sim_queue *queue)
{
  if (!queue->unused)
    add_block (queue);
  struct inos_sim_event *event = queue->unused;
  queue->unused = event->next;
  *event = (struct inos_sim_event){0};
  return event;
}

void inos_sim_queue_drop (struct inos_sim_queue *queue, struct inos_sim_event *event)
{
  g_free (event->bytes);
  event->next = queue->unused;
  queue->unused = event;
}

static bool is_before (const struct item *a, const struct item *b)
{
  return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

void inos_sim_queue_add (struct inos_sim_queue *queue, uint64_t time, struct inos_sim_event *event)
{
  struct item item = {time, queue->sequence++, event};

  if (queue->n == queue->size) {
    queue->size = MAX (queue->size * 2, BLOCK);
    queue->items = g_renew (struct item, queue->items, queue->size);
  }
  size_t at = queue->n++;
  while (at > 0 && is_before (&item, &queue->items[(at - 1) / 4])) {
    queue->items[at] = queue->items[(at - 1) / 4];
    at = (at - 1) / 4;
  }
  queue->items[at] = item;
}

/* The smallest of the children of @at, or 0. */
static size_t least_child (const struct inos_sim_queue *queue, size_t at)
{
  size_t first = at * 4 + 1, least = first;

  if (first >= queue->n)
    return 0;
  for (size_t i = first + 1; i < first + 4 && i < queue->n; i++)
    if (is_before (&queue->items[i], &queue->items[least]))
      least = i;
  return least;
}

static void sink (struct inos_sim_queue *queue, struct item item)
{
  size_t at = 0, child;

  for (child = least_child (queue, 0); child > 0 && is_before (&queue->items[child], &item);
       child = least_child (queue, at)) {
    queue->items[at] = queue->items[child];
    at = child;
  }
  queue->items[at] = item;
}

struct inos_sim_event *inos_sim_queue_take (struct inos_sim_queue *queue, uint64_t *time)
{
  if (queue->n == 0)
    return NULL;
  struct item first = queue->items[0];
  queue->n--;
  if (queue->n > 0)
    sink (queue, queue->items[queue->n]);
  *time = first.time;
  return first.event;
}

const struct inos_sim_event *inos_sim_queue_peek (const struct inos_sim_queue *queue)
{
  size_t n = MIN (queue->n, 5u);

  for (size_t i = 1; i < n; i++) /* one of them comes after it */
    __builtin_prefetch (queue->items[i].event);
  return n > 0 ? queue->items[0].event : NULL;
}

size_t inos_sim_queue_length (const struct inos_sim_queue *queue)
{
  return queue->n;
}
