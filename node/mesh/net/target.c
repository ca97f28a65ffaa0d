/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/target.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

static void set_ip4 (struct inos_target *target, const struct inos_multiaddr_part *part)
{
  struct sockaddr_in *in = (struct sockaddr_in *)&target->ip.storage;

  in->sin_family = AF_INET;
  memcpy (&in->sin_addr, part->value, sizeof in->sin_addr);
  target->ip.len = sizeof *in;
}

static void set_ip6 (struct inos_target *target, const struct inos_multiaddr_part *part,
                     unsigned zone)
{
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&target->ip.storage;

  in6->sin6_family = AF_INET6;
  memcpy (&in6->sin6_addr, part->value, sizeof in6->sin6_addr);
  in6->sin6_scope_id = zone;
  target->ip.len = sizeof *in6;
}

static bool set_name (struct inos_target *target, const struct inos_multiaddr_part *part)
{
  memcpy (target->name, part->value, part->len);
  target->name[part->len] = '\0';
  target->family = part->code == INOS_MULTIADDR_DNS4   ? AF_INET
                   : part->code == INOS_MULTIADDR_DNS6 ? AF_INET6
                                                       : AF_UNSPEC;
  return true;
}

/* The interface that a zone names. Returns: 0: there is none. */
static unsigned zone_index (const struct inos_multiaddr_part *part)
{
  char name[IF_NAMESIZE];

  if (part->len >= sizeof name)
    return 0;
  memcpy (name, part->value, part->len);
  name[part->len] = '\0';
  return if_nametoindex (name);
}

/* Where it is; moves @at behind that. */
static bool read_place (struct inos_target *target, const struct inos_multiaddr *address,
                        size_t *at)
{
  struct inos_multiaddr_part part;
  unsigned zone = 0;

  if (!inos_multiaddr_next (address, at, &part))
    return false;
  if (part.code == INOS_MULTIADDR_IP6ZONE) {
    zone = zone_index (&part);
    if (zone == 0 || !inos_multiaddr_next (address, at, &part) || part.code != INOS_MULTIADDR_IP6)
      return false;
  }
  switch (part.code) {
  case INOS_MULTIADDR_IP4:
    set_ip4 (target, &part);
    return true;
  case INOS_MULTIADDR_IP6:
    set_ip6 (target, &part, zone);
    return true;
  case INOS_MULTIADDR_DNS:
  case INOS_MULTIADDR_DNS4:
  case INOS_MULTIADDR_DNS6:
    return set_name (target, &part);
  default:
    return false;
  }
}

bool inos_target_read (struct inos_target *target, const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part part;

  *target = (struct inos_target){0};
  if (!read_place (target, address, &target->rest) ||
      !inos_multiaddr_next (address, &target->rest, &part) || part.code != INOS_MULTIADDR_TCP)
    return false;
  target->port = (uint16_t)(part.value[0] << 8 | part.value[1]);
  if (target->ip.len > 0)
    inos_target_set_port (&target->ip, target->port);
  return true;
}

void inos_target_multiaddr (const struct sockaddr *address, struct inos_multiaddr *out)
{
  const struct sockaddr_in *in = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
  char zone[IF_NAMESIZE];

  out->len = 0;
  if (address->sa_family == AF_INET) {
    inos_multiaddr_append (out, INOS_MULTIADDR_IP4, &in->sin_addr, 4);
    inos_multiaddr_append (out, INOS_MULTIADDR_TCP, &in->sin_port, 2);
    return;
  }
  if (IN6_IS_ADDR_LINKLOCAL (&in6->sin6_addr) && if_indextoname (in6->sin6_scope_id, zone))
    inos_multiaddr_append (out, INOS_MULTIADDR_IP6ZONE, zone, strlen (zone));
  inos_multiaddr_append (out, INOS_MULTIADDR_IP6, &in6->sin6_addr, 16);
  inos_multiaddr_append (out, INOS_MULTIADDR_TCP, &in6->sin6_port, 2);
}

void inos_target_set_port (struct inos_socket_address *address, uint16_t port)
{
  if (address->storage.ss_family == AF_INET)
    ((struct sockaddr_in *)&address->storage)->sin_port = htons (port);
  else
    ((struct sockaddr_in6 *)&address->storage)->sin6_port = htons (port);
}

uint16_t inos_target_port (const struct inos_socket_address *address)
{
  return ntohs (address->storage.ss_family == AF_INET
                  ? ((const struct sockaddr_in *)&address->storage)->sin_port
                  : ((const struct sockaddr_in6 *)&address->storage)->sin6_port);
}

bool inos_target_is_any (const struct inos_socket_address *address)
{
  if (address->storage.ss_family == AF_INET)
    return ((const struct sockaddr_in *)&address->storage)->sin_addr.s_addr == htonl (INADDR_ANY);
  return IN6_IS_ADDR_UNSPECIFIED (&((const struct sockaddr_in6 *)&address->storage)->sin6_addr);
}
