/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "system_node.h"

#include "bridge/error.h"
#include "bridge/routes.h"
#include "node/api/frame.h"
#include "node/api/messages.h"
#include "props.h"
#include "table.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>

#define SYSTEM_SOCKET "/run/inos/node.sock"

enum {
  PATIENCE = 10,  /* s, for each read and write, beside what the node may take */
  PASSWORD = 120, /* s, that polkit may wait for a person */
  READ_SIZE = 4096,
};

struct node {
  const char *path;
  GSocketConnection *connection;
  struct inos_decoder *decoder;
  uint64_t last_id;
};

static const struct {
  const char *code, *name;
} errors[] = {
  {"access-denied", INOS_BUS_ACCESS_DENIED},
  {"bad-payload", INOS_BUS_INVALID_ARGUMENT},
  {"not-found", INOS_BUS_NOT_FOUND},
  {"too-many", INOS_BUS_TOO_MANY},
};

static const char *path_of_socket (void)
{
  const char *named = g_getenv ("INOS_SYSTEM_SOCKET");

  return named != NULL && *named != '\0' ? named : SYSTEM_SOCKET;
}

int ctl_system_fail (const GError *error, const char *what)
{
  g_autoptr (GError) local = g_error_copy (error);

  g_dbus_error_strip_remote_error (local);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    ctl_complain (_ ("the node at %s speaks to root and to members of its group. "
                     "Type: sudo adduser %s inos; then log in again"),
                  path_of_socket(), g_get_user_name());
    return CTL_FAILED;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    ctl_complain (_ ("no node of the system at %s: %s. "
                     "Start it with: sudo systemctl enable --now inos-node"),
                  path_of_socket(), error->message);
    return CTL_NO_SERVICE;
  }
  ctl_complain ("%s: %s", what, local->message);
  return CTL_FAILED;
}

static bool write_request (struct node *node, const char *type, GVariant *payload, GError **error)
{
  struct inos_frame request = {
    .kind = INOS_REQUEST,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = ++node->last_id,
    .payload = payload,
  };
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (node->connection));

  g_strlcpy (request.type, type, sizeof request.type);
  g_autoptr (GBytes) frame = inos_frame_encode (&request);
  if (frame == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("this is too long"));
    return false;
  }
  return g_output_stream_write_all (out, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame),
                                    NULL, NULL, error);
}

static bool read_more (struct node *node, GError **error)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (node->connection));
  char bytes[READ_SIZE];
  gssize size = g_input_stream_read (in, bytes, sizeof bytes, NULL, error);

  if (size == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("it closed the connection"));
  if (size <= 0)
    return false;
  inos_decoder_push (node->decoder, bytes, (size_t)size);
  return true;
}

/* As the bridge would say it on a bus. */
static void take_error (GError **error, const char *code, const char *sentence)
{
  for (size_t i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_str_equal (errors[i].code, code)) {
      g_propagate_error (error, g_dbus_error_new_for_dbus_error (errors[i].name, sentence));
      return;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", code, sentence);
}

/* (transfer full): what a frame says to the request; NULL, without an error, where it says nothing
 * to it. */
static GVariant *answer_of (const struct node *node, const struct inos_frame *frame,
                            const char *type, GError **error)
{
  const char *code, *sentence;

  if (frame->kind == INOS_ERROR && (frame->reply_to == node->last_id || frame->reply_to == 0)) {
    g_variant_get (frame->payload, "(&s&s)", &code, &sentence);
    take_error (error, code, sentence);
  } else if (frame->kind == INOS_REPLY && frame->reply_to == node->last_id &&
             g_str_equal (frame->type, type)) {
    return g_variant_ref (frame->payload);
  }
  return NULL;
}

static GVariant *read_answer (struct node *node, const char *type, GError **error)
{
  GVariant *answer = NULL;
  g_autoptr (GError) problem = NULL;

  while (answer == NULL && problem == NULL) {
    struct inos_frame frame = {0};
    enum inos_decode decoded = inos_decoder_next (node->decoder, &frame, &problem);
    if (decoded == INOS_DECODE_MORE)
      read_more (node, &problem);
    else if (decoded == INOS_DECODE_ONE)
      answer = answer_of (node, &frame, type, &problem);
    inos_frame_clear (&frame);
  }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return answer;
}

/* What it refuses a stranger with is there before the request is, which may then break the pipe. */
static GVariant *talk (struct node *node, const char *type, GVariant *payload, GError **error)
{
  g_autoptr (GError) unsent = NULL;

  if (!write_request (node, type, payload, &unsent) &&
      g_error_matches (unsent, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE)) {
    g_propagate_error (error, g_steal_pointer (&unsent));
    return NULL;
  }
  return read_answer (node, type, error);
}

/* One connection for each question: whoever asks again is the same process to polkit. */
static GVariant *ask (const char *type, GVariant *payload, GError **error)
{
  struct node node = {.path = path_of_socket()};
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (node.path);
  g_autoptr (GSocketClient) client = g_socket_client_new();
  guint patience = inos_message_patience (inos_message_find (type, INOS_MESSAGE_VERSION)) / 1000;

  g_socket_client_set_timeout (client, patience + PASSWORD + PATIENCE);
  node.connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, error);
  if (node.connection == NULL)
    return NULL;
  node.decoder = inos_decoder_new();
  GVariant *answer = talk (&node, type, payload, error);
  inos_decoder_free (node.decoder);
  g_object_unref (node.connection);
  return answer;
}

GVariant *ctl_system_call (const char *interface, const char *method, GVariant *parameters,
                           GError **error)
{
  g_autoptr (GVariant) sunk = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  const char *type = inos_route_message (interface, method);

  if (type != NULL)
    return ask (type, sunk, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _ ("the node of the system cannot be asked for %s without a bus"), method);
  return NULL;
}

static void print_json (GVariant *info)
{
  static const char *const names[] = {"peer_id",    "version",    "host_name",
                                      "started_at", "public_key", NULL};
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_add_fields (json, info, names);
  json_builder_end_object (json);
  json_print (json, false);
}

static void add_line (CtlTable *table, const char *label, const char *value)
{
  ctl_table_cell (table, CTL_DIM, label);
  ctl_table_cell (table, CTL_PLAIN, value);
}

static void print_human (struct ctl *ctl, GVariant *info)
{
  static const struct ctl_column columns[] = {{NULL, false, false}, {NULL, false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  const char *peer, *version, *host;
  gint64 started;
  int width, height;

  g_variant_get (info, "(&s&s&sx&s)", &peer, &version, &host, &started, NULL);
  g_autofree char *uptime =
    ctl_text_duration ((guint64)(MAX (g_get_real_time() - started, 0) / G_USEC_PER_SEC));
  add_line (table, _ ("Version"), version);
  add_line (table, _ ("Peer"), peer);
  add_line (table, _ ("Host"), host);
  add_line (table, _ ("Uptime"), uptime);
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

int ctl_system_status (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) info = ask (INOS_NODE_INFO, NULL, &error);

  if (info == NULL) {
    g_autofree char *what = g_strdup_printf (_ ("cannot ask the node at %s"), path_of_socket());
    return ctl_system_fail (error, what);
  }
  if (ctl->json)
    print_json (info);
  else
    print_human (ctl, info);
  return CTL_OK;
}
