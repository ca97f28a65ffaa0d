#include "device_config.h"

#include <libinput.h>
#include <math.h>
#include <string.h>
#include <glib/gi18n.h>

#include "compositor.h"
#include "seat.h"

struct choice {
  const char *name; /* NULL ends the list */
  int value;
};

static const struct choice flags[] = {{"true", 1}, {"false", 0}, {NULL, 0}};

static const struct choice profiles[] = {
  {"adaptive", LIBINPUT_CONFIG_ACCEL_PROFILE_ADAPTIVE},
  {"flat", LIBINPUT_CONFIG_ACCEL_PROFILE_FLAT},
  {NULL, 0},
};

static const struct choice scroll_methods[] = {
  {"none", LIBINPUT_CONFIG_SCROLL_NO_SCROLL},
  {"two-finger", LIBINPUT_CONFIG_SCROLL_2FG},
  {"edge", LIBINPUT_CONFIG_SCROLL_EDGE},
  {"button", LIBINPUT_CONFIG_SCROLL_ON_BUTTON_DOWN},
  {NULL, 0},
};

static const struct choice click_methods[] = {
  {"none", LIBINPUT_CONFIG_CLICK_METHOD_NONE},
  {"areas", LIBINPUT_CONFIG_CLICK_METHOD_BUTTON_AREAS},
  {"fingers", LIBINPUT_CONFIG_CLICK_METHOD_CLICKFINGER},
  {NULL, 0},
};

static const struct choice send_events[] = {
  {"on", LIBINPUT_CONFIG_SEND_EVENTS_ENABLED},
  {"off", LIBINPUT_CONFIG_SEND_EVENTS_DISABLED},
  {"off-with-mouse", LIBINPUT_CONFIG_SEND_EVENTS_DISABLED_ON_EXTERNAL_MOUSE},
  {NULL, 0},
};

static const struct choice tap_buttons[] = {
  {"left-right-middle", LIBINPUT_CONFIG_TAP_MAP_LRM},
  {"left-middle-right", LIBINPUT_CONFIG_TAP_MAP_LMR},
  {NULL, 0},
};

static const struct choice click_buttons[] = {
  {"left-right-middle", LIBINPUT_CONFIG_CLICKFINGER_MAP_LRM},
  {"left-middle-right", LIBINPUT_CONFIG_CLICKFINGER_MAP_LMR},
  {NULL, 0},
};

/* A setting is one of some words, or where there are none a number. */
static const struct {
  const char *key;
  const struct choice *choices;
  double least, most;
} settings[INOS_DEVICE_SETTING_COUNT] = {
  [INOS_DEVICE_ACCELERATION] = {"acceleration", NULL, -1, 1},
  [INOS_DEVICE_PROFILE] = {"acceleration-profile", profiles, 0, 0},
  [INOS_DEVICE_NATURAL_SCROLL] = {"natural-scroll", flags, 0, 0},
  [INOS_DEVICE_SCROLL_METHOD] = {"scroll-method", scroll_methods, 0, 0},
  [INOS_DEVICE_SCROLL_BUTTON] = {"scroll-button", NULL, 0, 0x2ff},
  [INOS_DEVICE_TAP] = {"tap-to-click", flags, 0, 0},
  [INOS_DEVICE_DRAG] = {"tap-and-drag", flags, 0, 0},
  [INOS_DEVICE_DRAG_LOCK] = {"drag-lock", flags, 0, 0},
  [INOS_DEVICE_DISABLE_WHILE_TYPING] = {"disable-while-typing", flags, 0, 0},
  [INOS_DEVICE_CLICK_METHOD] = {"click-method", click_methods, 0, 0},
  [INOS_DEVICE_LEFT_HANDED] = {"left-handed", flags, 0, 0},
  [INOS_DEVICE_MIDDLE_EMULATION] = {"middle-emulation", flags, 0, 0},
  [INOS_DEVICE_SEND_EVENTS] = {"send-events", send_events, 0, 0},
  [INOS_DEVICE_SCROLL_LOCK] = {"scroll-button-lock", flags, 0, 0},
  [INOS_DEVICE_SCROLL_SPEED] = {"scroll-speed", NULL, 0.1, 10},
  [INOS_DEVICE_TAP_BUTTONS] = {"tap-buttons", tap_buttons, 0, 0},
  [INOS_DEVICE_CLICK_BUTTONS] = {"click-buttons", click_buttons, 0, 0},
  [INOS_DEVICE_DISABLE_WHILE_TRACKPOINTING] = {"disable-while-trackpointing", flags, 0, 0},
  [INOS_DEVICE_ROTATION] = {"rotation", NULL, 0, 359},
};

static const char *const words[INOS_DEVICE_WORD_COUNT] = {
  [INOS_DEVICE_OUTPUT] = "map-to-output", [INOS_DEVICE_REGION] = "map-to-region",
  [INOS_DEVICE_LAYOUT] = "layout",        [INOS_DEVICE_VARIANT] = "variant",
  [INOS_DEVICE_OPTIONS] = "options",      [INOS_DEVICE_SEAT] = "seat",
};

#define CALIBRATION_KEY "calibration"
#define ONE_DEVICE "device "

bool inos_device_config_is_section (const char *section)
{
  return g_str_equal (section, "touchpad") || g_str_equal (section, "mouse") ||
         (g_str_has_prefix (section, ONE_DEVICE) && section[strlen (ONE_DEVICE)] != '\0');
}

static bool choose (const struct choice *choices, const char *text, double *value)
{
  for (; choices->name; choices++) {
    if (g_str_equal (choices->name, text)) {
      *value = choices->value;
      return true;
    }
  }
  return false;
}

static char *names_of (const struct choice *choices)
{
  GString *text = g_string_new (NULL);
  for (const struct choice *choice = choices; choice->name; choice++)
    g_string_append_printf (text, "%s%s", choice == choices ? "" : ", ", choice->name);
  return g_string_free (text, FALSE);
}

static bool number (const char *text, double least, double most, double *value)
{
  char *end;
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value) && *value >= least && *value <= most;
}

static bool read_setting (struct inos_device_config *config, enum inos_device_setting setting,
                          const char *section, const char *text, GError **error)
{
  const struct choice *choices = settings[setting].choices;
  const char *key = settings[setting].key;
  config->set |= 1U << setting;
  if (choices) {
    if (choose (choices, text, &config->values[setting]))
      return true;
    g_autofree char *names = names_of (choices);
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("[%s] %s must be one of: %s"), section, key, names);
    return false;
  }
  if (number (text, settings[setting].least, settings[setting].most, &config->values[setting]))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] %s must be a number from %g to %g"), section, key, settings[setting].least,
               settings[setting].most);
  return false;
}

static bool read_calibration (struct inos_device_config *config, const char *section,
                              const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " ", 7);
  bool good = g_strv_length (parts) == G_N_ELEMENTS (config->calibration);
  for (size_t i = 0; good && i < G_N_ELEMENTS (config->calibration); i++) {
    double value;
    good = number (parts[i], -1000, 1000, &value);
    config->calibration[i] = (float)value;
  }
  config->calibrated = good;
  if (!good)
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("[%s] %s must be six numbers, such as 1 0 0 0 1 0"), section, CALIBRATION_KEY);
  return good;
}

/* What programs are told, and what people write: short and plain. Seats of remote desktops have
 * names of their own. */
static bool is_seat_name (const char *text)
{
  enum { MOST = 32 };
  size_t length = strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.");
  return text[length] == '\0' && length <= MOST && !g_str_has_prefix (text, INOS_TRANSIENT_SEAT);
}

/* "X,Y,WxH", as `inosctl screenshot region` takes it. */
static bool read_region (const char *text, int region[4])
{
  static const char separators[] = {',', ',', 'x', '\0'};
  enum { FARTHEST = 1 << 20 };
  for (int i = 0; i < 4; i++) {
    char *end;
    gint64 value = g_ascii_strtoll (text, &end, 10);
    if (end == text || *end != separators[i] || value < (i < 2 ? -FARTHEST : 1) || value > FARTHEST)
      return false;
    region[i] = (int)value;
    text = end + 1;
  }
  return true;
}

static bool check_region (const char *section, const char *text, GError **error)
{
  int region[4];
  if (!*text || read_region (text, region))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] %s must be X,Y,WxH in whole pixels, such as 0,0,1280x720"), section,
               words[INOS_DEVICE_REGION]);
  return false;
}

static bool check_word (enum inos_device_word word, const char *section, const char *text,
                        GError **error)
{
  if (word == INOS_DEVICE_REGION)
    return check_region (section, text, error);
  if (word != INOS_DEVICE_SEAT || is_seat_name (text))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] seat must be a name of at most 32 letters, digits, '-', '_' and '.' that "
                  "does not begin with '%s'"),
               section, INOS_TRANSIENT_SEAT);
  return false;
}

static bool read_key (struct inos_device_config *config, const char *section, const char *key,
                      const char *text, GError **error)
{
  for (int i = 0; i < INOS_DEVICE_SETTING_COUNT; i++) {
    if (g_str_equal (settings[i].key, key))
      return read_setting (config, (enum inos_device_setting)i, section, text, error);
  }
  if (g_str_equal (key, CALIBRATION_KEY))
    return read_calibration (config, section, text, error);
  for (int i = 0; i < INOS_DEVICE_WORD_COUNT; i++) {
    /* Only keyboards have layouts, and those of their kind [keyboard] sets. */
    if (!g_str_equal (words[i], key) || (i != INOS_DEVICE_OUTPUT && i != INOS_DEVICE_REGION &&
                                         !g_str_has_prefix (section, ONE_DEVICE)))
      continue;
    if (!check_word ((enum inos_device_word)i, section, text, error))
      return false;
    g_free (config->words[i]);
    config->words[i] = g_strdup (text);
    return true;
  }
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("there is no setting [%s] %s"), section, key);
  return false;
}

struct inos_device_config *inos_device_config_read (GKeyFile *file, const char *section,
                                                    char **wrong, GError **error)
{
  struct inos_device_config *config = g_new0 (struct inos_device_config, 1);
  g_auto (GStrv) keys = g_key_file_get_keys (file, section, NULL, NULL);
  for (char **key = keys; key && *key; key++) {
    g_autofree char *text = g_key_file_get_value (file, section, *key, NULL);
    if (!read_key (config, section, *key, g_strstrip (text), error)) {
      *wrong = g_strdup (*key);
      inos_device_config_free (config);
      return NULL;
    }
  }
  return config;
}

void inos_device_config_free (struct inos_device_config *config)
{
  if (!config)
    return;
  for (int i = 0; i < INOS_DEVICE_WORD_COUNT; i++)
    g_free (config->words[i]);
  g_free (config);
}

static void lay_over (struct inos_device_config *below, const struct inos_device_config *above)
{
  if (!above)
    return;
  for (int i = 0; i < INOS_DEVICE_SETTING_COUNT; i++) {
    if (above->set & (1U << i))
      below->values[i] = above->values[i];
  }
  below->set |= above->set;
  if (above->calibrated) {
    below->calibrated = true;
    memcpy (below->calibration, above->calibration, sizeof below->calibration);
  }
  for (int i = 0; i < INOS_DEVICE_WORD_COUNT; i++) {
    if (above->words[i])
      below->words[i] = above->words[i];
  }
}

struct inos_device_config inos_device_config_resolve (GHashTable *sections, const char *kind,
                                                      const char *name)
{
  struct inos_device_config config = {0};
  g_autofree char *of_name = g_strconcat (ONE_DEVICE, name ? name : "", NULL);
  if (g_str_equal (kind, "touchpad")) {
    config.set = 1U << INOS_DEVICE_TAP | 1U << INOS_DEVICE_NATURAL_SCROLL;
    config.values[INOS_DEVICE_TAP] = config.values[INOS_DEVICE_NATURAL_SCROLL] = 1;
  }
  lay_over (&config, g_hash_table_lookup (sections, kind));
  lay_over (&config, g_hash_table_lookup (sections, of_name));
  return config;
}

double inos_device_config_get (const struct inos_device_config *config,
                               enum inos_device_setting setting, double otherwise)
{
  return config->set & (1U << setting) ? config->values[setting] : otherwise;
}

bool inos_device_config_region (const struct inos_device_config *config, int region[4])
{
  const char *text = config->words[INOS_DEVICE_REGION];
  return text && read_region (text, region);
}

static const char *name_of (const struct choice *choices, double value)
{
  for (; choices->name; choices++) {
    if (choices->value == (int)value)
      return choices->name;
  }
  return NULL;
}

static char *calibration_text (const struct inos_device_config *config)
{
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (config->calibration); i++) {
    char word[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd (word, sizeof word, "%.6g", (double)config->calibration[i]);
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
  }
  return g_string_free (text, FALSE);
}

void inos_device_config_for_each (const struct inos_device_config *config,
                                  void (*each) (const char *key, const char *value, void *data),
                                  void *data)
{
  for (int i = 0; i < INOS_DEVICE_SETTING_COUNT; i++) {
    char word[G_ASCII_DTOSTR_BUF_SIZE];
    if (!(config->set & (1U << i)))
      continue;
    const char *text =
      settings[i].choices ? name_of (settings[i].choices, config->values[i]) : NULL;
    each (settings[i].key,
          text ? text : g_ascii_formatd (word, sizeof word, "%.6g", config->values[i]), data);
  }
  if (config->calibrated) {
    g_autofree char *text = calibration_text (config);
    each (CALIBRATION_KEY, text, data);
  }
  for (int i = 0; i < INOS_DEVICE_WORD_COUNT; i++) {
    if (config->words[i] && config->words[i][0])
      each (words[i], config->words[i], data);
  }
}

bool inos_device_config_set (GHashTable *sections, const char *name, const char *key,
                             const char *value, GError **error)
{
  g_autofree char *section = g_strconcat (ONE_DEVICE, name, NULL);
  struct inos_device_config one = {0};
  if (!read_key (&one, section, key, value, error))
    return false;
  struct inos_device_config *config = g_hash_table_lookup (sections, section);
  if (!config) {
    config = g_new0 (struct inos_device_config, 1);
    g_hash_table_insert (sections, g_steal_pointer (&section), config);
  }
  for (int i = 0; i < INOS_DEVICE_WORD_COUNT; i++) {
    if (one.words[i])
      g_clear_pointer (&config->words[i], g_free);
  }
  lay_over (config, &one); /* which gives it the words */
  return true;
}
