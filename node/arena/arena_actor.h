/*
 * The actor that has the arena: it knows who reads, and writes what they want of what the monitor,
 * the runtime and the mesh say, as often as they want it. While nobody reads it keeps the last ten
 * minutes of the monitor's looks, which come anyway, and wakes for nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#define NODE_ARENA_NAME "arena" /* in its runtime */
#define NODE_ARENA_READERS 32u  /* at a time */

enum {
  NODE_ARENA_MEMORY,
  NODE_ARENA_EVENT,
  NODE_ARENA_LEASE,
  NODE_ARENA_FDS,
};

/* Who takes a descriptor out of it leaves -1 there; the others are closed with it. */
struct node_arena_grant {
  int fd[NODE_ARENA_FDS]; /* -1: refused */
  char sentence[128];     /* why */
};

#define NODE_ARENA(MESSAGE, REQUEST)                                                               \
  /* For one more reader, who is one until it or the node closes the lease. */                     \
  REQUEST (node_arena, open, struct inos_nothing, struct node_arena_grant, 1,                      \
           .clear_reply = node_arena_grant_clear)
INOS_PROTOCOL (node_arena, NODE_ARENA);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour inos_arena_behaviour;
