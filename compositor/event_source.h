/* Runs a Wayland event loop inside a GMainContext. */
#pragma once

#include <glib.h>

#include "compositor.h"

/* A GLib turn about each request costs a fifth of what the cheapest request does. Where the context
 * tells of everything that is added to it (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING) the loop waits
 * and works without GLib until a source of GLib's wants something.
 *
 * Returns a source, attached to the thread's default context, that dispatches the loop of
 * the compositor's display and flushes its clients. Destroy it with g_source_destroy() before them.
 */
GSource *inos_event_source_attach (struct inos_compositor *compositor);
