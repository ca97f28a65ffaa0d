/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl logs: what programs, the system and Inos wrote. */
#include "bus.h"
#include "mesh.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define MACHINE "org.inos.Node1.Machine"
#define ROWS "a(sxussusb)"
#define PAGE 200u
#define LINES_SHOWN 200
#define LINES_FOLLOWED 10
#define LINES_MOST 100000
#define PRIORITIES 8u

static const char *const priorities[PRIORITIES] = {"emerg",   "alert",  "crit", "err",
                                                   "warning", "notice", "info", "debug"};

struct query {
  const char *source, *unit, *boot, *search;
  guint priority;
  gint64 since;
  char *cursor; /* from where it is read on */
  guint lines;  /* yet to be shown; 0: as many as there are */
};

static GVariant *call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type,
                       int *status)
{
  const char *what = _ ("cannot read the log");
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call_long (ctl, CTL_NODE, ctl_service_path (CTL_NODE),
                                                  MACHINE, method, parameters, &error);

  if (reply != NULL)
    return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
  *status = ctl_bus_is_missing (error) ? CTL_NO_OBJECT : CTL_FAILED;
  int said = ctl_bus_fail (ctl, CTL_NODE, error, what);
  if (said == CTL_NO_SERVICE)
    *status = said;
  return NULL;
}

/* What the command line says */

static bool take_priority (const char *word, guint *priority)
{
  guint64 number;

  for (guint i = 0; i < PRIORITIES; i++)
    if (strcmp (word, priorities[i]) == 0) {
      *priority = i;
      return true;
    }
  if (!g_ascii_string_to_unsigned (word, 10, 0, PRIORITIES - 1, &number, NULL))
    return false;
  *priority = (guint)number;
  return true;
}

/* "30s", "10min", "2h", "7d": so long ago. */
static bool take_ago (const char *word, gint64 *since)
{
  static const struct {
    const char *unit;
    gint64 seconds;
  } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
  char *unit;
  guint64 count = g_ascii_strtoull (word, &unit, 10);

  if (!g_ascii_isdigit (*word) || count > 1000000)
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (unit, units[i].unit) == 0) {
      *since = MAX (g_get_real_time() - (gint64)count * units[i].seconds * G_USEC_PER_SEC, 0);
      return true;
    }
  return false;
}

/* Also "today", "2026-01-31", "2026-01-31 12:00". */
static bool take_since (const char *word, gint64 *since)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local();
  g_autoptr (GDateTime) now = g_date_time_new_now (zone);
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");

  if (take_ago (word, since))
    return true;
  g_autofree char *day = g_strdup (strcmp (word, "today") == 0 ? today : word);
  g_autofree char *text = g_strconcat (day,
                                       strlen (day) == 10   ? "T00:00:00"
                                       : strlen (day) == 16 ? ":00"
                                                            : "",
                                       NULL);
  if (strlen (text) > 10 && text[10] == ' ')
    text[10] = 'T';
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);
  if (time == NULL || g_date_time_to_unix (time) < 0)
    return false;
  *since = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  return true;
}

static const char *or_all (const char *word)
{
  return word != NULL ? word : "";
}

/* NULL where all is well. */
static const char *take_query (const struct ctl *ctl, struct query *query)
{
  const struct ctl_log_options *given = &ctl->log;

  *query = (struct query){.source = or_all (given->source),
                          .unit = or_all (given->unit),
                          .boot = or_all (given->boot),
                          .search = or_all (given->grep),
                          .priority = PRIORITIES - 1,
                          .lines = (guint)given->lines};
  if (given->priority != NULL && !take_priority (given->priority, &query->priority))
    return _ ("a priority is emerg, alert, crit, err, warning, notice, info or debug, or 0 to 7");
  if (given->since != NULL && !take_since (given->since, &query->since))
    return _ ("a time is '10min', '2h', '3d', 'today', '2026-01-31' or '2026-01-31 12:00'");
  if (given->lines < 0 || given->lines > LINES_MOST)
    return _ ("--lines takes 1 to 100000");
  if (given->lines == 0 && query->since == 0)
    query->lines = ctl->follow ? LINES_FOLLOWED : LINES_SHOWN;
  return NULL;
}

/* Entries */

static char *when (gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return moment != NULL ? g_date_time_format (moment, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");
}

static enum ctl_paint paint_of (guint priority)
{
  return priority <= 3 ? CTL_RED : priority == 4 ? CTL_YELLOW : priority == 7 ? CTL_DIM : CTL_PLAIN;
}

static void print_text (const struct ctl *ctl, GVariant *row)
{
  const char *unit, *program, *message;
  guint priority, pid;
  gboolean cut;
  gint64 time;

  g_variant_get (row, "(&sxu&s&su&sb)", NULL, &time, &priority, &unit, &program, &pid, &message,
                 &cut);
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);
  g_autofree char *moment = when (time), *who = ctl_text_clean (*program != '\0' ? program : unit);
  g_autoptr (GString) out = g_string_new (NULL);
  ctl_text_paint (out, CTL_DIM, moment, ctl->color);
  g_string_append_printf (out, " %s", who);
  if (pid > 0)
    g_string_append_printf (out, "[%u]", pid);
  g_string_append (out, ": ");
  for (char **line = lines; *line != NULL; line++) {
    g_autofree char *clean = ctl_text_clean (*line);
    if (line != lines)
      g_string_append (out, "\n    ");
    ctl_text_paint (out, paint_of (priority), clean, ctl->color);
  }
  g_print ("%s%s\n", out->str, cut ? " …" : "");
}

/* One object a line. */
static void print_json (GVariant *row, const char *source)
{
  const char *cursor, *unit, *program, *message;
  guint priority, pid;
  gboolean cut;
  gint64 time;
  g_autoptr (JsonBuilder) json = json_builder_new();

  g_variant_get (row, "(&sxu&s&su&sb)", &cursor, &time, &priority, &unit, &program, &pid, &message,
                 &cut);
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "time");
  json_builder_add_int_value (json, time);
  json_builder_set_member_name (json, "priority");
  json_builder_add_int_value (json, priority);
  ctl_actors_json_text (json, "unit", unit);
  ctl_actors_json_text (json, "program", program);
  json_builder_set_member_name (json, "pid");
  json_builder_add_int_value (json, pid);
  ctl_actors_json_text (json, "message", message);
  json_builder_set_member_name (json, "cut");
  json_builder_add_boolean_value (json, cut);
  ctl_actors_json_text (json, "source", source);
  ctl_actors_json_text (json, "cursor", cursor);
  json_builder_end_object (json);
  g_autoptr (JsonNode) node = json_builder_get_root (json);
  g_autofree char *text = json_to_string (node, FALSE), *safe = ctl_text_escape_json (text);
  g_print ("%s\n", safe);
}

static void print_row (const struct ctl *ctl, GVariant *row, const char *source)
{
  if (ctl->json)
    print_json (row, source);
  else
    print_text (ctl, row);
}

struct page {
  GVariant *reply;
  const char *source, *first, *last; /* of the reply */
  gboolean more;
  GVariant *rows;
};

static void page_clear (struct page *page)
{
  g_clear_pointer (&page->rows, g_variant_unref);
  g_clear_pointer (&page->reply, g_variant_unref);
}

static bool read_page (struct ctl *ctl, const struct query *query, const char *cursor, bool newer,
                       struct page *page, int *status)
{
  *page = (struct page){
    .reply = call (ctl, "ReadLog",
                   g_variant_new ("(ssssuxsbu)", query->source, query->search, query->unit,
                                  query->boot, query->priority, query->since, cursor, newer, PAGE),
                   "(sssb" ROWS ")", status)};
  if (page->reply == NULL)
    return false;
  g_variant_get (page->reply, "(&s&s&sb@" ROWS ")", &page->source, &page->first, &page->last,
                 &page->more, &page->rows);
  return true;
}

/* The last ones, the oldest of them first. */
static int show_last (struct ctl *ctl, struct query *query)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_autofree char *at = g_strdup (""), *source = NULL;
  gboolean more = TRUE;
  int status = CTL_OK;

  while (more && rows->len < query->lines) {
    struct page page;
    if (!read_page (ctl, query, at, false, &page, &status))
      return status;
    for (gsize i = 0; i < g_variant_n_children (page.rows) && rows->len < query->lines; i++)
      g_ptr_array_add (rows, g_variant_get_child_value (page.rows, i));
    if (query->cursor == NULL)
      query->cursor = g_strdup (page.first);
    more = page.more && strcmp (at, page.last) != 0;
    g_free (at);
    at = g_strdup (page.last);
    g_free (source);
    source = g_strdup (page.source);
    page_clear (&page);
  }
  for (guint i = rows->len; i > 0; i--)
    print_row (ctl, g_ptr_array_index (rows, i - 1), source);
  return CTL_OK;
}

/* What comes after the cursor, or since then. */
static int show_more (struct ctl *ctl, void *data)
{
  struct query *query = data;
  gboolean more = TRUE;
  int status = CTL_OK;

  while (more) {
    struct page page;
    if (!read_page (ctl, query, or_all (query->cursor), true, &page, &status))
      return status;
    for (gsize i = 0; i < g_variant_n_children (page.rows); i++) {
      g_autoptr (GVariant) row = g_variant_get_child_value (page.rows, i);
      print_row (ctl, row, page.source);
    }
    more = page.more;
    g_free (query->cursor);
    query->cursor = g_strdup (page.last);
    page_clear (&page);
  }
  fflush (stdout);
  return CTL_OK;
}

static int list (struct ctl *ctl)
{
  struct query query;
  const char *wrong = take_query (ctl, &query);

  if (wrong != NULL)
    return ctl_usage ("logs", wrong);
  int status = query.lines > 0 ? show_last (ctl, &query) : show_more (ctl, &query);
  fflush (stdout);
  if (status == CTL_OK && ctl->follow)
    status = ctl_actors_repeat (ctl, show_more, &query);
  g_free (query.cursor);
  return status;
}

/* One entry */

static int inspect (struct ctl *ctl, const char *cursor)
{
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "InspectLog", g_variant_new ("(ss)", or_all (ctl->log.source), cursor), "(xa(ss))",
          &status);
  const char *name, *value;

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) fields = g_variant_get_child_value (reply, 1);
  if (ctl->json) {
    ctl_mesh_print_json (fields);
    return CTL_OK;
  }
  const struct ctl_column columns[] = {{NULL, false, false}, {NULL, false, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < g_variant_n_children (fields); i++) {
    g_variant_get_child (fields, i, "(&s&s)", &name, &value);
    ctl_table_cell (table, CTL_DIM, name);
    ctl_table_cell (table, CTL_PLAIN, value);
  }
  ctl_table_print (table, text, 0, 0, ctl->color);
  g_print ("%s", text->str);
  return CTL_OK;
}

/* What there is */

static const char *reach_text (const char *reach)
{
  if (strcmp (reach, "all") == 0)
    return _ ("all of it");
  if (strcmp (reach, "own") == 0)
    return _ ("what is yours; who is in the group systemd-journal reads all");
  if (strcmp (reach, "refused") == 0)
    return _ ("nothing; who is in the group systemd-journal reads it");
  return _ ("there is none");
}

static int sources (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply = call (ctl, "DescribeLogs", NULL, "(a(ss)a(sx))", &status);
  const char *name, *reach;
  gint64 time;

  if (reply == NULL)
    return status;
  if (ctl->json) {
    ctl_mesh_print_json (reply);
    return CTL_OK;
  }
  g_autoptr (GVariant) all = g_variant_get_child_value (reply, 0);
  g_autoptr (GVariant) boots = g_variant_get_child_value (reply, 1);
  const struct ctl_column columns[] = {{_ ("LOG"), false, false}, {_ ("YOU READ"), false, false}};
  const struct ctl_column more[] = {{_ ("BOOT"), false, false}, {_ ("SINCE"), false, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (CtlTable) starts = ctl_table_new (more, G_N_ELEMENTS (more));
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < g_variant_n_children (all); i++) {
    g_variant_get_child (all, i, "(&s&s)", &name, &reach);
    ctl_table_cell (table, CTL_BOLD, name);
    ctl_table_cell (table, CTL_PLAIN, reach_text (reach));
  }
  for (gsize i = 0; i < g_variant_n_children (boots); i++) {
    g_variant_get_child (boots, i, "(&sx)", &name, &time);
    g_autofree char *moment = time > 0 ? when (time) : g_strdup ("-");
    ctl_table_cell (starts, CTL_PLAIN, name);
    ctl_table_cell (starts, CTL_DIM, moment);
  }
  ctl_table_print (table, text, 0, 0, ctl->color);
  if (g_variant_n_children (boots) > 0) {
    g_string_append_c (text, '\n');
    ctl_table_print (starts, text, 0, 0, ctl->color);
  }
  g_print ("%s", text->str);
  return CTL_OK;
}

void ctl_logs_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-23s  %s\n", "list", _ ("the last entries, or all since --since"));
  g_print ("  %-23s  %s\n", "inspect CURSOR", _ ("all fields of one, whose cursor --json says"));
  g_print ("  %-23s  %s\n", "sources",
           _ ("which logs there are, how far you may read them, and boots"));
}

void ctl_logs_options_help (void)
{
  g_print ("  --follow       %s\n", _ ("go on with what is written until Ctrl-C"));
  g_print ("  --unit U       %s\n", _ ("of this unit, program or part of Inos alone"));
  g_print ("  --priority P   %s\n", _ ("this bad or worse: err, warning, notice … or 0 to 7"));
  g_print ("  --since T      %s\n", _ ("not before: '10min', '2h', 'today', '2026-01-31 12:00'"));
  g_print ("  --boot ID      %s\n", _ ("of this boot, as 'sources' says, or 'this'"));
  g_print ("  --grep TEXT    %s\n", _ ("with all these words"));
  g_print ("  --lines N      %s\n", _ ("the last N, else 200, or all with --since"));
  g_print ("  --source LOG   %s\n", _ ("journal, or inos: the files of Inos' parts"));
}

int ctl_cmd_logs (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";

  if (given <= 1 && strcmp (word, "list") == 0)
    return list (ctl);
  if (given == 2 && strcmp (word, "inspect") == 0)
    return inspect (ctl, ctl->arguments[1]);
  if (given == 1 && strcmp (word, "sources") == 0)
    return sources (ctl);
  return ctl_usage ("logs", _ ("there are list, inspect CURSOR and sources"));
}
