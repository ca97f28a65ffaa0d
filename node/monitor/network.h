/*
 * Network interfaces: /proc/net/dev and /sys/class/net/NAME/operstate.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

/* What is remembered of an interface from one sample to the next. */
struct inos_link {
  char name[16];
  int operstate; /* descriptor, -1 where there is none */
  bool seen;
  uint64_t rx, tx; /* at the last base */
};

struct inos_network_monitor {
  int sys; /* descriptor of /sys, not owned */
  uint32_t count;
  struct inos_link link[INOS_INTERFACES_MAX];
};

/** inos_network_init: starts with no interface known. */
void inos_network_init (struct inos_network_monitor *network, int sys);

/** inos_network_finish: closes what is open; safe to call twice. */
void inos_network_finish (struct inos_network_monitor *network);

/** inos_network_parse: lists the interfaces of a /proc/net/dev with their counters. */
void inos_network_parse (struct inos_scan text, struct inos_sample *sample);

/**
 * inos_network_update:
 * @network: what is remembered
 * @sample: a sample with the interfaces listed
 * @seconds: since the last base; 0 or less keeps @previous rates and the base
 * @previous: (nullable): the sample before
 *
 * Fills in whether each interface is up and how fast it runs.
 */
void inos_network_update (struct inos_network_monitor *network, struct inos_sample *sample,
                          double seconds, const struct inos_sample *previous);
