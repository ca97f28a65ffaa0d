/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capability.h"

#include "message.h"

#include <json-glib/json-glib.h>

struct InosCapability {
  char *page;
  GHashTable *commands; /* set of char * */
};

G_DEFINE_QUARK (inos-capability-error-quark, inos_capability_error)

InosCapability *inos_capability_new_empty (const char *page)
{
  InosCapability *self = g_new0 (InosCapability, 1);

  self->page = g_strdup (page);
  self->commands = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void inos_capability_free (InosCapability *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->commands);
  g_free (self->page);
  g_free (self);
}

/* The string a node holds, or NULL where it holds anything else. */
static const char *node_string (JsonNode *node)
{
  if (!node || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static gboolean add_commands (InosCapability *self, JsonArray *commands, GError **error)
{
  for (guint i = 0; i < json_array_get_length (commands); i++) {
    const char *name = node_string (json_array_get_element (commands, i));

    if (!name || !inos_command_name_is_valid (name)) {
      g_set_error (error, INOS_CAPABILITY_ERROR, 0,
                   "entry %u of \"commands\" for the page '%s' is not a command name", i,
                   self->page);
      return FALSE;
    }
    g_hash_table_add (self->commands, g_strdup (name));
  }
  return TRUE;
}

static gboolean read_text (InosCapability *self, const char *text, gssize length, GError **error)
{
  const char *page = self->page;
  g_autoptr (JsonParser) parser = json_parser_new_immutable();
  JsonNode *root, *commands;
  JsonObject *object;

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, length, error)) {
    g_prefix_error (error, "the capability file of the page '%s' is not JSON: ", page);
    return FALSE;
  }
  root = json_parser_get_root (parser);
  object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (!object || g_strcmp0 (node_string (json_object_get_member (object, "page")), page) != 0) {
    g_set_error (error, INOS_CAPABILITY_ERROR, 0,
                 "the capability file of the page '%s' is not an object that names that page",
                 page);
    return FALSE;
  }
  commands = json_object_get_member (object, "commands");
  if (!commands || !JSON_NODE_HOLDS_ARRAY (commands) || json_object_get_size (object) != 2) {
    g_set_error (error, INOS_CAPABILITY_ERROR, 0,
                 "the capability file of the page '%s' must have \"page\" and a list \"commands\", "
                 "and nothing else",
                 page);
    return FALSE;
  }
  return add_commands (self, json_node_get_array (commands), error);
}

InosCapability *inos_capability_parse (const char *page, const char *text, gssize length,
                                       GError **error)
{
  InosCapability *self = inos_capability_new_empty (page);

  if (!read_text (self, text, length, error))
    g_clear_pointer (&self, inos_capability_free);
  return self;
}

InosCapability *inos_capability_load (const char *directory, const char *page, GError **error)
{
  g_autofree char *file = g_strconcat (page, ".json", NULL);
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return inos_capability_parse (page, text, (gssize)length, error);
}

const char *inos_capability_get_page (const InosCapability *self)
{
  return self->page;
}

gboolean inos_capability_allows (const InosCapability *self, const char *command)
{
  return g_hash_table_contains (self->commands, command);
}
