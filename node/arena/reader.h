/*
 * The reader's side of the arena, in C: whole epochs of tables out of memory that another process
 * writes, and that may hold anything.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/arena/layout.h"

#include <glib.h>
#include <stdbool.h>

/* How often a read begins again before it is given up: the writer has overtaken it so many times.
 */
#define INOS_ARENA_TRIES 64u

struct inos_arena_view {
  const uint8_t *base; /* the caller's mapping */
  size_t size;
};

enum inos_arena_result {
  INOS_ARENA_OK,
  INOS_ARENA_BUSY,   /* the writer was faster each time: read again later */
  INOS_ARENA_BROKEN, /* what is there cannot be a table of this layout */
};

/**
 * inos_arena_view_init:
 * @view: is filled
 * @base: the memory from its beginning, which stays the caller's
 * @size: of it
 * @error: what is wrong with it
 *
 * Returns: whether it is an arena of the layout that this was built with.
 */
bool inos_arena_view_init (struct inos_arena_view *view, const void *base, size_t size,
                           GError **error);

/**
 * inos_arena_read:
 * @view: an arena
 * @table: which
 * @rows: where up to @room of the table's structs go; strings in them end with a NUL
 * @room: rows
 * @copy: (out): of the epoch that was read; `count` says how many rows came
 *
 * Returns: whether @rows are of one epoch; they mean nothing otherwise.
 */
enum inos_arena_result inos_arena_read (const struct inos_arena_view *view,
                                        enum inos_arena_table table, void *rows, uint32_t room,
                                        struct inos_arena_copy *copy);

/** inos_arena_epoch: the number of the epoch of @table that was finished last. */
uint32_t inos_arena_epoch (const struct inos_arena_view *view, enum inos_arena_table table);
