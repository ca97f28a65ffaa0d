/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/sync.h"

struct inos_sync_peer {
  struct inos_peer_id id;
  bool there, member;
  bool fresh;         /* has not been asked since it is there */
  uint64_t matched;   /* stamp up to which it has all that is here, and writes nothing more */
  unsigned number;    /* of a member: its bit */
  uint64_t floor;     /* that it told */
  uint64_t tokens_at; /* ns: when its share of questions was last counted */
  unsigned tokens;
};

/* A comparison with one peer, that this node has begun. */
struct inos_sync_round {
  bool busy, whole, exchanging; /* whole: the question compares all there is */
  bool progress;                /* something has been exchanged since that was last asked */
  struct inos_peer_id peer;
  uint64_t ticket, stamp, graves;
  uint64_t until, over; /* ns: for an answer, and for all of it */
  uint64_t given;       /* which slots were given last, in short */
  unsigned steps, n_ranges;
  struct inos_document_range ranges[INOS_SYNC_RANGES_MAX]; /* to ask about next */
  GArray *gives, *wants;                                   /* owned, struct inos_slot_id */
};

struct inos_sync_waiting {
  struct inos_peer_id from;
  GBytes *bytes; /* owned */
};

struct inos_sync {
  struct inos_sync_setup setup;
  char topic[INOS_SYNC_TOPIC_MAX + 1];
  unsigned n_peers, n_there, n_members;
  struct inos_sync_peer peers[INOS_SYNC_PEERS_MAX];
  struct inos_sync_round round;
  uint64_t round_at, last_ticket;
  double processor, memory;
  uint64_t due_at;    /* ns by which what waits goes on; INOS_NEVER: nothing does */
  uint64_t packed_at; /* ns when values were last compressed */
  GQueue waiting;     /* struct inos_sync_waiting: deltas that came */
  size_t waiting_bytes;
  struct inos_sync_stats stats;
};

/* sync.c */
struct inos_sync_peer *inos_sync_find (struct inos_sync *sync, const struct inos_peer_id *id);
/** inos_sync_merge: all slots of a delta, @compared: of a comparison. Returns: whether something
 * changed. */
bool inos_sync_merge (struct inos_sync *sync, const struct inos_delta *delta, bool compared);
/** inos_sync_matched: @peer was equal at @stamp; the floor may rise. */
void inos_sync_matched (struct inos_sync *sync, struct inos_sync_peer *peer, uint64_t stamp);

/* sync_answer.c */
/** inos_sync_write_slots: slots whose ids are in @ids, as many as one delta has room for. */
void inos_sync_write_slots (struct inos_sync *sync, const struct inos_slot_id *ids, unsigned n,
                            struct inos_buffer *out);

/* sync_round.c */
void inos_sync_round_begin (struct inos_sync *sync);
void inos_sync_round_end (struct inos_sync *sync);
