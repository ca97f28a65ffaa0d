/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors trace. An actor that nobody traces is traced for as long as we look; the trace of
 * somebody else is only read. */
#include "actors.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define REPLY "(ttua(ttttsxttss))"

enum { ROOM = 1024, LIMIT = 128 };

struct trace {
  const char *who; /* as it was asked for */
  char *id;        /* of the actor that had the name then */
  guint64 after;   /* the last number that was shown */
  bool ours;
};

static const char *const fields[] = {"number",  "id",     "cause", "sender",  "type",
                                     "handled", "waited", "took",  "outcome", "reason"};

static void json_message (JsonBuilder *json, GVariant *row)
{
  guint64 number, id, cause, sender, waited, took;
  const char *type, *outcome, *reason;
  gint64 handled;

  g_variant_get (row, "(tttt&sxtt&s&s)", &number, &id, &cause, &sender, &type, &handled, &waited,
                 &took, &outcome, &reason);
  json_builder_begin_object (json);
  json_add_int (json, fields[0], (gint64)number);
  ctl_actors_json_id (json, fields[1], id);
  ctl_actors_json_id (json, fields[2], cause);
  ctl_actors_json_id (json, fields[3], sender);
  ctl_actors_json_text (json, fields[4], type);
  json_add_int (json, fields[5], handled);
  json_add_int (json, fields[6], (gint64)waited);
  json_add_int (json, fields[7], (gint64)took);
  ctl_actors_json_text (json, fields[8], outcome);
  ctl_actors_json_text (json, fields[9], reason);
  json_builder_end_object (json);
}

static void print_json (GVariant *rows, bool follow)
{
  g_autoptr (JsonBuilder) all = json_builder_new();

  json_builder_begin_array (all);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    g_autoptr (JsonBuilder) one = json_builder_new();
    json_message (follow ? one : all, row);
    if (follow)
      json_print (one, true);
  }
  json_builder_end_array (all);
  if (!follow)
    json_print (all, false);
}

static void print_table (struct ctl *ctl, GVariant *rows, bool heading)
{
  const struct ctl_column columns[] = {
    {heading ? _ ("HANDLED") : NULL, false, false}, {heading ? _ ("MESSAGE") : NULL, false, true},
    {heading ? _ ("FROM") : NULL, true, false},     {heading ? _ ("WAITED") : NULL, true, false},
    {heading ? _ ("TOOK") : NULL, true, false},     {heading ? _ ("OUTCOME") : NULL, false, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  guint64 sender, waited, took;
  const char *type, *outcome, *reason;
  gint64 handled;
  int width, height;

  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_variant_get_child (rows, i, "(tttt&sxtt&s&s)", NULL, NULL, NULL, &sender, &type, &handled,
                         &waited, &took, &outcome, &reason);
    g_autofree char *clock = ctl_actors_clock (handled), *wait = ctl_text_time (waited),
                    *time = ctl_text_time (took);
    ctl_table_cell (table, CTL_DIM, clock);
    ctl_table_cell (table, CTL_PLAIN, type);
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, sender);
    ctl_table_cell (table, CTL_PLAIN, wait);
    ctl_table_cell (table, CTL_PLAIN, time);
    ctl_table_cellf (table, *reason != '\0' ? CTL_YELLOW : CTL_PLAIN, "%s%s%s", outcome,
                     *reason != '\0' ? ": " : "", reason);
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

/* (transfer full): what has come since the last time; NULL where it has been said what is wrong. */
static GVariant *read_more (struct ctl *ctl, struct trace *trace, guint32 *room, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "ReadTrace",
    g_variant_new ("(stu)", trace->id != NULL ? trace->id : trace->who, trace->after, LIMIT), REPLY,
    &error);
  GVariant *rows;
  guint64 id;
  gsize count;

  if (reply == NULL) {
    *status = ctl_actors_fail (ctl, error, trace->who, _ ("cannot trace the actor"));
    return NULL;
  }
  g_variant_get (reply, "(ttu@a(ttttsxttss))", &id, NULL, room, &rows);
  count = g_variant_n_children (rows);
  if (count > 0)
    g_variant_get_child (rows, count - 1, "(ttttsxttss)", &trace->after, NULL, NULL, NULL, NULL,
                         NULL, NULL, NULL, NULL, NULL);
  if (trace->id == NULL)
    trace->id = g_strdup_printf ("%" G_GUINT64_FORMAT, id);
  *status = CTL_OK;
  return rows;
}

static int show (struct ctl *ctl, void *data)
{
  guint32 room;
  int status;
  g_autoptr (GVariant) rows = read_more (ctl, data, &room, &status);

  if (rows == NULL)
    return status;
  if (ctl->json)
    print_json (rows, ctl->follow);
  else if (g_variant_n_children (rows) > 0)
    print_table (ctl, rows, !ctl->follow);
  else if (!ctl->follow)
    g_print (_ ("No message came.\n"));
  fflush (stdout);
  return CTL_OK;
}

static int set_room (struct ctl *ctl, struct trace *trace, guint32 room)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_actors_call (ctl, "TraceActor", g_variant_new ("(su)", trace->id, room), "(t)", &error);

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, trace->who, _ ("cannot trace the actor"));
  return CTL_OK;
}

/* Whether it is traced already is what the first look tells; what is older is not shown then where
 * one follows. */
static int begin (struct ctl *ctl, struct trace *trace)
{
  guint32 room = 0;
  int status;
  g_autoptr (GVariant) rows = read_more (ctl, trace, &room, &status);

  if (rows == NULL)
    return status;
  if (!ctl->follow)
    trace->after = 0;
  trace->ours = room == 0;
  return trace->ours ? set_room (ctl, trace, ROOM) : CTL_OK;
}

int ctl_actors_trace (struct ctl *ctl, const char *who)
{
  if (ctl->path)
    return ctl_actors_path (ctl, who);
  struct trace trace = {.who = who};
  int status = begin (ctl, &trace);

  if (status == CTL_OK && ctl->follow) {
    status = ctl_actors_repeat (ctl, show, &trace);
  } else if (status == CTL_OK) {
    if (trace.ours)
      g_usleep (G_USEC_PER_SEC);
    status = show (ctl, &trace);
  }
  if (trace.ours && trace.id != NULL && (status == CTL_OK || status == CTL_FAILED))
    set_room (ctl, &trace, 0);
  g_free (trace.id);
  return status;
}
