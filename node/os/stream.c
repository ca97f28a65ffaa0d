/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/stream.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* By a timer, which needs no room in a mailbox. */
bool inos_wait_for_room (struct inos_context *context, bool *waits,
                         const struct inos_message_type *again)
{
  static const struct inos_nothing nothing;

  if (!*waits && inos_is_blocked (context))
    *waits = inos_send_after (context, INOS_TO (inos_self (context)), again, &nothing, 0, 0) != 0;
  return *waits || inos_is_blocked (context);
}

/* What comes in */

void inos_inflow_begin (struct inos_inflow *in, int fd, struct inos_address to, inos_event chunk,
                        uint32_t window)
{
  *in = (struct inos_inflow){.fd = fd, .open = true, .to = to, .chunk = chunk, .window = window};
}

static bool has_room (const struct inos_inflow *in, struct inos_context *context)
{
  return in->open && in->chunk && !inos_is_blocked (context) &&
         (in->window == 0 || in->untaken < in->window);
}

bool inos_inflow_is_held (const struct inos_inflow *in, struct inos_context *context)
{
  return in->open && !has_room (in, context);
}

static void inflow_end (struct inos_inflow *in, int error)
{
  in->error = error;
  inos_inflow_clear (in);
}

/* @buffer is given away. */
static void send_chunk (struct inos_inflow *in, struct inos_context *context, gpointer buffer,
                        size_t size)
{
  struct inos_chunk chunk = {g_bytes_new_take (g_realloc (buffer, size), size)};
  enum inos_sent sent = inos_send (context, in->to, in->chunk, &chunk, NULL);

  if (sent == INOS_NO_MEMORY) { /* rather an end than a hole */
    inos_chunk_clear (&chunk);
    inflow_end (in, ENOMEM);
  } else if (sent == INOS_DEAD)
    inflow_end (in, EPIPE); /* as if it had been a pipe to the receiver */
  else if (in->window > 0)
    in->untaken += size;
}

bool inos_inflow_read (struct inos_inflow *in, struct inos_context *context)
{
  if (!has_room (in, context))
    return false;
  g_autofree gpointer buffer = g_malloc (INOS_CHUNK_MAX);
  ssize_t size = read (in->fd, buffer, INOS_CHUNK_MAX);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return false;
  if (size <= 0) {
    inflow_end (in, size < 0 ? errno : 0);
    return false;
  }
  send_chunk (in, context, g_steal_pointer (&buffer), (size_t)size);
  return true;
}

void inos_inflow_arm (struct inos_inflow *in, struct inos_context *context, inos_watch_ready ready)
{
  if (!has_room (in, context))
    inos_watch_end (&in->watch);
  else if (!in->watch)
    in->watch = inos_watch_fd (context, in->fd, G_IO_IN, ready);
}

void inos_inflow_taken (struct inos_inflow *in, uint64_t bytes)
{
  in->untaken -= MIN (bytes, in->untaken);
}

void inos_inflow_clear (struct inos_inflow *in)
{
  inos_watch_end (&in->watch);
  if (in->open)
    close (in->fd);
  in->open = false;
}

/* What goes out */

struct outgoing {
  GBytes *bytes;
  size_t written;
  struct inos_request_id request;
};

void inos_outflow_begin (struct inos_outflow *out, int fd, bool is_socket,
                         const struct inos_message_type *reply)
{
  *out = (struct inos_outflow){.fd = fd, .open = true, .is_socket = is_socket, .reply = reply};
  g_queue_init (&out->queue);
}

static void answer (struct inos_outflow *out, struct inos_context *context,
                    struct inos_request_id request, struct inos_os_result result)
{
  if (context)
    inos_reply (context, request, out->reply, &result);
}

/* The first one is done with. */
static void shift (struct inos_outflow *out, struct inos_context *context,
                   struct inos_os_result result)
{
  struct outgoing *first = g_queue_pop_head (&out->queue);

  out->waiting -= g_bytes_get_size (first->bytes);
  answer (out, context, first->request, result);
  g_bytes_unref (first->bytes);
  g_free (first);
}

/* write() to a pipe that nobody reads, without the signal. */
static ssize_t write_quietly (int fd, const void *data, size_t size)
{
  const struct timespec now = {0};
  sigset_t pipe, before, pending;

  sigemptyset (&pipe);
  sigaddset (&pipe, SIGPIPE);
  sigpending (&pending);
  pthread_sigmask (SIG_BLOCK, &pipe, &before);
  ssize_t written = write (fd, data, size);
  int error = errno;
  if (written < 0 && error == EPIPE && !sigismember (&pending, SIGPIPE))
    sigtimedwait (&pipe, NULL, &now);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = error;
  return written;
}

/* Writes of the first one what goes. Returns: whether it may go on. */
static bool write_first (struct inos_outflow *out, struct inos_context *context)
{
  struct outgoing *first = g_queue_peek_head (&out->queue);
  size_t size;
  const char *data = g_bytes_get_data (first->bytes, &size);
  ssize_t written = 0;

  if (size > first->written)
    written = out->is_socket
                ? send (out->fd, data + first->written, size - first->written, MSG_NOSIGNAL)
                : write_quietly (out->fd, data + first->written, size - first->written);
  if (written < 0) {
    if (errno != EAGAIN && errno != EINTR)
      inos_outflow_clear (out, context);
    return false;
  }
  first->written += (size_t)written;
  if (first->written < size)
    return false;
  shift (out, context, (struct inos_os_result){INOS_OS_OK, 0});
  return true;
}

void inos_outflow_write (struct inos_outflow *out, struct inos_context *context)
{
  while (out->open && !g_queue_is_empty (&out->queue) && write_first (out, context))
    ;
  if (out->open && out->finish && g_queue_is_empty (&out->queue)) {
    if (out->is_socket)
      shutdown (out->fd, SHUT_WR);
    inos_outflow_clear (out, context);
  }
}

void inos_outflow_put (struct inos_outflow *out, struct inos_context *context, GBytes *bytes)
{
  struct inos_request_id request = inos_request_handled (context);
  size_t size = bytes ? g_bytes_get_size (bytes) : 0;

  if (!out->open || out->finish)
    answer (out, context, request, (struct inos_os_result){INOS_OS_CLOSED, 0});
  else if (out->waiting > 0 && out->waiting + size > INOS_OUTFLOW_MAX)
    answer (out, context, request, (struct inos_os_result){INOS_OS_BUSY, 0});
  else if (size == 0)
    answer (out, context, request, (struct inos_os_result){INOS_OS_OK, 0});
  else {
    struct outgoing *last = g_new (struct outgoing, 1);
    *last = (struct outgoing){g_bytes_ref (bytes), 0, request};
    g_queue_push_tail (&out->queue, last);
    out->waiting += size;
    inos_outflow_write (out, context);
  }
}

void inos_outflow_finish (struct inos_outflow *out, struct inos_context *context)
{
  out->finish = true;
  inos_outflow_write (out, context);
}

void inos_outflow_arm (struct inos_outflow *out, struct inos_context *context,
                       inos_watch_ready ready)
{
  if (!out->open || g_queue_is_empty (&out->queue))
    inos_watch_end (&out->watch);
  else if (!out->watch)
    out->watch = inos_watch_fd (context, out->fd, G_IO_OUT, ready);
}

void inos_outflow_clear (struct inos_outflow *out, struct inos_context *context)
{
  inos_watch_end (&out->watch);
  if (out->open)
    close (out->fd);
  out->open = false;
  while (!g_queue_is_empty (&out->queue))
    shift (out, context, (struct inos_os_result){INOS_OS_CLOSED, 0});
}
