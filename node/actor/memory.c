/*
 * Memory: how much there may be, and small pieces of it.
 *
 * States and payloads of up to INOS_SMALL_MAX bytes come from slabs, a list of free ones for each
 * size and worker. One worker that only makes gets them from the depot by the dozen, one that only
 * frees takes them there. A slab is never unmapped while the runtime lives. Under AddressSanitizer
 * all of it comes from the C library, so that it can see a use after the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#include <string.h>
#include <sys/mman.h>

#define SLAB (64u * 1024)
#define EXCHANGE_BYTES (8u * 1024) /* that go to or come from the depot at once */

struct inos_slab {
  struct inos_slab *next;
  size_t size;
};

struct inos_piece { /* a free one */
  struct inos_piece *next;
  struct inos_piece *next_chain; /* of the first of a chain in the depot */
};

bool inos_memory_take (struct inos_runtime *runtime, uint64_t bytes)
{
  uint64_t before = atomic_fetch_add_explicit (&runtime->memory, bytes, memory_order_relaxed);

  if (runtime->config.memory_max == 0 || before + bytes <= runtime->config.memory_max)
    return true;
  atomic_fetch_sub_explicit (&runtime->memory, bytes, memory_order_relaxed);
  return false;
}

void inos_memory_give (struct inos_runtime *runtime, uint64_t bytes)
{
  atomic_fetch_sub_explicit (&runtime->memory, bytes, memory_order_relaxed);
}

void *inos_map (struct inos_runtime *runtime, size_t bytes, bool must)
{
  if (!inos_memory_take (runtime, bytes)) {
    if (!must)
      return NULL;
    atomic_fetch_add_explicit (&runtime->memory, bytes, memory_order_relaxed);
  }
  void *map = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map != MAP_FAILED)
    return map;
  inos_memory_give (runtime, bytes);
  return NULL;
}

/* Maps memory for @unit-sized pieces, the first of which belongs to the slab. With depot_lock held.
 */
void *inos_slab_new (struct inos_runtime *runtime, size_t size, bool must)
{
  struct inos_slab *slab = inos_map (runtime, size, must);

  if (!slab)
    return NULL;
  slab->next = runtime->slabs;
  slab->size = size;
  runtime->slabs = slab;
  return slab;
}

void inos_slabs_free (struct inos_runtime *runtime)
{
  struct inos_slab *next;

  for (struct inos_slab *slab = runtime->slabs; slab; slab = next) {
    next = slab->next;
    munmap (slab, slab->size);
  }
}

static unsigned class_of (size_t size)
{
  return (unsigned)((size + INOS_SMALL_STEP - 1) / INOS_SMALL_STEP - 1);
}

static size_t size_of (unsigned class)
{
  return (class + 1) * (size_t)INOS_SMALL_STEP;
}

static unsigned exchange_of (unsigned class)
{
  return (unsigned)(EXCHANGE_BYTES / size_of (class));
}

static struct inos_piece *chain (char *at, size_t size, unsigned count)
{
  struct inos_piece *first = NULL;

  while (count-- > 0) {
    struct inos_piece *piece = (struct inos_piece *)(at + count * size);
    piece->next = first;
    first = piece;
  }
  return first;
}

/* Cuts a slab into chains for the depot; with depot_lock held. What is left over stays unused. */
static bool cut_slab (struct inos_runtime *runtime, unsigned class)
{
  size_t size = size_of (class);
  unsigned each = exchange_of (class), count;
  char *slab = inos_slab_new (runtime, SLAB, false);

  if (!slab)
    return false;
  count = (unsigned)((SLAB - INOS_SMALL_STEP) / size);
  for (unsigned i = 0; i + each <= count; i += each) {
    struct inos_piece *first = chain (slab + INOS_SMALL_STEP + i * size, size, each);
    first->next_chain = runtime->small_depot[class];
    runtime->small_depot[class] = first;
  }
  return true;
}

static bool refill (struct inos_worker *worker, unsigned class)
{
  struct inos_runtime *runtime = worker->runtime;

  pthread_mutex_lock (&runtime->depot_lock);
  if (!runtime->small_depot[class])
    cut_slab (runtime, class);
  struct inos_piece *first = runtime->small_depot[class];
  if (first)
    runtime->small_depot[class] = first->next_chain;
  pthread_mutex_unlock (&runtime->depot_lock);
  worker->small[class] = first;
  worker->small_count[class] = first ? exchange_of (class) : 0;
  return first;
}

static void give_back (struct inos_worker *worker, unsigned class)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_piece *first = worker->small[class], *last = first;

  for (unsigned i = 1; i < exchange_of (class); i++)
    last = last->next;
  worker->small[class] = last->next;
  worker->small_count[class] -= exchange_of (class);
  last->next = NULL;
  pthread_mutex_lock (&runtime->depot_lock);
  first->next_chain = runtime->small_depot[class];
  runtime->small_depot[class] = first;
  pthread_mutex_unlock (&runtime->depot_lock);
}

static void *large_new (struct inos_runtime *runtime, size_t size)
{
  if (!inos_memory_take (runtime, size))
    return NULL;
  void *large = g_try_malloc (size);
  if (!large)
    inos_memory_give (runtime, size);
  return large;
}

static bool is_large (size_t size)
{
#ifdef __SANITIZE_ADDRESS__
  return true;
#else
  return size > INOS_SMALL_MAX;
#endif
}

/* Returns: @size bytes, aligned to 16, not zeroed; NULL where there is no memory. */
void *inos_piece_new (struct inos_worker *worker, size_t size)
{
  if (is_large (size))
    return large_new (worker->runtime, size);
  unsigned class = class_of (size);
  if (!worker->small[class] && !refill (worker, class))
    return NULL;
  struct inos_piece *piece = worker->small[class];
  worker->small[class] = piece->next;
  worker->small_count[class]--;
  return piece;
}

/* @size is that it was made with; any worker may free it. */
void inos_piece_free (struct inos_worker *worker, void *pointer, size_t size)
{
  if (is_large (size)) {
    g_free (pointer);
    inos_memory_give (worker->runtime, size);
    return;
  }
  unsigned class = class_of (size);
  struct inos_piece *piece = pointer;
  piece->next = worker->small[class];
  worker->small[class] = piece;
  if (++worker->small_count[class] >= 2 * exchange_of (class))
    give_back (worker, class);
}
