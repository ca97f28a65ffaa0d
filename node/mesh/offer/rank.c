/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/offer/rank.h"

#include <glib.h>
#include <stdlib.h>

#define UNKNOWN 0.5
#define CAPABILITY 0.20
#define LOAD 0.25
#define LATENCY 0.25
#define COST 0.15
#define REPUTATION 0.15
#define HALF_LATENCY 50e6 /* ns of a round trip that counts half */

struct best {
  unsigned cores;
  uint64_t memory;
  uint32_t cost;
};

static double capability (const struct inos_candidate *c, const struct best *best)
{
  if (c->cores == 0 || c->memory == 0)
    return UNKNOWN;
  return ((double)c->cores / best->cores + (double)c->memory / (double)best->memory) / 2;
}

static double score (const struct inos_candidate *c, const struct best *best)
{
  double load = c->has_load ? 1 - MIN (c->load, 1000u) / 1000.0 : UNKNOWN;
  double latency = c->place == INOS_RANK_HERE ? 1
                   : c->round_trip > 0        ? 1 / (1 + (double)c->round_trip / HALF_LATENCY)
                                              : UNKNOWN;
  double cost = c->has_cost ? (best->cost + 1.0) / (c->cost + 1.0) : UNKNOWN;
  double reputation = c->reputation > 0 ? MIN (c->reputation, 1000u) / 1000.0 : UNKNOWN;

  return CAPABILITY * capability (c, best) + LOAD * load + LATENCY * latency + COST * cost +
         REPUTATION * reputation;
}

/* The same order for all: ids decide last. */
static int compare (const void *a, const void *b)
{
  const struct inos_candidate *one = a, *other = b;

  if (one->place != other->place)
    return one->place < other->place ? -1 : 1;
  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return inos_peer_id_compare (&one->peer, &other->peer);
}

void inos_rank (struct inos_candidate *candidates, unsigned n)
{
  struct best best = {.cost = UINT32_MAX};

  for (unsigned i = 0; i < n; i++) {
    best.cores = MAX (best.cores, candidates[i].cores);
    best.memory = MAX (best.memory, candidates[i].memory);
    if (candidates[i].has_cost)
      best.cost = MIN (best.cost, candidates[i].cost);
  }
  for (unsigned i = 0; i < n; i++)
    candidates[i].score = score (&candidates[i], &best);
  qsort (candidates, n, sizeof *candidates, compare);
}
