#include "output_choice.h"

#include <wlr/types/wlr_output.h>

#include "output_config.h"

static const char *text_of (const char *text)
{
  return text ? text : "";
}

/* The choice, and what the file said. Nothing is kept where they are the same. */
static void write_one (GKeyFile *file, const char *group, const char *key, const char *name,
                       const char *chosen, const char *said)
{
  g_autofree char *chosen_key = g_strconcat (key, ".", name, NULL);
  g_autofree char *said_key = g_strconcat (chosen_key, ".instead-of", NULL);
  if (g_strcmp0 (chosen, said) == 0) {
    g_key_file_remove_key (file, group, chosen_key, NULL);
    g_key_file_remove_key (file, group, said_key, NULL);
    return;
  }
  g_key_file_set_string (file, group, chosen_key, text_of (chosen));
  g_key_file_set_string (file, group, said_key, text_of (said));
}

/* Returns NULL where nothing was chosen, or the file says another thing than it did then: the
 * choice is over, and *outdated. */
static char *read_one (GKeyFile *file, const char *group, const char *key, const char *name,
                       const char *said, bool *outdated)
{
  g_autofree char *chosen_key = g_strconcat (key, ".", name, NULL);
  g_autofree char *said_key = g_strconcat (chosen_key, ".instead-of", NULL);
  g_autofree char *before = g_key_file_get_string (file, group, said_key, NULL);
  if (before && g_str_equal (before, text_of (said)))
    return g_key_file_get_string (file, group, chosen_key, NULL);
  *outdated |= g_key_file_remove_key (file, group, chosen_key, NULL);
  g_key_file_remove_key (file, group, said_key, NULL);
  return NULL;
}

static void take_mirror (struct inos_output_config *config, const char *name)
{
  g_free (config->mirror);
  config->mirror = name[0] != '\0' ? g_strdup (name) : NULL;
}

void inos_output_choice_write (struct inos_output *output, GKeyFile *file, const char *group,
                               const char *key)
{
  static const struct inos_output_config none = {0};
  const struct inos_output_config *config =
    g_hash_table_lookup (output->compositor->config.outputs, output->wlr->name);
  config = config ? config : &none;
  g_autofree char *time = inos_output_config_render_time_text (config->render_time);
  g_autofree char *said_time = inos_output_config_render_time_text (config->said.render_time);
  write_one (file, group, key, "mirror", config->mirror, config->said.mirror);
  write_one (file, group, key, "max-render-time", time, said_time);
  write_one (file, group, key, "vrr", inos_output_config_vrr_text (config->vrr),
             inos_output_config_vrr_text (config->said.vrr));
}

bool inos_output_choice_read (struct inos_output *output, GKeyFile *file, const char *group,
                              const char *key)
{
  GHashTable *configs = output->compositor->config.outputs;
  const struct inos_output_config *now = g_hash_table_lookup (configs, output->wlr->name);
  g_autofree char *said_time =
    inos_output_config_render_time_text (now ? now->said.render_time : 0);
  bool outdated = false;
  int time;
  enum inos_vrr when = INOS_VRR_DEFAULT;
  g_autofree char *mirror =
    read_one (file, group, key, "mirror", now ? now->said.mirror : NULL, &outdated);
  g_autofree char *text = read_one (file, group, key, "max-render-time", said_time, &outdated);
  const char *said_when = inos_output_config_vrr_text (now ? now->said.vrr : INOS_VRR_DEFAULT);
  g_autofree char *word = read_one (file, group, key, "vrr", said_when, &outdated);
  if (word && (word[0] == '\0' || inos_output_config_parse_vrr (word, &when)))
    inos_output_configs_get (configs, output->wlr->name)->vrr = when;
  if (mirror)
    take_mirror (inos_output_configs_get (configs, output->wlr->name), mirror);
  if (text && text[0] == '\0')
    inos_output_configs_get (configs, output->wlr->name)->render_time = INOS_RENDER_TIME_DEFAULT;
  else if (text && inos_output_config_parse_render_time (text, &time))
    inos_output_configs_get (configs, output->wlr->name)->render_time = time;
  return !outdated;
}
