/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "terminal_stream.h"

#include "../scheme.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <sys/socket.h>
#include <unistd.h>

struct InosTerminalStream {
  int fd;
  guint reader, writer;            /* sources */
  WebKitURISchemeRequest *request; /* that waits for bytes; may be NULL */
  GByteArray *unsent;
};

/* Returns: FALSE where there is nothing yet. */
static gboolean answer (InosTerminalStream *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new();
  g_autoptr (GBytes) chunk = NULL;
  gboolean ended = FALSE;
  gsize size = 0;

  g_byte_array_set_size (bytes, INOS_TERMINAL_CHUNK);
  while (size < INOS_TERMINAL_CHUNK) {
    gssize n = recv (self->fd, bytes->data + size, INOS_TERMINAL_CHUNK - size, MSG_DONTWAIT);

    if (n < 0 && errno == EINTR)
      continue;
    ended = n == 0 || (n < 0 && errno != EAGAIN);
    if (n <= 0)
      break;
    size += (gsize)n;
  }
  if (size == 0 && !ended)
    return FALSE;
  g_byte_array_set_size (bytes, (guint)size);
  chunk = size > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
  inos_scheme_answer (self->request, chunk);
  g_clear_object (&self->request);
  return TRUE;
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data)
{
  InosTerminalStream *self = data;

  if (self->request && !answer (self))
    return G_SOURCE_CONTINUE;
  self->reader = 0;
  return G_SOURCE_REMOVE;
}

void inos_terminal_stream_read (InosTerminalStream *self, WebKitURISchemeRequest *request)
{
  if (self->request) {
    g_warning ("a page asks for the same stream twice; refused");
    inos_scheme_answer (request, NULL);
    return;
  }
  self->request = g_object_ref (request);
  if (!answer (self) && !self->reader)
    self->reader = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
}

static void send_unsent (InosTerminalStream *self)
{
  while (self->unsent->len > 0) {
    gssize n = send (self->fd, self->unsent->data, self->unsent->len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != EAGAIN)
      g_byte_array_set_size (self->unsent, 0); /* it has ended, as reading says */
    if (n <= 0)
      return;
    g_byte_array_remove_range (self->unsent, 0, (guint)n);
  }
}

static gboolean on_writable (gint fd, GIOCondition condition, gpointer data)
{
  InosTerminalStream *self = data;

  send_unsent (self);
  if (self->unsent->len > 0)
    return G_SOURCE_CONTINUE;
  self->writer = 0;
  return G_SOURCE_REMOVE;
}

gboolean inos_terminal_stream_write (InosTerminalStream *self, const guchar *bytes, gsize size,
                                     GError **error)
{
  if (self->unsent->len + size > INOS_TERMINAL_UNSENT_MAX) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         _ ("The program does not read what is typed."));
    return FALSE;
  }
  g_byte_array_append (self->unsent, bytes, (guint)size);
  send_unsent (self);
  if (self->unsent->len > 0 && !self->writer)
    self->writer = g_unix_fd_add (self->fd, G_IO_OUT, on_writable, self);
  return TRUE;
}

InosTerminalStream *inos_terminal_stream_create (int fd)
{
  InosTerminalStream *self = g_new0 (InosTerminalStream, 1);

  self->fd = fd;
  self->unsent = g_byte_array_new();
  return self;
}

void inos_terminal_stream_destroy (InosTerminalStream *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->reader, g_source_remove);
  g_clear_handle_id (&self->writer, g_source_remove);
  if (self->request)
    inos_scheme_answer (self->request, NULL);
  g_clear_object (&self->request);
  g_byte_array_unref (self->unsent);
  close (self->fd);
  g_free (self);
}
