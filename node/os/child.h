/*
 * Starting a program as a child process, and ending it with all of its group.
 *
 * The child is the leader of a session and process group of its own, has no descriptor but its
 * three, default signals, and the limits that were asked for. When the thread that started it ends,
 * as it does when this program is killed, the kernel kills the child (PR_SET_PDEATHSIG). That holds
 * for the child alone: what it has started itself then learns of it only by its pipes. Ends that
 * this program brings about reach the whole group.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/result.h"

#include "node/os/security.h"

#include <signal.h>
#include <sys/types.h>

struct inos_child_plan {
  const char *path;
  const char *const *argv;        /* ended by NULL */
  const char *const *environment; /* ended by NULL; all of it */
  int directory;                  /* a descriptor; -1: the root */
  int stdio[3];                   /* descriptors that become 0, 1 and 2; each above 2 */
  struct inos_os_limits limits;
  bool may_gain_privileges;
  /* The first of stdio is a terminal, which becomes the child's own: the kernel hangs up on its
   * session when that goes, and does not kill the child with this program. */
  bool controls_terminal;
};

struct inos_child_process {
  pid_t pid; /* 0: none */
  int pidfd; /* readable when the child has ended */
};

/**
 * inos_child_process_start:
 * @child: (out): the child; untouched on failure
 *
 * Returns when the child runs the program, or could not.
 */
struct inos_os_result inos_child_process_start (const struct inos_child_plan *plan,
                                                struct inos_child_process *child);

/** inos_child_process_signal: sends @number to the child's group. */
void inos_child_process_signal (const struct inos_child_process *child, int number);

/**
 * inos_child_process_reap:
 * @wait: whether to wait for its end
 * @info: (out): how it ended
 *
 * Looks whether the child has ended; then kills what is left of its group, and forgets it.
 *
 * Returns: whether it has ended.
 */
bool inos_child_process_reap (struct inos_child_process *child, bool wait, siginfo_t *info);
