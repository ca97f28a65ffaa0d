/*
 * From a sender to a mailbox.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/probe.h"
#include "node/actor/queue.h"

#include <string.h>

/* An id no other message has: the worker's index, its own count, and a place for the reply. */
uint64_t inos_new_id (struct inos_worker *worker)
{
  return (uint64_t)worker->index << 56 | (++worker->next_id & 0xffffffffffull) << 16 | INOS_NO_SLOT;
}

struct inos_worker *inos_outside_lock (struct inos_runtime *runtime)
{
  pthread_mutex_lock (&runtime->outside_lock);
  inos_worker_look_at_clock (runtime->outside);
  return runtime->outside;
}

void inos_outside_unlock (struct inos_runtime *runtime)
{
  pthread_mutex_unlock (&runtime->outside_lock);
}

void inos_push (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  if (inos_queue_push (cell, e))
    inos_schedule (worker, cell);
}

/* There is nobody of that id, or the route lets nothing through. */
static enum inos_sent deliver_to_nobody (struct inos_worker *worker, inos_actor_id to,
                                         struct inos_envelope *e)
{
  if (to == INOS_PICK_REFUSED) {
    inos_dead_letter (worker, 0, e, INOS_DEAD_REFUSED);
    return INOS_REFUSED;
  }
  inos_dead_letter (worker, to, e, INOS_DEAD_GONE);
  return INOS_DEAD;
}

/* Into the mailbox of @cell, for @to. */
static inline enum inos_sent put (struct inos_worker *worker, struct inos_cell *cell,
                                  inos_actor_id to, struct inos_envelope *e, struct inos_cell *from,
                                  const struct inos_route *again)
{
  e->generation = (uint32_t)(to >> 32);
  e->counted = false;
  uint32_t flags = atomic_load_explicit (&cell->flags, memory_order_relaxed);
  if (UNLIKELY ((e->flags & INOS_E_PRIORITY) != INOS_PRIORITY_NORMAL && !(flags & INOS_C_LANES)))
    flags = atomic_fetch_or_explicit (&cell->flags, INOS_C_LANES, memory_order_relaxed);
  if (flags & INOS_C_BOUNDED || (again && again->drains))
    return inos_bound_admit (worker, cell, e, from, again);
  inos_push (worker, cell, e);
  return INOS_ACCEPTED;
}

/* Whoever was picked may go before the message is there: then @again picks anew, but not for ever,
 * for all of its actors may have gone. */
static enum inos_sent pass_on (struct inos_worker *worker, const struct inos_route *again,
                               inos_actor_id to, struct inos_envelope *e, struct inos_cell *from)
{
  for (unsigned i = 0; again && to > INOS_PICK_REFUSED && i < INOS_PICKS_MAX; i++) {
    to = inos_route_pick (worker, again, e->key);
    struct inos_cell *cell = inos_cell_of (worker->runtime, to);
    enum inos_sent sent = cell ? put (worker, cell, to, e, from, again) : INOS_PASS_ON;
    if (sent != INOS_PASS_ON)
      return sent;
  }
  return deliver_to_nobody (worker, to, e);
}

/* Puts @e where @to is; it is the caller's no more. @from may be NULL: no actor, which cannot wait.
 */
enum inos_sent inos_deliver (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                             struct inos_cell *from)
{
  struct inos_cell *cell = inos_cell_of (worker->runtime, to);

  inos_count (&worker->count.sent, 1);
  INOS_PROBE_SEND (e->id, e->sender, to, e->type);
  if (UNLIKELY (!cell))
    return deliver_to_nobody (worker, to, e);
  enum inos_sent sent = put (worker, cell, to, e, from, NULL);
  if (LIKELY (sent != INOS_PASS_ON))
    return sent;
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  return pass_on (worker, atomic_load (&bound->pool), to, e, from);
}

enum inos_sent inos_deliver_picked (struct inos_worker *worker, const struct inos_route *route,
                                    inos_actor_id to, struct inos_envelope *e,
                                    struct inos_cell *from)
{
  struct inos_cell *cell = inos_cell_of (worker->runtime, to);

  inos_count (&worker->count.sent, 1);
  INOS_PROBE_SEND (e->id, e->sender, to, e->type);
  if (LIKELY (cell)) {
    enum inos_sent sent = put (worker, cell, to, e, from, route->again);
    if (LIKELY (sent != INOS_PASS_ON))
      return sent;
  }
  return pass_on (worker, route->again, to, e, from);
}

enum inos_sent inos_deliver_by (struct inos_worker *worker, struct inos_address to,
                                struct inos_envelope *e, struct inos_cell *from)
{
  if (e->key == 0)
    e->key = (uint32_t)to.id;
  return inos_deliver_picked (worker, to.route, inos_route_pick (worker, to.route, e->key), e,
                              from);
}

static inline enum inos_sent deliver (struct inos_worker *worker, struct inos_address to,
                                      struct inos_envelope *e, struct inos_cell *from)
{
  return LIKELY (!to.route) ? inos_deliver (worker, to.id, e, from)
                            : inos_deliver_by (worker, to, e, from);
}

static inline void fill (struct inos_worker *worker, struct inos_envelope *e,
                         const struct inos_message_type *type, inos_actor_id sender)
{
  e->id = inos_new_id (worker);
  e->sender = sender;
  e->reply_to = 0;
  e->time = worker->now;
  e->ttl_ms = 0;
  e->key = 0;
  e->type = inos_type_index (type);
  e->flags = type->priority ^ INOS_PRIORITY_NORMAL;
  if (UNLIKELY (worker->path)) {
    e->flags |= INOS_E_PATH;
    e->reply_to = worker->cause;
  }
}

/* An envelope with @message in it, or NULL where there is no memory. */
struct inos_envelope *inos_envelope_make (struct inos_worker *worker,
                                          const struct inos_message_type *type, const void *message,
                                          inos_actor_id sender,
                                          const struct inos_send_options *options)
{
  struct inos_envelope *e = inos_envelope_new (worker);

  if (UNLIKELY (!e))
    return NULL;
  fill (worker, e, type, sender);
  if (!inos_envelope_set_payload (worker, e, type, message)) {
    inos_envelope_recycle (worker, e);
    return NULL;
  }
  if (options) {
    e->ttl_ms = options->ttl_ms;
    e->key = options->key;
    if (options->has_priority)
      e->flags = (uint8_t)((e->flags & ~INOS_E_PRIORITY) | (options->priority & INOS_E_PRIORITY));
  }
  return e;
}

enum inos_sent inos_send_word (struct inos_context *context, struct inos_address to,
                               const struct inos_message_type *type, uint64_t word)
{
  struct inos_worker *worker = context->worker;
  struct inos_envelope *e = inos_envelope_new (worker);

  if (UNLIKELY (!e))
    return INOS_NO_MEMORY;
  fill (worker, e, type, context->self);
  e->payload.word = word;
  return deliver (worker, to, e, context->cell);
}

enum inos_sent inos_send (struct inos_context *context, struct inos_address to,
                          const struct inos_message_type *type, const void *message,
                          const struct inos_send_options *options)
{
  struct inos_worker *worker = context->worker;
  struct inos_envelope *e = inos_envelope_make (worker, type, message, context->self, options);

  if (UNLIKELY (!e))
    return INOS_NO_MEMORY;
  return deliver (worker, to, e, context->cell);
}

enum inos_sent inos_post (struct inos_runtime *runtime, struct inos_address to,
                          const struct inos_message_type *type, const void *message,
                          const struct inos_send_options *options)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  struct inos_envelope *e = inos_envelope_make (worker, type, message, 0, options);
  enum inos_sent sent = INOS_NO_MEMORY;

  if (e)
    sent = deliver (worker, to, e, NULL);
  inos_outside_unlock (runtime);
  return sent;
}

enum inos_sent inos_forward (struct inos_context *context, struct inos_address to)
{
  struct inos_worker *worker = context->worker;
  struct inos_envelope *current = context->current;

  if (!current || current->flags & INOS_E_KIND || current->type == INOS_NO_TYPE)
    return INOS_UNASKED;
  struct inos_envelope *e = inos_envelope_new (worker);
  if (!e)
    return INOS_NO_MEMORY;
  if (UNLIKELY (worker->tracing))
    inos_trace_forwarded (worker);
  inos_envelope_move (e, current);
  /* It has been handled here, and nobody here answers it any more. */
  current->flags &= (uint8_t)~INOS_E_REQUEST;
  return deliver (worker, to, e, context->cell);
}

const char *inos_sent_name (enum inos_sent sent)
{
  switch (sent) {
  case INOS_ACCEPTED:
    return "accepted";
  case INOS_PARKED:
    return "parked";
  case INOS_DEAD:
    return "dead";
  case INOS_DROPPED:
    return "dropped";
  case INOS_FULL:
    return "full";
  case INOS_REFUSED:
    return "refused";
  case INOS_NO_MEMORY:
    return "no-memory";
  case INOS_UNASKED:
    return "unasked";
  }
  return "unknown";
}

uint32_t inos_key (const void *bytes, size_t size)
{
  const unsigned char *byte = bytes;
  uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a, 64 bits, folded */

  for (size_t i = 0; i < size; i++)
    hash = (hash ^ byte[i]) * 0x100000001b3ull;
  uint32_t key = (uint32_t)(hash ^ hash >> 32);
  return key ? key : 1;
}
