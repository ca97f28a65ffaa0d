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

struct inos_topic_stats {
  const char *topic;
  unsigned peers, direct; /* that are subscribed too; of them in the mesh */
  uint64_t messages;      /* that came */
};
/** inos_topics_list: (transfer full): struct inos_topic_stats, by name; until a topic is left. */
GArray *inos_topics_list (struct inos_topics *topics);
