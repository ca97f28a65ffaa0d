/* Night light: screens are warmer at night. It acts where an output has a gamma table and no
 * program tints that output. */
#pragma once

#include "output.h"

struct inos_night_light;

struct inos_night_light *inos_night_light_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_night_light_destroy (struct inos_night_light *light);

/* Until the settings are read anew. */
void inos_night_light_set_enabled (struct inos_night_light *light, bool enabled);
bool inos_night_light_enabled (const struct inos_night_light *light);

enum { INOS_NIGHT_PREVIEW_MOST = 24 * 60 * 60 }; /* s */

/* Shows that temperature for so long, whatever else is set; 0 K ends it at once. Returns false
 * where either is out of bounds. */
bool inos_night_light_preview (struct inos_night_light *light, unsigned int kelvin,
                               unsigned int seconds);

/* What screens that can are at, in K. */
int inos_night_light_temperature (const struct inos_night_light *light);

/* For tests: another clock than the real one, in s since 1970; NULL for that again. With another
 * one nothing wakes up by itself: inos_night_light_tick() is for the test to call. */
void inos_night_light_set_clock (struct inos_night_light *light, gint64 (*now) (void *data),
                                 void *data);
/* Looks at the clock, as at each wake-up and after the clock was set. */
void inos_night_light_tick (struct inos_night_light *light);
/* When it looks next; 0 for never. */
gint64 inos_night_light_next (const struct inos_night_light *light);
