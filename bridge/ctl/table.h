/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligned columns. Every cell is made safe for a terminal as it enters, so a table cannot print a
 * hostile title. */
#pragma once

#include "text.h"

typedef struct ctl_table CtlTable; /* for g_autoptr */

struct ctl_column {
  const char *heading; /* already translated; NULL in a table without headings */
  bool right;          /* numbers */
  bool flexible;       /* shortened where the table is wider than the terminal */
};

struct ctl_table *ctl_table_new (const struct ctl_column *columns, size_t n_columns);
void ctl_table_free (struct ctl_table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

/* Fills the next cell; a row ends by itself when its last column is filled. */
void ctl_table_cell (struct ctl_table *table, enum ctl_paint paint, const char *text);
void ctl_table_cellf (struct ctl_table *table, enum ctl_paint paint, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Appends the table, each line after the indent; columns 0 means as wide as it is. */
void ctl_table_print (const struct ctl_table *table, GString *out, int indent, int columns,
                      bool color);
