/*
 * What supervisors know of their children and nobody sees from outside: what they are called, and
 * how often they were started again. It is asked for now and then, and may be a second old.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/supervisor.h"
#include "node/arena/layout.h"

struct inos_supervised;

struct inos_supervised *inos_supervised_new (void);
void inos_supervised_free (struct inos_supervised *children); /* takes NULL */

/** inos_supervised_apply: writes what is known into a row of an actor, whose name goes before. */
void inos_supervised_apply (const struct inos_supervised *children, struct inos_arena_actors *row);

/**
 * inos_supervised_ask:
 * @context: of the actor that has @children, whose state is a struct that begins with a pointer to
 *           it
 * @rows: all actors there are; those that are gone are forgotten
 *
 * Asks the supervisors among them, where a second has gone by since the last time.
 */
void inos_supervised_ask (struct inos_supervised *children, struct inos_context *context,
                          const struct inos_arena_actors *rows, uint32_t count);
