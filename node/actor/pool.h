/*
 * Pools: one address, many actors of one kind behind it.
 *
 * A pool is an actor itself. It makes its members, takes the place of their supervisor (one that
 * ends, for whatever reason, is replaced in its place), and changes their number by hand or by
 * load. A member that is taken out gets no more messages, finishes what it has, and is stopped with
 * INOS_EXIT_SHUTDOWN; no message is lost by that. It has finished when its mailbox is empty, and it
 * waits for no reply and for no room in a full mailbox; a request that it has put aside to answer
 * later is its own concern: its on_exit may take its time.
 *
 * When the pool is asked to stop, or an actor that it is linked to goes, it does that with all of
 * its members, and ends after the last. When it is killed, its members go with it, for each is
 * linked to it.
 *
 * What is sent to a member that has just died goes to another, but for a message with a key, which
 * is a dead letter until there is a new one. What was in its mailbox becomes dead letters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/route.h"

#define INOS_POOL_MAX 256 /* members */

/* Which member a message goes to. */
enum inos_pool_strategy {
  INOS_POOL_IN_TURN,   /* round robin; each worker that sends goes round by itself */
  INOS_POOL_LEAST,     /* of two drawn at random the one with the shorter mailbox */
  INOS_POOL_AT_RANDOM, /* one drawn at random */
  INOS_POOL_BY_KEY,    /* consistent hash: one key, one member; without a key: in turn. Of n members
                        * no more than the n-th part of the keys moves when one comes or goes */
};

/* Zero is a good default for everything but the behaviour. */
struct inos_pool_config {
  const struct inos_behaviour *behaviour;
  const void *argument; /* of each member; copied. It can own nothing */
  uint32_t argument_size;
  enum inos_pool_strategy strategy;
  uint32_t size;             /* members at first; 0: `min` */
  uint32_t capacity;         /* of each mailbox, in messages; 0: no bound */
  enum inos_on_full on_full; /* where there is a bound */
  uint32_t block_timeout_ms;

  uint32_t min, max; /* members; 0: 1, and INOS_POOL_MAX */

  /* By load: one more where the mailboxes are longer than `grow_above` on average, `looks` times
   * one after the other; one less where they are shorter than `shrink_below`. */
  uint64_t look_every; /* ns; 0: by hand only */
  uint32_t grow_above, shrink_below;
  uint32_t looks; /* 0: 3 */

  /* More members than this that died within this time (ns): the pool fails. 0: three for each that
   * it has, and 5 s. */
  uint32_t restarts_max;
  uint64_t restarts_period;
};

/* What a pool is like at the moment. */
struct inos_pool_state {
  inos_actor_id actor; /* the pool's own; 0: it does not run */
  uint32_t members;
  uint32_t draining; /* taken out, and not finished yet */
  uint64_t waiting;  /* messages in the members' mailboxes */
  uint64_t replaced, grown, shrunk;
};

/**
 * inos_pool_define:
 * @name: asking twice gives the same pool, as it was defined first
 *
 * From any thread. The pool reaches nobody until an actor of inos_pool_behaviour runs it; one at a
 * time can.
 *
 * Returns: its address, with no route where there is no memory, or too many routes.
 */
struct inos_address inos_pool_define (struct inos_runtime *runtime, const char *name,
                                      const struct inos_pool_config *config);

/* Runs a pool: its argument is the struct inos_address from inos_pool_define(). For supervisors. */
extern const struct inos_behaviour inos_pool_behaviour;

/** inos_pool_new: inos_pool_define(), and an actor that runs it where none does. */
struct inos_address inos_pool_new (struct inos_runtime *runtime, const char *name,
                                   const struct inos_pool_config *config);

/**
 * inos_pool_resize:
 * @pool: what inos_pool_new() returned
 *
 * Has @pool grow or shrink to @size members, or as near as its limits are. From any thread; soon.
 */
void inos_pool_resize (struct inos_runtime *runtime, struct inos_address pool, uint32_t size);

/** inos_pool_look: fills @state in. From any thread. */
void inos_pool_look (struct inos_runtime *runtime, struct inos_address pool,
                     struct inos_pool_state *state);
