/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/pipe.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/socket.h>
#include <unistd.h>

#define DRAIN_MAX (1024 * 1024) /* bytes that are dropped while it lingers */

struct inos_pipes {
  struct inos_poller *poller;
  GQueue all; /* struct inos_pipe.node */
  unsigned n_lingering;
  uint8_t buffer[INOS_PIPE_READ];
};

struct inos_pipe {
  struct inos_pipes *pipes;
  struct inos_watch watch;
  const struct inos_pipe_events *events; /* NULL: it was closed */
  void *data;
  GList node;
  bool wants_bytes, wants_room;
  bool told;     /* `closed` */
  unsigned busy; /* calls that are under way: it is freed after the last */
  GSource *linger;
  size_t drained;
};

static void watch (struct inos_pipe *pipe)
{
  inos_poller_watch (pipe->pipes->poller, &pipe->watch,
                     (pipe->wants_bytes ? EPOLLIN : 0u) | (pipe->wants_room ? EPOLLOUT : 0u));
}

static void cut (struct inos_pipe *pipe)
{
  struct inos_pipes *pipes = pipe->pipes;

  inos_poller_forget (pipes->poller, &pipe->watch);
  if (pipe->linger)
    pipes->n_lingering--;
  inos_timer_clear (&pipe->linger);
  close (pipe->watch.fd);
  g_queue_unlink (&pipes->all, &pipe->node);
  g_free (pipe);
}

static void tell_closed (struct inos_pipe *pipe, int cause)
{
  g_autoptr (GError) error = NULL;

  if (cause != 0)
    g_set_error (&error, G_IO_ERROR, (int)g_io_error_from_errno (cause),
                 "The connection broke: %s.", g_strerror (cause));
  pipe->told = true;
  pipe->events->closed (pipe->data, error);
}

/* Reads and drops what still comes, so that the kernel does not answer it with a reset, at which
 * the other side would drop what was sent last. */
static void drain (struct inos_pipe *pipe)
{
  ssize_t len = recv (pipe->watch.fd, pipe->pipes->buffer, INOS_PIPE_READ, MSG_DONTWAIT);

  if (len < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  pipe->drained += len > 0 ? (size_t)len : 0;
  if (len <= 0 || pipe->drained > DRAIN_MAX)
    cut (pipe);
}

static void read_some (struct inos_pipe *pipe)
{
  ssize_t len = recv (pipe->watch.fd, pipe->pipes->buffer, INOS_PIPE_READ, MSG_DONTWAIT);

  if (len > 0)
    pipe->events->bytes (pipe->data, pipe->pipes->buffer, (size_t)len);
  else if (len == 0)
    tell_closed (pipe, 0);
  else if (errno != EAGAIN && errno != EINTR)
    tell_closed (pipe, errno);
}

/* The error that the socket has, which there is one of where it is said so. */
static int error_of (const struct inos_pipe *pipe)
{
  int cause = 0;
  socklen_t len = sizeof cause;

  if (getsockopt (pipe->watch.fd, SOL_SOCKET, SO_ERROR, &cause, &len) < 0 || cause == 0)
    return ECONNRESET;
  return cause;
}

static void on_ready (void *data, uint32_t events)
{
  struct inos_pipe *pipe = data;

  if (!pipe->events) {
    drain (pipe);
    return;
  }
  pipe->busy++;
  if (events & EPOLLOUT && pipe->wants_room) {
    pipe->wants_room = false;
    watch (pipe);
    pipe->events->room (pipe->data);
  }
  if (pipe->events && pipe->wants_bytes && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    read_some (pipe);
  else if (pipe->events && events & EPOLLERR) /* would be told for ever */
    tell_closed (pipe, error_of (pipe));
  else if (pipe->events && events & EPOLLHUP) /* so would this; what is left is read when wanted */
    inos_poller_forget (pipe->pipes->poller, &pipe->watch);
  pipe->busy--;
  if (pipe->told || (!pipe->events && !pipe->linger))
    cut (pipe);
}

static gboolean on_linger_over (gpointer data)
{
  cut (data);
  return G_SOURCE_REMOVE;
}

size_t inos_pipe_send (struct inos_pipe *pipe, const uint8_t *bytes, size_t len)
{
  ssize_t sent;

  if (len == 0)
    return 0;
  do
    sent = send (pipe->watch.fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == (ssize_t)len)
    return len;
  if (sent < 0 && errno != EAGAIN)
    return 0; /* it is broken, which is told from the loop */
  pipe->wants_room = true;
  watch (pipe);
  return sent > 0 ? (size_t)sent : 0;
}

void inos_pipe_read (struct inos_pipe *pipe, bool wanted)
{
  pipe->wants_bytes = wanted;
  watch (pipe);
}

void inos_pipe_close (struct inos_pipe *pipe)
{
  struct inos_pipes *pipes = pipe->pipes;
  bool linger = !pipe->told && pipes->n_lingering < INOS_PIPES_LINGERING &&
                shutdown (pipe->watch.fd, SHUT_WR) == 0;

  pipe->events = NULL;
  if (linger) {
    pipes->n_lingering++;
    inos_timer_set (&pipe->linger, inos_poller_context (pipes->poller), INOS_PIPE_LINGER,
                    on_linger_over, pipe);
    inos_poller_watch (pipes->poller, &pipe->watch, EPOLLIN);
  } else if (pipe->busy == 0) {
    cut (pipe);
  }
}

struct inos_pipe *inos_pipe_new (struct inos_pipes *pipes, int fd,
                                 const struct inos_pipe_events *events, void *data)
{
  struct inos_pipe *pipe = g_new0 (struct inos_pipe, 1);

  pipe->pipes = pipes;
  pipe->watch = (struct inos_watch){.fd = fd, .ready = on_ready, .data = pipe};
  pipe->events = events;
  pipe->data = data;
  pipe->node.data = pipe;
  pipe->wants_bytes = true;
  g_queue_push_tail_link (&pipes->all, &pipe->node);
  watch (pipe);
  return pipe;
}

struct inos_pipes *inos_pipes_new (struct inos_poller *poller)
{
  struct inos_pipes *pipes = g_new0 (struct inos_pipes, 1);

  pipes->poller = poller;
  return pipes;
}

void inos_pipes_free (struct inos_pipes *pipes)
{
  if (!pipes)
    return;
  while (pipes->all.head)
    cut (pipes->all.head->data);
  g_free (pipes);
}
