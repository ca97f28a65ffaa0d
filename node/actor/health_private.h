/*
 * What the files of health share: looking at what belongs to another thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

#define INOS_BUSY_AFTER (5 * INOS_MILLISECOND) /* in one turn: busy, rather than running */

/*
 * Reads of fields that another thread may be writing. All of it is memory of the runtime's own that
 * is not unmapped while the runtime lives, and keeps its type, so a read finds a value of the right
 * kind, perhaps an old one. Whoever reads looks again afterwards at what would have changed, and
 * forgets what it has read where something did.
 */
#define INOS_PEEKS __attribute__ ((no_sanitize ("thread")))
#define INOS_PEEK(field) __atomic_load_n (&(field), __ATOMIC_RELAXED)

/* A lock, and something to wait for. */
struct inos_latch {
  pthread_mutex_t lock;
  pthread_cond_t cond;
};

void inos_latch_init (struct inos_latch *latch);
void inos_latch_finish (struct inos_latch *latch);
/* ns of the monotonic clock, @timeout from now; for inos_latch_wait(). */
uint64_t inos_latch_until (uint64_t timeout);
/* With the lock held. Returns: false when it is over. */
bool inos_latch_wait (struct inos_latch *latch, uint64_t until);

/* What a worker was doing at one moment. */
struct inos_turn_seen {
  uint64_t began, handled; /* handled: by the worker, in all */
  struct inos_cell *cell;
  inos_actor_id who;
  const struct inos_behaviour *behaviour;
  const struct inos_envelope *current; /* may be NULL */
  const struct inos_message_type *type;
};

/* health_outside.c */

/* Returns: false where it is between two turns. */
bool inos_turn_see (struct inos_worker *worker, struct inos_turn_seen *turn);
/* The turn that @cell is in. */
bool inos_turn_of (struct inos_runtime *runtime, struct inos_cell *cell,
                   struct inos_turn_seen *turn);
void inos_name_copy (struct inos_runtime *runtime, inos_actor_id id, char name[INOS_HEALTH_NAME]);
void inos_state_see (struct inos_runtime *runtime, struct inos_cell *cell, inos_actor_id id,
                     struct inos_actor_health *out);

/* What waits in the queue and in the lanes, as its own thread sees it, or one that looks again
 * afterwards. @current is not counted. Adds to @out, and to @bytes the payloads' (nullable). */
void inos_mailbox_walk (struct inos_cell *cell, const struct inos_envelope *current, uint64_t now,
                        struct inos_mailbox_health *out, uint64_t *bytes);
void inos_mailbox_bound (struct inos_cell *cell, struct inos_mailbox_health *out);
/* From outside. */
void inos_mailbox_see (struct inos_runtime *runtime, struct inos_cell *cell,
                       struct inos_mailbox_health *out);

/* health_actor.c: @cell looks at itself. */
void inos_health_inside (struct inos_worker *worker, struct inos_cell *cell,
                         struct inos_actor_health *out);
