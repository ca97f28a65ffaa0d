/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/arena/census.h"

#include "node/arena/fill.h"

#define PAGE 256u /* rows that are listed at a time */

struct inos_census {
  struct inos_health *health;
  GArray *rows; /* struct inos_arena_actors */
  struct inos_actor_row page[PAGE];
};

struct inos_census *inos_census_new (struct inos_runtime *runtime)
{
  struct inos_census *census = g_new0 (struct inos_census, 1);

  census->health = inos_health_new (runtime);
  census->rows = g_array_new (FALSE, FALSE, sizeof (struct inos_arena_actors));
  return census;
}

void inos_census_free (struct inos_census *census)
{
  if (!census)
    return;
  inos_health_free (census->health);
  g_array_unref (census->rows);
  g_free (census);
}

const struct inos_arena_actors *inos_census_take (struct inos_census *census,
                                                  const struct inos_supervised *children,
                                                  uint32_t *count)
{
  uint64_t cursor = 0;

  inos_health_look (census->health);
  g_array_set_size (census->rows, 0);
  do {
    size_t shown = inos_health_list (census->health, INOS_BY_PLACE, census->page, PAGE, &cursor);
    for (size_t i = 0; i < shown; i++) {
      struct inos_arena_actors row;
      inos_fill_actor (&row, &census->page[i]);
      inos_supervised_apply (children, &row);
      g_array_append_val (census->rows, row);
    }
  } while (cursor != 0);
  *count = census->rows->len;
  return (const struct inos_arena_actors *)(void *)census->rows->data;
}
