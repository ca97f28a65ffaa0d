/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "component.h"
#include "environment.h"

/*
 * Keeps the components of a table running: starts each when what it needs is there, starts the
 * dead again with growing pauses, and what needed them after them, gives up on those that keep
 * dying.
 */
struct inos_supervisor;

struct inos_supervisor_handlers {
  /* Some component's state, process or count of restarts is another. */
  void (*changed) (void *data);
  /* The compositor is ready; WAYLAND_DISPLAY and its pointer are in the environment. */
  void (*display) (void *data);
  void (*died) (const struct inos_component *component, gboolean restarts, void *data);
  /* A component was given up; the session cannot go on without one that is essential. */
  void (*failed) (const struct inos_component *component, void *data);
  /* One whose death ends the session ended of itself with status 0: a nested desktop's window was
   * closed. */
  void (*left) (const struct inos_component *component, void *data);
};

struct inos_supervisor *inos_supervisor_new (GPtrArray *table /* borrowed */,
                                             const struct inos_component_place *place,
                                             struct inos_environment *environment,
                                             const struct inos_supervisor_handlers *handlers,
                                             void *data, GError **error);
void inos_supervisor_free (struct inos_supervisor *supervisor);

void inos_supervisor_start (struct inos_supervisor *supervisor);
/* From now on the dead stay dead. */
void inos_supervisor_let_end (struct inos_supervisor *supervisor);

/* Errors: G_IO_ERROR_NOT_FOUND, G_IO_ERROR_NOT_SUPPORTED where its end is the session's. */
gboolean inos_supervisor_restart (struct inos_supervisor *supervisor, const char *name,
                                  GError **error);

/* Tells the compositor to unlock the session. FALSE where it cannot be told. */
gboolean inos_supervisor_unlock (struct inos_supervisor *supervisor);

/* Of struct inos_component, in the table's order; borrowed. */
GPtrArray *inos_supervisor_components (struct inos_supervisor *supervisor);
/* Every component is either running or given up. */
gboolean inos_supervisor_is_settled (struct inos_supervisor *supervisor);
/* The components that a person sees, and without which they could not work, run. */
gboolean inos_supervisor_shows_desktop (struct inos_supervisor *supervisor);
gboolean inos_supervisor_has_failed (struct inos_supervisor *supervisor);
