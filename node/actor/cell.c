/*
 * Cells: where they come from, and where they wait for their next actor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#include <string.h>
#include <sys/mman.h>

#define KEEP 256  /* free cells that a worker keeps for itself */
#define REFILL 32 /* that it gets at once */

static unsigned class_of (uint32_t flags)
{
  return (flags & INOS_C_EDGE ? 1u : 0) | (flags & INOS_C_OLDEST ? 2u : 0);
}

/* Maps the next chunk for @class; with cells_lock held. */
static bool new_chunk (struct inos_runtime *runtime, struct inos_cell_class *class)
{
  uint32_t have = atomic_load_explicit (&runtime->cells, memory_order_relaxed);

  if (have >= runtime->config.actors_max || have / INOS_CHUNK >= INOS_CHUNKS_MAX)
    return false;
  struct inos_cell *chunk = inos_map (runtime, sizeof *chunk * INOS_CHUNK, false);
  if (!chunk)
    return false;
  class->fresh = chunk;
  class->fresh_index = have;
  class->fresh_count = MIN (INOS_CHUNK, runtime->config.actors_max - have);
  atomic_store_explicit (&runtime->chunks[have / INOS_CHUNK], chunk, memory_order_release);
  atomic_store_explicit (&runtime->cells, have + INOS_CHUNK, memory_order_release);
  return true;
}

/* The next cell that was never used. */
static struct inos_cell *take_fresh (struct inos_runtime *runtime, struct inos_cell_class *class)
{
  if (class->fresh_count == 0 && !new_chunk (runtime, class))
    return NULL;
  struct inos_cell *cell = class->fresh++;
  class->fresh_count--;
  cell->index = class->fresh_index++;
  atomic_store_explicit (&cell->generation, 1, memory_order_release);
  return cell;
}

static struct inos_cell *take_common (struct inos_runtime *runtime, struct inos_cell_class *class)
{
  struct inos_cell *cell = class->free;

  if (!cell)
    return take_fresh (runtime, class);
  class->free = cell->next_free;
  return cell;
}

/* Moves some of the common free cells to @worker. */
static void refill (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_cell *cell;

  pthread_mutex_lock (&runtime->cells_lock);
  for (unsigned i = 0; i < REFILL && (cell = take_common (runtime, &runtime->cell_class[0])); i++) {
    cell->next_free = worker->free_cells;
    worker->free_cells = cell;
    worker->free_cell_count++;
  }
  pthread_mutex_unlock (&runtime->cells_lock);
}

struct inos_cell *inos_cell_take (struct inos_worker *worker, uint32_t flags)
{
  struct inos_runtime *runtime = worker->runtime;
  unsigned class = class_of (flags);
  struct inos_cell *cell;

  if (class > 0) {
    pthread_mutex_lock (&runtime->cells_lock);
    cell = take_common (runtime, &runtime->cell_class[class]);
    pthread_mutex_unlock (&runtime->cells_lock);
    return cell;
  }
  if (!worker->free_cells)
    refill (worker);
  cell = worker->free_cells;
  if (cell) {
    worker->free_cells = cell->next_free;
    worker->free_cell_count--;
  }
  return cell;
}

static void put_common (struct inos_cell_class *class, struct inos_cell *cell)
{
  cell->next_free = class->free;
  class->free = cell;
}

void inos_cell_put (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_runtime *runtime = worker->runtime;
  unsigned class = class_of (atomic_load_explicit (&cell->flags, memory_order_relaxed));

  if (class == 0) {
    cell->next_free = worker->free_cells;
    worker->free_cells = cell;
    if (++worker->free_cell_count < 2 * KEEP)
      return;
  }
  pthread_mutex_lock (&runtime->cells_lock);
  if (class > 0)
    put_common (&runtime->cell_class[class], cell);
  else
    for (unsigned i = 0; i < KEEP; i++) {
      cell = worker->free_cells;
      worker->free_cells = cell->next_free;
      worker->free_cell_count--;
      put_common (&runtime->cell_class[0], cell);
    }
  pthread_mutex_unlock (&runtime->cells_lock);
}

struct inos_extra *inos_cell_extra (struct inos_worker *worker, struct inos_cell *cell)
{
  if (cell->extra)
    return cell->extra;
  cell->extra = inos_piece_new (worker, sizeof *cell->extra);
  if (!cell->extra)
    return NULL;
  memset (cell->extra, 0, sizeof *cell->extra);
  cell->extra->parked_end = &cell->extra->parked;
  return cell->extra;
}

void inos_cells_free (struct inos_runtime *runtime)
{
  for (uint32_t i = 0; i < INOS_CHUNKS_MAX; i++) {
    struct inos_cell *chunk = atomic_load (&runtime->chunks[i]);
    if (!chunk)
      break;
    for (unsigned k = 0; k < INOS_CHUNK; k++) {
      inos_bound_free (atomic_load (&chunk[k].bound));
      g_free (atomic_load (&chunk[k].lanes));
    }
    munmap (chunk, sizeof *chunk * INOS_CHUNK);
  }
  munmap (runtime->chunks, INOS_CHUNKS_MAX * sizeof *runtime->chunks);
}
