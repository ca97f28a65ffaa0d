#include "sun.h"

#include <math.h>

#define RADIANS(degrees) ((degrees) * G_PI / 180)
#define DEGREES(radians) ((radians) * 180 / G_PI)

/* The middle of the sun is so far from the zenith when its upper edge is seen on the horizon:
 * half its width, and what the air bends. */
#define ZENITH 90.833

enum { DAY = 24 * 60 * 60, ROUNDS = 3 /* until the sun moves no more meanwhile */ };

struct sun {
  double declination; /* radians */
  double early;       /* by how many minutes a sundial is ahead of a clock */
};

static double in_circle (double degrees)
{
  return fmod (fmod (degrees, 360) + 360, 360);
}

static double obliquity_at (double century, double node)
{
  double seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
  return RADIANS (23 + (26 + seconds / 60) / 60 + 0.00256 * cos (node));
}

/* What has to be added to the mean longitude because the orbit is no circle, in degrees. */
static double center_at (double century, double anomaly)
{
  return sin (anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
         sin (2 * anomaly) * (0.019993 - 0.000101 * century) + sin (3 * anomaly) * 0.000289;
}

static struct sun sun_at (double time)
{
  double century = (time / DAY + 2440587.5 - 2451545) / 36525; /* from noon of 1 January 2000 */
  double longitude = in_circle (280.46646 + century * (36000.76983 + century * 0.0003032));
  double anomaly = RADIANS (357.52911 + century * (35999.05029 - 0.0001537 * century));
  double eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
  double node = RADIANS (125.04 - 1934.136 * century);
  double apparent =
    RADIANS (longitude + center_at (century, anomaly) - 0.00569 - 0.00478 * sin (node));
  double obliquity = obliquity_at (century, node);
  double y = tan (obliquity / 2) * tan (obliquity / 2), l = RADIANS (longitude);
  double equation = y * sin (2 * l) - 2 * eccentricity * sin (anomaly) +
                    4 * eccentricity * y * sin (anomaly) * cos (2 * l) - y * y / 2 * sin (4 * l) -
                    5 * eccentricity * eccentricity / 4 * sin (2 * anomaly);
  return (struct sun){
    .declination = asin (sin (obliquity) * sin (apparent)),
    .early = 4 * DEGREES (equation),
  };
}

/* When the sun is highest on the day that begins at `midnight` of the place's mean time. */
static double noon_of (double midnight)
{
  double noon = midnight + DAY / 2.0;
  return noon - sun_at (noon).early * 60;
}

/* Seconds from noon until the sun of that declination sets: 0 to half a day. */
static double half_day (double declination, double latitude)
{
  double cosine = cos (RADIANS (ZENITH)) / (cos (latitude) * cos (declination)) -
                  tan (latitude) * tan (declination);
  return acos (CLAMP (cosine, -1, 1)) / (2 * G_PI) * DAY;
}

/* side: -1 for the rise, 1 for the set */
static gint64 horizon (double midnight, double noon, double latitude, int side)
{
  double time = noon;
  for (int i = 0; i < ROUNDS; i++) {
    struct sun sun = sun_at (time);
    time = midnight + DAY / 2.0 - sun.early * 60 + side * half_day (sun.declination, latitude);
  }
  return llround (time);
}

struct inos_sun_day inos_sun_day (gint64 time, double latitude, double longitude)
{
  double ahead = longitude * 240; /* s: a turn of the earth is a day */
  double midnight = floor (((double)time + ahead) / DAY) * DAY - ahead;
  double noon = noon_of (midnight);
  double here = RADIANS (CLAMP (latitude, -89.9, 89.9));
  return (struct inos_sun_day){
    .rise = horizon (midnight, noon, here, -1),
    .set = horizon (midnight, noon, here, 1),
  };
}
