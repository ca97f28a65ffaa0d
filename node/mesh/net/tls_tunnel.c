/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/tls_tunnel.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

bool inos_tls_is_there (void)
{
  return g_tls_backend_supports_tls (g_tls_backend_get_default());
}

/* (transfer full): a stream over @fd, which is taken. */
static GIOStream *stream_of (int fd, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (!socket) {
    close (fd);
    return NULL;
  }
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

/* A certificate proves nothing here that Noise does not prove better. */
static gboolean on_certificate (GTlsConnection *tls, GTlsCertificate *certificate,
                                GTlsCertificateFlags wrong, gpointer data)
{
  return TRUE;
}

/* Both streams are closed by now; each end of the clear text sees that. */
static void on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!g_io_stream_splice_finish (result, &error))
    g_debug ("A TLS connection ended: %s", error->message);
}

/* Joins @tls (transfer full) (nullable) with a new pair of sockets. Returns: the other end. */
static int join (GMainContext *context, GIOStream *tls, GError **error)
{
  g_autoptr (GIOStream) outside = tls, inside = NULL;
  int pair[2];

  if (!outside)
    return -1;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) < 0) {
    g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (errno), "No sockets for TLS: %s.",
                 g_strerror (errno));
    return -1;
  }
  inside = stream_of (pair[0], error);
  if (!inside) {
    close (pair[1]);
    return -1;
  }
  g_main_context_push_thread_default (context);
  g_io_stream_splice_async (inside, outside,
                            G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
                            G_PRIORITY_DEFAULT, NULL, on_ended, NULL);
  g_main_context_pop_thread_default (context);
  return pair[1];
}

int inos_tls_connect (GMainContext *context, int fd, const char *name, GError **error)
{
  g_autoptr (GIOStream) plain = stream_of (fd, error);
  g_autoptr (GSocketConnectable) who = name ? g_network_address_new (name, 443) : NULL;

  if (!plain)
    return -1;
  g_main_context_push_thread_default (context);
  GIOStream *tls = g_tls_client_connection_new (plain, who, error);
  g_main_context_pop_thread_default (context);
  if (tls)
    g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_certificate), NULL);
  return join (context, tls, error);
}

int inos_tls_accept (GMainContext *context, int fd, GTlsCertificate *certificate, GError **error)
{
  g_autoptr (GIOStream) plain = stream_of (fd, error);

  if (!plain)
    return -1;
  g_main_context_push_thread_default (context);
  GIOStream *tls = g_tls_server_connection_new (plain, certificate, error);
  g_main_context_pop_thread_default (context);
  return join (context, tls, error);
}
