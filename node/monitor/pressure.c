/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/pressure.h"

#include <string.h>

static bool parse_average (struct inos_scan *line, const char *name, double *value)
{
  struct inos_scan word;

  return inos_scan_word (line, &word) && inos_scan_skip (&word, name) &&
         inos_scan_decimal (&word, value);
}

void inos_pressure_parse (struct inos_scan text, enum inos_pressure_of of,
                          struct inos_sample *sample)
{
  static const char *const names[INOS_PRESSURE_FILES][2] = {
    [INOS_PRESSURE_CPU] = {"cpu.some", NULL},
    [INOS_PRESSURE_MEMORY] = {"memory.some", "memory.full"},
    [INOS_PRESSURE_IO] = {"io.some", "io.full"},
  };
  struct inos_scan line, word;

  while (inos_scan_line (&text, &line)) {
    struct inos_pressure p = {0};
    if (!inos_scan_word (&line, &word))
      continue;
    p.name = inos_scan_is (word, "some")   ? names[of][0]
             : inos_scan_is (word, "full") ? names[of][1]
                                           : NULL;
    if (p.name && !inos_pressure_find (sample, p.name) &&
        parse_average (&line, "avg10=", &p.avg10) && parse_average (&line, "avg60=", &p.avg60) &&
        parse_average (&line, "avg300=", &p.avg300) && sample->pressures < INOS_PRESSURES_MAX)
      sample->pressure[sample->pressures++] = p;
  }
}

const struct inos_pressure *inos_pressure_find (const struct inos_sample *sample, const char *name)
{
  for (uint32_t i = 0; i < sample->pressures; i++)
    if (strcmp (sample->pressure[i].name, name) == 0)
      return &sample->pressure[i];
  return NULL;
}
