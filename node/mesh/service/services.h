/*
 * Services on the mesh's thread: what programs of this machine offer to the others. It is announced
 * in `state-update`, and by a provider's record of the DHT for those that do not hear that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/offer/offers.h"
#include "node/mesh/offer/rank.h"
#include "node/mesh/service/dht.h"
#include "node/mesh/service/reputations.h"
#include "node/mesh/service/states.h"

struct inos_services;

struct inos_services_setup {
  struct inos_host *host;
  struct inos_dht *dht;
  struct inos_states *states;
  struct inos_membership *membership;
  struct inos_reputations *reputations;
  GMainContext *context;
};

struct inos_services *inos_services_new (const struct inos_services_setup *setup);
/** inos_services_stop: before the host and the states are: for which it may run the context. */
void inos_services_stop (struct inos_services *services);
/** inos_services_free: takes NULL. */
void inos_services_free (struct inos_services *services);

/** inos_services_describe: what this machine has. */
void inos_services_describe (struct inos_services *services, const struct inos_node_state *machine);
/** inos_services_offer: as inos_offers_put(). */
enum inos_offer_verdict inos_services_offer (struct inos_services *services,
                                             const struct inos_offer *wish, uint32_t lease);
bool inos_services_withdraw (struct inos_services *services, const char *name);
/** inos_services_at: as inos_offers_at(). */
const struct inos_offer *inos_services_at (struct inos_services *services, unsigned index);

/* The best first; until it returns. */
typedef void (*inos_services_found) (void *data, const struct inos_candidate *candidates,
                                     unsigned n);
/** inos_services_find: who offers @name: of the nodes that this one hears; where there is none, of
 * those that the DHT names. Calls @found once, from inside or later. */
void inos_services_find (struct inos_services *services, const char *name,
                         inos_services_found found, void *data);
