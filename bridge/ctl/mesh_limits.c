/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh limit…: what the mesh may move and keep. */
#include "mesh.h"

#include <glib/gi18n.h>

static void add_limit (CtlTable *table, guint64 bytes, const char *format)
{
  g_autofree char *size = ctl_text_bytes (bytes);

  if (bytes > 0)
    ctl_table_cellf (table, CTL_PLAIN, format, size);
  else
    ctl_table_cell (table, CTL_DIM, "–");
}

static void add_row (CtlTable *table, GVariant *row)
{
  guint64 sent, received, memory;
  const char *whom;

  g_variant_get (row, "(&sttt)", &whom, &sent, &received, &memory);
  ctl_table_cell (table, CTL_PLAIN, whom);
  add_limit (table, sent, _ ("%s/s"));
  add_limit (table, received, _ ("%s/s"));
  add_limit (table, memory, "%s");
}

int ctl_mesh_limits (struct ctl *ctl)
{
  static const char *const names[] = {"whom", "send", "receive", "memory", NULL};
  const struct ctl_column columns[] = {{_ ("WHOM"), false, true},
                                       {_ ("SENDS"), true, false},
                                       {_ ("RECEIVES"), true, false},
                                       {_ ("KEEPS"), true, false}};
  const struct ctl_mesh_list list = {"ListLimits",           "(a(sttt))", "limits", names, columns,
                                     G_N_ELEMENTS (columns), add_row};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the limits"), NULL);
}

int ctl_mesh_limit (struct ctl *ctl)
{
  guint64 kib[3];
  int status;

  for (unsigned i = 0; i < G_N_ELEMENTS (kib); i++)
    if (!g_ascii_string_to_unsigned (ctl->arguments[i + 2], 10, 0, G_MAXUINT32, &kib[i], NULL))
      return ctl_usage ("mesh", _ ("a limit is a number of KiB; 0: there is none"));
  g_autoptr (GVariant) reply = ctl_mesh_call (
    ctl, "SetLimit",
    g_variant_new ("(sttt)", ctl->arguments[1], kib[0] * 1024, kib[1] * 1024, kib[2] * 1024), "()",
    _ ("cannot set the limit"), &status);
  return status;
}

int ctl_mesh_save (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "SetSaving", g_variant_new ("(ss)", ctl->arguments[1], ctl->arguments[2]),
                   "()", _ ("cannot set whether the mesh saves"), &status);

  return status;
}
