/*
 * What the files of the runtime share. Nobody else includes this.
 *
 * Who may touch what: a field that is _Atomic may be touched by every thread; every other field of
 * a cell belongs to the worker that runs the cell, of a worker to its own thread, of a runtime it
 * is constant or guarded by the lock named beside it. docs/models.md names the models of the
 * protocols.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/bound.h"
#include "node/actor/dead_letter.h"
#include "node/actor/envelope.h"
#include "node/actor/health.h"
#include "node/actor/runtime.h"

#include <pthread.h>
#include <stdatomic.h>

#define INOS_BATCH 100 /* messages a turn, doubled while they do not do */
#define INOS_PATIENCE_MAX 8
#define INOS_SENDS 1000                        /* messages sent in a turn */
#define INOS_BATCH_TIME (1 * INOS_MILLISECOND) /* a longer turn ends after its message */
#define INOS_RING 256   /* cells ready on one worker; more go to the global queue */
#define INOS_CHUNK 1024 /* cells that are mapped at once */
#define INOS_CHUNKS_MAX 16384
#define INOS_SLAB (256u * 1024) /* bytes of envelopes that are mapped at once */
#define INOS_EXCHANGE 512       /* envelopes that go to or come from the depot at once */
#define INOS_SMALL_STEP 16
#define INOS_SMALL_MAX 256 /* bytes of a state or payload that come from slabs */
#define INOS_SMALL_CLASSES (INOS_SMALL_MAX / INOS_SMALL_STEP)
#define INOS_WORKERS_MAX 64
#define INOS_NO_SLOT 0xffffu
#define INOS_RESTARTS_MAX 3 /* in place, within */
#define INOS_RESTARTS_PERIOD (5 * INOS_SECOND)
#define INOS_PICKS_MAX 8     /* how often a route picks anew for one message */
#define INOS_PARKED_MAX 1024 /* messages that one blocked actor may have parked */

#define LIKELY(x) __builtin_expect (!!(x), 1)
#define UNLIKELY(x) __builtin_expect (!!(x), 0)

struct inos_cell;
struct inos_worker;
struct inos_extra;

/* A cell that once ran on the edge, or whose senders drop the oldest, stays of that class: somebody
 * may still be about to treat it so for an envelope that comes late. */
#define INOS_C_CLASS (INOS_C_EDGE | INOS_C_OLDEST)
#define INOS_CELL_CLASSES 4

/* What a cell is, as others see it. */
enum {
  INOS_C_BOUNDED = 1 << 0, /* `bound` counts */
  INOS_C_LANES = 1 << 1,   /* somebody sent what is not of normal priority: held mode */
  INOS_C_HIGH = 1 << 2,    /* urgency */
  INOS_C_LOW = 1 << 3,
  INOS_C_EDGE = 1 << 4, /* runs on the edge's thread */
  INOS_C_TRACED = 1 << 5,
  INOS_C_NAMED = 1 << 6,
  INOS_C_OLDEST = 1 << 7,   /* held mode under the bound's lock, for senders drop the oldest */
  INOS_C_STARTING = 1 << 8, /* its START is on the way: signals wait for it */
  INOS_C_ALIVE = 1 << 9,
  INOS_C_TOLD = 1 << 10, /* to stop, because the runtime ends */
  INOS_C_ASKS = 1 << 11, /* it has made requests: it may wait for a reply */
  INOS_C_PROVIDES = 1 << 12,
  INOS_C_DRAINS = 1 << 13, /* stops when its mailbox is empty; see drain.c */
};

/* The place of an actor. Cells are never unmapped while the runtime lives, so that whoever has an
 * id may look, and see by the generation that the actor has gone. A cell without an actor turns
 * what comes into dead letters. */
struct inos_cell {
  /* the mailbox; see queue.h */
  _Atomic (struct inos_envelope *) head;
  _Atomic (struct inos_envelope *) first;
  _Atomic (struct inos_signal *) signals;
  _Atomic (struct inos_bound *) bound;
  _Atomic uint32_t generation;
  _Atomic uint32_t flags;
  _Atomic (struct inos_lanes *) lanes;
  _Atomic bool suspended;
  _Atomic uint8_t home; /* index of the worker that ran it last */
  uint32_t index;
  struct inos_cell *next_ready; /* in the global queue or the edge's list */
  /* the running worker's own */
  _Alignas (64) const struct inos_behaviour *_Atomic behaviour; /* NULL: no actor; written by the
                                                                 * running worker alone */
  void *state;
  uint64_t argument;           /* as spawned with, for restarts; see argument.h */
  struct inos_extra *extra;    /* may be NULL */
  _Atomic uint64_t handled;    /* written by the running worker alone */
  _Atomic uint64_t watcher;    /* who stops it when the runtime ends; 0: nobody */
  struct inos_cell *next_free; /* a free cell may still be scheduled, for what comes late */
  uint32_t argument_size;
  uint8_t patience; /* how many turns in a row ended with more to do; each doubles the next */
  bool argument_block : 1; /* whether `argument` is a pointer */
  bool started : 1;        /* pre_start has succeeded */
  bool ending : 1;
  bool exhausted : 1; /* its last turn ended with more to do */
};
_Static_assert (sizeof (struct inos_cell) == 128, "two cache lines");

struct inos_waiter {
  struct inos_waiter *next;
  inos_actor_id who;
};

/* Local lists of a cell in held mode, a FIFO each. Kept by the cell for its next actor. */
struct inos_lanes {
  struct inos_lane {
    struct inos_envelope *first, *last;
    uint32_t passed; /* how often one more urgent went before */
  } lane[INOS_PRIORITIES];
  uint32_t length;
};

/* The parts of an actor that most do not have. */
struct inos_link {
  struct inos_link *next;
  inos_actor_id who;
};

struct inos_pending {
  uint64_t id; /* of the request; 0: free, and `tag` is the next free one */
  uint64_t deadline;
  inos_done done;
  uint64_t tag;
  inos_actor_id target;
  const struct inos_message_type *reply;
  uint64_t began;                 /* ns */
  const struct inos_route *route; /* wants to hear how it ended; NULL: nobody does */
  uint64_t round;                 /* what the route said when it let it through */
};

struct inos_parked {
  struct inos_parked *next;
  struct inos_envelope *envelope;
  inos_actor_id to;
  const struct inos_route *again; /* finds another where @to has gone; NULL: nobody does */
  uint32_t picks;                 /* how often it has */
};

struct inos_kept { /* see kept.c */
  struct inos_request_id *at;
  uint32_t size, count;
};

struct inos_extra {
  struct inos_link *links;
  GHashTable *monitors, *watched; /* tallies: who watches this one, whom this one watches */
  GSList *topics;                 /* names, owned */
  struct inos_pending *pending;
  uint32_t pending_size, pending_free, pending_count;
  struct inos_kept kept; /* requests of others */
  uint64_t sweep;        /* deadline of the sweep timer; 0: none */
  inos_timer sweep_timer;
  struct inos_timer_entry **timers;
  uint32_t timers_size, timers_free, timers_count; /* timers_free: where to look first */
  struct inos_parked *parked, **parked_end;
  uint32_t parked_count;
  inos_actor_id blocked_on;
  inos_actor_id listed_at; /* among whose waiters we are */
  uint64_t blocked_until;
  uint64_t restart_began; /* ns; of the window that `restart_count` counts in */
  uint32_t restart_count;
  bool paused; /* by inos_pause() */
};

/* Counters of one worker: written by its thread, read by all. */
struct inos_cells_counted {
  _Atomic uint64_t sent, handled, dead, dropped, expired, spawned, stopped, parks, steals;
  _Atomic uint64_t latency[40];
};

struct inos_ring {
  _Alignas (64) _Atomic uint32_t head; /* taken from here, by the owner and by thieves */
  _Alignas (64) _Atomic uint32_t tail; /* put here, by the owner */
  _Atomic (struct inos_cell *) cell[INOS_RING];
};

#define INOS_NEWBORN_MAX 32
struct inos_newborn { /* see newborn.h */
  _Atomic bool lock;
  _Atomic uint32_t count; /* written with the lock held */
  struct inos_cell *cell[INOS_NEWBORN_MAX];
};

struct inos_cell_list { /* linked by next_ready */
  struct inos_cell *first, *last;
  uint32_t count;
};

/* Who was busy, by samples: what the clock has gone on is charged to the actor that runs when it is
 * looked at. A table of those that are often busy; see inos_sample(). */
#define INOS_SAMPLES 512
struct inos_samples {
  _Atomic uint32_t epoch; /* counts the looks of those who want to know */
  struct inos_sampled {
    _Atomic uint64_t who, time; /* ns, since it got this place */
    uint64_t recent;            /* the worker's own: of it in this epoch, less what others had */
    uint32_t epoch;
  } at[INOS_SAMPLES];
};

struct inos_context {
  struct inos_runtime *runtime;
  struct inos_worker *worker;
  struct inos_cell *cell;
  struct inos_envelope *current; /* NULL in a hook */
  inos_actor_id self;
  struct inos_exit done_reason;
  int32_t failure_code;
  char failure_text[128];
};

struct inos_worker {
  struct inos_runtime *runtime;
  unsigned index;
  bool holds_wakes; /* of the outside's: what it sends wakes nobody yet */
  struct inos_context context;
  uint64_t now;                /* ns, as of the last look at the clock */
  uint64_t looked;             /* `now` of the last look() */
  unsigned until_look, stride; /* messages */
  uint64_t next_id;
  struct inos_envelope *free;
  unsigned free_count;
  uint8_t path;   /* INOS_E_PATH while what is on the traced path is handled, else 0 */
  uint64_t cause; /* the id of that message */
  struct inos_tracing *tracing; /* what is being handled and traced; NULL: not traced */
  struct inos_piece *small[INOS_SMALL_CLASSES];
  unsigned small_count[INOS_SMALL_CLASSES];
  struct inos_cell *free_cells;
  unsigned free_cell_count;
  unsigned tick;
  uint32_t random;
  unsigned since_low, high_turns;
  unsigned batch; /* messages a turn */
  struct inos_cells_counted count;
  struct inos_ring ring;         /* normal */
  struct inos_ring urgent, idle; /* high and low urgency */
  struct inos_newborn newborn;
  unsigned newborn_turns;
  struct inos_cell_list fresh; /* what the rings have no room for */
  struct inos_cell_list spill; /* spill_lock */
  pthread_mutex_t spill_lock;
  _Atomic uint32_t spilled;                /* count of `spill` */
  _Alignas (64) _Atomic uint32_t sleeping; /* the futex */
  _Atomic uint64_t turn_began;             /* ns; 0: not in a turn */
  _Atomic (struct inos_cell *) running;
  _Atomic uint64_t slept_since;            /* ns; 0: awake */
  _Atomic (struct inos_samples *) samples; /* NULL while nobody wants to know */
  struct inos_samples *samples_kept;       /* watchdog.lock */
  pthread_t thread;
};

struct inos_runtime {
  struct inos_runtime_config config;
  unsigned workers;                                 /* threads, or 1 where seeded */
  unsigned threads;                                 /* that were started */
  struct inos_worker *worker[INOS_WORKERS_MAX + 2]; /* the last two: outside threads, the edge */
  struct inos_worker *outside, *edge;
  pthread_mutex_t outside_lock;
  _Atomic bool ending;
  bool has_barriers; /* see bound.h */

  /* cells */
  _Atomic (struct inos_cell *) *chunks;
  _Atomic uint32_t cells;
  pthread_mutex_t cells_lock;
  struct inos_cell_class {
    struct inos_cell *free, *fresh; /* cells_lock; fresh: the next never used one of a chunk */
    uint32_t fresh_count, fresh_index;
  } cell_class[INOS_CELL_CLASSES];

  /* envelopes */
  pthread_mutex_t depot_lock;
  struct inos_envelope *depot; /* chains of INOS_EXCHANGE, linked by `sender` */
  struct inos_piece *small_depot[INOS_SMALL_CLASSES];
  struct inos_slab *slabs;
  _Atomic uint64_t memory;

  /* ready cells that are on no worker */
  pthread_mutex_t ready_lock;
  struct inos_cell *ready_first, *ready_last;
  _Atomic uint32_t ready_count;
  _Atomic uint32_t sleepers;
  _Atomic uint32_t active;   /* workers that are not asleep */
  _Atomic uint64_t rises;    /* how often one has become so */
  _Atomic uint32_t watching; /* whether a sleeper looks after them */
  _Atomic uint64_t kept;     /* the deadline that a sleeper waits for; 0: none does */

  /* the governor; see schedule.c */
  _Atomic uint32_t limit;
  _Atomic uint64_t epoch_end;
  pthread_mutex_t governor_lock;
  struct inos_governor {
    uint64_t began, handled;
    double rate; /* messages a second before the trial */
    bool trial, heavy;
    uint64_t next_trial, wait, confirmed;
  } governor;

  /* timers; see timer.c */
  pthread_mutex_t timer_lock;
  struct inos_timer_entry **heap;
  uint32_t heap_size, heap_room;
  _Atomic uint64_t next_deadline; /* UINT64_MAX: none */

  pthread_mutex_t registry_lock;
  GHashTable *names;               /* name → id */
  GHashTable *named;               /* id → name */
  GHashTable *topics;              /* name → GArray of subscribers' ids */
  GHashTable *routes;              /* "kind:name" → struct inos_route */
  GHashTable *provided;            /* id → GSList of the services' routes */
  _Atomic uint64_t registry_epoch; /* changes with every name that comes or goes */

  struct inos_dead_letters *dead;
  struct inos_compute_pool *compute;

  struct inos_watchdog {
    _Atomic uint64_t after, count; /* ns; 0: off. Reports so far */
    pthread_mutex_t lock;          /* guards the rest */
    struct inos_stuck last;
    struct inos_watched {
      uint64_t began, handled, since; /* as inos_turn_see() saw it first */
      inos_actor_id who;
      bool done, told; /* reported; its worker does not know yet */
    } seen[INOS_WORKERS_MAX + 2];
    unsigned viewers;
  } watchdog;
  struct inos_traces *traces; /* see trace.c */

  pthread_mutex_t parking_lock; /* guards who waits for whom */
  GHashTable *waits;            /* blocked actor → the one it waits for */

  /* seeded */
  uint64_t clock;
  uint64_t rng;
  GPtrArray *ready; /* cells */

  void (*wake_edge) (void *data);
  void *wake_edge_data;
  GMainContext *edge_context; /* NULL: there is no edge */
  _Atomic (struct inos_cell *) edge_ready;
  _Atomic bool edge_busy; /* has taken them, and runs them */
};

/* envelope.c */
struct inos_envelope *inos_envelope_new_slow (struct inos_worker *worker, bool must);
struct inos_envelope *inos_envelope_new_must (struct inos_worker *worker);
void inos_envelope_give_back (struct inos_worker *worker);
void inos_envelope_clear_payload (struct inos_worker *worker, struct inos_envelope *e);
bool inos_envelope_set_payload (struct inos_worker *worker, struct inos_envelope *e,
                                const struct inos_message_type *type, const void *message);
struct inos_block *inos_block_new (struct inos_worker *worker, const void *bytes, uint32_t size);
void inos_block_unref (struct inos_worker *worker, struct inos_block *block,
                       const struct inos_message_type *type, bool reply);

/* memory.c */
bool inos_memory_take (struct inos_runtime *runtime, uint64_t bytes);
void inos_memory_give (struct inos_runtime *runtime, uint64_t bytes);
void *inos_map (struct inos_runtime *runtime, size_t bytes, bool must);
void *inos_slab_new (struct inos_runtime *runtime, size_t size, bool must);
void inos_slabs_free (struct inos_runtime *runtime);
void *inos_piece_new (struct inos_worker *worker, size_t size);
void inos_piece_free (struct inos_worker *worker, void *piece, size_t size);

static inline struct inos_envelope *inos_envelope_new (struct inos_worker *worker)
{
  struct inos_envelope *e = worker->free;

  if (UNLIKELY (!e))
    return inos_envelope_new_slow (worker, false);
  worker->free = atomic_load_explicit (&e->next, memory_order_relaxed);
  worker->free_count--;
  return e;
}

static inline void inos_envelope_recycle (struct inos_worker *worker, struct inos_envelope *e)
{
  atomic_store_explicit (&e->next, worker->free, memory_order_relaxed);
  worker->free = e;
  if (UNLIKELY (++worker->free_count >= 2 * INOS_EXCHANGE))
    inos_envelope_give_back (worker);
}

static inline void inos_count (_Atomic uint64_t *counter, uint64_t by)
{
  atomic_store_explicit (counter, atomic_load_explicit (counter, memory_order_relaxed) + by,
                         memory_order_relaxed);
}

static inline inos_actor_id inos_id_of (const struct inos_cell *cell)
{
  return (uint64_t)atomic_load_explicit (&cell->generation, memory_order_relaxed) << 32 |
         cell->index;
}

/* cell.c */
struct inos_cell *inos_cell_take (struct inos_worker *worker, uint32_t flags);
void inos_cell_put (struct inos_worker *worker, struct inos_cell *cell);
void inos_cells_free (struct inos_runtime *runtime);
struct inos_extra *inos_cell_extra (struct inos_worker *worker, struct inos_cell *cell);

/* The cell of a living actor, or NULL. */
static inline struct inos_cell *inos_cell_of (struct inos_runtime *runtime, inos_actor_id id)
{
  uint32_t index = (uint32_t)id;

  if (UNLIKELY (index >= atomic_load_explicit (&runtime->cells, memory_order_acquire) ||
                id >> 32 == 0))
    return NULL; /* generation 0 is that of cells which were never used */
  struct inos_cell *chunk =
    atomic_load_explicit (&runtime->chunks[index / INOS_CHUNK], memory_order_acquire);
  struct inos_cell *cell = chunk + index % INOS_CHUNK;
  if (UNLIKELY (atomic_load_explicit (&cell->generation, memory_order_relaxed) !=
                (uint32_t)(id >> 32)))
    return NULL;
  return cell;
}

/* send.c */
enum inos_sent inos_deliver (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                             struct inos_cell *from);
struct inos_envelope *inos_envelope_make (struct inos_worker *worker,
                                          const struct inos_message_type *type, const void *message,
                                          inos_actor_id sender,
                                          const struct inos_send_options *options);
void inos_push (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e);
/* The same through a route; the second where it has been asked already. */
enum inos_sent inos_deliver_by (struct inos_worker *worker, struct inos_address to,
                                struct inos_envelope *e, struct inos_cell *from);
enum inos_sent inos_deliver_picked (struct inos_worker *worker, const struct inos_route *route,
                                    inos_actor_id to, struct inos_envelope *e,
                                    struct inos_cell *from);
uint64_t inos_new_id (struct inos_worker *worker);
struct inos_worker *inos_outside_lock (struct inos_runtime *runtime);
void inos_outside_unlock (struct inos_runtime *runtime);

/* mailbox.c */
/* @again is who picked the cell's actor and will pick another where the answer is INOS_PASS_ON: the
 * actor takes no more, and @e is still the caller's. NULL: nobody. */
enum inos_sent inos_bound_admit (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e, struct inos_cell *from,
                                 const struct inos_route *again);
#define INOS_PASS_ON ((enum inos_sent)0xff)
void inos_bound_released (struct inos_worker *worker, struct inos_cell *cell);
struct inos_envelope *inos_lanes_next (struct inos_worker *worker, struct inos_cell *cell);
bool inos_lanes_release (struct inos_cell *cell);
void inos_bound_free (struct inos_bound *bound);
bool inos_bound_make (struct inos_cell *cell, const struct inos_spawn *spawn);
enum inos_sent inos_bound_retry (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e, const struct inos_route *again);

/* parking.c */
bool inos_has_parked_for (const struct inos_extra *extra, inos_actor_id to);
enum inos_sent inos_park (struct inos_worker *worker, struct inos_bound *bound, inos_actor_id to,
                          struct inos_envelope *e, struct inos_cell *from,
                          const struct inos_route *again);
void inos_unpark (struct inos_worker *worker, struct inos_cell *cell, bool off_the_list);
void inos_waiters_wake (struct inos_worker *worker, struct inos_cell *cell);
void inos_parked_drop (struct inos_worker *worker, struct inos_cell *cell,
                       enum inos_dead_reason reason);

/* drain.c */
void inos_drain_begin (struct inos_worker *worker, struct inos_cell *cell);
void inos_drain_look (struct inos_worker *worker, struct inos_cell *cell);
bool inos_is_drained (struct inos_cell *cell);

/* life.c */
void inos_begin (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e);
void inos_end (struct inos_worker *worker, struct inos_cell *cell, struct inos_exit reason);
void inos_handle (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e);
void inos_outcome_is (struct inos_worker *worker, struct inos_cell *cell, enum inos_outcome outcome,
                      const struct inos_message_type *type);
struct inos_context *inos_enter (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e);

/* signal.c */
void inos_signal (struct inos_worker *worker, inos_actor_id to, enum inos_signal_kind kind,
                  inos_actor_id who, struct inos_exit reason);
bool inos_signal_call (struct inos_runtime *runtime, inos_actor_id to,
                       void (*call) (struct inos_context *context, void *data), void *data);
void inos_signals_handle (struct inos_worker *worker, struct inos_cell *cell);
/* The cell has extra; inos_watched_forget: it watches nobody any more. */
void inos_links_tell (struct inos_worker *worker, struct inos_cell *cell, struct inos_exit reason);
void inos_watched_forget (struct inos_worker *worker, struct inos_cell *cell);

/* compute.c. inos_compute_is_idle: whether all of the @begun tasks, and no more, have been done. */
struct inos_compute_pool *inos_compute_new (struct inos_runtime *runtime, unsigned processors);
void inos_compute_free (struct inos_compute_pool *pool);
unsigned inos_compute_seeded_count (const struct inos_compute_pool *pool);
void inos_compute_run_seeded (struct inos_compute_pool *pool, unsigned which);
uint64_t inos_compute_begun (struct inos_compute_pool *pool);
bool inos_compute_is_idle (struct inos_compute_pool *pool, uint64_t begun);

/* request.c */
bool inos_pending_room (struct inos_worker *worker, struct inos_cell *cell);
struct inos_request_id inos_pending_add (struct inos_context *context, uint64_t timeout,
                                         const struct inos_message_type *reply, inos_done done,
                                         uint64_t tag);
enum inos_sent inos_reply_send (struct inos_worker *worker, struct inos_envelope *e,
                                struct inos_request_id request, inos_actor_id from);
void inos_reply_fail (struct inos_worker *worker, struct inos_request_id request,
                      inos_actor_id from, enum inos_replied status);
void inos_replied_with (struct inos_worker *worker, struct inos_cell *cell,
                        struct inos_envelope *e);
void inos_sweep (struct inos_worker *worker, struct inos_cell *cell);
void inos_pending_drop (struct inos_cell *cell);
void inos_reply_failed (struct inos_worker *worker, const struct inos_envelope *request,
                        enum inos_replied status);

/* kept.c. The last one answers all with INOS_REPLY_DEAD. */
void inos_kept_add (struct inos_worker *worker, struct inos_cell *cell,
                    struct inos_request_id request);
void inos_kept_remove (struct inos_cell *cell, uint64_t id);
void inos_kept_give_up (struct inos_worker *worker, struct inos_cell *cell);

/* timer.c */
void inos_timer_fired (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e);
void inos_swept (struct inos_worker *worker, struct inos_cell *cell);
void inos_timers_run (struct inos_worker *worker);
void inos_timers_drop (struct inos_worker *worker, struct inos_cell *cell);
void inos_sweep_at (struct inos_worker *worker, struct inos_cell *cell, uint64_t deadline);

/* dead_letter.c. The first leaves @e to the caller, without its payload; the second does not. */
void inos_dead_letter_record (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                              enum inos_dead_reason reason);
void inos_dead_letter (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                       enum inos_dead_reason reason);
struct inos_dead_letters *inos_dead_letters_new (uint32_t room);
void inos_dead_letters_free (struct inos_worker *worker, struct inos_dead_letters *dead);

/* worker.c */
void inos_turn (struct inos_worker *worker, struct inos_cell *cell);
uint64_t inos_clock (struct inos_runtime *runtime);
void inos_worker_look_at_clock (struct inos_worker *worker);

/* watchdog.c */
void inos_watchdog_init (struct inos_runtime *runtime);
void inos_watch (struct inos_worker *worker);
void inos_watch_self (struct inos_worker *worker, uint64_t time, unsigned messages);

/* health_sample.c. The first is for the worker whose clock has gone on by @time. */
void inos_sample (struct inos_worker *worker, struct inos_samples *samples, uint64_t time);
/* Adds what is in the tables to @times: id → id and ns, g_malloced. */
void inos_samples_add (struct inos_runtime *runtime, GHashTable *times);
bool inos_samples_begin (struct inos_runtime *runtime);
void inos_samples_end (struct inos_runtime *runtime);

/* trace.c. Between the first two the worker handles @e. */
struct inos_tracing;
bool inos_traces_init (struct inos_runtime *runtime);
void inos_traces_free (struct inos_runtime *runtime);
void inos_trace_handle (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e,
                        void (*handle) (struct inos_worker *worker, struct inos_cell *cell,
                                        struct inos_envelope *e));
void inos_trace_outcome (struct inos_worker *worker, enum inos_outcome outcome);
void inos_trace_forwarded (struct inos_worker *worker);
void inos_trace_dead (struct inos_worker *worker, inos_actor_id to, const struct inos_envelope *e,
                      enum inos_dead_reason reason);

/* edge.c */
void inos_edge_run (struct inos_runtime *runtime);

/* schedule.c */
void inos_schedule (struct inos_worker *worker, struct inos_cell *cell);
void inos_schedule_new (struct inos_worker *worker, struct inos_cell *cell);
void *inos_worker_main (void *worker);
void inos_govern (struct inos_worker *worker);
void inos_unpark_one (struct inos_runtime *runtime);

/* For who holds `outside_lock` and has set `holds_wakes`: wakes a worker for all that was sent
 * since. */
void inos_release_wakes (struct inos_worker *worker);
void inos_wake_for_timer (struct inos_runtime *runtime);

#include "node/actor/route_private.h"
