/*
 * Shared state on the mesh's thread: documents that this node shares with its peers, each under a
 * topic. One is the nodes' own, "state-update": what each says of itself (node_state.h). The others
 * are users', under "inos/state/NAME".
 *
 * What is written goes to the topic as a delta; what got lost is found by asking one peer at a time
 * on "/inos/state/1.0.0". A user's document is saved before anybody is told of a change here, and a
 * moment after others' changes came; it is there again after a restart, however the node ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/members.h"
#include "node/mesh/service/topics.h"
#include "node/mesh/state/node_state.h"
#include "node/mesh/state/sync.h"

#define INOS_STATES_MAX 32u     /* users' documents, each of at most INOS_DOCUMENT_BYTES_MAX */
#define INOS_STATE_NAME_MAX 64u /* bytes */
#define INOS_STATES_PROTOCOL "/inos/state/1.0.0"

struct inos_states;

struct inos_states_setup {
  struct inos_host *host;
  const struct inos_identity *identity;
  struct inos_topics *topics;
  struct inos_membership *membership;
  GMainContext *context;
  const char *state_dir;       /* (nullable): it remembers nothing */
  inos_mesh_on_state on_state; /* the document of this name has changed, here or elsewhere */
  void *data;
};

/** inos_states_new: opens what it remembers. */
struct inos_states *inos_states_new (const struct inos_states_setup *setup);
/** inos_states_stop: before the host is freed: saves everything, for which it may run the context.
 */
void inos_states_stop (struct inos_states *states);
/** inos_states_free: after the host. Takes NULL. */
void inos_states_free (struct inos_states *states);

/** inos_states_describe: what this machine is like, to be told in `state-update`; the load of its
 * processor and memory says when what is not urgent waits. */
void inos_states_describe (struct inos_states *states, const struct inos_node_state *machine);

/** inos_states_set_services: what this node offers from now on, beside what inos_states_describe()
 * says; the others are told at once. */
void inos_states_set_services (struct inos_states *states, const struct inos_node_service *services,
                               unsigned n);

/** inos_states_set_opinions: what this node thinks of others, to be told when this machine is
 * described next. */
void inos_states_set_opinions (struct inos_states *states, const struct inos_opinions *opinions);

/* Users' documents. @error is of the domain %INOS_API_ERROR. */

struct inos_shared;

/** inos_states_open: (nullable): @name, which is made where there is none. */
struct inos_shared *inos_states_open (struct inos_states *states, const char *name, GError **error);
/** inos_states_find: (nullable): the open one of this name. */
struct inos_shared *inos_states_find (struct inos_states *states, const char *name);
/** inos_states_at: (nullable): the @index'th. */
struct inos_shared *inos_states_at (struct inos_states *states, unsigned index);
/** inos_states_close: forgets it, and its file. */
void inos_states_close (struct inos_states *states, struct inos_shared *shared);

enum inos_state_edit {
  INOS_STATE_SET,   /* the value @key is @text */
  INOS_STATE_UNSET, /* there is no value @key */
  INOS_STATE_ADD,   /* @text is in the set @key */
  INOS_STATE_TAKE,  /* @text is not in the set @key */
  INOS_STATE_COUNT, /* the counter @key has @by more */
  INOS_STATE_EDITS,
};

struct inos_state_change {
  enum inos_state_edit edit;
  const char *key;
  const void *text; /* bytes of a value; an element is UTF-8 and ends with a zero */
  size_t len;
  int64_t by;
  bool critical; /* told also where the processor has no time for it */
};

/* The change is on the disk, and the others are told; @error (nullable): why it is not. */
typedef void (*inos_shared_done) (void *data, const GError *error);
/** inos_shared_change: Returns: whether it can be; false: @error says why not, and @done is not
 * called. */
bool inos_shared_change (struct inos_shared *shared, const struct inos_state_change *change,
                         inos_shared_done done, void *data, GError **error);
/** inos_shared_set_members: only these @n, and this node, share it; 0: everybody. Each has to be
 * told so by its own user. Calls @done as inos_shared_change() does. */
bool inos_shared_set_members (struct inos_shared *shared, const struct inos_peer_id *members,
                              unsigned n, inos_shared_done done, void *data, GError **error);

const char *inos_shared_name (const struct inos_shared *shared);
struct inos_document *inos_shared_document (struct inos_shared *shared);
/** inos_shared_members: (out) @n. */
const struct inos_peer_id *inos_shared_members (const struct inos_shared *shared, unsigned *n);
/** inos_shared_peers: how many that share it can be asked now. */
unsigned inos_shared_peers (const struct inos_shared *shared);

/* What the nodes say of themselves. */
typedef void (*inos_states_each) (void *data, const struct inos_peer_id *peer,
                                  const struct inos_node_state *state, int64_t written);
/** inos_states_nodes: each node of which there is a state, by id; @written is when it said
 * something last, ms since 1970 by its own clock. */
void inos_states_nodes (struct inos_states *states, inos_states_each each, void *data);
