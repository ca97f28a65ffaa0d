#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "compositor.h"

/* A number in compositor.ini: where it is, where it goes, what it may be. */
struct number {
  const char *group, *key;
  size_t offset;
  int standard, least, most;
};

static const struct number numbers[] = {
  {"keyboard", "repeat-rate", offsetof (struct inos_config, repeat_rate), 25, 0, 200},
  {"keyboard", "repeat-delay", offsetof (struct inos_config, repeat_delay), 500, 50, 5000},
  {"cursor", "size", offsetof (struct inos_config, cursor_size), 0, INOS_CURSOR_LEAST,
   INOS_CURSOR_MOST},
  {"windows", "snap-distance", offsetof (struct inos_config, snap_distance), 8, 0, 64},
  {"windows", "edge-resistance", offsetof (struct inos_config, edge_resistance), 16, 0, 100},
  {"tiling", "gap", offsetof (struct inos_config, gap), 8, 0, 64},
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
  {"tiling", "layout", offsetof (struct inos_config, tiling_layout)},
  {"keyboard", "shortcuts-escape", offsetof (struct inos_config, shortcuts_escape)},
  {"cursor", "theme", offsetof (struct inos_config, cursor_theme)},
};

struct flag {
  const char *group, *key;
  size_t offset;
};

static const struct flag flags[] = {
  {"cursor", "hide-while-typing", offsetof (struct inos_config, hide_while_typing)},
  {"touchpad", "natural-scroll", offsetof (struct inos_config, natural_scroll)},
  {"touchpad", "tap-to-click", offsetof (struct inos_config, tap_to_click)},
  {"xwayland", "enabled", offsetof (struct inos_config, xwayland)},
};

static void set_defaults (struct inos_config *config)
{
  *config = (struct inos_config){.natural_scroll = true, .tap_to_click = true, .xwayland = true};
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    *(int *)G_STRUCT_MEMBER_P (config, numbers[i].offset) = numbers[i].standard;
  config->bindings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static bool read_numbers (struct inos_config *config, GKeyFile *file, GError **error)
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
      return false;
    }
    *(int *)G_STRUCT_MEMBER_P (config, n->offset) = value;
  }
  return true;
}

static bool read_flags (struct inos_config *config, GKeyFile *file, GError **error)
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
      return false;
    }
    *(bool *)G_STRUCT_MEMBER_P (config, f->offset) = value;
  }
  return true;
}

static void read_bindings (struct inos_config *config, GKeyFile *file)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, "bindings", NULL, NULL);
  for (char **key = keys; key && *key; key++)
    g_hash_table_insert (config->bindings, g_strdup (*key),
                         g_key_file_get_string (file, "bindings", *key, NULL));
}

/* Refuses a group or key that nothing reads: a misspelt one must not be passed over in silence. */
static bool check_names (GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    if (g_str_equal (*group, "bindings"))
      continue;
    g_auto (GStrv) keys = g_key_file_get_keys (file, *group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
      bool known = false;
      for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
        known |= g_str_equal (*group, numbers[i].group) && g_str_equal (*key, numbers[i].key);
      for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
        known |= g_str_equal (*group, strings[i].group) && g_str_equal (*key, strings[i].key);
      for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
        known |= g_str_equal (*group, flags[i].group) && g_str_equal (*key, flags[i].key);
      if (!known) {
        g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                     _ ("there is no setting [%s] %s"), *group, *key);
        return false;
      }
    }
  }
  return true;
}

static bool read_file (struct inos_config *config, GKeyFile *file, GError **error)
{
  if (!check_names (file, error) || !read_numbers (config, file, error) ||
      !read_flags (config, file, error))
    return false;
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    *(char **)G_STRUCT_MEMBER_P (config, strings[i].offset) =
      g_key_file_get_string (file, strings[i].group, strings[i].key, NULL);
  read_bindings (config, file);
  return true;
}

bool inos_config_load (struct inos_config *config, const char *path, GError **error)
{
  set_defaults (config);
  g_autoptr (GKeyFile) file = g_key_file_new();
  GError *wrong = NULL;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &wrong)) {
    if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
      g_error_free (wrong);
      return true;
    }
  } else if (read_file (config, file, &wrong)) {
    return true;
  }
  g_propagate_prefixed_error (error, wrong, "%s: ", path);
  inos_config_finish (config);
  set_defaults (config);
  return false;
}

void inos_config_finish (struct inos_config *config)
{
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    g_clear_pointer ((char **)G_STRUCT_MEMBER_P (config, strings[i].offset), g_free);
  g_clear_pointer (&config->bindings, g_hash_table_unref);
}
