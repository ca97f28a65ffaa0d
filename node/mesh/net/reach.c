/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/reach.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define UNSENT_MAX                                                                                 \
  (256 * 1024)             /* bytes that wait in the kernel: what is urgent comes soon after       \
                            */
#define USER_TIMEOUT 60000 /* ms without an answer to what was sent: the peer has gone */

struct attempt {
  struct inos_reach *reach;
  struct inos_watch watch;
  bool open;
};

struct inos_reach {
  struct inos_poller *poller;
  inos_reached done;
  void *data;
  char *what; /* for messages */
  GCancellable *lookup;
  uint16_t port;
  struct inos_reach_from from;
  struct inos_socket_address addresses[INOS_REACH_ATTEMPTS];
  unsigned n_addresses, next, n_open;
  struct attempt attempts[INOS_REACH_ATTEMPTS];
  GSource *step, *deadline;
  GError *last; /* of the attempt that failed last */
};

static gboolean on_step (gpointer data);

void inos_socket_tune (int fd)
{
  int on = 1, unsent = UNSENT_MAX, timeout = USER_TIMEOUT;

  /* those that fail cost speed, and nothing else */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
  setsockopt (fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
  setsockopt (fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static void end_attempt (struct attempt *attempt)
{
  struct inos_reach *reach = attempt->reach;

  if (!attempt->open)
    return;
  inos_poller_forget (reach->poller, &attempt->watch);
  close (attempt->watch.fd);
  attempt->open = false;
  reach->n_open--;
}

void inos_reach_cancel (struct inos_reach *reach)
{
  if (!reach)
    return;
  if (reach->lookup)
    g_cancellable_cancel (reach->lookup);
  for (unsigned i = 0; i < reach->next; i++)
    end_attempt (&reach->attempts[i]);
  inos_timer_clear (&reach->step);
  inos_timer_clear (&reach->deadline);
  g_clear_object (&reach->lookup);
  g_clear_error (&reach->last);
  g_free (reach->what);
  g_free (reach);
}

static void finish (struct inos_reach *reach, int fd, const GError *error)
{
  inos_reached done = reach->done;
  void *data = reach->data;
  g_autoptr (GError) copy = error ? g_error_copy (error) : NULL;

  inos_reach_cancel (reach);
  done (data, fd, copy);
}

static void fail (struct inos_reach *reach, int cause)
{
  g_clear_error (&reach->last);
  g_set_error (&reach->last, G_IO_ERROR, (int)g_io_error_from_errno (cause),
               "%s cannot be reached: %s.", reach->what, g_strerror (cause));
}

/* The next attempt, or the end, as soon as the loop comes to it. */
static void step_now (struct inos_reach *reach)
{
  inos_timer_set (&reach->step, inos_poller_context (reach->poller), 0, on_step, reach);
}

static void on_answer (void *data, uint32_t events)
{
  struct attempt *attempt = data;
  struct inos_reach *reach = attempt->reach;
  int cause = 0, fd = attempt->watch.fd;
  socklen_t len = sizeof cause;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &cause, &len) < 0)
    cause = errno;
  if (cause == 0 && !(events & EPOLLOUT))
    return;
  if (cause != 0) {
    fail (reach, cause);
    end_attempt (attempt);
    step_now (reach);
    return;
  }
  inos_poller_forget (reach->poller, &attempt->watch);
  attempt->open = false;
  finish (reach, fd, NULL);
}

/* Two who dial each other at once in a network of their own would meet where neither expects it. */
static const struct inos_socket_address *from_of (const struct inos_reach *reach,
                                                  const struct inos_socket_address *to)
{
  const struct inos_socket_address *from =
    to->storage.ss_family == AF_INET6 ? &reach->from.ip6 : &reach->from.ip4;
  struct inos_multiaddr address;

  inos_target_multiaddr ((const struct sockaddr *)&to->storage, &address);
  return from->len > 0 && inos_multiaddr_reach (&address) == INOS_REACH_PUBLIC ? from : NULL;
}

static bool take_port (int fd, const struct inos_socket_address *from)
{
  int on = 1;

  return setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
         bind (fd, (const struct sockaddr *)&from->storage, from->len) == 0;
}

/* Returns: a socket that connects from @from (NULL: anywhere); -1: errno says why there is none. */
static int connect_from (const struct inos_socket_address *from,
                         const struct inos_socket_address *to)
{
  int fd = socket (to->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  inos_socket_tune (fd);
  if ((!from || take_port (fd, from)) &&
      (connect (fd, (const struct sockaddr *)&to->storage, to->len) == 0 || errno == EINPROGRESS))
    return fd;
  int cause = errno;
  close (fd);
  errno = cause;
  return -1;
}

/* Begins to connect. Returns: 0, or the error. */
static int begin (struct inos_reach *reach, struct attempt *attempt,
                  const struct inos_socket_address *address)
{
  const struct inos_socket_address *from = from_of (reach, address);
  int fd = connect_from (from, address);

  /* that port and that peer are in use together already, or were a moment ago */
  if (fd < 0 && from && (errno == EADDRNOTAVAIL || errno == EADDRINUSE))
    fd = connect_from (NULL, address);
  if (fd < 0)
    return errno;
  *attempt = (struct attempt){
    .reach = reach,
    .watch = {.fd = fd, .ready = on_answer, .data = attempt},
    .open = true,
  };
  reach->n_open++;
  inos_poller_watch (reach->poller, &attempt->watch, EPOLLOUT);
  return 0;
}

static gboolean on_step (gpointer data)
{
  struct inos_reach *reach = data;

  inos_timer_clear (&reach->step);
  while (reach->next < reach->n_addresses) {
    unsigned i = reach->next++;
    int cause = begin (reach, &reach->attempts[i], &reach->addresses[i]);
    if (cause == 0) {
      if (reach->next < reach->n_addresses)
        inos_timer_set (&reach->step, inos_poller_context (reach->poller), INOS_REACH_STAGGER,
                        on_step, reach);
      return G_SOURCE_REMOVE;
    }
    fail (reach, cause);
  }
  if (reach->n_open == 0)
    finish (reach, -1, reach->last);
  return G_SOURCE_REMOVE;
}

static gboolean on_deadline (gpointer data)
{
  struct inos_reach *reach = data;

  fail (reach, ETIMEDOUT);
  finish (reach, -1, reach->last);
  return G_SOURCE_REMOVE;
}

static void add_address (struct inos_reach *reach, GInetAddress *from)
{
  g_autoptr (GSocketAddress) with_port = g_inet_socket_address_new (from, reach->port);
  struct inos_socket_address *to = &reach->addresses[reach->n_addresses];

  if (reach->n_addresses < INOS_REACH_ATTEMPTS &&
      g_socket_address_to_native (with_port, &to->storage, sizeof to->storage, NULL)) {
    to->len = (socklen_t)g_socket_address_get_native_size (with_port);
    reach->n_addresses++;
  }
}

/* Those of the two families in turns, as RFC 8305 (4) has it, else as the resolver sorted them. */
static void add_all (struct inos_reach *reach, GList *found)
{
  g_autoptr (GList) left = g_list_copy (found);
  GSocketFamily last = G_SOCKET_FAMILY_INVALID;

  while (left) {
    GList *next = left;
    for (GList *at = left; at; at = at->next)
      if (g_inet_address_get_family (at->data) != last) {
        next = at;
        break;
      }
    last = g_inet_address_get_family (next->data);
    add_address (reach, next->data);
    left = g_list_delete_link (left, next);
  }
}

static void on_looked_up (GObject *resolver, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GList *found =
    g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (resolver), result, &error);

  /* cancelled: @data has gone */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_resolver_free_addresses (found);
    return;
  }
  struct inos_reach *reach = data;
  g_clear_object (&reach->lookup);
  add_all (reach, found);
  g_resolver_free_addresses (found);
  if (reach->n_addresses == 0)
    finish (reach, -1, error);
  else
    on_step (reach);
}

static void look_up (struct inos_reach *reach, const struct inos_target *target)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default();
  GResolverNameLookupFlags flags =
    target->family == AF_INET    ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY
    : target->family == AF_INET6 ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY
                                 : G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;

  reach->lookup = g_cancellable_new();
  g_main_context_push_thread_default (inos_poller_context (reach->poller));
  g_resolver_lookup_by_name_with_flags_async (resolver, target->name, flags, reach->lookup,
                                              on_looked_up, reach);
  g_main_context_pop_thread_default (inos_poller_context (reach->poller));
}

struct inos_reach *inos_reach_start (struct inos_poller *poller, const struct inos_target *target,
                                     const struct inos_reach_from *from, inos_reached done,
                                     void *data)
{
  struct inos_reach *reach = g_new0 (struct inos_reach, 1);
  struct inos_multiaddr address;

  reach->poller = poller;
  reach->done = done;
  reach->data = data;
  reach->port = target->port;
  if (from)
    reach->from = *from;
  inos_timer_set (&reach->deadline, inos_poller_context (poller), INOS_REACH_TIMEOUT, on_deadline,
                  reach);
  if (target->name[0] != '\0') {
    reach->what = g_strdup_printf ("%s:%u", target->name, target->port);
    look_up (reach, target);
    return reach;
  }
  inos_target_multiaddr ((const struct sockaddr *)&target->ip.storage, &address);
  reach->what = inos_multiaddr_text (&address);
  reach->addresses[reach->n_addresses++] = target->ip;
  int cause = begin (reach, &reach->attempts[reach->next++], &reach->addresses[0]);
  if (cause != 0) {
    fail (reach, cause);
    step_now (reach);
  }
  return reach;
}
