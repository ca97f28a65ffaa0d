/*
 * What the parts of kad.h share.
 *
 *     kad.c        life, the routing table, what is done from time to time
 *     request.c    what is asked, its tickets and time
 *     lookup.c     from a key to the peers nearest to it
 *     server.c     what others ask
 *     find.c       lookups of peers and of providers
 *     value.c      values: put, got, put again
 *     provide.c    keys that this node provides, by regions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad.h"
#include "node/mesh/dht/provider_store.h"

enum kad_candidate_state { KAD_HEARD, KAD_ASKED, KAD_SLOW, KAD_ANSWERED, KAD_FAILED };

/* A peer that a lookup has heard of. */
struct kad_candidate {
  struct inos_peer_id peer;
  struct inos_kad_key key;
  enum kad_candidate_state state;
  struct kad_candidate *teller; /* (nullable): who told of it; NULL: the routing table */
  unsigned hops;                /* from this node */
  unsigned way;                 /* of INOS_KAD_BETA */
  unsigned told_good, told_bad; /* how those that it told of did */
  bool has_value;               /* for value.c: its answer had the value */
  bool has_best;                /* and it is the best one */
};

struct kad_lookup;

/* What a lookup is for. */
struct kad_lookup_class {
  enum inos_kad_type type;
  /* @from answered; may say inos_kad_lookup_finish(). May be NULL. */
  void (*answer) (struct kad_lookup *lookup, struct kad_candidate *from,
                  const struct inos_kad_message *message);
  /* It is over; the lookup is freed after it. */
  void (*finish) (struct kad_lookup *lookup);
  /* Frees what it is for in place of that, at the end of all. May be NULL. */
  void (*drop) (void *data);
};

struct kad_lookup {
  struct inos_kad *kad;
  const struct kad_lookup_class *klass;
  GBytes *subject; /* what is looked for */
  struct inos_kad_key target;
  GPtrArray *candidates; /* struct kad_candidate, owned: the nearest first */
  GPtrArray *dropped;    /* the same: those that are out, but may be somebody's teller */
  unsigned asked, slow;  /* that are out, and those of them that are not waited for */
  unsigned requests;     /* in all */
  unsigned turn;         /* the way whose turn it is */
  unsigned busy;         /* it is being worked on: not to be freed */
  bool over;
  void *data; /* of klass */
  GList link; /* in inos_kad.lookups */
};

struct kad_request;
typedef void (*kad_request_done) (struct inos_kad *kad, struct kad_request *request,
                                  const struct inos_kad_message *message /* (nullable) */);

struct kad_request {
  uint64_t ticket, since;
  struct inos_peer_id peer;
  enum inos_kad_type type;
  kad_request_done done;
  struct kad_lookup *lookup;       /* (nullable) */
  struct kad_candidate *candidate; /* (nullable) */
  void *data;
  void (*drop) (void *data); /* in place of `done`, at the end of all; may be NULL */
  bool late;                 /* it counts as slow already */
  GList link;                /* in inos_kad.requests */
};

/* A value of this node's. */
struct kad_own_value {
  GBytes *key, *value;
  uint64_t due; /* INOS_NEVER: it is on the way */
};

struct kad_batch; /* what one inos_kad_provide() wants to know the end of */

/* A key that this node provides. */
struct kad_own_key {
  GBytes *key;
  struct inos_kad_key at;
  uint64_t due;            /* INOS_NEVER: it is on the way */
  struct kad_batch *batch; /* (nullable) */
  unsigned left, sent;     /* adverts of it that are to be sent, and that were */
};

struct inos_kad {
  const struct inos_mesh_env *env;
  const struct inos_kad_network *network;
  struct inos_peer_id self;
  struct inos_kad_key key;
  bool server;
  const struct inos_kad_validator *validators;
  unsigned n_validators;
  struct inos_kad_table *table;
  struct inos_record_store *records;
  struct inos_provider_store *providers;
  struct inos_kad_keeper keeper;
  GHashTable *by_ticket; /* uint64_t in a request → struct kad_request */
  GQueue requests;       /* struct kad_request, owned: the oldest first */
  GQueue lookups;        /* struct kad_lookup, owned */
  uint64_t ticket;
  uint64_t next_refresh, next_expiry;
  GPtrArray *own_values;         /* struct kad_own_value, owned; in the order they were put */
  GPtrArray *own_keys;           /* struct kad_own_key, owned; by `at` */
  uint64_t values_due, keys_due; /* the earliest of each */
  unsigned values_out;           /* of the former that are on the way */
  bool sweeping;                 /* provide.c looks for a region, or has adverts to send */
  GQueue adverts;                /* struct kad_advert, owned */
  unsigned adverts_out;
  bool sending;
  GQueue ended; /* struct kad_batch, owned: to be told of */
  struct inos_kad_stats stats;
};

/* kad.c */
/** inos_kad_heard_of: passes on where @peer is said to be. */
void inos_kad_heard_of (struct inos_kad *kad, const struct inos_kad_peer *peer);
unsigned inos_kad_addresses_of (struct inos_kad *kad, const struct inos_peer_id *peer,
                                struct inos_multiaddr out[INOS_KAD_ADDRESSES_MAX]);

/* request.c */
/** inos_kad_ask: sends a copy of @request's; request->done() is called once, perhaps from inside.
 */
void inos_kad_ask (struct inos_kad *kad, const struct kad_request *request,
                   const struct inos_buffer *message, bool expects);
void inos_kad_expire_requests (struct inos_kad *kad);
uint64_t inos_kad_requests_deadline (const struct inos_kad *kad);
/** inos_kad_disown: the lookup of these requests has gone. */
void inos_kad_disown (struct inos_kad *kad, const struct kad_lookup *lookup);
void inos_kad_request_free (void *request);

/* lookup.c */
/** inos_kad_lookup: begins one; klass->finish() is called once, perhaps from inside. */
void inos_kad_lookup (struct inos_kad *kad, const struct kad_lookup_class *klass,
                      const void *subject, size_t len, void *data);
/** inos_kad_lookup_finish: it is over when klass->answer(), which says so, has returned. */
void inos_kad_lookup_finish (struct kad_lookup *lookup);
void inos_kad_lookup_slow (struct kad_request *request);
void inos_kad_lookup_free (struct kad_lookup *lookup);
/** inos_kad_lookup_nearest: those that answered, up to INOS_KAD_K. */
unsigned inos_kad_lookup_nearest (const struct kad_lookup *lookup,
                                  struct kad_candidate *out[INOS_KAD_K]);

/* find.c */
void inos_kad_refresh (struct inos_kad *kad);

/* value.c */
void inos_kad_own_value_free (void *value);
/** inos_kad_republish: puts again what is due. */
void inos_kad_republish (struct inos_kad *kad);
/** inos_kad_better: whether @value may replace what is kept for @key. */
bool inos_kad_better (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                      size_t value_len);

/* provide.c */
/** inos_kad_own_key: (nullable): that of what is at @at. */
struct kad_own_key *inos_kad_own_key (const struct inos_kad *kad, const struct inos_kad_key *at);
void inos_kad_own_key_free (void *key);
void inos_kad_advert_free (void *advert);
/** inos_kad_sweep: begins with regions in which keys are due. */
void inos_kad_sweep (struct inos_kad *kad);
