/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Exit statuses that scripts can rely on; CMD's own pass through. */
enum {
  INOS_SESSION_LOST = 1,        /* the compositor or the bus died */
  INOS_SESSION_NOT_STARTED = 70 /* with CMD: something did not start, so CMD did not run */
};

struct inos_session_options {
  gboolean headless, verbose, safe;
  int outputs; /* 0: as the compositor likes */
  char *size;
  char *config_directory;
  char *components; /* a table for development */
  char *rescue;     /* the program instead of inos-rescue */
  char **command;   /* CMD, or NULL */
};

/*
 * A whole session from its bus to its last process, in a main loop of its own. Returns the exit
 * status.
 */
int inos_session_run (const struct inos_session_options *options);
