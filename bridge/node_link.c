/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bridge/node_link.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_PAUSE_MS = 100, LAST_PAUSE_MS = 2000, READ_SIZE = 16384 };

struct inos_node_link {
  char *path;
  const struct inos_node_link_hooks *hooks;
  void *data;

  int fd; /* -1 while there is no connection */
  guint readable;
  struct inos_decoder *decoder;
  uint64_t last_id;

  GFileMonitor *monitor; /* of the socket's folder; may be NULL */
  guint retry;
  unsigned int pause_ms;
};

static void try_connect (struct inos_node_link *link);

static gboolean on_retry (void *data)
{
  struct inos_node_link *link = data;
  link->retry = 0;
  try_connect (link);
  return G_SOURCE_REMOVE;
}

/* Only a socket that is there is worth another try; its appearance is told by the monitor. */
static void schedule_retry (struct inos_node_link *link)
{
  if (link->retry != 0 || (link->monitor && !g_file_test (link->path, G_FILE_TEST_EXISTS)))
    return;
  link->retry = g_timeout_add (link->pause_ms, on_retry, link);
  link->pause_ms = MIN (link->pause_ms * 2, LAST_PAUSE_MS);
}

static void disconnect (struct inos_node_link *link)
{
  if (link->fd < 0)
    return;
  g_clear_handle_id (&link->readable, g_source_remove);
  close (link->fd);
  link->fd = -1;
  g_clear_pointer (&link->decoder, inos_decoder_free);
}

void inos_node_link_drop (struct inos_node_link *link, const char *why)
{
  if (link->fd < 0)
    return;
  g_message ("The connection to the node at %s ended: %s.", link->path, why);
  disconnect (link);
  link->hooks->disconnected (link->data);
  schedule_retry (link);
}

/* Hands out what has arrived. Returns false where the connection ended meanwhile. */
static bool hand_out (struct inos_node_link *link)
{
  for (;;) {
    g_autoptr (GError) error = NULL;
    struct inos_envelope envelope = {0};
    switch (inos_decoder_next (link->decoder, &envelope, &error)) {
    case INOS_DECODE_MORE:
      return true;
    case INOS_DECODE_ONE:
      link->pause_ms = FIRST_PAUSE_MS;
      if (envelope.kind != INOS_REQUEST)
        link->hooks->received (&envelope, link->data);
      inos_envelope_clear (&envelope);
      if (link->fd < 0)
        return false;
      break;
    case INOS_DECODE_BAD:
      inos_envelope_clear (&envelope);
      if (inos_api_error_is_fatal (error)) {
        inos_node_link_drop (link, error->message);
        return false;
      }
      g_warning ("The node at %s sent what is ignored: %s.", link->path, error->message);
      break;
    }
  }
}

static gboolean on_readable (int fd, GIOCondition condition, void *data)
{
  struct inos_node_link *link = data;
  char bytes[READ_SIZE];
  ssize_t length = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (length <= 0) {
    inos_node_link_drop (link, length == 0 ? "the node closed it" : g_strerror (errno));
    return G_SOURCE_REMOVE;
  }
  inos_decoder_push (link->decoder, bytes, (size_t)length);
  return hand_out (link) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* A node of another user could tell us anything. */
static bool is_trusted (int fd)
{
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 &&
         (credentials.uid == geteuid() || credentials.uid == 0);
}

static int open_socket (const char *path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen (path) >= sizeof address.sun_path)
    return -1;
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static void try_connect (struct inos_node_link *link)
{
  if (link->fd >= 0)
    return;
  int fd = open_socket (link->path);
  if (fd >= 0 && !is_trusted (fd)) {
    g_warning ("%s belongs to another user and is not used.", link->path);
    close (fd);
    fd = -1;
  }
  if (fd < 0) {
    schedule_retry (link);
    return;
  }
  link->fd = fd;
  link->decoder = inos_decoder_new();
  link->readable = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, link);
  link->hooks->connected (link->data);
}

static void on_folder_changed (GFileMonitor *monitor, GFile *file, GFile *other,
                               GFileMonitorEvent event, void *data)
{
  struct inos_node_link *link = data;
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *renamed = other ? g_file_get_path (other) : NULL;
  if (link->fd >= 0 || (g_strcmp0 (path, link->path) != 0 && g_strcmp0 (renamed, link->path) != 0))
    return;
  link->pause_ms = FIRST_PAUSE_MS;
  g_clear_handle_id (&link->retry, g_source_remove);
  try_connect (link);
}

struct inos_node_link *inos_node_link_create (const char *path,
                                              const struct inos_node_link_hooks *hooks, void *data)
{
  struct inos_node_link *link = g_new0 (struct inos_node_link, 1);
  link->path = g_strdup (path);
  link->hooks = hooks;
  link->data = data;
  link->fd = -1;
  link->pause_ms = FIRST_PAUSE_MS;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  /* It must exist to be watched; the node would make it likewise. */
  g_mkdir_with_parents (folder, 0700);
  link->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (link->monitor)
    g_signal_connect (link->monitor, "changed", G_CALLBACK (on_folder_changed), link);
  link->retry = g_idle_add (on_retry, link);
  return link;
}

void inos_node_link_destroy (struct inos_node_link *link)
{
  if (!link)
    return;
  disconnect (link);
  g_clear_handle_id (&link->retry, g_source_remove);
  if (link->monitor)
    g_signal_handlers_disconnect_by_data (link->monitor, link);
  g_clear_object (&link->monitor);
  g_free (link->path);
  g_free (link);
}

uint64_t inos_node_link_request (struct inos_node_link *link, const char *type, GVariant *payload)
{
  g_autoptr (GVariant) owned = payload ? g_variant_ref_sink (payload) : NULL;
  if (link->fd < 0)
    return 0;
  struct inos_envelope envelope = {
    .kind = INOS_REQUEST,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = ++link->last_id,
    .payload = owned,
  };
  g_strlcpy (envelope.type, type, sizeof envelope.type);
  g_autoptr (GBytes) frame = inos_envelope_encode (&envelope);
  gsize size = 0;
  const void *bytes = frame ? g_bytes_get_data (frame, &size) : NULL;
  /* Requests are tens of bytes: a node whose socket cannot take one has stopped reading. */
  if (!frame || send (link->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size) {
    inos_node_link_drop (link, "it takes no more requests");
    return 0;
  }
  return envelope.id;
}
