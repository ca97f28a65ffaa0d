/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/provider_store.h"

#include <sodium.h>
#include <string.h>

struct provided;

/* A key and its hash, which nobody outside can foretell: so nobody makes many that collide. */
struct place {
  unsigned hash;
  struct inos_kad_key key;
};

/* What is known of a key. */
struct offers {
  struct place place;
  GPtrArray *of; /* struct provided, those said last at the end */
};

/* How many keys a peer provides. */
struct provider {
  struct inos_peer_id peer;
  unsigned keys;
};

/* One provider of one key. */
struct provided {
  struct offers *offers;
  struct provider *provider;
  uint64_t said;
  GList link; /* in inos_provider_store.order */
};

struct inos_provider_store {
  uint8_t salt[crypto_shorthash_KEYBYTES];
  GHashTable *by_key;    /* struct offers, owned */
  GHashTable *providers; /* struct provider, owned */
  GQueue order;          /* struct provided, owned: those said first first */
};

static unsigned hash (const void *place)
{
  return ((const struct place *)place)->hash;
}

static gboolean same (const void *a, const void *b)
{
  return memcmp (&((const struct place *)a)->key, &((const struct place *)b)->key,
                 sizeof (struct inos_kad_key)) == 0;
}

static struct place place_of (const struct inos_provider_store *store,
                              const struct inos_kad_key *key)
{
  struct place place = {.key = *key};
  uint8_t digest[crypto_shorthash_BYTES];

  crypto_shorthash (digest, key->bytes, sizeof key->bytes, store->salt);
  memcpy (&place.hash, digest, sizeof place.hash);
  return place;
}

static struct offers *find_offers (const struct inos_provider_store *store,
                                   const struct inos_kad_key *key)
{
  struct place place = place_of (store, key);

  return g_hash_table_lookup (store->by_key, &place);
}

static void offers_free (void *data)
{
  struct offers *offers = data;

  g_ptr_array_unref (offers->of);
  g_free (offers);
}

struct inos_provider_store *inos_provider_store_new (const struct inos_mesh_env *env)
{
  struct inos_provider_store *store = g_new0 (struct inos_provider_store, 1);

  inos_env_random (env, store->salt, sizeof store->salt);
  store->by_key = g_hash_table_new_full (hash, same, NULL, offers_free);
  store->providers = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  return store;
}

static void drop (struct inos_provider_store *store, struct provided *provided)
{
  struct offers *offers = provided->offers;
  struct provider *provider = provided->provider;

  g_queue_unlink (&store->order, &provided->link);
  g_ptr_array_remove (offers->of, provided);
  if (offers->of->len == 0)
    g_hash_table_remove (store->by_key, &offers->place);
  if (--provider->keys == 0)
    g_hash_table_remove (store->providers, &provider->peer);
  g_free (provided);
}

void inos_provider_store_free (struct inos_provider_store *store)
{
  if (!store)
    return;
  while (store->order.head)
    drop (store, store->order.head->data);
  g_hash_table_unref (store->by_key);
  g_hash_table_unref (store->providers);
  g_free (store);
}

static struct provider *provider_of (struct inos_provider_store *store,
                                     const struct inos_peer_id *peer)
{
  struct provider *provider = g_hash_table_lookup (store->providers, peer);

  if (provider)
    return provider;
  provider = g_new0 (struct provider, 1);
  provider->peer = *peer;
  g_hash_table_insert (store->providers, &provider->peer, provider);
  return provider;
}

static struct offers *offers_of (struct inos_provider_store *store, const struct inos_kad_key *key)
{
  struct offers *offers = find_offers (store, key);

  if (offers)
    return offers;
  offers = g_new0 (struct offers, 1);
  offers->place = place_of (store, key);
  offers->of = g_ptr_array_new();
  g_hash_table_insert (store->by_key, &offers->place, offers);
  return offers;
}

static struct provided *find (const struct inos_provider_store *store,
                              const struct inos_kad_key *key, const struct inos_peer_id *peer)
{
  const struct offers *offers = find_offers (store, key);

  for (unsigned i = 0; offers && i < offers->of->len; i++) {
    struct provided *provided = offers->of->pdata[i];
    if (inos_peer_id_equal (&provided->provider->peer, peer))
      return provided;
  }
  return NULL;
}

bool inos_provider_store_add (struct inos_provider_store *store, const struct inos_kad_key *key,
                              const struct inos_peer_id *peer, uint64_t now)
{
  struct provided *old = find (store, key, peer);
  const struct provider *known = g_hash_table_lookup (store->providers, peer);

  if (old)
    drop (store, old);
  else if (known && known->keys >= INOS_KAD_PROVIDED_BY_PEER)
    return false;
  const struct offers *full = find_offers (store, key);
  if (full && full->of->len >= INOS_KAD_PROVIDERS_OF_KEY)
    drop (store, full->of->pdata[0]);
  if (store->order.length >= INOS_KAD_PROVIDED_MAX)
    drop (store, store->order.head->data);
  struct provided *provided = g_new0 (struct provided, 1);
  *provided = (struct provided){
    .offers = offers_of (store, key),
    .provider = provider_of (store, peer),
    .said = now,
    .link.data = provided,
  };
  provided->provider->keys++;
  g_ptr_array_add (provided->offers->of, provided);
  g_queue_push_tail_link (&store->order, &provided->link);
  return true;
}

unsigned inos_provider_store_get (struct inos_provider_store *store, const struct inos_kad_key *key,
                                  uint64_t now, struct inos_peer_id *out, unsigned max)
{
  const struct offers *offers = find_offers (store, key);
  unsigned count = 0;

  for (unsigned i = offers ? offers->of->len : 0; i > 0 && count < max; i--) {
    const struct provided *provided = offers->of->pdata[i - 1];
    if (provided->said + INOS_KAD_PROVIDER_TIME > now)
      out[count++] = provided->provider->peer;
  }
  return count;
}

void inos_provider_store_each (const struct inos_provider_store *store,
                               void (*each) (void *data, const struct inos_kad_key *key,
                                             const struct inos_peer_id *provider, uint64_t said),
                               void *data)
{
  for (const GList *at = store->order.head; at; at = at->next) {
    const struct provided *provided = at->data;
    each (data, &provided->offers->place.key, &provided->provider->peer, provided->said);
  }
}

void inos_provider_store_expire (struct inos_provider_store *store, uint64_t now)
{
  struct provided *oldest = g_queue_peek_head (&store->order);

  for (; oldest && oldest->said + INOS_KAD_PROVIDER_TIME <= now;
       oldest = g_queue_peek_head (&store->order))
    drop (store, oldest);
}

unsigned inos_provider_store_count (const struct inos_provider_store *store)
{
  return store->order.length;
}
