/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/tree/tree.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/actor/supervisor.h"
#include "node/api/connection_actor.h"
#include "node/api/feed.h"
#include "node/api/server.h"
#include "node/arena/arena_actor.h"
#include "node/identity/identity_actor.h"
#include "node/machine/machine_actor.h"
#include "node/mesh/service/mesh_actor.h"
#include "node/monitor/monitor_actor.h"
#include "node/terminal/terminals_actor.h"
#include "node/tree/inspector.h"

#define STOP_PATIENCE (10 * INOS_SECOND)

struct inos_tree {
  struct inos_setup *setup;
  struct inos_tree_events events;
  void *data;
  struct inos_runtime *runtime;
  struct inos_edge *edge;
  inos_actor_id keeper;
  inos_supervisor_ref root;
  bool stopping, down;

  /* the table, which is the tree's for its arguments */
  struct inos_child top[8], api[3], connection[1];
  struct inos_supervisor node_supervisor, api_supervisor, connections_supervisor;
};

/* The table. Who is asked starts before who asks. */
static void declare (struct inos_tree *tree)
{
  const void *setup = &tree->setup;
  const uint32_t size = sizeof (void *);

  tree->connection[0] = (struct inos_child){
    .name = "connection", .behaviour = &node_connection_behaviour, .lifetime = INOS_TEMPORARY};
  tree->connections_supervisor = (struct inos_supervisor){
    .name = NODE_CONNECTIONS_NAME,
    .registered = NODE_CONNECTIONS_NAME,
    .strategy = INOS_SIMPLE_ONE_FOR_ONE,
    .children_max = INOS_CONNECTIONS_MAX,
    .children = tree->connection,
    .n_children = 1,
  };

  tree->api[0] = (struct inos_child){.name = NODE_FEED_NAME,
                                     .registered = NODE_FEED_NAME,
                                     .behaviour = &inos_feed_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->api[1] =
    (struct inos_child){.name = NODE_CONNECTIONS_NAME, .supervisor = &tree->connections_supervisor};
  tree->api[2] = (struct inos_child){.name = "server",
                                     .registered = "server",
                                     .behaviour = &node_server_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->api_supervisor = (struct inos_supervisor){.name = "api",
                                                  .registered = "api",
                                                  .restarts_max = 5,
                                                  .period_ms = 10000,
                                                  .children = tree->api,
                                                  .n_children = G_N_ELEMENTS (tree->api)};

  tree->top[0] = (struct inos_child){.name = NODE_IDENTITY_NAME,
                                     .registered = NODE_IDENTITY_NAME,
                                     .behaviour = &node_identity_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->top[1] = (struct inos_child){.name = NODE_MONITOR_NAME,
                                     .registered = NODE_MONITOR_NAME,
                                     .behaviour = &node_monitor_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->top[2] = (struct inos_child){.name = NODE_INSPECTOR_NAME,
                                     .registered = NODE_INSPECTOR_NAME,
                                     .behaviour = &node_inspector_behaviour};
  tree->top[3] = (struct inos_child){.name = NODE_MESH_NAME,
                                     .registered = NODE_MESH_NAME,
                                     .behaviour = &inos_mesh_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->top[4] = (struct inos_child){.name = NODE_ARENA_NAME,
                                     .registered = NODE_ARENA_NAME,
                                     .behaviour = &inos_arena_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  /* The socket's lock is the api's: whoever comes after it is of the one node that has it. */
  tree->top[5] = (struct inos_child){.name = "api", .supervisor = &tree->api_supervisor};
  tree->top[6] = (struct inos_child){.name = NODE_TERMINALS_NAME,
                                     .registered = NODE_TERMINALS_NAME,
                                     .behaviour = &node_terminals_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->top[7] = (struct inos_child){.name = NODE_MACHINE_NAME,
                                     .registered = NODE_MACHINE_NAME,
                                     .behaviour = &node_figures_behaviour,
                                     .argument = setup,
                                     .argument_size = size};
  tree->node_supervisor = (struct inos_supervisor){.name = "node",
                                                   .registered = "node",
                                                   .restarts_max = 5,
                                                   .period_ms = 10000,
                                                   .children = tree->top,
                                                   .n_children = G_N_ELEMENTS (tree->top)};
}

/* The keeper: no part of the tree, but who hears what becomes of it. */

struct keeper {
  struct inos_tree *tree;
};

#define NODE_KEEPER(MESSAGE, REQUEST) MESSAGE (node_keeper, begin, struct inos_nothing, 1)
INOS_PROTOCOL (node_keeper, NODE_KEEPER);
INOS_PROTOCOL_DEFINE (node_keeper, NODE_KEEPER);

static enum inos_outcome on_described (void *state, struct inos_context *context,
                                       enum inos_replied status,
                                       const struct node_identity_description *reply, uint64_t tag)
{
  struct inos_tree *tree = ((struct keeper *)state)->tree;

  if (!tree->stopping && !tree->down)
    tree->events.ready (status == INOS_REPLIED ? reply->peer_id : "", tree->data);
  return INOS_OK;
}

/* A supervisor answers when its table has started. */
static enum inos_outcome on_counted (void *state, struct inos_context *context,
                                     enum inos_replied status,
                                     const struct inos_child_counts *reply, uint64_t tag)
{
  node_identity_ref identity = {
    inos_address_of_name (inos_context_runtime (context), NODE_IDENTITY_NAME)};

  if (status == INOS_REPLIED)
    node_identity_request_describe (context, identity, INOS_NOTHING, UINT64_MAX, on_described, 0);
  return INOS_OK; /* else it is going, and on_down comes */
}

INOS_HANDLE (node_keeper, begin, struct keeper)
{
  inos_supervisor_request_count_children (context, self->tree->root, INOS_NOTHING, UINT64_MAX,
                                          on_counted, 0);
  return INOS_OK;
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct inos_tree *tree = ((struct keeper *)state)->tree;

  tree->down = true;
  if (tree->stopping)
    return INOS_OK;
  g_autoptr (GError) error = inos_setup_fault (tree->setup);
  if (!error)
    error = g_error_new_literal (INOS_NODE_ERROR, INOS_NODE_ERROR_FAILED,
                                 "A part of the node failed again and again. Its log says why; "
                                 "start the node anew when that is mended.");
  tree->events.ended (error, tree->data);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  ((struct keeper *)state)->tree = *(struct inos_tree *const *)argument;
  return INOS_OK;
}

INOS_BEHAVIOUR (node_keeper, NODE_KEEPER, struct keeper, .on_edge = true, .pre_start = pre_start,
                .on_down = on_down);

/* Life cycle */

static bool fail (GError **error)
{
  if (error && !*error)
    g_set_error_literal (error, INOS_NODE_ERROR, INOS_NODE_ERROR_FAILED,
                         "There is no memory for the node.");
  return false;
}

static bool start (struct inos_tree *tree, GError **error)
{
  tree->runtime = inos_runtime_new (NULL, error);
  if (!tree->runtime)
    return false;
  tree->edge = inos_edge_new (tree->runtime, NULL, error);
  if (!tree->edge)
    return false;
  tree->keeper =
    inos_runtime_spawn (tree->runtime, &(struct inos_spawn){.behaviour = &node_keeper_behaviour,
                                                            .name = "keeper",
                                                            .argument = &tree,
                                                            .argument_size = sizeof (void *)});
  if (!tree->keeper)
    return fail (error);
  tree->root = inos_supervisor_runtime_spawn (tree->runtime, &tree->node_supervisor, tree->keeper);
  if (!tree->root.address.id)
    return fail (error);
  node_keeper_post_begin (tree->runtime, (node_keeper_ref){INOS_TO (tree->keeper)}, INOS_NOTHING);
  return true;
}

struct inos_tree *inos_tree_new (struct inos_setup *setup, const struct inos_tree_events *events,
                                 void *data, GError **error)
{
  struct inos_tree *tree = g_new0 (struct inos_tree, 1);

  tree->setup = setup;
  tree->events = *events;
  tree->data = data;
  declare (tree);
  if (start (tree, error))
    return tree;
  inos_tree_free (tree);
  return NULL;
}

/* Lets the edge's actors end as well, in their turn. */
static void stop (struct inos_tree *tree)
{
  gint64 until = g_get_monotonic_time() + (gint64)(STOP_PATIENCE / 1000);

  inos_runtime_stop_actor (tree->runtime, tree->root.address.id,
                           (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  while (!tree->down && g_get_monotonic_time() < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

void inos_tree_free (struct inos_tree *tree)
{
  if (!tree)
    return;
  tree->stopping = true;
  if (tree->root.address.id && !tree->down)
    stop (tree);
  inos_edge_free (tree->edge);
  inos_runtime_free (tree->runtime, STOP_PATIENCE);
  g_free (tree);
}

struct inos_runtime *inos_tree_runtime (struct inos_tree *tree)
{
  return tree->runtime;
}
