/* A graphics reset takes the renderer and all that was uploaded to it. A new one is made at once,
 * and windows are shown again from the buffers that programs drew last; a program whose buffer is
 * gone is asked for another size and then for its own, so that it draws. */
#pragma once

#include "compositor.h"

/* Watches the compositor's renderer, which must be there. */
void inos_recovery_watch (struct inos_compositor *compositor);
void inos_recovery_finish (struct inos_compositor *compositor);
