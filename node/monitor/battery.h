/*
 * The battery: /sys/class/power_supply/NAME/uevent. Several count as one; those of mice and the
 * like do not count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

#define INOS_BATTERIES_MAX 4

/* What one battery says, -1 where it does not. Energy is in µWh and power in µW, or charge in µAh
 * and current in µA. */
struct inos_battery_report {
  bool is_battery, of_device, present, charging, discharging, in_energy;
  int64_t capacity, now, full, rate;
};

struct inos_batteries {
  int sys; /* descriptor of /sys, not owned */
  uint32_t count;
  int uevent[INOS_BATTERIES_MAX]; /* descriptors */
};

/** inos_batteries_init: starts with no battery known. */
void inos_batteries_init (struct inos_batteries *batteries, int sys);

/** inos_batteries_finish: closes what is open; safe to call twice. */
void inos_batteries_finish (struct inos_batteries *batteries);

/** inos_batteries_scan: looks which batteries there are now. */
void inos_batteries_scan (struct inos_batteries *batteries);

/** inos_batteries_read: fills the sample. */
void inos_batteries_read (const struct inos_batteries *batteries, struct inos_sample *sample);

/** inos_battery_parse: reads one uevent file. */
void inos_battery_parse (struct inos_scan text, struct inos_battery_report *report);

/** inos_battery_combine: makes one battery of several. */
struct inos_battery inos_battery_combine (const struct inos_battery_report *reports,
                                          uint32_t count);
