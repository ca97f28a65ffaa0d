/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/logs.h"

#include "node/api/messages.h"
#include "node/machine/log_files.h"
#include "node/machine/log_journal.h"
#include "node/machine/log_line.h"

#include <string.h>
#include <systemd/sd-id128.h>

#define ID_DIGITS 32u

struct inos_logs {
  struct inos_log_journal *journal;
  struct inos_log_files *files;
};

struct inos_logs *inos_logs_new (const char *journal, const char *state)
{
  struct inos_logs *self = g_new0 (struct inos_logs, 1);

  self->journal = inos_log_journal_new (journal);
  self->files = inos_log_files_new (state);
  return self;
}

void inos_logs_forget (struct inos_logs *self)
{
  inos_log_journal_forget (self->journal);
  inos_log_files_forget (self->files);
}

void inos_logs_free (struct inos_logs *self)
{
  if (!self)
    return;
  inos_log_journal_free (self->journal);
  inos_log_files_free (self->files);
  g_free (self);
}

static const char *reach_name (enum inos_log_reach reach)
{
  static const char *const names[] = {
    [INOS_LOG_NONE] = "none",
    [INOS_LOG_REFUSED] = "refused",
    [INOS_LOG_OWN] = "own",
    [INOS_LOG_ALL] = "all",
  };

  return names[reach];
}

GVariant *inos_logs_describe (struct inos_logs *self)
{
  enum inos_log_reach reach = inos_log_journal_reach (self->journal);
  GVariantBuilder sources = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  g_variant_builder_add (&sources, "(ss)", "journal", reach_name (reach));
  g_variant_builder_add (&sources, "(ss)", "inos",
                         inos_log_files_are (self->files) ? "all" : "none");
  return g_variant_new ("(a(ss)@a(sx))", &sources,
                        reach >= INOS_LOG_OWN ? inos_log_journal_boots (self->journal)
                                              : g_variant_new ("a(sx)", NULL));
}

static bool refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD, sentence);
  return false;
}

/* Where nothing is said: the journal, where there is one. */
static bool choose (struct inos_logs *self, const char **source, GError **error)
{
  if (!**source)
    *source = inos_log_journal_reach (self->journal) >= INOS_LOG_OWN ? "journal" : "inos";
  return strcmp (*source, "journal") == 0 || strcmp (*source, "inos") == 0 ||
         refuse (error, "There are the logs \"journal\" and \"inos\".");
}

/* Whichever way this boot was named it is "this". */
static bool take_boot (const char **boot, GError **error)
{
  char present[SD_ID128_STRING_MAX];
  sd_id128_t id;

  if (!**boot || strcmp (*boot, "this") == 0)
    return true;
  if (strlen (*boot) != ID_DIGITS || strspn (*boot, "0123456789abcdef") != ID_DIGITS)
    return refuse (error, "A boot is \"this\" or 32 digits.");
  if (sd_id128_get_boot (&id) >= 0 && strcmp (*boot, sd_id128_to_string (id, present)) == 0)
    *boot = "this";
  return true;
}

/* Folded words; the rest is the parameters'. */
static bool take_query (GVariant *parameters, const char **source, struct inos_log_query *query,
                        GError **error)
{
  const char *search;
  gboolean newer;

  g_variant_get (parameters, "(&s&s&s&sux&sbu)", source, &search, &query->unit, &query->boot,
                 &query->priority, &query->since, &query->cursor, &newer, &query->limit);
  query->newer = newer;
  if (strlen (search) > INOS_LOG_SEARCH_MAX || strlen (query->unit) > INOS_LOG_UNIT_MAX ||
      strlen (query->cursor) > INOS_LOG_CURSOR_MAX)
    return refuse (error, "What is looked for is too long.");
  if (query->priority >= INOS_LOG_PRIORITIES)
    return refuse (error, "A priority is 0 (the worst) to 7.");
  if (query->since < 0)
    return refuse (error, "A time is not before 1970.");
  if (!take_boot (&query->boot, error))
    return false;
  query->limit = CLAMP (query->limit, 1, INOS_LOG_ROWS_MAX);
  query->until = g_get_monotonic_time() + INOS_LOG_PATIENCE;
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr (GStrvBuilder) some = g_strv_builder_new();
  for (char **word = words; *word; word++)
    if (**word)
      g_strv_builder_add (some, *word);
  query->words = g_strv_builder_end (some);
  return true;
}

GVariant *inos_logs_read (struct inos_logs *self, GVariant *parameters, GError **error)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_LOG_ROWS_TYPE));
  struct inos_log_answer answer = {.rows = &rows};
  struct inos_log_query query = {0};
  const char *source;
  GVariant *told = NULL;
  bool done = true;

  if (!take_query (parameters, &source, &query, error) || !choose (self, &source, error)) {
    g_strfreev (query.words);
    return NULL;
  }
  if (strcmp (source, "journal") == 0)
    done = inos_log_journal_read (self->journal, &query, &answer, error);
  else
    inos_log_files_read (self->files, &query, &answer);
  if (done)
    told = g_variant_new ("(sssb" INOS_LOG_ROWS_TYPE ")", source, answer.first ? answer.first : "",
                          answer.next ? answer.next : query.cursor, answer.more, &rows);
  g_free (answer.first);
  g_free (answer.next);
  g_strfreev (query.words);
  return told;
}

GVariant *inos_logs_inspect (struct inos_logs *self, GVariant *parameters, GError **error)
{
  const char *source, *cursor;
  GVariant *told;

  g_variant_get (parameters, "(&s&s)", &source, &cursor);
  if (!choose (self, &source, error))
    return NULL;
  if (strlen (cursor) > INOS_LOG_CURSOR_MAX) {
    refuse (error, "This is no place in a log.");
    return NULL;
  }
  told = strcmp (source, "journal") == 0 ? inos_log_journal_inspect (self->journal, cursor)
                                         : inos_log_files_inspect (self->files, cursor);
  if (!told)
    g_set_error_literal (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                         "This entry is in the log no more.");
  return told;
}
