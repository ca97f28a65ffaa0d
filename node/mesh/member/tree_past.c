/*
 * Claims that were here of late and have made room for others: a mark of each, so that what goes
 * round in a large mesh, where there is more of it than a tree remembers, is not news again and
 * again. Only of late: what is said again much later, to correct somebody, goes round once more.
 *
 * Sets of four marks, as in a cache; a mark is a part of the claim's id, and the time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <string.h>

#define TICK (4 * SECOND) /* in which times are counted, as far as TICKS */
#define TICKS 256u
#define LATELY 8u /* ticks: longer than anything takes to reach everybody */

static uint32_t *set_of (const struct inos_members *m, uint64_t id)
{
  return m->tree.past +
         (id * UINT64_C (0x9e3779b97f4a7c15) >> 56) % TREE_PAST_SETS * TREE_PAST_WAYS;
}

static uint32_t part_of (uint64_t id)
{
  return (uint32_t)(id >> 32) & ~(TICKS - 1);
}

static uint32_t tick_of (uint64_t time)
{
  return (uint32_t)(time / TICK) & (TICKS - 1);
}

static bool is_late (uint32_t mark, uint32_t now)
{
  return ((now - mark) & (TICKS - 1)) > LATELY;
}

bool inos_members_past_has (const struct inos_members *m, uint64_t id)
{
  const uint32_t *set = m->tree.past ? set_of (m, id) : NULL;
  uint32_t now = tick_of (now_of (m));

  for (unsigned i = 0; set && i < TREE_PAST_WAYS; i++)
    if ((set[i] & ~(TICKS - 1)) == part_of (id) && !is_late (set[i], now))
      return true;
  return false;
}

void inos_members_past_fetch (const struct inos_members *m, uint64_t id)
{
  if (m->tree.past)
    __builtin_prefetch (set_of (m, id));
}

void inos_members_past_put (struct inos_members *m, uint64_t id, uint64_t at)
{
  uint32_t now = tick_of (now_of (m)), mark = part_of (id) | tick_of (at);

  if (is_late (mark, now) || now_of (m) - at >= TICKS * TICK)
    return;
  if (!m->tree.past)
    m->tree.past = g_malloc0 (INOS_MEMBERS_PAST_SIZE);
  uint32_t *set = set_of (m, id);
  memmove (set + 1, set, (TREE_PAST_WAYS - 1) * sizeof *set);
  set[0] = mark;
}
