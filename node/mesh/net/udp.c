/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/udp.h"

#include "node/mesh/net/poller.h"
#include "node/mesh/net/target.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

struct socket {
  struct inos_udp *udp;
  struct inos_watch watch;
  struct inos_socket_address bound;
};

struct inos_udp {
  struct inos_poller *poller;
  inos_udp_received received;
  void *data;
  unsigned n_sockets;
  struct socket sockets[INOS_UDP_SOCKETS];
};

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* Places */

static bool is_ip4 (const struct inos_datagram_place *place)
{
  return memcmp (place->ip, mapped, sizeof mapped) == 0;
}

static void place_of (const struct inos_socket_address *from, struct inos_datagram_place *place)
{
  const struct sockaddr_in *in = (const struct sockaddr_in *)&from->storage;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&from->storage;

  *place = (struct inos_datagram_place){.port = inos_target_port (from)};
  if (from->storage.ss_family == AF_INET) {
    memcpy (place->ip, mapped, sizeof mapped);
    memcpy (place->ip + sizeof mapped, &in->sin_addr, sizeof in->sin_addr);
    return;
  }
  memcpy (place->ip, &in6->sin6_addr, sizeof place->ip);
  place->zone = in6->sin6_scope_id;
}

static struct inos_socket_address address_of (const struct inos_datagram_place *place)
{
  struct inos_socket_address address = {0};

  if (is_ip4 (place)) {
    struct sockaddr_in *in = (struct sockaddr_in *)&address.storage;
    in->sin_family = AF_INET;
    memcpy (&in->sin_addr, place->ip + sizeof mapped, sizeof in->sin_addr);
    address.len = sizeof *in;
  } else {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address.storage;
    in6->sin6_family = AF_INET6;
    memcpy (&in6->sin6_addr, place->ip, sizeof in6->sin6_addr);
    in6->sin6_scope_id = place->zone;
    address.len = sizeof *in6;
  }
  inos_target_set_port (&address, place->port);
  return address;
}

bool inos_datagram_place_read (struct inos_datagram_place *place,
                               const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part ip, port;
  size_t offset = 0;

  *place = (struct inos_datagram_place){0};
  if (!inos_multiaddr_next (address, &offset, &ip) ||
      (ip.code != INOS_MULTIADDR_IP4 && ip.code != INOS_MULTIADDR_IP6) ||
      !inos_multiaddr_next (address, &offset, &port) || port.code != INOS_MULTIADDR_UDP ||
      offset != address->len || inos_multiaddr_reach (address) == INOS_REACH_UNKNOWN)
    return false;
  if (ip.code == INOS_MULTIADDR_IP4)
    memcpy (place->ip, mapped, sizeof mapped);
  memcpy (place->ip + sizeof place->ip - ip.len, ip.value, ip.len);
  place->port = (uint16_t)(port.value[0] << 8 | port.value[1]);
  return place->port != 0;
}

/* Sending and receiving */

void inos_udp_send (struct inos_udp *udp, const struct inos_datagram_place *to, const void *bytes,
                    size_t len)
{
  struct inos_socket_address address = address_of (to);

  for (unsigned i = 0; i < udp->n_sockets; i++) {
    const struct socket *socket = &udp->sockets[i];
    if (socket->bound.storage.ss_family == address.storage.ss_family &&
        sendto (socket->watch.fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL,
                (const struct sockaddr *)&address.storage, address.len) >= 0)
      return; /* one that is bound elsewhere may not have a way there */
  }
}

static void on_ready (void *data, uint32_t events)
{
  struct socket *socket = data;
  struct inos_udp *udp = socket->udp;
  uint8_t bytes[INOS_DATAGRAM_MAX];

  for (unsigned i = 0; i < INOS_UDP_BATCH; i++) {
    struct inos_socket_address from = {.len = sizeof from.storage};
    struct inos_datagram_place place;
    ssize_t len = recvfrom (socket->watch.fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_TRUNC,
                            (struct sockaddr *)&from.storage, &from.len);
    if (len < 0)
      return;
    if ((size_t)len > sizeof bytes)
      continue;
    place_of (&from, &place);
    udp->received (udp->data, &place, bytes, (size_t)len);
  }
}

/* Listening */

static bool same_ip (const struct inos_socket_address *a, const struct inos_socket_address *b)
{
  struct inos_datagram_place one, other;

  place_of (a, &one);
  place_of (b, &other);
  return a->storage.ss_family == b->storage.ss_family &&
         memcmp (one.ip, other.ip, sizeof one.ip) == 0 && one.zone == other.zone;
}

/* Returns: a socket at @address, which is set to where exactly; -1: errno says why. */
static int open_at (struct inos_socket_address *address)
{
  int family = address->storage.ss_family, on = 1;
  int fd = socket (family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if ((family != AF_INET6 || setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
      bind (fd, (struct sockaddr *)&address->storage, address->len) == 0 &&
      getsockname (fd, (struct sockaddr *)&address->storage, &address->len) == 0)
    return fd;
  int cause = errno;
  close (fd);
  errno = cause;
  return -1;
}

bool inos_udp_listen (struct inos_udp *udp, const struct inos_multiaddr *address, GError **error)
{
  struct inos_target target = {0};

  if (!inos_target_read (&target, address) || target.ip.len == 0 || target.rest != address->len) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "it is not an IP address and a port");
    return false;
  }
  for (unsigned i = 0; i < udp->n_sockets; i++)
    if (same_ip (&udp->sockets[i].bound, &target.ip))
      return true;
  if (udp->n_sockets == INOS_UDP_SOCKETS) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "there are too many addresses");
    return false;
  }
  int fd = open_at (&target.ip);
  if (fd < 0 && errno == EADDRINUSE) {
    inos_target_set_port (&target.ip, 0);
    fd = open_at (&target.ip);
  }
  if (fd < 0) {
    g_set_error_literal (error, G_IO_ERROR, (int)g_io_error_from_errno (errno), g_strerror (errno));
    return false;
  }
  struct socket *socket = &udp->sockets[udp->n_sockets++];
  *socket = (struct socket){
    .udp = udp, .watch = {.fd = fd, .ready = on_ready, .data = socket}, .bound = target.ip};
  inos_poller_watch (udp->poller, &socket->watch, EPOLLIN);
  return true;
}

bool inos_udp_at (const struct inos_udp *udp, const struct inos_multiaddr *tcp,
                  struct inos_multiaddr *address)
{
  struct inos_multiaddr_part ip;
  struct inos_target target = {0};
  size_t offset = 0;

  if (!inos_target_read (&target, tcp) || target.ip.len == 0 || target.rest != tcp->len ||
      !inos_multiaddr_next (tcp, &offset, &ip))
    return false;
  for (unsigned i = 0; i < udp->n_sockets; i++) {
    const struct inos_socket_address *bound = &udp->sockets[i].bound;
    if (!same_ip (bound, &target.ip) &&
        !(bound->storage.ss_family == target.ip.storage.ss_family && inos_target_is_any (bound)))
      continue;
    uint16_t port = htons (inos_target_port (bound));
    *address = (struct inos_multiaddr){0};
    return inos_multiaddr_append (address, ip.code, ip.value, ip.len) &&
           inos_multiaddr_append (address, INOS_MULTIADDR_UDP, &port, sizeof port);
  }
  return false;
}

struct inos_udp *inos_udp_new (GMainContext *context, inos_udp_received received, void *data)
{
  struct inos_udp *udp = g_new0 (struct inos_udp, 1);

  udp->poller = inos_poller_new (context);
  udp->received = received;
  udp->data = data;
  return udp;
}

void inos_udp_free (struct inos_udp *udp)
{
  if (!udp)
    return;
  for (unsigned i = 0; i < udp->n_sockets; i++) {
    inos_poller_forget (udp->poller, &udp->sockets[i].watch);
    close (udp->sockets[i].watch.fd);
  }
  inos_poller_free (udp->poller);
  g_free (udp);
}
