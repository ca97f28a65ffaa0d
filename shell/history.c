/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "history.h"

#include <json-glib/json-glib.h>

struct InosHistory {
  char *path;
  GPtrArray *recent; /* char *, newest first */
};

static JsonArray *recent_of (JsonNode *root)
{
  JsonObject *object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *recent = object ? json_object_get_member (object, "recent") : NULL;

  return recent && JSON_NODE_HOLDS_ARRAY (recent) ? json_node_get_array (recent) : NULL;
}

static void read_file (InosHistory *self)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable();
  g_autoptr (GError) error = NULL;
  JsonArray *recent;

  /* Else two documents in one file abort it. */
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_file (parser, self->path, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning ("the launcher's history is begun anew: %s", error->message);
    return;
  }
  recent = recent_of (json_parser_get_root (parser));
  if (!recent) {
    g_warning ("the launcher's history %s has no list \"recent\"; it is begun anew", self->path);
    return;
  }
  for (guint i = 0; i < json_array_get_length (recent) && i < INOS_HISTORY_MAX; i++) {
    JsonNode *node = json_array_get_element (recent, i);

    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
        inos_history_rank (self, json_node_get_string (node)) < 0)
      g_ptr_array_add (self->recent, g_strdup (json_node_get_string (node)));
  }
}

static void write_file (InosHistory *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *folder = g_path_get_dirname (self->path);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, 1);
  json_builder_set_member_name (builder, "recent");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->recent->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (self->recent, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_warning ("could not write the launcher's history %s: %s", self->path,
               error ? error->message : g_strerror (errno));
}

InosHistory *inos_history_load (const char *path)
{
  InosHistory *self = g_new0 (InosHistory, 1);

  self->path = g_strdup (path);
  self->recent = g_ptr_array_new_with_free_func (g_free);
  read_file (self);
  return self;
}

void inos_history_free (InosHistory *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->recent);
  g_free (self->path);
  g_free (self);
}

int inos_history_rank (const InosHistory *self, const char *id)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (self->recent, id, g_str_equal, &index))
    return -1;
  return (int)index;
}

void inos_history_add (InosHistory *self, const char *id)
{
  int rank = inos_history_rank (self, id);

  if (rank >= 0)
    g_ptr_array_remove_index (self->recent, (guint)rank);
  else if (self->recent->len == INOS_HISTORY_MAX)
    g_ptr_array_remove_index (self->recent, INOS_HISTORY_MAX - 1);
  g_ptr_array_insert (self->recent, 0, g_strdup (id));
  write_file (self);
}
