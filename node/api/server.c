/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/server.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/actor/supervisor.h"
#include "node/api/connection.h"
#include "node/api/connection_actor.h"
#include "node/api/guests.h"
#include "node/api/peer.h"
#include "node/tree/setup.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

INOS_PROTOCOL_DEFINE (node_server, NODE_SERVER);

struct server {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_setup *setup;
  unsigned acceptor; /* source */
};

static gboolean on_connect (gint listener, GIOCondition condition, gpointer data);

/* One peer at a time, so that a crowd waits in the socket's line and not at the supervisor. */
static void listen_on (struct server *self)
{
  self->acceptor = g_unix_fd_add (self->setup->listener.fd, G_IO_IN, on_connect, self);
}

/* One last word to a peer that is not let in; nothing is kept of it and nothing was read from it.
 */
static void turn_away (struct server *self, int fd, enum inos_api_error code, const char *sentence)
{
  g_autoptr (GBytes) frame = inos_error_frame (NULL, ++self->setup->last_frame, code, sentence);
  gsize len;
  const char *bytes = g_bytes_get_data (frame, &len);

  if (send (fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    g_debug ("A peer was gone before it could be turned away.");
  close (fd);
}

static enum inos_outcome on_let_in (void *state, struct inos_context *context,
                                    enum inos_replied status,
                                    const struct inos_supervisor_answer *reply, uint64_t fd)
{
  if (status == INOS_REPLIED && reply->status == INOS_COMMAND_FULL)
    turn_away (state, (int)fd, INOS_API_ERROR_TOO_MANY,
               "There are too many connections to this node.");
  else if (status != INOS_REPLIED || reply->status != INOS_COMMAND_OK)
    turn_away (state, (int)fd, INOS_API_ERROR_FAILED,
               "The node cannot take connections now. Connect again later.");
  listen_on (state);
  return INOS_OK;
}

/* Has an actor made for the peer, which has the descriptor then. Returns: whether to wait for it.
 */
static bool let_in (struct server *self, int fd)
{
  const struct node_connection_seed seed = {.setup = self->setup, .fd = fd};
  inos_supervisor_ref connections = {inos_address_of_name (self->runtime, NODE_CONNECTIONS_NAME)};
  struct inos_supervisor_addition addition = {.argument_size = sizeof seed};
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  _Static_assert (sizeof seed <= INOS_CHILD_ARGUMENT_MAX, "a seed is an argument");
  memcpy (addition.argument, &seed, sizeof seed);
  bool asked =
    context && inos_supervisor_request_start_child (context, connections, addition, UINT64_MAX,
                                                    on_let_in, (uint64_t)fd) != INOS_NO_MEMORY;
  if (!asked)
    turn_away (self, fd, INOS_API_ERROR_FAILED, "The node has no memory for a connection.");
  if (context)
    inos_edge_leave (context, INOS_OK);
  return asked;
}

static gboolean on_connect (gint listener, GIOCondition condition, gpointer data)
{
  struct server *self = data;
  int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      g_warning ("No connection can be taken: %s", g_strerror (errno));
      g_usleep (10000); /* rather than spin: the peer stays in line */
    }
    return G_SOURCE_CONTINUE;
  }
  struct inos_asker peer = {0};
  bool known = inos_peer_look (fd, self->setup->group, &peer);
  if (!known || !(peer.own || self->setup->asks_polkit))
    turn_away (self, fd, INOS_API_ERROR_ACCESS_DENIED,
               self->setup->group != INOS_NO_GROUP
                 ? "This node speaks to root, to its own user and to members of its group. "
                   "Root lets you in with \"adduser\"; log in again after that."
                 : "This node speaks to its own user and to root.");
  else if (!peer.own && !inos_guests_have_room (self->setup->guests, peer.uid))
    turn_away (self, fd, INOS_API_ERROR_TOO_MANY,
               "You have as many connections to this node as one user may have, or others have "
               "all that there are for users. Close one, or come again later.");
  else if (let_in (self, fd)) {
    self->acceptor = 0;
    return G_SOURCE_REMOVE;
  }
  return G_SOURCE_CONTINUE;
}

INOS_HANDLE (node_server, nothing, struct server)
{
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct server *self = state;
  GError *error = NULL;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->setup = *(struct inos_setup *const *)argument;
  if (!self->setup->listening && !inos_listen (&self->setup->listener, self->setup->socket,
                                               self->setup->socket_mode, &error)) {
    enum inos_outcome outcome = inos_fail (context, error->code, "%s", error->message);
    inos_setup_blame (self->setup, error);
    return outcome;
  }
  self->setup->listening = true;
  listen_on (self);
  return INOS_OK;
}

static void clear (void *state)
{
  struct server *self = state;

  g_clear_handle_id (&self->acceptor, g_source_remove);
}

INOS_BEHAVIOUR (node_server, NODE_SERVER, struct server, .on_edge = true, .pre_start = pre_start,
                .clear = clear);
