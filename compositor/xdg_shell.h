/* xdg-shell: every new toplevel becomes a view. */
#pragma once

#include "compositor.h"

struct wlr_xdg_shell;

void *inos_xdg_shell_create (struct inos_compositor *compositor, int version);
void inos_xdg_shell_destroy (void *state);

/* wlroots' own, for the conformance suite. */
struct wlr_xdg_shell *inos_xdg_shell_wlr (void *state);
