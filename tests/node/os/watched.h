/*
 * What a probe hears of the actors it watches: the two hooks that each of them has. Included by one
 * file of tests each, which forgets it before every test.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

static struct {
  uint64_t started, down;
  struct inos_exit reason; /* of the last that went */
} watched;

static inline enum inos_outcome on_started (void *state, struct inos_context *context,
                                            inos_actor_id who)
{
  watched.started++;
  return INOS_OK;
}

static inline enum inos_outcome on_down (void *state, struct inos_context *context,
                                         inos_actor_id who, struct inos_exit reason)
{
  watched.down++;
  watched.reason = reason;
  return INOS_OK;
}
