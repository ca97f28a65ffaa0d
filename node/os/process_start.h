/*
 * Starting the program of a process actor. Nobody else includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/child.h"
#include "node/os/process.h"

struct inos_process_begun {
  struct inos_child_process child;
  int stdio[3]; /* our ends, nonblocking; -1 where the program has /dev/null */
};

/**
 * inos_process_begin:
 * @begun: (out): all of it the caller's; untouched on failure
 *
 * Asks the security context, and starts the program.
 */
struct inos_os_result inos_process_begin (const struct inos_process *process,
                                          struct inos_process_begun *begun);
