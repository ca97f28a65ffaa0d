/* Programs that the compositor starts for a person. */
#pragma once

#include "compositor.h"

/* Starts a command line as a client of this compositor. Returns false and sets error, which names
 * the command, where it cannot be. */
bool inos_program_start (struct inos_compositor *compositor, const char *command, GError **error);

/* The same. pid: may be NULL; else the caller watches that child with g_child_watch_add(). */
bool inos_program_spawn (struct inos_compositor *compositor, const char *command, GPid *pid,
                         GError **error);

/* The same of a program that locks the session, for which see inos_program_spawn_client(). */
bool inos_program_spawn_locker (struct inos_compositor *compositor, const char *command, GPid *pid,
                                GError **error);

/* Starts a program as the client at the other end of `socket`, whatever else connects to the
 * compositor, with the names of the settings' keymap in its environment, as XKB takes them: what
 * shows a keyboard must not take the keymap that another program types with. argv: as for
 * g_spawn_async(). The caller keeps the socket, and watches the child. */
bool inos_program_spawn_client (struct inos_compositor *compositor, const char *const *argv,
                                int socket, GPid *pid, GError **error);
