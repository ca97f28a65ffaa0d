/*
 * Requests and their replies. The place for a reply belongs to the actor that asked, and is there
 * before the request is sent; the low 16 bits of the request's id say which it is. One timer of the
 * actor looks for those that are late, so that a request that is answered in time costs no timer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#define LATE_SLACK INOS_MILLISECOND /* so that many that are late at once are found at once */

static bool grow (struct inos_cell *cell)
{
  struct inos_extra *extra = cell->extra;
  uint32_t size = extra->pending_size ? extra->pending_size * 2 : 4;

  if (size > INOS_NO_SLOT)
    size = INOS_NO_SLOT;
  if (size == extra->pending_size)
    return false;
  struct inos_pending *pending = g_try_renew (struct inos_pending, extra->pending, size);
  if (!pending)
    return false;
  for (uint32_t i = extra->pending_size; i < size; i++) {
    pending[i].id = 0;
    pending[i].tag = i + 1;
  }
  extra->pending = pending;
  extra->pending_free = extra->pending_size;
  extra->pending_size = size;
  atomic_fetch_or_explicit (&cell->flags, INOS_C_ASKS, memory_order_relaxed);
  return true;
}

/* A free place, which there is. */
static uint32_t take_slot (struct inos_extra *extra)
{
  uint32_t slot = extra->pending_free;

  extra->pending_free = (uint32_t)extra->pending[slot].tag;
  extra->pending_count++;
  return slot;
}

static void free_slot (struct inos_extra *extra, uint32_t slot)
{
  extra->pending[slot].id = 0;
  extra->pending[slot].tag = extra->pending_free;
  extra->pending_free = slot;
  extra->pending_count--;
}

bool inos_pending_room (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_extra *extra = inos_cell_extra (worker, cell);

  return extra && (extra->pending_free < extra->pending_size || grow (cell));
}

/* For what is no message: a place, which there is, for a reply of the type @reply. */
struct inos_request_id inos_pending_add (struct inos_context *context, uint64_t timeout,
                                         const struct inos_message_type *reply, inos_done done,
                                         uint64_t tag)
{
  struct inos_worker *worker = context->worker;
  struct inos_extra *extra = context->cell->extra;
  uint32_t slot = take_slot (extra);
  struct inos_pending *pending = &extra->pending[slot];

  *pending = (struct inos_pending){.id = (inos_new_id (worker) & ~(uint64_t)INOS_NO_SLOT) | slot,
                                   .deadline = UINT64_MAX,
                                   .done = done,
                                   .tag = tag,
                                   .reply = reply,
                                   .began = worker->now};
  struct inos_request_id request = {context->self, pending->id};
  if (timeout <= UINT64_MAX - worker->now) {
    pending->deadline = worker->now + timeout;
    inos_sweep_at (worker, context->cell, pending->deadline);
  }
  return request;
}

/* Whom the request goes to; and who wants to hear of its end. */
static inos_actor_id resolve (struct inos_worker *worker, struct inos_address to,
                              struct inos_envelope *e, struct inos_pending *pending)
{
  if (LIKELY (!to.route))
    return to.id;
  e->key = (uint32_t)to.id;
  if (!to.route->ask)
    return inos_route_pick (worker, to.route, e->key);
  inos_actor_id target = to.route->ask (worker, to.route, e->key, &pending->round);
  if (target != INOS_PICK_REFUSED)
    pending->route = to.route;
  return target;
}

enum inos_sent inos_request (struct inos_context *context, struct inos_address to,
                             const struct inos_message_type *type, const void *message,
                             uint64_t timeout, inos_done done, uint64_t tag)
{
  struct inos_worker *worker = context->worker;
  struct inos_cell *cell = context->cell;

  if (!inos_pending_room (worker, cell))
    return INOS_NO_MEMORY;
  struct inos_extra *extra = cell->extra;
  struct inos_envelope *e = inos_envelope_make (worker, type, message, context->self, NULL);
  if (!e)
    return INOS_NO_MEMORY;
  uint32_t slot = take_slot (extra);
  struct inos_pending *pending = &extra->pending[slot];
  e->flags |= INOS_E_REQUEST;
  e->id = (e->id & ~(uint64_t)INOS_NO_SLOT) | slot;
  *pending = (struct inos_pending){.id = e->id,
                                   .deadline = worker->now + timeout,
                                   .done = done,
                                   .tag = tag,
                                   .reply = type->partner,
                                   .began = worker->now};
  inos_actor_id target = pending->target = resolve (worker, to, e, pending);
  if (timeout > UINT64_MAX - worker->now)
    pending->deadline = UINT64_MAX;
  else
    inos_sweep_at (worker, cell, pending->deadline);
  return LIKELY (!to.route) ? inos_deliver (worker, target, e, cell)
                            : inos_deliver_picked (worker, to.route, target, e, cell);
}

struct inos_request_id inos_request_handled (const struct inos_context *context)
{
  const struct inos_envelope *e = context->current;

  if (!e || !(e->flags & INOS_E_REQUEST))
    return (struct inos_request_id){0};
  return (struct inos_request_id){e->sender, e->id};
}

enum inos_sent inos_reply_send (struct inos_worker *worker, struct inos_envelope *e,
                                struct inos_request_id request, inos_actor_id from)
{
  e->id = inos_new_id (worker);
  e->sender = from;
  e->reply_to = request.id;
  e->time = worker->now;
  e->ttl_ms = 0;
  e->key = 0;
  e->flags |= worker->path;
  return inos_deliver (worker, request.sender, e, NULL);
}

static inline void has_its_answer (struct inos_context *context, struct inos_request_id request)
{
  struct inos_envelope *current = context->current;

  if (current && current->id == request.id)
    current->flags &= (uint8_t)~INOS_E_REQUEST;
  else
    inos_kept_remove (context->cell, request.id);
}

enum inos_sent inos_reply (struct inos_context *context, struct inos_request_id request,
                           const struct inos_message_type *type, const void *reply)
{
  struct inos_worker *worker = context->worker;

  if (!request.id)
    return INOS_UNASKED;
  struct inos_envelope *e = inos_envelope_new (worker);
  if (!e)
    return INOS_NO_MEMORY;
  e->type = inos_type_index (type);
  e->flags = INOS_E_REPLY | INOS_PRIORITY_NORMAL;
  if (!inos_envelope_set_payload (worker, e, type, reply)) {
    inos_envelope_recycle (worker, e);
    return INOS_NO_MEMORY;
  }
  has_its_answer (context, request);
  return inos_reply_send (worker, e, request, context->self);
}

void inos_reply_fail (struct inos_worker *worker, struct inos_request_id request,
                      inos_actor_id from, enum inos_replied status)
{
  struct inos_envelope *e = inos_envelope_new_must (worker);

  e->type = INOS_NO_TYPE;
  e->flags = INOS_E_REPLY | INOS_PRIORITY_NORMAL;
  e->payload.word = status;
  inos_reply_send (worker, e, request, from);
}

void inos_decline (struct inos_context *context, struct inos_request_id request,
                   enum inos_replied status)
{
  if (!request.id)
    return;
  has_its_answer (context, request);
  inos_reply_fail (context->worker, request, context->self, status);
}

void inos_refuse (struct inos_context *context, struct inos_request_id request)
{
  inos_decline (context, request, INOS_REPLY_REFUSED);
}

void inos_reply_failed (struct inos_worker *worker, const struct inos_envelope *request,
                        enum inos_replied status)
{
  inos_reply_fail (worker, (struct inos_request_id){request->sender, request->id}, 0, status);
}

/* Calls what waits in @slot, which is free then. */
static void finish (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e,
                    uint32_t slot, enum inos_replied status, const void *reply)
{
  struct inos_pending pending = cell->extra->pending[slot];

  free_slot (cell->extra, slot);
  if (UNLIKELY (pending.route != NULL))
    pending.route->ended (worker, pending.route, pending.round, status);
  struct inos_context *context = inos_enter (worker, cell, e);
  inos_outcome_is (worker, cell, pending.done (cell->state, context, status, reply, pending.tag),
                   NULL);
  inos_drain_look (worker, cell);
}

void inos_replied_with (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  struct inos_extra *extra = cell->extra;
  uint32_t slot = (uint32_t)(e->reply_to & INOS_NO_SLOT);
  const struct inos_message_type *type = inos_type_of (e);

  if (!extra || slot >= extra->pending_size || extra->pending[slot].id != e->reply_to) {
    inos_dead_letter_record (worker, inos_id_of (cell), e, INOS_DEAD_LATE);
    return;
  }
  inos_count (&worker->count.handled, 1);
  inos_count (&cell->handled, 1);
  if (!type)
    finish (worker, cell, e, slot, (enum inos_replied)e->payload.word, NULL);
  else if (type != extra->pending[slot].reply)
    finish (worker, cell, e, slot, INOS_REPLY_REFUSED, NULL);
  else
    finish (worker, cell, e, slot, INOS_REPLIED,
            e->flags & INOS_E_BLOCK ? (void *)e->payload.block->bytes : &e->payload.word);
  inos_envelope_clear_payload (worker, e);
}

/* Whether the cell has still the same actor, after its code has run. */
static bool is_same (struct inos_cell *cell, uint32_t generation)
{
  return cell->behaviour && cell->extra &&
         atomic_load_explicit (&cell->generation, memory_order_relaxed) == generation;
}

/* The sweep timer: answers requests that are late, gives up on what is parked too long. */
void inos_sweep (struct inos_worker *worker, struct inos_cell *cell)
{
  uint32_t generation = atomic_load_explicit (&cell->generation, memory_order_relaxed);
  struct inos_extra *extra = cell->extra;
  uint64_t next = UINT64_MAX;

  extra->sweep = 0;
  if (extra->blocked_on && worker->now >= extra->blocked_until)
    inos_parked_drop (worker, cell, INOS_DEAD_FULL);
  else if (extra->blocked_on)
    next = extra->blocked_until;
  for (uint32_t i = 0; is_same (cell, generation) && i < cell->extra->pending_size; i++) {
    struct inos_pending *pending = &cell->extra->pending[i];
    if (!pending->id)
      continue;
    if (pending->deadline <= worker->now)
      finish (worker, cell, NULL, i, INOS_TIMED_OUT, NULL);
    else
      next = MIN (next, pending->deadline);
  }
  if (is_same (cell, generation) && next != UINT64_MAX)
    inos_sweep_at (worker, cell, next + LATE_SLACK);
}

void inos_pending_drop (struct inos_cell *cell)
{
  struct inos_extra *extra = cell->extra;

  if (!extra)
    return;
  g_clear_pointer (&extra->pending, g_free);
  extra->pending_size = extra->pending_free = extra->pending_count = 0;
}
