/*
 * Topics: pubsub on the streams of a host, on the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/pubsub/gossip.h"
#include "node/mesh/service/mesh.h"

struct inos_topics;

/** inos_topics_new: speaks pubsub on @host, on @context; @on_message hears what comes. */
struct inos_topics *inos_topics_new (struct inos_host *host, const struct inos_identity *identity,
                                     GMainContext *context, inos_mesh_on_message on_message,
                                     void *data);
/** inos_topics_stop: before the host is freed: nothing is ticked any more. */
void inos_topics_stop (struct inos_topics *topics);
/** inos_topics_free: after the host. */
void inos_topics_free (struct inos_topics *topics);

/** inos_topics_subscribe: whether it could be. */
bool inos_topics_subscribe (struct inos_topics *topics, const char *topic);
/** inos_topics_unsubscribe: whether it was subscribed. */
bool inos_topics_unsubscribe (struct inos_topics *topics, const char *topic);
/** inos_topics_publish: as inos_gossip_publish(). */
int inos_topics_publish (struct inos_topics *topics, const char *topic, const void *bytes,
                         size_t len);

/* A part of the node that follows a topic, beside its users. Told as the events of gossip.h are. */
struct inos_topic_follower {
  /* Whether @bytes are what the topic is for; if not, they go no further, and who brought them is
   * blamed. */
  bool (*is_right) (void *data, const void *bytes, size_t len);
  /* What came; @from wrote it. */
  void (*message) (void *data, const struct inos_peer_id *from, const void *bytes, size_t len);
  /* @peer is subscribed too, or not any more. */
  void (*peer) (void *data, const struct inos_peer_id *peer, bool there);
};
/** inos_topics_follow: subscribes, and tells @follower, which outlives it, of who is there already.
 * One for each topic. Returns: whether it could be. */
bool inos_topics_follow (struct inos_topics *topics, const char *topic,
                         const struct inos_topic_follower *follower, void *data);
void inos_topics_unfollow (struct inos_topics *topics, const char *topic);

/** inos_topics_rest: whether fewer peers are sent to, and less often: see inos_gossip_rest(). */
void inos_topics_rest (struct inos_topics *topics, bool rests);

struct inos_topic_stats {
  const char *topic;
  unsigned peers, direct; /* that are subscribed too; of them in the mesh */
  uint64_t messages;      /* that came */
};
/** inos_topics_list: (transfer full): struct inos_topic_stats, by name; until a topic is left. */
GArray *inos_topics_list (struct inos_topics *topics);
/** inos_topics_blamed: as inos_gossip_blamed(). */
void inos_topics_blamed (struct inos_topics *topics,
                         void (*each) (void *data, const struct inos_peer_id *peer), void *data);
