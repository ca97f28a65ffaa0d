/* When the sun rises and sets.
 *
 * The equations are those of the NOAA Global Monitoring Laboratory's solar calculator
 * (gml.noaa.gov/grad/solcalc, its page of calculation details), which take them from Jean Meeus,
 * Astronomical Algorithms: good to a minute between the polar circles from 1901 to 2099. */
#pragma once

#include <glib.h>

/* One day of the sun at a place. Where it does not set, the day is 24 hours long; where it does not
 * rise, both ends are its noon. */
struct inos_sun_day {
  gint64 rise, set; /* s since 1970 */
};

/* The day with the noon that is nearest. latitude, longitude: degrees, north and east. */
struct inos_sun_day inos_sun_day (gint64 time, double latitude, double longitude);
