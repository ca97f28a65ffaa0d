/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors trace --path: the next message that an actor handles, and what comes of it. */
#include "actors.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define REPLY "(bua(ttttssxttss))"
#define ROW "(tttt&s&sxtt&s&s)"

enum { STEPS = 1024, PAGE = 128, DEEP = 64 };

struct step {
  guint64 id, cause, sender, recipient, waited, took;
  const char *name, *type, *outcome, *reason; /* in `row` */
  gint64 handled;
  GVariant *row;
  bool shown;
};

struct path {
  const char *who;
  guint64 number;
  GArray *steps;     /* struct step */
  GHashTable *shown; /* ids, where one follows */
  bool going_on, headed;
};

static void clear_step (void *data)
{
  g_variant_unref (((struct step *)data)->row);
}

static struct step *at (const struct path *path, guint i)
{
  return &g_array_index (path->steps, struct step, i);
}

/* Asking */

static bool add_page (struct ctl *ctl, struct path *path, guint32 *total, GError **error)
{
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "ReadPath",
    g_variant_new ("(tuu)", path->number, (guint32)path->steps->len, (guint32)PAGE), REPLY, error);
  g_autoptr (GVariant) rows = NULL;
  gboolean going_on;

  if (reply == NULL)
    return false;
  g_variant_get (reply, "(bu@a(ttttssxttss))", &going_on, total, &rows);
  path->going_on = going_on;
  if (g_variant_n_children (rows) == 0)
    *total = 0; /* that was the last page, whatever it says */
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    struct step s = {.row = g_variant_get_child_value (rows, i)};
    g_variant_get (s.row, ROW, &s.id, &s.cause, &s.sender, &s.recipient, &s.name, &s.type,
                   &s.handled, &s.waited, &s.took, &s.outcome, &s.reason);
    g_array_append_val (path->steps, s);
  }
  return true;
}

/* All of it, for it does not only grow at its end. */
static int read_all (struct ctl *ctl, struct path *path)
{
  g_autoptr (GError) error = NULL;
  guint32 total;

  g_array_set_size (path->steps, 0);
  do
    if (!add_page (ctl, path, &total, &error))
      return ctl_actors_fail (ctl, error, NULL, _ ("cannot trace the path"));
  while (path->steps->len < MIN (total, STEPS));
  return CTL_OK;
}

static int begin (struct ctl *ctl, struct path *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "TracePath", g_variant_new ("(su)", path->who, (guint32)STEPS), "(tt)", &error);

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, path->who, _ ("cannot trace the path"));
  g_variant_get (reply, "(tt)", NULL, &path->number);
  return CTL_OK;
}

/* Where it cannot be ended, somebody has begun another, or there is no node any more. */
static void end (struct ctl *ctl, const struct path *path)
{
  g_autoptr (GVariant) reply =
    ctl_actors_call (ctl, "EndPath", g_variant_new ("(t)", path->number), "()", NULL);
}

/* Showing */

static void json_step (JsonBuilder *json, const struct step *step)
{
  json_builder_begin_object (json);
  ctl_actors_json_id (json, "id", step->id);
  ctl_actors_json_id (json, "cause", step->cause);
  ctl_actors_json_id (json, "sender", step->sender);
  ctl_actors_json_id (json, "recipient", step->recipient);
  ctl_actors_json_text (json, "name", step->name);
  ctl_actors_json_text (json, "type", step->type);
  json_add_int (json, "handled", step->handled);
  json_add_int (json, "waited", (gint64)step->waited);
  json_add_int (json, "took", (gint64)step->took);
  ctl_actors_json_text (json, "outcome", step->outcome);
  ctl_actors_json_text (json, "reason", step->reason);
  json_builder_end_object (json);
}

static void print_json (const struct path *path)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_array (json);
  for (guint i = 0; i < path->steps->len; i++)
    json_step (json, at (path, i));
  json_builder_end_array (json);
  json_print (json, false);
}

static CtlTable *table_new (bool heading)
{
  const struct ctl_column columns[] = {
    {heading ? _ ("MESSAGE") : NULL, false, true},  {heading ? _ ("TO") : NULL, false, true},
    {heading ? _ ("HANDLED") : NULL, false, false}, {heading ? _ ("WAITED") : NULL, true, false},
    {heading ? _ ("TOOK") : NULL, true, false},     {heading ? _ ("OUTCOME") : NULL, false, false},
  };

  return ctl_table_new (columns, G_N_ELEMENTS (columns));
}

static void print_table (struct ctl *ctl, const CtlTable *table)
{
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;

  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

static void add_row (CtlTable *table, const struct step *step, const char *branch)
{
  g_autofree char *clock = ctl_actors_clock (step->handled), *wait = ctl_text_time (step->waited),
                  *time = ctl_text_time (step->took);
  enum ctl_paint paint = *step->reason != '\0' ? CTL_YELLOW : CTL_PLAIN;

  ctl_table_cellf (table, CTL_PLAIN, "%s%s", branch,
                   *step->type != '\0' ? step->type : _ ("(no answer)"));
  if (*step->name != '\0')
    ctl_table_cell (table, CTL_PLAIN, step->name);
  else
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, step->recipient);
  ctl_table_cell (table, CTL_DIM, clock);
  ctl_table_cell (table, CTL_PLAIN, wait);
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cellf (table, paint, "%s%s%s", step->outcome, *step->reason != '\0' ? ": " : "",
                   step->reason);
}

/* As a tree, each below what caused it. */

static void add_branch (struct path *path, CtlTable *table, struct step *step, const char *indent,
                        bool last, int deep);

static void add_effects (struct path *path, CtlTable *table, guint64 cause, const char *indent,
                         int deep)
{
  guint left = 0;

  for (guint i = 0; i < path->steps->len; i++)
    left += at (path, i)->cause == cause && !at (path, i)->shown ? 1 : 0;
  for (guint i = 0; i < path->steps->len && left > 0; i++)
    if (at (path, i)->cause == cause && !at (path, i)->shown)
      add_branch (path, table, at (path, i), indent, --left == 0, deep);
}

static void add_branch (struct path *path, CtlTable *table, struct step *step, const char *indent,
                        bool last, int deep)
{
  g_autofree char *branch = deep > 0 ? ctl_text_branch (indent, last) : g_strdup ("");
  g_autofree char *below = deep > 0 ? ctl_text_below (indent, last) : g_strdup ("");

  step->shown = true;
  add_row (table, step, branch);
  if (deep < DEEP)
    add_effects (path, table, step->id, below, deep + 1);
}

static bool is_there (const struct path *path, guint64 id)
{
  for (guint i = 0; i < path->steps->len; i++)
    if (at (path, i)->id == id)
      return true;
  return false;
}

/* First what nothing here has caused; then what is left, should the answer make no sense. */
static void print_tree (struct ctl *ctl, struct path *path)
{
  g_autoptr (CtlTable) table = table_new (true);

  for (guint i = 0; i < path->steps->len; i++)
    if (!is_there (path, at (path, i)->cause) && !at (path, i)->shown)
      add_branch (path, table, at (path, i), "", true, 0);
  for (guint i = 0; i < path->steps->len; i++)
    if (!at (path, i)->shown)
      add_branch (path, table, at (path, i), "", true, 0);
  print_table (ctl, table);
}

/* What has not been shown yet. */
static void print_more (struct ctl *ctl, struct path *path)
{
  g_autoptr (CtlTable) table = table_new (!path->headed);
  bool any = false;

  for (guint i = 0; i < path->steps->len; i++) {
    const struct step *step = at (path, i);
    if (!g_hash_table_add (path->shown, g_memdup2 (&step->id, sizeof step->id)))
      continue;
    if (ctl->json) {
      g_autoptr (JsonBuilder) json = json_builder_new();
      json_step (json, step);
      json_print (json, true);
    } else {
      add_row (table, step, "");
    }
    any = true;
  }
  if (any && !ctl->json)
    print_table (ctl, table);
  path->headed |= any;
}

static int show_more (struct ctl *ctl, void *data)
{
  struct path *path = data;
  int status = read_all (ctl, path);

  if (status != CTL_OK)
    return status;
  print_more (ctl, path);
  fflush (stdout);
  return path->going_on ? CTL_OK : CTL_ENDED;
}

static int show_once (struct ctl *ctl, struct path *path)
{
  g_usleep (G_USEC_PER_SEC);
  end (ctl, path);
  int status = read_all (ctl, path);
  if (status != CTL_OK)
    return status;
  if (ctl->json)
    print_json (path);
  else if (path->steps->len > 0)
    print_tree (ctl, path);
  else
    g_print (_ ("No message came.\n"));
  return CTL_OK;
}

int ctl_actors_path (struct ctl *ctl, const char *who)
{
  struct path path = {.who = who};
  int status = begin (ctl, &path);

  if (status != CTL_OK)
    return status;
  path.steps = g_array_new (FALSE, FALSE, sizeof (struct step));
  g_array_set_clear_func (path.steps, clear_step);
  path.shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (ctl->follow) {
    status = ctl_actors_repeat (ctl, show_more, &path);
    end (ctl, &path);
  } else {
    status = show_once (ctl, &path);
  }
  g_array_unref (path.steps);
  g_hash_table_unref (path.shown);
  return status == CTL_ENDED ? CTL_OK : status;
}
