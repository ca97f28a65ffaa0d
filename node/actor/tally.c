/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/tally.h"

static gpointer key_of (inos_actor_id who)
{
  return (gpointer)(uintptr_t)who;
}

void inos_tally_add (GHashTable **tally, inos_actor_id who)
{
  if (!*tally)
    *tally = g_hash_table_new (NULL, NULL);
  gsize times = GPOINTER_TO_SIZE (g_hash_table_lookup (*tally, key_of (who)));
  g_hash_table_insert (*tally, key_of (who), GSIZE_TO_POINTER (times + 1));
}

bool inos_tally_take (GHashTable *tally, inos_actor_id who)
{
  gsize times = tally ? GPOINTER_TO_SIZE (g_hash_table_lookup (tally, key_of (who))) : 0;

  if (times > 1)
    g_hash_table_insert (tally, key_of (who), GSIZE_TO_POINTER (times - 1));
  else if (times == 1)
    g_hash_table_remove (tally, key_of (who));
  return times > 0;
}

uint32_t inos_tally_count (GHashTable *tally)
{
  GHashTableIter iter;
  gpointer times;
  gsize count = 0;

  if (!tally)
    return 0;
  g_hash_table_iter_init (&iter, tally);
  while (g_hash_table_iter_next (&iter, NULL, &times))
    count += GPOINTER_TO_SIZE (times);
  return (uint32_t)count;
}

void inos_tally_empty (GHashTable **tally, void (*each) (void *data, inos_actor_id who), void *data)
{
  GHashTable *last = g_steal_pointer (tally);
  GHashTableIter iter;
  gpointer who, times;

  if (!last)
    return;
  g_hash_table_iter_init (&iter, last);
  while (g_hash_table_iter_next (&iter, &who, &times))
    for (gsize i = 0; i < GPOINTER_TO_SIZE (times); i++)
      each (data, (inos_actor_id)(uintptr_t)who);
  g_hash_table_unref (last);
}
