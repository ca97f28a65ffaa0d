/*
 * What is to happen, with the bytes that are in it: from a pool, so that the thousands that are on
 * their way lie together, and what has just been used is used again. A build with AddressSanitizer
 * sees who reads beyond the end of the bytes, or what was dropped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

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
  uint8_t room; /* the pool's */
  uint32_t node, from;
  uint32_t epoch; /* of the node's life; 0: any */
  uint32_t len;
  uint8_t bytes[];
};

struct inos_sim_pool;

struct inos_sim_pool *inos_sim_pool_new (void);
/** inos_sim_pool_free: all that came from it have been dropped, or are no longer used. */
void inos_sim_pool_free (struct inos_sim_pool *pool);
/** inos_sim_pool_event: (transfer full): one with room for @len bytes; all but those is 0. */
struct inos_sim_event *inos_sim_pool_event (struct inos_sim_pool *pool, size_t len);
/** inos_sim_pool_drop: (transfer full). */
void inos_sim_pool_drop (struct inos_sim_pool *pool, struct inos_sim_event *event);
