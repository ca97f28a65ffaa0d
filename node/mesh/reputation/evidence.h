/*
 * What this node has seen of one peer: how much of each conduct, in parts of %INOS_OUTCOME, which
 * fades, and what is to be expected of it.
 *
 * Source: Jøsang and Ismail, "The Beta Reputation System", 2002: of r good and s bad outcomes
 *
 *     E = (r + 1) / (r + s + 2)
 *
 * is the expectation of the next one, from a beta distribution over what was there before any: one
 * half. With another base rate a in its place (Jøsang, "Subjective Logic", 2016, with the weight
 * W = 2 of what was there before) it is
 *
 *     E = (r + 2a) / (r + s + 2)
 *
 * so that a, what others say, counts the less the more there is of one's own. Two things are
 * forgotten (there: "forgetting"): half in each %INOS_EVIDENCE_HALF_LIFE, and above
 * %INOS_EVIDENCE_MAX outcomes as much as comes, in proportion. All in integers: two machines that
 * saw the same say the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/conduct.h"

/* Hours. A week: whose machine was repaired, or moved, is neutral again within some weeks, and who
 * was good a month ago has to be good again; a weekend away changes little. */
#define INOS_EVIDENCE_HALF_LIFE 168u
/* Outcomes that are remembered at once: who was good for ever and turns is below one half after 22
 * bad ones, not after as many as there were good ones. */
#define INOS_EVIDENCE_MAX 32u
#define INOS_EVIDENCE_NEUTRAL 500u /* per mille: nothing is known */

/* Zero is nothing seen. */
struct inos_evidence {
  uint32_t seen[INOS_CONDUCTS]; /* of each, of INOS_OUTCOME; in all INOS_EVIDENCE_MAX at most */
  uint64_t at;                  /* ns, up to when it has faded */
};

/** inos_evidence_fade: up to @now, ns; by whole hours. */
void inos_evidence_fade (struct inos_evidence *evidence, uint64_t now);
/** inos_evidence_add: one more of @conduct, now, to which it has faded. */
void inos_evidence_add (struct inos_evidence *evidence, enum inos_conduct conduct);
/** inos_evidence_merge: @other's too, which has faded as far. */
void inos_evidence_merge (struct inos_evidence *evidence, const struct inos_evidence *other);
/** inos_evidence_sum: (out): parts of %INOS_OUTCOME. */
void inos_evidence_sum (const struct inos_evidence *evidence, uint32_t *good, uint32_t *bad);
/** inos_evidence_total: of both. */
uint32_t inos_evidence_total (const struct inos_evidence *evidence);
/** inos_evidence_expect: E, per mille; @base: a, per mille. */
unsigned inos_evidence_expect (const struct inos_evidence *evidence, unsigned base);
