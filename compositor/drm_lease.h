/* drm-lease: a headset's runtime borrows its screen, which is never part of the desktop. */
#pragma once

#include "compositor.h"

struct wlr_output;

/* NULL where there is no DRM: nested and headless. */
void *inos_drm_lease_create (struct inos_compositor *compositor, int version);
void inos_drm_lease_destroy (void *state);

/* Offers an output that is not for desktops. Returns false where nobody can borrow it. */
bool inos_drm_lease_offer (struct inos_compositor *compositor, struct wlr_output *wlr);
