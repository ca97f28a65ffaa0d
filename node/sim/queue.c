/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/queue.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BITS 20u /* of a time in ns: a slot is a millisecond */
#define SLOTS 2048u   /* two seconds */
#define FIRST_SIZE 64u

struct item {
  uint64_t time, sequence;
  struct inos_sim_event *event;
};

struct items {
  struct item *at; /* owned */
  size_t n, size;
};

struct inos_sim_queue {
  struct items now; /* in order; those from `next` on are left */
  size_t next;
  uint64_t opened; /* the slots before this one are in `now` */
  struct items slots[SLOTS];
  size_t in_slots;
  struct items late; /* a heap of four children a node */
  uint64_t sequence;
  struct inos_sim_pool *pool; /* owned */
};

struct inos_sim_queue *inos_sim_queue_new (void)
{
  struct inos_sim_queue *queue = g_new0 (struct inos_sim_queue, 1);

  queue->pool = inos_sim_pool_new();
  return queue;
}

static void finish (struct inos_sim_queue *queue, struct items *items, size_t first)
{
  for (size_t i = first; i < items->n; i++)
    inos_sim_pool_drop (queue->pool, items->at[i].event);
  g_free (items->at);
}

void inos_sim_queue_free (struct inos_sim_queue *queue)
{
  if (!queue)
    return;
  finish (queue, &queue->now, queue->next);
  finish (queue, &queue->late, 0);
  for (unsigned i = 0; i < SLOTS; i++)
    finish (queue, &queue->slots[i], 0);
  inos_sim_pool_free (queue->pool);
  g_free (queue);
}

struct inos_sim_event *inos_sim_queue_event (struct inos_sim_queue *queue, size_t len)
{
  return inos_sim_pool_event (queue->pool, len);
}

void inos_sim_queue_drop (struct inos_sim_queue *queue, struct inos_sim_event *event)
{
  inos_sim_pool_drop (queue->pool, event);
}

static bool is_before (const struct item *a, const struct item *b)
{
  return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

static int compare (const void *a, const void *b)
{
  return is_before (a, b) ? -1 : 1;
}

static void append (struct items *items, struct item item)
{
  if (items->n == items->size) {
    items->size = MAX (items->size * 2, FIRST_SIZE);
    items->at = g_renew (struct item, items->at, items->size);
  }
  items->at[items->n++] = item;
}

/* Into those that are in order: mostly near their end. */
static void insert (struct inos_sim_queue *queue, struct item item)
{
  struct items *now = &queue->now;
  size_t at = now->n;

  append (now, item);
  while (at > queue->next && is_before (&item, &now->at[at - 1])) {
    now->at[at] = now->at[at - 1];
    at--;
  }
  now->at[at] = item;
}

static void add_late (struct items *heap, struct item item)
{
  size_t at = heap->n;

  append (heap, item);
  while (at > 0 && is_before (&item, &heap->at[(at - 1) / 4])) {
    heap->at[at] = heap->at[(at - 1) / 4];
    at = (at - 1) / 4;
  }
  heap->at[at] = item;
}

/* The smallest of the children of @at, or 0. */
static size_t least_child (const struct items *heap, size_t at)
{
  size_t first = at * 4 + 1, least = first;

  if (first >= heap->n)
    return 0;
  for (size_t i = first + 1; i < first + 4 && i < heap->n; i++)
    if (is_before (&heap->at[i], &heap->at[least]))
      least = i;
  return least;
}

static struct item take_late (struct items *heap)
{
  struct item first = heap->at[0], last = heap->at[--heap->n];
  size_t at = 0, child;

  for (child = least_child (heap, 0); child > 0 && is_before (&heap->at[child], &last);
       child = least_child (heap, at)) {
    heap->at[at] = heap->at[child];
    at = child;
  }
  heap->at[at] = last;
  return first;
}

void inos_sim_queue_add (struct inos_sim_queue *queue, uint64_t time, struct inos_sim_event *event)
{
  struct item item = {time, queue->sequence++, event};
  uint64_t slot = time >> SLOT_BITS;

  if (slot < queue->opened) {
    insert (queue, item);
  } else if (slot - queue->opened < SLOTS) {
    append (&queue->slots[slot % SLOTS], item);
    queue->in_slots++;
  } else {
    add_late (&queue->late, item);
  }
}

/* The next slot's come behind those that are left. */
static void open_slot (struct inos_sim_queue *queue)
{
  struct items *now = &queue->now, *late = &queue->late;

  if (queue->in_slots == 0)
    queue->opened = late->at[0].time >> SLOT_BITS;
  struct items *slot = &queue->slots[queue->opened++ % SLOTS];
  size_t left = now->n - queue->next;
  if (left > 0)
    memmove (now->at, now->at + queue->next, left * sizeof *now->at);
  now->n = left;
  queue->next = 0;
  for (size_t i = 0; i < slot->n; i++)
    append (now, slot->at[i]);
  queue->in_slots -= slot->n;
  slot->n = 0;
  while (late->n > 0 && late->at[0].time >> SLOT_BITS < queue->opened)
    append (now, take_late (late));
  if (now->n > left + 1)
    qsort (now->at + left, now->n - left, sizeof *now->at, compare);
}

struct inos_sim_event *inos_sim_queue_take (struct inos_sim_queue *queue, uint64_t *time)
{
  while (queue->now.n - queue->next <= INOS_SIM_AHEAD && queue->in_slots + queue->late.n > 0)
    open_slot (queue);
  if (queue->next == queue->now.n)
    return NULL;
  const struct item *first = &queue->now.at[queue->next++];
  *time = first->time;
  return first->event;
}

const struct inos_sim_event *inos_sim_queue_peek (const struct inos_sim_queue *queue, unsigned n)
{
  return n < queue->now.n - queue->next ? queue->now.at[queue->next + n].event : NULL;
}

size_t inos_sim_queue_length (const struct inos_sim_queue *queue)
{
  return queue->now.n - queue->next + queue->in_slots + queue->late.n;
}
