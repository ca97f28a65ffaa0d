/*
 * Cells: where they come from, and where they wait for their next actor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#include <sys/mman.h>

#define KEEP 256 /* free cells that a worker keeps for itself */

/* Maps the next chunk; with cells_lock held. Its cells go to the list of free ones. */
static bool new_chunk (struct inos_runtime *runtime)
{
  uint32_t have = atomic_load_explicit (&runtime->cells, memory_order_relaxed);
  uint32_t most = runtime->config.actors_max;

  if (have >= most || have / INOS_CHUNK >= INOS_CHUNKS_MAX)
    return false;
  struct inos_cell *chunk = inos_map (runtime, sizeof *chunk * INOS_CHUNK, false);
  if (!chunk)
    return false;
  uint32_t count = MIN (INOS_CHUNK, most - have);
  for (uint32_t i = count; i-- > 0;) {
    chunk[i].index = have + i;
    atomic_init (&chunk[i].generation, 1);
    chunk[i].next_free = runtime->free_cells;
    runtime->free_cells = &chunk[i];
  }
  runtime->free_cell_count += count;
  atomic_store_explicit (&runtime->chunks[have / INOS_CHUNK], chunk, memory_order_release);
  atomic_store_explicit (&runtime->cells, have + count, memory_order_release);
  return true;
}

/* Moves some of the common free cells to @worker. */
static bool refill (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;

  pthread_mutex_lock (&runtime->cells_lock);
  if (!runtime->free_cells)
    new_chunk (runtime);
  for (unsigned i = 0; i < KEEP / 2 && runtime->free_cells; i++) {
    struct inos_cell *cell = runtime->free_cells;
    runtime->free_cells = cell->next_free;
    runtime->free_cell_count--;
    cell->next_free = worker->free_cells;
    worker->free_cells = cell;
    worker->free_cell_count++;
  }
  pthread_mutex_unlock (&runtime->cells_lock);
  return worker->free_cells != NULL;
}

static struct inos_cell *take_edge (struct inos_runtime *runtime)
{
  pthread_mutex_lock (&runtime->cells_lock);
  struct inos_cell *cell = runtime->free_edge_cells;
  if (cell)
    runtime->free_edge_cells = cell->next_free;
  pthread_mutex_unlock (&runtime->cells_lock);
  return cell;
}

struct inos_cell *inos_cell_take (struct inos_worker *worker, bool edge)
{
  struct inos_cell *cell = edge ? take_edge (worker->runtime) : NULL;

  if (cell)
    return cell;
  if (!worker->free_cells && !refill (worker))
    return NULL;
  cell = worker->free_cells;
  worker->free_cells = cell->next_free;
  worker->free_cell_count--;
  return cell;
}

/* A cell that ran on the edge stays one of the edge's: somebody may still be about to schedule it
 * there for a late envelope. */
void inos_cell_put (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_runtime *runtime = worker->runtime;

  if (atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_EDGE) {
    pthread_mutex_lock (&runtime->cells_lock);
    cell->next_free = runtime->free_edge_cells;
    runtime->free_edge_cells = cell;
    pthread_mutex_unlock (&runtime->cells_lock);
    return;
  }
  cell->next_free = worker->free_cells;
  worker->free_cells = cell;
  if (++worker->free_cell_count < 2 * KEEP)
    return;
  pthread_mutex_lock (&runtime->cells_lock);
  for (unsigned i = 0; i < KEEP; i++) {
    cell = worker->free_cells;
    worker->free_cells = cell->next_free;
    cell->next_free = runtime->free_cells;
    runtime->free_cells = cell;
  }
  runtime->free_cell_count += KEEP;
  worker->free_cell_count -= KEEP;
  pthread_mutex_unlock (&runtime->cells_lock);
}

struct inos_extra *inos_cell_extra (struct inos_runtime *runtime, struct inos_cell *cell)
{
  if (cell->extra)
    return cell->extra;
  if (!inos_memory_take (runtime, sizeof *cell->extra))
    return NULL;
  cell->extra = g_try_new0 (struct inos_extra, 1);
  if (!cell->extra) {
    inos_memory_give (runtime, sizeof *cell->extra);
    return NULL;
  }
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
