/*
 * Temperatures: /sys/class/hwmon, and /sys/class/thermal where the first has none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"

struct inos_thermometer {
  char label[64];
  int input; /* descriptor */
};

struct inos_temperatures {
  int sys; /* descriptor of /sys, not owned */
  uint32_t count;
  struct inos_thermometer sensor[INOS_TEMPERATURES_MAX];
};

/** inos_temperatures_init: starts with no sensor known. */
void inos_temperatures_init (struct inos_temperatures *temperatures, int sys);

/** inos_temperatures_finish: closes what is open; safe to call twice. */
void inos_temperatures_finish (struct inos_temperatures *temperatures);

/** inos_temperatures_scan: looks which sensors there are now. */
void inos_temperatures_scan (struct inos_temperatures *temperatures);

/** inos_temperatures_read: fills the sample; a sensor that does not answer is left out. */
void inos_temperatures_read (const struct inos_temperatures *temperatures,
                             struct inos_sample *sample);
