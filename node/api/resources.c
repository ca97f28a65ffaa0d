/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"
#include "node/api/resources.h"

/* Mount points and labels are bytes; a GVariant's text is UTF-8. */
static GVariant *text (const char *bytes)
{
  return g_variant_new_take_string (g_utf8_make_valid (bytes, -1));
}

static GVariant *pressures (const struct inos_sample *s)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sddd)"));

  for (uint32_t i = 0; i < s->pressures; i++) {
    const struct inos_pressure *p = &s->pressure[i];
    g_variant_builder_add (&rows, "(sddd)", p->name, p->avg10, p->avg60, p->avg300);
  }
  return g_variant_builder_end (&rows);
}

static GVariant *disks (const struct inos_sample *s)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ssttt)"));

  for (uint32_t i = 0; i < s->disks; i++) {
    const struct inos_disk *d = &s->disk[i];
    g_variant_builder_add (&rows, "(@s@sttt)", text (d->mount), text (d->type), d->total, d->used,
                           d->available);
  }
  return g_variant_builder_end (&rows);
}

static GVariant *interfaces (const struct inos_sample *s)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sbtttt)"));

  for (uint32_t i = 0; i < s->interfaces; i++) {
    const struct inos_interface *n = &s->interface[i];
    g_variant_builder_add (&rows, "(@sbtttt)", text (n->name), n->up, n->rx, n->tx, n->rx_rate,
                           n->tx_rate);
  }
  return g_variant_builder_end (&rows);
}

static GVariant *temperatures (const struct inos_sample *s)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sd)"));

  for (uint32_t i = 0; i < s->temperatures; i++)
    g_variant_builder_add (&rows, "(@sd)", text (s->temperature[i].label),
                           s->temperature[i].celsius);
  return g_variant_builder_end (&rows);
}

GVariant *inos_resources_to_variant (const struct inos_sample *s)
{
  GVariant *cores =
    g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, s->core, s->cores, sizeof s->core[0]);

  return g_variant_new ("(xd@ad(ddd)tttt@a(sddd)@a(ssttt)@a(sbtttt)@a(sd)(bdbx))", s->time, s->cpu,
                        cores, s->load[0], s->load[1], s->load[2], s->memory_total,
                        s->memory_available, s->swap_total, s->swap_free, pressures (s), disks (s),
                        interfaces (s), temperatures (s), s->battery.present, s->battery.percent,
                        s->battery.charging, s->battery.seconds);
}

GVariant *inos_alerts_to_variant (const struct inos_alerts *alerts)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sdds)"));

  for (unsigned id = 0; id < INOS_ALERTS; id++) {
    const struct inos_alert *alert = &alerts->alert[id];
    if (alert->raised)
      g_variant_builder_add (&rows, "(sdd@s)", inos_alert_name (id), alert->value,
                             alerts->config.threshold[id],
                             g_variant_new_take_string (inos_alert_sentence (id, alert)));
  }
  return g_variant_builder_end (&rows);
}

GVariant *inos_alert_to_variant (const struct inos_alerts *alerts, enum inos_alert_id id)
{
  const struct inos_alert *alert = &alerts->alert[id];

  return g_variant_new ("(sbdd@s)", inos_alert_name (id), alert->raised, alert->value,
                        alerts->config.threshold[id],
                        g_variant_new_take_string (inos_alert_sentence (id, alert)));
}
