/*
 * Who may come in: how many links strangers may have from one address and from one prefix, how
 * many that have not said who they are, and how fast they may come.
 *
 * Loopback addresses count for the total alone: many peers of one machine share them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

struct inos_gate_limits {
  unsigned pending; /* that are not ready yet */
  unsigned per_address;
  unsigned per_prefix; /* a /24 of IPv4, a /56 of IPv6 */
  unsigned per_second; /* of one address, with as many saved up */
};

struct inos_gate;

struct inos_gate *inos_gate_new (const struct inos_gate_limits *limits);
void inos_gate_free (struct inos_gate *gate);

/**
 * inos_gate_enter: a link comes from @remote at @now (ns).
 *
 * Returns: NULL where it may, and counts as pending now; else why not, a sentence's end such as
 * "too many from this address".
 */
const char *inos_gate_enter (struct inos_gate *gate, const struct inos_multiaddr *remote,
                             uint64_t now);
/** inos_gate_is_full: whether no other may be pending. */
bool inos_gate_is_full (const struct inos_gate *gate);
/** inos_gate_ready: one that entered is not pending any more. */
void inos_gate_ready (struct inos_gate *gate);
/** inos_gate_leave: one that entered has gone; @pending: before it was ready. */
void inos_gate_leave (struct inos_gate *gate, const struct inos_multiaddr *remote, bool pending);
/** inos_gate_forget: what came so long before @now that it does not count any more. */
void inos_gate_forget (struct inos_gate *gate, uint64_t now);
