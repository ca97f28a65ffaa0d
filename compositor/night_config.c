#include "night_schedule.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n.h>

#include "color_temperature.h"
#include "compositor.h"

enum { HOUR = 60, MOST_TRANSITION = 180 };

enum kind {
  FLAG,
  TIME,
  KELVIN,
  MINUTES,
  LATITUDE,
  LONGITUDE,
};

static const struct {
  const char *key;
  enum kind kind;
  size_t offset;
} settings[] = {
  {"enabled", FLAG, offsetof (struct inos_night_schedule, enabled)},
  {"from", TIME, offsetof (struct inos_night_schedule, from)},
  {"to", TIME, offsetof (struct inos_night_schedule, to)},
  {"day", KELVIN, offsetof (struct inos_night_schedule, day)},
  {"night", KELVIN, offsetof (struct inos_night_schedule, night)},
  {"transition", MINUTES, offsetof (struct inos_night_schedule, transition)},
  {"latitude", LATITUDE, offsetof (struct inos_night_schedule, latitude)},
  {"longitude", LONGITUDE, offsetof (struct inos_night_schedule, longitude)},
};

static const char *const wanted[] = {
  [FLAG] = N_ ("true or false"),
  [TIME] = N_ ("a time from 00:00 to 23:59"),
  [KELVIN] = N_ ("a whole number of kelvins from 1700 to 10000"),
  [MINUTES] = N_ ("a whole number of minutes from 0 to 180"),
  [LATITUDE] = N_ ("a number of degrees from -90 to 90, north of the equator"),
  [LONGITUDE] = N_ ("a number of degrees from -180 to 180, east of Greenwich"),
};

void inos_night_schedule_defaults (struct inos_night_schedule *schedule)
{
  *schedule = (struct inos_night_schedule){
    .latitude = NAN,
    .longitude = NAN,
    .from = 20 * HOUR,
    .to = 6 * HOUR,
    .day = INOS_TEMPERATURE_NEUTRAL,
    .night = 4000,
    .transition = 30,
  };
}

static bool parse_whole (const char *text, int least, int most, int *value)
{
  gint64 number;
  if (!g_ascii_string_to_signed (text, 10, least, most, &number, NULL))
    return false;
  *value = (int)number;
  return true;
}

static bool parse_time (const char *text, int *value)
{
  int hours, minutes;
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  if (g_strv_length (parts) != 2 || strlen (parts[1]) != 2 ||
      !parse_whole (parts[0], 0, 23, &hours) || !parse_whole (parts[1], 0, 59, &minutes))
    return false;
  *value = hours * HOUR + minutes;
  return true;
}

static bool parse_degrees (const char *text, double most, double *value)
{
  char *end;
  double number = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !(fabs (number) <= most))
    return false;
  *value = number;
  return true;
}

static bool parse (enum kind kind, const char *text, void *value)
{
  switch (kind) {
  case FLAG:
    *(bool *)value = g_str_equal (text, "true");
    return g_str_equal (text, "true") || g_str_equal (text, "false");
  case TIME:
    return parse_time (text, value);
  case KELVIN:
    return parse_whole (text, INOS_TEMPERATURE_LEAST, INOS_TEMPERATURE_MOST, value);
  case MINUTES:
    return parse_whole (text, 0, MOST_TRANSITION, value);
  case LATITUDE:
    return parse_degrees (text, 90, value);
  case LONGITUDE:
    return parse_degrees (text, 180, value);
  }
  return false;
}

static bool refuse (char **wrong, const char *key, GError **error, const char *format,
                    const char *what)
{
  g_autofree char *reason = g_strdup_printf (format, what);
  *wrong = g_strdup (key);
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG, "[%s] %s %s",
               INOS_NIGHT_GROUP, key, reason);
  return false;
}

static bool read_key (struct inos_night_schedule *schedule, const char *key, const char *text,
                      char **wrong, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++) {
    if (!g_str_equal (settings[i].key, key))
      continue;
    if (text && parse (settings[i].kind, text, G_STRUCT_MEMBER_P (schedule, settings[i].offset)))
      return true;
    return refuse (wrong, key, error, _ ("must be %s"), _ (wanted[settings[i].kind]));
  }
  *wrong = g_strdup (key);
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("there is no setting [%s] %s"), INOS_NIGHT_GROUP, key);
  return false;
}

bool inos_night_schedule_read (struct inos_night_schedule *schedule, GKeyFile *file, char **wrong,
                               GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, INOS_NIGHT_GROUP, NULL, NULL);
  for (char **key = keys; key && *key; key++) {
    g_autofree char *text = g_key_file_get_string (file, INOS_NIGHT_GROUP, *key, NULL);
    if (!read_key (schedule, *key, text, wrong, error))
      return false;
  }
  bool north = !isnan (schedule->latitude), east = !isnan (schedule->longitude);
  if (north != east)
    return refuse (wrong, north ? "latitude" : "longitude", error, _ ("needs %s beside it"),
                   north ? "longitude" : "latitude");
  schedule->by_sun = north;
  return true;
}

static char *text_of (enum kind kind, const void *value)
{
  char degrees[G_ASCII_DTOSTR_BUF_SIZE];
  switch (kind) {
  case FLAG:
    return g_strdup (*(const bool *)value ? "true" : "false");
  case TIME:
    return g_strdup_printf ("%02d:%02d", *(const int *)value / HOUR, *(const int *)value % HOUR);
  case KELVIN:
  case MINUTES:
    return g_strdup_printf ("%d", *(const int *)value);
  case LATITUDE:
  case LONGITUDE:
    break;
  }
  if (isnan (*(const double *)value))
    return NULL;
  return g_strdup (g_ascii_formatd (degrees, sizeof degrees, "%.6g", *(const double *)value));
}

void inos_night_schedule_describe (const struct inos_night_schedule *schedule, GKeyFile *file)
{
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autofree char *text =
      text_of (settings[i].kind, G_STRUCT_MEMBER_P (schedule, settings[i].offset));
    if (text)
      g_key_file_set_string (file, INOS_NIGHT_GROUP, settings[i].key, text);
  }
}
