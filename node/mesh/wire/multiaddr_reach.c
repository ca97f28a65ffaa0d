/*
 * Whom an address can be reached by: IANA's registries of special-purpose addresses, as far as they
 * matter to peers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/multiaddr.h"

#include <string.h>

struct range {
  uint8_t prefix[16];
  unsigned bits;
  enum inos_multiaddr_reach reach;
};

/* The first that fits counts. */
static const struct range ip4_ranges[] = {
  {{0}, 8, INOS_REACH_LOOPBACK}, /* "this host" */
  {{127}, 8, INOS_REACH_LOOPBACK},
  {{169, 254}, 16, INOS_REACH_LINK},
  {{10}, 8, INOS_REACH_PRIVATE},
  {{172, 16}, 12, INOS_REACH_PRIVATE},
  {{192, 168}, 16, INOS_REACH_PRIVATE},
  {{100, 64}, 10, INOS_REACH_PRIVATE}, /* of a carrier's NAT */
  {{224}, 3, INOS_REACH_UNKNOWN},      /* multicast and reserved */
  {{0}, 0, INOS_REACH_PUBLIC},
};

static const struct range ip6_ranges[] = {
  {{0}, 127, INOS_REACH_LOOPBACK}, /* :: and ::1 */
  {{0xfe, 0x80}, 10, INOS_REACH_LINK},
  {{0xfc}, 7, INOS_REACH_PRIVATE},
  {{0x00, 0x64, 0xff, 0x9b}, 96, INOS_REACH_PUBLIC}, /* IPv4 behind NAT64 */
  {{0x20}, 3, INOS_REACH_PUBLIC},
  {{0}, 0, INOS_REACH_UNKNOWN}, /* multicast, and what is not given out */
};

static bool is_in (const uint8_t *address, const struct range *range)
{
  unsigned whole = range->bits / 8, rest = range->bits % 8;

  if (memcmp (address, range->prefix, whole) != 0)
    return false;
  return rest == 0 || (address[whole] ^ range->prefix[whole]) >> (8 - rest) == 0;
}

static enum inos_multiaddr_reach reach_in (const struct range *range, const uint8_t *address)
{
  while (!is_in (address, range))
    range++;
  return range->reach;
}

static enum inos_multiaddr_reach reach_of_ip6 (const uint8_t address[16])
{
  static const struct range mapped = {{[10] = 0xff, [11] = 0xff}, 96, INOS_REACH_UNKNOWN};

  return is_in (address, &mapped) ? reach_in (ip4_ranges, address + 12)
                                  : reach_in (ip6_ranges, address);
}

enum inos_multiaddr_reach inos_multiaddr_reach (const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part part;

  for (size_t at = 0; inos_multiaddr_next (address, &at, &part);)
    switch (part.code) {
    case INOS_MULTIADDR_IP4:
      return reach_in (ip4_ranges, part.value);
    case INOS_MULTIADDR_IP6:
      return reach_of_ip6 (part.value);
    case INOS_MULTIADDR_MEMORY:
      return INOS_REACH_LOOPBACK;
    case INOS_MULTIADDR_IP6ZONE: /* stands before the address */
      continue;
    default:
      return INOS_REACH_UNKNOWN;
    }
  return INOS_REACH_UNKNOWN;
}
