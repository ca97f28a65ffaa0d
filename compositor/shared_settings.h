/* What the person set for every desktop, in GSettings, as far as compositor.ini knows it too: it
 * counts where that file says nothing. Only what somebody really set does, no schema's default. */
#pragma once

#include "compositor.h"

struct inos_shared_settings;

/* Looks them up a moment after the first program draws something, so that neither the start nor an
 * idle desktop pays for it, and follows them from then on. */
void inos_shared_settings_watch (struct inos_compositor *compositor);
/* Looks them up now. */
void inos_shared_settings_load (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_shared_settings_destroy (struct inos_shared_settings *settings);

/* In the words of compositor.ini; NULL where nothing is set. shared: may be NULL. */
GKeyFile *inos_shared_settings_file (const struct inos_shared_settings *shared);
