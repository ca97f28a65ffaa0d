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
#define INOS_SIMULATOR_ROWS_MAX 600 /* of an answer */

typedef struct InosSimulator InosSimulator;

/* News of a run, transfer full: {"run": which, "state": "running", "ended", "cancelled" or
 * "failed", "count": rows there are}. Only the newest need be heard: inos_simulator_rows has all.
 */
typedef void (*InosSimulatorNews) (JsonNode *news, gpointer data);

/* program: NULL for the one that is installed. */
InosSimulator *inos_simulator_create (const char *program, InosSimulatorNews news, gpointer data);
/* Kills what runs. Takes NULL. */
void inos_simulator_destroy (InosSimulator *self);

/* A row: name, nodes, seconds, what its file says of it, its path as a shell takes it. Transfer
 * full. */
JsonNode *inos_simulator_list (void);
/* Scenario "" has nothing that goes wrong. seed: digits. Returns: the number of the run, 0 and a
 * sentence where there is none. */
guint inos_simulator_start (InosSimulator *self, const char *scenario, guint nodes, guint seconds,
                            const char *seed, GError **error);
/* What there is of the newest run after so many rows, of another run than that from its first, and
 * no more than INOS_SIMULATOR_ROWS_MAX: what the news have, "rows", and where there is such "end",
 * what the program said last, and "words", what it said besides. Transfer full. */
JsonNode *inos_simulator_rows (InosSimulator *self, guint run, guint after);
/* Whether something ran. */
gboolean inos_simulator_cancel (InosSimulator *self);
/* Copies the report of the run that has ended to the person's downloads. Returns: where it is,
 * transfer full. */
char *inos_simulator_export (InosSimulator *self, GError **error);
/* Of the scenario's file, transfer full; NULL where there is none. */
char *inos_simulator_path (const char *scenario);
