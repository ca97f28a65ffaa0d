#include "config_change.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "reload.h"

#define SETTINGS_TYPE "a(ssas)"

enum { SAID_MOST = 64 /* bytes */ };

/* The first three are all that the thread that writes looks at. */
struct job {
  char *path;
  GVariant *settings, *before; /* before: NULL until it is done */

  struct inos_compositor *compositor;
  inos_config_changed_func done;
  void *data;
};

static void job_free (void *data)
{
  struct job *job = data;
  g_free (job->path);
  g_variant_unref (job->settings);
  g_clear_pointer (&job->before, g_variant_unref);
  g_free (job);
}

static bool has_control (const char *text)
{
  for (; *text; text++) {
    if (g_ascii_iscntrl (*text))
      return true;
  }
  return false;
}

static bool is_padded (const char *text)
{
  size_t length = strlen (text);
  return length > 0 && (g_ascii_isspace (text[0]) || g_ascii_isspace (text[length - 1]));
}

/* What a key file can hold in that place; GKeyFile itself would only complain in the log. */
static bool can_be_written (const char *group, const char *key, const char *value)
{
  return group[0] && !strpbrk (group, "[]") && !has_control (group) && key[0] && key[0] != '#' &&
         !strpbrk (key, "=[]") && !has_control (key) && !is_padded (key) &&
         (!value || (!has_control (value) && !is_padded (value))) &&
         strlen (group) <= INOS_CHANGE_BYTES_MOST && strlen (key) <= INOS_CHANGE_BYTES_MOST &&
         (!value || strlen (value) <= INOS_CHANGE_BYTES_MOST);
}

/* As much of it as an error repeats: a whole number of characters, so that "%.64s" cuts none. */
static char *said (const char *text)
{
  size_t length = strlen (text);
  if (length > SAID_MOST)
    length = (size_t)(g_utf8_find_prev_char (text, text + SAID_MOST + 1) - text);
  return g_strndup (text, length);
}

static bool change_key (GKeyFile *file, GVariant *setting, GVariantBuilder *before, GError **error)
{
  const char *group, *key;
  g_autofree const char **values = NULL;
  g_variant_get (setting, "(&s&s^a&s)", &group, &key, &values);
  if (!can_be_written (group, key, values[0]) || (values[0] && values[1])) {
    g_autofree char *said_group = said (group), *said_key = said (key);
    g_set_error (
      error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
      _ ("[%.64s] %.64s cannot be written: a group, a key and a value are one line each, "
         "without brackets or = in names"),
      said_group, said_key);
    return false;
  }
  g_autofree char *old = g_key_file_get_value (file, group, key, NULL);
  const char *const list[] = {old, NULL};
  g_variant_builder_add (before, "(ss@as)", group, key, g_variant_new_strv (list, old ? 1 : 0));
  if (values[0])
    g_key_file_set_value (file, group, key, values[0]);
  else if (old)
    g_key_file_remove_key (file, group, key, NULL);
  return true;
}

/* The way back has to go backwards: a key may be there twice. */
static GVariant *reversed (GVariant *settings)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS_TYPE));
  for (size_t i = g_variant_n_children (settings); i > 0; i--) {
    g_autoptr (GVariant) child = g_variant_get_child_value (settings, i - 1);
    g_variant_builder_add_value (&builder, child);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static GVariant *change_all (GKeyFile *file, GVariant *settings, GError **error)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS_TYPE));
  for (size_t i = 0; i < g_variant_n_children (settings); i++) {
    g_autoptr (GVariant) setting = g_variant_get_child_value (settings, i);
    if (!change_key (file, setting, &builder, error)) {
      g_variant_builder_clear (&builder);
      return NULL;
    }
  }
  g_autoptr (GVariant) before = g_variant_ref_sink (g_variant_builder_end (&builder));
  return reversed (before);
}

/* "" where there is none yet. */
static char *read_old (const char *path, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  char *text = NULL;
  if (g_file_get_contents (path, &text, NULL, &wrong))
    return text;
  if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_strdup ("");
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

/* A link, as who keeps his settings in a repository has one, stays a link. */
static char *real_path (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = g_strdup (real ? real : path);
  free (real);
  return copy;
}

static bool write_new (const char *path, const char *text, size_t length, GError **error)
{
  g_autofree char *real = real_path (path);
  g_autofree char *folder = g_path_get_dirname (real);
  GStatBuf old;
  int mode = g_stat (real, &old) == 0 ? (int)(old.st_mode & 0777) : 0600;
  if (g_mkdir_with_parents (folder, 0700) < 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _ ("%s cannot be made: %s"),
                 folder, g_strerror (errno));
    return false;
  }
  return g_file_set_contents_full (real, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, mode,
                                   error);
}

static bool rewrite (struct job *job, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *old = read_old (job->path, error);
  size_t length;
  if (!old)
    return false;
  if (!inos_config_check (old, strlen (old), error) ||
      !g_key_file_load_from_data (file, old, strlen (old),
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, error)) {
    g_prefix_error (error, _ ("%s has a mistake already, which has to be mended first: "),
                    job->path);
    return false;
  }
  g_autoptr (GVariant) before = change_all (file, job->settings, error);
  g_autofree char *text = before ? g_key_file_to_data (file, &length, NULL) : NULL;
  if (!text || !inos_config_check (text, length, error) ||
      !write_new (job->path, text, length, error))
    return false;
  job->before = g_steal_pointer (&before);
  return true;
}

/* In a thread of its own: a disk may take as long as it likes. The lock keeps one change from
 * losing another. */
static void run (GTask *task, void *source, void *data, GCancellable *cancellable)
{
  static GMutex lock;
  GError *error = NULL;
  g_mutex_lock (&lock);
  bool good = rewrite (data, &error);
  g_mutex_unlock (&lock);
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void on_written (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  const struct job *job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    job->done (NULL, error, job->data);
    return;
  }
  inos_reload (job->compositor);
  job->done (job->before, NULL, job->data);
}

void inos_config_change (struct inos_compositor *compositor, GVariant *settings,
                         GCancellable *ended, inos_config_changed_func done, void *data)
{
  struct job *job = g_new0 (struct job, 1);
  *job = (struct job){.path = g_strdup (compositor->config_path),
                      .settings = g_variant_ref_sink (settings),
                      .compositor = compositor,
                      .done = done,
                      .data = data};
  g_autoptr (GTask) task = g_task_new (NULL, ended, on_written, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run);
}
