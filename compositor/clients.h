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

/* To be called at each turn of the loop, cheaply: finds a client whose bytes keep the loop awake
 * and are never read. libwayland 1.23 takes a request that is cut off after 4095 bytes, or 8191 and
 * so on, for a full buffer, and is then ready for ever. */
void inos_clients_turn (struct inos_clients *clients);

/* "foot", which the kernel cuts off after 15 bytes, and its process; "" where that has ended. Owned
 * by the caller. */
char *inos_client_program (struct wl_client *client, pid_t *pid);
/* "foot (process 123)", owned by the caller. */
char *inos_client_name (struct wl_client *client);
