/* Which colour temperature screens have when, as [night-light] of compositor.ini says it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_night_schedule {
  bool enabled;
  bool by_sun; /* at latitude, longitude; else from, to */
  double latitude, longitude;
  int from, to;   /* when night begins and ends: minutes since midnight of the local time */
  int day, night; /* K */
  int transition; /* minutes from the one to the other: after night begins, before it ends */
};

#define INOS_NIGHT_GROUP "night-light"

void inos_night_schedule_defaults (struct inos_night_schedule *schedule);

/* Takes over what the group says. Returns false, sets error and *wrong, the key, where a value
 * cannot be. */
bool inos_night_schedule_read (struct inos_night_schedule *schedule, GKeyFile *file, char **wrong,
                               GError **error);
/* Writes the group as a file would have it. */
void inos_night_schedule_describe (const struct inos_night_schedule *schedule, GKeyFile *file);

/* The temperature at a time, in s since 1970. It goes in steps too small to be seen; *next is when
 * the next one is due, or when to ask again where none comes soon. */
int inos_night_schedule_at (const struct inos_night_schedule *schedule, gint64 time, gint64 *next);
