/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/*
 * Makes this process the parent of every orphan below it and collects the dead, known or not.
 * One a process: SIGCHLD is blocked from inos_reaper_new() on and arrives through a descriptor.
 */
struct inos_reaper;

typedef void (*inos_reaper_func) (pid_t pid, int wait_status, void *data);

/* To be called before the first thread starts, for the signal mask. */
struct inos_reaper *inos_reaper_new (GError **error);
void inos_reaper_free (struct inos_reaper *reaper);

/* Calls `func` once when the child `pid` is dead; it may watch and unwatch others. */
void inos_reaper_watch (struct inos_reaper *reaper, pid_t pid, inos_reaper_func func, void *data);
void inos_reaper_unwatch (struct inos_reaper *reaper, pid_t pid);

/*
 * The live descendants of this process, as pid_t. Leaves out `skip` and, where `skip_below` is
 * true for that one, all below it; both arrays have `n` entries.
 */
struct inos_reaper_skip {
  pid_t pid;
  gboolean below;
};
GArray *inos_reaper_descendants (const struct inos_reaper_skip *skip, gsize n);

/* "exited with status 3", "was ended by signal 11 (Segmentation fault)", translated. Free it. */
char *inos_reaper_describe (int wait_status);
