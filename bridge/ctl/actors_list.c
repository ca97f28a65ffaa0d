/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors tree and top. */
#include "actors.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define REPLY "(ttda(ttsssttddub))"

enum { PAGE = 128, PAGES = 64, DEEP = 64 };

struct row {
  guint64 id, parent, depth, handled;
  char *name, *behaviour, *state;
  double rate, share;
  guint32 restarts;
  gboolean supervisor;
  bool shown;    /* in the tree */
  bool in_cycle; /* with others that wait for each other; only top looks for that */
};

struct list {
  GArray *rows; /* struct row */
  guint64 total;
  double interval; /* s */
  bool looked;     /* for circles: what in_cycle says is known */
};

static void clear_row (void *data)
{
  struct row *row = data;

  g_free (row->name);
  g_free (row->behaviour);
  g_free (row->state);
}

static void list_init (struct list *list)
{
  *list = (struct list){.rows = g_array_new (FALSE, TRUE, sizeof (struct row))};
  g_array_set_clear_func (list->rows, clear_row);
}

static struct row *at (const struct list *list, guint i)
{
  return &g_array_index (list->rows, struct row, i);
}

/* Adds a page, and says where the next begins. */
static bool add_page (struct ctl *ctl, struct list *list, const char *order, guint limit,
                      guint64 *cursor, GError **error)
{
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "ListActors", g_variant_new ("(sut)", order, limit, *cursor), REPLY, error);
  g_autoptr (GVariantIter) rows = NULL;
  struct row row = {0};

  if (reply == NULL)
    return false;
  g_variant_get (reply, "(ttda(ttsssttddub))", cursor, &list->total, &list->interval, &rows);
  while (g_variant_iter_next (rows, "(ttsssttddub)", &row.id, &row.parent, &row.name,
                              &row.behaviour, &row.state, &row.depth, &row.handled, &row.rate,
                              &row.share, &row.restarts, &row.supervisor))
    g_array_append_val (list->rows, row);
  return true;
}

/* All of them, or as many as one can look at. */
static bool fetch_all (struct ctl *ctl, struct list *list, GError **error)
{
  guint64 cursor = 0;

  for (int page = 0; page < PAGES; page++) {
    if (!add_page (ctl, list, "place", PAGE, &cursor, error))
      return false;
    if (cursor == 0)
      break;
  }
  return true;
}

/* JSON */

static void json_row (JsonBuilder *json, const struct row *row)
{
  ctl_actors_json_id (json, "id", row->id);
  ctl_actors_json_id (json, "parent", row->parent);
  ctl_actors_json_text (json, "name", row->name);
  ctl_actors_json_text (json, "behaviour", row->behaviour);
  ctl_actors_json_text (json, "state", row->state);
  if (row->depth == G_MAXUINT64)
    json_add_null (json, "depth");
  else
    json_add_int (json, "depth", (gint64)row->depth);
  json_add_int (json, "handled", (gint64)row->handled);
  json_add_double (json, "rate", props_finite (row->rate));
  json_add_double (json, "share", props_finite (row->share));
  json_add_int (json, "restarts", row->restarts);
  json_add_bool (json, "supervisor", row->supervisor);
}

static void json_rows (JsonBuilder *json, const struct list *list, bool top)
{
  json_builder_begin_array (json);
  for (guint i = 0; i < list->rows->len; i++) {
    const struct row *row = at (list, i);
    json_builder_begin_object (json);
    json_row (json, row);
    if (top && list->looked)
      json_add_bool (json, "in_cycle", row->in_cycle);
    else if (top)
      json_add_null (json, "in_cycle");
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

/* Tables */

static void number (CtlTable *table, guint64 value)
{
  if (value == G_MAXUINT64)
    ctl_table_cell (table, CTL_DIM, "?");
  else
    ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, value);
}

static const char *label (const struct row *row)
{
  return *row->name != '\0' ? row->name : row->behaviour;
}

static enum ctl_paint paint_of (const struct row *row)
{
  if (row->in_cycle || strcmp (row->state, "stuck") == 0)
    return CTL_RED;
  if (strcmp (row->state, "blocked") == 0 || strcmp (row->state, "busy") == 0)
    return CTL_YELLOW;
  return CTL_PLAIN;
}

static int by_name (const void *a, const void *b)
{
  const struct row *x = a, *y = b;
  int order = strcmp (label (x), label (y));

  return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

struct tree {
  struct list list;
  CtlTable *table;
};

static void add_branch (struct tree *tree, guint place, const char *indent, bool last, int deep);

static void add_children (struct tree *tree, guint64 parent, const char *indent, int deep)
{
  guint left = 0;

  for (guint i = 0; i < tree->list.rows->len; i++)
    left += at (&tree->list, i)->parent == parent && !at (&tree->list, i)->shown ? 1 : 0;
  for (guint i = 0; i < tree->list.rows->len && left > 0; i++)
    if (at (&tree->list, i)->parent == parent && !at (&tree->list, i)->shown)
      add_branch (tree, i, indent, --left == 0, deep);
}

static void add_branch (struct tree *tree, guint place, const char *indent, bool last, int deep)
{
  struct row *row = at (&tree->list, place);
  g_autofree char *branch = deep > 0 ? ctl_text_branch (indent, last) : g_strdup ("");
  g_autofree char *below = deep > 0 ? ctl_text_below (indent, last) : g_strdup ("");

  row->shown = true;
  ctl_table_cellf (tree->table, row->supervisor ? CTL_BOLD : CTL_PLAIN, "%s%s", branch,
                   label (row));
  ctl_table_cellf (tree->table, CTL_DIM, "%" G_GUINT64_FORMAT, row->id);
  ctl_table_cell (tree->table, paint_of (row), row->state);
  number (tree->table, row->depth);
  number (tree->table, row->handled);
  ctl_table_cellf (tree->table, row->restarts > 0 ? CTL_YELLOW : CTL_PLAIN, "%u", row->restarts);
  if (deep < DEEP)
    add_children (tree, row->id, below, deep + 1);
}

static bool is_there (const struct list *list, guint64 id)
{
  for (guint i = 0; i < list->rows->len; i++)
    if (at (list, i)->id == id)
      return true;
  return false;
}

/* First those below nobody; then what is left, should the answer make no sense. */
static void add_trees (struct tree *tree)
{
  for (guint i = 0; i < tree->list.rows->len; i++)
    if (!is_there (&tree->list, at (&tree->list, i)->parent))
      add_branch (tree, i, "", true, 0);
  for (guint i = 0; i < tree->list.rows->len; i++)
    if (!at (&tree->list, i)->shown)
      add_branch (tree, i, "", true, 0);
}

static void print_tree (struct ctl *ctl, struct tree *tree)
{
  const struct ctl_column columns[] = {
    {_ ("ACTOR"), false, true}, {_ ("ID"), true, false},      {_ ("STATE"), false, false},
    {_ ("DEPTH"), true, false}, {_ ("HANDLED"), true, false}, {_ ("RESTARTS"), true, false},
  };
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;

  tree->table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  add_trees (tree);
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (tree->table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
  ctl_table_free (tree->table);
}

int ctl_actors_tree (struct ctl *ctl, const char *who)
{
  g_autoptr (GError) error = NULL;
  struct tree tree = {0};
  int status = CTL_OK;

  list_init (&tree.list);
  if (!fetch_all (ctl, &tree.list, &error)) {
    status = ctl_actors_fail (ctl, error, NULL, _ ("cannot list the actors"));
  } else if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_rows (json, &tree.list, false);
    json_print (json, false);
  } else {
    g_array_sort (tree.list.rows, by_name);
    print_tree (ctl, &tree);
  }
  g_array_unref (tree.list.rows);
  return status;
}

/* Top */

struct top {
  const char *order;
  int lines; /* of the frame that is on the terminal */
};

static int by_rate (const void *a, const void *b)
{
  const struct row *x = a, *y = b;

  return x->rate != y->rate ? (x->rate < y->rate) - (x->rate > y->rate) : by_name (a, b);
}

static int by_depth (const void *a, const void *b)
{
  const struct row *x = a, *y = b;

  return x->depth != y->depth ? (x->depth < y->depth) - (x->depth > y->depth) : by_name (a, b);
}

static int by_busy (const void *a, const void *b)
{
  const struct row *x = a, *y = b;

  return x->share != y->share ? (x->share < y->share) - (x->share > y->share) : by_name (a, b);
}

static const struct {
  const char *name;
  int (*compare) (const void *a, const void *b);
} orders[] = {{"rate", by_rate}, {"depth", by_depth}, {"busy", by_busy}};

static GCompareFunc order_of (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (orders); i++)
    if (strcmp (orders[i].name, name) == 0)
      return orders[i].compare;
  return NULL;
}

static char *top_text (struct ctl *ctl, const struct list *list)
{
  const struct ctl_column columns[] = {
    {_ ("ACTOR"), false, true},     {_ ("ID"), true, false},   {_ ("STATE"), false, false},
    {_ ("HANDLED/S"), true, false}, {_ ("BUSY"), true, false}, {_ ("DEPTH"), true, false},
    {_ ("BEHAVIOUR"), false, true},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GString *out = g_string_new (NULL);
  int width, height;

  for (guint i = 0; i < list->rows->len; i++) {
    const struct row *row = at (list, i);
    ctl_table_cell (table, CTL_PLAIN, label (row));
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, row->id);
    ctl_table_cellf (table, paint_of (row), "%s%s", row->state, row->in_cycle ? " (cycle)" : "");
    ctl_table_cellf (table, CTL_PLAIN, "%.1f", props_finite (row->rate));
    ctl_table_cellf (table, ctl_text_severity (props_finite (row->share)), "%.0f %%",
                     props_finite (row->share) * 100);
    number (table, row->depth);
    ctl_table_cell (table, CTL_DIM, row->behaviour);
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  return g_string_free (out, FALSE);
}

static void print_top (struct ctl *ctl, struct top *top, const struct list *list)
{
  g_autofree char *text = NULL;

  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_double (json, "interval", props_finite (list->interval));
    json_add_int (json, "total", (gint64)list->total);
    json_builder_set_member_name (json, "actors");
    json_rows (json, list, true);
    json_builder_end_object (json);
    json_print (json, ctl->watch);
    fflush (stdout);
    return;
  }
  text = top_text (ctl, list);
  if (ctl->watch && ctl->terminal)
    top->lines = ctl_text_draw_over (text, top->lines);
  else
    g_print ("%s%s", text, ctl->watch ? "\n" : "");
  fflush (stdout);
}

/* Where there are more than one looks at, the node sorts them. */
static bool fetch_top (struct ctl *ctl, struct list *list, const char *order, GError **error)
{
  guint64 cursor = 0;

  if (!add_page (ctl, list, "place", PAGE, &cursor, error))
    return false;
  if (cursor == 0)
    return true;
  cursor = 0;
  g_array_set_size (list->rows, 0);
  return add_page (ctl, list, order, PAGE, &cursor, error);
}

static void mark_cycles (struct ctl *ctl, struct list *list)
{
  g_autoptr (GVariant) cycles = ctl_actors_find_cycles (ctl);

  list->looked = cycles != NULL;
  for (guint i = 0; i < list->rows->len; i++) {
    g_autofree char *cycle = ctl_actors_cycle_of (cycles, at (list, i)->id);
    at (list, i)->in_cycle = cycle != NULL;
  }
}

static int show_top (struct ctl *ctl, void *data)
{
  struct top *top = data;
  g_autoptr (GError) error = NULL;
  struct list list;
  int status = CTL_OK;

  list_init (&list);
  if (fetch_top (ctl, &list, top->order, &error)) {
    mark_cycles (ctl, &list);
    g_array_sort (list.rows, order_of (top->order));
    print_top (ctl, top, &list);
  } else {
    status = ctl_actors_fail (ctl, error, NULL, _ ("cannot list the actors"));
  }
  g_array_unref (list.rows);
  return status;
}

/* The first look, from which rates are counted. */
static int begin_top (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  guint64 cursor = 0;
  struct list list;

  list_init (&list);
  bool good = add_page (ctl, &list, "place", 1, &cursor, &error);
  g_array_unref (list.rows);
  return good ? CTL_OK : ctl_actors_fail (ctl, error, NULL, _ ("cannot list the actors"));
}

int ctl_actors_top (struct ctl *ctl, const char *who)
{
  struct top top = {.order = ctl->sort != NULL ? ctl->sort : "rate"};
  int status;

  if (order_of (top.order) == NULL)
    return ctl_usage ("actors", _ ("--sort takes rate, depth or busy"));
  status = begin_top (ctl);
  if (status != CTL_OK)
    return status;
  if (ctl->watch)
    return ctl_actors_repeat (ctl, show_top, &top);
  g_usleep (G_USEC_PER_SEC);
  return show_top (ctl, &top);
}
