/*
 * Keeps the replicas of a document equal. What is written here goes out as deltas to the topic;
 * what got lost on the way, or was written on the other side of a partition, is found by comparing
 * with one peer at a time: a hash tree is walked down to the slots that differ, in O(log n)
 * questions, and only those are exchanged, both ways.
 *
 * It goes easy on a machine that has other things to do. Above 70 % of the processor, what is not
 * critical waits, in both directions, for at most INOS_SYNC_DEFER_MAX, and there are fewer rounds;
 * above 80 % of the memory, values that nobody has used for a while are compressed. While nobody is
 * there to compare with, it has no deadline but for what waits.
 *
 * Members may lie: of what they have, of floors, and of who wrote what and when. What they say
 * counts for them alone: of the floor of this document, that they themselves are equal. Those that
 * do not lie end up equal as long as fewer than half do; see document.h.
 *
 * A core: see env.h. Its events are told from inside a call into it; it may not be called from
 * there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/document.h"
#include "node/mesh/state/sync_message.h"
#include "node/mesh/wire/peer_id.h"

#define INOS_SYNC_PEERS_MAX 256u
#define INOS_SYNC_MEMBERS_MAX 64u
#define INOS_SYNC_EVERY UINT64_C (10000000000)     /* ns between rounds */
#define INOS_SYNC_SOON UINT64_C (500000000)        /* ns to a round with a new peer */
#define INOS_SYNC_PATIENCE UINT64_C (15000000000)  /* ns for an answer */
#define INOS_SYNC_DEFER_MAX UINT64_C (30000000000) /* ns */
#define INOS_SYNC_DEFERRED_MAX (1024u * 1024)      /* bytes of what came and waits */
#define INOS_SYNC_STEPS_MAX 64u                    /* questions of one round */
#define INOS_SYNC_ROUND_MAX UINT64_C (60000000000) /* ns that one takes at most */
#define INOS_SYNC_BURST 128u                       /* questions of one peer that are answered */
#define INOS_SYNC_REFILL UINT64_C (50000000)       /* ns until one more is */
#define INOS_SYNC_COLD UINT64_C (60000000000)      /* ns after which a value is old */
#define INOS_SYNC_BUSY 0.7                         /* of the processor */
#define INOS_SYNC_CRAMPED 0.8                      /* of the memory */

struct inos_sync;

struct inos_sync_events {
  /* A delta for all who are subscribed to the topic. */
  void (*publish) (void *data, const void *delta, size_t len);
  /* A question for @peer; what becomes of it is told to inos_sync_answered() with @ticket. */
  void (*ask) (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
               size_t len);
};

struct inos_sync_setup {
  const struct inos_mesh_env *env;
  const char *topic;              /* copied; at most INOS_SYNC_TOPIC_MAX bytes */
  struct inos_document *document; /* outlives it */
  uint64_t every;                 /* ns; 0: INOS_SYNC_EVERY */
  const struct inos_sync_events *events;
  void *data;
};

struct inos_sync *inos_sync_new (const struct inos_sync_setup *setup);
void inos_sync_free (struct inos_sync *sync);

/** inos_sync_set_members: only these, at most INOS_SYNC_MEMBERS_MAX, share the document, this node
 * not counted; its floor is where all of them are. With none, it is everybody's and has no floor.
 * Returns: whether there is room. */
bool inos_sync_set_members (struct inos_sync *sync, const struct inos_peer_id *members, unsigned n);
/** inos_sync_add_peer: @peer can be asked, and will be soon. Returns: whether there is room. */
bool inos_sync_add_peer (struct inos_sync *sync, const struct inos_peer_id *peer);
void inos_sync_remove_peer (struct inos_sync *sync, const struct inos_peer_id *peer);
/** inos_sync_peers: how many can be asked. */
unsigned inos_sync_peers (const struct inos_sync *sync);

/** inos_sync_tell: what has been written in the document since the last time goes out. */
void inos_sync_tell (struct inos_sync *sync, bool critical);
/** inos_sync_set_load: how much of the processor and of the memory is in use, 0 to 1. */
void inos_sync_set_load (struct inos_sync *sync, double processor, double memory);

/** inos_sync_receive: what came for the topic; @from wrote it. Returns: whether it was a delta. */
bool inos_sync_receive (struct inos_sync *sync, const struct inos_peer_id *from, const void *bytes,
                        size_t len);
/** inos_sync_answer: appends to @answer. Returns: false: @from gets none. */
bool inos_sync_answer (struct inos_sync *sync, const struct inos_peer_id *from,
                       const void *question, size_t len, struct inos_buffer *answer);
/** inos_sync_answered: @answer NULL: there is none. */
void inos_sync_answered (struct inos_sync *sync, uint64_t ticket, const void *answer, size_t len);

uint64_t inos_sync_deadline (const struct inos_sync *sync);
void inos_sync_tick (struct inos_sync *sync);

struct inos_sync_stats {
  uint64_t published, received, refused; /* deltas; refused: no delta, or of a stranger */
  uint64_t taken, denied;                /* slots; denied: old, ahead, full or by the judge */
  uint64_t rounds, equal, questions;     /* equal: rounds after which both were */
  uint64_t deferred, dropped;            /* deltas that came; dropped: there was no room to wait */
  uint64_t packed;                       /* bytes saved */
  uint64_t limited;                      /* questions above a peer's share */
};
const struct inos_sync_stats *inos_sync_stats (const struct inos_sync *sync);
