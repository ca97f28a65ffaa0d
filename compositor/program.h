/* Programs that the compositor starts for a person. */
#pragma once

#include "compositor.h"

/* Starts a command line as a client of this compositor. Returns false and sets error, which names
 * the command, where it cannot be. */
bool inos_program_start (struct inos_compositor *compositor, const char *command, GError **error);

/* The same. pid: may be NULL; else the caller watches that child with g_child_watch_add(). */
bool inos_program_spawn (struct inos_compositor *compositor, const char *command, GPid *pid,
                         GError **error);
