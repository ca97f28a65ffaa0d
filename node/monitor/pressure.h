/*
 * Pressure stall information: /proc/pressure/{cpu,memory,io}. Kernels without it simply give none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

enum inos_pressure_of {
  INOS_PRESSURE_CPU,
  INOS_PRESSURE_MEMORY,
  INOS_PRESSURE_IO,
  INOS_PRESSURE_FILES
};

/** inos_pressure_parse: adds the lines of one file to the sample. The cpu's "full" means nothing
 * and is left out. */
void inos_pressure_parse (struct inos_scan text, enum inos_pressure_of of,
                          struct inos_sample *sample);

/** inos_pressure_find: the sample's row of that name, or NULL. */
const struct inos_pressure *inos_pressure_find (const struct inos_sample *sample, const char *name);
