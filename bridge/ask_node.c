/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/ask_node.h"

/* What only who may do more than look is answered. */
static const char *const deeds[] = {"EndPath",      "EndProcess",  "ResendDeadLetter",
                                    "RestartActor", "SetPriority", "StopActor",
                                    "TraceActor",   "TracePath",   NULL};

const char *inos_ask_node_method (const char *method)
{
  return g_strv_contains (deeds, method) ? "SteerNode" : "AskNode";
}

GVariant *inos_ask_node_pack (GVariant *tuple)
{
  GVariantBuilder members = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (gsize i = 0; i < g_variant_n_children (tuple); i++) {
    g_autoptr (GVariant) member = g_variant_get_child_value (tuple, i);
    g_variant_builder_add (&members, "v", member);
  }
  return g_variant_builder_end (&members);
}

GVariant *inos_ask_node_unpack (GVariant *members)
{
  GVariantBuilder tuple = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
  GVariantIter iter;
  GVariant *member;

  g_variant_iter_init (&iter, members);
  while (g_variant_iter_loop (&iter, "v", &member))
    g_variant_builder_add_value (&tuple, member);
  return g_variant_builder_end (&tuple);
}
