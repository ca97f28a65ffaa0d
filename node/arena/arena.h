/*
 * The arena: the node's state in memory that others map and read, as docs/arena.md has it.
 *
 * This is the writer's side, which one thread has. It knows bytes, tables and epochs; who reads,
 * and where what is written comes from, is the arena's actor's business (arena_actor.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/arena/layout.h"

#include <glib.h>
#include <stdbool.h>

struct inos_arena;

/**
 * inos_arena_new:
 * @started: µs since 1970, of this arena
 * @error: where the system has no memory for it, or cannot seal it
 *
 * The memory is sealed: it keeps its size, and nobody but the caller's own mapping can write to it.
 *
 * Returns: (transfer full) (nullable): an arena whose tables are empty.
 */
struct inos_arena *inos_arena_new (int64_t started, GError **error);

/** inos_arena_free: readers keep what they have mapped; takes NULL. */
void inos_arena_free (struct inos_arena *arena);

/** inos_arena_fd: the memory, the arena's own descriptor. */
int inos_arena_fd (const struct inos_arena *arena);

/** inos_arena_header: the counters in it may be written by the arena's thread. */
struct inos_arena_header *inos_arena_header (struct inos_arena *arena);

/**
 * inos_arena_write:
 * @arena: an arena
 * @table: which
 * @rows: @count rows of the table's struct, zero where nothing is said
 * @count: how many; those for which there is no room are left out and counted
 * @total: of a ring, else 0
 *
 * Writes what differs from the copy that is not the newest, and then makes that the newest.
 *
 * Returns: whether there is a new epoch: nothing is written where nothing has changed.
 */
bool inos_arena_write (struct inos_arena *arena, enum inos_arena_table table, const void *rows,
                       uint32_t count, uint64_t total);

/**
 * inos_arena_text:
 * @to: a string of a row
 * @size: its size
 * @from: (nullable): bytes, valid or not
 *
 * Copies what fits, whole characters only, and fills the rest with zero.
 */
void inos_arena_text (char *to, size_t size, const char *from);
