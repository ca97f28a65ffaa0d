/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/interfaces.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define SETTLE 300 /* ms: an interface that comes up gets its addresses one by one */

struct inos_interfaces {
  struct inos_poller *poller;
  struct inos_watch watch;
  void (*changed) (void *data);
  void *data;
  GSource *settle;
};

static socklen_t size_of (const struct sockaddr *address)
{
  switch (address ? address->sa_family : AF_UNSPEC) {
  case AF_INET:
    return sizeof (struct sockaddr_in);
  case AF_INET6:
    return sizeof (struct sockaddr_in6);
  default:
    return 0;
  }
}

GArray *inos_interfaces_list (void)
{
  GArray *list = g_array_new (FALSE, TRUE, sizeof (struct inos_interface_address));
  struct ifaddrs *all;

  if (getifaddrs (&all) < 0) {
    g_warning ("The network interfaces cannot be listed: %s.", g_strerror (errno));
    return list;
  }
  for (struct ifaddrs *at = all; at && list->len < INOS_INTERFACE_ADDRESSES; at = at->ifa_next) {
    struct inos_interface_address one = {
      .index = if_nametoindex (at->ifa_name),
      .multicast = at->ifa_flags & IFF_MULTICAST,
      .loopback = at->ifa_flags & IFF_LOOPBACK,
      .address.len = size_of (at->ifa_addr),
    };
    if (!(at->ifa_flags & IFF_UP) || one.address.len == 0 || one.index == 0)
      continue;
    memcpy (&one.address.storage, at->ifa_addr, one.address.len);
    g_array_append_val (list, one);
  }
  freeifaddrs (all);
  return list;
}

static gboolean on_settled (gpointer data)
{
  struct inos_interfaces *interfaces = data;

  inos_timer_clear (&interfaces->settle);
  interfaces->changed (interfaces->data);
  return G_SOURCE_REMOVE;
}

/* What the kernel says does not matter, only that it says something: the list is read anew. */
static void on_message (void *data, uint32_t events)
{
  struct inos_interfaces *interfaces = data;
  char drop[4096];

  while (recv (interfaces->watch.fd, drop, sizeof drop, MSG_DONTWAIT) > 0 || errno == ENOBUFS)
    ;
  if (!interfaces->settle)
    inos_timer_set (&interfaces->settle, inos_poller_context (interfaces->poller), SETTLE,
                    on_settled, interfaces);
}

struct inos_interfaces *inos_interfaces_watch (struct inos_poller *poller,
                                               void (*changed) (void *data), void *data)
{
  struct inos_interfaces *interfaces = g_new0 (struct inos_interfaces, 1);
  struct sockaddr_nl groups = {.nl_family = AF_NETLINK,
                               .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};

  interfaces->poller = poller;
  interfaces->changed = changed;
  interfaces->data = data;
  interfaces->watch = (struct inos_watch){.ready = on_message, .data = interfaces};
  interfaces->watch.fd =
    socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (interfaces->watch.fd < 0 ||
      bind (interfaces->watch.fd, (struct sockaddr *)&groups, sizeof groups) < 0)
    g_warning ("Changes of the network will not be noticed: %s.", g_strerror (errno));
  else
    inos_poller_watch (poller, &interfaces->watch, EPOLLIN);
  return interfaces;
}

void inos_interfaces_free (struct inos_interfaces *interfaces)
{
  if (!interfaces)
    return;
  inos_poller_forget (interfaces->poller, &interfaces->watch);
  inos_timer_clear (&interfaces->settle);
  if (interfaces->watch.fd >= 0)
    close (interfaces->watch.fd);
  g_free (interfaces);
}
