/*
 * Cores of pubsub that are joined by links with latency and loss.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "../world.h"
#include "node/mesh/pubsub/gossip.h"

struct net;

struct node {
  struct net *net;
  unsigned index;
  struct inos_peer_id id;
  uint8_t key[64];
  struct world_place place;
  struct inos_channel channel;
  struct inos_gossip *gossip; /* NULL: it is dead */
  uint64_t ticks_at;
  GHashTable *got; /* data of a message → how often */
  uint64_t extra;  /* messages that came again */
  unsigned deaf;   /* refuses so many of what it is to send next; UINT_MAX: all */
  /* What a hostile or a curious node does in place of the core; may be NULL. */
  void (*receives) (struct node *node, struct node *from, const uint8_t *bytes, size_t len);
  enum inos_gossip_verdict verdict;
  uint64_t ticket;
  unsigned subscriptions, exchanged;
};

struct net {
  struct world world;
  unsigned n;
  struct node *nodes;
  uint64_t latency, jitter; /* ns */
  unsigned loss;            /* of 1000 */
  bool real_signatures;
  struct inos_gossip_params params;
  GArray *latencies; /* uint64_t: of each delivery, of messages that net_publish() sent */
  uint64_t random, rpcs, bytes, digest;
  uint64_t *arrivals; /* when the last of i to j arrives; 0: no link */
};

struct net *net_new (unsigned n, uint64_t seed, bool real_signatures);
void net_free (struct net *net);
void net_link (struct net *net, unsigned a, unsigned b, const char *protocol);
void net_unlink (struct net *net, unsigned a, unsigned b);
/** net_link_all: each with each. */
void net_link_all (struct net *net);
/** net_link_random: each dials @degree others. */
void net_link_random (struct net *net, unsigned degree);
void net_subscribe_all (struct net *net, const char *topic);
void net_kill (struct net *net, unsigned index);
void net_revive (struct net *net, unsigned index);
void net_run (struct net *net, uint64_t time);
/** net_publish: a message of @size bytes at least, with a text that is in no other. */
char *net_publish (struct net *net, unsigned index, const char *topic, size_t size);
/** net_count: how many living nodes have got @text exactly once. */
unsigned net_count (struct net *net, const char *text);
/** net_send: @bytes from @from, as though its core had sent them. */
void net_send (struct net *net, unsigned from, unsigned to, const void *bytes, size_t len);
/** net_latency: that of @permille of the deliveries. */
uint64_t net_latency (struct net *net, unsigned permille);
struct inos_pubsub_message_signer net_signer (struct node *node);
