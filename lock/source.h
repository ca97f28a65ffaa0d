/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Wayland connection in GLib's main loop. */
#pragma once

#include <glib.h>
#include <wayland-client.h>

/* A source that dispatches what comes, attached to the default context; `lost` is called once when
 * the connection ends. The caller releases it. */
GSource *inos_wayland_source_new (struct wl_display *display, void (*lost) (void *data),
                                  void *data);

/* Takes the source out of the loop and unrefs it; whoever has the connection may then read it by
 * itself. */
void inos_wayland_source_release (GSource *base);
