/* The Wayland socket that programs connect to. Not libwayland's own: when there are no file
 * descriptors left, that one would be ready for ever and never be served. */
#pragma once

#include "compositor.h"

struct inos_socket;

/* Listens in XDG_RUNTIME_DIR by the name, or by the first wayland-N that is free where it is NULL.
 * Returns NULL, and says why in the log, where that cannot be. */
struct inos_socket *inos_socket_create (struct inos_compositor *compositor, const char *name);
/* Takes the file away. NULL does nothing. */
void inos_socket_destroy (struct inos_socket *socket);

const char *inos_socket_name (const struct inos_socket *socket);
