/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/os/listener.h"

#include "node/os/argument.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128
#define CONNECTIONS_MAX 256
#define AT_ONCE 16   /* accepted before others have their turn */
#define PAUSE_MS 100 /* where there is no descriptor to be had */

INOS_PROTOCOL_DEFINE (inos_listener, INOS_LISTENER);

struct listener {
  struct inos_listening listening;
  GSource *watch, *pause;
  struct inos_socket_receiver receiver;
  inos_event on_connection;
  uint32_t count, most;
  bool waits;
};

static enum inos_outcome on_acceptable (void *state, struct inos_context *context);

static enum inos_outcome go_on (struct listener *self, struct inos_context *context)
{
  if (inos_wait_for_room (context, &self->waits, &inos_listener_again_type) || self->pause ||
      self->count >= self->most)
    inos_watch_end (&self->watch);
  else if (!self->watch)
    self->watch = inos_watch_fd (context, self->listening.fd, G_IO_IN, on_acceptable);
  return INOS_OK;
}

static enum inos_outcome on_pause_over (void *state, struct inos_context *context)
{
  struct listener *self = state;

  inos_watch_end (&self->pause);
  return go_on (self, context);
}

/* Who is at the other end of @fd. */
static struct inos_accepted describe (int fd)
{
  struct inos_accepted connection = {0};
  struct sockaddr_storage peer = {0};
  socklen_t size = sizeof peer, cred_size = sizeof (struct ucred);
  struct ucred cred;

  if (getpeername (fd, (struct sockaddr *)&peer, &size) < 0)
    return connection;
  if (peer.ss_family == AF_INET)
    inet_ntop (AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, connection.address,
               sizeof connection.address);
  else if (peer.ss_family == AF_INET6)
    inet_ntop (AF_INET6, &((struct sockaddr_in6 *)&peer)->sin6_addr, connection.address,
               sizeof connection.address);
  else if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &cred, &cred_size) == 0) {
    connection.pid = cred.pid;
    connection.uid = cred.uid;
  }
  return connection;
}

/* Makes an actor of @fd, which is taken. The receiver hears of it before it gets a descriptor, and
 * so before anything else of it. */
static void make_actor (struct listener *self, struct inos_context *context, int fd)
{
  const struct inos_spawn spawn = {.behaviour = &inos_socket_behaviour};
  struct inos_accepted connection = describe (fd);
  int yes = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); /* not of a Unix socket, of course */
  connection.socket.address = INOS_TO (inos_spawn_actor (context, &spawn));
  if (!connection.socket.address.id) {
    g_warning ("There is no memory for an actor; a connection was closed.");
    close (fd);
    return;
  }
  inos_monitor (context, connection.socket.address.id);
  self->count++;
  if (self->on_connection)
    inos_send (context, self->receiver.to, self->on_connection, &connection, NULL);
  inos_socket_send_receive (context, connection.socket, self->receiver);
  struct inos_socket_owned owned = {fd + 1};
  if (inos_socket_send_adopt (context, connection.socket, owned) == INOS_NO_MEMORY)
    inos_socket_owned_clear (&owned);
}

static enum inos_outcome on_acceptable (void *state, struct inos_context *context)
{
  struct listener *self = state;

  for (int i = 0; i < AT_ONCE && self->count < self->most && !inos_is_blocked (context); i++) {
    int fd = accept4 (self->listening.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0)
      make_actor (self, context, fd);
    else if (errno == EAGAIN)
      break;
    else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      g_warning ("No connection can be accepted: %s", g_strerror (errno));
      self->pause = inos_watch_time (context, PAUSE_MS, on_pause_over);
      break;
    }
  }
  return go_on (self, context);
}

static enum inos_outcome start (struct listener *self, struct inos_context *context,
                                const struct inos_listener *listener)
{
  const struct inos_endpoint *at = &listener->endpoint;

  if (!inos_edge_context (inos_context_runtime (context)))
    return inos_fail (context, INOS_OS_FAILED, "A listener needs an edge");
  struct inos_os_result result = inos_endpoint_listen (
    at, listener->security, BACKLOG, listener->mode ? listener->mode : 0600, &self->listening);
  if (result.error != INOS_OS_OK)
    return inos_fail (context, (int32_t)result.error, "%s cannot be listened on: %s",
                      inos_endpoint_name (at), inos_os_text (result));
  self->receiver = listener->receiver;
  self->on_connection = listener->on_connection;
  self->most = listener->connections_max ? listener->connections_max : CONNECTIONS_MAX;
  return go_on (self, context);
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  gboolean is_packed;
  const struct inos_listener *table = inos_argument_table (argument, &is_packed);

  if (!is_packed)
    return start (state, context, table);
  struct inos_listener listener = *table;
  inos_endpoint_unpack (argument, sizeof listener, &listener.endpoint);
  return start (state, context, &listener);
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct listener *self = state;

  self->count--;
  return go_on (self, context);
}

INOS_HANDLE (inos_listener, where, struct listener)
{
  struct inos_listener_where where = {.connections = self->count};
  struct sockaddr_storage here = {0};
  socklen_t size = sizeof here;

  if (getsockname (self->listening.fd, (struct sockaddr *)&here, &size) == 0) {
    if (here.ss_family == AF_INET)
      where.port = ntohs (((struct sockaddr_in *)&here)->sin_port);
    else if (here.ss_family == AF_INET6)
      where.port = ntohs (((struct sockaddr_in6 *)&here)->sin6_port);
  }
  inos_listener_reply_where (context, where);
  return INOS_OK;
}

INOS_HANDLE (inos_listener, again, struct listener)
{
  self->waits = false;
  return go_on (self, context);
}

static void clear (void *state)
{
  struct listener *self = state;

  inos_watch_end (&self->watch);
  inos_watch_end (&self->pause);
  inos_listening_clear (&self->listening);
}

INOS_BEHAVIOUR (inos_listener, INOS_LISTENER, struct listener, .on_edge = true,
                .pre_start = pre_start, .on_down = on_down, .clear = clear);

inos_listener_ref inos_listener_spawn (struct inos_context *context,
                                       const struct inos_listener *listener,
                                       const struct inos_spawn *how)
{
  return (inos_listener_ref){INOS_TO (inos_endpoint_spawn (
    context, &inos_listener_behaviour, listener, sizeof *listener, &listener->endpoint, how))};
}
