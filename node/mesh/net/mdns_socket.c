/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mdns_socket.h"

#include "node/mesh/net/clock.h"
#include "node/mesh/net/dns_packet.h"
#include "node/mesh/net/interfaces.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/net/poller.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define PORT 5353
#define GROUP_IP4 0xe00000fbu /* 224.0.0.251 */
#define BATCH 32              /* packets taken in one turn */

static const struct in6_addr group_ip6 = {{{0xff, 0x02, [15] = 0xfb}}};

/* One of the two, for all interfaces. */
struct family {
  struct inos_mdns_socket *owner;
  int family;
  struct inos_watch watch; /* fd -1: there is none */
  unsigned interfaces[INOS_MDNS_INTERFACES];
  unsigned n_interfaces;
};

struct inos_mdns_socket {
  struct inos_poller *poller;
  struct inos_interfaces *interfaces;
  struct inos_mdns *mdns;
  struct inos_drive *drive;
  inos_mdns_found found;
  void *data;
  struct family families[2];
};

/* Sending */

static void send_by (const struct family *family, unsigned interface, const uint8_t *bytes,
                     size_t len)
{
  struct sockaddr_in in = {
    .sin_family = AF_INET, .sin_port = htons (PORT), .sin_addr.s_addr = htonl (GROUP_IP4)};
  struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
                             .sin6_port = htons (PORT),
                             .sin6_addr = group_ip6,
                             .sin6_scope_id = interface};
  struct ip_mreqn by = {.imr_ifindex = (int)interface};
  int fd = family->watch.fd, index = (int)interface;

  /* an interface that has just gone is no fault, and nobody waits for this packet */
  if (family->family == AF_INET) {
    if (setsockopt (fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by) == 0)
      sendto (fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&in, sizeof in);
  } else if (setsockopt (fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) == 0) {
    sendto (fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&in6, sizeof in6);
  }
}

static void on_send (void *data, const uint8_t *bytes, size_t len)
{
  struct inos_mdns_socket *socket = data;

  for (unsigned i = 0; i < G_N_ELEMENTS (socket->families); i++)
    for (unsigned j = 0; j < socket->families[i].n_interfaces; j++)
      send_by (&socket->families[i], socket->families[i].interfaces[j], bytes, len);
}

static void on_found (void *data, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  struct inos_mdns_socket *socket = data;

  socket->found (socket->data, peer, addresses, n_addresses);
}

static const struct inos_mdns_events mdns_events = {on_send, on_found};

/* Receiving */

/* Whether it was sent to the group, as only those on the same network can, and from the port that
 * RFC 6762 (6) has it from. */
static bool is_local (struct msghdr *message)
{
  const struct sockaddr_in *in = message->msg_name;
  const struct sockaddr_in6 *in6 = message->msg_name;
  uint16_t port = in->sin_family == AF_INET ? in->sin_port : in6->sin6_port;

  for (struct cmsghdr *at = CMSG_FIRSTHDR (message); at; at = CMSG_NXTHDR (message, at)) {
    if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy (&info, CMSG_DATA (at), sizeof info);
      return info.ipi_addr.s_addr == htonl (GROUP_IP4) && port == htons (PORT);
    }
    if (at->cmsg_level == IPPROTO_IPV6 && at->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy (&info, CMSG_DATA (at), sizeof info);
      return IN6_ARE_ADDR_EQUAL (&info.ipi6_addr, &group_ip6) && port == htons (PORT);
    }
  }
  return false;
}

static void on_packet (void *data, uint32_t events)
{
  struct family *family = data;
  uint8_t bytes[INOS_DNS_PACKET_MAX];
  union {
    struct cmsghdr align;
    char bytes[128];
  } control;

  for (unsigned i = 0; i < BATCH; i++) {
    struct sockaddr_storage from = {0};
    struct iovec into = {bytes, sizeof bytes};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &into,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t len = recvmsg (family->watch.fd, &message, MSG_DONTWAIT);
    if (len < 0)
      return;
    if (!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && is_local (&message))
      inos_mdns_receive (family->owner->mdns, bytes, (size_t)len);
  }
}

/* Interfaces */

static bool has_interface (const struct family *family, unsigned index)
{
  for (unsigned i = 0; i < family->n_interfaces; i++)
    if (family->interfaces[i] == index)
      return true;
  return false;
}

/* Enters the group on an interface, or leaves it. */
static bool change (const struct family *family, unsigned index, bool in)
{
  struct ip_mreqn group = {.imr_multiaddr.s_addr = htonl (GROUP_IP4), .imr_ifindex = (int)index};
  struct ipv6_mreq group6 = {.ipv6mr_multiaddr = group_ip6, .ipv6mr_interface = index};
  int fd = family->watch.fd;
  int result = family->family == AF_INET
                 ? setsockopt (fd, IPPROTO_IP, in ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &group,
                               sizeof group)
                 : setsockopt (fd, IPPROTO_IPV6, in ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP,
                               &group6, sizeof group6);

  return result == 0 || errno == EADDRINUSE; /* it is in there already */
}

/* Joins the group on all interfaces that have an address of the family. Those that have gone are
 * left: the kernel counts them still. */
static void join_all (struct family *family, const GArray *all)
{
  struct family before = *family;

  family->n_interfaces = 0;
  for (guint i = 0; i < all->len && family->watch.fd >= 0; i++) {
    const struct inos_interface_address *one =
      &g_array_index (all, struct inos_interface_address, i);
    if (one->multicast && !one->loopback && one->address.storage.ss_family == family->family &&
        family->n_interfaces < INOS_MDNS_INTERFACES && !has_interface (family, one->index) &&
        change (family, one->index, true))
      family->interfaces[family->n_interfaces++] = one->index;
  }
  for (unsigned i = 0; i < before.n_interfaces; i++)
    if (!has_interface (family, before.interfaces[i]))
      change (family, before.interfaces[i], false);
}

static void join_everywhere (struct inos_mdns_socket *socket)
{
  g_autoptr (GArray) all = inos_interfaces_list();

  for (unsigned i = 0; i < G_N_ELEMENTS (socket->families); i++)
    join_all (&socket->families[i], all);
}

static void on_interfaces (void *data)
{
  struct inos_mdns_socket *socket = data;

  join_everywhere (socket);
  inos_mdns_restart (socket->mdns);
}

/* Life cycle */

static bool set (int fd, int level, int option, int value)
{
  return setsockopt (fd, level, option, &value, sizeof value) == 0;
}

/* What both sides of RFC 6762 want of a socket: it shares the port with the system's own mDNS, is
 * heard on this machine too, and hears nothing of groups that others have joined. */
static bool prepare (int fd, int family)
{
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons (PORT)};
  struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons (PORT)};

  if (!set (fd, SOL_SOCKET, SO_REUSEADDR, 1))
    return false;
  if (family == AF_INET)
    return set (fd, IPPROTO_IP, IP_PKTINFO, 1) && set (fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
           set (fd, IPPROTO_IP, IP_MULTICAST_TTL, 255) &&
           set (fd, IPPROTO_IP, IP_MULTICAST_LOOP, 1) &&
           bind (fd, (struct sockaddr *)&in, sizeof in) == 0;
  return set (fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) && set (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
         set (fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0) &&
         set (fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255) &&
         set (fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1) &&
         bind (fd, (struct sockaddr *)&in6, sizeof in6) == 0;
}

static bool open_family (struct inos_mdns_socket *owner, struct family *family, int which,
                         GError **error)
{
  int fd = socket (which, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  bool open = fd >= 0 && prepare (fd, which);

  if (!open && error && !*error)
    g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (errno),
                 "Peers of the local network cannot be found: port %u: %s.", PORT,
                 g_strerror (errno));
  if (!open && fd >= 0)
    close (fd);
  family->owner = owner;
  family->family = which;
  family->watch = (struct inos_watch){.fd = open ? fd : -1, .ready = on_packet, .data = family};
  if (open)
    inos_poller_watch (owner->poller, &family->watch, EPOLLIN);
  return open;
}

static uint64_t mdns_deadline (void *mdns)
{
  return inos_mdns_deadline (mdns);
}

static void mdns_tick (void *mdns)
{
  inos_mdns_tick (mdns);
}

struct inos_mdns_socket *inos_mdns_socket_new (GMainContext *context,
                                               const struct inos_peer_id *self, const char *network,
                                               inos_mdns_found found, void *data, GError **error)
{
  struct inos_mdns_socket *socket = g_new0 (struct inos_mdns_socket, 1);
  const struct inos_mesh_env *env = inos_clock_env();
  g_autoptr (GError) why = NULL;

  socket->found = found;
  socket->data = data;
  socket->poller = inos_poller_new (context);
  socket->mdns = inos_mdns_new (env, &mdns_events, socket, self, network);
  bool ip4 = open_family (socket, &socket->families[0], AF_INET, &why);
  bool ip6 = open_family (socket, &socket->families[1], AF_INET6, &why);
  if (!ip4 && !ip6) {
    g_propagate_error (error, g_steal_pointer (&why));
    inos_mdns_socket_free (socket);
    return NULL;
  }
  join_everywhere (socket);
  socket->interfaces = inos_interfaces_watch (socket->poller, on_interfaces, socket);
  struct inos_driven driven = {mdns_deadline, mdns_tick, socket->mdns};
  socket->drive = inos_drive (context, env, &driven);
  return socket;
}

void inos_mdns_socket_free (struct inos_mdns_socket *socket)
{
  if (!socket)
    return;
  inos_drive_end (&socket->drive);
  inos_interfaces_free (socket->interfaces);
  for (unsigned i = 0; i < G_N_ELEMENTS (socket->families); i++) {
    inos_poller_forget (socket->poller, &socket->families[i].watch);
    if (socket->families[i].watch.fd >= 0)
      close (socket->families[i].watch.fd);
  }
  inos_mdns_free (socket->mdns);
  inos_poller_free (socket->poller);
  g_free (socket);
}

void inos_mdns_socket_set_addresses (struct inos_mdns_socket *socket,
                                     const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  inos_mdns_set_addresses (socket->mdns, addresses, n_addresses);
}
