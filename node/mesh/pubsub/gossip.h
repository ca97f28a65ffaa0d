/*
 * Publish and subscribe among peers: gossipsub 1.2, 1.1 and 1.0, and floodsub with those who speak
 * only that.
 *
 * Whoever carries it says who is there and with which protocol, hands in each RPC as it came, and
 * sends what the channel is given. A topic with fewer than INOS_GOSSIP_SMALL peers is flooded, so
 * that nothing waits for a mesh; a larger one has a mesh of about `d` peers, and tells the others
 * every second what there is. See env.h for the rules of a core.
 *
 * Source: libp2p/specs, pubsub, pubsub/gossipsub 1.0 to 1.2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/env.h"
#include "node/mesh/pubsub/message.h"
#include "node/mesh/pubsub/score.h"

#define INOS_GOSSIP_SMALL 8                 /* a topic with fewer peers is flooded */
#define INOS_GOSSIP_PEERS 4096              /* at once; more are passed over */
#define INOS_GOSSIP_TOPICS 256              /* that this node is subscribed to */
#define INOS_GOSSIP_PEER_TOPICS 256         /* that one peer may be; further ones are passed over */
#define INOS_GOSSIP_RPC_MESSAGES 1024       /* of one RPC; further ones are passed over */
#define INOS_GOSSIP_RPC_CONTROL 1024        /* subscriptions, GRAFTs, PRUNEs, … of one RPC */
#define INOS_GOSSIP_PENDING 1024            /* messages that await inos_gossip_decide() */
#define INOS_GOSSIP_DATA_MAX (1024u * 1024) /* bytes of a message's data */
#define INOS_GOSSIP_QUEUE_BYTES                                                                    \
  (4u * 1024 * 1024) /* that may wait for one peer; more is dropped                                \
                      */
#define INOS_GOSSIP_QUEUE_MESSAGES 1024

/* The protocols, the best first. */
extern const char *const inos_gossip_protocols[];
#define INOS_GOSSIP_PROTOCOLS 4

struct inos_gossip;

enum inos_gossip_verdict {
  INOS_GOSSIP_ACCEPT,
  INOS_GOSSIP_IGNORE, /* neither delivered nor sent on; nobody is blamed */
  INOS_GOSSIP_REJECT, /* the same, and whoever brought it is blamed */
  INOS_GOSSIP_LATER,  /* inos_gossip_decide() will say */
};

/* What it tells. From inside any of these it may be published, subscribed, unsubscribed and
 * decided, and asked; peers may not come or go and no RPC come in. Any may be NULL. */
struct inos_gossip_events {
  /* A message for a topic that this node is subscribed to, of another node; valid. It is kept by
   * inos_pubsub_message_ref(). */
  void (*message) (void *data, struct inos_pubsub_message *message,
                   const struct inos_peer_id *sender);
  /* Whether @message is one; its signature is right. NULL: each is. @ticket is for
   * inos_gossip_decide(). */
  enum inos_gossip_verdict (*validate) (void *data, struct inos_pubsub_message *message,
                                        const struct inos_peer_id *sender, uint64_t ticket);
  /* @peer subscribed to @topic, or no more. */
  void (*subscription) (void *data, const struct inos_peer_id *peer, const char *topic, bool on);
  /* @by, who wants us no more in its mesh, knows @peer, who may be dialled; @record is its signed
   * record, unchecked, or of length 0. */
  void (*exchange) (void *data, const struct inos_peer_id *by, const struct inos_peer_id *peer,
                    const void *record, size_t len);
  /* Appends @peer's signed record, where there is one, to @out. */
  void (*record) (void *data, const struct inos_peer_id *peer, struct inos_buffer *out);
};

/* Durations in ns. */
struct inos_gossip_params {
  unsigned d, d_low, d_high, d_score, d_out, d_lazy;
  double gossip_factor;
  uint64_t heartbeat, fanout_time, prune_backoff, unsubscribe_backoff, graft_flood, promise_time;
  unsigned opportunistic_ticks, opportunistic_peers;
  unsigned exchange_peers; /* offered with a PRUNE */
  unsigned ihave_messages; /* IHAVEs of one peer and heartbeat; more are passed over */
  unsigned ihave_ids;      /* asked of one peer in a heartbeat, and told of in one IHAVE */
  unsigned iwant_ids;      /* answered for one peer in a heartbeat */
  unsigned iwant_times;    /* that one message is sent to one peer who asks */
  unsigned idontwant_messages, idontwant_ids; /* of one peer and heartbeat */
  size_t idontwant_size; /* bytes of a message from which on it is told that it is there */
  size_t flood_size;     /* bytes up to which an own message goes to all, not to the mesh */
  struct inos_score_params score;
  struct inos_topic_score_params topic_score;
};

struct inos_gossip_setup {
  const struct inos_mesh_env *env;
  const struct inos_channel *channel;
  struct inos_peer_id self;
  struct inos_pubsub_message_signer signer;
  const struct inos_gossip_params *params; /* NULL: inos_gossip_defaults() */
  const struct inos_gossip_events *events;
  void *data;
};

struct inos_gossip_peer {
  struct inos_peer_id id;
  const char *protocol; /* one of inos_gossip_protocols */
  bool outbound;        /* we dialled it */
  bool direct;          /* gets everything always, and is never judged */
  const void *ip;       /* (nullable): as inos_scores_add() takes it */
  size_t ip_len;
};

void inos_gossip_defaults (struct inos_gossip_params *params);

struct inos_gossip *inos_gossip_new (const struct inos_gossip_setup *setup);
void inos_gossip_free (struct inos_gossip *gossip);

/** inos_gossip_add_peer: it can be sent to from now on. False: it is there already, is this node,
 * speaks nothing that is known, or there are too many. */
bool inos_gossip_add_peer (struct inos_gossip *gossip, const struct inos_gossip_peer *peer);
/** inos_gossip_renew_peer: what was sent to it last may be lost: says again what it is to know. */
void inos_gossip_renew_peer (struct inos_gossip *gossip, const struct inos_peer_id *peer);
void inos_gossip_remove_peer (struct inos_gossip *gossip, const struct inos_peer_id *peer);
/** inos_gossip_receive: an RPC, without its length. Returns: whether it was one; a peer that sends
 * what is none is better hung up on. */
bool inos_gossip_receive (struct inos_gossip *gossip, const struct inos_peer_id *from,
                          const void *bytes, size_t len);
/** inos_gossip_room: the channel, which has refused something for @peer, takes more. Without it
 * what waits is tried again with every heartbeat. */
void inos_gossip_room (struct inos_gossip *gossip, const struct inos_peer_id *peer);

/** inos_gossip_rest: whether it has a mesh of fewer peers from now on, and a slower heart: a fifth
 * of the wake-ups and of what it tells unasked. What is published goes on at once; who misses it
 * hears of it later. */
void inos_gossip_rest (struct inos_gossip *gossip, bool rests);

uint64_t inos_gossip_deadline (const struct inos_gossip *gossip);
void inos_gossip_tick (struct inos_gossip *gossip);

/** inos_gossip_subscribe: whether it could be; to do it twice is fine. @topic is UTF-8 of 1 to
 * INOS_RPC_TOPIC_MAX bytes. */
bool inos_gossip_subscribe (struct inos_gossip *gossip, const char *topic);
void inos_gossip_unsubscribe (struct inos_gossip *gossip, const char *topic);
/**
 * inos_gossip_publish: sends @data to all that are subscribed to @topic, which this node need not
 * be. It is not told of it itself.
 *
 * Returns: to how many peers it went at once, or -1: the topic or the data are none.
 */
int inos_gossip_publish (struct inos_gossip *gossip, const char *topic, const void *data,
                         size_t len);
/** inos_gossip_decide: what validate() did not know yet; a ticket that is not open is fine. */
void inos_gossip_decide (struct inos_gossip *gossip, uint64_t ticket,
                         enum inos_gossip_verdict verdict);

/** inos_gossip_set_topic_score: see inos_scores_set_topic(). */
bool inos_gossip_set_topic_score (struct inos_gossip *gossip, const char *topic,
                                  const struct inos_topic_score_params *params);
/** inos_gossip_set_app_score: P5 of a peer that is there. */
void inos_gossip_set_app_score (struct inos_gossip *gossip, const struct inos_peer_id *peer,
                                double value);
/** inos_gossip_blamed: calls @each with whoever is there and has a score below zero. Nothing may be
 * changed from there. */
void inos_gossip_blamed (const struct inos_gossip *gossip,
                         void (*each) (void *data, const struct inos_peer_id *peer), void *data);
/** inos_gossip_score: of a peer that is there; 0 of others. */
double inos_gossip_score (const struct inos_gossip *gossip, const struct inos_peer_id *peer);

/** inos_gossip_members: those of @topic in order of their ids; @mesh: of the mesh alone.
 * Returns: how many there are; at most @max are written to @peers, which may be NULL with 0. */
unsigned inos_gossip_members (const struct inos_gossip *gossip, const char *topic, bool mesh,
                              struct inos_peer_id *peers, unsigned max);

struct inos_gossip_stats {
  uint64_t published, delivered, forwarded, duplicates, rejected, ignored, replays;
  uint64_t sent, received; /* RPCs */
  uint64_t dropped;        /* messages for which a peer had no room */
  uint64_t graylisted;     /* RPCs that were not read */
  uint64_t gossip_asked, gossip_answered, promises_broken;
  unsigned peers, topics, seen, cached, waiting;
};
void inos_gossip_stats (const struct inos_gossip *gossip, struct inos_gossip_stats *stats);
