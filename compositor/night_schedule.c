#include "night_schedule.h"

#include <math.h>
#include <stdlib.h>

#include "color_temperature.h"
#include "sun.h"

enum {
  DAY = 24 * 60 * 60,
  DAYS = 5, /* that are looked at: two on each side of today */
  MOST_CORNERS = 5 * DAYS,
  SEAM = 2 * 60, /* s: where the sun does not set, one day meets the next */
};

/* A step of so many mireds (a million through the kelvins), in which equal differences look equal,
 * is a third of what an eye can tell. */
#define STEP 2.0
#define MIRED(kelvin) (1e6 / (kelvin))

struct daylight {
  gint64 from, to;
};

/* The minute of the day that is `days` away from the one of `time`. */
static gint64 local_minute (gint64 time, int days, int minute)
{
  /* Looked up anew: a person who travels sets another zone. */
  g_autoptr (GTimeZone) found = g_time_zone_new_identifier (g_getenv ("TZ"));
  g_autoptr (GTimeZone) zone = found ? g_time_zone_ref (found) : g_time_zone_new_utc();
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time);
  g_autoptr (GDateTime) now = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autoptr (GDateTime) then = now ? g_date_time_add_days (now, days) : NULL;
  g_autoptr (GDateTime) at =
    then ? g_date_time_new (zone, g_date_time_get_year (then), g_date_time_get_month (then),
                            g_date_time_get_day_of_month (then), minute / 60, minute % 60, 0)
         : NULL;
  return at ? g_date_time_to_unix (at) : time + (gint64)days * DAY;
}

static struct daylight daylight_of (const struct inos_night_schedule *s, gint64 time, int days)
{
  if (s->by_sun) {
    struct inos_sun_day sun = inos_sun_day (time + (gint64)days * DAY, s->latitude, s->longitude);
    int seam = sun.set > sun.rise ? SEAM : 0;
    return (struct daylight){sun.rise - seam, sun.set + seam};
  }
  /* Night from 01:00 to 09:00: the day ends after midnight. */
  return (struct daylight){local_minute (time, days, s->to),
                           local_minute (time, days + (s->from <= s->to), s->from)};
}

/* How much of the night there is: 0 by day to 1. */
static double darkness (const struct inos_night_schedule *s, const struct daylight *days,
                        gint64 time)
{
  double away = (double)DAY, transition = s->transition * 60.0;
  for (int i = 0; i < DAYS; i++) {
    if (days[i].from >= days[i].to)
      continue;
    if (time >= days[i].from && time < days[i].to)
      return 0;
    away = MIN (away, (double)(time < days[i].from ? days[i].from - time : time - days[i].to + 1));
  }
  return transition > 0 ? MIN (1, away / transition) : 1;
}

static int steps_of (const struct inos_night_schedule *s)
{
  return MAX (1, (int)ceil (fabs (MIRED (s->night) - MIRED (s->day)) / STEP));
}

static int step_at (const struct inos_night_schedule *s, const struct daylight *days, gint64 time)
{
  return (int)(darkness (s, days, time) * steps_of (s));
}

static int kelvin_of (const struct inos_night_schedule *s, int step)
{
  double share = (double)step / steps_of (s);
  return (int)lround (1e6 / (MIRED (s->day) + share * (MIRED (s->night) - MIRED (s->day))));
}

static int compare (const void *a, const void *b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return (left > right) - (left < right);
}

/* The times at which darkness begins or ends to change. Returns how many. */
static int corners_of (const struct inos_night_schedule *s, const struct daylight *days,
                       gint64 corners[MOST_CORNERS])
{
  gint64 transition = (gint64)s->transition * 60;
  int n = 0;
  for (int i = 0; i < DAYS; i++) {
    if (days[i].from >= days[i].to)
      continue;
    corners[n++] = days[i].from - transition;
    corners[n++] = days[i].from;
    corners[n++] = days[i].to;
    corners[n++] = days[i].to + transition;
    if (i + 1 < DAYS)
      corners[n++] = days[i].to + (days[i + 1].from - days[i].to) / 2;
  }
  qsort (corners, (size_t)n, sizeof *corners, compare);
  return n;
}

/* The first time after `from`, and not after `to`, at which the step is another. In between it
 * changes in one direction only. */
static gint64 find_change (const struct inos_night_schedule *s, const struct daylight *days,
                           gint64 from, gint64 to)
{
  int step = step_at (s, days, from);
  while (to - from > 1) {
    gint64 middle = from + (to - from) / 2;
    if (step_at (s, days, middle) == step)
      from = middle;
    else
      to = middle;
  }
  return to;
}

int inos_night_schedule_at (const struct inos_night_schedule *schedule, gint64 time, gint64 *next)
{
  struct daylight days[DAYS];
  gint64 corners[MOST_CORNERS], last = time;
  *next = time + DAY / 2;
  if (!schedule->enabled)
    return INOS_TEMPERATURE_NEUTRAL;
  for (int i = 0; i < DAYS; i++)
    days[i] = daylight_of (schedule, time, i - DAYS / 2);
  int n = corners_of (schedule, days, corners), step = step_at (schedule, days, time);
  for (int i = 0; i < n && last < time + DAY / 2; i++) {
    if (corners[i] <= time)
      continue;
    if (step_at (schedule, days, corners[i]) != step) {
      *next = MIN (*next, find_change (schedule, days, last, corners[i]));
      break;
    }
    last = corners[i];
  }
  return kelvin_of (schedule, step);
}
