/*
 * Who is in the mesh, and who is not any more: SWIM with Lifeguard.
 *
 * Each second a member asks another one whether it is there, in turn; where no answer comes, it
 * asks three others to ask. Who does not answer is suspected, and everybody hears of it, it too: it
 * says that it is there with a greater incarnation, which only it can sign. If it does not, it is
 * dead. The time it has for that shrinks when others suspect it too. A member that misses answers
 * that it should have had doubts itself, and becomes slower to suspect. What is new rides on the
 * probes, each thing a few times; every half minute two members compare all that they know.
 *
 * That others call somebody dead is only another suspicion here: nobody dies of a liar's word.
 *
 * Above about a thousand members nobody knows all. A member then keeps a sample of them, the same
 * one as everybody else (those whose tags begin with `level` zero bits), from which it knows how
 * many there are; it has a few neighbours (HyParView), watches only those, and passes on what is
 * new along a tree of them (Plumtree).
 *
 * Source: Das, Gupta, Motivala: "SWIM", 2002; Dadgar, Phillips, Currey: "Lifeguard", 2017;
 * Leitão, Pereira, Rodrigues: "HyParView" and "Epidemic Broadcast Trees", 2007.
 *
 * A core: see env.h. It may be called from its events only where it says so: members may be looked
 * at, nothing else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/member/message.h"
#include "node/mesh/member/record.h"

#define INOS_MEMBERS_MAX 2048u /* known at once, the dead among them */
#define INOS_MEMBER_SEEDS_MAX 16u
#define INOS_MEMBER_HELPERS 3u  /* who are asked to ask */
#define INOS_VIEW_ACTIVE_MAX 5u /* neighbours */
#define INOS_VIEW_PASSIVE_MAX 30u

struct inos_members;
struct inos_member;

enum inos_member_event {
  INOS_MEMBER_JOINED, /* it is there, for the first time or again */
  INOS_MEMBER_SUSPECTED,
  INOS_MEMBER_CLEARED, /* it was suspected, and is alive */
  INOS_MEMBER_CHANGED, /* what it says of itself has */
  INOS_MEMBER_DIED,
  INOS_MEMBER_WENT,    /* it said goodbye */
  INOS_MEMBER_DROPPED, /* nobody speaks of it any more: forgotten, or not of the sample */
};

struct inos_members_events {
  void (*member) (void *data, enum inos_member_event event, const struct inos_member *member);
};

/* Times in ns. 0: what stands beside it. */
struct inos_members_config {
  uint64_t probe_interval;  /* 1 s */
  uint64_t probe_timeout;   /* 500 ms; then others are asked to ask */
  uint64_t gossip_interval; /* 200 ms, while there is news */
  uint64_t sync_interval;   /* 30 s */
  uint64_t forget_after;    /* 10 min, of the dead */
  unsigned suspicion;       /* 4: times the logarithm of the mesh's size, in probe intervals */
  unsigned suspicion_max;   /* 6: times that, where nobody else suspects */
  unsigned partial_above;   /* 1,024 members: from then on partial views */
  unsigned full_below;      /* 600: from then on everybody knows all again */
  unsigned sample_max;      /* 192 */
  unsigned changes;         /* 20: how many changes of metadata the whole mesh says in a second */
};

struct inos_members_setup {
  const struct inos_mesh_env *env;
  const struct inos_member_trust *trust; /* signs for `id` */
  struct inos_member_store *store;       /* outlives it */
  struct inos_peer_id id;
  struct inos_channel datagrams; /* may lose, repeat and reorder; of INOS_MEMBER_DATAGRAM_MAX */
  struct inos_channel messages;  /* in order, of INOS_MEMBER_MESSAGE_MAX */
  const struct inos_members_events *events;
  void *data;
  struct inos_members_config config;
  struct inos_member_metadata metadata;
  uint64_t incarnation; /* greater than any before, as far as is known; 0: by the wall clock */
};

struct inos_members *inos_members_new (const struct inos_members_setup *setup);
/** inos_members_free: takes NULL. Says nothing to anybody: see inos_members_leave(). */
void inos_members_free (struct inos_members *members);

/** inos_members_join: asks @seeds, again and again, until one has answered; and whenever there is
 * nobody left. More than INOS_MEMBER_SEEDS_MAX are left out. */
void inos_members_join (struct inos_members *members, const struct inos_peer_id *seeds,
                        unsigned n_seeds);
/** inos_members_meet: there is a way to @peer, who is a member of some mesh: who is not known, or
 * not known to be alive, is asked, so that two meshes that meet become one. */
void inos_members_meet (struct inos_members *members, const struct inos_peer_id *peer);
/** inos_members_expel: @peer may be no member any more: it is forgotten at once, without a word to
 * others. Whoever says `admit` says the same of it from now on. */
void inos_members_expel (struct inos_members *members, const struct inos_peer_id *peer);
/** inos_members_leave: says goodbye. After a second or so everybody knows it, and it may be freed.
 */
void inos_members_leave (struct inos_members *members);
/** inos_members_set_metadata: what it says of itself from now on, or as soon as it is its turn. */
void inos_members_set_metadata (struct inos_members *members,
                                const struct inos_member_metadata *metadata);

void inos_members_datagram (struct inos_members *members, const struct inos_peer_id *from,
                            const void *bytes, size_t len);
void inos_members_message (struct inos_members *members, const struct inos_peer_id *from,
                           const void *bytes, size_t len);
/** inos_members_rest: whether it asks others four times more seldom that they are there, and
 * compares with them so. It answers as ever, so that nobody suspects it. */
void inos_members_rest (struct inos_members *members, bool rests);
uint64_t inos_members_deadline (const struct inos_members *members);
void inos_members_tick (struct inos_members *members);

/** inos_members_count: how many are alive or suspected, itself too, that it knows. */
unsigned inos_members_count (const struct inos_members *members);
/** inos_members_estimate: how many there are in the mesh; exact where views are full. */
unsigned inos_members_estimate (const struct inos_members *members);
bool inos_members_is_partial (const struct inos_members *members);
/** inos_members_is_joined: whether anybody has answered. */
bool inos_members_is_joined (const struct inos_members *members);
/** inos_members_incarnation: its own; to be kept, and given again after a restart, plus one. */
uint64_t inos_members_incarnation (const struct inos_members *members);
/** inos_members_health: 0 well, to 8: how much it doubts itself. */
unsigned inos_members_health (const struct inos_members *members);

/** inos_members_total: all that it knows, also the dead. */
unsigned inos_members_total (const struct inos_members *members);
/** inos_members_memory: bytes that it holds, each record that it refers to counted as its own. */
size_t inos_members_memory (const struct inos_members *members);
/** inos_members_memory_max: bytes that it may ever hold: what its limits come to. */
size_t inos_members_memory_max (void);
/** inos_members_at: the one in place @i below inos_members_total(); in no order. Good until the
 * next call that is not about looking. */
const struct inos_member *inos_members_at (const struct inos_members *members, unsigned i);
/** inos_members_find: (nullable). */
const struct inos_member *inos_members_find (const struct inos_members *members,
                                             const struct inos_peer_id *id);
/** inos_members_neighbors: fills in at most INOS_VIEW_ACTIVE_MAX. Returns: how many there are. */
unsigned inos_members_neighbors (const struct inos_members *members,
                                 const struct inos_member *neighbors[INOS_VIEW_ACTIVE_MAX]);

const struct inos_member_record *inos_member_record (const struct inos_member *member);
enum inos_member_state inos_member_state (const struct inos_member *member);
/** inos_member_since: ns, when it got its state. */
uint64_t inos_member_since (const struct inos_member *member);
/** inos_member_is_sampled: whether it is known for its tag's sake, not only as a neighbour. */
bool inos_member_is_sampled (const struct inos_member *member);

struct inos_members_stats {
  uint64_t datagrams, messages, bytes; /* sent */
  uint64_t refused;                    /* received, and no message, or with a bad record */
  uint64_t suspected, refuted, died;   /* seen; refuted: by itself */
};
const struct inos_members_stats *inos_members_stats (const struct inos_members *members);
