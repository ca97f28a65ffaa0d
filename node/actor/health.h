/*
 * Health: how the actors of a runtime do, for tools, tests and the desktop.
 *
 * Nothing is counted for it but what the runtime counts anyway: whoever looks pays. One actor is
 * asked to look at itself, in its own turn; one that is stuck in a handler is looked at from
 * outside, which finds less and says so. All of them together are looked at by a struct
 * inos_health, which remembers what it saw the last time, so that it can say what has happened
 * since.
 *
 * Everything here may be called from any thread that is no worker; a struct inos_health is used by
 * one thread at a time. Results are plain structs, and the caller's. Names in them are copies;
 * behaviours and message types are constants of the program.
 *
 * The watchdog reports a handler that does not return, once each time. It is part of what a worker
 * that waits for work does anyway, so that it wakes nobody.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/actor/runtime.h"

#define INOS_HEALTH_NAME 64    /* bytes of a name that are copied, with the NUL */
#define INOS_HEALTH_PENDING 16 /* requests of one actor that are told one by one */
#define INOS_HEALTH_ROWS 1000  /* rows of one list */
#define INOS_HEALTH_WALK 10000 /* envelopes of one mailbox that are looked at */
#define INOS_CYCLE_MAX 16      /* waits of one cycle that are told one by one */
#define INOS_HEALTH_WORKERS                                                                        \
  66 /* the most that a runtime has, with the edge's and the outside's                             \
      */
#define INOS_STUCK_DEFAULT (100 * INOS_MILLISECOND)

enum inos_actor_state {
  INOS_STATE_STARTING, /* has not run yet */
  INOS_STATE_IDLE,
  INOS_STATE_READY,   /* has messages, and waits for a worker */
  INOS_STATE_RUNNING, /* in its turn */
  INOS_STATE_BUSY,    /* in its turn for more than a few ms */
  INOS_STATE_BLOCKED, /* waits for room in the mailbox of another */
  INOS_STATE_STUCK,   /* in one handler for longer than the watchdog allows */
};

/* How much a number is worth. */
enum inos_known {
  INOS_UNKNOWN,
  INOS_AT_LEAST,
  INOS_EXACT,
};

/* What waits in a mailbox; what is being handled does not count. */
struct inos_mailbox_health {
  enum inos_known known;
  uint64_t total;                  /* with replies; of a bounded mailbox never less than `length` */
  uint64_t depth[INOS_PRIORITIES]; /* messages, by enum inos_priority */
  uint64_t replies, late;          /* late: for an actor that had the place before */
  uint64_t oldest;                 /* ns since the oldest of those was sent */
  bool bounded;
  uint32_t length, capacity; /* of a bounded one, always known */
  enum inos_on_full on_full;
  uint32_t waiting; /* senders that wait for room */
};

struct inos_pending_health {
  uint64_t id;
  inos_actor_id target;
  uint64_t age;      /* ns since it was sent */
  uint64_t deadline; /* ns of the runtime's clock; UINT64_MAX: none */
};

struct inos_actor_health {
  inos_actor_id id, watcher;
  char name[INOS_HEALTH_NAME];            /* "": none */
  const struct inos_behaviour *behaviour; /* NULL: has not run yet */
  enum inos_actor_state state;
  uint64_t busy_for;                       /* ns; where running, busy or stuck */
  const struct inos_message_type *handled; /* what it is busy with; NULL: a hook, or not known */
  inos_actor_id blocked_on;                /* where blocked */
  uint64_t count;                          /* messages and replies handled */
  struct inos_mailbox_health mailbox;
  /* Whether it was asked itself. Where it was not, what follows is not known, and 0. */
  bool asked;
  uint32_t links, monitors; /* monitors: how many watch it */
  uint32_t timers, parked, pending_count;
  struct inos_pending_health pending[INOS_HEALTH_PENDING]; /* the first of `pending_count` */
  uint32_t restarts, restarts_max;                         /* in place, in the period that runs */
  uint64_t memory; /* bytes, about: state, mailbox, payloads and tables; not what the state owns */
};

/* One actor */

/**
 * inos_health_outside:
 *
 * What can be seen of @id without asking it. Takes a microsecond, and more for a long mailbox.
 *
 * Returns: false where there is no such actor.
 */
bool inos_health_outside (struct inos_runtime *runtime, inos_actor_id id,
                          struct inos_actor_health *out);

/** inos_health_glance: as inos_health_outside(), without the mailbox, and always quick. */
bool inos_health_glance (struct inos_runtime *runtime, inos_actor_id id,
                         struct inos_actor_health *out);

struct inos_health_question;
/* @health: valid in the call; NULL: the actor has gone. On the actor's thread, so be short. */
typedef void (*inos_health_done) (const struct inos_actor_health *health, void *data);

/**
 * inos_health_ask:
 * @done: called once, perhaps before this returns; not after inos_health_question_end()
 *
 * Asks @id to look at itself, which it does before its next message. The asker has a clock of its
 * own: when it has waited for long enough it ends the question and takes inos_health_outside().
 * One that is stuck is not asked: @done gets the look from outside at once.
 *
 * Returns: (transfer full): for inos_health_question_end()
 */
struct inos_health_question *inos_health_ask (struct inos_runtime *runtime, inos_actor_id id,
                                              inos_health_done done, void *data);
/** inos_health_question_end: @done is not called any more, and does not run. Not inside @done. */
void inos_health_question_end (struct inos_health_question *question);

/**
 * inos_health_actor:
 * @timeout: ns to wait for the actor, after which it is looked at from outside
 *
 * Waits; not for actors.
 *
 * Returns: false where there is no such actor.
 */
bool inos_health_actor (struct inos_runtime *runtime, inos_actor_id id, uint64_t timeout,
                        struct inos_actor_health *out);

/* All actors */

/** inos_health_new: Returns: (transfer full): one who looks, and has just looked. */
struct inos_health *inos_health_new (struct inos_runtime *runtime);
void inos_health_free (struct inos_health *health);

/**
 * inos_health_look:
 *
 * Looks at all actors, so that what is told next is of now and of the time since the last look.
 * Keeps 16 bytes for each actor, and takes some 30 ns for it.
 */
void inos_health_look (struct inos_health *health);

struct inos_worker_health {
  bool asleep;
  uint64_t since;    /* ns that it has slept, or been in this turn */
  inos_actor_id who; /* runs; 0: between two turns, or asleep */
};

struct inos_system_health {
  uint64_t actors;
  uint64_t interval; /* ns between the last two looks */
  struct inos_totals totals;
  /* In that time, for each second. */
  double handled, spawned, dead;
  /* How long messages waited that were handled in that time, ns; 0 where there were none. */
  uint64_t p50, p90, p99, p999, longest;
  unsigned workers; /* of them the last is the edge's */
  struct inos_worker_health worker[INOS_HEALTH_WORKERS];
  uint64_t stuck; /* reports of the watchdog so far */
};

/** inos_health_system: the whole, as of the last look; the workers as of now. */
void inos_health_system (struct inos_health *health, struct inos_system_health *out);

enum inos_health_order {
  INOS_BY_PLACE, /* page by page */
  INOS_BY_RATE,  /* most handled in the interval first */
  INOS_BY_DEPTH, /* longest mailbox first, of what could be seen */
  INOS_BY_BUSY,  /* largest share of the interval first */
};

struct inos_actor_row {
  inos_actor_id id, watcher;
  char name[INOS_HEALTH_NAME];
  const struct inos_behaviour *behaviour;
  enum inos_actor_state state;
  uint64_t count;
  double rate;  /* handled a second, in the interval */
  double share; /* of one processor, 0 to 1; by samples: what is rarely busy may be missed */
  enum inos_known known;
  uint64_t depth;
  uint64_t oldest; /* ns since the oldest message in the mailbox was sent */
};

/**
 * inos_health_list:
 * @rows: where up to @room go; at most INOS_HEALTH_ROWS
 * @cursor: (inout): INOS_BY_PLACE: 0 first; 0 again after the last page. Else 0 always
 *
 * Returns: how many there are in @rows.
 */
size_t inos_health_list (struct inos_health *health, enum inos_health_order order,
                         struct inos_actor_row *rows, size_t room, uint64_t *cursor);

/* Who waits for whom */

enum inos_wait_kind {
  INOS_WAIT_ROOM,  /* in the mailbox of the other */
  INOS_WAIT_REPLY, /* of the other */
};

struct inos_wait {
  inos_actor_id who, whom;
  enum inos_wait_kind kind;
  uint64_t age; /* ns; of the oldest request. 0 of one that is blocked */
};

struct inos_wait_cycle {
  uint32_t length;
  struct inos_wait wait[INOS_CYCLE_MAX]; /* the first of `length`; each waits for the next */
};

/**
 * inos_health_cycles:
 * @min_age: ns; requests that are younger do not count
 * @timeout: ns to wait for the actors that have made requests, all together
 * @out: where up to @room cycles go
 * @unknown: (out) (optional): how many actors did not say in time for whom they wait
 *
 * Finds circles of actors that wait for each other. A circle of requests need not be a fault, for
 * an actor handles other messages while it waits: one that is old is worth a look. Every knot of
 * waiters is told by at least one of its circles. Waits; not for actors.
 *
 * Returns: how many cycles there are in @out.
 */
size_t inos_health_cycles (struct inos_runtime *runtime, uint64_t min_age, uint64_t timeout,
                           struct inos_wait_cycle *out, size_t room, size_t *unknown);

/* The watchdog */

struct inos_stuck {
  inos_actor_id who;
  char name[INOS_HEALTH_NAME];
  const struct inos_behaviour *behaviour;
  const struct inos_message_type *type; /* NULL: a hook, or not known */
  uint64_t time;                        /* ns that it took, or had taken when it was seen */
  bool returned;
  /* Of a handler that returned unseen: it is one of this many messages, of which @who handled the
   * last. 1: it is that one. */
  unsigned messages;
};

/**
 * inos_watchdog_set:
 * @after: ns that a handler may take; 0: any time. INOS_STUCK_DEFAULT at first; at least 1 ms
 *
 * A handler that takes longer is logged and counted, once, while it runs where a worker sleeps
 * meanwhile and looks up now and then, else when it returns. The time is that of the wall clock.
 * Not in seeded runtimes, where no handler takes time.
 */
void inos_watchdog_set (struct inos_runtime *runtime, uint64_t after);
/** inos_watchdog_count: reports so far; @last (nullable) is the latest, where there is one. */
uint64_t inos_watchdog_count (struct inos_runtime *runtime, struct inos_stuck *last);
