/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "simulator_line.h"

#include <math.h>
#include <string.h>

#define NUMBER_MAX 1e15 /* exact in a page */
#define DIGITS_MAX 20

static const char *const figures[INOS_SIMULATOR_FIGURES] = {
  "second", "up", "least", "mean", "most", "datagrams", "messages", "bytes", "suspected", "dead"};
static const char *const sums[] = {"nodes", "seconds", "events",  "processor", "slowest", "lost",
                                   "dead",  "cleared", "falsely", "suspected", "failed"};

static JsonNode *text_node (const char *text, gsize length)
{
  g_autofree char *cut = g_utf8_make_valid (text, (gssize)MIN (length, INOS_SIMULATOR_TEXT_MAX));
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, cut);
  return node;
}

static gboolean number (JsonObject *object, const char *name, double *value)
{
  JsonNode *member = json_object_get_member (object, name);

  if (!member || !JSON_NODE_HOLDS_VALUE (member) ||
      (json_node_get_value_type (member) != G_TYPE_INT64 &&
       json_node_get_value_type (member) != G_TYPE_DOUBLE))
    return FALSE;
  *value = json_node_get_double (member);
  return isfinite (*value) && *value >= 0 && *value <= NUMBER_MAX;
}

static const char *text (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member && JSON_NODE_HOLDS_VALUE (member) &&
             json_node_get_value_type (member) == G_TYPE_STRING
           ? json_node_get_string (member)
           : "";
}

static JsonNode *second_of (JsonObject *object)
{
  g_autoptr (JsonArray) row = json_array_new();
  JsonNode *node;
  double value;

  for (gsize i = 0; i < INOS_SIMULATOR_FIGURES; i++) {
    if (!number (object, figures[i], &value))
      return NULL;
    json_array_add_double_element (row, value);
  }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, row);
  return node;
}

static gboolean is_of (const char *text, const char *letters, gsize most)
{
  gsize length = strlen (text);

  return length > 0 && length <= most && strspn (text, letters) == length;
}

static void add_failures (JsonObject *end, JsonObject *object)
{
  JsonNode *member = json_object_get_member (object, "failures");
  JsonArray *from = member && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  JsonArray *failures = json_array_new();
  guint n = from ? MIN (json_array_get_length (from), INOS_SIMULATOR_FAILURES_MAX) : 0;

  for (guint i = 0; i < n; i++) {
    JsonNode *failure = json_array_get_element (from, i);

    if (JSON_NODE_HOLDS_VALUE (failure) && json_node_get_value_type (failure) == G_TYPE_STRING)
      json_array_add_element (failures, text_node (json_node_get_string (failure),
                                                   strlen (json_node_get_string (failure))));
  }
  json_object_set_array_member (end, "failures", failures);
}

static JsonNode *end_of (JsonObject *object)
{
  g_autoptr (JsonObject) end = json_object_new();
  const char *digest = text (object, "digest"), *seed = text (object, "seed");
  JsonNode *node;
  double value;

  if (!is_of (digest, "0123456789abcdef", 16) || !is_of (seed, "0123456789", DIGITS_MAX))
    return NULL;
  json_object_set_boolean_member (end, "ok", g_str_equal (text (object, "end"), "ok"));
  json_object_set_string_member (end, "digest", digest);
  json_object_set_string_member (end, "seed", seed);
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++) {
    if (!number (object, sums[i], &value))
      return NULL;
    json_object_set_double_member (end, sums[i], value);
  }
  add_failures (end, object);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, end);
  return node;
}

InosSimulatorLine inos_simulator_read_line (const char *line, gsize length, JsonNode **value)
{
  g_autoptr (JsonParser) parser = json_parser_new();
  InosSimulatorLine kind = INOS_SIMULATOR_TEXT;
  JsonNode *root;

  *value = NULL;
  if (length == 0 || line[0] != '{') {
    *value = text_node (line, length);
    return kind;
  }
  if (length <= INOS_SIMULATOR_LINE_MAX && g_utf8_validate_len (line, length, NULL) &&
      json_parser_load_from_data (parser, line, (gssize)length, NULL) &&
      (root = json_parser_get_root (parser)) && JSON_NODE_HOLDS_OBJECT (root)) {
    JsonObject *object = json_node_get_object (root);

    kind = json_object_has_member (object, "end") ? INOS_SIMULATOR_END : INOS_SIMULATOR_SECOND;
    *value = kind == INOS_SIMULATOR_END ? end_of (object) : second_of (object);
  }
  if (*value)
    return kind;
  *value = text_node ("", 0);
  return INOS_SIMULATOR_TEXT;
}
