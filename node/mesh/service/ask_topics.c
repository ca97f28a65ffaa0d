/*
 * Topics, as the rest of the node uses them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

void inos_ask_topics (struct inos_ask *ask)
{
  g_autoptr (GArray) list = inos_topics_list (inos_ask_parts (ask)->topics);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_TOPIC_ROWS_TYPE));
  for (guint i = 0; i < list->len; i++) {
    const struct inos_topic_stats *stats = &g_array_index (list, struct inos_topic_stats, i);
    g_variant_builder_add (&rows, "(suut)", stats->topic, stats->peers, stats->direct,
                           stats->messages);
  }
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_TOPIC_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

void inos_ask_subscribe (struct inos_ask *ask)
{
  const char *topic;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &topic);
  if (inos_topics_subscribe (inos_ask_parts (ask)->topics, topic))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "A topic's name has 1 to %d bytes, and a node subscribes to %d at most.",
                     INOS_RPC_TOPIC_MAX, INOS_GOSSIP_TOPICS);
}

void inos_ask_unsubscribe (struct inos_ask *ask)
{
  const char *topic;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &topic);
  if (inos_topics_unsubscribe (inos_ask_parts (ask)->topics, topic))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "The node is not subscribed to this topic.");
}

void inos_ask_publish (struct inos_ask *ask)
{
  g_autoptr (GVariant) content = NULL;
  const char *topic;
  gsize len;

  g_variant_get (inos_ask_parameters (ask), "(&s@ay)", &topic, &content);
  const void *bytes = g_variant_get_fixed_array (content, &len, 1);
  int sent = inos_topics_publish (inos_ask_parts (ask)->topics, topic, bytes, len);
  if (sent >= 0)
    inos_ask_answer (ask, g_variant_new ("(u)", (guint32)sent));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "A topic's name has 1 to %d bytes, and a message %u KiB at most.",
                     INOS_RPC_TOPIC_MAX, INOS_GOSSIP_DATA_MAX / 1024);
}
