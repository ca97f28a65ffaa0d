/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "terminal_stream.h"

#include "../scheme.h"
#include "terminal_backlog.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE ((gsize)64 * 1024)
#define FLOOD_CHUNK ((gsize)16 * 1024)
#define FLOOD_MS 100 /* between two of them: nobody reads faster */
#define TURN 16      /* reads, before others have their turn */

struct InosTerminalStream {
  int fd;
  guint reader, writer, pause; /* sources */
  gboolean ended;
  InosTerminalBacklog *backlog;
  WebKitURISchemeRequest *request; /* that waits for bytes; may be NULL */
  GByteArray *unsent;
};

static void read_some (InosTerminalStream *self)
{
  guchar bytes[READ_SIZE];
  gsize room;

  for (guint n = 0; n < TURN && !self->ended; n++) {
    gssize got;

    room = MIN (inos_terminal_backlog_room (self->backlog), READ_SIZE);
    if (room == 0)
      return;
    got = recv (self->fd, bytes, room, MSG_DONTWAIT);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0 && errno == EAGAIN)
      return;
    if (got <= 0)
      self->ended = TRUE;
    else
      inos_terminal_backlog_add (self->backlog, bytes, (gsize)got);
  }
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data);
static void go_on (InosTerminalStream *self);

static void answer_with (InosTerminalStream *self, gsize most)
{
  g_autoptr (GBytes) chunk = inos_terminal_backlog_take (self->backlog, most);

  if (!chunk && !self->ended)
    return;
  inos_scheme_answer (self->request, chunk);
  g_clear_object (&self->request);
}

static gboolean on_pause_over (gpointer data)
{
  InosTerminalStream *self = data;

  self->pause = 0;
  answer_with (self, FLOOD_CHUNK);
  go_on (self);
  return G_SOURCE_REMOVE;
}

/* Of a flood the page gets a little now and then, and all when it is over. */
static void answer (InosTerminalStream *self)
{
  if (!self->request || self->pause)
    return;
  if (inos_terminal_backlog_is_flooded (self->backlog))
    self->pause = g_timeout_add (FLOOD_MS, on_pause_over, self);
  else
    answer_with (self, INOS_TERMINAL_CHUNK);
}

static void go_on (InosTerminalStream *self)
{
  gboolean wanted;

  answer (self);
  wanted = !self->ended && inos_terminal_backlog_room (self->backlog) > 0;
  if (!wanted)
    g_clear_handle_id (&self->reader, g_source_remove);
  else if (!self->reader)
    self->reader = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data)
{
  InosTerminalStream *self = data;

  read_some (self);
  go_on (self);
  return self->reader ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void inos_terminal_stream_read (InosTerminalStream *self, WebKitURISchemeRequest *request)
{
  if (self->request) {
    g_warning ("a page asks for the same stream twice; refused");
    inos_scheme_answer (request, NULL);
    return;
  }
  self->request = g_object_ref (request);
  read_some (self);
  go_on (self);
}

void inos_terminal_stream_keep (InosTerminalStream *self, guint lines)
{
  inos_terminal_backlog_keep (self->backlog, lines);
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

InosTerminalStream *inos_terminal_stream_create (int fd, guint64 replay)
{
  InosTerminalStream *self = g_new0 (InosTerminalStream, 1);

  self->fd = fd;
  self->unsent = g_byte_array_new();
  self->backlog = inos_terminal_backlog_new (replay);
  go_on (self);
  return self;
}

void inos_terminal_stream_destroy (InosTerminalStream *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->reader, g_source_remove);
  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_handle_id (&self->writer, g_source_remove);
  if (self->request)
    inos_scheme_answer (self->request, NULL);
  g_clear_object (&self->request);
  g_byte_array_unref (self->unsent);
  inos_terminal_backlog_free (self->backlog);
  close (self->fd);
  g_free (self);
}
