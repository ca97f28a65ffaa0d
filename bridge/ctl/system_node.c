/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "system_node.h"

#include "node/api/frame.h"
#include "node/api/messages.h"
#include "props.h"
#include "table.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>

#define SYSTEM_SOCKET "/run/inos/node.sock"

enum {
  PATIENCE = 10, /* s, for each read and write */
  READ_SIZE = 4096,
};

struct node {
  const char *path;
  GSocketConnection *connection;
  struct inos_decoder *decoder;
  uint64_t last_id;
};

/* Tells the person; the errors are those of connect(). */
static int no_connection (const struct node *node, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    ctl_complain (_ ("the node at %s speaks to root and to members of its group. "
                     "Type: sudo adduser %s inos; then log in again"),
                  node->path, g_get_user_name());
    return CTL_FAILED;
  }
  ctl_complain (_ ("no node of the system at %s: %s. "
                   "Start it with: sudo systemctl enable --now inos-node"),
                node->path, error->message);
  return CTL_NO_SERVICE;
}

static bool write_request (struct node *node, const char *type, GError **error)
{
  struct inos_frame request = {
    .kind = INOS_REQUEST,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = ++node->last_id,
  };
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (node->connection));

  g_strlcpy (request.type, type, sizeof request.type);
  g_autoptr (GBytes) frame = inos_frame_encode (&request);
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

/* (transfer full): what a frame says to the request; NULL, without an error, where it says nothing
 * to it. */
static GVariant *answer_of (const struct node *node, const struct inos_frame *frame,
                            const char *type, GError **error)
{
  const char *code, *sentence;

  if (frame->kind == INOS_ERROR && (frame->reply_to == node->last_id || frame->reply_to == 0)) {
    g_variant_get (frame->payload, "(&s&s)", &code, &sentence);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", code, sentence);
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
static GVariant *ask (struct node *node, const char *type, GError **error)
{
  write_request (node, type, NULL);
  return read_answer (node, type, error);
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

static int show (struct ctl *ctl, struct node *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) info = ask (node, INOS_NODE_INFO, &error);

  if (info == NULL) {
    ctl_complain (_ ("the node at %s does not answer: %s"), node->path, error->message);
    return CTL_FAILED;
  }
  if (ctl->json)
    print_json (info);
  else
    print_human (ctl, info);
  return CTL_OK;
}

int ctl_system_status (struct ctl *ctl)
{
  const char *named = g_getenv ("INOS_SYSTEM_SOCKET");
  struct node node = {.path = named != NULL && *named != '\0' ? named : SYSTEM_SOCKET};
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (node.path);
  g_autoptr (GSocketClient) client = g_socket_client_new();
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (client, PATIENCE);
  node.connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (node.connection == NULL)
    return no_connection (&node, error);
  node.decoder = inos_decoder_new();
  int status = show (ctl, &node);
  inos_decoder_free (node.decoder);
  g_object_unref (node.connection);
  return status;
}
