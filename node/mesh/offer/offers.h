/*
 * What this node offers: services of programs on it, each with a name, the port where it is, what
 * it costs and what it needs of the machine. An offer is announced while it is well, which is asked
 * of its port, and as long as its lease runs.
 *
 * A core: see env.h. Its events are told from inside a call into it; it may not be called from
 * there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

#include <stdbool.h>

#define INOS_OFFERS_MAX 48u                          /* leaves room in what a node says of itself */
#define INOS_OFFER_NAME_MAX 64u                      /* bytes, UTF-8 */
#define INOS_OFFER_LEASE_MAX 86400u                  /* s */
#define INOS_OFFER_CHECK_EVERY UINT64_C (5000000000) /* ns */
#define INOS_OFFER_CHECK_SOON UINT64_C (1500000000)  /* ns, after one that failed */
#define INOS_OFFER_FAILURES 3u /* checks in a row after which it is not announced any more */

struct inos_offers;

struct inos_offer {
  char name[INOS_OFFER_NAME_MAX + 1];
  uint16_t port;   /* TCP, on this machine; 0: there is none, and it is always well */
  uint32_t cost;   /* micro-credits an hour */
  uint32_t cores;  /* that it needs */
  uint64_t memory; /* bytes that it needs */
  uint64_t until;  /* ns; INOS_NEVER: until it is withdrawn */
  bool well;
};

/* What the machine has. */
struct inos_offer_machine {
  uint32_t cores;
  uint64_t memory; /* bytes */
};

enum inos_offer_verdict {
  INOS_OFFER_TAKEN,
  INOS_OFFER_BAD, /* its name, or its lease */
  INOS_OFFER_TOO_MANY,
  INOS_OFFER_NO_CORES,  /* with what the other offers need */
  INOS_OFFER_NO_MEMORY, /* the same */
};

struct inos_offers_events {
  /* What is announced is another thing. */
  void (*changed) (void *data);
  /* Whether anybody answers at @port; told to inos_offers_checked() with @ticket. */
  void (*check) (void *data, uint16_t port, uint64_t ticket);
};

struct inos_offers *inos_offers_new (const struct inos_mesh_env *env,
                                     const struct inos_offers_events *events, void *data);
void inos_offers_free (struct inos_offers *offers);

/** inos_offers_put: offers what @wish says, in place of what has its name; that is how a lease is
 * renewed. @lease: s; 0: until it is withdrawn. */
enum inos_offer_verdict inos_offers_put (struct inos_offers *offers, const struct inos_offer *wish,
                                         uint32_t lease, const struct inos_offer_machine *machine);
/** inos_offers_withdraw: whether it was there. */
bool inos_offers_withdraw (struct inos_offers *offers, const char *name);
void inos_offers_checked (struct inos_offers *offers, uint64_t ticket, bool well);

/** inos_offers_at: (nullable): the @index'th, by name; announced while it is well. */
const struct inos_offer *inos_offers_at (const struct inos_offers *offers, unsigned index);

uint64_t inos_offers_deadline (const struct inos_offers *offers);
void inos_offers_tick (struct inos_offers *offers);
