/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/argument.h"

#include <string.h>

struct argument {
  void (*clear) (void *argument); /* may be NULL */
  _Alignas (16) unsigned char bytes[];
};

static void argument_free (struct inos_worker *worker, struct argument *argument, uint32_t size)
{
  if (argument->clear)
    argument->clear (argument->bytes);
  inos_piece_free (worker, argument, sizeof *argument + size);
}

bool inos_argument_put (struct inos_worker *worker, struct inos_envelope *e,
                        const struct inos_spawn *spawn)
{
  uint32_t size = spawn->argument_size;
  bool owns = spawn->clear_argument && size > 0;

  e->ttl_ms = size;
  e->payload.word = 0;
  if (size <= sizeof e->payload.word && !owns) {
    if (size)
      memcpy (&e->payload.word, spawn->argument, size);
    return true;
  }
  struct argument *argument = inos_piece_new (worker, sizeof *argument + size);
  if (!argument)
    return false;
  argument->clear = spawn->clear_argument;
  memcpy (argument->bytes, spawn->argument, size);
  e->payload.pointer = argument;
  e->flags |= INOS_E_BLOCK;
  return true;
}

void inos_argument_take (struct inos_cell *cell, struct inos_envelope *e)
{
  cell->argument = e->payload.word;
  cell->argument_size = e->ttl_ms;
  cell->argument_block = !!(e->flags & INOS_E_BLOCK);
  e->flags = INOS_E_START;
  e->payload.word = 0;
}

const void *inos_argument_of (const struct inos_cell *cell)
{
  if (cell->argument_size == 0)
    return NULL;
  if (cell->argument_block)
    return ((const struct argument *)(uintptr_t)cell->argument)->bytes;
  return &cell->argument;
}

void inos_argument_drop (struct inos_worker *worker, struct inos_cell *cell)
{
  struct argument *argument =
    cell->argument_block ? (struct argument *)(uintptr_t)cell->argument : NULL;
  uint32_t size = cell->argument_size;

  cell->argument_block = false;
  cell->argument_size = 0;
  if (argument)
    argument_free (worker, argument, size);
}

/* What is cleared is a copy also where nothing was made: the caller's own may be constant. */
void inos_argument_refuse (const struct inos_spawn *spawn)
{
  if (!spawn->clear_argument || spawn->argument_size == 0)
    return;
  g_autofree void *copy = g_memdup2 (spawn->argument, spawn->argument_size);
  spawn->clear_argument (copy);
}

void inos_argument_unput (struct inos_worker *worker, struct inos_envelope *e)
{
  if (e->flags & INOS_E_BLOCK)
    argument_free (worker, e->payload.pointer, e->ttl_ms);
  e->flags &= (uint8_t)~INOS_E_BLOCK;
  e->payload.word = 0;
}
