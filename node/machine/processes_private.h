/*
 * What the files of a list of processes share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/machine/pace.h"
#include "node/machine/processes.h"

/* One process, from one look to the next. */
struct process {
  uint32_t pid, uid;
  struct inos_process_stat stat; /* of this look */
  struct inos_counter ticks;
  unsigned seen;        /* the look */
  double share;         /* of one processor; below 0: not known */
  char *command, *unit; /* valid UTF-8 */
};

struct inos_processes {
  int proc;
  uint32_t uid;
  uint64_t page; /* bytes */
  double tick;   /* seconds */
  GHashTable *users;
  GHashTable *known; /* pid: struct process */
  unsigned look;
  struct inos_pace pace;
};

/** inos_process_shown: (transfer full): its name as people know it, valid UTF-8: the program's
 * where the kernel has cut that, after 15 bytes. */
char *inos_process_shown (const struct process *process);

/** inos_processes_look: reads them all. Returns: seconds that shares count from; 0: not known. */
double inos_processes_look (struct inos_processes *self, gint64 now);
