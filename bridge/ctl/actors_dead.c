/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors dead-letters. */
#include "actors.h"

#include <glib/gi18n.h>

#define REPLY "(ta{st}a(tsttsxx))"

enum { LIMIT = 128 };

static void print_json (guint64 total, GVariant *counts, GVariant *letters)
{
  g_autoptr (JsonBuilder) json = json_builder_new();
  GVariantIter iter;
  const char *key, *reason, *type;
  guint64 number, sender, recipient;
  gint64 sent, died;

  json_builder_begin_object (json);
  json_add_int (json, "total", (gint64)total);
  json_builder_set_member_name (json, "counts");
  json_builder_begin_object (json);
  g_variant_iter_init (&iter, counts);
  while (g_variant_iter_next (&iter, "{&st}", &key, &number))
    json_add_int (json, key, (gint64)number);
  json_builder_end_object (json);
  json_builder_set_member_name (json, "letters");
  json_builder_begin_array (json);
  g_variant_iter_init (&iter, letters);
  while (g_variant_iter_next (&iter, "(t&stt&sxx)", &number, &reason, &sender, &recipient, &type,
                              &sent, &died)) {
    json_builder_begin_object (json);
    json_add_int (json, "number", (gint64)number);
    ctl_actors_json_text (json, "reason", reason);
    ctl_actors_json_id (json, "sender", sender);
    ctl_actors_json_id (json, "recipient", recipient);
    ctl_actors_json_text (json, "type", type);
    json_add_int (json, "sent", sent);
    json_add_int (json, "died", died);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

static void print_table (struct ctl *ctl, GVariant *letters)
{
  const struct ctl_column columns[] = {
    {_ ("NUMBER"), true, false},  {_ ("TIME"), false, false}, {_ ("REASON"), false, false},
    {_ ("MESSAGE"), false, true}, {_ ("FROM"), true, false},  {_ ("TO"), true, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  GVariantIter iter;
  const char *reason, *type;
  guint64 number, sender, recipient;
  gint64 died;
  int width, height;

  g_variant_iter_init (&iter, letters);
  while (g_variant_iter_next (&iter, "(t&stt&sxx)", &number, &reason, &sender, &recipient, &type,
                              NULL, &died)) {
    g_autofree char *clock = ctl_actors_clock (died);
    ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, number);
    ctl_table_cell (table, CTL_DIM, clock);
    ctl_table_cell (table, CTL_PLAIN, reason);
    ctl_table_cell (table, CTL_PLAIN, type);
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, sender);
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, recipient);
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

static int list (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "ListDeadLetters", g_variant_new ("(tu)", (guint64)0, LIMIT), REPLY, &error);
  g_autoptr (GVariant) counts = NULL, letters = NULL;
  guint64 total;

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, NULL, _ ("cannot list the dead letters"));
  g_variant_get (reply, "(t@a{st}@a(tsttsxx))", &total, &counts, &letters);
  if (ctl->json)
    print_json (total, counts, letters);
  else if (g_variant_n_children (letters) == 0)
    g_print (_ ("There are no dead letters.\n"));
  else
    print_table (ctl, letters);
  return CTL_OK;
}

static int resend (struct ctl *ctl, guint64 number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_actors_call (ctl, "ResendDeadLetter",
                     g_variant_new ("(ts)", number, ctl->to != NULL ? ctl->to : ""), "(s)", &error);
  const char *result;

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, NULL, _ ("cannot send the dead letter again"));
  g_variant_get (reply, "(&s)", &result);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_text (json, "result", result);
    json_builder_end_object (json);
    json_print (json, false);
  } else {
    g_autofree char *clean = ctl_text_clean (result);
    g_print ("%s\n", clean);
  }
  return g_str_equal (result, "accepted") || g_str_equal (result, "parked") ? CTL_OK : CTL_FAILED;
}

int ctl_actors_dead_letters (struct ctl *ctl, const char *who)
{
  guint64 number;

  if (ctl->resend == NULL && ctl->to != NULL)
    return ctl_usage ("actors", _ ("--to goes with --resend"));
  if (ctl->resend == NULL)
    return list (ctl);
  if (!g_ascii_string_to_unsigned (ctl->resend, 10, 1, G_MAXINT64, &number, NULL))
    return ctl_usage ("actors", _ ("--resend takes the number of a dead letter"));
  return resend (ctl, number);
}
