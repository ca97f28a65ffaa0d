/* What each client holds, with bounds on it: one that floods the compositor loses its connection,
 * and the log says who it was and why. */
#pragma once

#include "compositor.h"

struct inos_clients;

/* From now on each client of the compositor's display is bounded. */
struct inos_clients *inos_clients_create (struct inos_compositor *compositor);
/* After the last client has gone. NULL does nothing. */
void inos_clients_destroy (struct inos_clients *clients);

/* Out of file descriptors: disconnects all clients of the process that holds the most of them, but
 * for the shell. Returns false where nobody holds as many as a flood would. */
bool inos_clients_drop_heaviest (struct inos_clients *clients);

/* "foot (process 123)", owned by the caller. */
char *inos_client_name (struct wl_client *client);
