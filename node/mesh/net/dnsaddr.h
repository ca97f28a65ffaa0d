/*
 * "/dnsaddr/bootstrap.libp2p.io": addresses that stand in the TXT records of a name.
 *
 * Source: multiformats/multiaddr, protocols/DNSADDR; libp2p/specs, addressing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

#include <glib.h>

#define INOS_DNSADDR_DEPTH 4       /* names that lead to names */
#define INOS_DNSADDR_LOOKUPS 16    /* of one address, all in all */
#define INOS_DNSADDR_RESULTS 32    /* addresses; more are left out */
#define INOS_DNSADDR_TIMEOUT 10000 /* ms */

struct inos_dnsaddr;

/* What was found, in no order; @error says why it is nothing. */
typedef void (*inos_dnsaddr_done) (void *data, const struct inos_multiaddr *addresses,
                                   unsigned n_addresses, const GError *error);

/** inos_dnsaddr_is: whether @address begins with a name that is to be looked up so. */
bool inos_dnsaddr_is (const struct inos_multiaddr *address);
/**
 * inos_dnsaddr_resolve:
 * @context: whose thread the caller is on
 * @address: what stands behind its name has to stand at the end of what is found: so the peer's id
 *
 * Calls @done once, later, unless cancelled.
 */
struct inos_dnsaddr *inos_dnsaddr_resolve (GMainContext *context,
                                           const struct inos_multiaddr *address,
                                           inos_dnsaddr_done done, void *data);
/** inos_dnsaddr_cancel: not to be called after @done was; takes NULL. */
void inos_dnsaddr_cancel (struct inos_dnsaddr *lookup);

/* What one TXT record says; for the lookup, and its test. */
enum inos_dnsaddr_kind {
  INOS_DNSADDR_NOTHING, /* something else, or what does not fit */
  INOS_DNSADDR_ADDRESS,
  INOS_DNSADDR_MORE, /* another name to be looked up */
};
/** inos_dnsaddr_judge: @text of a record that was found for @asked. */
enum inos_dnsaddr_kind inos_dnsaddr_judge (const char *text, const struct inos_multiaddr *asked,
                                           struct inos_multiaddr *address);
