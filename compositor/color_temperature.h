/* The colour of a body that glows at a temperature, for tinting a screen. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* K. A screen that shows no tint is at INOS_TEMPERATURE_NEUTRAL. */
enum {
  INOS_TEMPERATURE_LEAST = 1700,
  INOS_TEMPERATURE_NEUTRAL = 6500,
  INOS_TEMPERATURE_MOST = 10000,
};

/* How much of the light of red, green and blue is left: 0 to 1, the greatest is 1. */
void inos_color_temperature_light (int kelvin, double light[3]);

/* Fills three tables of `size` entries, one behind the other, for a monitor's gamma table. */
void inos_color_temperature_fill (int kelvin, uint16_t *table, size_t size);
