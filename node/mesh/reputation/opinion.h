/*
 * What a member says of others, in its signed state (node_state.h, the part "opinions"): of those
 * that it has dealt with itself, never what it heard. Field 1 is one of them, once for each: its id
 * (1), what is to be expected of it, per mille (2), after how many outcomes (3). Field 2 is 1 where
 * these are all that there are: of the others it knows nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"
#include "node/mesh/wire/proto.h"

#define INOS_OPINIONS_MAX 32u /* of one member */
#define INOS_OPINION_SIZE 56u /* bytes, at most, of one */
/* Bytes of the nodes' document, which is bounded, that all opinions of a mesh take together. */
#define INOS_OPINIONS_BYTES (256u * 1024)
#define INOS_OPINIONS_FEW 4u /* that a member says in the largest mesh */

struct inos_opinion {
  struct inos_peer_id about;
  uint16_t expected; /* per mille */
  uint16_t outcomes; /* up to INOS_EVIDENCE_MAX */
};

/* Zero: nothing is said. */
struct inos_opinions {
  bool told; /* it says what it thinks at all */
  bool all;  /* and knows nothing of those whom it does not name */
  unsigned n;
  struct inos_opinion of[INOS_OPINIONS_MAX]; /* each of another */
};

/** inos_opinions_share: how many a member may say in a mesh of @members. */
unsigned inos_opinions_share (unsigned members);
/** inos_opinions_is_news: whether @now is worth telling after @told: somebody is new, or gone, or
 * much better or worse. */
bool inos_opinions_is_news (const struct inos_opinions *now, const struct inos_opinions *told);
/** inos_opinions_put: appends the fields. */
void inos_opinions_put (struct inos_buffer *out, const struct inos_opinions *opinions);
/** inos_opinions_read: takes @field up, where it is one of them and right; of two of the same peer
 * the first. */
void inos_opinions_read (struct inos_opinions *opinions, const struct inos_proto_field *field);
