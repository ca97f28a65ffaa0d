/*
 * Nodes of a DHT that reach each other with latency, if they are alive.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "../world.h"
#include "node/mesh/dht/kad.h"

enum life {
  ALIVE,
  REFUSES, /* dead, and whoever asks is told at once */
  SILENT,  /* dead, and nobody is told */
  LIES,    /* answers with peers that are none and values that are wrong */
};

struct net;

struct node {
  struct net *net;
  unsigned index;
  struct inos_peer_id id;
  struct world_place place;
  struct inos_kad_network network;
  struct inos_kad *kad;
  enum life life;
  uint64_t ticks_at, adverts; /* ADD_PROVIDERs that came */
};

struct net {
  struct world world;
  unsigned n;
  struct node *nodes;
  GHashTable *by_id;
  uint64_t random, messages, digest;
  bool at_once; /* asks are answered from inside */
};

/** net_new: all have joined by node 0, or one that did before them, and filled their tables. */
struct net *net_new (unsigned n, uint64_t seed);
void net_free (struct net *net);
void net_run (struct net *net, uint64_t time);
struct node *net_random (struct net *net);
/** net_live: another one that is alive. */
struct node *net_live (struct net *net);
/** net_kill: @percent of all but node 0 have another life from now on. */
void net_kill (struct net *net, unsigned percent, enum life life);
/** net_update: asks the core of @node for its deadline; after each call into it. */
void net_update (struct node *node);

/* What an operation told; each waits until it has. */
struct result {
  bool done, found;
  unsigned n;
  struct inos_peer_id peers[32];
  char value[64];
};

struct result net_find_peer (struct node *node, const struct inos_peer_id *peer);
struct result net_find_nearest (struct node *node, const char *key);
struct result net_put (struct node *node, const char *key, const char *value);
struct result net_get (struct node *node, const char *key, unsigned quorum);
struct result net_provide (struct node *node, GBytes *const *keys, unsigned n);
struct result net_find_providers (struct node *node, GBytes *key, unsigned max);
/** net_key: a multihash of @text. */
GBytes *net_key (const char *text);
/** net_nearest: the index of the living node that is nearest to @key, after @rank others. */
unsigned net_nearest (struct net *net, const void *key, size_t len, unsigned rank);

/* Values are "NUMBER:text"; the highest number is the best, a text of "bad" is not valid. */
extern const struct inos_kad_validator net_validator;
