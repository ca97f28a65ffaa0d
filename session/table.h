/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What the session starts: one row a component, in the order of start. A row may need or follow
 * only rows before it, so the order has no cycles.
 */
struct inos_component_spec {
  char *name;
  char **argv;            /* argv[0] is a path */
  char **needs;           /* names that must be running before this one starts */
  char **after;           /* names that must have been started once, ready or not */
  unsigned ready_timeout; /* ms from the start to READY=1 */
  gboolean essential;     /* that it is given up, or cannot start at all, ends the session */
  gboolean control;       /* inherits INOS_CONTROL_FD and answers on it */
  gboolean shell_socket;  /* gets the compositor's socket for the shell as WAYLAND_SOCKET */
  int hopeless_status;    /* exit status after which a restart would not help; 0 for none */
  int oom_score_adj;      /* added to the session's own */
};

void inos_component_spec_free (struct inos_component_spec *spec);

/* The desktop's own table; `compositor_arguments` (may be NULL) are appended to the compositor's.
 */
GPtrArray *inos_table_new (char *const *compositor_arguments);

/*
 * A table from a key file, for development and the tests: one group a component with the keys
 * exec, needs, after, ready-timeout-ms, essential, control, shell-socket, hopeless-status and
 * oom-score-adj. Errors: an unreadable file, no exec, a name that no earlier group has.
 */
GPtrArray *inos_table_load (const char *path, GError **error);
