/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "notify_settings.h"

#include "note.h"

#include <errno.h>
#include <string.h>

static gboolean flag_of (JsonObject *object, const char *name, gboolean other)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN
           ? json_node_get_boolean (node)
           : other;
}

static void read_muted (InosNotifySettings *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "muted");
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new();

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
      g_ptr_array_add (names, (gpointer)json_node_get_string (element));
  }
  g_ptr_array_add (names, NULL);
  inos_notify_settings_set_muted (self, (const char *const *)names->pdata);
}

void inos_notify_settings_init (InosNotifySettings *self, const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable();
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  *self = (InosNotifySettings){.path = g_strdup (path),
                               .quiet_in_full_screen = TRUE,
                               .muted = g_ptr_array_new_with_free_func (g_free)};
  /* Else two documents in one file abort it. */
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_file (parser, path, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning ("the settings of notifications are not used: %s", error->message);
    return;
  }
  root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_warning ("the settings of notifications in %s are no JSON object and are not used", path);
    return;
  }
  self->do_not_disturb = flag_of (json_node_get_object (root), "doNotDisturb", FALSE);
  self->quiet_in_full_screen = flag_of (json_node_get_object (root), "quietInFullScreen", TRUE);
  read_muted (self, json_node_get_object (root));
}

void inos_notify_settings_finish (InosNotifySettings *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->muted, g_ptr_array_unref);
}

void inos_notify_settings_save (InosNotifySettings *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new();
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "doNotDisturb");
  json_builder_add_boolean_value (builder, self->do_not_disturb);
  json_builder_set_member_name (builder, "quietInFullScreen");
  json_builder_add_boolean_value (builder, self->quiet_in_full_screen);
  json_builder_set_member_name (builder, "muted");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->muted->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (self->muted, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_warning ("could not write the settings of notifications %s: %s; they hold until the shell "
               "ends",
               self->path, error ? error->message : g_strerror (errno));
}

gboolean inos_notify_settings_mutes (const InosNotifySettings *self, const char *source)
{
  return g_ptr_array_find_with_equal_func (self->muted, source, g_str_equal, NULL);
}

static int compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

void inos_notify_settings_set_muted (InosNotifySettings *self, const char *const *names)
{
  g_autoptr (GPtrArray) old = self->muted;

  self->muted = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; names[i] && self->muted->len < INOS_NOTIFY_MAX_MUTED; i++) {
    if (*names[i] && strlen (names[i]) <= INOS_NOTE_MAX_WORD &&
        !inos_notify_settings_mutes (self, names[i]))
      g_ptr_array_add (self->muted, g_strdup (names[i]));
  }
  g_ptr_array_sort (self->muted, compare);
}
