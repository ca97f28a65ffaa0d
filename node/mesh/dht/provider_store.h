/*
 * Who said to have what: kept for two days since it was said last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/key.h"
#include "node/mesh/env.h"

#include <glib.h>

#define INOS_KAD_PROVIDED_MAX 65536     /* pairs of key and provider; more: the oldest go */
#define INOS_KAD_PROVIDERS_OF_KEY 32    /* more: the same */
#define INOS_KAD_PROVIDED_BY_PEER 16384 /* keys of one provider; further ones are refused */
#define INOS_KAD_PROVIDER_TIME (48 * 3600 * G_GUINT64_CONSTANT (1000000000)) /* ns */

struct inos_provider_store;

struct inos_provider_store *inos_provider_store_new (const struct inos_mesh_env *env);
void inos_provider_store_free (struct inos_provider_store *store);
/** inos_provider_store_add: @provider has what is at @key; whether there was room. What is taken
 * from a file may have been said before the clock began: @now is below 0 then, as it wraps. */
bool inos_provider_store_add (struct inos_provider_store *store, const struct inos_kad_key *key,
                              const struct inos_peer_id *provider, uint64_t now);
/** inos_provider_store_get: up to @max, those who said so last first. */
unsigned inos_provider_store_get (struct inos_provider_store *store, const struct inos_kad_key *key,
                                  uint64_t now, struct inos_peer_id *out, unsigned max);
/** inos_provider_store_each: tells of each, those said first first. */
void inos_provider_store_each (const struct inos_provider_store *store,
                               void (*each) (void *data, const struct inos_kad_key *key,
                                             const struct inos_peer_id *provider, uint64_t said),
                               void *data);
void inos_provider_store_expire (struct inos_provider_store *store, uint64_t now);
unsigned inos_provider_store_count (const struct inos_provider_store *store);
