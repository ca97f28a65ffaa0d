#include "output_profile.h"

#include <stdio.h>
#include <string.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/log.h>

#include "listener.h"
#include "mirror_choice.h"
#include "output_choice.h"
#include "output_settings.h"
#include "written_file.h"

enum { MAX_PROFILES = 64 };

#define NAMES_KEY "monitors" /* no digest is called so */

struct inos_output_profiles {
  struct inos_compositor *compositor;
  GKeyFile *saved; /* outputs.ini */
  struct inos_written_file *file;
  GKeyFile *seen;               /* how each set was arranged when it was last here */
  struct wl_event_source *idle; /* may be NULL: the set of monitors is as it was */
  struct wl_listener output_add, output_remove;
};

char *inos_output_identity (struct inos_output *output)
{
  const struct wlr_output *wlr = output->wlr;
  if (!wlr->make && !wlr->model && !wlr->serial)
    return g_strdup (wlr->name);
  return g_strdup_printf ("%s|%s|%s", wlr->make ? wlr->make : "", wlr->model ? wlr->model : "",
                          wlr->serial ? wlr->serial : "");
}

/* A monitor calls itself what it likes: in the file it is a digest. */
static char *key_of (struct inos_output *output)
{
  g_autofree char *identity = inos_output_identity (output);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, identity, -1);
}

static int compare (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* The set of monitors that are plugged in, as a name of a group; NULL where there is none. */
static char *set_name (struct inos_compositor *compositor)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output != compositor->fallback)
      g_ptr_array_add (keys, key_of (output));
  }
  if (keys->len == 0)
    return NULL;
  g_ptr_array_sort (keys, compare);
  g_ptr_array_add (keys, NULL);
  g_autofree char *all = g_strjoinv (" ", (char **)keys->pdata);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
}

static GKeyFile *load (const char *path)
{
  GKeyFile *file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error) &&
      !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    wlr_log (WLR_ERROR, "%s cannot be read (%s): how monitors were set up is not known", path,
             error->message);
  return file;
}

static void store (struct inos_output_profiles *profiles, inos_written_func written, void *data)
{
  struct inos_compositor *compositor = profiles->compositor;
  size_t length;
  char *text = g_key_file_to_data (profiles->saved, &length, NULL);
  inos_written_file_write (profiles->file, text, length, written, data);
  wl_signal_emit_mutable (&compositor->events.profile_change, compositor);
}

/* Of the set, for a person who reads the list. */
static void note_names (struct inos_compositor *compositor, GKeyFile *file, const char *group)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    const struct wlr_output *wlr = output->wlr;
    if (output == compositor->fallback)
      continue;
    char *name = g_strdup_printf ("%s %s %s", wlr->name, wlr->make ? wlr->make : "",
                                  wlr->model ? wlr->model : "");
    g_ptr_array_add (names, g_strstrip (name));
  }
  g_key_file_set_string_list (file, group, NAMES_KEY, (const char *const *)names->pdata,
                              names->len);
}

/* Writes the set of monitors that is here, where `group` is its name, as it is now. chosen: by a
 * person. */
static void write_set (struct inos_compositor *compositor, GKeyFile *file, const char *group,
                       bool chosen)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  if (!g_key_file_has_group (file, group) && g_strv_length (groups) >= MAX_PROFILES)
    g_key_file_remove_group (file, groups[0], NULL);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct inos_output_settings s = inos_output_settings_of (output);
    char scale[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *key = key_of (output);
    g_autofree char *value = g_strdup_printf (
      "%d %d %d %d %d %d %d %d %s", s.enabled, s.adaptive_sync, s.width, s.height, s.refresh,
      s.transform, s.x, s.y, g_ascii_formatd (scale, sizeof scale, "%.4f", s.scale));
    if (output == compositor->fallback)
      continue;
    g_key_file_set_string (file, group, key, value);
    inos_output_choice_write_words (output, file, group, key, chosen);
  }
}

bool inos_output_profiles_save (struct inos_compositor *compositor, inos_written_func written,
                                void *data)
{
  struct inos_output_profiles *profiles = compositor->profiles;
  g_autofree char *group = set_name (compositor);
  struct inos_output *output;
  if (!group)
    return false;
  write_set (compositor, profiles->saved, group, true);
  write_set (compositor, profiles->seen, group, false);
  note_names (compositor, profiles->saved, group);
  wl_list_for_each (output, &compositor->outputs, link) {
    g_autofree char *key = key_of (output);
    if (output != compositor->fallback)
      inos_output_choice_write (output, profiles->saved, group, key);
  }
  store (profiles, written, data);
  return true;
}

static bool parse (const char *text, struct inos_output_settings *settings)
{
  int *const numbers[] = {&settings->width,     &settings->height, &settings->refresh,
                          &settings->transform, &settings->x,      &settings->y};
  g_auto (GStrv) words = g_strsplit (text, " ", 9);
  if (g_strv_length (words) != 9)
    return false;
  settings->enabled = g_str_equal (words[0], "1");
  settings->adaptive_sync = g_str_equal (words[1], "1");
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++) {
    gint64 number;
    if (!g_ascii_string_to_signed (words[i + 2], 10, -INT_MAX, INT_MAX, &number, NULL))
      return false;
    *numbers[i] = (int)number;
  }
  settings->scale = g_ascii_strtod (words[8], NULL);
  return true;
}

static bool is_so (struct inos_output *output, const struct inos_output_settings *wanted)
{
  struct inos_output_settings now = inos_output_settings_of (output);
  struct wlr_box box = inos_output_box (output);
  return wlr_box_empty (&box) != wanted->enabled && output->wlr->enabled == wanted->enabled &&
         now.adaptive_sync == wanted->adaptive_sync && now.width == wanted->width &&
         now.height == wanted->height && now.refresh == wanted->refresh &&
         now.transform == wanted->transform && now.x == wanted->x && now.y == wanted->y &&
         ABS (now.scale - wanted->scale) < INOS_OUTPUT_SCALE_STEP;
}

static bool is_same (const struct inos_output_settings *a, const struct inos_output_settings *b)
{
  bool same = true;
  for (int word = 0; word < INOS_OUTPUT_WORD_COUNT; word++)
    same &= inos_output_word_same ((enum inos_output_word)word, a, b);
  return same;
}

/* What the output is to be, as the group has it, over which the file has the word. Returns false
 * where nothing is said of it. */
static bool find_wanted (struct inos_output *output, GKeyFile *file, const char *group,
                         struct inos_output_settings *wanted, bool *outdated)
{
  struct inos_output_settings now = inos_output_settings_of (output);
  g_autofree char *key = key_of (output);
  g_autofree char *value = g_key_file_get_string (file, group, key, NULL);
  *wanted = now;
  bool kept = value && parse (value, wanted);
  if (!kept)
    *wanted = now;
  *outdated |= !inos_output_choice_lay (output, file, group, key, wanted);
  return kept || !is_same (wanted, &now);
}

/* A size that the monitor cannot show takes nothing else with it. */
static void set_up (struct inos_output *output, struct inos_output_settings wanted)
{
  struct inos_output_settings now = inos_output_settings_of (output);
  if (is_so (output, &wanted) || inos_output_settings_apply (output, &wanted))
    return;
  wlr_log (WLR_ERROR, "output %s: %dx%d at %d mHz, scale %g, transform %d is refused",
           output->wlr->name, wanted.width, wanted.height, wanted.refresh, wanted.scale,
           wanted.transform);
  wanted.width = now.width;
  wanted.height = now.height;
  wanted.refresh = now.refresh;
  wanted.adaptive_sync = now.adaptive_sync;
  if (!is_so (output, &wanted) && now.width > 0)
    inos_output_settings_apply (output, &wanted);
}

/* Never leave a person without any screen. */
static bool is_last (struct inos_output *output)
{
  struct inos_output *other;
  wl_list_for_each (other, &output->compositor->outputs, link) {
    if (other != output && inos_output_settings_of (other).enabled)
      return false;
  }
  return true;
}

/* Whether the file says of its setup what it said before. */
static bool is_said_again (struct inos_output *output, struct inos_config *before)
{
  const struct inos_output_config *then = inos_output_config_in (&before->outputs, output);
  const struct inos_output_config *now = inos_output_config_of (output);
  for (int word = 0; word < INOS_OUTPUT_WORD_COUNT; word++) {
    if (g_strcmp0 (then->said.words[word], now->said.words[word]) != 0)
      return false;
  }
  return true;
}

/* Those that are to be on, or to be off. before: NULL, or settings that said another thing of those
 * that are looked at. */
static void apply_to (struct inos_compositor *compositor, GKeyFile *file, const char *group,
                      struct inos_config *before, bool on, bool *outdated)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct inos_output_settings wanted;
    if (output == compositor->fallback || (before && is_said_again (output, before)) ||
        !find_wanted (output, file, group, &wanted, outdated) || wanted.enabled != on)
      continue;
    if (!on && is_last (output)) {
      wlr_log (WLR_ERROR, "output %s stays on: it is the last one", output->wlr->name);
      wanted.enabled = true;
    }
    set_up (output, wanted);
  }
}

static void apply_set (struct inos_output_profiles *profiles, GKeyFile *file, const char *group,
                       struct inos_config *before)
{
  struct inos_compositor *compositor = profiles->compositor;
  bool outdated = false;
  inos_outputs_begin_move (compositor);
  apply_to (compositor, file, group, before, true, &outdated);
  apply_to (compositor, file, group, before, false, &outdated);
  inos_outputs_end_move (compositor);
  if (outdated && file == profiles->saved)
    store (profiles, NULL, NULL);
}

static void recall_choices (struct inos_output_profiles *profiles, const char *group)
{
  struct inos_compositor *compositor = profiles->compositor;
  struct inos_output *output;
  bool outdated = false;
  if (!g_key_file_has_group (profiles->saved, group))
    return;
  wl_list_for_each (output, &compositor->outputs, link) {
    g_autofree char *key = key_of (output);
    if (output != compositor->fallback)
      outdated |= !inos_output_choice_read (output, profiles->saved, group, key);
  }
  if (outdated)
    store (profiles, NULL, NULL);
}

/* As a person set it up, else as it was when these monitors were last here. before: as above. */
static void apply (struct inos_output_profiles *profiles, struct inos_config *before)
{
  struct inos_compositor *compositor = profiles->compositor;
  g_autofree char *group = set_name (compositor);
  if (!group)
    return;
  recall_choices (profiles, group);
  bool kept = g_key_file_has_group (profiles->saved, group);
  apply_set (profiles, kept ? profiles->saved : profiles->seen, group, before);
  inos_mirrors_update (compositor);
  write_set (compositor, profiles->seen, group, false);
}

void inos_output_profiles_reread (struct inos_compositor *compositor, struct inos_config *before)
{
  apply (compositor->profiles, before);
}

static void on_idle (void *data)
{
  struct inos_output_profiles *profiles = data;
  profiles->idle = NULL;
  apply (profiles, NULL);
  wl_signal_emit_mutable (&profiles->compositor->events.profile_change, profiles->compositor);
}

/* Monitors of a dock come one after the other: wait for all that are at hand. */
static void later (struct inos_output_profiles *profiles)
{
  if (!profiles->idle && !profiles->compositor->ending)
    profiles->idle = wl_event_loop_add_idle (profiles->compositor->loop, on_idle, profiles);
}

void inos_output_profiles_for_each (struct inos_compositor *compositor,
                                    void (*each) (const char *id, const char *const *monitors,
                                                  bool current, void *data),
                                    void *data)
{
  g_autofree char *now = set_name (compositor);
  GKeyFile *file = compositor->profiles->saved;
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    g_auto (GStrv) names = g_key_file_get_string_list (file, *group, NAMES_KEY, NULL, NULL);
    if (g_utf8_validate (*group, -1, NULL))
      each (*group, (const char *const *)names, g_strcmp0 (*group, now) == 0, data);
  }
}

bool inos_output_profiles_forget (struct inos_compositor *compositor, const char *id,
                                  inos_written_func written, void *data)
{
  struct inos_output_profiles *profiles = compositor->profiles;
  if (!g_key_file_has_group (profiles->saved, id))
    return false;
  g_key_file_remove_group (profiles->saved, id, NULL);
  g_key_file_remove_group (profiles->seen, id, NULL);
  store (profiles, written, data);
  return true;
}

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct inos_output_profiles *profiles = wl_container_of (listener, profiles, output_add);
  later (profiles);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_output_profiles *profiles = wl_container_of (listener, profiles, output_remove);
  later (profiles);
}

struct inos_output_profiles *inos_output_profiles_create (struct inos_compositor *compositor)
{
  struct inos_output_profiles *profiles = g_new0 (struct inos_output_profiles, 1);
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "inos", "outputs.ini", NULL);
  profiles->compositor = compositor;
  profiles->saved = load (path);
  profiles->file = inos_written_file_create (path, "how monitors are set up is forgotten");
  profiles->seen = g_key_file_new();
  CONNECT_SIGNAL (compositor, profiles, output_add);
  CONNECT_SIGNAL (compositor, profiles, output_remove);
  return profiles;
}

void inos_output_profiles_destroy (struct inos_output_profiles *profiles)
{
  if (!profiles)
    return;
  DISCONNECT (profiles->output_add);
  DISCONNECT (profiles->output_remove);
  if (profiles->idle)
    wl_event_source_remove (profiles->idle);
  inos_written_file_destroy (profiles->file);
  g_key_file_unref (profiles->saved);
  g_key_file_unref (profiles->seen);
  g_free (profiles);
}
