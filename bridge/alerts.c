/*
 * The alerts that hold.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/alerts.h"

#include <stdbool.h>

static bool holds (GVariant *alerts, const char *name)
{
  GVariantIter iter;
  const char *other;

  g_variant_iter_init (&iter, alerts);
  while (g_variant_iter_next (&iter, "(&sdd&s)", &other, NULL, NULL, NULL))
    if (g_strcmp0 (name, other) == 0)
      return true;
  return false;
}

void inos_alerts_replace (InosNode1 *node, GVariant *alerts)
{
  g_autoptr (GVariant) old = g_variant_ref (inos_node1_get_alerts (node));
  GVariantIter iter;
  const char *name, *message;
  double value, threshold;

  inos_node1_set_alerts (node, alerts);
  g_variant_iter_init (&iter, old);
  while (g_variant_iter_next (&iter, "(&sdd&s)", &name, NULL, NULL, NULL))
    if (!holds (alerts, name))
      inos_node1_emit_alert_cleared (node, name);
  g_variant_iter_init (&iter, alerts);
  while (g_variant_iter_next (&iter, "(&sdd&s)", &name, &value, &threshold, &message))
    if (!holds (old, name))
      inos_node1_emit_alert_raised (node, name, value, threshold, message);
}

void inos_alerts_apply (InosNode1 *node, GVariant *event)
{
  g_autoptr (GVariant) alerts = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name, *message, *other;
  gboolean raised;
  double value, threshold;

  g_variant_get (event, "(&sbdd&s)", &name, &raised, &value, &threshold, &message);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sdds)"));
  g_variant_iter_init (&iter, inos_node1_get_alerts (node));
  for (GVariant *row; (row = g_variant_iter_next_value (&iter)) != NULL; g_variant_unref (row)) {
    g_variant_get (row, "(&sdd&s)", &other, NULL, NULL, NULL);
    if (g_strcmp0 (other, name) != 0)
      g_variant_builder_add_value (&builder, row);
  }
  if (raised)
    g_variant_builder_add (&builder, "(sdds)", name, value, threshold, message);
  alerts = g_variant_ref_sink (g_variant_builder_end (&builder));
  inos_alerts_replace (node, alerts);
}
