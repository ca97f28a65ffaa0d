/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "inos-config.h"

#include "node/monitor/alerts.h"
#include "node/monitor/memory.h"
#include "node/monitor/pressure.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *name;
  double threshold;
  const char *pressure; /* may be NULL */
  const char *raised, *cleared;
} table[INOS_ALERTS] = {
  [INOS_ALERT_CPU] = {"cpu", 70, NULL, N_ ("The processor is %.0f %% busy."),
                      N_ ("The processor is no longer busy: %.0f %%.")},
  [INOS_ALERT_MEMORY] = {"memory", 80, NULL, N_ ("%.0f %% of the memory is in use."),
                         N_ ("There is memory again: %.0f %% is in use.")},
  [INOS_ALERT_PRESSURE_CPU] = {"pressure.cpu", 60, "cpu.some",
                               N_ ("Programs wait for the processor %.0f %% of the time."),
                               N_ ("Programs hardly wait for the processor any more: %.0f %%.")},
  [INOS_ALERT_PRESSURE_MEMORY] = {"pressure.memory", 10, "memory.full",
                                  N_ ("Everything waits for memory %.0f %% of the time."),
                                  N_ ("Programs hardly wait for memory any more: %.0f %%.")},
  [INOS_ALERT_PRESSURE_IO] = {"pressure.io", 40, "io.full",
                              N_ ("Everything waits for the disk %.0f %% of the time."),
                              N_ ("Programs hardly wait for the disk any more: %.0f %%.")},
};

struct inos_alert_config inos_alert_defaults (void)
{
  struct inos_alert_config config = {.hysteresis = 5, .raise_after = 3, .clear_after = 5};

  for (int i = 0; i < INOS_ALERTS; i++)
    config.threshold[i] = table[i].threshold;
  return config;
}

const char *inos_alert_name (enum inos_alert_id id)
{
  return table[id].name;
}

void inos_alerts_init (struct inos_alerts *alerts, struct inos_alert_config config)
{
  *alerts = (struct inos_alerts){.config = config};
  for (int i = 0; i < INOS_ALERTS; i++)
    alerts->alert[i].since = -1;
}

static double figure (enum inos_alert_id id, const struct inos_sample *sample)
{
  if (id == INOS_ALERT_CPU)
    return sample->cpu;
  if (id == INOS_ALERT_MEMORY)
    return inos_memory_used (sample);
  const struct inos_pressure *pressure = inos_pressure_find (sample, table[id].pressure);
  return pressure ? pressure->avg10 : 0;
}

/* Returns whether the alert changed. */
static bool update (struct inos_alert *alert, const struct inos_alert_config *config,
                    double threshold, double value, int64_t now)
{
  bool beyond = alert->raised ? value <= threshold - config->hysteresis : value > threshold;
  int64_t hold = (int64_t)(alert->raised ? config->clear_after : config->raise_after) * 1000000;

  alert->value = value;
  if (!beyond) {
    alert->since = -1;
    return false;
  }
  if (alert->since < 0)
    alert->since = now;
  if (now - alert->since < hold)
    return false;
  alert->raised = !alert->raised;
  alert->since = -1;
  return true;
}

unsigned inos_alerts_update (struct inos_alerts *alerts, const struct inos_sample *sample,
                             int64_t now)
{
  unsigned changed = 0;

  for (unsigned id = 0; id < INOS_ALERTS; id++) {
    double threshold = alerts->config.threshold[id];
    if (threshold > 0 &&
        update (&alerts->alert[id], &alerts->config, threshold, figure (id, sample), now))
      changed |= 1u << id;
  }
  return changed;
}

char *inos_alert_sentence (enum inos_alert_id id, const struct inos_alert *alert)
{
  const char *format = alert->raised ? table[id].raised : table[id].cleared;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  char *sentence = g_strdup_printf (_ (format), alert->value);
#pragma GCC diagnostic pop
  return sentence;
}
