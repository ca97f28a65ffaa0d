/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/acceptor.h"

#include "node/mesh/net/interfaces.h"
#include "node/mesh/net/reach.h"
#include "node/mesh/net/target.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 128
#define SUFFIX_MAX 320 /* bytes that stand behind the TCP part: any part before it fits */

struct listener {
  struct inos_acceptor *acceptor;
  struct inos_watch watch;
  struct inos_socket_address bound;
  struct inos_multiaddr suffix; /* what stands behind the TCP part */
  unsigned n_told;
  struct inos_multiaddr told[INOS_ACCEPTOR_TOLD];
  GSource *pause;
};

struct inos_acceptor {
  struct inos_poller *poller;
  const struct inos_acceptor_events *events;
  void *data;
  bool share;                         /* see reach.h */
  struct inos_interfaces *interfaces; /* while any listens at all addresses */
  struct listener *listeners[INOS_ACCEPTOR_SOCKETS];
  unsigned n_listeners;
};

/* The socket's @address as one of the mesh, with the listener's suffix. */
static struct inos_multiaddr name_of (const struct listener *listener,
                                      const struct sockaddr *address)
{
  struct inos_multiaddr name;

  inos_target_multiaddr (address, &name);
  memcpy (name.bytes + name.len, listener->suffix.bytes, listener->suffix.len);
  name.len = (uint16_t)(name.len + listener->suffix.len);
  return name;
}

static gboolean on_pause_over (gpointer data)
{
  struct listener *listener = data;

  inos_timer_clear (&listener->pause);
  inos_poller_watch (listener->acceptor->poller, &listener->watch, EPOLLIN);
  return G_SOURCE_REMOVE;
}

/* The socket would be ready for ever, and nothing be gained by asking it again at once. */
static void pause_accepting (struct listener *listener, int cause)
{
  struct inos_poller *poller = listener->acceptor->poller;

  g_warning ("No more connections are taken for %u ms: %s. Raise the limit of open files "
             "(LimitNOFILE= of the unit), or lower the mesh's of connections.",
             INOS_ACCEPTOR_PAUSE, g_strerror (cause));
  inos_poller_forget (poller, &listener->watch);
  inos_timer_set (&listener->pause, inos_poller_context (poller), INOS_ACCEPTOR_PAUSE,
                  on_pause_over, listener);
}

static void take (struct listener *listener, int fd, const struct sockaddr *remote)
{
  struct inos_acceptor *acceptor = listener->acceptor;
  struct sockaddr_storage local = {0};
  socklen_t len = sizeof local;

  if (getsockname (fd, (struct sockaddr *)&local, &len) < 0) {
    close (fd);
    return;
  }
  inos_socket_tune (fd);
  struct inos_multiaddr from = name_of (listener, remote);
  struct inos_multiaddr to = name_of (listener, (struct sockaddr *)&local);
  acceptor->events->accepted (acceptor->data, fd, &from, &to);
}

static void on_connection (void *data, uint32_t events)
{
  struct listener *listener = data;

  for (unsigned i = 0; i < INOS_ACCEPTOR_BATCH; i++) {
    struct sockaddr_storage remote = {0};
    socklen_t len = sizeof remote;
    int fd =
      accept4 (listener->watch.fd, (struct sockaddr *)&remote, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
      take (listener, fd, (struct sockaddr *)&remote);
    else if (errno == EAGAIN)
      return;
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      pause_accepting (listener, errno);
      return;
    } /* else: that one has gone already */
  }
}

static bool is_in (const struct inos_multiaddr *list, unsigned n,
                   const struct inos_multiaddr *address)
{
  for (unsigned i = 0; i < n; i++)
    if (inos_multiaddr_equal (&list[i], address))
      return true;
  return false;
}

/* Where @listener is heard now: one address, or the machine's. Link-local ones are left out: they
 * mean something else on another machine. Returns: how many. */
static unsigned list_places (struct listener *listener,
                             struct inos_multiaddr places[INOS_ACCEPTOR_TOLD])
{
  unsigned n = 0;

  if (!inos_target_is_any (&listener->bound)) {
    places[0] = name_of (listener, (struct sockaddr *)&listener->bound.storage);
    return 1;
  }
  g_autoptr (GArray) all = inos_interfaces_list();
  for (guint i = 0; i < all->len && n < INOS_ACCEPTOR_TOLD; i++) {
    struct inos_socket_address *address =
      &g_array_index (all, struct inos_interface_address, i).address;
    if (address->storage.ss_family != listener->bound.storage.ss_family)
      continue;
    inos_target_set_port (address, inos_target_port (&listener->bound));
    places[n] = name_of (listener, (struct sockaddr *)&address->storage);
    if (inos_multiaddr_reach (&places[n]) != INOS_REACH_LINK && !is_in (places, n, &places[n]))
      n++;
  }
  return n;
}

static void tell_places (struct listener *listener)
{
  struct inos_acceptor *acceptor = listener->acceptor;
  g_autofree struct inos_multiaddr *before = g_new (struct inos_multiaddr, INOS_ACCEPTOR_TOLD);
  unsigned n_before = listener->n_told;

  memcpy (before, listener->told, sizeof listener->told);
  listener->n_told = list_places (listener, listener->told);
  for (unsigned i = 0; i < n_before; i++)
    if (!is_in (listener->told, listener->n_told, &before[i]))
      acceptor->events->listening (acceptor->data, &before[i], false);
  for (unsigned i = 0; i < listener->n_told; i++)
    if (!is_in (before, n_before, &listener->told[i]))
      acceptor->events->listening (acceptor->data, &listener->told[i], true);
}

static void on_interfaces (void *data)
{
  struct inos_acceptor *acceptor = data;

  for (unsigned i = 0; i < acceptor->n_listeners; i++)
    tell_places (acceptor->listeners[i]);
}

/* Returns: a socket that listens at @address, which is set to where exactly; -1: errno says why.
 * The port is shared with dials only when it is ours: another node could have it else. */
static int open_socket (struct inos_socket_address *address, bool share)
{
  int family = address->storage.ss_family, on = 1;
  int fd = socket (family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      (family != AF_INET6 || setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
      bind (fd, (struct sockaddr *)&address->storage, address->len) == 0 &&
      listen (fd, BACKLOG) == 0 &&
      getsockname (fd, (struct sockaddr *)&address->storage, &address->len) == 0 &&
      (!share || setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0))
    return fd;
  int cause = errno;
  close (fd);
  errno = cause;
  return -1;
}

static void free_listener (struct listener *listener)
{
  inos_poller_forget (listener->acceptor->poller, &listener->watch);
  inos_timer_clear (&listener->pause);
  close (listener->watch.fd);
  g_free (listener);
}

static bool fail (GError **error, const struct inos_multiaddr *address, int code, const char *why)
{
  g_autofree char *text = inos_multiaddr_text (address);

  g_set_error (error, G_IO_ERROR, code,
               "The mesh cannot listen at %s: %s. Name an address of this machine and a port that "
               "is free.",
               text, why);
  return false;
}

void inos_acceptor_share (struct inos_acceptor *acceptor)
{
  acceptor->share = true;
}

bool inos_acceptor_bound (const struct inos_acceptor *acceptor, int family,
                          struct inos_socket_address *address)
{
  struct inos_multiaddr name;

  for (unsigned i = 0; i < acceptor->n_listeners; i++) {
    const struct inos_socket_address *bound = &acceptor->listeners[i]->bound;
    inos_target_multiaddr ((const struct sockaddr *)&bound->storage, &name);
    if (bound->storage.ss_family != family ||
        (!inos_target_is_any (bound) && inos_multiaddr_reach (&name) == INOS_REACH_LOOPBACK))
      continue;
    *address = *bound;
    return true;
  }
  return false;
}

bool inos_acceptor_listen (struct inos_acceptor *acceptor, const struct inos_multiaddr *address,
                           GError **error)
{
  struct inos_target target;

  if (!inos_target_read (&target, address) || target.ip.len == 0)
    return fail (error, address, G_IO_ERROR_INVALID_ARGUMENT, "it is not an IP address and a port");
  if (address->len - target.rest > SUFFIX_MAX)
    return fail (error, address, G_IO_ERROR_INVALID_ARGUMENT, "it is too long");
  if (acceptor->n_listeners == INOS_ACCEPTOR_SOCKETS)
    return fail (error, address, G_IO_ERROR_NO_SPACE, "it listens at too many addresses already");
  int fd = open_socket (&target.ip, acceptor->share);
  if (fd < 0)
    return fail (error, address, (int)g_io_error_from_errno (errno), g_strerror (errno));

  struct listener *listener = g_new0 (struct listener, 1);
  listener->acceptor = acceptor;
  listener->bound = target.ip;
  listener->suffix.len = (uint16_t)(address->len - target.rest);
  memcpy (listener->suffix.bytes, address->bytes + target.rest, listener->suffix.len);
  listener->watch = (struct inos_watch){.fd = fd, .ready = on_connection, .data = listener};
  acceptor->listeners[acceptor->n_listeners++] = listener;
  inos_poller_watch (acceptor->poller, &listener->watch, EPOLLIN);
  if (inos_target_is_any (&target.ip) && !acceptor->interfaces)
    acceptor->interfaces = inos_interfaces_watch (acceptor->poller, on_interfaces, acceptor);
  tell_places (listener);
  return true;
}

struct inos_acceptor *inos_acceptor_new (struct inos_poller *poller,
                                         const struct inos_acceptor_events *events, void *data)
{
  struct inos_acceptor *acceptor = g_new0 (struct inos_acceptor, 1);

  acceptor->poller = poller;
  acceptor->events = events;
  acceptor->data = data;
  return acceptor;
}

void inos_acceptor_free (struct inos_acceptor *acceptor)
{
  if (!acceptor)
    return;
  inos_interfaces_free (acceptor->interfaces);
  for (unsigned i = 0; i < acceptor->n_listeners; i++)
    free_listener (acceptor->listeners[i]);
  g_free (acceptor);
}
