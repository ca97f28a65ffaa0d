/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (inos-message-error-quark, inos_message_error)

/* Counts open brackets outside of strings, so that no recursive parser ever sees a deep text. */
static gboolean is_too_deep (const char *text, gsize length)
{
  gsize depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++) {
    char c = text[i];

    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '{' || c == '[') {
      if (++depth > INOS_MESSAGE_MAX_DEPTH)
        return TRUE;
    } else if ((c == '}' || c == ']') && depth > 0) {
      depth--;
    }
  }
  return FALSE;
}

gboolean inos_command_name_is_valid (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > INOS_COMMAND_MAX_LENGTH)
    return FALSE;
  return strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length;
}

static gboolean parse_object (InosMessage *message, JsonObject *object, GError **error)
{
  JsonNode *command = json_object_get_member (object, "command");
  JsonNode *args = json_object_get_member (object, "args");
  guint known = (command ? 1 : 0) + (args ? 1 : 0);

  if (!command || !JSON_NODE_HOLDS_VALUE (command) ||
      json_node_get_value_type (command) != G_TYPE_STRING ||
      !inos_command_name_is_valid (json_node_get_string (command))) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                         "the message has no valid command name");
    return FALSE;
  }
  if (args && !JSON_NODE_HOLDS_OBJECT (args)) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                         "the message's args are not an object");
    return FALSE;
  }
  if (json_object_get_size (object) != known) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                         "the message has members beside command and args");
    return FALSE;
  }
  message->command = g_strdup (json_node_get_string (command));
  message->args = args ? json_object_ref (json_node_get_object (args)) : json_object_new();
  return TRUE;
}

gboolean inos_message_parse (InosMessage *message, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  *message = (InosMessage){0};
  if (length > INOS_MESSAGE_MAX_BYTES) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_TOO_LARGE,
                 "the message has %" G_GSIZE_FORMAT " bytes, more than %d", length,
                 INOS_MESSAGE_MAX_BYTES);
    return FALSE;
  }
  if (is_too_deep (text, length)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_TOO_DEEP,
                 "the message is nested more than %d deep", INOS_MESSAGE_MAX_DEPTH);
    return FALSE;
  }
  parser = json_parser_new_immutable();
  json_parser_set_strict (parser, TRUE);
  /* An escaped NUL would cut the string that holds it short. */
  if (!g_utf8_validate_len (text, length, NULL) || memmem (text, length, "\\u0000", 6) ||
      !json_parser_load_from_data (parser, text, (gssize)length, NULL)) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_MALFORMED,
                         "the message is not JSON");
    return FALSE;
  }
  root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                         "the message is not an object");
    return FALSE;
  }
  return parse_object (message, json_node_get_object (root), error);
}

void inos_message_clear (InosMessage *message)
{
  g_clear_pointer (&message->command, g_free);
  g_clear_pointer (&message->args, json_object_unref);
}

static JsonNode *get_value (JsonObject *args, const char *name)
{
  JsonNode *node = json_object_get_member (args, name);

  return node && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

static void set_wrong_type (GError **error, const char *name, const char *wanted)
{
  g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
               "the argument '%s' is not %s", name, wanted);
}

const char *inos_args_get_string (JsonObject *args, const char *name, gsize max_length,
                                  GError **error)
{
  JsonNode *node = get_value (args, name);
  const char *string = NULL;
  gsize length;

  if (node && json_node_get_value_type (node) == G_TYPE_STRING)
    string = json_node_get_string (node);
  length = string ? strlen (string) : 0;
  if (length == 0 || length > max_length) {
    set_wrong_type (error, name, "a string of a sensible length");
    return NULL;
  }
  return string;
}

gboolean inos_args_get_double (JsonObject *args, const char *name, double min, double max,
                               double *value, GError **error)
{
  JsonNode *node = get_value (args, name);
  GType type = node ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double number = NAN;

  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    number = json_node_get_double (node);
  if (!isfinite (number) || number < min || number > max) {
    set_wrong_type (error, name, "a number in range");
    return FALSE;
  }
  *value = number;
  return TRUE;
}

gboolean inos_args_get_uint (JsonObject *args, const char *name, guint max, guint *value,
                             GError **error)
{
  JsonNode *node = get_value (args, name);
  gint64 number = -1;

  if (node && json_node_get_value_type (node) == G_TYPE_INT64)
    number = json_node_get_int (node);
  if (number < 0 || number > (gint64)max) {
    set_wrong_type (error, name, "a whole number in range");
    return FALSE;
  }
  *value = (guint)number;
  return TRUE;
}

gboolean inos_args_get_boolean (JsonObject *args, const char *name, gboolean *value, GError **error)
{
  JsonNode *node = get_value (args, name);

  if (!node || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    set_wrong_type (error, name, "true or false");
    return FALSE;
  }
  *value = json_node_get_boolean (node);
  return TRUE;
}
