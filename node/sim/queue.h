/*
 * What happens when: by time, and by the order of adding where that is the same. Time is cut into
 * slots: what comes soon lies in the slot of its time in no order, and is put in order when it is
 * its turn; what comes late waits in a heap.
 *
 * Source: Brown: "Calendar queues", 1988.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/sim/event.h"

#include <stdbool.h>

#define INOS_SIM_AHEAD 16u /* events that may be looked at before they happen */

struct inos_sim_queue;

struct inos_sim_queue *inos_sim_queue_new (void);
void inos_sim_queue_free (struct inos_sim_queue *queue);
/** inos_sim_queue_event: one to fill in, with room for @len bytes; either queue.add() or
 * queue.drop() takes it back. */
struct inos_sim_event *inos_sim_queue_event (struct inos_sim_queue *queue, size_t len);
void inos_sim_queue_drop (struct inos_sim_queue *queue, struct inos_sim_event *event);
/** inos_sim_queue_add: @time is not before that of the last one that was taken. */
void inos_sim_queue_add (struct inos_sim_queue *queue, uint64_t time, struct inos_sim_event *event);
/** inos_sim_queue_take: (nullable): the first one, which is the caller's to drop or add again. */
struct inos_sim_event *inos_sim_queue_take (struct inos_sim_queue *queue, uint64_t *time);
/** inos_sim_queue_peek: (nullable): the one that is taken after @n others, of which there are less
 * than INOS_SIM_AHEAD, where nothing is added before it. Its memory may be cold. */
const struct inos_sim_event *inos_sim_queue_peek (const struct inos_sim_queue *queue, unsigned n);
size_t inos_sim_queue_length (const struct inos_sim_queue *queue);
