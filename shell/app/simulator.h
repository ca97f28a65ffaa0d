/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Runs of inos-sim for Node Manager's page: one at a time in this program, at the lowest priority,
 * within bounds of memory and time, and killed when its window, its page or this program goes.
 * docs/decisions/0074 says why it is run here.
 */

#include "../reply.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define INOS_SIMULATOR_NODES_MAX 10000
#define INOS_SIMULATOR_SECONDS_MAX 3600

typedef struct InosSimulator InosSimulator;

/* News of a run, transfer full: {"run": which, "state": "running", "ended", "cancelled" or
 * "failed", "rows": seconds since the news before, "end": what the program said last, and "words":
 * what it said besides, where there is such}. */
typedef void (*InosSimulatorNews) (JsonNode *news, gpointer data);

InosSimulator *inos_simulator_create (InosSimulatorNews news, gpointer data);
/* Kills what runs. Takes NULL. */
void inos_simulator_destroy (InosSimulator *self);

/* A row: name, nodes, seconds, what its file says of it, its path as a shell takes it. Transfer
 * full. */
JsonNode *inos_simulator_list (void);
/* Scenario "" has nothing that goes wrong. seed: digits. Returns: the number of the run, 0 and a
 * sentence where there is none. */
guint inos_simulator_start (InosSimulator *self, const char *scenario, guint nodes, guint seconds,
                            const char *seed, GError **error);
/* Whether something ran. */
gboolean inos_simulator_cancel (InosSimulator *self);
/* Copies the report of the run that has ended to the person's downloads. Returns: where it is,
 * transfer full. */
char *inos_simulator_export (InosSimulator *self, GError **error);
/* Of the scenario's file, transfer full; NULL where there is none. */
char *inos_simulator_path (const char *scenario);
