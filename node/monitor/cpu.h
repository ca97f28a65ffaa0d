/*
 * How busy the processor is: /proc/stat and /proc/loadavg.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

/* Ticks since boot. */
struct inos_cpu_ticks {
  uint64_t total, idle;
};

struct inos_cpu_times {
  struct inos_cpu_ticks all;
  uint32_t cores; /* the highest number and 1; offline ones have zeroes */
  struct inos_cpu_ticks core[INOS_CORES_MAX];
};

/** inos_cpu_parse: reads /proc/stat; false where the line of all cores is not there. */
bool inos_cpu_parse (struct inos_scan text, struct inos_cpu_times *times);

/** inos_cpu_busy: percent of the time between two looks that was not idle; 0 where no time went by.
 */
double inos_cpu_busy (struct inos_cpu_ticks before, struct inos_cpu_ticks now);

/** inos_cpu_update: fills the sample's percentages from two looks. */
void inos_cpu_update (const struct inos_cpu_times *before, const struct inos_cpu_times *now,
                      struct inos_sample *sample);

/** inos_load_parse: reads /proc/loadavg. */
bool inos_load_parse (struct inos_scan text, double load[3]);
