/* X11 programs: Xwayland, started when the first of them connects. */
#pragma once

#include "compositor.h"
#include "x11_link.h"
#include "x11_type.h"

void *inos_xwayland_create (struct inos_compositor *compositor, int version);
void inos_xwayland_destroy (void *state);

/* Ends the X server and thus every X11 program, while the rest is still there. */
void inos_xwayland_stop (struct inos_compositor *compositor);

/* Has the X server drop the connection of the program that a window is of. */
void inos_xwayland_kill (struct inos_compositor *compositor, uint32_t window);

/* What DISPLAY is for X11 programs, or NULL where there can be none. */
const char *inos_xwayland_display (struct inos_compositor *compositor);

/* Our own connection to the X server that runs, or NULL. */
struct inos_x11_link *inos_xwayland_link (struct inos_compositor *compositor);

/* What the windows of this X server say of themselves. Never NULL while there are any. */
const struct inos_x11_types *inos_xwayland_types (struct inos_compositor *compositor);

/* Whether the global is one that the X server alone may see, though others have one of its name. */
bool inos_xwayland_has_global (struct inos_compositor *compositor, const struct wl_global *global);

/* A window or menu is shown, or no longer. */
void inos_xwayland_shown (struct inos_compositor *compositor, bool shown);

/* Whether the client is the X server, the only one that may use its shell. */
bool inos_xwayland_is_server (struct inos_compositor *compositor, const struct wl_client *client);
