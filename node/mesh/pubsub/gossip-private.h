/*
 * What the parts of gossip.h share.
 *
 *     gossip.c     life, peers, what can be asked
 *     topic.c      topics, who is subscribed, who is in the mesh, backoffs
 *     outbox.c     what waits for a peer and goes to it
 *     control.c    what peers say but messages
 *     publish.c    messages: their way in, through and out
 *     heartbeat.c  what is done every second
 *
 * A tie is what a peer and a topic have to do with each other. Arrays of peers and of ties are in
 * the order of ids, those of topics in the order of names: so all is done in the same order always.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/pubsub/gossip.h"
#include "node/mesh/pubsub/mcache.h"
#include "node/mesh/pubsub/replay.h"
#include "node/mesh/pubsub/seen.h"

enum gossip_version { GOSSIP_1_2, GOSSIP_1_1, GOSSIP_1_0, GOSSIP_FLOODSUB };

struct gossip_peer {
  struct inos_peer_id id;
  uint64_t serial; /* no other peer, nor this one when it comes again, has it */
  enum gossip_version version;
  bool outbound, direct;
  struct inos_score *score;
  GPtrArray *ties; /* struct gossip_tie, by name of the topic */
  /* What it did since the last heartbeat. */
  unsigned ihaves, asked, answered, idontwants;
  GHashTable *unwanted;  /* struct inos_pubsub_message_id, owned: what it needs not be sent */
  GQueue unwanted_order; /* struct gossip_unwanted, owned */
  /* What waits for it, see outbox.c. */
  struct inos_buffer hello, control, gossip;
  GQueue messages; /* struct inos_pubsub_message, references */
  size_t messages_bytes;
  bool full, dirty, owes_hello;
};

struct gossip_unwanted {
  struct inos_pubsub_message_id id;
  uint64_t heartbeat;
};

struct gossip_topic {
  char *name;
  bool subscribed;
  unsigned n_subscribed, n_mesh; /* ties that are */
  uint64_t fanout_until;         /* 0: nothing was published without being subscribed */
  GPtrArray *ties;               /* struct gossip_tie, by id of the peer */
  GArray *backoffs;              /* struct gossip_backoff, by id */
};

struct gossip_tie {
  struct gossip_peer *peer;
  struct gossip_topic *topic;
  bool subscribed, mesh, fanout;
};

struct gossip_backoff {
  struct inos_peer_id peer;
  uint64_t until, since;
};

struct gossip_promise {
  struct inos_peer_id peer;
  struct inos_pubsub_message_id id;
  uint64_t until;
};

struct gossip_pending {
  uint64_t ticket, since;
  struct inos_pubsub_message *message; /* a reference */
  struct inos_peer_id sender;
};

struct inos_gossip {
  const struct inos_mesh_env *env;
  const struct inos_channel *channel;
  struct inos_peer_id self;
  struct inos_pubsub_message_signer signer;
  struct inos_gossip_params usual; /* as it was made with */
  struct inos_gossip_params params;
  const struct inos_gossip_events *events;
  void *data;
  struct inos_pubsub_message_key key;
  GPtrArray *peers;  /* struct gossip_peer, owned */
  GPtrArray *topics; /* struct gossip_topic, owned */
  GPtrArray *dirty;  /* struct gossip_peer: something waits that was not tried yet */
  struct inos_scores *scores;
  struct inos_seen *seen;
  struct inos_replay *replay;
  struct inos_mcache *mcache;
  GQueue promises; /* struct gossip_promise, owned: the oldest first */
  GQueue pending;  /* struct gossip_pending, owned: the same */
  uint64_t serial, ticket, seqno, heartbeats, next_heartbeat;
  unsigned n_subscribed;
  struct inos_gossip_stats stats;
};

/* gossip.c */
struct gossip_peer *inos_gossip_find_peer (const struct inos_gossip *gossip,
                                           const struct inos_peer_id *id);
/** inos_gossip_score_of: what a peer is worth; a direct one is above all thresholds. */
double inos_gossip_score_of (const struct inos_gossip *gossip, const struct gossip_peer *peer);
/** inos_gossip_shuffle: puts pointers in random order. */
void inos_gossip_shuffle (const struct inos_gossip *gossip, GPtrArray *array);

/* topic.c */
struct gossip_topic *inos_gossip_find_topic (const struct inos_gossip *gossip, const char *name,
                                             size_t len);
struct gossip_topic *inos_gossip_add_topic (struct inos_gossip *gossip, const char *name,
                                            size_t len);
/** inos_gossip_release_topic: frees it where it is of no more use. */
void inos_gossip_release_topic (struct inos_gossip *gossip, struct gossip_topic *topic);
void inos_gossip_topic_free (void *topic);
struct gossip_tie *inos_gossip_find_tie (const struct gossip_topic *topic,
                                         const struct gossip_peer *peer);
/** inos_gossip_add_tie: the tie of both; NULL where @peer has too many. */
struct gossip_tie *inos_gossip_add_tie (struct gossip_topic *topic, struct gossip_peer *peer);
/** inos_gossip_cut_tie: frees it, and @tie->topic where that is of no more use. */
void inos_gossip_cut_tie (struct inos_gossip *gossip, struct gossip_tie *tie);
void inos_gossip_set_subscribed (struct gossip_tie *tie, bool on);
bool inos_gossip_is_small (const struct gossip_topic *topic);
/** inos_gossip_may_graft: whether @tie's peer may be taken into the mesh now. */
bool inos_gossip_may_graft (struct inos_gossip *gossip, const struct gossip_tie *tie);
/** inos_gossip_graft: takes it into the mesh and tells it. */
void inos_gossip_graft (struct inos_gossip *gossip, struct gossip_tie *tie);
/** inos_gossip_prune: puts it out of the mesh, where it is there, and tells it; with @exchange
 * whom else it may ask. */
void inos_gossip_prune (struct inos_gossip *gossip, struct gossip_tie *tie, uint64_t backoff,
                        bool exchange);
/** inos_gossip_leave_mesh: the same without a word. */
void inos_gossip_leave_mesh (struct inos_gossip *gossip, struct gossip_tie *tie);
/** inos_gossip_join_mesh: the same of taking in. */
void inos_gossip_join_mesh (struct inos_gossip *gossip, struct gossip_tie *tie);
/** inos_gossip_fill_mesh: grafts some until there are @wanted. */
void inos_gossip_fill_mesh (struct inos_gossip *gossip, struct gossip_topic *topic,
                            unsigned wanted);
struct gossip_backoff *inos_gossip_find_backoff (const struct gossip_topic *topic,
                                                 const struct inos_peer_id *peer);
void inos_gossip_back_off (struct inos_gossip *gossip, struct gossip_topic *topic,
                           const struct inos_peer_id *peer, uint64_t time);

/* outbox.c */
void inos_gossip_peer_clear_outbox (struct gossip_peer *peer);
/** inos_gossip_dirty: something for @peer was put into its buffers. */
void inos_gossip_dirty (struct inos_gossip *gossip, struct gossip_peer *peer);
/** inos_gossip_send_message: sends @message, encoded as @rpc, at once or when there is room. */
bool inos_gossip_send_message (struct inos_gossip *gossip, struct gossip_peer *peer,
                               struct inos_pubsub_message *message, const struct inos_buffer *rpc);
/** inos_gossip_flush: sends what waits and was not tried yet. Each public function ends so. */
void inos_gossip_flush (struct inos_gossip *gossip);
/** inos_gossip_retry: tries again what a peer had no room for. */
void inos_gossip_retry (struct inos_gossip *gossip, struct gossip_peer *peer);
/** inos_gossip_put_hello: all that this node is subscribed to. */
void inos_gossip_put_hello (struct inos_gossip *gossip, struct gossip_peer *peer);

/* control.c */
void inos_gossip_control (struct inos_gossip *gossip, struct gossip_peer *peer,
                          struct inos_rpc_item *item);
bool inos_gossip_is_unwanted (const struct gossip_peer *peer,
                              const struct inos_pubsub_message_id *id);
void inos_gossip_expire_unwanted (struct inos_gossip *gossip, struct gossip_peer *peer);

/* publish.c */
void inos_gossip_incoming (struct inos_gossip *gossip, struct gossip_peer *peer, const void *raw,
                           size_t len);
void inos_gossip_expire_pending (struct inos_gossip *gossip);
void inos_gossip_pending_free (void *pending);

/* heartbeat.c */
void inos_gossip_heartbeat (struct inos_gossip *gossip);
