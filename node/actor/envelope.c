/*
 * Where envelopes come from, and their payloads.
 *
 * Every worker has a list of free envelopes of its own. One that only sends gets them from the
 * depot by the hundred, one that only receives takes them there. Envelopes are never unmapped while
 * the runtime lives.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#include <string.h>

static struct inos_envelope *chain (struct inos_envelope *first, unsigned count)
{
  for (unsigned i = 0; i + 1 < count; i++)
    atomic_store_explicit (&first[i].next, &first[i + 1], memory_order_relaxed);
  atomic_store_explicit (&first[count - 1].next, NULL, memory_order_relaxed);
  return first;
}

/* A new slab: its first envelope is the slab's own, one chain is returned, the rest go to the
 * depot.
 */
static struct inos_envelope *new_slab (struct inos_runtime *runtime, bool must)
{
  struct inos_envelope *all = inos_slab_new (runtime, INOS_SLAB, must);
  unsigned count = INOS_SLAB / sizeof *all;

  if (!all)
    return NULL;
  for (unsigned i = INOS_EXCHANGE; i < count; i += INOS_EXCHANGE) {
    struct inos_envelope *first = chain (&all[i], INOS_EXCHANGE);
    first->sender = (uintptr_t)runtime->depot;
    runtime->depot = first;
  }
  return chain (&all[1], INOS_EXCHANGE - 1);
}

struct inos_envelope *inos_envelope_new_slow (struct inos_worker *worker, bool must)
{
  struct inos_runtime *runtime = worker->runtime;
  unsigned count = INOS_EXCHANGE;

  pthread_mutex_lock (&runtime->depot_lock);
  struct inos_envelope *e = runtime->depot;
  if (e)
    runtime->depot = (struct inos_envelope *)(uintptr_t)e->sender;
  else {
    e = new_slab (runtime, must);
    count--;
  }
  pthread_mutex_unlock (&runtime->depot_lock);
  if (!e)
    return NULL;
  worker->free = atomic_load_explicit (&e->next, memory_order_relaxed);
  worker->free_count = count - 1;
  return e;
}

/* For what the runtime itself has to say, which may go over the memory's bound by a slab. */
struct inos_envelope *inos_envelope_new_must (struct inos_worker *worker)
{
  struct inos_envelope *e = inos_envelope_new (worker);

  if (!e)
    e = inos_envelope_new_slow (worker, true);
  if (!e)
    g_error ("There is no memory left, not even for a system message.");
  return e;
}

void inos_envelope_give_back (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_envelope *first = worker->free, *last = first;

  for (unsigned i = 1; i < INOS_EXCHANGE; i++)
    last = atomic_load_explicit (&last->next, memory_order_relaxed);
  worker->free = atomic_load_explicit (&last->next, memory_order_relaxed);
  worker->free_count -= INOS_EXCHANGE;
  atomic_store_explicit (&last->next, NULL, memory_order_relaxed);
  pthread_mutex_lock (&runtime->depot_lock);
  first->sender = (uintptr_t)runtime->depot;
  runtime->depot = first;
  pthread_mutex_unlock (&runtime->depot_lock);
}

struct inos_block *inos_block_new (struct inos_worker *worker, const void *bytes, uint32_t size)
{
  struct inos_block *block = inos_piece_new (worker, sizeof *block + size);

  if (!block)
    return NULL;
  atomic_init (&block->refs, 1);
  block->size = size;
  memcpy (block->bytes, bytes, size);
  return block;
}

static void clear (const struct inos_message_type *type, bool reply, void *payload)
{
  void (*by) (void *) = !type ? NULL : reply ? type->partner->clear_reply : type->clear;

  if (by)
    by (payload);
}

void inos_block_unref (struct inos_worker *worker, struct inos_block *block,
                       const struct inos_message_type *type, bool reply)
{
  if (atomic_fetch_sub_explicit (&block->refs, 1, memory_order_acq_rel) > 1)
    return;
  clear (type, reply, block->bytes);
  inos_piece_free (worker, block, sizeof *block + block->size);
}

void inos_envelope_clear_payload (struct inos_worker *worker, struct inos_envelope *e)
{
  const struct inos_message_type *type = inos_type_of (e);
  bool reply = e->flags & INOS_E_REPLY && type && type->partner;

  if (e->flags & INOS_E_BLOCK)
    inos_block_unref (worker, e->payload.block, type, reply);
  else
    clear (type, reply, &e->payload.word);
  e->flags &= (uint8_t)~INOS_E_BLOCK;
  e->payload.word = 0;
}

bool inos_envelope_set_payload (struct inos_worker *worker, struct inos_envelope *e,
                                const struct inos_message_type *type, const void *message)
{
  e->payload.word = 0;
  if (type->size <= sizeof e->payload.word) {
    memcpy (&e->payload.word, message, type->size);
    return true;
  }
  e->payload.block = inos_block_new (worker, message, type->size);
  if (!e->payload.block)
    return false;
  e->flags |= INOS_E_BLOCK;
  return true;
}
