/*
 * A pool's route: what those who send to it read, and its actor alone writes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/members.h"
#include "node/actor/pool.h"

struct inos_pool {
  struct inos_route route;
  struct inos_route in_turn; /* picks anew where the one that was picked by chance has gone */
  struct inos_pool_config config;
  pthread_mutex_t lock;        /* held by who begins or ends running it, for then two may write */
  _Atomic inos_actor_id actor; /* that runs it; 0: none */
  _Atomic uint32_t draining;
  _Atomic uint64_t replaced, grown, shrunk;
  struct inos_roster members;
  /* Of the members' mailboxes, by place. Bounds live as long as the runtime. */
  _Atomic (struct inos_bound *) bound[INOS_MEMBERS_MAX];
  _Alignas (16) unsigned char argument[];
};

/* pool-route.c; for the actor alone */
bool inos_pool_put_in (struct inos_runtime *runtime, struct inos_pool *pool, inos_actor_id member);
void inos_pool_put_at (struct inos_runtime *runtime, struct inos_pool *pool, uint32_t place,
                       inos_actor_id member);
void inos_pool_take_out (struct inos_pool *pool, uint32_t place);

/* Messages in the members' mailboxes. */
uint64_t inos_pool_waiting (struct inos_pool *pool);
