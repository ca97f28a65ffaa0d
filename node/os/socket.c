/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/socket.h"

#include "node/os/argument.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_MS 30000

INOS_PROTOCOL_DEFINE (inos_socket, INOS_SOCKET);

struct connection {
  int connecting; /* a descriptor; only while `is_connecting` */
  bool is_connecting, is_open, waits, told;
  GSource *connect_watch, *timeout;
  struct inos_inflow in; /* in and out have a descriptor each */
  struct inos_outflow out;
  struct inos_socket_receiver receiver;
  inos_event on_open;
};

void inos_socket_owned_clear (void *message)
{
  struct inos_socket_owned *owned = message;

  if (owned->fd_and_one > 0)
    close (owned->fd_and_one - 1);
  owned->fd_and_one = 0;
}

/* The course of things */

static enum inos_outcome on_readable (void *state, struct inos_context *context);
static enum inos_outcome on_writable (void *state, struct inos_context *context);

static void tell (struct connection *self, struct inos_context *context, inos_event event)
{
  static const struct inos_nothing nothing;

  if (event)
    inos_send (context, self->receiver.to, event, &nothing, NULL);
}

static enum inos_outcome advance (struct connection *self, struct inos_context *context)
{
  if (!self->is_open)
    return INOS_OK;
  inos_inflow_arm (&self->in, context, on_readable);
  inos_outflow_arm (&self->out, context, on_writable);
  if (!self->in.open && self->in.error)
    return inos_done_with (context, (struct inos_exit){INOS_EXIT_ERROR, self->in.error});
  if (!self->in.open && !self->told) {
    self->told = true;
    tell (self, context, self->receiver.on_finish);
  }
  if (inos_wait_for_room (context, &self->waits, &inos_socket_again_type))
    return INOS_OK;
  return !self->in.open && !self->out.open ? INOS_DONE : INOS_OK;
}

static enum inos_outcome on_readable (void *state, struct inos_context *context)
{
  struct connection *self = state;

  inos_inflow_read (&self->in, context);
  return advance (self, context);
}

static enum inos_outcome on_writable (void *state, struct inos_context *context)
{
  struct connection *self = state;

  inos_outflow_write (&self->out, context);
  return advance (self, context);
}

/* Beginning */

static void use_receiver (struct connection *self, struct inos_context *context,
                          const struct inos_socket_receiver *receiver)
{
  if (self->receiver.to.id && !self->receiver.to.route)
    inos_demonitor (context, self->receiver.to.id);
  if (receiver->to.id && !receiver->to.route)
    inos_monitor (context, receiver->to.id);
  self->receiver = *receiver;
  self->in.to = receiver->to;
  self->in.chunk = receiver->on_data;
  self->in.window = receiver->window;
  self->in.untaken = 0;
}

/* It is connected: @fd is not taken. */
static enum inos_outcome open_with (struct connection *self, struct inos_context *context, int fd)
{
  int in = fcntl (fd, F_DUPFD_CLOEXEC, 3), out = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (in < 0 || out < 0) {
    int error = errno;
    if (in >= 0)
      close (in);
    return inos_done_with (context, (struct inos_exit){INOS_EXIT_ERROR, error});
  }
  inos_inflow_begin (&self->in, in, self->receiver.to, self->receiver.on_data,
                     self->receiver.window);
  inos_outflow_begin (&self->out, out, true, &inos_socket_write_reply_type);
  self->is_open = true;
  tell (self, context, self->on_open);
  return advance (self, context);
}

static void stop_connecting (struct connection *self)
{
  inos_watch_end (&self->connect_watch);
  inos_watch_end (&self->timeout);
  if (self->is_connecting)
    close (self->connecting);
  self->is_connecting = false;
}

static enum inos_outcome on_connected (void *state, struct inos_context *context)
{
  struct connection *self = state;
  int error = 0;
  socklen_t size = sizeof error;
  enum inos_outcome outcome;

  if (getsockopt (self->connecting, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
    error = errno;
  if (error)
    outcome = inos_done_with (context, (struct inos_exit){INOS_EXIT_ERROR, error});
  else
    outcome = open_with (self, context, self->connecting);
  stop_connecting (self);
  return outcome;
}

static enum inos_outcome on_timeout (void *state, struct inos_context *context)
{
  stop_connecting (state);
  return inos_done_with (context, (struct inos_exit){INOS_EXIT_ERROR, ETIMEDOUT});
}

static enum inos_outcome start (struct connection *self, struct inos_context *context,
                                const struct inos_socket *socket)
{
  const struct inos_endpoint *to = &socket->endpoint;
  unsigned timeout = socket->timeout_ms ? socket->timeout_ms : TIMEOUT_MS;
  bool connecting;

  struct inos_os_result result =
    inos_endpoint_connect (to, socket->security, &self->connecting, &connecting);
  if (result.error != INOS_OS_OK)
    return inos_fail (context, (int32_t)result.error, "%s cannot be connected to: %s",
                      inos_endpoint_name (to), inos_os_text (result));
  self->is_connecting = true;
  self->on_open = socket->on_open;
  use_receiver (self, context, &socket->receiver);
  if (!connecting)
    return on_connected (self, context);
  self->connect_watch = inos_watch_fd (context, self->connecting, G_IO_OUT, on_connected);
  self->timeout = inos_watch_time (context, timeout, on_timeout);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  gboolean is_packed;
  const struct inos_socket *table;

  if (!inos_edge_context (inos_context_runtime (context)))
    return inos_fail (context, INOS_OS_FAILED, "A socket needs an edge");
  if (!argument) /* a listener's: what it is follows */
    return INOS_OK;
  table = inos_argument_table (argument, &is_packed);
  if (!is_packed)
    return start (state, context, table);
  struct inos_socket socket = *table;
  inos_endpoint_unpack (argument, sizeof socket, &socket.endpoint);
  return start (state, context, &socket);
}

/* Messages */

INOS_HANDLE (inos_socket, write, struct connection)
{
  if (!self->is_open) {
    inos_socket_reply_write (context, (struct inos_os_result){INOS_OS_BUSY, 0});
    return INOS_OK;
  }
  inos_outflow_put (&self->out, context, message->bytes);
  return advance (self, context);
}

INOS_HANDLE (inos_socket, finish, struct connection)
{
  if (!self->is_open) /* nothing has been, and nothing will be said */
    return INOS_DONE;
  inos_outflow_finish (&self->out, context);
  return advance (self, context);
}

INOS_HANDLE (inos_socket, taken, struct connection)
{
  inos_inflow_taken (&self->in, message->bytes);
  return advance (self, context);
}

INOS_HANDLE (inos_socket, receive, struct connection)
{
  use_receiver (self, context, message);
  if (self->told) /* the end has come before its receiver */
    tell (self, context, self->receiver.on_finish);
  return advance (self, context);
}

INOS_HANDLE (inos_socket, adopt, struct connection)
{
  return self->is_open ? INOS_OK : open_with (self, context, message->fd_and_one - 1);
}

INOS_HANDLE (inos_socket, again, struct connection)
{
  self->waits = false;
  return advance (self, context);
}

/* Nobody listens to it any more. */
static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  const struct connection *self = state;

  return who == self->receiver.to.id ? INOS_DONE : INOS_OK;
}

static void post_stop (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct connection *self = state;

  inos_outflow_clear (&self->out, context); /* whoever waits is answered */
}

static void clear (void *state)
{
  struct connection *self = state;

  stop_connecting (self);
  inos_inflow_clear (&self->in);
  inos_outflow_clear (&self->out, NULL);
}

INOS_BEHAVIOUR (inos_socket, INOS_SOCKET, struct connection, .on_edge = true,
                .pre_start = pre_start, .post_stop = post_stop, .on_down = on_down, .clear = clear);

inos_socket_ref inos_socket_connect (struct inos_context *context, const struct inos_socket *socket,
                                     const struct inos_spawn *how)
{
  return (inos_socket_ref){INOS_TO (inos_endpoint_spawn (context, &inos_socket_behaviour, socket,
                                                         sizeof *socket, &socket->endpoint, how))};
}
