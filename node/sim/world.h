/*
 * A world of nodes: one process, a clock that jumps from event to event, a network that loses and
 * repeats, faults by plan, and the same cores as in the real node. What happens is a function of
 * the scenario and the seed: the digest says whether it was the same twice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/env.h"
#include "node/mesh/member/members.h"
#include "node/sim/disk.h"
#include "node/sim/queue.h"
#include "node/sim/random.h"
#include "node/sim/scenario.h"

#define INOS_SIM_SECOND UINT64_C (1000000000)
#define INOS_SIM_MS UINT64_C (1000000)
#define INOS_SIM_SERVICES 4u
#define INOS_SIM_GROUPS 32u /* of nodes, that faults speak of */

struct inos_sim_world;
struct inos_sim_node;

/* What runs on each node. */
struct inos_sim_service {
  const char *name;
  bool (*wanted) (const struct inos_sim_world *world); /* NULL: always */
  void *(*start) (struct inos_sim_node *node);
  void (*stop) (struct inos_sim_node *node, void *service);
  void (*receive) (void *service, const struct inos_peer_id *from, bool datagram,
                   const uint8_t *bytes, size_t len);
  uint64_t (*deadline) (void *service); /* in the node's own time */
  void (*tick) (void *service);
};
extern const struct inos_sim_service inos_sim_services[];
extern const unsigned inos_sim_n_services;

struct inos_sim_node {
  /* What who sends to it looks at: in one line of a cache, for there are many */
  _Alignas (64) uint32_t index;
  uint32_t epoch;                     /* counts its lives */
  uint32_t groups;                    /* bits */
  bool up, slow, liar, leaving, gone; /* gone: left for good */
  struct inos_peer_id id;
  /* What an event of its own looks at */
  struct inos_sim_world *world;
  void *services[INOS_SIM_SERVICES];
  uint64_t stall_until;
  uint64_t timer_at; /* the timer that is in the queue; INOS_NEVER: none */
  uint64_t uplink_free;
  int64_t drift;       /* parts in 10^9 that its clock runs fast */
  uint64_t clock_base; /* ns */
  int64_t wall_base;   /* ms */
  struct inos_sim_random random;
  struct inos_mesh_env env;
  struct inos_member_trust trust;
  uint64_t up_since, down_since;
  uint64_t lied_at; /* last; 0: never */
  struct inos_sim_disk disk;
};

/* A way that nothing goes, from the nodes of one group to those of another. */
struct inos_sim_cut {
  uint32_t from, to; /* bits of groups */
};

struct inos_sim_second {
  unsigned up, known_least, known_most;
  double known_mean;
  uint64_t datagrams, messages, bytes, suspicions, deaths;
};

struct inos_sim_counts {
  uint64_t events, delivered, lost, datagrams, messages, bytes;
  uint64_t joins, suspicions, cleared, deaths, false_deaths, crashes, leaves, refused;
  uint64_t death_delay_max, death_delay_sum, death_delays; /* ns from a crash to a verdict */
  unsigned known_max;                                      /* members in one table */
  uint64_t elections;                                      /* won */
  size_t held_max;                                         /* bytes of one core; see check.c */
  uint64_t kinds[32]; /* of what membership sends, by enum inos_member_kind */
};

struct inos_sim_world {
  struct inos_sim_scenario *scenario; /* not owned */
  uint64_t seed, now;
  struct inos_sim_queue *queue;
  struct inos_sim_random random;
  struct inos_sim_node *nodes; /* owned */
  unsigned n_nodes;
  struct inos_mesh_env env;
  struct inos_member_trust trust; /* verifies anybody's */
  struct inos_member_store *store;
  struct inos_sim_conditions conditions;
  struct inos_sim_cut cuts[INOS_SIM_GROUPS];
  unsigned n_cuts;
  unsigned next_group;
  uint64_t cut_at;              /* the last time that there was a cut */
  struct inos_sim_order *order; /* owned: of messages between two */
  GHashTable *primaries;        /* owned: of each group and epoch; see voter.c */
  uint64_t digest;
  struct inos_sim_counts counts, before;
  GArray *seconds;     /* owned, struct inos_sim_second */
  GPtrArray *failures; /* owned, text, of the first ones */
  uint64_t n_failures;
  bool verbose;
  void (*on_second) (const struct inos_sim_world *world); /* each that is over; may be NULL */
};

struct inos_sim_world *inos_sim_world_new (struct inos_sim_scenario *scenario, uint64_t seed);
void inos_sim_world_free (struct inos_sim_world *world);
/** inos_sim_world_run: until the scenario's end. Returns: whether nothing has failed. */
bool inos_sim_world_run (struct inos_sim_world *world);
/** inos_sim_world_fail: takes note that an invariant does not hold, printf-like. */
void inos_sim_world_fail (struct inos_sim_world *world, const char *format, ...)
  G_GNUC_PRINTF (2, 3);

/* node.c */
void inos_sim_node_init (struct inos_sim_world *world, unsigned index);
void inos_sim_node_start (struct inos_sim_node *node);
void inos_sim_node_stop (struct inos_sim_node *node);
void inos_sim_node_finish (struct inos_sim_node *node);
void inos_sim_node_receive (struct inos_sim_node *node, const struct inos_sim_event *event);
void inos_sim_node_tick (struct inos_sim_node *node);
/** inos_sim_node_rearm: its timer is where its services want to be called. */
void inos_sim_node_rearm (struct inos_sim_node *node);
struct inos_members *inos_sim_node_members (const struct inos_sim_node *node);
/** inos_sim_node_of: (nullable): whose id that is. */
struct inos_sim_node *inos_sim_node_of (struct inos_sim_world *world,
                                        const struct inos_peer_id *id);
struct inos_channel inos_sim_node_channel (struct inos_sim_node *node, unsigned port,
                                           bool datagrams);

/* network.c */
/** inos_sim_send: what becomes of it is decided here. Returns: false where it was lost at once. */
bool inos_sim_send (struct inos_sim_node *from, struct inos_sim_node *to, unsigned port,
                    bool datagram, const void *bytes, size_t len);
bool inos_sim_is_cut (const struct inos_sim_world *world, const struct inos_sim_node *from,
                      const struct inos_sim_node *to);
struct inos_sim_order *inos_sim_order_new (void);
void inos_sim_order_free (struct inos_sim_order *order);

/* fault.c, check.c, liar.c */
void inos_sim_step (struct inos_sim_world *world, unsigned step);
void inos_sim_stall (struct inos_sim_node *node);
void inos_sim_lie (struct inos_sim_node *node);
/** inos_sim_is_honest: it does not lie, and what its last lie has done is over. */
bool inos_sim_is_honest (const struct inos_sim_node *node);
void inos_sim_check (struct inos_sim_world *world, const struct inos_sim_step *step);
void inos_sim_seen (struct inos_sim_node *node, enum inos_member_event event,
                    const struct inos_member *member);
