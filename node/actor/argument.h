/*
 * What an actor is spawned with: a word in its envelope and then in its cell, or a piece of memory,
 * which what is larger than a word needs, and what owns something.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

/** inos_argument_put: copies the argument of @spawn into @e, the actor's first envelope. Returns:
 * false where there is no memory; what the argument owns is not released. */
bool inos_argument_put (struct inos_worker *worker, struct inos_envelope *e,
                        const struct inos_spawn *spawn);
/** inos_argument_take: moves it to @cell. */
void inos_argument_take (struct inos_cell *cell, struct inos_envelope *e);
/** inos_argument_of: (nullable): the argument, as pre_start sees it. */
const void *inos_argument_of (const struct inos_cell *cell);
/** inos_argument_drop: releases what @cell has, where it has something still. */
void inos_argument_drop (struct inos_worker *worker, struct inos_cell *cell);
/** inos_argument_refuse: releases what the argument of @spawn owns, of which there is no copy. */
void inos_argument_refuse (const struct inos_spawn *spawn);
/** inos_argument_unput: takes it out of @e again, and releases it. */
void inos_argument_unput (struct inos_worker *worker, struct inos_envelope *e);
