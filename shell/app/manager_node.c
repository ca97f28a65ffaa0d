/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "manager_node.h"

#include "../message.h"
#include "bridge/ask_node.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define NAME "org.inos.Node1"
#define PATH "/org/inos/Node1"
#define MESH "org.inos.Node1.Mesh"
#define DIGITS_MAX 20 /* of a number of 64 bits */

/* What the page says */

static GVariant *take_string (const InosQuestionArgument *argument, JsonObject *args,
                              GError **error)
{
  const char *text;

  if (argument->type == 'o' && !json_object_has_member (args, argument->name))
    return g_variant_new_string ("");
  text = inos_args_get_string (args, argument->name, argument->most, error);
  return text ? g_variant_new_string (text) : NULL;
}

static GVariant *take_digits (const InosQuestionArgument *argument, JsonObject *args,
                              GError **error)
{
  const char *text = inos_args_get_string (args, argument->name, DIGITS_MAX, error);
  gboolean is_signed = argument->type == 'x';
  guint64 number;

  if (!text || !g_ascii_string_to_unsigned (text, 10, 0, is_signed ? G_MAXINT64 : G_MAXUINT64,
                                            &number, error))
    return NULL;
  return is_signed ? g_variant_new_int64 ((gint64)number) : g_variant_new_uint64 (number);
}

static GVariant *take_integer (const InosQuestionArgument *argument, JsonObject *args,
                               GError **error)
{
  double most = argument->most, number;

  if (!inos_args_get_double (args, argument->name, -most, most, &number, error))
    return NULL;
  if (number == trunc (number))
    return g_variant_new_int32 ((gint32)number);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not a whole number",
               argument->name);
  return NULL;
}

static GVariant *take (const InosQuestionArgument *argument, JsonObject *args, GError **error)
{
  gboolean truth;
  guint number;

  switch (argument->type) {
  case 's':
  case 'o':
    return take_string (argument, args, error);
  case 't':
  case 'x':
    return take_digits (argument, args, error);
  case 'u':
    return inos_args_get_uint (args, argument->name, argument->most, &number, error)
             ? g_variant_new_uint32 (number)
             : NULL;
  case 'i':
    return take_integer (argument, args, error);
  case 'b':
    return inos_args_get_boolean (args, argument->name, &truth, error)
             ? g_variant_new_boolean (truth)
             : NULL;
  default:
    g_assert_not_reached();
  }
}

GVariant *inos_question_arguments (const InosQuestion *question, JsonObject *args, GError **error)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  for (gsize i = 0; i < INOS_QUESTION_ARGUMENTS && question->arguments[i].name; i++) {
    GVariant *value = take (&question->arguments[i], args, error);

    if (!value) {
      g_variant_builder_clear (&builder);
      return NULL;
    }
    g_variant_builder_add_value (&builder, value);
  }
  return g_variant_builder_end (&builder);
}

/* What the node says */

static JsonNode *text_node (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return node;
}

static JsonNode *string_node (GVariant *value)
{
  gsize length;
  const char *text = g_variant_get_string (value, &length);
  g_autofree char *cut = NULL, *valid = NULL;

  if (length <= INOS_ANSWER_STRING_MAX)
    return text_node (text);
  cut = g_strndup (text, INOS_ANSWER_STRING_MAX);
  *(char *)g_utf8_find_prev_char (cut, cut + INOS_ANSWER_STRING_MAX) = '\0'; /* it may be a part */
  valid = g_strconcat (cut, "…", NULL);
  return text_node (valid);
}

static JsonNode *number_node (GVariant *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  switch (g_variant_classify (value)) {
  case G_VARIANT_CLASS_BYTE:
    json_node_set_int (node, g_variant_get_byte (value));
    break;
  case G_VARIANT_CLASS_INT32:
    json_node_set_int (node, g_variant_get_int32 (value));
    break;
  case G_VARIANT_CLASS_UINT32:
    json_node_set_int (node, g_variant_get_uint32 (value));
    break;
  case G_VARIANT_CLASS_DOUBLE:
    if (isfinite (g_variant_get_double (value)))
      json_node_set_double (node, g_variant_get_double (value));
    else
      json_node_init_null (node);
    break;
  default: /* nothing else comes from the node */
    json_node_init_null (node);
    break;
  }
  return node;
}

static JsonNode *long_node (GVariant *value)
{
  g_autofree char *digits = g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64)
                              ? g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (value))
                              : g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));

  return text_node (digits);
}

static JsonNode *object_node (GVariant *value)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) entry = g_variant_get_child_value (value, i);
    g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
    g_autoptr (GVariant) child = g_variant_get_child_value (entry, 1);

    json_object_set_member (object, g_variant_get_string (key, NULL), inos_answer_to_json (child));
  }
  json_node_take_object (node, object);
  return node;
}

static JsonNode *array_node (GVariant *value)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

    json_array_add_element (array, inos_answer_to_json (child));
  }
  json_node_take_array (node, array);
  return node;
}

JsonNode *inos_answer_to_json (GVariant *answer)
{
  g_autoptr (GVariant) inside = NULL;
  JsonNode *node;

  switch (g_variant_classify (answer)) {
  case G_VARIANT_CLASS_BOOLEAN:
    node = json_node_new (JSON_NODE_VALUE);
    json_node_set_boolean (node, g_variant_get_boolean (answer));
    return node;
  case G_VARIANT_CLASS_STRING:
  case G_VARIANT_CLASS_OBJECT_PATH:
  case G_VARIANT_CLASS_SIGNATURE:
    return string_node (answer);
  case G_VARIANT_CLASS_INT64:
  case G_VARIANT_CLASS_UINT64:
    return long_node (answer);
  case G_VARIANT_CLASS_VARIANT:
    inside = g_variant_get_variant (answer);
    return inos_answer_to_json (inside);
  case G_VARIANT_CLASS_TUPLE:
  case G_VARIANT_CLASS_DICT_ENTRY:
    return array_node (answer);
  case G_VARIANT_CLASS_ARRAY:
    return g_variant_is_of_type (answer, G_VARIANT_TYPE ("a{s*}")) ? object_node (answer)
                                                                   : array_node (answer);
  default:
    return number_node (answer);
  }
}

/* Another node */

gboolean inos_question_node (JsonObject *args, const char **node, GError **error)
{
  *node = NULL;
  if (!json_object_has_member (args, "node"))
    return TRUE;
  *node = inos_args_get_string (args, "node", INOS_PEER_MOST, error);
  return *node != NULL;
}

void inos_node_call (GDBusConnection *bus, const char *node, const char *interface,
                     const char *method, GVariant *arguments, int patience,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  if (node) {
    g_autoptr (GVariant) sunk = g_variant_ref_sink (arguments);
    g_dbus_connection_call (bus, NAME, PATH, MESH, inos_ask_node_method (method),
                            g_variant_new ("(ss@av)", node, method, inos_ask_node_pack (sunk)),
                            G_VARIANT_TYPE ("(av)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                            INOS_DEED_PATIENCE, cancellable, callback, data);
  } else
    g_dbus_connection_call (bus, NAME, PATH, interface, method, arguments, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, patience, cancellable, callback, data);
}

/* What another node did not do, for the person; NULL: it is none of these. */
static char *far_sentence (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  const char *command = strstr (error->message, "inosctl mesh manage ");

  if (g_strcmp0 (name, "org.inos.Error.AccessDenied") == 0 && command)
    return g_strdup_printf (_ ("That computer has not given this one the right to do this. On it "
                               "the right can be given under “Other nodes”, or by typing: %s"),
                            command);
  if (g_strcmp0 (name, "org.inos.Error.Unreachable") == 0)
    return g_strdup (_ ("That computer cannot be reached now. It may be switched off, or there is "
                        "no direct connection to it."));
  if (g_strcmp0 (name, "org.inos.Error.NotSupported") == 0)
    return g_strdup (_ ("That computer does not answer this: its version of Inos may be an older "
                        "one, or this computer is no member of its mesh."));
  return NULL;
}

GVariant *inos_node_call_finish (GObject *bus, GAsyncResult *result, const char *answer,
                                 GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GVariant) got =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &local);
  g_autofree char *sentence = local ? far_sentence (local) : NULL;

  if (got && g_variant_is_of_type (got, G_VARIANT_TYPE ("(av)"))) { /* no method here has this */
    g_autoptr (GVariant) members = g_variant_get_child_value (got, 0);
    g_variant_unref (got);
    got = g_variant_ref_sink (inos_ask_node_unpack (members));
  }
  if (got && g_variant_is_of_type (got, G_VARIANT_TYPE (answer)))
    return g_steal_pointer (&got);
  if (sentence)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, sentence);
  else if (local)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("What the node answers is nothing that this program understands."));
  return NULL;
}

/* A sentence for the person. */
static void fail (InosReply *reply, GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)) {
    inos_reply_fail (reply, "%s", _ ("This machine's node is not there. It is being started."));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)) {
    inos_reply_fail (reply, "%s", _ ("The node has not answered in time. Try again in a moment."));
    return;
  }
  g_dbus_error_strip_remote_error (error);
  inos_reply_fail (reply, "%s", error->message);
}

typedef struct {
  InosReply *reply;
  const char *answer; /* its type; static */
} Asked;

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  InosReply *reply = asked->reply;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = inos_node_call_finish (source, result, asked->answer, &error);

  if (!answer)
    fail (reply, error);
  else if (g_variant_get_size (answer) > INOS_ANSWER_MAX)
    inos_reply_fail (reply, "%s", _ ("The node's answer is too long to be shown."));
  else
    inos_reply_ok (reply, inos_answer_to_json (answer));
}

void inos_question_ask (const InosQuestion *question, GDBusConnection *bus,
                        GCancellable *cancellable, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *node = NULL;
  GVariant *arguments = inos_question_node (args, &node, &error)
                          ? inos_question_arguments (question, args, &error)
                          : NULL;

  if (error) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  Asked *asked = g_new0 (Asked, 1);
  *asked = (Asked){reply, question->answer};
  inos_node_call (bus, node, question->interface, question->method, arguments,
                  (int)question->patience, cancellable, on_answered, asked);
}
