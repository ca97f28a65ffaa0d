/*
 * Timers. One heap for the runtime says what comes next; the worker that looks at the clock sends
 * its owner an envelope that names the timer, and the owner does the rest in its own turn: so what
 * has been cancelled, or belongs to an actor that has gone or started anew, never comes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/queue.h"

#include <string.h>

#define FIRE_AT_ONCE 256
#define NOT_IN_HEAP UINT32_MAX

struct inos_timer_entry {
  uint64_t deadline, period;
  inos_actor_id owner;
  inos_timer id;
  uint32_t place; /* in the heap; timer_lock */
  bool sweep;
  const struct inos_message_type *type;
  struct inos_address to;
  unsigned char message[] __attribute__ ((aligned (16)));
};

/* The heap; with timer_lock held */

static void put (struct inos_runtime *runtime, uint32_t place, struct inos_timer_entry *entry)
{
  runtime->heap[place] = entry;
  entry->place = place;
}

static void rise (struct inos_runtime *runtime, uint32_t place, struct inos_timer_entry *entry)
{
  while (place > 0 && entry->deadline < runtime->heap[(place - 1) / 2]->deadline) {
    put (runtime, place, runtime->heap[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put (runtime, place, entry);
}

static void sink (struct inos_runtime *runtime, uint32_t place, struct inos_timer_entry *entry)
{
  for (;;) {
    uint32_t child = 2 * place + 1;
    if (child + 1 < runtime->heap_size &&
        runtime->heap[child + 1]->deadline < runtime->heap[child]->deadline)
      child++;
    if (child >= runtime->heap_size || runtime->heap[child]->deadline >= entry->deadline)
      break;
    put (runtime, place, runtime->heap[child]);
    place = child;
  }
  put (runtime, place, entry);
}

static void tell_next (struct inos_runtime *runtime)
{
  atomic_store (&runtime->next_deadline,
                runtime->heap_size ? runtime->heap[0]->deadline : UINT64_MAX);
}

static void heap_remove (struct inos_runtime *runtime, struct inos_timer_entry *entry)
{
  uint32_t place = entry->place;

  if (place == NOT_IN_HEAP)
    return;
  entry->place = NOT_IN_HEAP;
  struct inos_timer_entry *last = runtime->heap[--runtime->heap_size];
  if (last == entry)
    return;
  if (place > 0 && last->deadline < runtime->heap[(place - 1) / 2]->deadline)
    rise (runtime, place, last);
  else
    sink (runtime, place, last);
}

static bool heap_room (struct inos_runtime *runtime)
{
  if (runtime->heap_size < runtime->heap_room)
    return true;
  uint32_t room = runtime->heap_room ? runtime->heap_room * 2 : 64;
  struct inos_timer_entry **heap = g_try_renew (struct inos_timer_entry *, runtime->heap, room);
  if (!heap)
    return false;
  runtime->heap = heap;
  runtime->heap_room = room;
  return true;
}

static bool heap_add (struct inos_runtime *runtime, struct inos_timer_entry *entry)
{
  pthread_mutex_lock (&runtime->timer_lock);
  bool room = heap_room (runtime);
  bool first = false;
  if (room) {
    rise (runtime, runtime->heap_size++, entry);
    first = runtime->heap[0] == entry;
    tell_next (runtime);
  }
  pthread_mutex_unlock (&runtime->timer_lock);
  if (first)
    inos_wake_for_timer (runtime);
  return room;
}

/* An actor's own table: the low 16 bits of a timer's id are its place. */

static bool table_room (struct inos_extra *extra)
{
  if (extra->timers_count < extra->timers_size)
    return true;
  uint32_t size = extra->timers_size ? extra->timers_size * 2 : 4;
  size = MIN (size, INOS_NO_SLOT);
  if (size == extra->timers_size)
    return false;
  struct inos_timer_entry **timers = g_try_renew (struct inos_timer_entry *, extra->timers, size);
  if (!timers)
    return false;
  memset (timers + extra->timers_size, 0, (size - extra->timers_size) * sizeof *timers);
  extra->timers_free = extra->timers_size;
  extra->timers = timers;
  extra->timers_size = size;
  return true;
}

static uint32_t table_place (struct inos_extra *extra)
{
  while (extra->timers[extra->timers_free])
    extra->timers_free = (extra->timers_free + 1) % extra->timers_size;
  return extra->timers_free;
}

static struct inos_timer_entry *find (struct inos_cell *cell, inos_timer id)
{
  struct inos_extra *extra = cell->extra;
  uint32_t place = (uint32_t)(id & INOS_NO_SLOT);

  if (!extra || place >= extra->timers_size || !extra->timers[place] ||
      extra->timers[place]->id != id)
    return NULL;
  return extra->timers[place];
}

static void entry_free (struct inos_timer_entry *entry, bool clear)
{
  if (clear && entry->type && entry->type->clear)
    entry->type->clear (entry->message);
  g_free (entry);
}

/* Takes @entry out of heap and table; the caller frees it. */
static void forget (struct inos_worker *worker, struct inos_cell *cell,
                    struct inos_timer_entry *entry)
{
  struct inos_runtime *runtime = worker->runtime;

  pthread_mutex_lock (&runtime->timer_lock);
  heap_remove (runtime, entry);
  tell_next (runtime);
  pthread_mutex_unlock (&runtime->timer_lock);
  cell->extra->timers[entry->id & INOS_NO_SLOT] = NULL;
  cell->extra->timers_free = (uint32_t)(entry->id & INOS_NO_SLOT);
  cell->extra->timers_count--;
}

static struct inos_timer_entry *add (struct inos_worker *worker, struct inos_cell *cell,
                                     uint64_t deadline, uint64_t period, uint32_t size)
{
  struct inos_extra *extra = inos_cell_extra (worker, cell);
  struct inos_timer_entry *entry;

  if (!extra || !table_room (extra) || !(entry = g_try_malloc (sizeof *entry + size)))
    return NULL;
  *entry = (struct inos_timer_entry){.deadline = deadline,
                                     .period = period,
                                     .owner = inos_id_of (cell),
                                     .id = (inos_new_id (worker) & ~(uint64_t)INOS_NO_SLOT) |
                                           table_place (extra),
                                     .place = NOT_IN_HEAP};
  extra->timers[entry->id & INOS_NO_SLOT] = entry;
  extra->timers_count++;
  return entry;
}

static uint64_t after (uint64_t now, uint64_t delay)
{
  return delay < UINT64_MAX - 1 - now ? now + delay : UINT64_MAX - 1;
}

inos_timer inos_send_after (struct inos_context *context, struct inos_address to,
                            const struct inos_message_type *type, const void *message,
                            uint64_t delay, uint64_t period)
{
  struct inos_worker *worker = context->worker;

  inos_worker_look_at_clock (worker);
  struct inos_timer_entry *entry =
    add (worker, context->cell, after (worker->now, delay), period, type->size);
  if (!entry)
    return 0;
  entry->to = to;
  entry->type = type;
  memcpy (entry->message, message, type->size);
  if (heap_add (worker->runtime, entry))
    return entry->id;
  forget (worker, context->cell, entry);
  entry_free (entry, false); /* what the message owns stays the caller's, as after a failed send */
  return 0;
}

bool inos_cancel (struct inos_context *context, inos_timer timer)
{
  struct inos_timer_entry *entry = find (context->cell, timer);

  if (!entry)
    return false;
  forget (context->worker, context->cell, entry);
  entry_free (entry, true);
  return true;
}

/* Has inos_sweep() called at @deadline or before. */
void inos_sweep_at (struct inos_worker *worker, struct inos_cell *cell, uint64_t deadline)
{
  struct inos_extra *extra = inos_cell_extra (worker, cell);

  if (!extra || (extra->sweep && extra->sweep <= deadline))
    return;
  struct inos_timer_entry *entry = find (cell, extra->sweep_timer);
  if (entry) {
    forget (worker, cell, entry);
    entry_free (entry, false);
  }
  entry = add (worker, cell, deadline, 0, 0);
  if (!entry)
    return;
  entry->sweep = true;
  extra->sweep = deadline;
  extra->sweep_timer = entry->id;
  if (!heap_add (worker->runtime, entry)) {
    forget (worker, cell, entry);
    entry_free (entry, false);
    extra->sweep = 0;
  }
}

/* Copies the message of a timer that comes again; the last time it goes as it is. */
static bool fill (struct inos_worker *worker, const struct inos_timer_entry *entry, bool last,
                  struct inos_envelope *e)
{
  const struct inos_message_type *type = entry->type;
  guint64 word = 0;
  g_autofree unsigned char *large = NULL;
  void *copy = &word;

  if (last || !type->copy)
    return inos_envelope_set_payload (worker, e, type, entry->message);
  if (type->size > sizeof word) {
    large = g_try_malloc (type->size);
    if (!large)
      return false;
    copy = large;
  }
  type->copy (copy, entry->message);
  if (inos_envelope_set_payload (worker, e, type, copy))
    return true;
  if (type->clear)
    type->clear (copy);
  return false;
}

static void arm_again (struct inos_worker *worker, struct inos_timer_entry *entry)
{
  uint64_t late = worker->now - MIN (entry->deadline, worker->now);

  entry->deadline += entry->period * (late / entry->period + 1);
  heap_add (worker->runtime, entry);
}

static void deliver (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e,
                     struct inos_address to)
{
  if (to.route || to.id != inos_id_of (cell)) {
    struct inos_envelope *copy = inos_envelope_new_must (worker);
    inos_envelope_move (copy, e);
    if (to.route)
      inos_deliver_by (worker, to, copy, cell);
    else
      inos_deliver (worker, to.id, copy, cell);
    return;
  }
  inos_count (&worker->count.sent, 1);
  inos_handle (worker, cell, e);
}

/* The owner's turn: @e, which named the timer, becomes its message. */
void inos_timer_fired (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  struct inos_timer_entry *entry = find (cell, e->payload.word);

  e->payload.word = 0;
  if (!entry)
    return;
  struct inos_address to = entry->to;
  bool again = entry->period > 0;
  e->id = inos_new_id (worker);
  e->sender = inos_id_of (cell);
  e->reply_to = 0;
  e->time = worker->now;
  e->ttl_ms = e->key = 0;
  e->type = inos_type_index (entry->type);
  e->flags = entry->type->priority ^ INOS_PRIORITY_NORMAL;
  bool good = fill (worker, entry, !again, e);
  if (again)
    arm_again (worker, entry);
  else {
    forget (worker, cell, entry);
    entry_free (entry, !good);
  }
  if (good)
    deliver (worker, cell, e, to);
}

/* The sweep timer has come due. */
void inos_swept (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_timer_entry *entry = cell->extra ? find (cell, cell->extra->sweep_timer) : NULL;

  if (!entry || entry->deadline > worker->now) /* it has been set anew meanwhile */
    return;
  forget (worker, cell, entry);
  entry_free (entry, false);
  inos_sweep (worker, cell);
}

static void send_fired (struct inos_worker *worker, inos_actor_id owner, inos_timer id, bool sweep)
{
  if (sweep) {
    inos_signal (worker, owner, INOS_SIGNAL_SWEEP, 0, (struct inos_exit){0});
    return;
  }

  struct inos_cell *cell = inos_cell_of (worker->runtime, owner);

  if (!cell)
    return;
  struct inos_envelope *e = inos_envelope_new_must (worker);
  e->flags = INOS_E_TIMER;
  e->type = INOS_NO_TYPE;
  e->counted = false;
  e->generation = (uint32_t)(owner >> 32);
  e->payload.word = id;
  inos_push (worker, cell, e);
}

/* Sends out what has come due. */
void inos_timers_run (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  struct {
    inos_actor_id owner;
    inos_timer id;
    bool sweep;
  } fired[FIRE_AT_ONCE];
  unsigned count;

  do {
    count = 0;
    pthread_mutex_lock (&runtime->timer_lock);
    while (count < FIRE_AT_ONCE && runtime->heap_size > 0 &&
           runtime->heap[0]->deadline <= worker->now) {
      struct inos_timer_entry *entry = runtime->heap[0];
      fired[count].owner = entry->owner;
      fired[count].sweep = entry->sweep;
      fired[count++].id = entry->id;
      heap_remove (runtime, entry);
    }
    tell_next (runtime);
    pthread_mutex_unlock (&runtime->timer_lock);
    for (unsigned i = 0; i < count; i++)
      send_fired (worker, fired[i].owner, fired[i].id, fired[i].sweep);
  } while (count == FIRE_AT_ONCE);
}

void inos_timers_drop (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_extra *extra = cell->extra;

  if (!extra)
    return;
  for (uint32_t i = 0; i < extra->timers_size; i++)
    if (extra->timers[i]) {
      struct inos_timer_entry *entry = extra->timers[i];
      forget (worker, cell, entry);
      entry_free (entry, true);
    }
  g_clear_pointer (&extra->timers, g_free);
  extra->timers_size = extra->timers_free = extra->timers_count = 0;
  extra->sweep = extra->sweep_timer = 0;
  if (extra->blocked_on)
    inos_sweep_at (worker, cell, extra->blocked_until);
}
