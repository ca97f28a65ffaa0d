/*
 * What can be done to a process: ending it, and how much it gets of the processor. The kernel says
 * whether this user may. A pid may be another's by the time it is used, so that a process is named
 * by the time of its start too, and held by descriptors from before that is compared until all is
 * done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * inos_process_signal:
 * @proc: descriptor of /proc
 * @start: ticks after the boot, as the list says
 *
 * Sends signal @number.
 */
bool inos_process_signal (int proc, uint32_t pid, uint64_t start, int number, GError **error);

/**
 * inos_process_set_nice:
 * @nice: -20 to 19, the least of which gets the most
 *
 * For all threads that it has now.
 */
bool inos_process_set_nice (int proc, uint32_t pid, uint64_t start, int nice, GError **error);
