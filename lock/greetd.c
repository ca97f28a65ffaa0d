/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "greetd.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void inos_greetd_reply_clear (struct inos_greetd_reply *reply)
{
  g_clear_pointer (&reply->text, g_free);
}

/* Requests */

/* By hand: a library's copies of a secret could not be wiped. */
static void append_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c < 0x20)
      g_string_append_printf (json, "\\u%04x", c);
    else if (c == '"' || c == '\\')
      g_string_append_printf (json, "\\%c", c);
    else
      g_string_append_c (json, *text);
  }
  g_string_append_c (json, '"');
}

static void append_list (GString *json, const char *const *items)
{
  g_string_append_c (json, '[');
  for (size_t i = 0; items[i]; i++) {
    if (i > 0)
      g_string_append_c (json, ',');
    append_string (json, items[i]);
  }
  g_string_append_c (json, ']');
}

GString *inos_greetd_create_session (const char *user)
{
  GString *json = g_string_new ("{\"type\":\"create_session\",\"username\":");
  append_string (json, user);
  return g_string_append_c (json, '}');
}

GString *inos_greetd_answer (const char *text)
{
  /* Large enough that it is not moved, which would leave a copy. */
  size_t most = text ? strlen (text) * 6 + 100 : 100;
  GString *json = g_string_sized_new (most);
  g_string_append (json, "{\"type\":\"post_auth_message_response\"");
  if (text) {
    g_string_append (json, ",\"response\":");
    append_string (json, text);
  }
  return g_string_append_c (json, '}');
}

GString *inos_greetd_start_session (const char *const *command, const char *const *environment)
{
  GString *json = g_string_new ("{\"type\":\"start_session\",\"cmd\":");
  append_list (json, command);
  g_string_append (json, ",\"env\":");
  append_list (json, environment);
  return g_string_append_c (json, '}');
}

GString *inos_greetd_cancel_session (void)
{
  return g_string_new ("{\"type\":\"cancel_session\"}");
}

/* Answers */

static const char *member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  bool is_text =
    node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
  return is_text ? json_node_get_string (node) : "";
}

static bool read_message (JsonObject *object, struct inos_greetd_reply *out)
{
  static const struct {
    const char *name;
    enum inos_greetd_kind kind;
  } kinds[] = {
    {"secret", INOS_GREETD_ASK_SECRET},
    {"visible", INOS_GREETD_ASK_SHOWN},
    {"info", INOS_GREETD_INFO},
    {"error", INOS_GREETD_COMPLAINT},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!g_str_equal (member (object, "auth_message_type"), kinds[i].name))
      continue;
    out->kind = kinds[i].kind;
    out->text = g_strdup (member (object, "auth_message"));
    return true;
  }
  return false;
}

static bool read_object (JsonObject *object, struct inos_greetd_reply *out)
{
  const char *type = member (object, "type");
  if (g_str_equal (type, "auth_message"))
    return read_message (object, out);
  if (g_str_equal (type, "success")) {
    out->kind = INOS_GREETD_SUCCESS;
    out->text = g_strdup ("");
    return true;
  }
  if (!g_str_equal (type, "error"))
    return false;
  out->kind = g_str_equal (member (object, "error_type"), "auth_error") ? INOS_GREETD_AUTH_ERROR
                                                                        : INOS_GREETD_ERROR;
  out->text = g_strdup (member (object, "description"));
  return true;
}

bool inos_greetd_parse (const char *json, size_t size, struct inos_greetd_reply *out,
                        GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable();
  /* Else two documents in one abort it. */
  json_parser_set_strict (parser, TRUE);
  *out = (struct inos_greetd_reply){0};
  if (size <= INOS_GREETD_REPLY_MAX && g_utf8_validate_len (json, size, NULL) &&
      json_parser_load_from_data (parser, json, (gssize)size, NULL)) {
    JsonNode *root = json_parser_get_root (parser);
    if (root && JSON_NODE_HOLDS_OBJECT (root) && read_object (json_node_get_object (root), out))
      return true;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("greetd says what is no answer"));
  return false;
}

/* The connection */

int inos_greetd_connect (const char *path, GError **error)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!path || !*path || strlen (path) >= sizeof address.sun_path) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("greetd did not start this: GREETD_SOCK names no socket"));
    return -1;
  }
  memcpy (address.sun_path, path, strlen (path) + 1);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("greetd does not answer: %s"),
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static bool send_all (int fd, const void *bytes, size_t size)
{
  const char *at = bytes;
  while (size > 0) {
    ssize_t sent = send (fd, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    at += sent;
    size -= (size_t)sent;
  }
  return true;
}

static bool receive_all (int fd, void *bytes, size_t size)
{
  char *at = bytes;
  while (size > 0) {
    ssize_t got = recv (fd, at, size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    at += got;
    size -= (size_t)got;
  }
  return true;
}

bool inos_greetd_ask (int fd, const GString *request, struct inos_greetd_reply *out, GError **error)
{
  uint32_t size = (uint32_t)request->len;
  *out = (struct inos_greetd_reply){0};
  bool told = send_all (fd, &size, sizeof size) && send_all (fd, request->str, request->len) &&
              receive_all (fd, &size, sizeof size) && size <= INOS_GREETD_REPLY_MAX;
  g_autofree char *reply = told ? g_malloc (size) : NULL;
  if (told && receive_all (fd, reply, size))
    return inos_greetd_parse (reply, size, out, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("greetd ended the connection"));
  return false;
}
