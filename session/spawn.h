/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* What a new child gets. Everything else of the session's descriptors is closed on exec. */
struct inos_spawn {
  char *const *argv; /* argv[0] a path, or a name to find on PATH */
  char *const *envp;
  int output;         /* standard output and error; -1 keeps the session's */
  gboolean own_group; /* a session of its own, no standard input: a component, not CMD */
  const int *keep;    /* descriptors that survive the exec under their number */
  gsize n_keep;
  int oom_score_adj; /* added to this process's own */
};

/*
 * Starts a program; it is sent SIGTERM should this process die. Returns its pid, or -1 and why
 * the program could not be executed.
 */
pid_t inos_spawn (const struct inos_spawn *spawn, GError **error);
