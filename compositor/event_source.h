/* Runs a Wayland event loop inside a GMainContext. */
#pragma once

#include <glib.h>
#include <wayland-server-core.h>

/* Returns a source, attached to the thread's default context, that dispatches the loop of
 * `display` and flushes its clients. Destroy it with g_source_destroy() before the display. */
GSource *inos_event_source_attach (struct wl_display *display);
