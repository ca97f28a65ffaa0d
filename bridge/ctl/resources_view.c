/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resources_view.h"
#include "table.h"

#include <glib/gi18n.h>

enum { BAR = 20 };

struct view {
  GVariant *props;
  GString *out;
  int columns;
  bool color;
};

static void heading (struct view *view, const char *text)
{
  g_string_append_c (view->out, '\n');
  ctl_text_paint (view->out, CTL_BOLD, text, view->color);
  g_string_append_c (view->out, '\n');
}

static double ratio (guint64 part, guint64 whole)
{
  return whole > 0 ? (double)MIN (part, whole) / (double)whole : 0.0;
}

static void add_gauge (CtlTable *table, const char *label, double fraction, const char *figures)
{
  g_autofree char *bar = ctl_text_bar (fraction, BAR);

  ctl_table_cell (table, CTL_BOLD, label);
  ctl_table_cell (table, ctl_text_severity (fraction), bar);
  ctl_table_cellf (table, CTL_PLAIN, "%.1f %%", fraction * 100);
  ctl_table_cell (table, CTL_PLAIN, figures);
}

static void add_amount (CtlTable *table, const char *label, guint64 used, guint64 total)
{
  g_autofree char *part = ctl_text_bytes (used);
  g_autofree char *whole = ctl_text_bytes (total);
  g_autofree char *figures = g_strdup_printf (_ ("%s of %s"), part, whole);

  add_gauge (table, label, ratio (used, total), figures);
}

static void print_gauges (struct view *view)
{
  static const struct ctl_column columns[] = {
    {NULL, false, false}, {NULL, false, false}, {NULL, true, false}, {NULL, false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  guint64 total = props_uint64 (view->props, "MemoryTotal");
  guint64 available = props_uint64 (view->props, "MemoryAvailable");
  guint64 swap = props_uint64 (view->props, "SwapTotal");
  guint64 swap_free = props_uint64 (view->props, "SwapFree");
  g_autoptr (GVariant) cores = props_value (view->props, "CpuCores", "ad");
  double load[3] = {0};

  g_variant_lookup (view->props, "LoadAverage", "(ddd)", &load[0], &load[1], &load[2]);
  g_autofree char *figures = g_strdup_printf (_ ("load %.2f %.2f %.2f"), load[0], load[1], load[2]);
  add_gauge (table, _ ("Processor"), props_double (view->props, "CpuUsage") / 100, figures);
  for (gsize i = 0; i < g_variant_n_children (cores); i++) {
    g_autofree char *label = g_strdup_printf (_ ("  core %u"), (unsigned)i);
    double core;
    g_variant_get_child (cores, i, "d", &core);
    add_gauge (table, label, props_finite (core) / 100, "");
  }
  add_amount (table, _ ("Memory"), total - MIN (available, total), total);
  if (swap > 0)
    add_amount (table, _ ("Swap"), swap - MIN (swap_free, swap), swap);
  ctl_table_print (table, view->out, 0, view->columns, view->color);
}

static void print_pressure (struct view *view, GVariant *rows)
{
  const struct ctl_column columns[] = {{_ ("PRESSURE"), false, false},
                                       {_ ("10 S"), true, false},
                                       {_ ("60 S"), true, false},
                                       {_ ("300 S"), true, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GVariantIter iter;
  const char *name;
  double averages[3];

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&sddd)", &name, &averages[0], &averages[1], &averages[2])) {
    ctl_table_cell (table, CTL_PLAIN, name);
    for (size_t i = 0; i < G_N_ELEMENTS (averages); i++)
      ctl_table_cellf (table, CTL_PLAIN, "%.2f %%", averages[i]);
  }
  g_string_append_c (view->out, '\n');
  ctl_table_print (table, view->out, 0, view->columns, view->color);
}

static void print_disks (struct view *view, GVariant *rows)
{
  const struct ctl_column columns[] = {{_ ("DISK"), false, true},  {_ ("KIND"), false, false},
                                       {"", false, false},         {_ ("USED"), true, false},
                                       {_ ("TOTAL"), true, false}, {_ ("AVAILABLE"), true, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GVariantIter iter;
  const char *mount, *kind;
  guint64 total, used, available;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&s&sttt)", &mount, &kind, &total, &used, &available)) {
    const guint64 sizes[] = {used, total, available};
    g_autofree char *bar = ctl_text_bar (ratio (used, total), BAR / 2);
    ctl_table_cell (table, CTL_PLAIN, mount);
    ctl_table_cell (table, CTL_PLAIN, kind);
    ctl_table_cell (table, ctl_text_severity (ratio (used, total)), bar);
    for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
      g_autofree char *text = ctl_text_bytes (sizes[i]);
      ctl_table_cell (table, CTL_PLAIN, text);
    }
  }
  g_string_append_c (view->out, '\n');
  ctl_table_print (table, view->out, 0, view->columns, view->color);
}

static void print_interfaces (struct view *view, GVariant *rows)
{
  const struct ctl_column columns[] = {{_ ("NETWORK"), false, true},  {_ ("LINK"), false, false},
                                       {_ ("RECEIVED"), true, false}, {_ ("SENT"), true, false},
                                       {_ ("IN/S"), true, false},     {_ ("OUT/S"), true, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GVariantIter iter;
  const char *name;
  gboolean up;
  guint64 figures[4];

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&sbtttt)", &name, &up, &figures[0], &figures[1], &figures[2],
                              &figures[3])) {
    ctl_table_cell (table, CTL_PLAIN, name);
    ctl_table_cell (table, up ? CTL_GREEN : CTL_DIM, up ? _ ("up") : _ ("down"));
    for (size_t i = 0; i < G_N_ELEMENTS (figures); i++) {
      g_autofree char *text = ctl_text_bytes (figures[i]);
      ctl_table_cell (table, CTL_PLAIN, text);
    }
  }
  g_string_append_c (view->out, '\n');
  ctl_table_print (table, view->out, 0, view->columns, view->color);
}

static void print_temperatures (struct view *view, GVariant *rows)
{
  const struct ctl_column columns[] = {{_ ("TEMPERATURE"), false, true}, {"", true, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GVariantIter iter;
  const char *label;
  double celsius;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&sd)", &label, &celsius)) {
    ctl_table_cell (table, CTL_PLAIN, label);
    ctl_table_cellf (table, CTL_PLAIN, "%.1f °C", celsius);
  }
  g_string_append_c (view->out, '\n');
  ctl_table_print (table, view->out, 0, view->columns, view->color);
}

static void print_alerts (struct view *view, GVariant *rows)
{
  static const struct ctl_column columns[] = {{NULL, false, true}, {NULL, false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  GVariantIter iter;
  const char *name, *message;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&sdd&s)", &name, NULL, NULL, &message)) {
    ctl_table_cell (table, CTL_RED, name);
    ctl_table_cell (table, CTL_PLAIN, message);
  }
  heading (view, _ ("Alerts"));
  ctl_table_print (table, view->out, 2, view->columns, view->color);
}

static void print_battery (struct view *view)
{
  gboolean present = FALSE, charging = FALSE;
  double percent = 0;
  gint64 left = -1;

  g_variant_lookup (view->props, "Battery", "(bdbx)", &present, &percent, &charging, &left);
  if (!present)
    return;
  heading (view, _ ("Battery"));
  g_string_append_printf (view->out, "  %.0f %%, %s", props_finite (percent),
                          charging ? _ ("charging") : _ ("not charging"));
  if (left >= 0) {
    g_autofree char *time = ctl_text_duration ((guint64)left);
    g_string_append_printf (view->out, _ (", %s left"), time);
  }
  g_string_append_c (view->out, '\n');
}

/* The sections that are lists; an empty one is left out. */
static const struct {
  const char *property, *type;
  void (*print) (struct view *view, GVariant *rows);
} lists[] = {
  {"Pressure", "a(sddd)", print_pressure},       {"Disks", "a(ssttt)", print_disks},
  {"Interfaces", "a(sbtttt)", print_interfaces}, {"Temperatures", "a(sd)", print_temperatures},
  {"Alerts", "a(sdds)", print_alerts},
};

char *ctl_resources_text (GVariant *props, int columns, bool color)
{
  struct view view = {props, g_string_new (NULL), columns, color};

  if (!props_bool (props, "Connected")) {
    ctl_text_paint (view.out, CTL_RED,
                    _ ("The node is not connected; these are the last known figures."), color);
    g_string_append_c (view.out, '\n');
  }
  print_gauges (&view);
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GVariant) rows = props_value (props, lists[i].property, lists[i].type);
    if (g_variant_n_children (rows) > 0)
      lists[i].print (&view, rows);
  }
  print_battery (&view);
  return g_string_free (view.out, FALSE);
}
