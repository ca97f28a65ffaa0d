/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/evidence.h"

#include <glib.h>

#define HOUR (UINT64_C (3600) * 1000000000) /* ns */
#define MAX_PARTS (INOS_EVIDENCE_MAX * INOS_OUTCOME)
#define PRIOR (2u * INOS_OUTCOME) /* W */

/* 2^32 · 2^(−2^i / 168): what is left after 2^i hours. */
static const uint32_t left_after[] = {4277283299, 4259672114, 4224666981, 4155517347,
                                      4020595089, 3763750398, 3298236304, 2532816193};

G_STATIC_ASSERT (INOS_EVIDENCE_HALF_LIFE == 168);
G_STATIC_ASSERT (INOS_EVIDENCE_HALF_LIFE < 1u << G_N_ELEMENTS (left_after));

static uint32_t faded (uint32_t parts, uint64_t hours)
{
  uint64_t halves = hours / INOS_EVIDENCE_HALF_LIFE, rest = hours % INOS_EVIDENCE_HALF_LIFE;
  uint64_t left = halves < 32 ? parts >> halves : 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (left_after); i++)
    if (rest & 1u << i)
      left = left * left_after[i] >> 32;
  return (uint32_t)left;
}

void inos_evidence_fade (struct inos_evidence *evidence, uint64_t now)
{
  uint64_t hours = now > evidence->at ? (now - evidence->at) / HOUR : 0;

  if (hours == 0)
    return;
  for (unsigned i = 0; i < INOS_CONDUCTS; i++)
    evidence->seen[i] = faded (evidence->seen[i], hours);
  evidence->at += hours * HOUR;
}

/* So that @room more fit. */
static void make_room (struct inos_evidence *evidence, uint64_t total, uint32_t room)
{
  if (total + room <= MAX_PARTS)
    return;
  for (unsigned i = 0; i < INOS_CONDUCTS; i++)
    evidence->seen[i] = (uint32_t)((uint64_t)evidence->seen[i] * (MAX_PARTS - room) / total);
}

void inos_evidence_add (struct inos_evidence *evidence, enum inos_conduct conduct)
{
  uint32_t weight = inos_conduct_weight (conduct);

  make_room (evidence, inos_evidence_total (evidence), weight);
  evidence->seen[conduct] += weight;
}

void inos_evidence_merge (struct inos_evidence *evidence, const struct inos_evidence *other)
{
  uint64_t total = 0;

  for (unsigned i = 0; i < INOS_CONDUCTS; i++) {
    evidence->seen[i] += other->seen[i];
    total += evidence->seen[i];
  }
  make_room (evidence, total, 0);
}

void inos_evidence_sum (const struct inos_evidence *evidence, uint32_t *good, uint32_t *bad)
{
  *good = *bad = 0;
  for (unsigned i = 0; i < INOS_CONDUCTS; i++)
    *(inos_conduct_is_good (i) ? good : bad) += evidence->seen[i];
}

uint32_t inos_evidence_total (const struct inos_evidence *evidence)
{
  uint32_t good, bad;

  inos_evidence_sum (evidence, &good, &bad);
  return good + bad;
}

unsigned inos_evidence_expect (const struct inos_evidence *evidence, unsigned base)
{
  uint32_t good, bad;

  inos_evidence_sum (evidence, &good, &bad);
  uint64_t of = (uint64_t)good + bad + PRIOR;
  return (unsigned)(((uint64_t)good * 1000 + (uint64_t)PRIOR * base + of / 2) / of);
}
