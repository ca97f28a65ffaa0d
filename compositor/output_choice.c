#include "output_choice.h"

#include <wlr/types/wlr_output.h>

#include "output_config.h"

#define INSTEAD_OF ".instead-of"
#define BY_FILE ".by-file"

static const char *text_of (const char *text)
{
  return text ? text : "";
}

/* The choice, and what the file said. Nothing is kept where they are the same. */
static void write_one (GKeyFile *file, const char *group, const char *key, const char *name,
                       const char *chosen, const char *said)
{
  g_autofree char *chosen_key = g_strconcat (key, ".", name, NULL);
  g_autofree char *said_key = g_strconcat (chosen_key, INSTEAD_OF, NULL);
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
  g_autofree char *said_key = g_strconcat (chosen_key, INSTEAD_OF, NULL);
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

static char *name_of (const char *key, const char *name, const char *what)
{
  return g_strconcat (key, ".", name, what, NULL);
}

void inos_output_choice_write_words (struct inos_output *output, GKeyFile *file, const char *group,
                                     const char *key, bool chosen)
{
  const struct inos_output_config *config = inos_output_config_of (output);
  struct inos_output_settings now = inos_output_settings_of (output);
  for (int i = 0; i < INOS_OUTPUT_WORD_COUNT; i++) {
    enum inos_output_word word = (enum inos_output_word)i;
    const char *said = config->said.words[i], *name = inos_output_word_key (word);
    g_autofree char *instead = name_of (key, name, INSTEAD_OF);
    g_autofree char *by_file = name_of (key, name, BY_FILE);
    struct inos_output_settings wanted = now;
    g_key_file_remove_key (file, group, instead, NULL);
    g_key_file_remove_key (file, group, by_file, NULL);
    if (!said)
      continue;
    inos_output_word_lay (output, word, said, &wanted);
    if (inos_output_word_same (word, &now, &wanted))
      g_key_file_set_boolean (file, group, by_file, TRUE);
    else if (chosen)
      g_key_file_set_string (file, group, instead, said);
  }
}

void inos_output_choice_write (struct inos_output *output, GKeyFile *file, const char *group,
                               const char *key)
{
  const struct inos_output_config *config = inos_output_config_of (output);
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
  struct inos_output_config *config = inos_output_config_of (output);
  g_autofree char *said_time = inos_output_config_render_time_text (config->said.render_time);
  bool outdated = false;
  int time;
  enum inos_vrr when = INOS_VRR_DEFAULT;
  g_autofree char *mirror = read_one (file, group, key, "mirror", config->said.mirror, &outdated);
  g_autofree char *text = read_one (file, group, key, "max-render-time", said_time, &outdated);
  const char *said_when = inos_output_config_vrr_text (config->said.vrr);
  g_autofree char *word = read_one (file, group, key, "vrr", said_when, &outdated);
  if (word && (word[0] == '\0' || inos_output_config_parse_vrr (word, &when)))
    config->vrr = when;
  if (mirror)
    take_mirror (config, mirror);
  if (text && text[0] == '\0')
    config->render_time = INOS_RENDER_TIME_DEFAULT;
  else if (text && inos_output_config_parse_render_time (text, &time))
    config->render_time = time;
  return !outdated;
}

bool inos_output_choice_lay (struct inos_output *output, GKeyFile *file, const char *group,
                             const char *key, struct inos_output_settings *settings)
{
  const struct inos_output_config *config = inos_output_config_of (output);
  bool outdated = false;
  for (int i = 0; i < INOS_OUTPUT_WORD_COUNT; i++) {
    enum inos_output_word word = (enum inos_output_word)i;
    const char *said = config->said.words[i], *name = inos_output_word_key (word);
    g_autofree char *instead_key = name_of (key, name, INSTEAD_OF);
    g_autofree char *by_file = name_of (key, name, BY_FILE);
    g_autofree char *instead = g_key_file_get_string (file, group, instead_key, NULL);
    if (instead && g_strcmp0 (instead, said) == 0)
      continue;
    if (instead) {
      /* The choice is over: what the group says of it counts no more. */
      outdated = true;
      g_key_file_remove_key (file, group, instead_key, NULL);
      g_key_file_set_boolean (file, group, by_file, TRUE);
    }
    if (said || g_key_file_get_boolean (file, group, by_file, NULL))
      inos_output_word_lay (output, word, said, settings);
  }
  return !outdated;
}
