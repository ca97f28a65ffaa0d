/*
 * How often each of some actors is named. A tally is NULL until somebody is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#include <glib.h>

/** inos_tally_add: names @who once more; makes *@tally where it is NULL. */
void inos_tally_add (GHashTable **tally, inos_actor_id who);
/** inos_tally_take: names @who once less. Returns false where it was not named. */
bool inos_tally_take (GHashTable *tally, inos_actor_id who);
/** inos_tally_count: how often all of them are named. */
uint32_t inos_tally_count (GHashTable *tally);
/** inos_tally_empty: calls @each as often as each is named, and frees *@tally. */
void inos_tally_empty (GHashTable **tally, void (*each) (void *data, inos_actor_id who),
                       void *data);
