/*
 * The resource monitor: opens its sources once, and then takes samples without touching the heap.
 * It has no clock and no timer of its own; who owns it calls it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"

/* Rates over less than this would be noise: a sample that comes sooner repeats the last ones. µs.
 */
#define INOS_MONITOR_WINDOW_MIN 90000

struct inos_monitor;

/**
 * inos_monitor_new:
 * @proc: where /proc is, another place in tests
 * @sys: where /sys is
 *
 * Never fails: a source that is not there gives no figures.
 *
 * Returns: (transfer full): a monitor, with a first look taken for the rates to start from.
 */
struct inos_monitor *inos_monitor_new (const char *proc, const char *sys);

/** inos_monitor_free: closes everything; takes NULL. */
void inos_monitor_free (struct inos_monitor *monitor);

/**
 * inos_monitor_sample:
 * @monitor: a monitor
 *
 * Takes a fresh sample.
 *
 * Returns: the sample; the monitor's own, valid until the next one.
 */
const struct inos_sample *inos_monitor_sample (struct inos_monitor *monitor);

/**
 * inos_monitor_tick:
 * @monitor: a monitor
 *
 * Takes the sample of the second. Its processor figure is that since the last tick, whoever took
 * samples in between: what alerts go by. New sensors and batteries are looked for every sixty
 * ticks.
 *
 * Returns: the sample; the monitor's own, valid until the next one.
 */
const struct inos_sample *inos_monitor_tick (struct inos_monitor *monitor);
