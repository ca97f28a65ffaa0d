/*
 * The nodes' own document: what each says of itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/states-private.h"

#include <string.h>

#define SECOND UINT64_C (1000000000)
#define AGE (10 * 60 * 1000)            /* ms after which what a node said is forgotten */
#define AGAIN (3 * 60 * SECOND)         /* ns after which a node says the same again */
#define TELL_EVERY SECOND               /* ns: how often it is told that there is news */
#define SAVE_WITHIN 60000u              /* ms */
#define VERIFY_BURST 1024u              /* signatures that are looked at, at once */
#define VERIFY_EVERY UINT64_C (2000000) /* ns until one more is: a tenth of 50 µs each */

struct inos_nodes {
  struct inos_states *states;
  struct inos_shared *shared;
  struct inos_node_state told;
  uint64_t told_at[INOS_PARTS]; /* ns; 0: never */
  uint64_t tokens_at;           /* ns */
  unsigned tokens;
};

static uint64_t now_of (const struct inos_nodes *nodes)
{
  return inos_env_now (inos_host_env (nodes->states->setup.host));
}

/* Who may say what */

static bool is_within_share (struct inos_nodes *nodes)
{
  uint64_t now = now_of (nodes), more = (now - nodes->tokens_at) / VERIFY_EVERY;

  nodes->tokens_at += more * VERIFY_EVERY;
  nodes->tokens = (unsigned)MIN (nodes->tokens + more, VERIFY_BURST);
  if (nodes->tokens == 0)
    return false;
  nodes->tokens--;
  return true;
}

/* Somebody whom this node knows: made-up ids have no room here. */
static bool is_somebody (struct inos_nodes *nodes, const struct inos_peer_id *peer)
{
  const struct inos_states_setup *setup = &nodes->states->setup;

  return inos_peer_id_equal (peer, inos_host_id (setup->host)) ||
         inos_host_is_connected (setup->host, peer) ||
         inos_members_find (inos_membership_members (setup->membership), peer);
}

/* Whether it is what we have, or older: then nothing comes of it, and its signature costs nothing.
 */
static bool is_known (struct inos_nodes *nodes, const struct inos_slot *slot)
{
  struct inos_slot_id id = inos_slot_id (slot);
  unsigned i;

  if (!nodes->shared || !inos_document_index (nodes->shared->document, &id, &i))
    return false;
  const struct inos_slot *ours = inos_document_slot_at (nodes->shared->document, i);
  if (ours->stamp > slot->stamp)
    return true;
  struct inos_slot_id digest = inos_slot_digest (slot, &id);
  return memcmp (digest.bytes, inos_document_digest_at (nodes->shared->document, i)->bytes,
                 sizeof digest.bytes) == 0;
}

static bool judge (void *data, const struct inos_slot *slot)
{
  struct inos_nodes *nodes = data;
  struct inos_peer_id peer;
  enum inos_node_part part;

  return slot->kind == INOS_SLOT_VALUE && !slot->gone && slot->value_len <= INOS_NODE_PART_MAX &&
         inos_node_state_key_read (slot->key, slot->key_len, &peer, &part) &&
         slot->actor == inos_document_actor (peer.bytes, peer.len) &&
         (is_known (nodes, slot) || (is_somebody (nodes, &peer) && is_within_share (nodes) &&
                                     inos_node_state_is_signed (slot, &peer)));
}

/* What this node says */

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_NODE_SIGNATURE_SIZE])
{
  inos_identity_sign (data, bytes, len, signature);
}

static void say (struct inos_nodes *nodes, enum inos_node_part part,
                 const struct inos_node_state *now)
{
  const struct inos_states_setup *setup = &nodes->states->setup;
  struct inos_document *document = nodes->shared->document;
  uint64_t stamp = inos_document_stamp (document);
  char key[INOS_SLOT_KEY_MAX + 1];
  struct inos_buffer value = {0};

  inos_node_state_key (inos_host_id (setup->host), part, key);
  inos_node_state_write (now, part, key, stamp, sign, (void *)setup->identity, &value);
  inos_document_put_at (document, key, inos_buffer_data (&value), inos_buffer_len (&value), stamp);
  inos_buffer_clear (&value);
  nodes->told_at[part] = now_of (nodes);
  inos_shared_changed (nodes->shared);
}

static bool is_due (struct inos_nodes *nodes, enum inos_node_part part,
                    const struct inos_node_state *now)
{
  if (part == INOS_PART_OPINIONS && !now->opinions.told)
    return false;
  return nodes->told_at[part] == 0 || now_of (nodes) - nodes->told_at[part] >= AGAIN ||
         inos_node_state_is_news (now, &nodes->told, part);
}

static void remember (struct inos_nodes *nodes, enum inos_node_part part,
                      const struct inos_node_state *now)
{
  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    if (inos_node_figure_part (i) == part) {
      nodes->told.known[i] = now->known[i];
      nodes->told.figures[i] = now->figures[i];
    }
  if (part == INOS_PART_OPINIONS)
    nodes->told.opinions = now->opinions;
  if (part != INOS_PART_SERVICES)
    return;
  nodes->told.n_services = now->n_services;
  memcpy (nodes->told.services, now->services, sizeof now->services);
}

/* That there is a node, and which services it has: others turn to it. What it thinks of others has
 * time. */
static bool is_urgent (const struct inos_nodes *nodes, enum inos_node_part part)
{
  return part == INOS_PART_SERVICES || (nodes->told_at[part] == 0 && part != INOS_PART_OPINIONS);
}

void inos_nodes_describe (struct inos_nodes *nodes, const struct inos_node_state *machine)
{
  const struct inos_states_setup *setup = &nodes->states->setup;
  struct inos_node_state now = *machine;
  struct inos_host_totals totals;

  inos_host_totals (setup->host, &totals);
  inos_node_state_set (&now, INOS_NODE_PEERS, totals.peers);
  inos_node_state_set (&now, INOS_NODE_CONNECTIONS, totals.connections);
  inos_node_state_set (&now, INOS_NODE_MEMBERS,
                       inos_members_count (inos_membership_members (setup->membership)));
  for (unsigned i = 0; i < INOS_PARTS; i++)
    if (is_due (nodes, i, &now)) {
      bool urgent = is_urgent (nodes, i);
      say (nodes, i, &now);
      remember (nodes, i, &now);
      inos_sync_tell (nodes->shared->sync, urgent);
    }
  if (inos_document_expire (nodes->shared->document) > 0)
    inos_shared_changed (nodes->shared);
}

/* Life cycle */

struct inos_nodes *inos_nodes_new (struct inos_states *states)
{
  struct inos_nodes *nodes = g_new0 (struct inos_nodes, 1);
  const struct inos_peer_id *self = inos_host_id (states->setup.host);

  nodes->states = states;
  nodes->tokens = VERIFY_BURST;
  nodes->tokens_at = now_of (nodes);
  nodes->shared = inos_shared_new (
    states, &(struct inos_shared_setup){.topic = INOS_NODE_STATE_TOPIC,
                                        .name = INOS_NODE_STATE_TOPIC,
                                        .actor = inos_document_actor (self->bytes, self->len),
                                        .age = AGE,
                                        .tell_every = TELL_EVERY,
                                        .save_within = SAVE_WITHIN,
                                        .judge = judge,
                                        .data = nodes});
  return nodes;
}

void inos_nodes_free (struct inos_nodes *nodes)
{
  inos_shared_free (nodes->shared, false);
  g_free (nodes);
}

struct inos_shared *inos_nodes_shared (struct inos_nodes *nodes)
{
  return nodes->shared;
}

/* What all say */

struct node {
  struct inos_peer_id peer;
  struct inos_node_state state;
  int64_t written;
};

static gint compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return inos_peer_id_compare (a, b);
}

static void take_slot (struct inos_document *document, unsigned i, GTree *found)
{
  const struct inos_slot *slot = inos_document_slot_at (document, i);
  g_autofree char *key = g_strndup (slot->key, slot->key_len);
  int64_t written = inos_stamp_ms (slot->stamp);
  struct inos_peer_id peer;
  enum inos_node_part part;
  gsize len;

  if (!inos_node_state_key_read (slot->key, slot->key_len, &peer, &part))
    return;
  struct node *node = g_tree_lookup (found, &peer);
  if (!node) {
    node = g_new0 (struct node, 1);
    node->peer = peer;
    g_tree_insert (found, &node->peer, node);
  }
  node->written = MAX (node->written, written);
  g_autoptr (GBytes) value = inos_document_get (document, key);
  const void *bytes = value ? g_bytes_get_data (value, &len) : NULL;
  if (bytes)
    inos_node_state_read (&node->state, part, bytes, len);
}

struct telling {
  inos_states_each each;
  void *data;
};

static gboolean tell_node (gpointer key, gpointer value, gpointer data)
{
  const struct telling *telling = data;
  const struct node *node = value;

  telling->each (telling->data, &node->peer, &node->state, node->written);
  return FALSE;
}

void inos_states_nodes (struct inos_states *states, inos_states_each each, void *data)
{
  struct inos_document *document = states->nodes->shared->document;
  GTree *found = g_tree_new_full (compare, NULL, NULL, g_free);
  struct telling telling = {each, data};

  for (unsigned i = 0; i < inos_document_slots (document); i++)
    take_slot (document, i, found);
  g_tree_foreach (found, tell_node, &telling);
  g_tree_unref (found);
}
