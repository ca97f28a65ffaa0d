/*
 * What the members think of each: the median of what they say, so that less than half of them
 * cannot move it beyond what the others say. It is the base rate of evidence.h.
 *
 * - Whoever says all that it knows, and does not name a peer, counts as a neutral voice on it: a
 * few that agree are no majority of a mesh that knows nothing.
 * - %INOS_HEARSAY_NEUTRALS neutral voices more are always there: one alone moves nothing, two move
 *   it half way.
 * - What anybody says of itself does not count, nor a second voice of the same.
 * - It is never further from neutral than %INOS_HEARSAY_BOUND, whoever says what.
 *
 * Whom to listen to is its owner's matter: members only, and only those of whom this node itself
 * has not seen bad things.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/opinion.h"

#include <glib.h>

#define INOS_HEARSAY_AUTHORS_MAX 1024u
#define INOS_HEARSAY_NEUTRALS 2u
#define INOS_HEARSAY_BOUND 400u /* per mille: it is 100 to 900 */

struct inos_hearsay;

struct inos_heard {
  unsigned median; /* per mille; INOS_EVIDENCE_NEUTRAL where nobody said anything */
  unsigned said;   /* members that did */
  unsigned silent; /* that know nothing of it */
};

struct inos_hearsay *inos_hearsay_new (void);
/** inos_hearsay_free: takes NULL. */
void inos_hearsay_free (struct inos_hearsay *hearsay);
/** inos_hearsay_add: what @author, whom this node listens to, says; the first time that it is
 * added. */
void inos_hearsay_add (struct inos_hearsay *hearsay, const struct inos_peer_id *author,
                       const struct inos_opinions *opinions);
/** inos_hearsay_look: (out) @heard: of @about. @hearsay: (nullable): NULL: nobody says anything. */
void inos_hearsay_look (const struct inos_hearsay *hearsay, const struct inos_peer_id *about,
                        struct inos_heard *heard);
/** inos_hearsay_authors: how many are listened to. */
unsigned inos_hearsay_authors (const struct inos_hearsay *hearsay);
/** inos_hearsay_each: whoever is spoken of, by id. */
void inos_hearsay_each (const struct inos_hearsay *hearsay,
                        void (*each) (void *data, const struct inos_peer_id *about), void *data);
