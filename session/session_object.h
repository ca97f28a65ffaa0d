/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "supervisor.h"

/* org.inos.Session1 at /org/inos/Session1 on the session bus. */
struct inos_session_object;

struct inos_session_object_handlers {
  void (*logout) (void *data);
  /* FALSE and an error where there is no such component or it cannot be started anew. */
  gboolean (*restart) (const char *component, GError **error, void *data);
};

/* NULL where the connection does not take the object, with the reason. A name that is taken is
 * logged only: a session inside another one works, and the outer one keeps the name. */
struct inos_session_object *
inos_session_object_new (GDBusConnection *connection,
                         const struct inos_session_object_handlers *handlers, void *data,
                         GError **error);
void inos_session_object_free (struct inos_session_object *object);

void inos_session_object_set_safe (struct inos_session_object *object, gboolean safe);
void inos_session_object_set_state (struct inos_session_object *object, const char *state);
void inos_session_object_set_components (struct inos_session_object *object, GPtrArray *components);
void inos_session_object_component_died (struct inos_session_object *object,
                                         const struct inos_component *component, gboolean restarts);
