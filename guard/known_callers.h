/*
 * Who has called: what was found of a connection holds for as long as its name, unless it was found
 * in passing (see struct inos_caller), in which case it is looked for again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "guard/caller_process.h"

#include <stdbool.h>

#define INOS_KNOWN_CALLERS_MAX 1024 /* names; then it is begun anew */

/** inos_known_callers_new: unique name → struct inos_caller; freed with g_hash_table_unref(). */
static inline GHashTable *inos_known_callers_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/** inos_known_callers_keep: nothing, where it was found in passing. */
static inline void inos_known_callers_keep (GHashTable *known, const char *sender,
                                            const struct inos_caller *caller)
{
  if (caller->passing)
    return;
  if (g_hash_table_size (known) >= INOS_KNOWN_CALLERS_MAX)
    g_hash_table_remove_all (known);
  g_hash_table_insert (known, g_strdup (sender), g_memdup2 (caller, sizeof *caller));
}

/**
 * inos_known_callers_recall:
 * @caller: (out): where it is known
 *
 * Returns: whether it is known.
 */
static inline bool inos_known_callers_recall (GHashTable *known, const char *sender,
                                              struct inos_caller *caller)
{
  const struct inos_caller *found = g_hash_table_lookup (known, sender);

  if (found)
    *caller = *found;
  return found != NULL;
}
