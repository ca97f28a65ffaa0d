/*
 * Which of those who offer a service to turn to: first this node, then its region, then the rest of
 * the mesh, then those of whom only the DHT has heard; in each of these by a score of 0 to 1:
 *
 *     0.20 capability   cores and memory of the node, as a share of the best one's
 *     0.25 load         1 − how busy its processor is
 *     0.25 latency      1 / (1 + round trip / 50 ms)
 *     0.15 cost         (least + 1) / (its + 1)
 *     0.15 reputation   what is to be expected of it, by what was seen of it
 * (reputation/evidence.h)
 *
 * What is not known counts as half. The weights are our own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"

#define INOS_RANK_MAX 256u /* candidates that are looked at */

enum inos_rank_place {
  INOS_RANK_HERE,
  INOS_RANK_REGION,
  INOS_RANK_MESH,
  INOS_RANK_DHT,
};

/* Zero is one of whom nothing is known. */
struct inos_candidate {
  struct inos_peer_id peer;
  enum inos_rank_place place;
  bool has_load, has_cost;
  unsigned load;       /* per mille */
  unsigned reputation; /* per mille; 0: not known */
  unsigned cores;
  uint64_t memory;     /* bytes */
  uint64_t round_trip; /* ns; 0: not known */
  uint32_t cost;       /* micro-credits an hour */
  uint16_t port;       /* TCP; 0: not known */
  double score;        /* (out) */
};

/** inos_rank: scores the @n @candidates, and puts the best first. */
void inos_rank (struct inos_candidate *candidates, unsigned n);
