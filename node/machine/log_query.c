/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/log_query.h"

#include <string.h>

/* How often the clock is looked at. */
#define CLOCK_EVERY 64u

bool inos_log_query_found (const struct inos_log_query *query, const struct inos_log_entry *entry)
{
  if (!query->words || !*query->words)
    return true;
  g_autofree char *all = g_strjoin ("\n", entry->message, entry->unit, entry->program, NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);
  for (char **word = query->words; *word; word++)
    if (!strstr (folded, *word))
      return false;
  return true;
}

static bool is_of (const char *unit, const char *name)
{
  size_t length = strlen (unit);

  return strcmp (name, unit) == 0 ||
         (strncmp (name, unit, length) == 0 && strcmp (name + length, ".service") == 0);
}

bool inos_log_query_has (const struct inos_log_query *query, const struct inos_log_entry *entry)
{
  if (entry->priority > query->priority || (query->since > 0 && entry->time < query->since))
    return false;
  if (*query->unit && !is_of (query->unit, entry->unit) && !is_of (query->unit, entry->program))
    return false;
  return inos_log_query_found (query, entry);
}

bool inos_log_answer_add (struct inos_log_answer *answer, const struct inos_log_query *query,
                          const struct inos_log_entry *entry)
{
  g_variant_builder_add (answer->rows, "(sxussusb)", entry->cursor, entry->time, entry->priority,
                         entry->unit, entry->program, entry->pid, entry->message, entry->cut);
  answer->count++;
  return answer->count < query->limit;
}

bool inos_log_answer_looks (struct inos_log_answer *answer, const struct inos_log_query *query,
                            const char *cursor)
{
  if (!answer->first)
    answer->first = g_strdup (cursor);
  g_free (answer->next);
  answer->next = g_strdup (cursor);
  answer->looked++;
  return answer->looked < INOS_LOG_LOOKS_MAX &&
         (answer->looked % CLOCK_EVERY != 0 || g_get_monotonic_time() < query->until);
}
