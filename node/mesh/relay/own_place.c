/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/own_place.h"

bool inos_own_place_join (const struct inos_multiaddr *seen, const struct inos_multiaddr *listening,
                          struct inos_multiaddr *out)
{
  struct inos_multiaddr_part place, part;
  size_t at = 0, from = 0;

  *out = (struct inos_multiaddr){0};
  if (!inos_multiaddr_next (seen, &from, &place) || !inos_multiaddr_next (listening, &at, &part) ||
      place.code != part.code ||
      (part.code != INOS_MULTIADDR_IP4 && part.code != INOS_MULTIADDR_IP6))
    return false;
  bool good = inos_multiaddr_append (out, place.code, place.value, place.len);
  while (inos_multiaddr_next (listening, &at, &part))
    good = good && inos_multiaddr_append (out, part.code, part.value, part.len);
  return good;
}

struct places {
  bool anywhere;
  struct inos_multiaddr *list;
  unsigned n, max;
};

/* An IP address and a TCP port, and nothing else. */
static bool is_plain_tcp (const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part ip, port;
  size_t at = 0;

  return inos_multiaddr_next (address, &at, &ip) &&
         (ip.code == INOS_MULTIADDR_IP4 || ip.code == INOS_MULTIADDR_IP6) &&
         inos_multiaddr_next (address, &at, &port) && port.code == INOS_MULTIADDR_TCP &&
         at == address->len;
}

static void add (struct places *places, const struct inos_multiaddr *address)
{
  if (places->n == places->max || inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      (!places->anywhere &&
       (!is_plain_tcp (address) || inos_multiaddr_reach (address) != INOS_REACH_PUBLIC)))
    return;
  for (unsigned i = 0; i < places->n; i++)
    if (inos_multiaddr_equal (&places->list[i], address))
      return;
  places->list[places->n++] = *address;
}

unsigned inos_own_places (const struct inos_host *host, bool anywhere, struct inos_multiaddr *list,
                          unsigned max)
{
  struct places places = {anywhere, list, 0, max};
  const GArray *listening = inos_host_listening_at (host);
  struct inos_multiaddr seen, joined;
  unsigned voters;

  for (guint i = 0; i < listening->len; i++)
    add (&places, &g_array_index (listening, struct inos_multiaddr, i));
  for (unsigned i = 0; inos_host_observed_at (host, i, &seen, &voters); i++)
    add (&places, &seen);
  for (unsigned i = 0; inos_host_observed_at (host, i, &seen, &voters); i++)
    for (guint j = 0; j < listening->len; j++)
      if (inos_own_place_join (&seen, &g_array_index (listening, struct inos_multiaddr, j),
                               &joined))
        add (&places, &joined);
  return places.n;
}
