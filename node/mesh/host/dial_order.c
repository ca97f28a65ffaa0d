/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/dial_order.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_IP4 3u /* bytes that addresses of one network share: a /24 */
#define NEAR_IP6 8u /* a /64 */

struct candidate {
  unsigned rank;
  bool is_ip6;
  unsigned turn; /* among those of its rank and family */
  unsigned place;
  struct inos_multiaddr address;
};

static bool first_part (const struct inos_multiaddr *address, struct inos_multiaddr_part *part)
{
  size_t offset = 0;

  return inos_multiaddr_next (address, &offset, part);
}

static bool share_network (const struct inos_multiaddr *a, const struct inos_multiaddr *b)
{
  struct inos_multiaddr_part one, other;

  if (!first_part (a, &one) || !first_part (b, &other) || one.code != other.code)
    return false;
  if (one.code == INOS_MULTIADDR_IP4)
    return memcmp (one.value, other.value, NEAR_IP4) == 0;
  return one.code == INOS_MULTIADDR_IP6 && memcmp (one.value, other.value, NEAR_IP6) == 0;
}

static bool is_near (const struct inos_multiaddr *address, const struct inos_multiaddr *own,
                     unsigned n_own)
{
  for (unsigned i = 0; i < n_own; i++)
    if (inos_multiaddr_reach (&own[i]) != INOS_REACH_LOOPBACK && share_network (address, &own[i]))
      return true;
  return false;
}

/* A loopback address costs nothing where nobody is: it fails at once. */
static unsigned rank_of_place (const struct inos_multiaddr *address,
                               const struct inos_multiaddr *own, unsigned n_own)
{
  if (inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT))
    return 5;
  if (is_near (address, own, n_own))
    return 0;
  switch (inos_multiaddr_reach (address)) {
  case INOS_REACH_LOOPBACK:
    return 1;
  case INOS_REACH_PRIVATE:
    return 3;
  case INOS_REACH_LINK:
    return 4;
  case INOS_REACH_PUBLIC:
  case INOS_REACH_UNKNOWN:
  default:
    return 2;
  }
}

static bool is_websocket (const struct inos_multiaddr *address)
{
  return inos_multiaddr_has (address, INOS_MULTIADDR_WS) ||
         inos_multiaddr_has (address, INOS_MULTIADDR_WSS);
}

static gint compare (gconstpointer a, gconstpointer b)
{
  const struct candidate *one = a, *other = b;

  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  if (one->turn != other->turn)
    return one->turn < other->turn ? -1 : 1;
  if (one->is_ip6 != other->is_ip6)
    return one->is_ip6 ? -1 : 1;
  return one->place < other->place ? -1 : one->place > other->place;
}

static void set_turn (struct candidate *candidates, unsigned at)
{
  for (unsigned i = 0; i < at; i++)
    candidates[at].turn +=
      candidates[i].rank == candidates[at].rank && candidates[i].is_ip6 == candidates[at].is_ip6;
}

void inos_dial_order (struct inos_multiaddr *addresses, unsigned n_addresses,
                      const struct inos_multiaddr *own, unsigned n_own)
{
  g_autofree struct candidate *candidates = g_new0 (struct candidate, n_addresses + 1);
  struct inos_multiaddr_part part;

  for (unsigned i = 0; i < n_addresses; i++) {
    candidates[i].address = addresses[i];
    candidates[i].place = i;
    candidates[i].rank =
      rank_of_place (&addresses[i], own, n_own) * 2 + is_websocket (&addresses[i]);
    candidates[i].is_ip6 = first_part (&addresses[i], &part) && part.code == INOS_MULTIADDR_IP6;
    set_turn (candidates, i);
  }
  qsort (candidates, n_addresses, sizeof *candidates, compare);
  for (unsigned i = 0; i < n_addresses; i++)
    addresses[i] = candidates[i].address;
}
