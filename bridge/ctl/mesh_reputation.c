/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh reputation: what is to be expected of peers, and why. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS "a(suuuuuua{su})"
enum { KNOWN = 2000 }; /* thousandths of outcomes after which a number says something */

/* In words. Of whom next to nothing is known, nothing is said. */
static const char *in_words (guint expected, guint outcomes, guint said)
{
  if (outcomes < KNOWN && said == 0)
    return _ ("unknown");
  if (expected >= 800)
    return _ ("good");
  if (expected >= 600)
    return _ ("rather good");
  if (expected > 400)
    return _ ("neutral");
  return expected > 200 ? _ ("rather bad") : _ ("bad");
}

static const struct {
  const char *name, *text;
} reasons[] = {
  {"answered", N_ ("answered")},     {"late", N_ ("answered too late")},
  {"silent", N_ ("did not answer")}, {"reached", N_ ("reached")},
  {"unreached", N_ ("not reached")}, {"ended", N_ ("ended in order")},
  {"lost", N_ ("broke off")},        {"served", N_ ("service there")},
  {"unserved", N_ ("no service")},   {"gossip", N_ ("bad messages")},
  {"rules", N_ ("broke rules")},
};

static const char *reason_text (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (reasons[i].name, name) == 0)
      return _ (reasons[i].text);
  return name;
}

/* Returns: (transfer full): "answered 3.0, broke off 0.2". */
static char *why_text (GVariant *why)
{
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *name;
  guint amount;

  g_variant_iter_init (&iter, why);
  while (g_variant_iter_next (&iter, "{&su}", &name, &amount))
    g_string_append_printf (text, "%s%s %u.%u", text->len > 0 ? ", " : "", reason_text (name),
                            amount / 1000, amount / 100 % 10);
  return g_string_free (text, FALSE);
}

static void add_number (CtlTable *table, bool known, guint per_mille)
{
  g_autofree char *text = g_strdup_printf ("%u %%", (per_mille + 5) / 10);

  ctl_table_cell (table, known ? CTL_PLAIN : CTL_DIM, known ? text : "–");
}

static void add_row (CtlTable *table, GVariant *row)
{
  g_autoptr (GVariant) why = NULL;
  guint expected, own, outcomes, median, said, silent;
  const char *id;

  g_variant_get (row, "(&suuuuuu@a{su})", &id, &expected, &own, &outcomes, &median, &said, &silent,
                 &why);
  g_autofree char *reason = why_text (why);
  g_autofree char *count = g_strdup_printf ("%u.%u", outcomes / 1000, outcomes / 100 % 10);
  g_autofree char *voices = g_strdup_printf ("%u", said);
  ctl_table_cell (table, CTL_PLAIN, id);
  ctl_table_cell (table, CTL_PLAIN, in_words (expected, outcomes, said));
  add_number (table, true, expected);
  add_number (table, outcomes > 0, own);
  ctl_table_cell (table, outcomes > 0 ? CTL_PLAIN : CTL_DIM, count);
  add_number (table, said > 0, median);
  ctl_table_cell (table, said > 0 ? CTL_PLAIN : CTL_DIM, voices);
  ctl_table_cell (table, CTL_DIM, reason);
}

static int show (struct ctl *ctl, const char *whom)
{
  static const char *const names[] = {"id",   "expected", "own", "outcomes", "median",
                                      "said", "silent",   "why", NULL};
  const struct ctl_column columns[] = {
    {_ ("PEER"), false, true}, {_ ("REPUTATION"), false, false}, {_ ("IN ALL"), true, false},
    {_ ("OWN"), true, false},  {_ ("SEEN"), true, false},        {_ ("MEMBERS"), true, false},
    {_ ("SAID"), true, false}, {_ ("WHY"), false, true},
  };
  const struct ctl_mesh_list list = {"ListReputations", "(" ROWS ")",           "peers", names,
                                     columns,           G_N_ELEMENTS (columns), add_row};

  return ctl_mesh_list (ctl, &list, g_variant_new ("(s)", whom), _ ("cannot ask the mesh"), NULL);
}

int ctl_mesh_reputation (struct ctl *ctl)
{
  const char *first = ctl->arguments != NULL ? ctl->arguments[1] : NULL;
  int status;

  if (first == NULL || ctl->arguments[2] == NULL)
    return show (ctl, first != NULL ? first : "");
  if (strcmp (first, "forget") != 0)
    return ctl_usage ("mesh", _ ("'reputation' takes a peer, or 'forget' and a peer"));
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ForgetReputation", g_variant_new ("(s)", ctl->arguments[2]), "()",
                   _ ("cannot forget what was seen of it"), &status);
  return status;
}
