/*
 * The values that a node keeps for the DHT, for two days. When there are too many, those whose keys
 * are farthest from the node go first: others are to keep them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/key.h"

#include <glib.h>

#define INOS_KAD_RECORDS_MAX 4096
#define INOS_KAD_RECORDS_BYTES (64u * 1024 * 1024)
#define INOS_KAD_RECORD_TIME (48 * 3600 * G_GINT64_CONSTANT (1000)) /* ms */

struct inos_kad_record {
  GBytes *key, *value;    /* owned */
  struct inos_kad_key at; /* of the key */
  int64_t received;       /* ms since 1970 */
};

/* Where records outlive the node, and who provides what. Each may be NULL. */
struct inos_kad_keeper {
  void *data;
  void (*keep) (void *data, const struct inos_kad_record *record);
  void (*drop) (void *data, const struct inos_kad_record *record);
  void (*provided) (void *data); /* somebody has said to have something */
};

struct inos_record_store;

/** inos_record_store_new: @keeper is copied. */
struct inos_record_store *inos_record_store_new (const struct inos_kad_key *self,
                                                 const struct inos_kad_keeper *keeper);
void inos_record_store_free (struct inos_record_store *store);
/** inos_record_store_put: keeps a copy in place of what it had for @key. */
void inos_record_store_put (struct inos_record_store *store, const void *key, size_t key_len,
                            const void *value, size_t value_len, int64_t received);
/** inos_record_store_load: the same of what a keeper has kept; it is not told. */
void inos_record_store_load (struct inos_record_store *store, const void *key, size_t key_len,
                             const void *value, size_t value_len, int64_t received);
/** inos_record_store_get: (nullable): until the store changes. What is too old is not there. */
const struct inos_kad_record *inos_record_store_get (struct inos_record_store *store,
                                                     const void *key, size_t len, int64_t wall);
void inos_record_store_expire (struct inos_record_store *store, int64_t wall);
/** inos_record_store_each: tells of each, those received first first. */
void inos_record_store_each (const struct inos_record_store *store,
                             void (*each) (void *data, const struct inos_kad_record *record),
                             void *data);
unsigned inos_record_store_count (const struct inos_record_store *store);
