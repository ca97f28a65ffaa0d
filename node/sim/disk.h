/*
 * A node's disk: what its services have written, and what was there before. Who writes has it on
 * the disk when the call returns. A crash keeps it, or tears it: then a file is as it was some
 * writes ago, as where the last ones were still in the machine's memory, or ends at any byte.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/sim/random.h"

#include <glib.h>

#define INOS_SIM_WRITES 4u /* of a file that are remembered */

enum inos_sim_file {
  INOS_SIM_FILE_INCARNATION, /* of its membership */
  INOS_SIM_FILE_DOCUMENT,
  INOS_SIM_FILE_GROUP, /* with its vote, which was synced before it was answered */
  INOS_SIM_FILES,
};

struct inos_sim_disk {
  GBytes *files[INOS_SIM_FILES][INOS_SIM_WRITES]; /* owned; the latest first; NULL: no file */
};

/** inos_sim_disk_write: (transfer full) @bytes replace @file. */
void inos_sim_disk_write (struct inos_sim_disk *disk, enum inos_sim_file file, GBytes *bytes);
/** inos_sim_disk_read: (transfer none) (nullable): @file; NULL: there is none. */
GBytes *inos_sim_disk_read (const struct inos_sim_disk *disk, enum inos_sim_file file);
/** inos_sim_disk_tear: each file is whole, as it was before, or cut, at random. What was synced
 * does not go back, but may be cut. */
void inos_sim_disk_tear (struct inos_sim_disk *disk, struct inos_sim_random *random);
/** inos_sim_disk_clear: nothing is on it. */
void inos_sim_disk_clear (struct inos_sim_disk *disk);
