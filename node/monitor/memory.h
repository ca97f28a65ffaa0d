/*
 * Memory and swap: /proc/meminfo.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

/** inos_memory_parse: reads /proc/meminfo; false, and nothing changed, where a figure is not there.
 */
bool inos_memory_parse (struct inos_scan text, struct inos_sample *sample);

/** inos_memory_used: percent of the memory that is not available. */
double inos_memory_used (const struct inos_sample *sample);
