/*
 * A swarm: actors that do at random all that actors can do, until their fuel is spent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/runtime.h"

struct swarm {
  _Atomic uint64_t begun, cleared; /* states made and released: equal at the end */
  _Atomic uint64_t handled;        /* by our handlers: equal to what the runtime counts */
  _Atomic uint64_t asked, answered, abandoned; /* requests; abandoned: their actor went before */
  _Atomic uint64_t disorder; /* messages of a pair that came in another order: 0 */
  _Atomic uint64_t wrong;    /* anything else that must not be: 0 */
};

/* Lets a swarm loose: @actors to begin with, @fuel messages in all, more or less. */
void swarm_begin (struct inos_runtime *runtime, struct swarm *swarm, uint64_t seed, unsigned actors,
                  uint32_t fuel);
