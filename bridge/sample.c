/*
 * From the node's resources to properties.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/sample.h"

#include <math.h>

/* Where each figure is in INOS_RESOURCES_TYPE. */
enum {
  AT_TIME,
  AT_CPU,
  AT_CORES,
  AT_LOAD,
  AT_MEMORY_TOTAL,
  AT_MEMORY_AVAILABLE,
  AT_SWAP_TOTAL,
  AT_SWAP_FREE,
  AT_PRESSURE,
  AT_DISKS,
  AT_INTERFACES,
  AT_TEMPERATURES,
  AT_BATTERY,
};

#define MIB ((guint64)1 << 20)

static double round_to (double value, double steps)
{
  return isfinite (value) ? round (value * steps) / steps : 0.0;
}

/* The value with every double in it rounded, whatever it is made of. */
static GVariant *rounded (GVariant *value, double steps)
{
  const GVariantType *type = g_variant_get_type (value);
  GVariantBuilder builder;

  if (g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE))
    return g_variant_new_double (round_to (g_variant_get_double (value), steps));
  if (!g_variant_is_container (value))
    return g_variant_ref (value);
  g_variant_builder_init (&builder, type);
  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
    g_autoptr (GVariant) result = g_variant_take_ref (rounded (child, steps));
    g_variant_builder_add_value (&builder, result);
  }
  return g_variant_builder_end (&builder);
}

/* The properties, each with its place, its name and how finely it is told (0: as it is). */
static const struct {
  gsize at;
  const char *property;
  double steps;
} figures[] = {
  {AT_CORES, "cpu-cores", 10},      {AT_LOAD, "load-average", 100},
  {AT_PRESSURE, "pressure", 100},   {AT_DISKS, "disks", 0},
  {AT_INTERFACES, "interfaces", 0}, {AT_TEMPERATURES, "temperatures", 10},
  {AT_BATTERY, "battery", 10},
};

/* Each returns whether the property changed. */
static bool set_variant (InosNode1 *node, const char *property, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_take_ref (value);
  g_autoptr (GVariant) old = NULL;

  g_object_get (node, property, &old, NULL);
  if (old != NULL && g_variant_equal (old, owned))
    return false;
  g_object_set (node, property, owned, NULL);
  return true;
}

static bool set_bytes (InosNode1 *node, const char *property, GVariant *resources, gsize at,
                       guint64 step)
{
  guint64 old, value;

  g_variant_get_child (resources, at, "t", &value);
  value -= value % step;
  g_object_get (node, property, &old, NULL);
  if (old == value)
    return false;
  g_object_set (node, property, value, NULL);
  return true;
}

static bool set_cpu (InosNode1 *node, GVariant *resources)
{
  double value;

  g_variant_get_child (resources, AT_CPU, "d", &value);
  value = round_to (value, 10);
  if (value == inos_node1_get_cpu_usage (node))
    return false;
  inos_node1_set_cpu_usage (node, value);
  return true;
}

void inos_sample_apply (InosNode1 *node, GVariant *resources, bool heartbeat)
{
  bool changed = set_cpu (node, resources);
  gint64 time;

  for (size_t i = 0; i < G_N_ELEMENTS (figures); i++) {
    g_autoptr (GVariant) value = g_variant_get_child_value (resources, figures[i].at);
    changed |= set_variant (node, figures[i].property,
                            figures[i].steps > 0 ? rounded (value, figures[i].steps)
                                                 : g_variant_ref (value));
  }
  changed |= set_bytes (node, "memory-total", resources, AT_MEMORY_TOTAL, 1);
  changed |= set_bytes (node, "memory-available", resources, AT_MEMORY_AVAILABLE, MIB);
  changed |= set_bytes (node, "swap-total", resources, AT_SWAP_TOTAL, 1);
  changed |= set_bytes (node, "swap-free", resources, AT_SWAP_FREE, MIB);
  g_variant_get_child (resources, AT_TIME, "x", &time);
  if (changed || heartbeat)
    inos_node1_set_sampled_at (node, time);
}
