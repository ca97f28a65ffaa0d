/*
 * Alerts: figures that stay too high. One is raised after some seconds above its threshold and
 * cleared after some seconds a few points below it, so that a figure that trembles around the line
 * does not make noise.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"

/* Percent each. The last three are the average of ten seconds of pressure. */
enum inos_alert_id {
  INOS_ALERT_CPU,             /* above 70 the desktop defers what is not urgent */
  INOS_ALERT_MEMORY,          /* above 80 the bridge compresses */
  INOS_ALERT_PRESSURE_CPU,    /* 60: most of the time somebody waits for the processor */
  INOS_ALERT_PRESSURE_MEMORY, /* 10: all stand still a tenth of the time, a person feels it */
  INOS_ALERT_PRESSURE_IO,     /* 40: all wait for the disk nearly half of the time */
  INOS_ALERTS,
};

struct inos_alert_config {
  double threshold[INOS_ALERTS];     /* %; 0 switches the alert off */
  double hysteresis;                 /* points below the threshold that clear an alert */
  unsigned raise_after, clear_after; /* seconds */
};

struct inos_alert {
  bool raised;
  double value;  /* the last */
  int64_t since; /* µs, monotonic, when the figure went to the other side; -1 while it has not */
};

struct inos_alerts {
  struct inos_alert_config config;
  struct inos_alert alert[INOS_ALERTS];
};

/** inos_alert_defaults: what holds where the configuration says nothing. */
struct inos_alert_config inos_alert_defaults (void);

/** inos_alert_name: the name on the wire and in node.ini, such as "memory". */
const char *inos_alert_name (enum inos_alert_id id);

/** inos_alerts_init: starts with no alert raised. */
void inos_alerts_init (struct inos_alerts *alerts, struct inos_alert_config config);

/**
 * inos_alerts_update:
 * @alerts: the alerts
 * @sample: the figures; of what it does not have no alert is raised
 * @now: µs, monotonic
 *
 * Call it once a second.
 *
 * Returns: a bit, 1 << id, for each alert that was raised or cleared by this.
 */
unsigned inos_alerts_update (struct inos_alerts *alerts, const struct inos_sample *sample,
                             int64_t now);

/** inos_alert_sentence: what a person reads, translated; free with g_free(). */
char *inos_alert_sentence (enum inos_alert_id id, const struct inos_alert *alert);
