/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk_file.h"

#include <gio/gio.h>
#include <string.h>

static const struct {
  const char *name;
  gsize offset;
} flags[] = {
  {"maximized", G_STRUCT_OFFSET (struct inos_desk_window, maximized)},
  {"fullscreen", G_STRUCT_OFFSET (struct inos_desk_window, fullscreen)},
  {"minimized", G_STRUCT_OFFSET (struct inos_desk_window, minimized)},
  {"on-top", G_STRUCT_OFFSET (struct inos_desk_window, on_top)},
  {"below", G_STRUCT_OFFSET (struct inos_desk_window, below)},
  {"sticky", G_STRUCT_OFFSET (struct inos_desk_window, sticky)},
};

void inos_desk_window_free (struct inos_desk_window *window)
{
  if (window == NULL)
    return;
  g_free (window->app_id);
  g_free (window);
}

char *inos_desk_window_words (const struct inos_desk_window *window)
{
  GString *words = g_string_new (NULL);
  for (gsize f = 0; f < G_N_ELEMENTS (flags); f++)
    if (G_STRUCT_MEMBER (gboolean, window, flags[f].offset))
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", flags[f].name);
  return g_string_free (words, FALSE);
}

GPtrArray *inos_desk_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)inos_desk_window_free);
}

char *inos_desk_format (GPtrArray *windows, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  for (guint i = 0; i < windows->len && i < INOS_DESK_MOST; i++) {
    const struct inos_desk_window *window = g_ptr_array_index (windows, i);
    g_autofree char *group = g_strdup_printf ("window %u", i + 1);
    g_key_file_set_string (file, group, "app-id", window->app_id);
    g_key_file_set_integer (file, group, "program", (int)window->program);
    g_key_file_set_integer (file, group, "workspace", (int)window->workspace);
    g_key_file_set_integer (file, group, "x", window->x);
    g_key_file_set_integer (file, group, "y", window->y);
    g_key_file_set_integer (file, group, "width", window->width);
    g_key_file_set_integer (file, group, "height", window->height);
    for (gsize f = 0; f < G_N_ELEMENTS (flags); f++)
      if (G_STRUCT_MEMBER (gboolean, window, flags[f].offset))
        g_key_file_set_boolean (file, group, flags[f].name, TRUE);
  }
  return g_key_file_to_data (file, length, NULL);
}

static gboolean read_number (GKeyFile *file, const char *group, const char *key, int least,
                             int most, int *value)
{
  g_autoptr (GError) error = NULL;
  *value = g_key_file_get_integer (file, group, key, &error);
  return error == NULL && *value >= least && *value <= most;
}

/* NULL for what cannot be a window. */
static struct inos_desk_window *read_window (GKeyFile *file, const char *group)
{
  struct inos_desk_window window = {0};
  int program, workspace;
  g_autofree char *app_id = g_key_file_get_string (file, group, "app-id", NULL);
  if (app_id == NULL || *app_id == '\0' || strlen (app_id) > INOS_DESK_MAX_APP_ID ||
      !g_utf8_validate (app_id, -1, NULL) ||
      !read_number (file, group, "program", 0, INOS_DESK_MAX_PROGRAM, &program) ||
      !read_number (file, group, "workspace", 0, INOS_DESK_MAX_WORKSPACE, &workspace) ||
      !read_number (file, group, "x", -INOS_DESK_MAX_PLACE, INOS_DESK_MAX_PLACE, &window.x) ||
      !read_number (file, group, "y", -INOS_DESK_MAX_PLACE, INOS_DESK_MAX_PLACE, &window.y) ||
      !read_number (file, group, "width", 1, INOS_DESK_MAX_SIZE, &window.width) ||
      !read_number (file, group, "height", 1, INOS_DESK_MAX_SIZE, &window.height))
    return NULL;
  window.app_id = g_steal_pointer (&app_id);
  window.program = (unsigned)program;
  window.workspace = (unsigned)workspace;
  for (gsize f = 0; f < G_N_ELEMENTS (flags); f++)
    G_STRUCT_MEMBER (gboolean, &window, flags[f].offset) =
      g_key_file_get_boolean (file, group, flags[f].name, NULL);
  return g_memdup2 (&window, sizeof window);
}

GPtrArray *inos_desk_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  if (length > INOS_DESK_MAX_TEXT) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "more than %d bytes of windows",
                 INOS_DESK_MAX_TEXT);
    return NULL;
  }
  GPtrArray *windows = inos_desk_new();
  if (length == 0) /* of which GLib says that it is no key file */
    return windows;
  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error)) {
    g_ptr_array_unref (windows);
    return NULL;
  }
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL && windows->len < INOS_DESK_MOST; group++) {
    struct inos_desk_window *window = read_window (file, *group);
    if (window != NULL)
      g_ptr_array_add (windows, window);
  }
  return windows;
}

/* Reads one byte more than there may be, and no more, whatever the file is. */
GPtrArray *inos_desk_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &missing);
  if (g_error_matches (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return inos_desk_new();
  if (stream == NULL) {
    g_propagate_error (error, g_steal_pointer (&missing));
    return NULL;
  }
  g_autofree char *text = g_malloc (INOS_DESK_MAX_TEXT + 1);
  gsize length = 0;
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, INOS_DESK_MAX_TEXT + 1, &length,
                                NULL, error))
    return NULL;
  GPtrArray *windows = inos_desk_parse (text, length, error);
  if (windows == NULL)
    g_prefix_error (error, "%s: ", path);
  return windows;
}
