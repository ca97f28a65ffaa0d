/*
 * A distributed hash table: who is near a key, what is stored there, and who has what it names.
 *
 * Whoever carries it says which peers serve the DHT, asks them what it is told to ask and hands
 * back what they answer, and hands in what they ask. One request takes one stream, but nothing here
 * knows of streams. See env.h for the rules of a core.
 *
 * Source: libp2p/specs, kad-dht.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad_message.h"
#include "node/mesh/dht/record_store.h"
#include "node/mesh/dht/table.h"
#include "node/mesh/dht/validator.h"
#include "node/mesh/env.h"

#define INOS_KAD_PROTOCOL "/inos/kad/1.0.0"
#define INOS_KAD_IPFS_PROTOCOL "/ipfs/kad/1.0.0"
#define INOS_KAD_ALPHA 10 /* requests of one lookup at once */
#define INOS_KAD_BETA 3   /* ways that a lookup goes side by side */
#define INOS_KAD_TIMEOUT (10 * G_GUINT64_CONSTANT (1000000000)) /* ns, of a request */
#define INOS_KAD_SLOW                                                                              \
  (1 * G_GUINT64_CONSTANT (1000000000)) /* ns; then others are asked instead                       \
                                         */
#define INOS_KAD_REFRESH (600 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define INOS_KAD_REFRESH_CLIENT (6 * INOS_KAD_REFRESH)           /* of one that serves nobody */
#define INOS_KAD_REPUBLISH (22 * 3600 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define INOS_KAD_OWN_VALUES 4096  /* values that this node puts again and again */
#define INOS_KAD_OWN_KEYS 1048576 /* keys that it provides */

struct inos_kad;

/* What carries it. Nothing of this may call into the core but ask(), which may answer or fail from
 * inside. */
struct inos_kad_network {
  void *data;
  /* Asks @peer, who is dialled where need be. Then once, with @ticket, inos_kad_answer() or
   * inos_kad_failed(). @expects: whether an answer comes; else it is answered with nothing when it
   * was sent. */
  void (*ask) (void *data, const struct inos_peer_id *peer, const void *message, size_t len,
               bool expects, uint64_t ticket);
  /* @peer is said to be at @addresses. May be NULL. */
  void (*heard) (void *data, const struct inos_peer_id *peer,
                 const struct inos_multiaddr *addresses, unsigned n);
  /* Where @peer, or this node itself, is known to be: up to @max. Returns: how many. May be NULL.
   */
  unsigned (*addresses) (void *data, const struct inos_peer_id *peer, struct inos_multiaddr *out,
                         unsigned max);
  /* Which peers are one and the same for all that is known: a prefix of the address, /16 or /32 of
   * IPv6; none for those of the own network. May be NULL: none has a group. */
  void (*group) (void *data, const struct inos_peer_id *peer, struct inos_kad_group *group);
};

struct inos_kad_setup {
  const struct inos_mesh_env *env;
  const struct inos_kad_network *network; /* outlives it */
  struct inos_peer_id self;
  bool server;                                 /* answers, and is in others' tables */
  const struct inos_kad_validator *validators; /* outlive it */
  unsigned n_validators;
  struct inos_kad_keeper keeper;
};

struct inos_kad *inos_kad_new (const struct inos_kad_setup *setup);
/** inos_kad_free: what is under way ends without being told of. */
void inos_kad_free (struct inos_kad *kad);

/** inos_kad_add_peer: @peer serves the DHT, as identify says. */
void inos_kad_add_peer (struct inos_kad *kad, const struct inos_peer_id *peer);
/** inos_kad_remove_peer: it does not any more. One that is only not connected stays. */
void inos_kad_remove_peer (struct inos_kad *kad, const struct inos_peer_id *peer);
/** inos_kad_set_server: whether it answers from now on; who carries it offers the protocol so. */
void inos_kad_set_server (struct inos_kad *kad, bool server);
/**
 * inos_kad_serve: answers what @from asks.
 * @answer: (out): appended to; nothing for a message that has no answer
 *
 * Returns: false: it is no message, or none that may be sent; the stream is better reset.
 */
bool inos_kad_serve (struct inos_kad *kad, const struct inos_peer_id *from, const void *message,
                     size_t len, struct inos_buffer *answer);
/** inos_kad_answer: what was asked with @ticket is answered; a ticket that is not open is fine. */
void inos_kad_answer (struct inos_kad *kad, uint64_t ticket, const void *message, size_t len);
/** inos_kad_failed: it is not and will not be. */
void inos_kad_failed (struct inos_kad *kad, uint64_t ticket);

uint64_t inos_kad_deadline (const struct inos_kad *kad);
void inos_kad_tick (struct inos_kad *kad);

/* What the following tell, each once, from inside or later. They may be called again from there. */

/* The peers nearest to what was looked for, the nearest first; @found: the peer itself is among
 * them, or was heard of. */
typedef void (*inos_kad_peers) (void *data, const struct inos_peer_id *peers, unsigned n,
                                bool found);
/* The best value, until it returns; NULL: there is none. */
typedef void (*inos_kad_value) (void *data, const uint8_t *value, size_t len);
/* To how many peers it went, beside this node. */
typedef void (*inos_kad_stored) (void *data, unsigned peers);
/* Told of each provider once, and then with NULL. */
typedef void (*inos_kad_provider) (void *data, const struct inos_peer_id *provider);

/** inos_kad_find_peer: where @peer is; network->heard() gets its addresses. */
void inos_kad_find_peer (struct inos_kad *kad, const struct inos_peer_id *peer, inos_kad_peers done,
                         void *data);
/** inos_kad_find_nearest: the INOS_KAD_K peers nearest to @key. */
void inos_kad_find_nearest (struct inos_kad *kad, const void *key, size_t len, inos_kad_peers done,
                            void *data);
/**
 * inos_kad_put: stores @value at @key and again every INOS_KAD_REPUBLISH, until inos_kad_forget().
 *
 * Returns: false: no validator takes it, a better one is known here, or there are too many; then
 * @done is not called.
 */
bool inos_kad_put (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                   size_t value_len, inos_kad_stored done, void *data);
/** inos_kad_forget: does not put @key again. Others keep it until it expires. */
void inos_kad_forget (struct inos_kad *kad, const void *key, size_t len);
/**
 * inos_kad_get: the best of @quorum peers' values of @key; 0 or 1: the first. Of those that
 * have answered by then, who had a worse one, and the nearest that had none, are sent it.
 */
void inos_kad_get (struct inos_kad *kad, const void *key, size_t len, unsigned quorum,
                   inos_kad_value done, void *data);
/**
 * inos_kad_provide: says that this node has what @keys (multihashes) name, now and every
 * INOS_KAD_REPUBLISH, until inos_kad_unprovide(). Keys whose nearest peers are the same go out
 * after one lookup.
 * @done: (nullable): when all are out
 *
 * Returns: false: there are too many, or one is none; then nothing is done.
 */
bool inos_kad_provide (struct inos_kad *kad, GBytes *const *keys, unsigned n, inos_kad_stored done,
                       void *data);
void inos_kad_unprovide (struct inos_kad *kad, GBytes *const *keys, unsigned n);
/** inos_kad_find_providers: who has what @key names; up to @max of them. */
void inos_kad_find_providers (struct inos_kad *kad, const void *key, size_t len, unsigned max,
                              inos_kad_provider each, void *data);

/** inos_kad_load_record: what a keeper has kept, at the start. False: it is none any more. */
bool inos_kad_load_record (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                           size_t value_len, int64_t received);

struct inos_kad_stats {
  uint64_t asked, answered, failed, served, refused, lookups, lookup_hops;
  unsigned peers, records, provided, own_keys, own_values, open;
};
/** inos_kad_each_record: tells of each value that it keeps; nothing may be put meanwhile. */
void inos_kad_each_record (const struct inos_kad *kad,
                           void (*each) (void *data, const struct inos_kad_record *record),
                           void *data);
void inos_kad_stats (const struct inos_kad *kad, struct inos_kad_stats *stats);
