/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <stdarg.h>

enum { GAP = 2, MIN_FLEXIBLE = 8 };

struct cell {
  char *text;
  enum ctl_paint paint;
};

struct ctl_table {
  struct ctl_column *columns;
  size_t n_columns;
  GArray *cells; /* struct cell, row after row */
};

static void cell_clear (void *data)
{
  g_free (((struct cell *)data)->text);
}

struct ctl_table *ctl_table_new (const struct ctl_column *columns, size_t n_columns)
{
  struct ctl_table *table = g_new0 (struct ctl_table, 1);

  table->columns = g_memdup2 (columns, n_columns * sizeof *columns);
  table->n_columns = n_columns;
  table->cells = g_array_new (FALSE, FALSE, sizeof (struct cell));
  g_array_set_clear_func (table->cells, cell_clear);
  if (columns[0].heading != NULL) {
    for (size_t i = 0; i < n_columns; i++)
      ctl_table_cell (table, CTL_DIM, columns[i].heading);
  }
  return table;
}

void ctl_table_free (struct ctl_table *table)
{
  if (table == NULL)
    return;
  g_array_unref (table->cells);
  g_free (table->columns);
  g_free (table);
}

void ctl_table_cell (struct ctl_table *table, enum ctl_paint paint, const char *text)
{
  struct cell cell = {.text = ctl_text_clean (text), .paint = paint};
  g_array_append_val (table->cells, cell);
}

void ctl_table_cellf (struct ctl_table *table, enum ctl_paint paint, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  ctl_table_cell (table, paint, text);
}

/* How wide each column is; the flexible ones give way where the sum is more than there is room for.
 */
static int *column_widths (const struct ctl_table *table, int room)
{
  int *widths = g_new0 (int, table->n_columns);
  int total = 0;

  for (guint i = 0; i < table->cells->len; i++) {
    int width = ctl_text_width (g_array_index (table->cells, struct cell, i).text);
    widths[i % table->n_columns] = MAX (widths[i % table->n_columns], width);
  }
  for (size_t i = 0; i < table->n_columns; i++)
    total += widths[i] + (i > 0 ? GAP : 0);
  for (size_t i = 0; i < table->n_columns && room > 0 && total > room; i++) {
    if (!table->columns[i].flexible || widths[i] <= MIN_FLEXIBLE)
      continue;
    int narrower = MAX (MIN_FLEXIBLE, widths[i] - (total - room));
    total -= widths[i] - narrower;
    widths[i] = narrower;
  }
  return widths;
}

static void print_cell (GString *out, const struct cell *cell, int width, bool right, bool last,
                        bool color)
{
  g_autofree char *text = ctl_text_fit (cell->text, width);
  int padding = width - ctl_text_width (text);

  if (right)
    g_string_append_printf (out, "%*s", padding, "");
  ctl_text_paint (out, cell->paint, text, color);
  if (!right && !last)
    g_string_append_printf (out, "%*s", padding, "");
}

void ctl_table_print (const struct ctl_table *table, GString *out, int indent, int columns,
                      bool color)
{
  g_autofree int *widths = column_widths (table, columns > indent ? columns - indent : 0);
  size_t n = table->n_columns;

  for (guint row = 0; (row + 1) * n <= table->cells->len; row++) {
    g_string_append_printf (out, "%*s", indent, "");
    for (size_t i = 0; i < n; i++) {
      const struct cell *cell = &g_array_index (table->cells, struct cell, row * n + i);
      if (i > 0)
        g_string_append_printf (out, "%*s", GAP, "");
      print_cell (out, cell, widths[i], table->columns[i].right, i + 1 == n, color);
    }
    g_string_append_c (out, '\n');
  }
}
