#include "output_config.h"

#include <string.h>
#include <glib/gi18n.h>
#include <wlr/types/wlr_output.h>

#include "each_frame.h"
#include "compositor.h"
#include "output.h"

#define PREFIX "output "

enum key {
  MIRROR = INOS_OUTPUT_WORD_COUNT, /* those before are words of output_setup.h */
  RENDER_TIME,
  VRR,
  KEY_COUNT,
};

/* A section as it was written. */
struct section {
  char *name;
  GPatternSpec *pattern;
  char *texts[KEY_COUNT]; /* NULL: not said */
};

/* In the order of enum inos_vrr. */
static const char *const vrr_names[] = {"", "off", "on", "on-demand", "content"};

static const char *key_name (int key)
{
  static const char *const names[] = {
    [MIRROR] = "mirror", [RENDER_TIME] = "max-render-time", [VRR] = "vrr"};
  return key < MIRROR ? inos_output_word_key ((enum inos_output_word)key) : names[key];
}

bool inos_output_config_is_section (const char *section)
{
  return g_str_has_prefix (section, PREFIX) && section[strlen (PREFIX)] != '\0';
}

bool inos_output_config_parse_render_time (const char *text, int *time)
{
  gint64 number = 0;
  if (g_str_equal (text, "auto"))
    *time = INOS_RENDER_TIME_AUTO;
  else if (g_str_equal (text, "off"))
    *time = INOS_RENDER_TIME_OFF;
  else if (g_ascii_string_to_signed (text, 10, 1, INOS_RENDER_TIME_MOST, &number, NULL))
    *time = (int)number;
  else
    return false;
  return true;
}

char *inos_output_config_render_time_text (int time)
{
  if (time == INOS_RENDER_TIME_DEFAULT)
    return NULL;
  return time == INOS_RENDER_TIME_AUTO  ? g_strdup ("auto")
         : time == INOS_RENDER_TIME_OFF ? g_strdup ("off")
                                        : g_strdup_printf ("%d", time);
}

bool inos_output_config_parse_vrr (const char *text, enum inos_vrr *vrr)
{
  for (size_t i = INOS_VRR_OFF; i < G_N_ELEMENTS (vrr_names); i++) {
    if (g_str_equal (text, vrr_names[i])) {
      *vrr = (enum inos_vrr)i;
      return true;
    }
  }
  return false;
}

const char *inos_output_config_vrr_text (enum inos_vrr vrr)
{
  return vrr_names[vrr];
}

static void section_free (void *data)
{
  struct section *section = data;
  for (int key = 0; key < KEY_COUNT; key++)
    g_free (section->texts[key]);
  g_clear_pointer (&section->pattern, g_pattern_spec_free);
  g_free (section->name);
  g_free (section);
}

static bool refuse (GError **error, const char *format, const char *group, const char *key,
                    const char *must)
{
  g_autofree char *message = g_strdup_printf (format, group, key, must);
  g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG, message);
  return false;
}

static bool check (const struct section *section, const char *group, int key, const char *text,
                   GError **error)
{
  const char *must;
  enum inos_vrr when;
  int time;
  if (key < MIRROR)
    return inos_output_word_check ((enum inos_output_word)key, text, &must) ||
           refuse (error, _ ("[%s] %s must be %s"), group, key_name (key), must);
  if (key == MIRROR && g_str_equal (section->name, text))
    return refuse (error, _ ("[%s] %s must name another output"), group, key_name (key), NULL);
  if (key == VRR && !inos_output_config_parse_vrr (text, &when))
    return refuse (error, _ ("[%s] %s must be off, on, on-demand or content"), group,
                   key_name (key), NULL);
  if (key != RENDER_TIME || inos_output_config_parse_render_time (text, &time))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] %s must be auto, off or a whole number of milliseconds from 1 to %d"),
               group, key_name (key), INOS_RENDER_TIME_MOST);
  return false;
}

static bool read_key (struct section *section, const char *group, const char *name, char *text,
                      GError **error)
{
  for (int key = 0; key < KEY_COUNT; key++) {
    if (!g_str_equal (key_name (key), name))
      continue;
    g_free (section->texts[key]);
    section->texts[key] = g_strdup (g_strstrip (text));
    return check (section, group, key, section->texts[key], error);
  }
  return refuse (error, _ ("there is no setting [%s] %s"), group, name, NULL);
}

static struct section *read_section (GKeyFile *file, const char *group, char **wrong,
                                     GError **error)
{
  struct section *section = g_new0 (struct section, 1);
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  section->name = g_strdup (group + strlen (PREFIX));
  section->pattern = g_pattern_spec_new (section->name);
  for (char **key = keys; key && *key; key++) {
    g_autofree char *text = g_key_file_get_value (file, group, *key, NULL);
    if (!read_key (section, group, *key, text, error)) {
      *wrong = g_strdup (*key);
      section_free (section);
      return NULL;
    }
  }
  return section;
}

bool inos_output_configs_read (struct inos_output_configs *configs, GKeyFile *file, char **group,
                               char **key, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **each = groups; *each; each++) {
    if (!inos_output_config_is_section (*each))
      continue;
    struct section *section = read_section (file, *each, key, error);
    if (!section) {
      *group = g_strdup (*each);
      return false;
    }
    g_ptr_array_add (configs->sections, section);
  }
  return true;
}

static void config_free (void *data)
{
  struct inos_output_config *config = data;
  for (int word = 0; word < INOS_OUTPUT_WORD_COUNT; word++)
    g_free (config->said.words[word]);
  g_free (config->mirror);
  g_free (config->said.mirror);
  g_free (config);
}

void inos_output_configs_init (struct inos_output_configs *configs)
{
  configs->sections = g_ptr_array_new_with_free_func (section_free);
  configs->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, config_free);
}

void inos_output_configs_finish (struct inos_output_configs *configs)
{
  g_clear_pointer (&configs->sections, g_ptr_array_unref);
  g_clear_pointer (&configs->held, g_hash_table_unref);
}

static bool fits (const struct section *section, const char *name, const char *monitor)
{
  return g_pattern_spec_match_string (section->pattern, name) ||
         (monitor && g_pattern_spec_match_string (section->pattern, monitor));
}

static void lay_over (struct inos_output_config *config, const struct section *section)
{
  for (int key = 0; key < KEY_COUNT; key++) {
    const char *text = section->texts[key];
    if (!text)
      continue;
    if (key == MIRROR) {
      g_free (config->said.mirror);
      config->said.mirror = text[0] ? g_strdup (text) : NULL;
    } else if (key == RENDER_TIME) {
      inos_output_config_parse_render_time (text, &config->said.render_time);
    } else if (key == VRR) {
      inos_output_config_parse_vrr (text, &config->said.vrr);
    } else {
      g_free (config->said.words[key]);
      config->said.words[key] = g_strdup (text);
    }
  }
}

struct inos_output_config *inos_output_configs_get (struct inos_output_configs *configs,
                                                    const char *name, const char *monitor)
{
  struct inos_output_config *config = g_hash_table_lookup (configs->held, name);
  if (config)
    return config;
  config = g_new0 (struct inos_output_config, 1);
  for (guint i = 0; i < configs->sections->len; i++) {
    const struct section *section = g_ptr_array_index (configs->sections, i);
    if (fits (section, name, monitor))
      lay_over (config, section);
  }
  config->mirror = g_strdup (config->said.mirror);
  config->render_time = config->said.render_time;
  config->vrr = config->said.vrr;
  g_hash_table_insert (configs->held, g_strdup (name), config);
  return config;
}

void inos_output_configs_forget (struct inos_output_configs *configs, const char *name)
{
  g_hash_table_remove (configs->held, name);
}

/* Make, model and serial, as far as there are any; NULL where there are none. */
static char *monitor_name (const struct wlr_output *wlr)
{
  const char *const parts[] = {wlr->make, wlr->model, wlr->serial};
  GString *all = g_string_new (NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (parts[i] && parts[i][0])
      g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", parts[i]);
  }
  g_autofree char *text = g_string_free (all, FALSE);
  return text[0] ? g_utf8_make_valid (text, -1) : NULL;
}

struct inos_output_config *inos_output_config_in (struct inos_output_configs *configs,
                                                  struct inos_output *output)
{
  struct inos_output_config *config = g_hash_table_lookup (configs->held, output->wlr->name);
  if (config)
    return config;
  g_autofree char *monitor = monitor_name (output->wlr);
  return inos_output_configs_get (configs, output->wlr->name, monitor);
}

INOS_EACH_FRAME struct inos_output_config *inos_output_config_of (struct inos_output *output)
{
  if (!output->config)
    output->config = inos_output_config_in (&output->compositor->config.outputs, output);
  return output->config;
}

static void describe_choices (GKeyFile *file, const char *name,
                              const struct inos_output_config *config)
{
  g_autofree char *group = g_strconcat (PREFIX, name, NULL);
  g_autofree char *time = inos_output_config_render_time_text (config->render_time);
  if (g_strcmp0 (config->mirror, config->said.mirror) != 0)
    g_key_file_set_string (file, group, key_name (MIRROR), config->mirror ? config->mirror : "");
  if (time && config->render_time != config->said.render_time)
    g_key_file_set_string (file, group, key_name (RENDER_TIME), time);
  if (config->vrr != INOS_VRR_DEFAULT && config->vrr != config->said.vrr)
    g_key_file_set_string (file, group, key_name (VRR), vrr_names[config->vrr]);
}

void inos_output_configs_describe (const struct inos_output_configs *configs, GKeyFile *file)
{
  GHashTableIter iter;
  void *name, *config;
  for (guint i = 0; i < configs->sections->len; i++) {
    const struct section *section = g_ptr_array_index (configs->sections, i);
    g_autofree char *group = g_strconcat (PREFIX, section->name, NULL);
    for (int key = 0; key < KEY_COUNT; key++) {
      if (section->texts[key])
        g_key_file_set_string (file, group, key_name (key), section->texts[key]);
    }
  }
  g_hash_table_iter_init (&iter, configs->held);
  while (g_hash_table_iter_next (&iter, &name, &config))
    describe_choices (file, name, config);
}
