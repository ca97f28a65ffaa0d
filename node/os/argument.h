/*
 * Strings in the argument of an actor, which is copied as bytes.
 *
 * An argument begins with a pointer to a table that outlives the actor; or, where that is NULL, all
 * is in the argument itself: the table, whose pointers mean nothing, and then lists of strings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

/**
 * inos_argument_new:
 * @table: @size bytes, a multiple of 8
 * @lists: lists of strings, each ended by NULL or NULL itself
 *
 * Returns: (transfer full): the argument.
 */
GByteArray *inos_argument_new (const void *table, gsize size, const char *const *const *lists,
                               guint n_lists);

/**
 * inos_argument_table: the table of an argument.
 * @is_packed: (out): whether it has lists, too
 */
const void *inos_argument_table (const void *argument, gboolean *is_packed);

/**
 * inos_argument_list:
 * @argument: a packed one
 * @size: of its table
 * @which: counts from 0
 *
 * Returns: (transfer container) (nullable): the strings, ended by NULL, which belong to @argument;
 * NULL where the list was.
 */
const char **inos_argument_list (const void *argument, gsize size, guint which);

/**
 * inos_argument_spawn:
 * @how: (nullable): the name, the watcher and the link; the rest is not looked at
 *
 * Returns: how to spawn an actor with @argument, which must live until it is.
 */
struct inos_spawn inos_argument_spawn (const struct inos_behaviour *behaviour,
                                       const GByteArray *argument, const struct inos_spawn *how);
