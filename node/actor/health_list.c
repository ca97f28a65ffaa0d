/*
 * Lists of actors: page by page, or those that do most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_list.h"

#define ASK_TIME (5 * INOS_MILLISECOND) /* one actor */
#define ASK_ALL (50 * INOS_MILLISECOND) /* all of a list */

/* The @room largest so far: a heap, the least of them first. */
struct best {
  size_t count, room;
  struct candidate {
    uint64_t key;
    inos_actor_id id;
  } at[INOS_HEALTH_ROWS];
};

static void sink (struct best *best, size_t place, struct candidate c)
{
  for (;;) {
    size_t child = 2 * place + 1;
    if (child + 1 < best->count && best->at[child + 1].key < best->at[child].key)
      child++;
    if (child >= best->count || best->at[child].key >= c.key)
      break;
    best->at[place] = best->at[child];
    place = child;
  }
  best->at[place] = c;
}

static void rise (struct best *best, struct candidate c)
{
  size_t place = best->count++;

  while (place > 0 && c.key < best->at[(place - 1) / 2].key) {
    best->at[place] = best->at[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  best->at[place] = c;
}

static void offer (struct best *best, inos_actor_id id, uint64_t key)
{
  struct candidate c = {key, id};

  if (key == 0 || best->room == 0)
    return;
  if (best->count < best->room)
    rise (best, c);
  else if (key > best->at[0].key)
    sink (best, 0, c);
}

static int compare (const void *a, const void *b)
{
  const struct candidate *x = a, *y = b;

  if (x->key != y->key)
    return x->key > y->key ? -1 : 1;
  return x->id < y->id ? -1 : 1;
}

/* Rows */

static inos_actor_id id_at (const struct inos_health *health, uint32_t index)
{
  uint32_t generation = health->seen[index].generation;

  return generation ? (uint64_t)generation << 32 | index : 0;
}

/* Returns: whether the actor is there still. */
static bool fill (struct inos_health *health, inos_actor_id id, struct inos_actor_row *row)
{
  struct inos_actor_health actor;
  uint32_t delta = health->seen[(uint32_t)id].delta;
  double interval = (double)health->interval;

  if (!inos_health_outside (health->runtime, id, &actor))
    return false;
  *row = (struct inos_actor_row){.id = id,
                                 .watcher = actor.watcher,
                                 .behaviour = actor.behaviour,
                                 .state = actor.state,
                                 .count = actor.count,
                                 .known = actor.mailbox.known,
                                 .depth = actor.mailbox.total,
                                 .oldest = actor.mailbox.oldest};
  memcpy (row->name, actor.name, sizeof row->name);
  if (interval > 0) {
    row->rate = (double)delta * (double)INOS_SECOND / interval;
    row->share = MIN ((double)inos_health_busy (health, id) / interval, 1);
  }
  return true;
}

/* Those that run while they are looked at are asked: they are few, and answer soon. */
static void ask_unknown (struct inos_health *health, struct inos_actor_row *rows, size_t count)
{
  uint64_t until = inos_clock (health->runtime) + ASK_ALL;
  struct inos_actor_health actor;

  for (size_t i = 0; i < count && inos_clock (health->runtime) < until; i++)
    if (rows[i].known == INOS_UNKNOWN &&
        inos_health_actor (health->runtime, rows[i].id, ASK_TIME, &actor)) {
      rows[i].known = actor.mailbox.known;
      rows[i].depth = actor.mailbox.total;
      rows[i].oldest = actor.mailbox.oldest;
    }
}

static size_t list_page (struct inos_health *health, struct inos_actor_row *rows, size_t room,
                         uint64_t *cursor)
{
  uint64_t index = *cursor;
  size_t count = 0;

  for (; index < health->room && count < room; index++) {
    inos_actor_id id = id_at (health, (uint32_t)index);
    if (id && fill (health, id, &rows[count]))
      count++;
  }
  while (index < health->room && !id_at (health, (uint32_t)index))
    index++;
  *cursor = index < health->room ? index : 0;
  return count;
}

/* Most mailboxes are empty, which is seen at a glance. */
static bool has_mail (struct inos_cell *cell)
{
  return atomic_load_explicit (&cell->head, memory_order_relaxed) ||
         atomic_load_explicit (&cell->lanes, memory_order_relaxed);
}

static uint64_t depth_of (struct inos_health *health, inos_actor_id id)
{
  struct inos_cell *cell = inos_health_cell (health->runtime, (uint32_t)id);
  struct inos_mailbox_health mailbox = {0};
  struct inos_actor_health actor;

  if (!has_mail (cell))
    return 0;
  inos_mailbox_see (health->runtime, cell, &mailbox);
  if (mailbox.known == INOS_UNKNOWN && inos_health_actor (health->runtime, id, ASK_TIME, &actor))
    return actor.mailbox.total;
  return mailbox.total;
}

static void find_busy (struct inos_health *health, struct best *best)
{
  GHashTableIter iter;
  gpointer pair;

  g_hash_table_iter_init (&iter, health->busy);
  while (g_hash_table_iter_next (&iter, NULL, &pair)) {
    inos_actor_id id = *(uint64_t *)pair;
    if ((uint32_t)id < health->room && id_at (health, (uint32_t)id) == id)
      offer (best, id, inos_health_busy (health, id));
  }
}

static void find (struct inos_health *health, enum inos_health_order order, struct best *best)
{
  if (order == INOS_BY_BUSY) {
    find_busy (health, best);
    return;
  }
  for (uint32_t i = 0; i < health->room; i++) {
    inos_actor_id id = id_at (health, i);
    if (id)
      offer (best, id, order == INOS_BY_RATE ? health->seen[i].delta : depth_of (health, id));
  }
}

static size_t list_best (struct inos_health *health, enum inos_health_order order,
                         struct inos_actor_row *rows, size_t room)
{
  g_autofree struct best *best = g_new0 (struct best, 1);
  size_t count = 0;

  best->room = room;
  find (health, order, best);
  qsort (best->at, best->count, sizeof best->at[0], compare);
  for (size_t i = 0; i < best->count; i++)
    if (fill (health, best->at[i].id, &rows[count]))
      count++;
  return count;
}

size_t inos_health_list (struct inos_health *health, enum inos_health_order order,
                         struct inos_actor_row *rows, size_t room, uint64_t *cursor)
{
  size_t count;

  room = MIN (room, INOS_HEALTH_ROWS);
  if (order == INOS_BY_PLACE)
    count = list_page (health, rows, room, cursor);
  else
    count = list_best (health, order, rows, room);
  if (order != INOS_BY_PLACE)
    *cursor = 0;
  ask_unknown (health, rows, count);
  return count;
}
