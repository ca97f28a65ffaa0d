/*
 * The client of the node's socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/node_link.h"

#include "node/api/frame.h"
#include "node/api/messages.h"

#include <gio/gunixfdmessage.h>
#include <gio/gunixsocketaddress.h>
#include <stdbool.h>
#include <unistd.h>

enum {
  BACKOFF_FIRST = 100, /* ms */
  BACKOFF_LAST = 2000,
  PATIENCE = 1000, /* ms, beyond what the answer may take */
  READ_SIZE = 16384,
  READS_A_TURN = 16,    /* then others in the main loop have their turn */
  OUT_MAX = 256 * 1024, /* a node that reads nothing is as good as gone */
  FDS_MAX = 3,          /* that a node sends with one reply */
};

struct request {
  struct inos_node_link *link;
  uint64_t id;
  char *type;
  guint timeout, patience;    /* a timer; ms */
  inos_node_link_reply reply; /* may be NULL */
  void *data;
};

struct inos_node_link {
  char *path;
  struct inos_node_link_events events;
  void *data;
  GFileMonitor *monitor; /* may be NULL: then we try again and again */
  GSocket *socket;       /* NULL while down */
  GSource *in, *out;     /* may be NULL */
  struct inos_decoder *decoder;
  GUnixFDList *fds; /* that came last and nobody has taken; may be NULL */
  GByteArray *unsent;
  GHashTable *requests; /* id → struct request */
  uint64_t last_id;
  guint retry, backoff; /* a timer; ms */
  guint more;           /* ms, that each answer may take longer */
  bool told;            /* whether the log has this failure already */
  bool owns_folder;     /* may make the socket's folder */
};

static void try_connect (struct inos_node_link *link);
static void watch_folder (struct inos_node_link *link);
static void watch_out (struct inos_node_link *link);

static void request_free (void *data)
{
  struct request *request = data;

  g_clear_handle_id (&request->timeout, g_source_remove);
  g_free (request->type);
  g_free (request);
}

static void request_finish (struct request *request, GVariant *payload, const GError *error)
{
  if (request->reply != NULL)
    request->reply (payload, error, request->data);
  request_free (request);
}

static struct request *take_request (struct inos_node_link *link, uint64_t id)
{
  struct request *request = NULL;

  g_hash_table_steal_extended (link->requests, &id, NULL, (void **)&request);
  return request;
}

static void fail_requests (struct inos_node_link *link, GIOErrorEnum code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, code, message);
  g_autoptr (GPtrArray) requests = g_hash_table_steal_all_values (link->requests);

  for (guint i = 0; i < requests->len; i++)
    request_finish (requests->pdata[i], NULL, error);
}

static void clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean on_retry (void *data)
{
  struct inos_node_link *link = data;

  link->retry = 0;
  try_connect (link);
  return G_SOURCE_REMOVE;
}

/* absent: there was no node. The monitor says when one comes, so the tries may end. */
static void schedule (struct inos_node_link *link, bool absent)
{
  if (link->retry != 0)
    return;
  if (link->monitor == NULL && !link->owns_folder)
    watch_folder (link); /* it may be there by now */
  if (absent && link->monitor != NULL && link->backoff >= BACKOFF_LAST)
    return;
  link->retry = g_timeout_add (link->backoff, on_retry, link);
  link->backoff = MIN (link->backoff * 2, BACKOFF_LAST);
}

/* Ends a connection. The caller's frame may be inside on_readable(): it must return at once. */
static void drop (struct inos_node_link *link, const char *why)
{
  if (link->socket == NULL)
    return;
  g_message ("lost the node at %s: %s", link->path, why);
  clear_source (&link->in);
  clear_source (&link->out);
  g_socket_close (link->socket, NULL);
  g_clear_object (&link->socket);
  g_clear_pointer (&link->decoder, inos_decoder_free);
  g_clear_object (&link->fds);
  g_byte_array_set_size (link->unsent, 0);
  schedule (link, false);
  fail_requests (link, G_IO_ERROR_NOT_CONNECTED, "the connection to the node was lost");
  link->events.down (link->data);
}

/* What the one who asked can know and mend, and is told. */
static const struct {
  const char *code;
  GIOErrorEnum error;
} refusals[] = {
  {"access-denied", G_IO_ERROR_PERMISSION_DENIED},
  {"bad-payload", G_IO_ERROR_INVALID_ARGUMENT},
  {"not-found", G_IO_ERROR_NOT_FOUND},
  {"too-many", G_IO_ERROR_BUSY},
  {"unknown-message", G_IO_ERROR_NOT_SUPPORTED},
  {"unreachable", G_IO_ERROR_HOST_UNREACHABLE},
};

static GIOErrorEnum refusal (const char *code)
{
  for (size_t i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].code, code))
      return refusals[i].error;
  return G_IO_ERROR_FAILED;
}

static void handle_error (struct inos_node_link *link, struct request *request,
                          const struct inos_frame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *code, *message;

  g_variant_get (frame->payload, "(&s&s)", &code, &message);
  error = g_error_new (G_IO_ERROR, refusal (code), "%s: %s", code, message);
  /* Who asks about actors and peers asks for what may not be there. */
  g_log (G_LOG_DOMAIN,
         request != NULL && !g_str_has_prefix (request->type, "node.") ? G_LOG_LEVEL_DEBUG
                                                                       : G_LOG_LEVEL_WARNING,
         "the node refused %s: %s", request != NULL ? request->type : "us", error->message);
  if (request != NULL)
    request_finish (request, NULL, error);
}

static void handle (struct inos_node_link *link, const struct inos_frame *frame)
{
  struct request *request = NULL;

  if (frame->kind == INOS_EVENT) {
    link->events.event (frame->type, frame->payload, link->data);
    return;
  }
  if (frame->kind == INOS_REQUEST) {
    drop (link, "it sent a request");
    return;
  }
  request = take_request (link, frame->reply_to);
  if (frame->kind == INOS_ERROR) {
    handle_error (link, request, frame);
    return;
  }
  if (request == NULL)
    return; /* the answer to a request that has timed out */
  if (g_strcmp0 (request->type, frame->type) != 0) {
    g_autoptr (GError) error =
      g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the node answered %s with %s",
                   request->type, frame->type);
    request_finish (request, NULL, error);
    drop (link, "it answered with another message");
    return;
  }
  link->backoff = BACKOFF_FIRST; /* it speaks sense */
  request_finish (request, frame->payload, NULL);
}

/* Takes what the decoder has. False where the connection has ended. */
static bool drain (struct inos_node_link *link)
{
  for (;;) {
    struct inos_frame frame = {0};
    g_autoptr (GError) error = NULL;
    enum inos_decode result = inos_decoder_next (link->decoder, &frame, &error);

    if (result == INOS_DECODE_MORE)
      return true;
    if (result == INOS_DECODE_ONE)
      handle (link, &frame);
    else
      drop (link, error != NULL ? error->message : "a malformed frame");
    inos_frame_clear (&frame);
    if (link->socket == NULL)
      return false;
  }
}

/* Keeps the last descriptors only: those that came before were not asked for. */
static void take_control (struct inos_node_link *link, GSocketControlMessage *message)
{
  if (!G_IS_UNIX_FD_MESSAGE (message))
    return;
  GUnixFDList *fds = g_unix_fd_message_get_fd_list (G_UNIX_FD_MESSAGE (message));
  if (g_unix_fd_list_get_length (fds) <= FDS_MAX)
    g_set_object (&link->fds, fds);
}

static gssize receive (struct inos_node_link *link, char *bytes, gsize size, GError **error)
{
  GInputVector part = {bytes, size};
  GSocketControlMessage **messages = NULL;
  int count = 0, flags = 0;
  gssize got =
    g_socket_receive_message (link->socket, NULL, &part, 1, &messages, &count, &flags, NULL, error);

  for (int i = 0; i < count; i++) {
    take_control (link, messages[i]);
    g_object_unref (messages[i]);
  }
  g_free (messages);
  return got;
}

static gboolean on_readable (GSocket *socket, GIOCondition condition, void *data)
{
  struct inos_node_link *link = data;
  char bytes[READ_SIZE];

  for (int i = 0; i < READS_A_TURN; i++) {
    g_autoptr (GError) error = NULL;
    gssize size = receive (link, bytes, sizeof bytes, &error);

    if (size < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return G_SOURCE_CONTINUE;
    if (size <= 0) {
      drop (link, size < 0 ? error->message : "it closed the connection");
      return G_SOURCE_REMOVE;
    }
    inos_decoder_push (link->decoder, bytes, (size_t)size);
    if (!drain (link))
      return G_SOURCE_REMOVE;
  }
  return G_SOURCE_CONTINUE;
}

/* Sends what it can; the rest waits for the socket. */
static gboolean on_writable (GSocket *socket, GIOCondition condition, void *data)
{
  struct inos_node_link *link = data;

  while (link->unsent->len > 0) {
    g_autoptr (GError) error = NULL;
    gssize size =
      g_socket_send (socket, (const char *)link->unsent->data, link->unsent->len, NULL, &error);

    if (size < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return G_SOURCE_CONTINUE;
    if (size < 0) {
      drop (link, error->message);
      return G_SOURCE_REMOVE;
    }
    g_byte_array_remove_range (link->unsent, 0, (guint)size);
  }
  clear_source (&link->out);
  return G_SOURCE_REMOVE;
}

static void watch_out (struct inos_node_link *link)
{
  if (link->out != NULL)
    return;
  link->out = g_socket_create_source (link->socket, G_IO_OUT, NULL);
  g_source_set_callback (link->out, G_SOURCE_FUNC (on_writable), link, NULL);
  g_source_attach (link->out, g_main_context_get_thread_default());
}

static bool is_trusted (GSocket *socket, GError **error)
{
  g_autoptr (GCredentials) peer = g_socket_get_credentials (socket, error);
  uid_t uid;

  if (peer == NULL)
    return false;
  uid = g_credentials_get_unix_user (peer, error);
  if (uid == (uid_t)-1)
    return false;
  if (uid == getuid() || uid == 0)
    return true;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "user %u serves it, which is neither root nor us", (unsigned)uid);
  return false;
}

static GSocket *open_socket (const char *path, GError **error)
{
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_connect (socket, address, NULL, error) || !is_trusted (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static void try_connect (struct inos_node_link *link)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&link->retry, g_source_remove);
  if (link->socket != NULL)
    return;
  link->socket = open_socket (link->path, &error);
  if (link->socket == NULL) {
    bool absent = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                  g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
    if (!link->told)
      g_message ("no node at %s yet: %s", link->path, error->message);
    link->told = true;
    schedule (link, absent);
    return;
  }
  link->told = false;
  link->decoder = inos_decoder_new();
  link->in = g_socket_create_source (link->socket, G_IO_IN, NULL);
  g_source_set_callback (link->in, G_SOURCE_FUNC (on_readable), link, NULL);
  g_source_attach (link->in, g_main_context_get_thread_default());
  g_message ("connected to the node at %s", link->path);
  link->events.up (link->data);
}

static void on_folder_changed (GFileMonitor *monitor, GFile *file, GFile *other,
                               GFileMonitorEvent event, void *data)
{
  struct inos_node_link *link = data;
  g_autofree char *path = g_file_get_path (file);

  if (link->socket != NULL || g_strcmp0 (path, link->path) != 0 ||
      event == G_FILE_MONITOR_EVENT_DELETED)
    return;
  /* The node may be between bind() and listen(): then the tries begin anew. */
  link->backoff = BACKOFF_FIRST;
  try_connect (link);
}

/* Makes the folder where it is missing, so that it can be watched before the node makes it. The
 * machine's node is looked for again and again until its folder is there. */
static void watch_folder (struct inos_node_link *link)
{
  g_autofree char *folder = g_path_get_dirname (link->path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GError) error = NULL;

  if (!link->owns_folder && !g_file_test (folder, G_FILE_TEST_IS_DIR))
    return;
  if (!link->owns_folder || g_mkdir_with_parents (folder, 0700) == 0)
    link->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (link->monitor == NULL) {
    g_warning ("cannot watch %s, the node is looked for every %d s instead: %s", folder,
               BACKOFF_LAST / 1000, error != NULL ? error->message : "there is no such folder");
    return;
  }
  g_signal_connect (link->monitor, "changed", G_CALLBACK (on_folder_changed), link);
}

static struct inos_node_link *link_new (const char *path,
                                        const struct inos_node_link_events *events, void *data,
                                        guint more, bool owns_folder)
{
  struct inos_node_link *link = g_new0 (struct inos_node_link, 1);

  link->path = g_canonicalize_filename (path, NULL);
  link->events = *events;
  link->data = data;
  link->more = more;
  link->owns_folder = owns_folder;
  link->unsent = g_byte_array_new();
  link->requests = g_hash_table_new (g_int64_hash, g_int64_equal);
  link->backoff = BACKOFF_FIRST;
  watch_folder (link);
  link->retry = g_idle_add (on_retry, link); /* so that the caller has the link when it is up */
  return link;
}

struct inos_node_link *inos_node_link_new (const char *path,
                                           const struct inos_node_link_events *events, void *data)
{
  return link_new (path, events, data, 0, true);
}

struct inos_node_link *
inos_node_link_new_system (const char *path, const struct inos_node_link_events *events, void *data)
{
  return link_new (path, events, data, INOS_NODE_LINK_PASSWORD, false);
}

void inos_node_link_free (struct inos_node_link *link)
{
  if (link == NULL)
    return;
  g_clear_handle_id (&link->retry, g_source_remove);
  if (link->monitor != NULL)
    g_signal_handlers_disconnect_by_data (link->monitor, link);
  g_clear_object (&link->monitor);
  clear_source (&link->in);
  clear_source (&link->out);
  g_clear_object (&link->socket);
  fail_requests (link, G_IO_ERROR_CANCELLED, "the bridge is ending");
  g_hash_table_unref (link->requests);
  g_byte_array_unref (link->unsent);
  g_clear_object (&link->fds);
  inos_decoder_free (link->decoder);
  g_free (link->path);
  g_free (link);
}

static gboolean on_timeout (void *data)
{
  struct request *request = data;
  struct inos_node_link *link = request->link;
  g_autofree char *why =
    g_strdup_printf ("no answer to %s for %u ms", request->type, request->patience);

  request->timeout = 0;
  drop (link, why); /* fails this request with the others */
  return G_SOURCE_REMOVE;
}

GUnixFDList *inos_node_link_take_fds (struct inos_node_link *link)
{
  return g_steal_pointer (&link->fds);
}

static guint patience_of (const char *type)
{
  return inos_message_patience (inos_message_find (type, INOS_MESSAGE_VERSION)) + PATIENCE;
}

static GBytes *encode (const char *type, uint64_t id, GVariant *payload)
{
  struct inos_frame frame = {
    .kind = INOS_REQUEST,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = id,
    .ttl_ms = patience_of (type),
    .payload = payload,
  };

  g_strlcpy (frame.type, type, sizeof frame.type);
  return inos_frame_encode (&frame);
}

void inos_node_link_request (struct inos_node_link *link, const char *type, GVariant *payload,
                             inos_node_link_reply reply, void *data)
{
  g_autoptr (GVariant) owned = payload != NULL ? g_variant_ref_sink (payload) : NULL;
  g_autoptr (GBytes) frame = encode (type, ++link->last_id, owned);
  struct request *request = NULL;
  gsize size;
  const void *bytes;

  if (link->socket == NULL || frame == NULL ||
      link->unsent->len + g_bytes_get_size (frame) > OUT_MAX) {
    g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "the node is not connected");
    if (reply != NULL)
      reply (NULL, error, data);
    return;
  }
  request = g_new0 (struct request, 1);
  *request = (struct request){
    .link = link, .id = link->last_id, .type = g_strdup (type), .reply = reply, .data = data};
  request->patience = patience_of (type) + link->more;
  request->timeout = g_timeout_add (request->patience, on_timeout, request);
  g_hash_table_insert (link->requests, &request->id, request);
  bytes = g_bytes_get_data (frame, &size);
  g_byte_array_append (link->unsent, bytes, (guint)size);
  watch_out (link);
}
