#include "output_setup.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n.h>
#include <wlr/types/wlr_output.h>

#include "output_settings.h"

#define PREFERRED "preferred"
#define HIGHEST_RATE "highest-rate"

enum { MILLI = 1000, RATE_MOST = 1000 /* Hz */ };

/* In the order of enum wl_output_transform. */
static const char *const transforms[] = {"normal",  "90",         "180",         "270",
                                         "flipped", "flipped-90", "flipped-180", "flipped-270"};

static const struct {
  const char *key, *must;
} words[INOS_OUTPUT_WORD_COUNT] = {
  [INOS_OUTPUT_ENABLED] = {"enabled", N_ ("true or false")},
  [INOS_OUTPUT_MODE] = {"mode", N_ ("preferred, highest-rate, or a size such as 1920x1080 or "
                                    "1920x1080@59.94")},
  [INOS_OUTPUT_SCALE] = {"scale", N_ ("a number from 0.25 to 8")},
  [INOS_OUTPUT_POSITION] = {"position", N_ ("a place such as 1920,0")},
  [INOS_OUTPUT_TRANSFORM] = {"transform", N_ ("normal, 90, 180, 270, flipped, flipped-90, "
                                              "flipped-180 or flipped-270")},
};

const char *inos_output_word_key (enum inos_output_word word)
{
  return words[word].key;
}

/* All of the text is a number from least to most. */
static bool parse_number (const char *text, double least, double most, double *number)
{
  char *end;
  if (!g_ascii_isdigit (text[0]))
    return false;
  *number = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*number) && *number >= least && *number <= most;
}

static bool parse_whole (const char *text, int least, int most, int *number)
{
  gint64 value;
  if (!g_ascii_string_to_signed (text, 10, least, most, &value, NULL))
    return false;
  *number = (int)value;
  return true;
}

/* Two whole numbers; tail: what comes after a @, "" without one. */
static bool parse_pair (const char *text, char between, int least, int most, int *a, int *b,
                        char **tail)
{
  const char mark[] = {between, '\0'};
  g_auto (GStrv) halves = g_strsplit (text, "@", 2);
  g_auto (GStrv) pair = halves[0] ? g_strsplit (halves[0], mark, 2) : NULL;
  if (!pair || g_strv_length (pair) != 2 || (halves[1] && !tail) || (halves[1] && !halves[1][0]) ||
      !parse_whole (g_strstrip (pair[0]), least, most, a) ||
      !parse_whole (g_strstrip (pair[1]), least, most, b))
    return false;
  if (tail)
    *tail = g_strdup (halves[1] ? halves[1] : "");
  return true;
}

/* refresh: mHz, 0 where the text says nothing of it. */
static bool parse_size (const char *text, int *width, int *height, int *refresh)
{
  g_autofree char *rate = NULL;
  double hertz = 0;
  if (!parse_pair (text, 'x', 1, INOS_OUTPUT_SIZE_MOST, width, height, &rate) ||
      (rate[0] && !parse_number (rate, 1, RATE_MOST, &hertz)))
    return false;
  *refresh = (int)lround (hertz * MILLI);
  return true;
}

static bool parse_place (const char *text, int *x, int *y)
{
  return parse_pair (text, ',', -INOS_OUTPUT_PLACE_MOST, INOS_OUTPUT_PLACE_MOST, x, y, NULL);
}

static int parse_transform (const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (transforms); i++) {
    if (g_str_equal (transforms[i], text))
      return (int)i;
  }
  return -1;
}

static bool is_good (enum inos_output_word word, const char *text)
{
  double scale;
  int a, b, c;
  switch (word) {
  case INOS_OUTPUT_ENABLED:
    return g_str_equal (text, "true") || g_str_equal (text, "false");
  case INOS_OUTPUT_MODE:
    return g_str_equal (text, PREFERRED) || g_str_equal (text, HIGHEST_RATE) ||
           parse_size (text, &a, &b, &c);
  case INOS_OUTPUT_SCALE:
    return parse_number (text, INOS_OUTPUT_SCALE_LEAST, INOS_OUTPUT_SCALE_MOST, &scale);
  case INOS_OUTPUT_POSITION:
    return parse_place (text, &a, &b);
  case INOS_OUTPUT_TRANSFORM:
    return parse_transform (text) >= 0;
  case INOS_OUTPUT_WORD_COUNT:
    break;
  }
  return false;
}

bool inos_output_word_check (enum inos_output_word word, const char *text, const char **must)
{
  *must = _ (words[word].must);
  return is_good (word, text);
}

static void take_mode (const struct wlr_output_mode *mode, struct inos_output_settings *settings)
{
  settings->width = mode->width;
  settings->height = mode->height;
  settings->refresh = mode->refresh;
}

/* One that has no modes stays as large as it is. */
static void lay_mode (struct wlr_output *wlr, const char *text,
                      struct inos_output_settings *settings)
{
  const struct wlr_output_mode *preferred = wlr_output_preferred_mode (wlr);
  struct inos_output_settings wanted = *settings;
  if (g_strcmp0 (text, HIGHEST_RATE) == 0 && preferred) {
    take_mode (preferred, &wanted);
    wanted.refresh = 0;
  } else if (!text || !parse_size (text, &wanted.width, &wanted.height, &wanted.refresh)) {
    if (preferred)
      take_mode (preferred, settings);
    return;
  }
  const struct wlr_output_mode *mode = inos_output_settings_mode (wlr, &wanted);
  bool same_size = wanted.width == settings->width && wanted.height == settings->height;
  if (mode)
    take_mode (mode, settings);
  else if (!same_size || wanted.refresh > 0)
    *settings = wanted;
}

void inos_output_word_lay (struct inos_output *output, enum inos_output_word word, const char *text,
                           struct inos_output_settings *settings)
{
  switch (word) {
  case INOS_OUTPUT_ENABLED:
    settings->enabled = !text || g_str_equal (text, "true");
    break;
  case INOS_OUTPUT_MODE:
    lay_mode (output->wlr, text, settings);
    break;
  case INOS_OUTPUT_SCALE:
    settings->scale = text ? g_ascii_strtod (text, NULL) : 1;
    break;
  case INOS_OUTPUT_POSITION:
    if (text)
      parse_place (text, &settings->x, &settings->y);
    break;
  case INOS_OUTPUT_TRANSFORM:
    settings->transform = text ? parse_transform (text) : WL_OUTPUT_TRANSFORM_NORMAL;
    break;
  case INOS_OUTPUT_WORD_COUNT:
    break;
  }
}

bool inos_output_word_same (enum inos_output_word word, const struct inos_output_settings *a,
                            const struct inos_output_settings *b)
{
  switch (word) {
  case INOS_OUTPUT_ENABLED:
    return a->enabled == b->enabled;
  case INOS_OUTPUT_MODE:
    return a->width == b->width && a->height == b->height && a->refresh == b->refresh;
  case INOS_OUTPUT_SCALE:
    return fabs (a->scale - b->scale) < INOS_OUTPUT_SCALE_STEP;
  case INOS_OUTPUT_POSITION:
    return a->x == b->x && a->y == b->y;
  case INOS_OUTPUT_TRANSFORM:
    return a->transform == b->transform;
  case INOS_OUTPUT_WORD_COUNT:
    break;
  }
  return true;
}
