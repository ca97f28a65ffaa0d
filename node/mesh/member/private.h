/*
 * What the files of members share. table.c: who is known; claim.c: what is said of them; hear.c:
 * reading that; correct.c: what is said to those that have missed it; news.c: what rides on probes;
 * probe.c: who answers; sync.c: comparing all; view.c: neighbours; tree.c: the broadcast among
 * them; members.c: the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/member/members.h"

#define SECOND UINT64_C (1000000000)
#define MILLISECOND UINT64_C (1000000)
#define CONFIRMATIONS 3u /* accusers beside the first that shrink a suspicion to the least */
#define HEALTH_MAX 8u
#define TRANSMITS_MAX 32u  /* of one piece of news */
#define RELAYS_MAX 32u     /* probes for others, at once */
#define SYNCS_MAX 8u       /* asked for, and not answered */
#define SYNC_ANSWERS 64u   /* a second */
#define REST_SLOWER 4u     /* times, that who rests asks and compares more seldom */
#define LOST_MAX 8u        /* who died long ago, and may have been behind a partition */
#define CORRECTIONS_MAX 8u /* of one message */
#define LEVEL_LIMIT 24u
#define TREE_SEEN_MAX 512u  /* claims remembered, to be given to who missed them */
#define TREE_PAST_SETS 256u /* of claims that are remembered no more: see tree_past.c */
#define TREE_PAST_WAYS 4u
#define INOS_MEMBERS_PAST_SIZE (TREE_PAST_SETS * TREE_PAST_WAYS * sizeof (uint32_t))
#define TREE_MISSING_MAX 64u /* claims heard of, and not seen */
#define TREE_GRAFTS_MAX 16u  /* asked for of one neighbour at once */
#define INOS_VIEW_WALK 6u    /* steps of a walk, at most */
#define INOS_VIEW_SHUFFLE_EVERY (15 * SECOND)
#define ASKED_MAX 4u /* to be neighbours, at once */

/* What somebody who is suspected has against it. */
struct suspicion {
  uint64_t since;
  unsigned n_accusers;
  uint64_t accusers[CONFIRMATIONS + 1];
  bool called; /* it was asked a last time */
};

enum member_flag {
  MEMBER_ACTIVE = 1 << 0,
  MEMBER_PASSIVE = 1 << 1,
};

/* As large as a line of a cache, and where one begins. */
struct inos_member {
  struct inos_member_record *record;   /* owned */
  struct suspicion *suspicion;         /* owned; NULL: not suspected */
  uint64_t since;                      /* it has its state */
  uint64_t accuser;                    /* of the news that it is suspected or dead */
  struct inos_member *next, *previous; /* in members.news; next: among the unused */
  uint32_t at;                         /* in members.order */
  uint32_t listed;                     /* the last list that had it */
  uint32_t stamp;                      /* the last datagram that had its news */
  unsigned state : 3;                  /* enum inos_member_state */
  unsigned flags : 2;                  /* enum member_flag */
  unsigned transmits : 5;              /* of its news so far: below TRANSMITS_MAX */
  unsigned urgency : 2;                /* enum urgency */
  bool is_news : 1;
  bool hearsay : 1; /* neighbours have put it aside, or it was there before a long sleep: that it
                     * is there, nobody says */
  bool marked : 1;  /* it has a part in the digest, and is of the sample */
};

#define MEMBERS_OF_BLOCK 31u

/* Members lie together, and each in a place of its own as long as it is one. */
struct member_block {
  struct member_block *next;
  _Alignas (64) struct inos_member members[MEMBERS_OF_BLOCK];
};

struct slot {
  uint64_t tag;
  struct inos_member *member; /* NULL: free */
};

/* Members of whom something was said equally often. */
struct news {
  struct inos_member *first, *last;
};

/* What goes first. */
enum urgency {
  URGENT_DEFENCE, /* somebody is called dead that is not */
  URGENT_ACCUSATION,
  URGENT_NOT,
  URGENCIES,
};

/* Those of whom a message says what is over. */
struct corrections {
  unsigned n;
  struct {
    uint64_t tag;
    bool newer; /* with its record, which says more than what was said */
  } items[CORRECTIONS_MAX];
};

/* A probe that is under way. */
struct probe {
  struct inos_peer_id target;
  uint64_t tag, sequence; /* tag 0: none */
  uint64_t helpers[INOS_MEMBER_HELPERS];
  unsigned n_helpers, nacks;
  unsigned heard; /* of others meanwhile */
  bool indirect;  /* others were asked */
  uint64_t deadline;
};

/* A probe for somebody else. */
struct relay {
  struct inos_peer_id from;
  uint64_t tag, sequence, asked; /* whom; ours; theirs */
  uint64_t deadline;             /* 0: free */
  bool nacked;
};

/* That somebody is dead. */
struct tree_accusation {
  uint64_t tag, incarnation, accuser;
};

/* A claim that the tree passes on: of a record, or that somebody is dead. */
struct tree_claim {
  uint64_t id;                        /* 0: free */
  uint64_t at;                        /* when it came */
  uint64_t from;                      /* tag of the neighbour that had it; 0: it begins here */
  struct inos_member_record *record;  /* a reference; NULL: that somebody is dead */
  struct tree_accusation *accusation; /* owned; NULL: a record */
};

struct tree_missing {
  uint64_t id, deadline;
  uint64_t from; /* tag of who has it */
};

struct neighbor {
  struct inos_member *member; /* NULL: free */
  uint64_t tag;               /* its */
  uint64_t flushed;           /* number of the last claim that it has had */
  bool lazy;                  /* hears of claims, and asks for them */
  bool prune;                 /* is to be told that we are */
  uint8_t n_grafts;           /* in tree.grafts */
  struct inos_peer_id id;     /* its */
};

/* Claims lie in a ring, which is as large as it had to be. What is looked at most stands first,
 * here and in what follows: of ten thousand in a simulator little stays in a cache. */
struct tree {
  uint64_t flush_at, lazy_at, missing_at;
  struct tree_claim *claims; /* owned */
  uint32_t *index;           /* owned, twice as many; see tree.c */
  uint32_t *past;            /* owned; see tree_past.c */
  uint64_t number;           /* of claims so far */
  unsigned next, size;       /* size: a power of two */
  unsigned n_missing;
};

/* What has not come by the tree. */
struct tree_asked {
  struct tree_missing missing[TREE_MISSING_MAX];          /* tree.n_missing */
  uint64_t grafts[INOS_VIEW_ACTIVE_MAX][TREE_GRAFTS_MAX]; /* asked for of each neighbour */
};

struct view {
  uint64_t shuffle_at, mend_at;
  unsigned n_active, n_passive;
  struct neighbor active[INOS_VIEW_ACTIVE_MAX];
  struct {
    uint64_t tag, until;
  } asked[ASKED_MAX]; /* to be neighbours */
  struct inos_member *passive[INOS_VIEW_PASSIVE_MAX];
};

struct inos_members {
  uint64_t probe_at, gossip_at, sync_at, join_at, reconnect_at, suspicion_at, relay_at, reap_at,
    say_at;
  uint64_t awake_at; /* it was called, or something came, last */
  uint64_t tag;
  uint64_t incarnation;
  bool leaving, joined, partial;
  bool rests;   /* nobody is known, and no clock runs but what others wind up */
  bool quiet;   /* what comes now is known to all but us */
  bool thrifty; /* asks and compares less often */
  unsigned health;

  struct inos_member *self;
  struct inos_member **order; /* owned; all, in the order in which they are probed */
  unsigned n, size;
  struct slot *index; /* owned; by tag, open addressing */
  unsigned n_index;   /* a power of two */
  unsigned level;
  unsigned told_level; /* of the sample of whoever was compared with last */
  uint64_t index_key;
  unsigned n_live;    /* alive or suspected */
  unsigned n_sampled; /* of those, the sampled ones */
  unsigned n_suspects, n_gone;
  unsigned n_news, n_relays, next_probe;
  uint32_t listed, stamp;
  uint32_t news_in[URGENCIES]; /* bits: lists of news that are not empty */
  uint64_t digest;
  uint64_t sequence;
  struct probe probe;
  struct inos_members_stats stats;
  struct inos_member_room *room; /* the store's */

  struct view view;
  struct tree tree;
  struct inos_members_config config;
  struct inos_members_setup setup;

  struct tree_asked asked;
  struct member_block *blocks; /* owned */
  struct inos_member *unused;  /* in them */
  unsigned n_blocks;
  uint64_t joined_at;
  uint64_t settling_since; /* views became partial, or the sample's level has changed */
  uint64_t said_at;        /* metadata, last */
  struct news news[URGENCIES][TRANSMITS_MAX];
  unsigned log_of, log; /* what inos_members_log10() said last */
  struct relay relays[RELAYS_MAX];
  struct {
    uint64_t tag, until;
  } syncs[SYNCS_MAX];
  unsigned sync_tokens, n_syncs;
  uint64_t sync_second;
  struct inos_peer_id seeds[INOS_MEMBER_SEEDS_MAX];
  unsigned n_seeds, join_tries;
  struct inos_peer_id lost[LOST_MAX]; /* the one that was forgotten first stands first */
  unsigned n_lost;
  struct inos_member_metadata metadata; /* as it was said */
  struct inos_member_metadata wanted;   /* as it is to be said */
};

static inline uint64_t now_of (const struct inos_members *m)
{
  return inos_env_now (m->setup.env);
}

static inline bool is_live (const struct inos_member *member)
{
  return member->state == INOS_MEMBER_ALIVE || member->state == INOS_MEMBER_SUSPECT;
}

/* For who walks all, at @i, forwards or backwards: what comes a little later is fetched, for it
 * lies anywhere. */
static inline void inos_members_fetch (const struct inos_members *m, unsigned i, int step)
{
  unsigned far = i + (unsigned)(8 * step), near = i + (unsigned)(4 * step);

  if (far < m->n)
    __builtin_prefetch (m->order[far]);
  if (near >= m->n)
    return;
  __builtin_prefetch (&m->order[near]->record->tag);
  __builtin_prefetch (&m->order[near]->record->incarnation);
}

/** inos_members_jitter: a random time from @least to twice that. */
static inline uint64_t inos_members_jitter (const struct inos_members *m, uint64_t least)
{
  return least + inos_env_below (m->setup.env, (uint32_t)(least / MILLISECOND) + 1) * MILLISECOND;
}

/** inos_members_is_in_level: whether the sample of @level has @tag. */
static inline bool inos_members_is_in_level (uint64_t tag, unsigned level)
{
  return level == 0 || tag >> (64 - level) == 0;
}

/* table.c */
bool inos_members_samples (const struct inos_members *m, uint64_t tag);
/** inos_members_may_sample: the same, also for those that are about to change their level. */
bool inos_members_may_sample (const struct inos_members *m, uint64_t tag);
struct inos_member *inos_members_lookup (const struct inos_members *m, uint64_t tag);
/** inos_members_fetch_slot: @tag is about to be looked up. */
void inos_members_fetch_slot (const struct inos_members *m, uint64_t tag);
struct inos_member *inos_members_add (struct inos_members *m, struct inos_member_record *record);
void inos_members_remove (struct inos_members *m, struct inos_member *member);
/** inos_members_release: removes it where nothing is a reason to keep it. */
void inos_members_release (struct inos_members *m, struct inos_member *member);
void inos_members_set_state (struct inos_members *m, struct inos_member *member,
                             enum inos_member_state state);
/** inos_members_set_hearsay: whether @member is but hearsay, and so not of the sample. */
void inos_members_set_hearsay (struct inos_members *m, struct inos_member *member, bool hearsay);
void inos_members_set_record (struct inos_members *m, struct inos_member *member,
                              struct inos_member_record *record);
/** inos_members_choose: a live one at random that is not itself, and not one of @but. */
struct inos_member *inos_members_choose (struct inos_members *m, const uint64_t *but,
                                         unsigned n_but);
void inos_members_shuffle (struct inos_members *m);
/** inos_members_set_level: takes those of @level only, and whoever else there is a reason for. */
void inos_members_set_level (struct inos_members *m, unsigned level);
/** inos_members_adapt: goes over to partial views or back, and takes the sample that fits. */
void inos_members_adapt (struct inos_members *m);
void inos_members_go_partial (struct inos_members *m);
/** inos_members_reap: forgets who has gone long ago, and takes a smaller sample where this one was
 * learnt from those whose samples are smaller. */
void inos_members_reap (struct inos_members *m);
/** inos_members_forget_lost: @id is lost no more, if it was. */
void inos_members_lose (struct inos_members *m, const struct inos_member *member);
void inos_members_forget_lost (struct inos_members *m, const struct inos_peer_id *id);
void inos_members_table_finish (struct inos_members *m);

/* hear.c */
#define INOS_MEMBERS_HEARD 16u /* claims at once */

/* A claim, and whom and what it seems to be about: nobody has checked it. */
struct heard {
  struct inos_member_claim claim;
  uint64_t tag, incarnation;
  size_t after;  /* where the message goes on */
  bool readable; /* else the tag is 0 */
};
/**
 * inos_members_hear:
 * @offset: (inout): 0 for the first; moved past those that are returned
 *
 * Returns: how many of the message's next claims are in @heard; 0: it has no more.
 */
unsigned inos_members_hear (const struct inos_members *m, const struct inos_member_message *message,
                            size_t *offset, struct heard heard[INOS_MEMBERS_HEARD]);

/* claim.c; both return whether it was news */
bool inos_members_take_record (struct inos_members *m, struct inos_member_record *record);
bool inos_members_accuse (struct inos_members *m, enum inos_member_state state, uint64_t tag,
                          uint64_t incarnation, uint64_t accuser);
/** inos_members_take_claims: all of @message. */
void inos_members_take_claims (struct inos_members *m, const struct inos_member_message *message,
                               const struct inos_peer_id *from);
/** inos_members_announce: signs what it says of itself now, with the next incarnation. */
void inos_members_announce (struct inos_members *m);
void inos_members_suspicions (struct inos_members *m);
void inos_members_postpone (struct inos_members *m, uint64_t late);
/** inos_members_answered: whoever has @tag has answered a ping itself: where it is suspected it has
 * all its time again, for who is dead cannot answer, however late. */
void inos_members_answered (struct inos_members *m, uint64_t tag);
uint64_t inos_members_patience (struct inos_members *m, unsigned n_accusers);
unsigned inos_members_log10 (struct inos_members *m, unsigned n); /* times 1000 */
struct inos_member_claim inos_members_claim_of (const struct inos_member *member);
void inos_members_worry (struct inos_members *m, int more);
void inos_members_tell (struct inos_members *m, enum inos_member_event event,
                        const struct inos_member *member);

/* correct.c */
/** inos_members_note_gone: somebody says that whoever has @tag is as @state says, in @incarnation:
 * takes note where it has gone since. */
void inos_members_note_gone (const struct inos_members *m, struct corrections *corrections,
                             enum inos_member_state state, uint64_t tag, uint64_t incarnation);
/** inos_members_send_corrections: tells @to, who has said so. */
void inos_members_send_corrections (struct inos_members *m, const struct corrections *corrections,
                                    const struct inos_peer_id *to);

/* news.c */
void inos_members_spread (struct inos_members *m, struct inos_member *member, enum urgency urgency);
void inos_members_hush (struct inos_members *m, struct inos_member *member);
/** inos_members_heard: others say the same of @member as we do. */
void inos_members_heard (struct inos_members *m, struct inos_member *member);
void inos_members_put_news (struct inos_members *m, struct inos_buffer *out, uint64_t already);
void inos_members_gossip (struct inos_members *m);

/* probe.c */
void inos_members_probe (struct inos_members *m);
void inos_members_relay (struct inos_members *m);
/** inos_members_call: asks a suspect a last time, in the way that gets through best. */
void inos_members_call (struct inos_members *m, const struct inos_member *suspect);
/** inos_members_heard_from: something came from @from, so that we hear. */
void inos_members_heard_from (struct inos_members *m, const struct inos_peer_id *from);
void inos_members_on_ping (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from, const struct inos_channel *channel);
void inos_members_on_ack (struct inos_members *m, const struct inos_member_message *message,
                          const struct inos_peer_id *from);
void inos_members_on_nack (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from);
void inos_members_on_ping_req (struct inos_members *m, const struct inos_member_message *message,
                               const struct inos_peer_id *from);

/* sync.c */
void inos_members_sync (struct inos_members *m, const struct inos_peer_id *with);
void inos_members_sync_tick (struct inos_members *m);
void inos_members_on_sync (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from);

/* view.c */
void inos_members_view_join (struct inos_members *m, const struct inos_peer_id *contact);
void inos_members_view_tick (struct inos_members *m);
void inos_members_view_start (struct inos_members *m);
/** inos_members_view_refuse: tells @to that it is no neighbour, which it seems to think. */
void inos_members_view_refuse (struct inos_members *m, const struct inos_peer_id *to);
void inos_members_view_leave (struct inos_members *m);
void inos_members_on_view (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from);
struct neighbor *inos_members_neighbor (struct inos_members *m, uint64_t tag);
/** inos_members_view_doubt: @member is suspected: if it is a neighbour, another one is looked for.
 */
void inos_members_view_doubt (struct inos_members *m, const struct inos_member *member);
/** inos_members_view_lost: @member has gone: it is in no view any more. */
void inos_members_view_lost (struct inos_members *m, struct inos_member *member);
/** inos_members_view_widen: the sample is about to be that of @level: forgets whoever would be of
 * it for nothing but having been put aside, which may be long ago. Who is there is told of anew. */
void inos_members_view_widen (struct inos_members *m, unsigned level);
void inos_members_view_finish (struct inos_members *m);
uint64_t inos_members_view_deadline (const struct inos_members *m);
/** inos_members_view_put: appends the record of @member. */
void inos_members_view_put (struct inos_buffer *out, const struct inos_member *member);
/** inos_members_view_take: (nullable): whoever @claim speaks of, who is added where nobody knows
 * it; whoever has no use for it releases it. */
struct inos_member *inos_members_view_take (struct inos_members *m,
                                            const struct inos_member_claim *claim);
void inos_members_view_add_passive (struct inos_members *m, struct inos_member *member);
/** inos_members_view_some: (nullable): a neighbour at random that is neither of those tags. */
struct neighbor *inos_members_view_some (struct inos_members *m, uint64_t but, uint64_t nor);

/* view_shuffle.c */
void inos_members_view_shuffle (struct inos_members *m);
void inos_members_on_shuffle (struct inos_members *m, const struct inos_member_message *message,
                              const struct inos_peer_id *from);
/** inos_members_take_passive: those in @message are put aside. */
void inos_members_take_passive (struct inos_members *m, const struct inos_member_message *message);

/* tree.c */
/** inos_members_tree_spread: what is now said of @member begins here, or came by another way. */
void inos_members_tree_spread (struct inos_members *m, const struct inos_member *member);
/** inos_members_tree_know: what @member says is known, and no news to others: neighbours need not
 * tell it. */
void inos_members_tree_know (struct inos_members *m, const struct inos_member *member);
/** inos_members_tree_fetch: whether @heard was here is about to be asked. */
void inos_members_tree_fetch (const struct inos_members *m, const struct heard *heard);
/** inos_members_tree_fetch_claim: the same, when what that function fetches should have come. */
void inos_members_tree_fetch_claim (const struct inos_members *m, const struct heard *heard);
void inos_members_on_tree (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from);
void inos_members_tree_tick (struct inos_members *m);
uint64_t inos_members_tree_deadline (const struct inos_members *m);
void inos_members_tree_finish (struct inos_members *m);

/* tree_past.c */
/** inos_members_past_has: whether the claim @id was here of late, and has made room for others. */
bool inos_members_past_has (const struct inos_members *m, uint64_t id);
/** inos_members_past_fetch: @id is about to be asked for, or put. */
void inos_members_past_fetch (const struct inos_members *m, uint64_t id);
/** inos_members_past_put: @id, which came at @at, makes room now. */
void inos_members_past_put (struct inos_members *m, uint64_t id, uint64_t at);

/* members.c: sending; what is in m->room->out */
struct inos_buffer *inos_members_begin (struct inos_members *m, enum inos_member_kind kind);
bool inos_members_send (struct inos_members *m, const struct inos_channel *channel,
                        const struct inos_peer_id *to);
