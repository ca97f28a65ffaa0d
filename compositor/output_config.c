#include "output_config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "compositor.h"

#define PREFIX "output "
#define MIRROR_KEY "mirror"
#define RENDER_TIME_KEY "max-render-time"
#define VRR_KEY "vrr"

/* In the order of enum inos_vrr. */
static const char *const vrr_names[] = {"", "off", "on", "on-demand", "content"};

bool inos_output_config_is_section (const char *section)
{
  return g_str_has_prefix (section, PREFIX) && section[strlen (PREFIX)] != '\0';
}

static bool read_mirror (struct inos_output_config *config, const char *section, const char *text,
                         GError **error)
{
  if (g_str_equal (section + strlen (PREFIX), text)) {
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("[%s] %s must name another output"), section, MIRROR_KEY);
    return false;
  }
  g_free (config->mirror);
  config->mirror = text[0] != '\0' ? g_strdup (text) : NULL;
  return true;
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

static bool read_render_time (struct inos_output_config *config, const char *section,
                              const char *text, GError **error)
{
  if (inos_output_config_parse_render_time (text, &config->render_time))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] %s must be auto, off or a whole number of milliseconds from 1 to %d"),
               section, RENDER_TIME_KEY, INOS_RENDER_TIME_MOST);
  return false;
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

static bool read_vrr (struct inos_output_config *config, const char *section, const char *text,
                      GError **error)
{
  if (inos_output_config_parse_vrr (text, &config->vrr))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[%s] %s must be off, on, on-demand or content"), section, VRR_KEY);
  return false;
}

static bool read_key (struct inos_output_config *config, const char *section, const char *key,
                      const char *text, GError **error)
{
  if (g_str_equal (key, MIRROR_KEY))
    return read_mirror (config, section, text, error);
  if (g_str_equal (key, RENDER_TIME_KEY))
    return read_render_time (config, section, text, error);
  if (g_str_equal (key, VRR_KEY))
    return read_vrr (config, section, text, error);
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("there is no setting [%s] %s"), section, key);
  return false;
}

struct inos_output_config *inos_output_config_read (GKeyFile *file, const char *section,
                                                    char **wrong, GError **error)
{
  struct inos_output_config *config = g_new0 (struct inos_output_config, 1);
  g_auto (GStrv) keys = g_key_file_get_keys (file, section, NULL, NULL);
  for (char **key = keys; key && *key; key++) {
    g_autofree char *text = g_key_file_get_value (file, section, *key, NULL);
    if (!read_key (config, section, *key, g_strstrip (text), error)) {
      *wrong = g_strdup (*key);
      inos_output_config_free (config);
      return NULL;
    }
  }
  config->said.mirror = g_strdup (config->mirror);
  config->said.render_time = config->render_time;
  config->said.vrr = config->vrr;
  return config;
}

void inos_output_config_free (struct inos_output_config *config)
{
  if (!config)
    return;
  g_free (config->mirror);
  g_free (config->said.mirror);
  g_free (config);
}

GHashTable *inos_output_configs_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify)inos_output_config_free);
}

struct inos_output_config *inos_output_configs_get (GHashTable *configs, const char *name)
{
  struct inos_output_config *config = g_hash_table_lookup (configs, name);
  if (!config) {
    config = g_new0 (struct inos_output_config, 1);
    g_hash_table_insert (configs, g_strdup (name), config);
  }
  return config;
}

bool inos_output_configs_read (GHashTable *configs, GKeyFile *file, char **group, char **key,
                               GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **section = groups; *section; section++) {
    if (!inos_output_config_is_section (*section))
      continue;
    struct inos_output_config *config = inos_output_config_read (file, *section, key, error);
    if (!config) {
      *group = g_strdup (*section);
      return false;
    }
    g_hash_table_replace (configs, g_strdup (*section + strlen (PREFIX)), config);
  }
  return true;
}

void inos_output_configs_describe (GHashTable *configs, GKeyFile *file)
{
  GHashTableIter iter;
  void *name, *value;
  g_hash_table_iter_init (&iter, configs);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    const struct inos_output_config *config = value;
    g_autofree char *section = g_strconcat (PREFIX, name, NULL);
    if (config->mirror)
      g_key_file_set_string (file, section, MIRROR_KEY, config->mirror);
    g_autofree char *time = inos_output_config_render_time_text (config->render_time);
    if (time)
      g_key_file_set_string (file, section, RENDER_TIME_KEY, time);
    if (config->vrr != INOS_VRR_DEFAULT)
      g_key_file_set_string (file, section, VRR_KEY, vrr_names[config->vrr]);
  }
}
