/*
 * What the kernel's files say of one process. Names and command lines are whatever a program has
 * made them: they are taken as bytes, and cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/scan.h"

#define INOS_PROCESS_NAME 64     /* bytes with the end; a kernel's worker has a long one */
#define INOS_PROCESS_COMMAND 160 /* bytes of a command line in a list */
#define INOS_PROCESS_CGROUP 512  /* bytes with the end */

/* /proc/PID/stat */
struct inos_process_stat {
  char name[INOS_PROCESS_NAME];
  char state; /* the kernel's letter */
  uint32_t parent, threads;
  int32_t nice;
  uint64_t ticks; /* of processor time */
  uint64_t start; /* ticks after the boot: with the pid it names a process for good */
  uint64_t pages; /* resident */
};

/* /proc/PID/status */
struct inos_process_status {
  uint32_t uid;                     /* the effective one */
  uint64_t own, file, shared, swap; /* bytes: anonymous, of files, of shared memory, swapped out */
};

/** inos_process_parse_stat: false where it is no such line. */
bool inos_process_parse_stat (struct inos_scan text, struct inos_process_stat *out);

/** inos_process_parse_status: false where it has no user. */
bool inos_process_parse_status (struct inos_scan text, struct inos_process_status *out);

/**
 * inos_process_parse_cgroup:
 * @text: /proc/PID/cgroup
 * @out: where the path goes; "" where there is none
 * @size: room there
 */
void inos_process_parse_cgroup (struct inos_scan text, char *out, size_t size);

/**
 * inos_process_unit:
 * @cgroup: a path of a control group
 *
 * Returns: (transfer none): within @cgroup the name of systemd's unit, its end at the end of that
 * part: the innermost service or scope, else the last part. @length: (out): its bytes.
 */
const char *inos_process_unit (const char *cgroup, size_t *length);

/** inos_process_words: makes a command line of @len bytes, NULs between its words, one line. */
void inos_process_words (char *bytes, size_t *len);

/** inos_process_state: the letter in a word, such as "running". */
const char *inos_process_state (char letter);
