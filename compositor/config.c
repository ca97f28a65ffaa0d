#include "config.h"

#include <gio/gio.h>
#include <string.h>
#include <glib/gi18n.h>

#include "binding_table.h"
#include "compositor.h"
#include "device_config.h"
#include "privilege.h"

#define MODE_PREFIX "bindings "

/* Where in the file something is wrong. */
struct place {
  char *group, *key; /* may be NULL */
};

static bool wrong_at (struct place *place, const char *group, const char *key)
{
  *place = (struct place){g_strdup (group), g_strdup (key)};
  return false;
}
#include "rule.h"
#include "x11_scale.h"

/* A number in compositor.ini: where it is, where it goes, what it may be. */
struct number {
  const char *group, *key;
  size_t offset;
  int standard, least, most;
};

static const struct number numbers[] = {
  {"keyboard", "repeat-rate", offsetof (struct inos_config, repeat_rate), 25, 0, 200},
  {"keyboard", "repeat-delay", offsetof (struct inos_config, repeat_delay), 500, 50, 5000},
  {"accessibility", "slow-keys", offsetof (struct inos_config, slow_keys), 0, 0, INOS_KEYS_MOST},
  {"accessibility", "bounce-keys", offsetof (struct inos_config, bounce_keys), 0, 0,
   INOS_KEYS_MOST},
  {"accessibility", "magnifier", offsetof (struct inos_config, magnifier), 100, 100,
   INOS_ZOOM_MOST},
  {"cursor", "size", offsetof (struct inos_config, cursor_size), 0, INOS_CURSOR_LEAST,
   INOS_CURSOR_MOST},
  {"windows", "snap-distance", offsetof (struct inos_config, snap_distance), 8, 0, 64},
  {"windows", "edge-resistance", offsetof (struct inos_config, edge_resistance), 16, 0, 100},
  {"windows", "unresponsive-after", offsetof (struct inos_config, unresponsive_after), 10000, 0,
   60000},
  {"animations", "speed", offsetof (struct inos_config, animation_speed), 100, 25, 400},
  {"tiling", "gap", offsetof (struct inos_config, gap), 8, 0, 64},
  {"idle", "dim", offsetof (struct inos_config, idle.dim), -1, 0, INOS_IDLE_MOST},
  {"idle", "blank", offsetof (struct inos_config, idle.blank), -1, 0, INOS_IDLE_MOST},
  {"idle", "lock", offsetof (struct inos_config, idle.lock), -1, 0, INOS_IDLE_MOST},
  {"idle", "suspend", offsetof (struct inos_config, idle.suspend), -1, 0, INOS_IDLE_MOST},
  {"idle battery", "dim", offsetof (struct inos_config, idle_battery.dim), -1, 0, INOS_IDLE_MOST},
  {"idle battery", "blank", offsetof (struct inos_config, idle_battery.blank), -1, 0,
   INOS_IDLE_MOST},
  {"idle battery", "lock", offsetof (struct inos_config, idle_battery.lock), -1, 0, INOS_IDLE_MOST},
  {"idle battery", "suspend", offsetof (struct inos_config, idle_battery.suspend), -1, 0,
   INOS_IDLE_MOST},
  {"idle", "blank-locked", offsetof (struct inos_config, blank_locked), -1, 0, INOS_IDLE_MOST},
  {"corners", "delay", offsetof (struct inos_config, corners.delay), 300, 0, INOS_CORNERS_MOST},
  {"workspaces", "count", offsetof (struct inos_config, workspaces), 4, 1, 16},
};

struct string {
  const char *group, *key;
  size_t offset;
};

static const struct string strings[] = {
  {"keyboard", "layout", offsetof (struct inos_config, layout)},
  {"keyboard", "variant", offsetof (struct inos_config, variant)},
  {"keyboard", "model", offsetof (struct inos_config, model)},
  {"keyboard", "options", offsetof (struct inos_config, options)},
  {"keyboard", "rules", offsetof (struct inos_config, rules)},
  {"workspaces", "names", offsetof (struct inos_config, workspace_names)},
  {"tiling", "layout", offsetof (struct inos_config, tiling_layout)},
  {"keyboard", "shortcuts-escape", offsetof (struct inos_config, shortcuts_escape)},
  {"switches", "lid-close", offsetof (struct inos_config, lid_close)},
  {"switches", "lid-open", offsetof (struct inos_config, lid_open)},
  {"switches", "tablet-mode-on", offsetof (struct inos_config, tablet_mode_on)},
  {"switches", "tablet-mode-off", offsetof (struct inos_config, tablet_mode_off)},
  {"corners", "top-left", offsetof (struct inos_config, corners.top_left)},
  {"corners", "top-right", offsetof (struct inos_config, corners.top_right)},
  {"corners", "bottom-left", offsetof (struct inos_config, corners.bottom_left)},
  {"corners", "bottom-right", offsetof (struct inos_config, corners.bottom_right)},
  {"windows", "buttons", offsetof (struct inos_config, title_buttons_text)},
  {"cursor", "theme", offsetof (struct inos_config, cursor_theme)},
  {"protocols", "allow", offsetof (struct inos_config, allowed_programs)},
  {"lock", "command", offsetof (struct inos_config, lock_command)},
  {"xwayland", "scale", offsetof (struct inos_config, xwayland_scale)},
};

struct flag {
  const char *group, *key;
  size_t offset;
};

static const struct flag flags[] = {
  {"accessibility", "sticky-keys", offsetof (struct inos_config, sticky_keys)},
  {"accessibility", "mouse-keys", offsetof (struct inos_config, mouse_keys)},
  {"accessibility", "invert-colours", offsetof (struct inos_config, invert_colours)},
  {"accessibility", "high-contrast-pointer", offsetof (struct inos_config, high_contrast_pointer)},
  {"animations", "enabled", offsetof (struct inos_config, animations)},
  {"gestures", "workspaces", offsetof (struct inos_config, swipe_workspaces)},
  {"gestures", "overview", offsetof (struct inos_config, swipe_overview)},
  {"workspaces", "per-output", offsetof (struct inos_config, workspaces_per_output)},
  {"workspaces", "dynamic", offsetof (struct inos_config, dynamic_workspaces)},
  {"workspaces", "follow", offsetof (struct inos_config, follow_window)},
  {"windows", "shadows", offsetof (struct inos_config, shadows)},
  {"windows", "title-bars", offsetof (struct inos_config, title_bars)},
  {"cursor", "hide-while-typing", offsetof (struct inos_config, hide_while_typing)},
  {"xwayland", "enabled", offsetof (struct inos_config, xwayland)},
  {"greeter", "people", offsetof (struct inos_config, greeter_people)},
};

static void set_defaults (struct inos_config *config)
{
  *config = (struct inos_config){.animations = true,
                                 .shadows = true,
                                 .swipe_workspaces = true,
                                 .swipe_overview = true,
                                 .greeter_people = true,
                                 .xwayland = true};
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    *(int *)G_STRUCT_MEMBER_P (config, numbers[i].offset) = numbers[i].standard;
  inos_night_schedule_defaults (&config->night_light);
  inos_title_buttons_parse (NULL, &config->title_buttons);
  config->rules_of_windows = g_ptr_array_new_with_free_func (inos_rule_free);
  config->bindings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  config->modes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  config->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)inos_device_config_free);
  inos_output_configs_init (&config->outputs);
}

static bool read_numbers (struct inos_config *config, GKeyFile *file, struct place *place,
                          GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const struct number *n = &numbers[i];
    if (!g_key_file_has_key (file, n->group, n->key, NULL))
      continue;
    GError *wrong = NULL;
    int value = g_key_file_get_integer (file, n->group, n->key, &wrong);
    if (wrong || value < n->least || value > n->most) {
      g_clear_error (&wrong);
      g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                   _ ("[%s] %s must be a whole number from %d to %d"), n->group, n->key, n->least,
                   n->most);
      return wrong_at (place, n->group, n->key);
    }
    *(int *)G_STRUCT_MEMBER_P (config, n->offset) = value;
  }
  return true;
}

static bool read_flags (struct inos_config *config, GKeyFile *file, struct place *place,
                        GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++) {
    const struct flag *f = &flags[i];
    if (!g_key_file_has_key (file, f->group, f->key, NULL))
      continue;
    GError *wrong = NULL;
    bool value = g_key_file_get_boolean (file, f->group, f->key, &wrong);
    if (wrong) {
      g_clear_error (&wrong);
      g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                   _ ("[%s] %s must be true or false"), f->group, f->key);
      return wrong_at (place, f->group, f->key);
    }
    *(bool *)G_STRUCT_MEMBER_P (config, f->offset) = value;
  }
  return true;
}

static bool read_combinations (GHashTable *table, GKeyFile *file, const char *group,
                               struct place *place, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  for (char **key = keys; key && *key; key++) {
    char *action = g_key_file_get_string (file, group, *key, NULL);
    if (!action)
      continue;
    g_hash_table_insert (table, g_strdup (*key), action);
    if (!inos_bindings_check (*key, action, error)) {
      g_prefix_error (error, "[%s] %s: ", group, *key);
      return wrong_at (place, group, *key);
    }
  }
  return true;
}

static bool read_bindings (struct inos_config *config, GKeyFile *file, struct place *place,
                           GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  if (!read_combinations (config->bindings, file, "bindings", place, error))
    return false;
  for (char **group = groups; *group; group++) {
    const char *mode = *group + strlen (MODE_PREFIX);
    if (!g_str_has_prefix (*group, MODE_PREFIX) || mode[0] == '\0')
      continue;
    GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (config->modes, g_strdup (mode), table);
    if (!read_combinations (table, file, *group, place, error))
      return false;
  }
  return true;
}

/* Those whose text is an action, or the combination that takes shortcuts back. */
static bool check_string (const struct string *string, const char *text, struct place *place,
                          GError **error)
{
  bool is_action = g_str_equal (string->group, INOS_MODE_SWITCHES) ||
                   g_str_equal (string->group, INOS_MODE_CORNERS);
  bool is_escape = g_str_equal (string->key, "shortcuts-escape");
  if ((!is_action || inos_bindings_check_action (text, error)) &&
      (!is_escape || inos_bindings_check_escape (text, error)))
    return true;
  g_prefix_error (error, "[%s] %s: ", string->group, string->key);
  return wrong_at (place, string->group, string->key);
}

static bool read_strings (struct inos_config *config, GKeyFile *file, struct place *place,
                          GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++) {
    char *text = g_key_file_get_string (file, strings[i].group, strings[i].key, NULL);
    *(char **)G_STRUCT_MEMBER_P (config, strings[i].offset) = text;
    if (!check_string (&strings[i], text, place, error))
      return false;
  }
  return true;
}

static bool read_devices (struct inos_config *config, GKeyFile *file, struct place *place,
                          GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    g_autofree char *key = NULL;
    if (!inos_device_config_is_section (*group))
      continue;
    struct inos_device_config *device = inos_device_config_read (file, *group, &key, error);
    if (!device)
      return wrong_at (place, *group, key);
    g_hash_table_insert (config->devices, g_strdup (*group), device);
  }
  return true;
}

static bool read_night_light (struct inos_config *config, GKeyFile *file, struct place *place,
                              GError **error)
{
  g_autofree char *key = NULL;
  return inos_night_schedule_read (&config->night_light, file, &key, error) ||
         wrong_at (place, INOS_NIGHT_GROUP, key);
}

static bool read_outputs (struct inos_config *config, GKeyFile *file, struct place *place,
                          GError **error)
{
  g_autofree char *group = NULL, *key = NULL;
  return inos_output_configs_read (&config->outputs, file, &group, &key, error) ||
         wrong_at (place, group, key);
}

static bool read_rules (struct inos_config *config, GKeyFile *file, struct place *place,
                        GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    if (!inos_rule_is_group (*group))
      continue;
    if (config->rules_of_windows->len == INOS_RULES_MOST) {
      g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                   _ ("[%s] is one rule too many: there may be %d"), *group, INOS_RULES_MOST);
      return wrong_at (place, *group, NULL);
    }
    struct inos_rule *rule = inos_rule_read (file, *group, error);
    if (!rule)
      return wrong_at (place, *group, NULL);
    g_ptr_array_add (config->rules_of_windows, rule);
  }
  return true;
}

static bool is_known (const char *group, const char *key)
{
  bool known = false;
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    known |= g_str_equal (group, numbers[i].group) && g_str_equal (key, numbers[i].key);
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    known |= g_str_equal (group, strings[i].group) && g_str_equal (key, strings[i].key);
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
    known |= g_str_equal (group, flags[i].group) && g_str_equal (key, flags[i].key);
  return known;
}

/* Groups whose keys another reader looks at. */
static bool is_read_elsewhere (const char *group)
{
  return g_str_equal (group, "bindings") || g_str_has_prefix (group, MODE_PREFIX) ||
         inos_device_config_is_section (group) || inos_rule_is_group (group) ||
         g_str_equal (group, INOS_NIGHT_GROUP) || inos_output_config_is_section (group);
}

/* Refuses a group or key that nothing reads: a misspelt one must not be passed over in silence. */
static bool check_names (GKeyFile *file, struct place *place, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    if (is_read_elsewhere (*group))
      continue;
    g_auto (GStrv) keys = g_key_file_get_keys (file, *group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
      if (is_known (*group, *key))
        continue;
      g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                   _ ("there is no setting [%s] %s"), *group, *key);
      return wrong_at (place, *group, *key);
    }
  }
  return true;
}

static bool read_file (struct inos_config *config, GKeyFile *file, struct place *place,
                       GError **error)
{
  double scale;
  if (!check_names (file, place, error) || !read_numbers (config, file, place, error) ||
      !read_flags (config, file, place, error) || !read_devices (config, file, place, error) ||
      !read_night_light (config, file, place, error) ||
      !read_outputs (config, file, place, error) || !read_strings (config, file, place, error) ||
      !read_bindings (config, file, place, error))
    return false;
  if (!inos_privilege_check (config->allowed_programs, error))
    return wrong_at (place, "protocols", "allow");
  if (!inos_title_buttons_parse (config->title_buttons_text, &config->title_buttons)) {
    g_set_error_literal (
      error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
      _ ("[windows] buttons must be minimize, maximize and close with commas in "
         "between, and a colon between left and right: close:minimize,maximize"));
    return wrong_at (place, "windows", "buttons");
  }
  if (!inos_x11_scale_from_text (config->xwayland_scale, &scale)) {
    g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                         _ ("[xwayland] scale must be auto or a number from 1 to 4"));
    return wrong_at (place, "xwayland", "scale");
  }
  return read_rules (config, file, place, error);
}

static bool is_header (const char *line, const char *group)
{
  size_t length = strlen (group);
  return line[0] == '[' && strncmp (line + 1, group, length) == 0 && line[1 + length] == ']';
}

static bool has_key (const char *line, const char *key)
{
  size_t length = strlen (key);
  return strncmp (line, key, length) == 0 && line[length + strspn (line + length, " \t")] == '=';
}

/* The last line of the place, for a key that is written twice counts there; without a place the
 * first line that is none of a key file. 0 where there is no such line. */
static unsigned int find_line (const char *text, const struct place *place)
{
  unsigned int found = 0;
  bool inside = false, any = false;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (unsigned int i = 0; lines[i]; i++) {
    char *line = g_strstrip (lines[i]);
    bool header = line[0] == '[' && strchr (line, ']');
    if (header) {
      any = true;
      inside = place->group && is_header (line, place->group);
    } else if (place->key && inside && has_key (line, place->key)) {
      found = i + 1;
    } else if (!place->group && line[0] && line[0] != '#' &&
               (!any || line[0] == '=' || !strchr (line, '='))) {
      return i + 1;
    }
  }
  return found;
}

/* Whether the file says something of the key, or of one that goes with it. */
static bool is_said (GKeyFile *file, const char *group, const char *key)
{
  static const char *const together[][3] = {
    {"keyboard", "layout", "variant"},
    {INOS_NIGHT_GROUP, "from", "latitude"},
    {INOS_NIGHT_GROUP, "to", "latitude"},
  };
  bool said = g_key_file_has_key (file, group, key, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (together); i++) {
    if (!g_str_equal (group, together[i][0]))
      continue;
    bool has_one = g_key_file_has_key (file, group, together[i][1], NULL);
    bool has_other = g_key_file_has_key (file, group, together[i][2], NULL);
    said |= (g_str_equal (key, together[i][1]) && has_other) ||
            (g_str_equal (key, together[i][2]) && has_one);
  }
  return said;
}

/* Nothing of it is written into `file` before all was looked at: keys that go together stay so. */
static void lay_below (GKeyFile *file, GKeyFile *below)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) groups = g_key_file_get_groups (below, NULL);
  for (char **group = groups; *group; group++) {
    g_auto (GStrv) keys = g_key_file_get_keys (below, *group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
      if (is_said (file, *group, *key))
        continue;
      g_ptr_array_add (lines, g_strdup (*group));
      g_ptr_array_add (lines, g_strdup (*key));
      g_ptr_array_add (lines, g_key_file_get_value (below, *group, *key, NULL));
    }
  }
  for (guint i = 0; i + 2 < lines->len; i += 3)
    g_key_file_set_value (file, lines->pdata[i], lines->pdata[i + 1], lines->pdata[i + 2]);
}

/* Fills `config`, which has the defaults. below: may be NULL. */
static bool read_text (struct inos_config *config, const char *text, size_t length, GKeyFile *below,
                       struct place *place, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error))
    return false;
  if (below)
    lay_below (file, below);
  return read_file (config, file, place, error);
}

bool inos_config_check (const char *text, size_t length, GError **error)
{
  struct inos_config config;
  struct place place = {0};
  set_defaults (&config);
  bool good = read_text (&config, text, length, NULL, &place, error);
  inos_config_finish (&config);
  g_free (place.group);
  g_free (place.key);
  return good;
}

void inos_config_start_over (struct inos_config *config, GKeyFile *below)
{
  struct place place = {0};
  set_defaults (config);
  if (below)
    read_text (config, "", 0, below, &place, NULL);
  g_free (place.group);
  g_free (place.key);
}

bool inos_config_load (struct inos_config *config, const char *path, GError **error)
{
  return inos_config_load_over (config, path, NULL, error);
}

bool inos_config_load_over (struct inos_config *config, const char *path, GKeyFile *below,
                            GError **error)
{
  g_autofree char *text = NULL;
  struct place place = {0};
  GError *wrong = NULL;
  size_t length;
  set_defaults (config);
  if (!g_file_get_contents (path, &text, &length, &wrong)) {
    if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
      g_error_free (wrong);
      inos_config_finish (config);
      inos_config_start_over (config, below);
      return true;
    }
  } else if (read_text (config, text, length, below, &place, &wrong)) {
    return true;
  }
  unsigned int line = text ? find_line (text, &place) : 0;
  if (line > 0)
    g_propagate_prefixed_error (error, wrong, "%s:%u: ", path, line);
  else
    g_propagate_prefixed_error (error, wrong, "%s: ", path);
  g_free (place.group);
  g_free (place.key);
  inos_config_finish (config);
  inos_config_start_over (config, below);
  config->wrong_line = line;
  return false;
}

unsigned int inos_config_line (const char *path, const char *group, const char *key)
{
  g_autofree char *text = NULL;
  const struct place place = {(char *)group, (char *)key};
  return g_file_get_contents (path, &text, NULL, NULL) ? find_line (text, &place) : 0;
}

struct section {
  GKeyFile *file;
  const char *group;
};

static void describe_setting (const char *key, const char *value, void *data)
{
  const struct section *section = data;
  g_key_file_set_string (section->file, section->group, key, value);
}

static void describe_devices (const struct inos_config *config, GKeyFile *file)
{
  GHashTableIter iter;
  void *group, *device;
  g_hash_table_iter_init (&iter, config->devices);
  while (g_hash_table_iter_next (&iter, &group, &device)) {
    /* A device calls itself what it likes. */
    g_autofree char *clean = g_utf8_make_valid (group, -1);
    inos_device_config_for_each (device, describe_setting,
                                 &(struct section){file, g_strdelimit (clean, "[]\n\r\t", '_')});
  }
}

GKeyFile *inos_config_describe (const struct inos_config *config)
{
  GKeyFile *file = g_key_file_new();
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++) {
    int value = *(int *)G_STRUCT_MEMBER_P (config, numbers[i].offset);
    if (value >= numbers[i].least) /* below that: something else says it */
      g_key_file_set_integer (file, numbers[i].group, numbers[i].key, value);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
    g_key_file_set_boolean (file, flags[i].group, flags[i].key,
                            *(bool *)G_STRUCT_MEMBER_P (config, flags[i].offset));
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++) {
    const char *text = *(char **)G_STRUCT_MEMBER_P (config, strings[i].offset);
    if (text)
      g_key_file_set_string (file, strings[i].group, strings[i].key, text);
  }
  describe_devices (config, file);
  inos_night_schedule_describe (&config->night_light, file);
  inos_output_configs_describe (&config->outputs, file);
  for (guint i = 0; i < config->rules_of_windows->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (config->rules_of_windows, i);
    g_autofree char *group = g_strconcat ("rule ", rule->name, NULL);
    for (guint k = 0; k + 1 < rule->text->len; k += 2)
      g_key_file_set_string (file, group, rule->text->pdata[k], rule->text->pdata[k + 1]);
  }
  return file;
}

void inos_config_finish (struct inos_config *config)
{
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    g_clear_pointer ((char **)G_STRUCT_MEMBER_P (config, strings[i].offset), g_free);
  g_clear_pointer (&config->rules_of_windows, g_ptr_array_unref);
  g_clear_pointer (&config->bindings, g_hash_table_unref);
  g_clear_pointer (&config->modes, g_hash_table_unref);
  g_clear_pointer (&config->devices, g_hash_table_unref);
  inos_output_configs_finish (&config->outputs);
}
