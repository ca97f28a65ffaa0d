/*
 * Tracing. A traced cell has a flag, and so has every envelope on the path; only with one of them
 * does a message come here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/trace.h"

#include "node/actor/private.h"

#include <string.h>

#define ROOM 256

struct ring {
  uint64_t total;
  uint32_t room;
  struct inos_traced at[];
};

struct inos_traces {
  pthread_mutex_t lock; /* guards the rest, but for `following` */
  GHashTable *rings;    /* actor → struct ring */
  struct path {
    inos_actor_id armed; /* its next message begins the path; 0: nobody's */
    uint64_t root;       /* the message's id */
    uint64_t number;
    uint32_t count, room;
    struct inos_traced *at;
  } path;
  _Atomic bool following;
};

/* What is being handled. */
struct inos_tracing {
  const struct inos_envelope *envelope;
  struct inos_traced traced;
  bool on_path;
};

const char *inos_traced_outcome_name (enum inos_traced_outcome outcome)
{
  static const char *const names[] = {"handled", "done", "failed", "forwarded", "dead"};

  return (unsigned)outcome < G_N_ELEMENTS (names) ? names[outcome] : "unknown";
}

bool inos_traces_init (struct inos_runtime *runtime)
{
  struct inos_traces *traces = g_new0 (struct inos_traces, 1);

  pthread_mutex_init (&traces->lock, NULL);
  traces->rings = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  runtime->traces = traces;
  return true;
}

void inos_traces_free (struct inos_runtime *runtime)
{
  struct inos_traces *traces = runtime->traces;

  if (!traces)
    return;
  g_hash_table_unref (traces->rings);
  g_free (traces->path.at);
  pthread_mutex_destroy (&traces->lock);
  g_free (traces);
}

/* On and off. The cell's flag may outlive what it stands for by a message, never the other way. */

static struct inos_cell *alive (struct inos_runtime *runtime, inos_actor_id actor)
{
  struct inos_cell *cell = inos_cell_of (runtime, actor);

  return cell && atomic_load (&cell->flags) & INOS_C_ALIVE ? cell : NULL;
}

static uint32_t room_of (uint32_t room)
{
  return room ? MIN (room, INOS_TRACE_ROOM_MAX) : ROOM;
}

/* With the lock held: what neither has a ring nor waits for a path is not traced any more. */
static void drop_flag (struct inos_runtime *runtime, inos_actor_id actor)
{
  struct inos_traces *traces = runtime->traces;
  struct inos_cell *cell = inos_cell_of (runtime, actor);

  if (cell && traces->path.armed != actor && !g_hash_table_contains (traces->rings, &actor))
    atomic_fetch_and (&cell->flags, ~(uint32_t)INOS_C_TRACED);
}

bool inos_trace_actor (struct inos_runtime *runtime, inos_actor_id actor, uint32_t room)
{
  struct inos_traces *traces = runtime->traces;
  struct inos_cell *cell = alive (runtime, actor);
  bool good = false;

  room = room_of (room);
  struct ring *ring = cell ? g_try_malloc0 (sizeof *ring + room * sizeof ring->at[0]) : NULL;
  if (!ring)
    return false;
  ring->room = room;
  pthread_mutex_lock (&traces->lock);
  if (g_hash_table_size (traces->rings) < INOS_TRACES_MAX ||
      g_hash_table_contains (traces->rings, &actor)) {
    g_hash_table_replace (traces->rings, g_memdup2 (&actor, sizeof actor), g_steal_pointer (&ring));
    atomic_fetch_or (&cell->flags, INOS_C_TRACED);
    good = true;
  }
  pthread_mutex_unlock (&traces->lock);
  g_free (ring);
  return good;
}

bool inos_trace_stop (struct inos_runtime *runtime, inos_actor_id actor)
{
  pthread_mutex_lock (&runtime->traces->lock);
  bool found = g_hash_table_remove (runtime->traces->rings, &actor);
  if (found)
    drop_flag (runtime, actor);
  pthread_mutex_unlock (&runtime->traces->lock);
  return found;
}

uint64_t inos_trace_path (struct inos_runtime *runtime, inos_actor_id actor, uint32_t steps)
{
  struct inos_traces *traces = runtime->traces;
  struct inos_cell *cell = alive (runtime, actor);

  steps = room_of (steps);
  struct inos_traced *at = cell ? g_try_new0 (struct inos_traced, steps) : NULL;
  if (!at)
    return 0;
  inos_trace_path_stop (runtime);
  pthread_mutex_lock (&traces->lock);
  g_free (traces->path.at);
  uint64_t number = traces->path.number + 1;
  traces->path = (struct path){.armed = actor, .number = number, .room = steps, .at = at};
  atomic_fetch_or (&cell->flags, INOS_C_TRACED);
  pthread_mutex_unlock (&traces->lock);
  return number;
}

uint64_t inos_trace_path_number (struct inos_runtime *runtime)
{
  pthread_mutex_lock (&runtime->traces->lock);
  uint64_t number = runtime->traces->path.number;
  pthread_mutex_unlock (&runtime->traces->lock);
  return number;
}

void inos_trace_path_stop (struct inos_runtime *runtime)
{
  struct inos_traces *traces = runtime->traces;

  pthread_mutex_lock (&traces->lock);
  inos_actor_id armed = traces->path.armed;
  traces->path.armed = 0;
  atomic_store (&traces->following, false);
  if (armed)
    drop_flag (runtime, armed);
  pthread_mutex_unlock (&traces->lock);
}

/* Reading */

uint32_t inos_trace_room (struct inos_runtime *runtime, inos_actor_id actor)
{
  pthread_mutex_lock (&runtime->traces->lock);
  const struct ring *ring = g_hash_table_lookup (runtime->traces->rings, &actor);
  uint32_t room = ring ? ring->room : 0;
  pthread_mutex_unlock (&runtime->traces->lock);
  return room;
}

size_t inos_trace_read (struct inos_runtime *runtime, inos_actor_id actor, struct inos_traced *out,
                        size_t room, uint64_t *total)
{
  pthread_mutex_lock (&runtime->traces->lock);
  const struct ring *ring = g_hash_table_lookup (runtime->traces->rings, &actor);
  uint64_t all = ring ? ring->total : 0;
  size_t count = ring ? (size_t)MIN (MIN (all, ring->room), room) : 0;
  for (size_t i = 0; i < count; i++)
    out[i] = ring->at[(all - count + i) % ring->room];
  pthread_mutex_unlock (&runtime->traces->lock);
  if (total)
    *total = all;
  return count;
}

/* Marks what hangs together with the first: an envelope may still have the flag of a path that was
 * traced before. A cause may have been written down after its effects. */
static void connect_steps (const struct path *path, GHashTable *ids)
{
  bool more = true;

  g_hash_table_add (ids, (gpointer)&path->root);
  while (more) {
    more = false;
    for (uint32_t i = 0; i < path->count; i++)
      if (!g_hash_table_contains (ids, &path->at[i].id) &&
          g_hash_table_contains (ids, &path->at[i].cause))
        more = g_hash_table_add (ids, &path->at[i].id);
  }
}

size_t inos_trace_path_read (struct inos_runtime *runtime, struct inos_traced *out, size_t room,
                             bool *going_on)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_int64_hash, g_int64_equal);
  struct path *path = &runtime->traces->path;
  size_t count = 0;

  pthread_mutex_lock (&runtime->traces->lock);
  connect_steps (path, ids);
  for (uint32_t i = 0; i < path->count && count < room; i++)
    if (g_hash_table_contains (ids, &path->at[i].id))
      out[count++] = path->at[i];
  if (going_on)
    *going_on = path->armed || atomic_load (&runtime->traces->following);
  pthread_mutex_unlock (&runtime->traces->lock);
  return count;
}

/* Writing */

/* With the lock held. */
static void add_step (struct inos_traces *traces, const struct inos_traced *traced)
{
  struct path *path = &traces->path;

  if (!atomic_load (&traces->following) || path->count >= path->room)
    return;
  path->at[path->count++] = *traced;
  if (path->count == path->room)
    atomic_store (&traces->following, false);
}

static struct inos_traced describe (const struct inos_envelope *e, inos_actor_id to, uint64_t now)
{
  return (struct inos_traced){.id = e->id,
                              .cause = e->flags & (INOS_E_PATH | INOS_E_REPLY) ? e->reply_to : 0,
                              .sender = e->sender,
                              .recipient = to,
                              .type = inos_type_of (e),
                              .queued = e->time,
                              .handled = now};
}

/* The first message of a path that the actor was told to begin. */
static void begin_path (struct inos_runtime *runtime, struct inos_envelope *e, inos_actor_id self)
{
  struct inos_traces *traces = runtime->traces;

  pthread_mutex_lock (&traces->lock);
  if (traces->path.armed == self) {
    traces->path.armed = 0;
    traces->path.root = e->id;
    atomic_store (&traces->following, true);
    if (!(e->flags & INOS_E_REPLY))
      e->reply_to = 0;
    e->flags |= INOS_E_PATH;
    drop_flag (runtime, self);
  }
  pthread_mutex_unlock (&traces->lock);
}

static void write_down (struct inos_runtime *runtime, const struct inos_tracing *tracing)
{
  struct inos_traces *traces = runtime->traces;
  inos_actor_id actor = tracing->traced.recipient;

  pthread_mutex_lock (&traces->lock);
  struct ring *ring = g_hash_table_lookup (traces->rings, &actor);
  if (ring)
    ring->at[ring->total++ % ring->room] = tracing->traced;
  if (tracing->on_path)
    add_step (traces, &tracing->traced);
  pthread_mutex_unlock (&traces->lock);
}

void inos_trace_handle (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e,
                        void (*handle) (struct inos_worker *worker, struct inos_cell *cell,
                                        struct inos_envelope *e))
{
  struct inos_runtime *runtime = worker->runtime;
  inos_actor_id self = (uint64_t)e->generation << 32 | cell->index;
  struct inos_tracing tracing = {.envelope = e}, *outer = worker->tracing;
  uint8_t kind = e->flags & INOS_E_KIND;

  if (kind && kind != INOS_E_REPLY) {
    handle (worker, cell, e);
    return;
  }
  begin_path (runtime, e, self);
  tracing.on_path = e->flags & INOS_E_PATH &&
                    atomic_load_explicit (&runtime->traces->following, memory_order_relaxed);
  tracing.traced = describe (e, self, inos_clock (runtime));
  worker->tracing = &tracing;
  worker->path = tracing.on_path ? INOS_E_PATH : 0;
  worker->cause = e->id;
  handle (worker, cell, e);
  worker->path = 0;
  worker->tracing = outer;
  tracing.traced.duration = inos_clock (runtime) - tracing.traced.handled;
  write_down (runtime, &tracing);
}

void inos_trace_outcome (struct inos_worker *worker, enum inos_outcome outcome)
{
  struct inos_traced *traced = &worker->tracing->traced;

  if (outcome == INOS_FAILED)
    traced->outcome = INOS_TRACED_FAILED;
  else if (outcome == INOS_DONE && traced->outcome == INOS_TRACED_HANDLED)
    traced->outcome = INOS_TRACED_DONE;
}

void inos_trace_forwarded (struct inos_worker *worker)
{
  worker->tracing->traced.outcome = INOS_TRACED_FORWARDED;
}

/* @e is a dead letter: what is being handled, or one on the path that was not taken in. */
void inos_trace_dead (struct inos_worker *worker, inos_actor_id to, const struct inos_envelope *e,
                      enum inos_dead_reason reason)
{
  struct inos_traces *traces = worker->runtime->traces;

  if (worker->tracing && worker->tracing->envelope == e) {
    struct inos_traced *traced = &worker->tracing->traced;
    traced->reason = reason;
    if (reason != INOS_DEAD_FAILED)
      traced->outcome = INOS_TRACED_DEAD;
    return;
  }
  if (!(e->flags & INOS_E_PATH))
    return;
  struct inos_traced traced = describe (e, to, worker->now);
  traced.outcome = INOS_TRACED_DEAD;
  traced.reason = reason;
  pthread_mutex_lock (&traces->lock);
  add_step (traces, &traced);
  pthread_mutex_unlock (&traces->lock);
}
