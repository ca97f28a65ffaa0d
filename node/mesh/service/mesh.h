/*
 * The mesh of one node: a host with its networks and all protocols on it, on a thread of its own,
 * so that nobody else waits for its ciphers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/service/manage.h"
#include "node/mesh/service/members.h"
#include "node/mesh/service/mesh_config.h"
#include "node/mesh/state/node_state.h"
#include "node/mesh/service/trust.h"

#include <glib.h>

struct inos_mesh;

/* A message of a topic came. Called on the mesh's thread. */
typedef void (*inos_mesh_on_message) (void *data, const char *topic, const char *from,
                                      const void *bytes, size_t len);

/* The shared state @name has changed. */
typedef void (*inos_mesh_on_state) (void *data, const char *name);

/* @primary leads the group @name in @epoch; zero: nobody that this node knows of does. */
typedef void (*inos_mesh_on_group) (void *data, const char *name,
                                    const struct inos_peer_id *primary, uint64_t epoch);

/* What it tells, on its thread. */
struct inos_mesh_events {
  inos_mesh_on_message on_message;
  inos_mesh_on_member on_member;
  inos_mesh_on_state on_state;
  inos_mesh_on_group on_group;
  inos_mesh_on_request on_request;
  inos_trust_on_rotated on_rotated;
  inos_mesh_on_managed on_managed;
};

/**
 * inos_mesh_new:
 * @identity: outlives it
 * @config: copied
 * @state_dir: where what it remembers lies; (nullable): it remembers nothing
 * @events: outlive it; told with @data
 *
 * Starts its thread. What it cannot listen at is said in the log, and is no error.
 *
 * Returns: (transfer full) (nullable): the mesh, or NULL where there is no thread.
 */
struct inos_mesh *inos_mesh_new (const struct inos_identity *identity,
                                 const struct inos_mesh_config *config, const char *state_dir,
                                 const struct inos_mesh_events *events, void *data, GError **error);
/** inos_mesh_free: says goodbye to its peers, and ends its thread. Takes NULL. */
void inos_mesh_free (struct inos_mesh *mesh);

/** inos_mesh_describe: from any thread: what the others are to know of this machine: members in
 * short, whoever shares `state-update` all of it. */
void inos_mesh_describe (struct inos_mesh *mesh, const struct inos_member_figures *figures,
                         const struct inos_node_state *machine);

struct inos_mesh_parts;
/** inos_mesh_invoke: from any thread: has @function called on the mesh's, in the order of the calls
 * of one thread. */
void inos_mesh_invoke (struct inos_mesh *mesh,
                       void (*function) (struct inos_mesh_parts *parts, void *data), void *data);

/* What became of a question: @payload (transfer none) is of the reply's type in the message table;
 * NULL: @error says why, in the domain %INOS_API_ERROR. Called once, on the mesh's thread. */
typedef void (*inos_mesh_answered) (void *data, GVariant *payload, const GError *error);

/**
 * inos_mesh_ask: from any thread.
 * @type: a message "mesh.…" of the message table
 * @parameters: of its request's type
 */
void inos_mesh_ask (struct inos_mesh *mesh, const char *type, GVariant *parameters,
                    inos_mesh_answered answered, void *data);
