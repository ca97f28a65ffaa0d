/*
 * AutoNAT v2, who asks: whether this node can be reached at the addresses that it could have.
 *
 * Those are the public ones where it listens, and those where several peers see it, with the ports
 * where it listens. Peers that offer to dial back are asked one after the other, each address of
 * several peers. A success counts only when the number that we made up came back on a connection
 * to us.
 *
 * Does no I/O; for the thread of its host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_AUTONAT_TESTED_MAX 8u /* addresses */
#define INOS_AUTONAT_VERDICTS 4u   /* of one address, of as many peers; the newest count */
#define INOS_AUTONAT_ENOUGH 3u     /* peers that could not: it cannot be reached */

enum inos_reachability {
  INOS_REACHABILITY_UNKNOWN,     /* nobody was asked yet */
  INOS_REACHABILITY_NO_ADDRESS,  /* there is no address that is public */
  INOS_REACHABILITY_REACHABLE,   /* at one address at least */
  INOS_REACHABILITY_UNREACHABLE, /* at none */
};

struct inos_autonat;

/** inos_autonat_new: @anywhere: also asks about addresses that are not public, for tests. */
struct inos_autonat *inos_autonat_new (struct inos_host *host, bool anywhere);
/** inos_autonat_free: after the host; takes NULL. */
void inos_autonat_free (struct inos_autonat *autonat);
uint64_t inos_autonat_deadline (const struct inos_autonat *autonat);
void inos_autonat_tick (struct inos_autonat *autonat);

enum inos_reachability inos_autonat_reachability (const struct inos_autonat *autonat);
/** inos_autonat_tested: (out): the @index'th address, and how many peers could reach it, and could
 * not; whether there is one. */
bool inos_autonat_tested (const struct inos_autonat *autonat, unsigned index,
                          struct inos_multiaddr *address, unsigned *could, unsigned *could_not);
