/*
 * What happens when: a heap of four children a node, by time, and by the order of adding where that
 * is the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inos_sim_kind {
  INOS_SIM_DELIVER,     /* bytes come to `node` */
  INOS_SIM_TIMER,       /* `node` wanted to be called */
  INOS_SIM_START,       /* `node` starts */
  INOS_SIM_STOP,        /* `node`, which has said goodbye, ends */
  INOS_SIM_STALL,       /* `node`, a slow one, stops for a while */
  INOS_SIM_LIE,         /* `node`, a liar, says something */
  INOS_SIM_PLAN,        /* the plan's step `from` */
  INOS_SIM_SECOND_OVER, /* a second is over: measure */
};

struct inos_sim_event {
  uint8_t kind;
  uint8_t port; /* of a delivery: for whom of the node */
  uint32_t node, from;
  uint32_t epoch; /* of the node's life; 0: any */
  uint32_t len;
  uint8_t *bytes;              /* owned */
  struct inos_sim_event *next; /* among the free */
};

struct inos_sim_queue;

struct inos_sim_queue *inos_sim_queue_new (void);
void inos_sim_queue_free (struct inos_sim_queue *queue);
/** inos_sim_queue_event: one to fill in; either queue.add() or queue.drop() takes it back. */
struct inos_sim_event *inos_sim_queue_event (struct inos_sim_queue *queue);
void inos_sim_queue_drop (struct inos_sim_queue *queue, struct inos_sim_event *event);
void inos_sim_queue_add (struct inos_sim_queue *queue, uint64_t time, struct inos_sim_event *event);
/** inos_sim_queue_take: (nullable): the first one, which is the caller's to drop or add again. */
struct inos_sim_event *inos_sim_queue_take (struct inos_sim_queue *queue, uint64_t *time);
/** inos_sim_queue_peek: (nullable): the one that is taken next, where nothing is added before it.
 */
const struct inos_sim_event *inos_sim_queue_peek (const struct inos_sim_queue *queue);
size_t inos_sim_queue_length (const struct inos_sim_queue *queue);
