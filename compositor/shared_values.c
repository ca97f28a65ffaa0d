#include "shared_values.h"

#include <math.h>
#include <stdbool.h>

#include "title_buttons.h"

static const char *const schemas[INOS_SHARED_SCHEMA_COUNT] = {
  [INOS_SHARED_SOURCES] = "org.gnome.desktop.input-sources",
  [INOS_SHARED_KEYBOARD] = "org.gnome.desktop.peripherals.keyboard",
  [INOS_SHARED_MOUSE] = "org.gnome.desktop.peripherals.mouse",
  [INOS_SHARED_TOUCHPAD] = "org.gnome.desktop.peripherals.touchpad",
  [INOS_SHARED_TYPING] = "org.gnome.desktop.a11y.keyboard",
  [INOS_SHARED_ACCESS] = "org.gnome.desktop.a11y.applications",
  [INOS_SHARED_MAGNIFIER] = "org.gnome.desktop.a11y.magnifier",
  [INOS_SHARED_INTERFACE] = "org.gnome.desktop.interface",
  [INOS_SHARED_WINDOWS] = "org.gnome.desktop.wm.preferences",
  [INOS_SHARED_WORKSPACES] = "org.gnome.mutter",
  [INOS_SHARED_NIGHT] = "org.gnome.settings-daemon.plugins.color",
};

const char *inos_shared_schema_name (enum inos_shared_schema schema)
{
  return schemas[schema];
}

/* A reading of all of them. */
struct reading {
  const struct inos_shared_source *source;
  inos_shared_value_func each;
  void *data;
};

static bool has_key (GSettings *settings, const char *key)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_object_get (settings, "settings-schema", &schema, NULL);
  return g_settings_schema_has_key (schema, key);
}

/* What a person has set, of that type, or NULL. */
static GVariant *set_value (const struct reading *reading, enum inos_shared_schema schema,
                            const char *key, const char *type)
{
  GSettings *settings = reading->source->settings[schema];
  if (!settings || !has_key (settings, key))
    return NULL;
  g_autoptr (GVariant) value = g_settings_get_user_value (settings, key);
  return value && g_variant_is_of_type (value, G_VARIANT_TYPE (type)) ? g_steal_pointer (&value)
                                                                      : NULL;
}

/* What holds, whoever says so, or NULL. */
static GVariant *any_value (const struct reading *reading, enum inos_shared_schema schema,
                            const char *key, const char *type)
{
  GSettings *settings = reading->source->settings[schema];
  if (!settings || !has_key (settings, key))
    return NULL;
  g_autoptr (GVariant) value = g_settings_get_value (settings, key);
  return g_variant_is_of_type (value, G_VARIANT_TYPE (type)) ? g_steal_pointer (&value) : NULL;
}

static void tell (const struct reading *reading, const char *group, const char *name,
                  const char *value, enum inos_shared_schema schema, const char *key)
{
  g_autofree char *origin = g_strdup_printf ("%s %s", schemas[schema], key);
  reading->each (group, name, value, origin, reading->data);
}

static const char *truth (bool value)
{
  return value ? "true" : "false";
}

static char *whole (double value)
{
  return g_strdup_printf ("%.0f", value);
}

/* Those that are the same under another name. */
struct same {
  enum inos_shared_schema schema;
  const char *key;
  const char *group, *name;
};

static const struct same flags[] = {
  {INOS_SHARED_MOUSE, "natural-scroll", "mouse", "natural-scroll"},
  {INOS_SHARED_MOUSE, "left-handed", "mouse", "left-handed"},
  {INOS_SHARED_MOUSE, "middle-click-emulation", "mouse", "middle-emulation"},
  {INOS_SHARED_TOUCHPAD, "natural-scroll", "touchpad", "natural-scroll"},
  {INOS_SHARED_TOUCHPAD, "tap-to-click", "touchpad", "tap-to-click"},
  {INOS_SHARED_TOUCHPAD, "tap-and-drag", "touchpad", "tap-and-drag"},
  {INOS_SHARED_TOUCHPAD, "tap-and-drag-lock", "touchpad", "drag-lock"},
  {INOS_SHARED_TOUCHPAD, "disable-while-typing", "touchpad", "disable-while-typing"},
  {INOS_SHARED_TOUCHPAD, "middle-click-emulation", "touchpad", "middle-emulation"},
  {INOS_SHARED_TYPING, "stickykeys-enable", "accessibility", "sticky-keys"},
  {INOS_SHARED_TYPING, "mousekeys-enable", "accessibility", "mouse-keys"},
  {INOS_SHARED_WORKSPACES, "dynamic-workspaces", "workspaces", "dynamic"},
  {INOS_SHARED_NIGHT, "night-light-enabled", "night-light", "enabled"},
};

static const struct same whole_numbers[] = {
  {INOS_SHARED_INTERFACE, "cursor-size", "cursor", "size"},
  {INOS_SHARED_WINDOWS, "num-workspaces", "workspaces", "count"},
};

static const struct same amounts[] = {
  {INOS_SHARED_KEYBOARD, "delay", "keyboard", "repeat-delay"},
  {INOS_SHARED_NIGHT, "night-light-temperature", "night-light", "night"},
};

static const struct same fractions[] = {
  {INOS_SHARED_MOUSE, "speed", "mouse", "acceleration"},
  {INOS_SHARED_TOUCHPAD, "speed", "touchpad", "acceleration"},
};

static const struct same texts[] = {
  {INOS_SHARED_INTERFACE, "cursor-theme", "cursor", "theme"},
  {INOS_SHARED_SOURCES, "xkb-model", "keyboard", "model"},
};

/* Words of which some are others here; those that are not in the list say nothing. */
static const struct {
  struct same same;
  struct {
    const char *theirs, *ours;
  } words[4];
} choices[] = {
  {{INOS_SHARED_MOUSE, "accel-profile", "mouse", "acceleration-profile"},
   {{"flat", "flat"}, {"adaptive", "adaptive"}}},
  {{INOS_SHARED_TOUCHPAD, "accel-profile", "touchpad", "acceleration-profile"},
   {{"flat", "flat"}, {"adaptive", "adaptive"}}},
  {{INOS_SHARED_TOUCHPAD, "click-method", "touchpad", "click-method"},
   {{"none", "none"}, {"areas", "areas"}, {"fingers", "fingers"}}},
  {{INOS_SHARED_TOUCHPAD, "send-events", "touchpad", "send-events"},
   {{"enabled", "on"}, {"disabled", "off"}, {"disabled-on-external-mouse", "off-with-mouse"}}},
};

static void read_same (const struct reading *reading, const struct same *same, const char *type)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;
  g_autoptr (GVariant) value = set_value (reading, same->schema, same->key, type);
  if (!value)
    return;
  if (*type == 'b')
    text = g_strdup (truth (g_variant_get_boolean (value)));
  else if (*type == 'i')
    text = g_strdup_printf ("%d", g_variant_get_int32 (value));
  else if (*type == 'u')
    text = g_strdup_printf ("%u", g_variant_get_uint32 (value));
  else if (*type == 'd')
    text = g_strdup (g_ascii_formatd (number, sizeof number, "%.6g", g_variant_get_double (value)));
  else
    text = g_variant_dup_string (value, NULL);
  tell (reading, same->group, same->name, text, same->schema, same->key);
}

static void read_all_same (const struct reading *reading)
{
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
    read_same (reading, &flags[i], "b");
  for (size_t i = 0; i < G_N_ELEMENTS (whole_numbers); i++)
    read_same (reading, &whole_numbers[i], "i");
  for (size_t i = 0; i < G_N_ELEMENTS (amounts); i++)
    read_same (reading, &amounts[i], "u");
  for (size_t i = 0; i < G_N_ELEMENTS (fractions); i++)
    read_same (reading, &fractions[i], "d");
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    read_same (reading, &texts[i], "s");
}

static void read_choices (const struct reading *reading)
{
  for (size_t i = 0; i < G_N_ELEMENTS (choices); i++) {
    const struct same *same = &choices[i].same;
    g_autoptr (GVariant) value = set_value (reading, same->schema, same->key, "s");
    for (size_t k = 0; value && k < G_N_ELEMENTS (choices[i].words); k++) {
      if (g_strcmp0 (g_variant_get_string (value, NULL), choices[i].words[k].theirs) == 0)
        tell (reading, same->group, same->name, choices[i].words[k].ours, same->schema, same->key);
    }
  }
}

/* Layouts and their variants as XKB writes several: ('xkb', 'de+nodeadkeys') is one. Input methods
 * ('ibus') are others' business. */
static void read_sources (const struct reading *reading)
{
  enum { MOST = 4 }; /* that XKB has room for */
  g_autoptr (GVariant) value = set_value (reading, INOS_SHARED_SOURCES, "sources", "a(ss)");
  g_autoptr (GString) layouts = g_string_new (NULL), variants = g_string_new (NULL);
  GVariantIter iter;
  const char *kind, *name;
  int count = 0;
  if (!value)
    return;
  g_variant_iter_init (&iter, value);
  while (count < MOST && g_variant_iter_next (&iter, "(&s&s)", &kind, &name)) {
    if (!g_str_equal (kind, "xkb"))
      continue;
    g_auto (GStrv) parts = g_strsplit (name, "+", 2);
    g_string_append_printf (layouts, "%s%s", count > 0 ? "," : "", parts[0] ? parts[0] : "");
    g_string_append_printf (variants, "%s%s", count > 0 ? "," : "",
                            parts[0] && parts[1] ? parts[1] : "");
    count++;
  }
  if (count == 0)
    return;
  tell (reading, "keyboard", "variant", variants->str, INOS_SHARED_SOURCES, "sources");
  tell (reading, "keyboard", "layout", layouts->str, INOS_SHARED_SOURCES, "sources");
}

/* A list of texts that is one value in the file, with @separator between them. */
static void read_list (const struct reading *reading, enum inos_shared_schema schema,
                       const char *key, const char *separator, const char *group, const char *name)
{
  g_autoptr (GVariant) value = set_value (reading, schema, key, "as");
  g_autofree const char **list = value ? g_variant_get_strv (value, NULL) : NULL;
  g_autofree char *text = list ? g_strjoinv (separator, (char **)list) : NULL;
  if (text)
    tell (reading, group, name, text, schema, key);
}

/* ms between two repeats, and whether there are any. */
static void read_repeat (const struct reading *reading)
{
  g_autoptr (GVariant) interval = set_value (reading, INOS_SHARED_KEYBOARD, "repeat-interval", "u");
  g_autoptr (GVariant) repeat = set_value (reading, INOS_SHARED_KEYBOARD, "repeat", "b");
  guint32 ms = interval ? g_variant_get_uint32 (interval) : 0;
  if (repeat && !g_variant_get_boolean (repeat)) {
    tell (reading, "keyboard", "repeat-rate", "0", INOS_SHARED_KEYBOARD, "repeat");
  } else if (interval) {
    /* Slower than once a second is no repeat; 0 ms is no number of keys. */
    g_autofree char *rate = ms > 0 && ms <= 1000 ? whole (1000.0 / ms) : g_strdup ("-1");
    tell (reading, "keyboard", "repeat-rate", rate, INOS_SHARED_KEYBOARD, "repeat-interval");
  }
}

/* ms that count while it is on. */
static void read_delay (const struct reading *reading, const char *enable, const char *delay,
                        const char *name)
{
  g_autoptr (GVariant) on = set_value (reading, INOS_SHARED_TYPING, enable, "b");
  g_autoptr (GVariant) ms = any_value (reading, INOS_SHARED_TYPING, delay, "i");
  if (!on || !ms)
    return;
  g_autofree char *text =
    g_strdup_printf ("%d", g_variant_get_boolean (on) ? g_variant_get_int32 (ms) : 0);
  tell (reading, "accessibility", name, text, INOS_SHARED_TYPING, delay);
}

static void read_magnifier (const struct reading *reading)
{
  g_autoptr (GVariant) on =
    set_value (reading, INOS_SHARED_ACCESS, "screen-magnifier-enabled", "b");
  g_autoptr (GVariant) factor = any_value (reading, INOS_SHARED_MAGNIFIER, "mag-factor", "d");
  g_autoptr (GVariant) invert = set_value (reading, INOS_SHARED_MAGNIFIER, "invert-lightness", "b");
  bool is_on = on && g_variant_get_boolean (on);
  if (on && factor) {
    g_autofree char *text = whole (is_on ? g_variant_get_double (factor) * 100 : 100);
    tell (reading, "accessibility", "magnifier", text, INOS_SHARED_MAGNIFIER, "mag-factor");
  }
  if (is_on && invert)
    tell (reading, "accessibility", "invert-colours", truth (g_variant_get_boolean (invert)),
          INOS_SHARED_MAGNIFIER, "invert-lightness");
}

/* Which hand the touchpad is for: the mouse's, unless it is said. */
static void read_hand (const struct reading *reading)
{
  g_autoptr (GVariant) own = set_value (reading, INOS_SHARED_TOUCHPAD, "left-handed", "s");
  g_autoptr (GVariant) mouse = set_value (reading, INOS_SHARED_MOUSE, "left-handed", "b");
  const char *hand = own ? g_variant_get_string (own, NULL) : "mouse";
  if (g_str_equal (hand, "mouse") && !mouse)
    return;
  bool left =
    g_str_equal (hand, "mouse") ? g_variant_get_boolean (mouse) : g_str_equal (hand, "left");
  tell (reading, "touchpad", "left-handed", truth (left), INOS_SHARED_TOUCHPAD, "left-handed");
}

static void read_scroll_method (const struct reading *reading)
{
  g_autoptr (GVariant) fingers =
    set_value (reading, INOS_SHARED_TOUCHPAD, "two-finger-scrolling-enabled", "b");
  g_autoptr (GVariant) edge =
    set_value (reading, INOS_SHARED_TOUCHPAD, "edge-scrolling-enabled", "b");
  if (!fingers && !edge)
    return;
  bool with_fingers = !fingers || g_variant_get_boolean (fingers);
  bool at_edge = edge && g_variant_get_boolean (edge);
  /* Where both are on the edge was asked for: two fingers are what all have. */
  tell (reading, "touchpad", "scroll-method",
        at_edge        ? "edge"
        : with_fingers ? "two-finger"
                       : "none",
        INOS_SHARED_TOUCHPAD, at_edge ? "edge-scrolling-enabled" : "two-finger-scrolling-enabled");
}

/* The buttons that there are here, on their sides: "appmenu:close" has one. */
static void read_buttons (const struct reading *reading)
{
  g_autoptr (GVariant) value = set_value (reading, INOS_SHARED_WINDOWS, "button-layout", "s");
  g_autoptr (GString) text = g_string_new (NULL);
  if (!value)
    return;
  g_auto (GStrv) sides = g_strsplit (g_variant_get_string (value, NULL), ":", 2);
  for (int side = 0; side < 2; side++) {
    bool first = true;
    g_auto (GStrv) words =
      g_strsplit (side < (int)g_strv_length (sides) ? sides[side] : "", ",", 16);
    for (char **word = words; *word; word++) {
      bool known = false;
      for (int i = 0; inos_title_button_name (i); i++)
        known |= g_str_equal (inos_title_button_name (i), *word);
      if (!known)
        continue;
      g_string_append_printf (text, "%s%s", first ? "" : ",", *word);
      first = false;
    }
    g_string_append (text, side == 0 ? ":" : "");
  }
  tell (reading, "windows", "buttons", text->str, INOS_SHARED_WINDOWS, "button-layout");
}

static void read_edge_tiling (const struct reading *reading)
{
  g_autoptr (GVariant) value = set_value (reading, INOS_SHARED_WORKSPACES, "edge-tiling", "b");
  if (value && !g_variant_get_boolean (value))
    tell (reading, "windows", "snap-distance", "0", INOS_SHARED_WORKSPACES, "edge-tiling");
}

/* hours: 0 to 24, with parts. */
static char *time_of_day (double hours)
{
  if (!isfinite (hours) || hours < 0 || hours > 24)
    return g_strdup ("?");
  int minutes = (int)lround (hours * 60) % (24 * 60);
  return g_strdup_printf ("%02d:%02d", minutes / 60, minutes % 60);
}

/* Times, where the person wants those and not the sun. */
static void read_night (const struct reading *reading)
{
  static const char *const keys[][2] = {{"night-light-schedule-from", "from"},
                                        {"night-light-schedule-to", "to"}};
  g_autoptr (GVariant) sun =
    set_value (reading, INOS_SHARED_NIGHT, "night-light-schedule-automatic", "b");
  if (!sun || g_variant_get_boolean (sun))
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GVariant) hours = any_value (reading, INOS_SHARED_NIGHT, keys[i][0], "d");
    g_autofree char *text = hours ? time_of_day (g_variant_get_double (hours)) : NULL;
    if (text)
      tell (reading, "night-light", keys[i][1], text, INOS_SHARED_NIGHT, keys[i][0]);
  }
}

void inos_shared_values_for_each (const struct inos_shared_source *source,
                                  inos_shared_value_func each, void *data)
{
  const struct reading reading = {source, each, data};
  read_all_same (&reading);
  read_choices (&reading);
  read_sources (&reading);
  read_list (&reading, INOS_SHARED_SOURCES, "xkb-options", ",", "keyboard", "options");
  read_repeat (&reading);
  read_delay (&reading, "slowkeys-enable", "slowkeys-delay", "slow-keys");
  read_delay (&reading, "bouncekeys-enable", "bouncekeys-delay", "bounce-keys");
  read_magnifier (&reading);
  read_hand (&reading);
  read_scroll_method (&reading);
  read_list (&reading, INOS_SHARED_WINDOWS, "workspace-names", ";", "workspaces", "names");
  read_buttons (&reading);
  read_edge_tiling (&reading);
  read_night (&reading);
}
