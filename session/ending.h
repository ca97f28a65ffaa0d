/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/*
 * Ends every descendant of this process in stages: SIGTERM to a stage's processes, the next stage
 * when all are gone or, after 3 s, killed. Watches processes by descriptor, so it neither polls
 * nor hits a stranger that got the number of a dead one.
 */
struct inos_ending;

typedef void (*inos_ending_func) (void *data);

/*
 * `components` end first, one after the other; then everything but `compositor` and what it
 * started, and `bus`; then those two; then what is left. Numbers of 0 are left out. `done` is
 * called from the main loop when nothing is left.
 */
struct inos_ending *inos_ending_new (const pid_t *components, gsize n, pid_t compositor, pid_t bus,
                                     inos_ending_func done, void *data);
void inos_ending_free (struct inos_ending *ending);
