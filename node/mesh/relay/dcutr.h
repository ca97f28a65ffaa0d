/*
 * Direct connection upgrade through relay: two who speak by a relay try to reach each other without
 * it. Who was called first dials the caller where that says it is; if that does not work, both dial
 * each other at the same moment, from the port where they listen, so that each NAT takes what comes
 * from outside for the answer to what went out.
 *
 * A is who called by the relay, B who was called; B begins. On a link that both dialled A is the
 * initiator of what is spoken on it, B the responder.
 *
 * Where a direct connection is made, by whatever means, the relayed ones to that peer are closed a
 * few seconds later.
 *
 * Does no I/O; for the thread of its host. Source: libp2p/specs, relay/DCUtR.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_DCUTR_TRIES 3u          /* at the same moment; the specification's */
#define INOS_DCUTR_RUNNING_MAX 8u    /* peers at once */
#define INOS_DCUTR_KEPT_MAX 64u      /* peers of whom is remembered how it ended */
#define INOS_DCUTR_ROUNDS_MAX 6u     /* that one peer has us dial, for each time that it calls */
#define INOS_DCUTR_ROUNDS_MINUTE 30u /* that all have us dial */

enum inos_dcutr_outcome {
  INOS_DCUTR_NOTHING,          /* it was not tried */
  INOS_DCUTR_RUNNING,          /* it is being tried */
  INOS_DCUTR_SUCCEEDED,        /* there is, or was, a direct connection */
  INOS_DCUTR_UNSUPPORTED,      /* the peer does not speak the protocol */
  INOS_DCUTR_NO_ADDRESS,       /* nobody sees this node at a public address */
  INOS_DCUTR_NO_ADDRESS_THERE, /* the peer names no public address */
  INOS_DCUTR_NO_WAY,           /* the dials did not meet */
  INOS_DCUTR_BROKEN,           /* the peer stopped speaking in the middle of it */
  INOS_DCUTR_BUSY,             /* too many others were being tried */
};

struct inos_dcutr;

/** inos_dcutr_new: @anywhere: also at addresses that are not public, for tests. */
struct inos_dcutr *inos_dcutr_new (struct inos_host *host, bool anywhere);
/** inos_dcutr_free: after the host; takes NULL. */
void inos_dcutr_free (struct inos_dcutr *dcutr);
uint64_t inos_dcutr_deadline (const struct inos_dcutr *dcutr);
void inos_dcutr_tick (struct inos_dcutr *dcutr);

struct inos_dcutr_report {
  enum inos_dcutr_outcome outcome;
  bool ours;      /* we began: the peer called us by the relay */
  unsigned tries; /* at the same moment */
  uint64_t since; /* ns: when it became so */
};
/** inos_dcutr_report: (out): what was tried with @peer; NOTHING where nothing is remembered. */
void inos_dcutr_report (const struct inos_dcutr *dcutr, const struct inos_peer_id *peer,
                        struct inos_dcutr_report *report);
/** inos_dcutr_outcome_name: "nothing", "running" and so on; static. */
const char *inos_dcutr_outcome_name (enum inos_dcutr_outcome outcome);
