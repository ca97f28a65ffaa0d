/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/questions.h"
#include "node/mesh/service/keep.h"
#include "node/mesh/service/states.h"
#include "node/mesh/state/kept.h"

/* A question that a document has, on its way. */
struct inos_state_asked {
  struct inos_shared *shared; /* NULL: closed meanwhile */
  struct inos_peer_id peer;
  GBytes *bytes; /* NULL: it was sent */
  uint64_t ticket, number;
};

struct inos_shared {
  struct inos_states *states;
  char *topic;
  struct inos_kept kept;
  struct inos_document *document;
  struct inos_sync *sync;
  struct inos_keep *keep; /* NULL: nothing is remembered */
  uint64_t taken;         /* slots from elsewhere that have been told of */
  uint64_t tell_at;       /* ns when it is told that it has changed; INOS_NEVER */
  uint64_t told;          /* ns when it was last; 0: never */
  uint64_t tell_every;    /* ns */
  unsigned save_within;   /* ms */
};

struct inos_nodes;

struct inos_states {
  struct inos_states_setup setup;
  int dir; /* -1: it remembers nothing */
  struct inos_questions *questions;
  struct inos_nodes *nodes;
  GPtrArray *shared; /* owned, struct inos_shared; not the nodes' */
  GPtrArray *asked;  /* owned, struct inos_state_asked */
  uint64_t last_number;
  unsigned n_unsent;
  double processor, memory;
  bool described;
  struct inos_node_state machine; /* as it was described */
  struct inos_opinions opinions;
  unsigned n_services; /* beside its own */
  struct inos_node_service services[INOS_NODE_SERVICES_MAX];
  struct inos_drive *drive;
};

/* shared.c */
struct inos_shared_setup {
  const char *topic, *name;
  const struct inos_kept *kept; /* NULL: it is new */
  uint64_t actor;               /* 0: of its incarnation */
  int64_t age;                  /* ms; 0: it is kept */
  uint64_t tell_every;          /* ns */
  unsigned save_within;         /* ms */
  bool (*judge) (void *data, const struct inos_slot *slot);
  void *data;
};
/** inos_shared_new: with what its file has, where there is one. */
struct inos_shared *inos_shared_new (struct inos_states *states,
                                     const struct inos_shared_setup *setup);
/** inos_shared_free: saves it, as closed; with @forget its file goes. */
void inos_shared_free (struct inos_shared *shared, bool forget);
/** inos_shared_changed: something here has. */
void inos_shared_changed (struct inos_shared *shared);
/** inos_shared_look: whether something of others has. */
void inos_shared_look (struct inos_shared *shared);
/** inos_shared_rename: its members who have handed over to another key are called by that. Returns:
 * whether there was one. */
bool inos_shared_rename (struct inos_shared *shared);
/** inos_shared_succeeded: somebody has just done so. */
void inos_shared_succeeded (struct inos_shared *shared);
uint64_t inos_shared_deadline (const struct inos_shared *shared);
void inos_shared_tick (struct inos_shared *shared);
/** inos_shared_read_file: (transfer full) (nullable): @name's content and its head. One that is
 * damaged is put aside. */
GBytes *inos_shared_read_file (struct inos_states *states, const char *name,
                               struct inos_kept *kept);

/* states.c */
void inos_states_ask (struct inos_shared *shared, const struct inos_peer_id *peer, uint64_t ticket,
                      const void *question, size_t len);

/* nodes.c */
struct inos_nodes *inos_nodes_new (struct inos_states *states);
void inos_nodes_free (struct inos_nodes *nodes);
struct inos_shared *inos_nodes_shared (struct inos_nodes *nodes);
void inos_nodes_describe (struct inos_nodes *nodes, const struct inos_node_state *machine);
