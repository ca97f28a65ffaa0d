/*
 * The compute pool: threads for work that takes long or blocks, which no actor may do itself.
 *
 * An actor hands over a function and what it works on, and hears of the end as it would of a
 * reply's: in its own turn, exactly once, with a deadline. The pool has at most
 * `config.compute_threads` threads, which are started when there is work and go when there has been
 * none for a second; what waits for a thread is bounded too. On a seeded runtime there is no
 * thread: the work runs in inos_runtime_run(), at a moment that the seed chooses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

/* Work that is waiting or under way, as the work function sees it. */
struct inos_task;

/* Runs on a thread of the pool, with all signals blocked. What it finds out it writes into
 * @argument, which nobody else touches meanwhile. */
typedef void (*inos_work) (const struct inos_task *task, void *argument);

/**
 * inos_compute:
 * @work: what to do
 * @argument: what to do it on, and where the result goes; the pool's from now on, whatever is
 *            returned
 * @free: (nullable): releases @argument: after @done, or when nobody wants it any more
 * @timeout: ns after which @done is called with INOS_TIMED_OUT, the work being done or not;
 *           UINT64_MAX: never
 * @done: called in this actor, once, unless it stops or restarts before or INOS_NO_MEMORY is
 *        returned; its `reply` is for inos_computed()
 * @tag: handed to @done
 *
 * Has @work done by the pool. Work that has not begun when nobody waits for it any more is left
 * undone. Where too much waits already, @done is told INOS_REPLY_FULL.
 *
 * Returns: INOS_ACCEPTED, INOS_FULL or INOS_NO_MEMORY.
 */
enum inos_sent inos_compute (struct inos_context *context, inos_work work, void *argument,
                             GDestroyNotify free, uint64_t timeout, inos_done done, uint64_t tag);

/**
 * inos_compute_detached:
 *
 * From any thread: has @work done whether anybody waits for it or not, also while the runtime ends,
 * which waits for it. For what has to be cleaned up and may block.
 *
 * Returns: false where too much waits or there is no thread; @argument is the caller's then.
 */
bool inos_compute_detached (struct inos_runtime *runtime, inos_work work, void *argument,
                            GDestroyNotify free);

/**
 * inos_computed:
 * @reply: (nullable): what inos_done was called with
 *
 * Returns: (transfer none) (nullable): the argument that the work was done on, which may be taken
 * apart; NULL where the status was not INOS_REPLIED.
 */
void *inos_computed (const void *reply);

/**
 * inos_task_is_cancelled:
 *
 * For work that takes long to ask every now and then.
 *
 * Returns: whether nobody waits for the result: it is late, or its actor has gone.
 */
bool inos_task_is_cancelled (const struct inos_task *task);
