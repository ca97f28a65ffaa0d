/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/meter.h"

#include <glib.h>

struct inos_meter {
  GPtrArray *usages; /* struct inos_usage, in the order they came */
};

static void free_usage (gpointer data)
{
  struct inos_usage *usage = data;

  g_free (usage->protocol);
  g_free (usage);
}

struct inos_meter *inos_meter_new (void)
{
  struct inos_meter *meter = g_new0 (struct inos_meter, 1);

  meter->usages = g_ptr_array_new_with_free_func (free_usage);
  return meter;
}

void inos_meter_free (struct inos_meter *meter)
{
  if (!meter)
    return;
  g_ptr_array_unref (meter->usages);
  g_free (meter);
}

static struct inos_usage *find (struct inos_meter *meter, const char *protocol)
{
  for (guint i = 0; i < meter->usages->len; i++) {
    struct inos_usage *usage = meter->usages->pdata[i];
    if (g_str_equal (usage->protocol, protocol))
      return usage;
  }
  return NULL;
}

struct inos_usage *inos_meter_of (struct inos_meter *meter, const char *protocol)
{
  struct inos_usage *usage = find (meter, protocol);

  if (usage)
    return usage;
  if (meter->usages->len >= INOS_METER_PROTOCOLS_MAX && *protocol)
    return inos_meter_of (meter, "");
  usage = g_new0 (struct inos_usage, 1);
  usage->protocol = g_strdup (protocol);
  g_ptr_array_add (meter->usages, usage);
  return usage;
}

const struct inos_usage *inos_meter_at (const struct inos_meter *meter, unsigned index)
{
  return index < meter->usages->len ? meter->usages->pdata[index] : NULL;
}
