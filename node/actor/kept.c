/*
 * Requests that were handled and not answered: somebody waits for what their actor will say from
 * another message. Where it ends, or begins anew and so has forgotten them, they are told.
 *
 * A table of ids with open addressing. Only a request whose handler returned without an answer
 * comes here; one that is never answered stays until its actor ends, or its asker has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#define FIRST_SIZE 8  /* places; always a power of two, at most half of them full */
#define KEPT_MAX 8192 /* of one actor. Who asks while there are more waits for its time-out */

static uint32_t home_of (const struct inos_kept *kept, uint64_t id)
{
  return (uint32_t)((id >> 16) * 0x9e3779b97f4a7c15ull >> 32) & (kept->size - 1);
}

static uint32_t next_of (const struct inos_kept *kept, uint32_t place)
{
  return (place + 1) & (kept->size - 1);
}

/* There is room. */
static void put (struct inos_kept *kept, struct inos_request_id request)
{
  uint32_t place = home_of (kept, request.id);

  while (kept->at[place].id)
    place = next_of (kept, place);
  kept->at[place] = request;
  kept->count++;
}

/* Doubles the table, without those whose asker has gone. */
static bool grow (struct inos_runtime *runtime, struct inos_kept *kept)
{
  struct inos_kept larger = {.size = kept->size ? kept->size * 2 : FIRST_SIZE};

  larger.at = kept->size < 2 * KEPT_MAX ? g_try_new0 (struct inos_request_id, larger.size) : NULL;
  if (!larger.at)
    return false;
  for (uint32_t i = 0; i < kept->size; i++)
    if (kept->at[i].id && inos_cell_of (runtime, kept->at[i].sender))
      put (&larger, kept->at[i]);
  g_free (kept->at);
  *kept = larger;
  return true;
}

void inos_kept_add (struct inos_worker *worker, struct inos_cell *cell,
                    struct inos_request_id request)
{
  struct inos_extra *extra = inos_cell_extra (worker, cell);

  if (extra && (extra->kept.count < extra->kept.size / 2 || grow (worker->runtime, &extra->kept)))
    put (&extra->kept, request);
}

/* Closes the gap at @gap: what lies behind it and could not be found any more moves into it. */
static void close_gap (struct inos_kept *kept, uint32_t gap)
{
  for (uint32_t i = next_of (kept, gap); kept->at[i].id; i = next_of (kept, i)) {
    uint32_t home = home_of (kept, kept->at[i].id);
    if (((i - home) & (kept->size - 1)) < ((i - gap) & (kept->size - 1)))
      continue;
    kept->at[gap] = kept->at[i];
    gap = i;
  }
  kept->at[gap].id = 0;
}

void inos_kept_remove (struct inos_cell *cell, uint64_t id)
{
  struct inos_kept *kept = cell->extra ? &cell->extra->kept : NULL;

  if (!kept || kept->count == 0)
    return;
  uint32_t place = home_of (kept, id);
  while (kept->at[place].id && kept->at[place].id != id)
    place = next_of (kept, place);
  if (!kept->at[place].id)
    return;
  kept->count--;
  close_gap (kept, place);
}

void inos_kept_give_up (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_kept *kept = cell->extra ? &cell->extra->kept : NULL;

  if (!kept || !kept->at)
    return;
  for (uint32_t i = 0; i < kept->size; i++)
    if (kept->at[i].id)
      inos_reply_fail (worker, kept->at[i], inos_id_of (cell), INOS_REPLY_DEAD);
  g_free (kept->at);
  *kept = (struct inos_kept){0};
}
