/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh state…: what nodes share. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define STATES "a(sutuas)"
#define ENTRIES "a(ssayx)"

static const char *arg (const struct ctl *ctl, guint i)
{
  return ctl->arguments[i];
}

/* Which there are */

static void add_state (CtlTable *table, GVariant *row)
{
  g_autofree const char **members = NULL;
  guint entries, peers;
  guint64 bytes;
  const char *name;

  g_variant_get (row, "(&sutu^a&s)", &name, &entries, &bytes, &peers, &members);
  g_autofree char *size = ctl_text_bytes (bytes);
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cellf (table, CTL_PLAIN, "%u", entries);
  ctl_table_cell (table, CTL_PLAIN, size);
  ctl_table_cellf (table, CTL_PLAIN, "%u", peers);
  g_autofree char *joined = g_strjoinv (" ", (char **)members);
  ctl_table_cell (table, CTL_DIM, *joined ? joined : _ ("everybody"));
}

static int print_json (const char *key, GVariant *rows, const char *const *names)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_add_rows (json, key, rows, names);
  json_builder_end_object (json);
  json_print (json, false);
  return CTL_OK;
}

int ctl_mesh_states (struct ctl *ctl)
{
  static const char *const names[] = {"name", "entries", "bytes", "peers", "members", NULL};
  const struct ctl_column columns[] = {{_ ("STATE"), false, true},
                                       {_ ("ENTRIES"), true, false},
                                       {_ ("SIZE"), true, false},
                                       {_ ("PEERS"), true, false},
                                       {_ ("SHARED WITH"), false, true}};
  const struct ctl_mesh_list list = {"ListStates", "(" STATES ")",         "states", names,
                                     columns,      G_N_ELEMENTS (columns), add_state};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the shared states"), NULL);
}

/* What is in one */

static char *text_of (GVariant *content)
{
  gsize len;
  const char *start = g_variant_get_fixed_array (content, &len, 1);

  return g_utf8_make_valid (start ? start : "", (gssize)len);
}

/* A word of the node, as a person reads it. */
static const char *kind_text (const char *kind)
{
  if (strcmp (kind, "value") == 0)
    return _ ("value");
  if (strcmp (kind, "element") == 0)
    return _ ("set");
  return strcmp (kind, "counter") == 0 ? _ ("counter") : kind;
}

static void add_entry (CtlTable *table, GVariant *row)
{
  g_autoptr (GVariant) content = NULL;
  const char *kind, *name;
  gint64 written;

  g_variant_get (row, "(&s&s@ayx)", &kind, &name, &content, &written);
  g_autofree char *text = text_of (content);
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (written / 1000);
  g_autofree char *time = when ? g_date_time_format (when, "%x %X") : g_strdup ("–");
  ctl_table_cell (table, CTL_DIM, kind_text (kind));
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, CTL_PLAIN, text);
  ctl_table_cell (table, CTL_DIM, time);
}

/* With the content as a text. */
static GVariant *with_texts (GVariant *rows)
{
  GVariantBuilder out;
  GVariantIter iter;
  const char *kind, *name;
  GVariant *content;
  gint64 written;

  g_variant_builder_init (&out, G_VARIANT_TYPE ("a(sssx)"));
  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(&s&s@ayx)", &kind, &name, &content, &written)) {
    g_autofree char *text = text_of (content);
    g_variant_builder_add (&out, "(sssx)", kind, name, text, written);
    g_variant_unref (content);
  }
  return g_variant_ref_sink (g_variant_builder_end (&out));
}

int ctl_mesh_state (struct ctl *ctl)
{
  static const char *const names[] = {"kind", "name", "text", "written", NULL};
  const struct ctl_column columns[] = {{_ ("KIND"), false, false},
                                       {_ ("NAME"), false, true},
                                       {_ ("CONTENT"), false, true},
                                       {_ ("CHANGED"), false, false}};
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ReadState", g_variant_new ("(ss)", arg (ctl, 1), ""), "(b" ENTRIES ")",
                   _ ("cannot read the shared state"), &status);
  gboolean whole;

  if (reply == NULL)
    return status;
  g_variant_get_child (reply, 0, "b", &whole);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 1);
  if (!whole)
    ctl_complain (_ ("there is more in it than fits into one answer"));
  if (ctl->json) {
    g_autoptr (GVariant) texts = with_texts (rows);
    return print_json ("entries", texts, names);
  }
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_entry);
  g_print ("%s", text);
  return CTL_OK;
}

/* Changing it */

static int call (struct ctl *ctl, const char *method, GVariant *parameters, const char *what)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, method, parameters, "()", what, &status);

  return status;
}

/* A person waits for it: it is urgent. */
static int change (struct ctl *ctl, const char *how)
{
  const char *text = g_strv_length (ctl->arguments) > 3 ? arg (ctl, 3) : "";
  GVariant *data = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1);

  return call (ctl, "ChangeState",
               g_variant_new ("(sss@ayb)", arg (ctl, 1), how, arg (ctl, 2), data, TRUE),
               _ ("cannot change the shared state"));
}

int ctl_mesh_state_set (struct ctl *ctl)
{
  return change (ctl, "set");
}

int ctl_mesh_state_unset (struct ctl *ctl)
{
  return change (ctl, "unset");
}

int ctl_mesh_state_add (struct ctl *ctl)
{
  return change (ctl, "add");
}

int ctl_mesh_state_take (struct ctl *ctl)
{
  return change (ctl, "take");
}

int ctl_mesh_state_count (struct ctl *ctl)
{
  return change (ctl, "count");
}

int ctl_mesh_state_open (struct ctl *ctl)
{
  return call (ctl, "OpenState", g_variant_new ("(s)", arg (ctl, 1)), _ ("cannot share the state"));
}

int ctl_mesh_state_close (struct ctl *ctl)
{
  return call (ctl, "CloseState", g_variant_new ("(s)", arg (ctl, 1)),
               _ ("cannot forget the shared state"));
}

int ctl_mesh_state_share (struct ctl *ctl)
{
  bool all = strcmp (arg (ctl, 2), "all") == 0;
  g_auto (GStrv) peers = g_strsplit (all ? "" : arg (ctl, 2), ",", -1);

  return call (ctl, "ShareState", g_variant_new ("(s^as)", arg (ctl, 1), peers),
               _ ("cannot share the state"));
}
