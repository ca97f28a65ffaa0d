/*
 * What can be seen of an actor by another thread. See health_private.h about reading what others
 * write.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_private.h"
#include "node/actor/queue.h"

#define TRIES 3

static INOS_PEEKS const struct inos_message_type *type_of (const struct inos_envelope *e)
{
  uint16_t type = e ? INOS_PEEK (e->type) : INOS_NO_TYPE;

  return type < __stop_inos_types - __start_inos_types ? &__start_inos_types[type] : NULL;
}

static INOS_PEEKS inos_actor_id id_of (struct inos_cell *cell)
{
  return (uint64_t)atomic_load_explicit (&cell->generation, memory_order_acquire) << 32 |
         INOS_PEEK (cell->index);
}

INOS_PEEKS bool inos_turn_see (struct inos_worker *worker, struct inos_turn_seen *turn)
{
  for (unsigned i = 0; i < TRIES; i++) {
    turn->began = atomic_load_explicit (&worker->turn_began, memory_order_acquire);
    turn->cell = atomic_load_explicit (&worker->running, memory_order_acquire);
    if (!turn->began || !turn->cell)
      return false;
    turn->handled = atomic_load_explicit (&worker->count.handled, memory_order_acquire);
    turn->current = INOS_PEEK (worker->context.current);
    turn->type = type_of (turn->current);
    turn->who = id_of (turn->cell);
    turn->behaviour = atomic_load_explicit (&turn->cell->behaviour, memory_order_acquire);
    atomic_thread_fence (memory_order_acquire);
    if (turn->began == atomic_load_explicit (&worker->turn_began, memory_order_relaxed) &&
        turn->cell == atomic_load_explicit (&worker->running, memory_order_relaxed) &&
        turn->handled == atomic_load_explicit (&worker->count.handled, memory_order_relaxed))
      return true;
  }
  turn->type = NULL; /* it goes on fast: this much is known */
  turn->current = NULL;
  return true;
}

bool inos_turn_of (struct inos_runtime *runtime, struct inos_cell *cell,
                   struct inos_turn_seen *turn)
{
  for (unsigned i = 0; i < runtime->workers + 2; i++) {
    struct inos_worker *worker = runtime->worker[i];
    if (atomic_load_explicit (&worker->running, memory_order_relaxed) == cell &&
        inos_turn_see (worker, turn) && turn->cell == cell)
      return true;
  }
  return false;
}

void inos_name_copy (struct inos_runtime *runtime, inos_actor_id id, char name[INOS_HEALTH_NAME])
{
  *name = '\0';
  pthread_mutex_lock (&runtime->registry_lock);
  const char *found = g_hash_table_lookup (runtime->named, &id);
  if (found)
    g_strlcpy (name, found, INOS_HEALTH_NAME);
  pthread_mutex_unlock (&runtime->registry_lock);
}

static inos_actor_id blocked_on (struct inos_runtime *runtime, inos_actor_id id)
{
  pthread_mutex_lock (&runtime->parking_lock);
  const inos_actor_id *whom = g_hash_table_lookup (runtime->waits, &id);
  inos_actor_id found = whom ? *whom : 0;
  pthread_mutex_unlock (&runtime->parking_lock);
  return found;
}

static enum inos_actor_state running_state (struct inos_runtime *runtime, uint64_t time)
{
  uint64_t after = atomic_load_explicit (&runtime->watchdog.after, memory_order_relaxed);

  if (after && time >= after)
    return INOS_STATE_STUCK;
  return time >= INOS_BUSY_AFTER ? INOS_STATE_BUSY : INOS_STATE_RUNNING;
}

void inos_state_see (struct inos_runtime *runtime, struct inos_cell *cell, inos_actor_id id,
                     struct inos_actor_health *out)
{
  uint32_t flags = atomic_load (&cell->flags);
  struct inos_turn_seen turn;

  out->id = id;
  out->watcher = atomic_load (&cell->watcher);
  out->behaviour = atomic_load (&cell->behaviour);
  out->count = atomic_load_explicit (&cell->handled, memory_order_relaxed);
  if (flags & INOS_C_NAMED)
    inos_name_copy (runtime, id, out->name);
  out->blocked_on = blocked_on (runtime, id);
  if (inos_turn_of (runtime, cell, &turn)) {
    uint64_t now = inos_clock (runtime);
    out->busy_for = now > turn.began ? now - turn.began : 0;
    out->state = running_state (runtime, out->busy_for);
    out->handled = out->state == INOS_STATE_RUNNING ? NULL : turn.type;
  } else if (flags & INOS_C_STARTING)
    out->state = INOS_STATE_STARTING;
  else if (out->blocked_on)
    out->state = INOS_STATE_BLOCKED;
  else
    out->state = atomic_load (&cell->head) ? INOS_STATE_READY : INOS_STATE_IDLE;
}

/* Mailboxes */

static INOS_PEEKS void count_one (const struct inos_envelope *e, uint32_t generation, uint64_t now,
                                  struct inos_mailbox_health *out, uint64_t *bytes)
{
  uint8_t flags = INOS_PEEK (e->flags);
  uint64_t time = INOS_PEEK (e->time);

  if (flags & INOS_E_KIND && !(flags & INOS_E_REPLY)) /* the runtime's own */
    return;
  if (INOS_PEEK (e->generation) != generation) {
    out->late++;
    return;
  }
  if (flags & INOS_E_REPLY)
    out->replies++;
  else
    out->depth[flags & INOS_E_PRIORITY]++;
  out->total++;
  out->oldest = MAX (out->oldest, now > time ? now - time : 0);
  if (bytes && flags & INOS_E_BLOCK) /* on its own thread only */
    *bytes += sizeof (struct inos_block) + e->payload.block->size;
}

/* Returns: how many more may be looked at. */
static INOS_PEEKS unsigned walk (const struct inos_envelope *e, const struct inos_envelope *current,
                                 uint32_t generation, uint64_t now, unsigned left,
                                 struct inos_mailbox_health *out, uint64_t *bytes)
{
  for (; e && left > 0; left--) {
    if (e != current)
      count_one (e, generation, now, out, bytes);
    e = atomic_load_explicit (&e->next, memory_order_acquire);
  }
  if (e)
    out->known = INOS_AT_LEAST;
  return left;
}

INOS_PEEKS void inos_mailbox_walk (struct inos_cell *cell, const struct inos_envelope *current,
                                   uint64_t now, struct inos_mailbox_health *out, uint64_t *bytes)
{
  struct inos_lanes *lanes = atomic_load_explicit (&cell->lanes, memory_order_acquire);
  uint32_t generation = atomic_load_explicit (&cell->generation, memory_order_acquire);
  struct inos_envelope *head = atomic_load_explicit (&cell->head, memory_order_acquire);
  unsigned left = INOS_HEALTH_WALK;

  out->known = INOS_EXACT;
  for (unsigned i = 0; lanes && i < INOS_PRIORITIES; i++)
    left = walk (INOS_PEEK (lanes->lane[i].first), current, generation, now, left, out, bytes);
  if (head && head != INOS_HELD)
    walk (atomic_load_explicit (&cell->first, memory_order_acquire), current, generation, now, left,
          out, bytes);
}

void inos_mailbox_bound (struct inos_cell *cell, struct inos_mailbox_health *out)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);

  if (!bound || !(atomic_load (&cell->flags) & INOS_C_BOUNDED))
    return;
  out->bounded = true;
  out->length = inos_bound_length (bound);
  out->capacity = atomic_load (&bound->capacity);
  out->on_full = (enum inos_on_full)atomic_load (&bound->on_full);
  out->waiting = atomic_load (&bound->waiting);
}

/* What changes when the consumer goes on. */
struct still {
  struct inos_envelope *first;
  uint64_t handled;
  bool runs;
  struct inos_turn_seen turn;
};

static struct still see_still (struct inos_runtime *runtime, struct inos_cell *cell)
{
  struct still s = {.first = atomic_load (&cell->first), .handled = atomic_load (&cell->handled)};

  s.runs = inos_turn_of (runtime, cell, &s.turn);
  return s;
}

static bool is_still (const struct still *a, const struct still *b)
{
  return a->first == b->first && a->handled == b->handled && a->runs == b->runs &&
         (!a->runs || (a->turn.began == b->turn.began && a->turn.handled == b->turn.handled &&
                       a->turn.current == b->turn.current));
}

/* With the lock that guards such a mailbox even from its own thread. */
static void see_oldest (struct inos_runtime *runtime, struct inos_cell *cell,
                        struct inos_mailbox_health *out)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);

  pthread_mutex_lock (&bound->lock);
  inos_mailbox_walk (cell, NULL, inos_clock (runtime), out, NULL);
  pthread_mutex_unlock (&bound->lock);
}

void inos_mailbox_see (struct inos_runtime *runtime, struct inos_cell *cell,
                       struct inos_mailbox_health *out)
{
  bool oldest = atomic_load (&cell->flags) & INOS_C_OLDEST;

  for (unsigned i = 0; i < TRIES; i++) {
    struct still before = see_still (runtime, cell);
    *out = (struct inos_mailbox_health){0};
    if (oldest && atomic_load (&cell->head) == INOS_HELD) {
      see_oldest (runtime, cell, out);
      break;
    }
    inos_mailbox_walk (cell, before.runs ? before.turn.current : NULL, inos_clock (runtime), out,
                       NULL);
    struct still after = see_still (runtime, cell);
    if (is_still (&before, &after))
      break;
    *out = (struct inos_mailbox_health){0};
  }
  inos_mailbox_bound (cell, out);
  if (out->bounded && out->known == INOS_UNKNOWN) {
    out->known = INOS_AT_LEAST;
    out->total = out->length;
  }
}

bool inos_health_glance (struct inos_runtime *runtime, inos_actor_id id,
                         struct inos_actor_health *out)
{
  struct inos_cell *cell = inos_cell_of (runtime, id);

  *out = (struct inos_actor_health){0};
  if (!cell || !(atomic_load (&cell->flags) & INOS_C_ALIVE))
    return false;
  inos_state_see (runtime, cell, id, out);
  return inos_cell_of (runtime, id) == cell;
}

bool inos_health_outside (struct inos_runtime *runtime, inos_actor_id id,
                          struct inos_actor_health *out)
{
  struct inos_cell *cell = inos_cell_of (runtime, id);

  if (!inos_health_glance (runtime, id, out))
    return false;
  inos_mailbox_see (runtime, cell, &out->mailbox);
  return inos_cell_of (runtime, id) == cell;
}
