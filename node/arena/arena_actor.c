/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/arena/arena_actor.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/api/messages.h"
#include "node/arena/arena.h"
#include "node/arena/census.h"
#include "node/arena/fill.h"
#include "node/arena/lease.h"
#include "node/base/ticker.h"
#include "node/identity/identity_actor.h"
#include "node/mesh/service/mesh_actor.h"
#include "node/monitor/monitor_actor.h"
#include "node/tree/setup.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#define SET(table) (1u << INOS_ARENA_TABLE_##table)
/* These are of the monitor's looks, the others are looked for at times of our own. */
#define OF_LOOKS (SET (NODE) | SET (RESOURCES) | SET (CORES))
#define OF_MESH (SET (NODES) | SET (PEERS))
/* A reader is not listened to for so long after it has said something, ms. */
#define HEAR_EVERY 50u
#define MESH_PATIENCE (5 * INOS_SECOND)

static void node_arena_grant_clear (void *reply)
{
  struct node_arena_grant *grant = reply;

  for (unsigned i = 0; i < NODE_ARENA_FDS; i++)
    if (grant->fd[i] >= 0)
      close (grant->fd[i]);
}

INOS_PROTOCOL_DEFINE (node_arena, NODE_ARENA);

struct keeper;

struct reader {
  struct keeper *keeper;
  struct inos_lease lease;
  unsigned source, pause; /* 0: none */
};

/* What the machine was like: the rows of the tables that are of looks. */
struct looks {
  struct inos_arena_node node;
  struct inos_arena_resources ring[INOS_ARENA_RESOURCES_ROWS];
  uint64_t total;
  struct inos_arena_cores core[INOS_ARENA_CORES_ROWS];
  uint32_t cores;
};

struct keeper {
  struct inos_supervised *children; /* the first: see inos_supervised_ask() */
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_setup *setup;
  struct inos_arena *arena;   /* NULL until somebody reads */
  struct inos_census *census; /* NULL until somebody wants it */
  struct looks *looks;
  struct reader reader[NODE_ARENA_READERS];
  struct inos_ticker ticker;
  bool ticking;
  uint32_t asked; /* tables for which the mesh is being asked */
};

/* Who reads what */

static bool is_behind (struct keeper *self, const struct inos_lease *lease)
{
  return lease->waiting > inos_arena_header (self->arena)->threshold;
}

/* Tables that somebody wants who keeps up. */
static uint32_t wanted (struct keeper *self)
{
  struct inos_arena_header *header = inos_arena_header (self->arena);
  uint32_t keeping = 0, all = 0;
  uint64_t waiting = 0;

  for (unsigned i = 0; i < NODE_ARENA_READERS; i++) {
    struct inos_lease *lease = &self->reader[i].lease;
    if (!inos_lease_is_open (lease) || lease->want.tables == 0)
      continue;
    inos_lease_look (lease);
    waiting = MAX (waiting, lease->waiting);
    all |= lease->want.tables;
    if (!is_behind (self, lease))
      keeping |= lease->want.tables;
  }
  header->waiting = (uint32_t)MIN (waiting, UINT32_MAX);
  if (all != keeping)
    header->paused++;
  return keeping;
}

static void tell (struct keeper *self, uint32_t changed)
{
  int64_t now = g_get_monotonic_time();

  for (unsigned i = 0; i < NODE_ARENA_READERS; i++) {
    struct inos_lease *lease = &self->reader[i].lease;
    if (!inos_lease_is_open (lease))
      continue;
    int64_t interval = (int64_t)lease->want.interval * 1000;
    lease->news |= changed & lease->want.tables;
    if (lease->news == 0 || now < lease->due - interval / 2 || is_behind (self, lease))
      continue;
    lease->news = 0;
    lease->due = now + interval;
    inos_lease_signal (lease);
    inos_arena_header (self->arena)->signals++;
  }
}

/* Tables */

static uint32_t write_looks (struct keeper *self, uint32_t tables)
{
  const struct looks *looks = self->looks;
  uint32_t changed = 0;

  if (tables & SET (NODE) && looks->node.peer_id[0] &&
      inos_arena_write (self->arena, INOS_ARENA_TABLE_NODE, &looks->node, 1, 0))
    changed |= SET (NODE);
  if (tables & SET (RESOURCES) &&
      inos_arena_write (self->arena, INOS_ARENA_TABLE_RESOURCES, looks->ring,
                        (uint32_t)MIN (looks->total, INOS_ARENA_RESOURCES_ROWS), looks->total))
    changed |= SET (RESOURCES);
  if (tables & SET (CORES) &&
      inos_arena_write (self->arena, INOS_ARENA_TABLE_CORES, looks->core, looks->cores, 0))
    changed |= SET (CORES);
  return changed;
}

static uint32_t write_actors (struct keeper *self, struct inos_context *context)
{
  uint32_t count;

  if (!self->census)
    self->census = inos_census_new (self->runtime);
  const struct inos_arena_actors *rows = inos_census_take (self->census, self->children, &count);
  inos_supervised_ask (self->children, context, rows, count);
  return inos_arena_write (self->arena, INOS_ARENA_TABLE_ACTORS, rows, count, 0) ? SET (ACTORS) : 0;
}

static enum inos_outcome on_mesh (void *state, struct inos_context *context,
                                  enum inos_replied status, const struct node_mesh_answer *reply,
                                  uint64_t table)
{
  struct keeper *self = state;
  union {
    struct inos_arena_nodes nodes[INOS_ARENA_NODES_ROWS];
    struct inos_arena_peers peers[INOS_ARENA_PEERS_ROWS];
  } *rows;
  uint32_t count;

  self->asked &= ~(1u << table);
  if (status != INOS_REPLIED || !reply->payload || !self->arena)
    return INOS_OK; /* the mesh is switched off, or being started again */
  rows = g_malloc (sizeof *rows);
  count = table == INOS_ARENA_TABLE_NODES ? inos_fill_nodes (rows->nodes, reply->payload)
                                          : inos_fill_peers (rows->peers, reply->payload);
  if (inos_arena_write (self->arena, (enum inos_arena_table)table, rows, count, 0))
    tell (self, 1u << table);
  g_free (rows);
  return INOS_OK;
}

static void ask_mesh (struct keeper *self, struct inos_context *context, uint32_t tables)
{
  node_mesh_ref mesh = {inos_address_of_name (self->runtime, NODE_MESH_NAME)};

  for (enum inos_arena_table table = 0; table < INOS_ARENA_TABLES; table++) {
    if (!(tables & OF_MESH & ~self->asked & 1u << table))
      continue;
    bool peers = table == INOS_ARENA_TABLE_PEERS;
    struct node_mesh_question question = {
      peers ? INOS_MESH_PEERS : INOS_MESH_NODES,
      peers ? g_variant_new ("(bu)", TRUE, INOS_ARENA_PEERS_ROWS) : g_variant_new_tuple (NULL, 0)};
    g_variant_ref_sink (question.parameters);
    if (node_mesh_request_ask (context, mesh, question, MESH_PATIENCE, on_mesh, table) ==
        INOS_NO_MEMORY)
      g_variant_unref (question.parameters);
    else
      self->asked |= 1u << table;
  }
}

/* Outside of any turn. */
static void write_tables (struct keeper *self, uint32_t tables)
{
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);
  uint32_t changed;

  if (!context)
    return;
  changed = write_looks (self, tables);
  if (tables & SET (ACTORS))
    changed |= write_actors (self, context);
  ask_mesh (self, context, tables);
  tell (self, changed);
  inos_edge_leave (context, INOS_OK);
}

static void on_tick (int64_t now, void *data)
{
  struct keeper *self = data;

  write_tables (self, wanted (self) & ~OF_LOOKS);
}

/* As often as the most eager of those wants for whom the monitor's looks are not enough. */
static void set_pace (struct keeper *self)
{
  uint32_t period = 0, readers = 0;

  for (unsigned i = 0; i < NODE_ARENA_READERS; i++) {
    const struct inos_lease *lease = &self->reader[i].lease;
    if (!inos_lease_is_open (lease))
      continue;
    readers++;
    if (lease->want.tables & ~OF_LOOKS)
      period = period ? MIN (period, lease->want.interval) : lease->want.interval;
  }
  inos_arena_header (self->arena)->readers = readers;
  if (self->ticking && !period)
    inos_ticker_finish (&self->ticker);
  if (!self->ticking && period)
    inos_ticker_init (&self->ticker, on_tick, self);
  self->ticking = period != 0;
  if (period)
    inos_ticker_set (&self->ticker, period);
  else
    g_clear_pointer (&self->census, inos_census_free); /* whose rates would be of long ago */
}

/* Readers */

static void listen_to (struct reader *reader);

static void end_reader (struct reader *reader)
{
  g_clear_handle_id (&reader->source, g_source_remove);
  g_clear_handle_id (&reader->pause, g_source_remove);
  inos_lease_close (&reader->lease);
}

static gboolean on_pause_over (gpointer data)
{
  struct reader *reader = data;

  reader->pause = 0;
  listen_to (reader);
  return G_SOURCE_REMOVE;
}

static gboolean on_lease (gint fd, GIOCondition condition, gpointer data)
{
  struct reader *reader = data;
  struct keeper *self = reader->keeper;

  switch (inos_lease_read (&reader->lease)) {
  case INOS_LEASE_NOTHING:
    return G_SOURCE_CONTINUE;
  case INOS_LEASE_WANT:
    reader->source = 0;
    reader->pause = g_timeout_add (HEAR_EVERY, on_pause_over, reader);
    reader->lease.due = 0;
    reader->lease.news = reader->lease.want.tables;
    set_pace (self);
    write_tables (self, wanted (self) & reader->lease.want.tables);
    return G_SOURCE_REMOVE;
  case INOS_LEASE_GONE:
  default:
    reader->source = 0;
    end_reader (reader);
    set_pace (self);
    return G_SOURCE_REMOVE;
  }
}

static void listen_to (struct reader *reader)
{
  g_autoptr (GSource) source = g_unix_fd_source_new (reader->lease.socket, G_IO_IN);

  g_source_set_callback (source, G_SOURCE_FUNC (on_lease), reader, NULL);
  g_source_set_can_recurse (source, TRUE); /* see node/mesh/net/poller.c */
  reader->source = g_source_attach (source, NULL);
}

static struct reader *free_place (struct keeper *self)
{
  for (unsigned i = 0; i < NODE_ARENA_READERS; i++)
    if (!inos_lease_is_open (&self->reader[i].lease))
      return &self->reader[i];
  return NULL;
}

static void refuse (struct node_arena_grant *grant, const char *sentence)
{
  g_strlcpy (grant->sentence, sentence, sizeof grant->sentence);
}

static void grant_to (struct keeper *self, struct node_arena_grant *grant)
{
  struct reader *reader = free_place (self);
  g_autoptr (GError) error = NULL;

  if (!self->arena)
    self->arena = inos_arena_new (g_get_real_time(), &error);
  if (!self->arena) {
    g_warning ("%s", error->message);
    refuse (grant, "The node has no memory that it could share.");
  } else if (!reader)
    refuse (grant, "So many read the arena already. Close something.");
  else if (!inos_lease_open (&reader->lease, &grant->fd[NODE_ARENA_EVENT],
                             &grant->fd[NODE_ARENA_LEASE]))
    refuse (grant, "The node has no descriptors left.");
  else {
    grant->fd[NODE_ARENA_MEMORY] = fcntl (inos_arena_fd (self->arena), F_DUPFD_CLOEXEC, 0);
    if (grant->fd[NODE_ARENA_MEMORY] < 0) /* the lease goes with the rest of the grant */
      refuse (grant, "The node has no descriptors left.");
    listen_to (reader);
    set_pace (self);
  }
}

static enum inos_outcome open_for (struct keeper *self, struct inos_context *context)
{
  struct node_arena_grant grant = {.fd = {-1, -1, -1}};

  grant_to (self, &grant);
  if (!inos_sent_took (node_arena_reply_open (context, grant)))
    node_arena_grant_clear (&grant);
  return INOS_OK;
}

/* The machine */

static void keep_look (struct looks *looks, const struct inos_sample *sample)
{
  struct inos_arena_resources *row = &looks->ring[looks->total++ % INOS_ARENA_RESOURCES_ROWS];

  inos_fill_resources (row, sample);
  looks->cores = MIN (sample->cores, INOS_ARENA_CORES_ROWS);
  for (uint32_t i = 0; i < looks->cores; i++)
    looks->core[i].usage = sample->core[i];
}

static enum inos_outcome on_described (void *state, struct inos_context *context,
                                       enum inos_replied status,
                                       const struct node_identity_description *reply, uint64_t tag)
{
  struct keeper *self = state;
  struct inos_arena_node *node = &self->looks->node;

  if (status != INOS_REPLIED)
    return INOS_OK;
  node->started = self->setup->started;
  inos_arena_text (node->peer_id, sizeof node->peer_id, reply->peer_id);
  inos_arena_text (node->host_name, sizeof node->host_name, g_get_host_name());
  inos_arena_text (node->version, sizeof node->version, INOS_VERSION);
  return INOS_OK;
}

/* It may have another identity than it had. */
static void ask_who (struct keeper *self, struct inos_context *context)
{
  node_identity_ref identity = {inos_address_of_name (self->runtime, NODE_IDENTITY_NAME)};

  node_identity_request_describe (context, identity, INOS_NOTHING, UINT64_MAX, on_described, 0);
}

static enum inos_outcome see (struct keeper *self, struct inos_context *context,
                              const struct node_monitor_look *look)
{
  keep_look (self->looks, &look->sight->sample);
  if (!self->arena)
    return INOS_OK;
  uint32_t tables = wanted (self) & OF_LOOKS;
  if (tables & SET (NODE))
    ask_who (self, context);
  tell (self, write_looks (self, tables));
  return INOS_OK;
}

static enum inos_outcome on_looked (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct node_monitor_look *reply,
                                    uint64_t tag)
{
  if (status == INOS_REPLIED)
    keep_look (((struct keeper *)state)->looks, &reply->sight->sample);
  return INOS_OK;
}

/* Life cycle */

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct keeper *self = state;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->setup = *(struct inos_setup *const *)argument;
  self->children = inos_supervised_new();
  self->looks = g_new0 (struct looks, 1);
  for (unsigned i = 0; i < NODE_ARENA_READERS; i++) {
    self->reader[i].keeper = self;
    inos_lease_init (&self->reader[i].lease);
  }
  if (!inos_subscribe (context, NODE_MONITOR_TOPIC))
    return inos_fail (context, 0, "no memory to hear of the machine");
  node_monitor_ref monitor = {inos_address_of_name (self->runtime, NODE_MONITOR_NAME)};
  node_monitor_request_look (context, monitor, INOS_NOTHING, UINT64_MAX, on_looked, 0);
  ask_who (self, context);
  return INOS_OK;
}

static void clear (void *state)
{
  struct keeper *self = state;

  for (unsigned i = 0; self->looks && i < NODE_ARENA_READERS; i++)
    end_reader (&self->reader[i]);
  if (self->ticking)
    inos_ticker_finish (&self->ticker);
  inos_arena_free (self->arena);
  inos_census_free (self->census);
  inos_supervised_free (self->children);
  g_free (self->looks);
}

/* It is asked, and it hears of the machine. */
static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  if (message->type == &node_arena_open_type)
    return open_for (state, context);
  if (message->type == &node_machine_seen_type)
    return see (state, context, message->payload);
  return message->type == &node_machine_began_type ? INOS_OK : inos_unhandled (context, message);
}

const struct inos_behaviour inos_arena_behaviour = {
  .name = "node_arena",
  .protocol = &node_arena_protocol,
  .state_size = sizeof (struct keeper),
  .on_edge = true,
  .pre_start = pre_start,
  .receive = receive,
  .clear = clear,
};
