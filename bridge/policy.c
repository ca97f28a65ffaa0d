/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bridge/policy.h"

#include <glib.h>

/* Sorted by interface and method; a test holds it against the annotations in bridge/dbus. */
static const struct inos_policy table[] = {
  {"org.inos.Node1", "Refresh", "node.resources"},
  {"org.inos.Node1", "Subscribe", "node.resources"},
  {"org.inos.Node1", "Unsubscribe", "node.resources"},
};

const char *inos_policy_capability (const char *interface, const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    if (g_str_equal (table[i].interface, interface) && g_str_equal (table[i].method, method))
      return table[i].capability;
  }
  return NULL;
}

const struct inos_policy *inos_policy_table (size_t *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}
