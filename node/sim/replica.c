/*
 * Nodes that share a document. What a node writes is on its disk before it tells it, what others
 * have written a second later at the latest. After a crash it goes on with what the disk has, from
 * nothing where that is no whole file, and counts as another actor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/kept.h"
#include "node/sim/group.h"

#include <string.h>

#define WRITE_EVERY (2 * INOS_SIM_SECOND)
#define HEAD 9u /* kind and ticket */
#define NAMES 40u
#define LIES_IN_ANSWERS 0.5
#define SAVE_AFTER INOS_SIM_SECOND

struct replica {
  struct inos_sim_node *node;
  struct inos_channel channel;
  struct inos_document *document; /* NULL: it is none of the replicas */
  struct inos_sync *sync;
  uint64_t write_at, save_at;
};

bool inos_sim_replica_wanted (const struct inos_sim_world *world)
{
  return world->scenario->replicas > 0;
}

static unsigned count (const struct inos_sim_world *world)
{
  return MIN (world->scenario->replicas, world->n_nodes);
}

static void say (struct replica *replica, const struct inos_peer_id *to,
                 enum inos_sim_letter letter, uint64_t ticket, const void *bytes, size_t len)
{
  struct inos_buffer out = {0};
  uint8_t kind = (uint8_t)letter;

  inos_buffer_append (&out, &kind, 1);
  inos_buffer_append (&out, &ticket, sizeof ticket);
  inos_buffer_append (&out, bytes, len);
  replica->channel.send (replica->channel.data, to, inos_buffer_data (&out),
                         inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

void inos_sim_replica_say (struct inos_sim_node *node, const struct inos_peer_id *to,
                           enum inos_sim_letter letter, uint64_t ticket,
                           const struct inos_buffer *body)
{
  say (node->services[INOS_SIM_PORT_REPLICA], to, letter, ticket, inos_buffer_data (body),
       inos_buffer_len (body));
}

struct inos_document *inos_sim_replica_document (const struct inos_sim_node *node)
{
  const struct replica *replica = node->services[INOS_SIM_PORT_REPLICA];

  return replica ? replica->document : NULL;
}

static void publish (void *data, const void *delta, size_t len)
{
  struct replica *replica = data;
  struct inos_sim_world *world = replica->node->world;

  for (unsigned i = 0; i < count (world); i++)
    if (i != replica->node->index)
      say (replica, &world->nodes[i].id, INOS_SIM_LETTER_DELTA, 0, delta, len);
}

static void ask (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
                 size_t len)
{
  say (data, peer, INOS_SIM_LETTER_QUESTION, ticket, question, len);
}

static void join (struct replica *replica)
{
  struct inos_sim_world *world = replica->node->world;
  struct inos_peer_id others[INOS_SIM_REPLICAS_MAX] = {0};
  unsigned n = 0;

  for (unsigned i = 0; i < count (world); i++)
    if (i != replica->node->index)
      others[n++] = world->nodes[i].id;
  inos_sync_set_members (replica->sync, others, n);
  for (unsigned i = 0; i < n; i++)
    inos_sync_add_peer (replica->sync, &others[i]);
}

static void save (struct replica *replica)
{
  const struct inos_kept kept = {.topic = INOS_SIM_TOPIC, .incarnation = replica->node->epoch};

  inos_sim_disk_write (&replica->node->disk, INOS_SIM_FILE_DOCUMENT,
                       inos_kept_write (replica->document, &kept));
  replica->save_at = INOS_NEVER;
}

static void recall (struct replica *replica)
{
  GBytes *bytes = inos_sim_disk_read (&replica->node->disk, INOS_SIM_FILE_DOCUMENT);
  struct inos_kept kept;

  if (bytes && inos_kept_read (&kept, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)))
    inos_kept_restore (replica->document, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void *inos_sim_replica_start (struct inos_sim_node *node)
{
  static const struct inos_sync_events events = {publish, ask};
  struct replica *replica = g_new0 (struct replica, 1);

  replica->node = node;
  replica->write_at = replica->save_at = INOS_NEVER;
  if (node->index >= count (node->world))
    return replica;
  replica->channel = inos_sim_node_channel (node, INOS_SIM_PORT_REPLICA, false);
  replica->document = inos_document_new (&(struct inos_document_setup){
    .env = &node->env, .actor = (uint64_t)node->index << 32 | node->epoch});
  replica->sync = inos_sync_new (&(struct inos_sync_setup){.env = &node->env,
                                                           .topic = INOS_SIM_TOPIC,
                                                           .document = replica->document,
                                                           .events = &events,
                                                           .data = replica});
  recall (replica);
  join (replica);
  replica->write_at = inos_env_now (&node->env) + WRITE_EVERY;
  return replica;
}

void inos_sim_replica_stop (struct inos_sim_node *node, void *service)
{
  struct replica *replica = service;

  inos_sync_free (replica->sync);
  inos_document_free (replica->document);
  g_free (replica);
}

static void answer (struct replica *replica, const struct inos_peer_id *from, uint64_t ticket,
                    const uint8_t *bytes, size_t len)
{
  struct inos_buffer out = {0};
  bool answered = inos_sync_answer (replica->sync, from, bytes, len, &out);
  struct inos_sim_node *node = replica->node;

  if (node->liar && inos_sim_random_is (&node->world->random, LIES_IN_ANSWERS)) {
    inos_buffer_clear (&out);
    inos_sim_replica_answer_falsely (node, &out);
    answered = true;
  }

  say (replica, from, answered ? INOS_SIM_LETTER_ANSWER : INOS_SIM_LETTER_NO_ANSWER, ticket,
       inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

void inos_sim_replica_receive (void *service, const struct inos_peer_id *from, bool datagram,
                               const uint8_t *bytes, size_t len)
{
  struct replica *replica = service;
  uint64_t ticket;

  if (!replica->sync || len < HEAD)
    return;
  uint64_t taken = inos_sync_stats (replica->sync)->taken;
  memcpy (&ticket, bytes + 1, sizeof ticket);
  switch (bytes[0]) {
  case INOS_SIM_LETTER_DELTA:
    inos_sync_receive (replica->sync, from, bytes + HEAD, len - HEAD);
    break;
  case INOS_SIM_LETTER_QUESTION:
    answer (replica, from, ticket, bytes + HEAD, len - HEAD);
    break;
  case INOS_SIM_LETTER_ANSWER:
    inos_sync_answered (replica->sync, ticket, bytes + HEAD, len - HEAD);
    break;
  default:
    inos_sync_answered (replica->sync, ticket, NULL, 0);
  }
  if (replica->save_at == INOS_NEVER && inos_sync_stats (replica->sync)->taken != taken)
    replica->save_at = inos_env_now (&replica->node->env) + SAVE_AFTER;
}

uint64_t inos_sim_replica_deadline (void *service)
{
  const struct replica *replica = service;

  if (!replica->sync)
    return INOS_NEVER;
  return MIN (inos_sync_deadline (replica->sync), MIN (replica->write_at, replica->save_at));
}

/* Anything that a program may do. */
static void write_something (struct replica *replica)
{
  struct inos_sim_random *random = &replica->node->random;
  struct inos_document *document = replica->document;
  uint64_t number = inos_sim_random_next (random);
  char name[16], element[16];

  g_snprintf (name, sizeof name, "%u", (unsigned)inos_sim_random_below (random, NAMES));
  g_snprintf (element, sizeof element, "%u", (unsigned)inos_sim_random_below (random, NAMES));
  switch (inos_sim_random_below (random, 6)) {
  case 0:
  case 1:
    inos_document_put (document, name, &number, sizeof number);
    break;
  case 2:
    inos_document_remove (document, name);
    break;
  case 3:
    inos_document_add (document, "set", element);
    break;
  case 4:
    inos_document_take (document, "set", element);
    break;
  default:
    inos_document_count (document, "counter", 1);
  }
  save (replica);
  inos_sync_tell (replica->sync, number % 4 == 0);
}

void inos_sim_replica_tick (void *service)
{
  struct replica *replica = service;
  const struct inos_sim_world *world = replica->node->world;
  uint64_t now = inos_env_now (&replica->node->env);

  if (now >= replica->write_at) {
    bool is_over = (double)world->now / 1e9 >= world->scenario->writing;
    replica->write_at =
      is_over ? INOS_NEVER : now + inos_sim_random_wait (&replica->node->random, WRITE_EVERY);
    if (!is_over)
      write_something (replica);
  }
  if (now >= replica->save_at)
    save (replica);
  if (now >= inos_sync_deadline (replica->sync))
    inos_sync_tick (replica->sync);
}

/* What can be seen: graves go when each replica knows that all have seen them. */
static struct inos_slot_id digest_of (const struct inos_sim_node *node)
{
  const struct replica *replica = node->services[INOS_SIM_PORT_REPLICA];
  struct inos_document_range all = {0};
  struct inos_slot_id digest;

  inos_sync_digest (replica->document, &all, UINT64_MAX, &digest);
  return digest;
}

void inos_sim_check_converged (struct inos_sim_world *world)
{
  const struct inos_sim_node *first = NULL;
  struct inos_slot_id right = {0};

  for (unsigned i = 0; i < count (world); i++) {
    const struct inos_sim_node *node = &world->nodes[i];
    if (!node->up || node->liar)
      continue;
    struct inos_slot_id digest = digest_of (node);
    if (!first) {
      first = node;
      right = digest;
    }
    if (memcmp (digest.bytes, right.bytes, sizeof right) != 0)
      inos_sim_world_fail (world, "the document of %u is not that of %u", i, first->index);
  }
  if (!first)
    inos_sim_world_fail (world, "no replica is there");
}
