/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/disk.h"

#include <string.h>

static void clear_file (GBytes **writes)
{
  for (unsigned i = 0; i < INOS_SIM_WRITES; i++)
    g_clear_pointer (&writes[i], g_bytes_unref);
}

void inos_sim_disk_write (struct inos_sim_disk *disk, enum inos_sim_file file, GBytes *bytes)
{
  GBytes **writes = disk->files[file];

  g_clear_pointer (&writes[INOS_SIM_WRITES - 1], g_bytes_unref);
  memmove (writes + 1, writes, (INOS_SIM_WRITES - 1) * sizeof *writes);
  writes[0] = bytes;
}

GBytes *inos_sim_disk_read (const struct inos_sim_disk *disk, enum inos_sim_file file)
{
  return disk->files[file][0];
}

/* The last writes are lost, up to all that are remembered. */
static GBytes *earlier (GBytes **writes, struct inos_sim_random *random)
{
  GBytes *kept = writes[1 + inos_sim_random_below (random, INOS_SIM_WRITES - 1)];

  return kept ? g_bytes_ref (kept) : NULL;
}

static GBytes *cut (GBytes **writes, struct inos_sim_random *random)
{
  size_t len = g_bytes_get_size (writes[0]);

  return g_bytes_new_from_bytes (writes[0], 0, inos_sim_random_below (random, len + 1));
}

static void tear (GBytes **writes, bool synced, struct inos_sim_random *random)
{
  uint64_t what = inos_sim_random_below (random, 3);

  if (!writes[0] || what == 0 || (what == 1 && synced))
    return;
  GBytes *left = what == 1 ? earlier (writes, random) : cut (writes, random);
  clear_file (writes);
  writes[0] = left;
}

void inos_sim_disk_tear (struct inos_sim_disk *disk, struct inos_sim_random *random)
{
  for (unsigned i = 0; i < INOS_SIM_FILES; i++)
    tear (disk->files[i], i == INOS_SIM_FILE_GROUP, random);
}

void inos_sim_disk_clear (struct inos_sim_disk *disk)
{
  for (unsigned i = 0; i < INOS_SIM_FILES; i++)
    clear_file (disk->files[i]);
}
