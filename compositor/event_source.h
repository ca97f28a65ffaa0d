/* Runs a Wayland event loop inside a GMainContext. */
#pragma once

#include <glib.h>

#include "compositor.h"

/* Returns a source, attached to the thread's default context, that dispatches the loop of
 * the compositor's display and flushes its clients. Destroy it with g_source_destroy() before them.
 */
GSource *inos_event_source_attach (struct inos_compositor *compositor);
