/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"
#include "node/mesh/wire/multihash.h"

#include <string.h>

/* One lookup for each key would be thousands of them, nearly all for the same peers. So: a lookup
 * for one key that is due; all peers that it found, and how many bits the INOS_KAD_K-th nearest
 * shares with the key. Other keys that share as many have their nearest among the same peers: they
 * are told of them as well. Then on to the next key that is due.
 *
 * Source of the idea: Kubo's "Provide Sweep" (ipfs/kubo, v0.38). */
#define REGION_PEERS 64  /* of those found; a bit for each */
#define REGION_KEYS 1024 /* at once; the rest is due still, and next */
#define ADVERTS_OUT_MAX 64
#define RETRY (10 * G_GUINT64_CONSTANT (1000000000)) /* ns, when there is nobody to tell */

struct kad_batch {
  unsigned left, least;
  inos_kad_stored done;
  void *data;
};

struct kad_advert {
  struct inos_peer_id peer;
  GBytes *key;
  struct inos_kad_key at;
};

/* Keys of one region, and which of its peers are nearest to each. */
struct region {
  GPtrArray *keys; /* struct kad_own_key */
  uint64_t near[REGION_KEYS];
  unsigned n_peers;
  const struct kad_candidate *peers[REGION_PEERS];
};

void inos_kad_own_key_free (void *data)
{
  struct kad_own_key *key = data;

  if (key->batch && --key->batch->left == 0) /* nobody is told: it is all being freed */
    g_free (key->batch);
  g_bytes_unref (key->key);
  g_free (key);
}

void inos_kad_advert_free (void *data)
{
  struct kad_advert *advert = data;

  g_bytes_unref (advert->key);
  g_free (advert);
}

static int compare (const void *a, const void *b)
{
  const struct kad_own_key *x = *(struct kad_own_key *const *)a,
                           *y = *(struct kad_own_key *const *)b;

  return memcmp (&x->at, &y->at, sizeof x->at);
}

struct kad_own_key *inos_kad_own_key (const struct inos_kad *kad, const struct inos_kad_key *at)
{
  unsigned low = 0, high = kad->own_keys->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    struct kad_own_key *key = kad->own_keys->pdata[middle];
    int order = memcmp (&key->at, at, sizeof *at);
    if (order == 0)
      return key;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* @key is of no more concern to who asked for it. Who that is, is told by tell_ended(): it may
 * change the keys. */
static void leave_batch (struct inos_kad *kad, struct kad_own_key *key)
{
  struct kad_batch *batch = key->batch;

  key->batch = NULL;
  if (!batch)
    return;
  batch->least = MIN (batch->least, key->sent);
  if (--batch->left == 0)
    g_queue_push_tail (&kad->ended, batch);
}

static void tell_ended (struct inos_kad *kad)
{
  struct kad_batch *batch;

  for (batch = g_queue_pop_head (&kad->ended); batch; batch = g_queue_pop_head (&kad->ended)) {
    if (batch->done)
      batch->done (batch->data, batch->least);
    g_free (batch);
  }
}

static void find_next_due (struct inos_kad *kad)
{
  kad->keys_due = INOS_NEVER;
  if (kad->sweeping)
    return;
  for (unsigned i = 0; i < kad->own_keys->len; i++)
    kad->keys_due = MIN (kad->keys_due, ((const struct kad_own_key *)kad->own_keys->pdata[i])->due);
}

static void send_adverts (struct inos_kad *kad);

/* One of the adverts of what is at @at has gone, or not. */
static void advert_end (struct inos_kad *kad, const struct inos_kad_key *at, bool sent)
{
  struct kad_own_key *key = inos_kad_own_key (kad, at);

  if (!key || key->left == 0)
    return;
  key->sent += sent;
  if (--key->left > 0)
    return;
  key->due = inos_env_now (kad->env) + (key->sent > 0 ? INOS_KAD_REPUBLISH : RETRY);
  leave_batch (kad, key);
}

static void on_advert (struct inos_kad *kad, struct kad_request *request,
                       const struct inos_kad_message *message)
{
  struct kad_advert *advert = request->data;

  kad->adverts_out--;
  advert_end (kad, &advert->at, message != NULL);
  inos_kad_advert_free (advert);
  send_adverts (kad);
  tell_ended (kad);
}

static void send_advert (struct inos_kad *kad, struct kad_advert *advert)
{
  struct kad_request request = {
    .peer = advert->peer,
    .type = INOS_KAD_ADD_PROVIDER,
    .done = on_advert,
    .data = advert,
    .drop = inos_kad_advert_free,
  };
  struct inos_multiaddr addresses[INOS_KAD_ADDRESSES_MAX];
  struct inos_buffer message = {0};
  unsigned n = inos_kad_addresses_of (kad, &kad->self, addresses);

  inos_kad_put_head (&message, INOS_KAD_ADD_PROVIDER, g_bytes_get_data (advert->key, NULL),
                     g_bytes_get_size (advert->key));
  inos_kad_put_peer (&message, true, &kad->self, addresses, n);
  kad->adverts_out++;
  inos_kad_ask (kad, &request, &message, false);
  inos_buffer_clear (&message);
}

static void send_adverts (struct inos_kad *kad)
{
  if (kad->sending) /* some fail from inside */
    return;
  kad->sending = true;
  while (kad->adverts.length > 0 && kad->adverts_out < ADVERTS_OUT_MAX)
    send_advert (kad, g_queue_pop_head (&kad->adverts));
  kad->sending = false;
  if (kad->adverts.length > 0 || kad->adverts_out > 0 || !kad->sweeping)
    return;
  kad->sweeping = false;
  find_next_due (kad);
  if (kad->keys_due <= inos_env_now (kad->env))
    inos_kad_sweep (kad);
}

/* The INOS_KAD_K of the region's peers that are nearest to @key, as bits. */
static uint64_t nearest_to (const struct region *region, const struct kad_own_key *key)
{
  unsigned order[REGION_PEERS], n = 0;
  uint64_t bits = 0;

  for (unsigned i = 0; i < region->n_peers; i++) {
    unsigned place = n;
    while (place > 0 && inos_kad_nearer (&key->at, &region->peers[i]->key,
                                         &region->peers[order[place - 1]]->key) < 0)
      place--;
    if (place >= INOS_KAD_K)
      continue;
    n = MIN (n + 1, INOS_KAD_K);
    for (unsigned j = n - 1; j > place; j--)
      order[j] = order[j - 1];
    order[place] = i;
  }
  for (unsigned i = 0; i < n; i++)
    bits |= G_GUINT64_CONSTANT (1) << order[i];
  return bits;
}

/* Who may be told: whoever did not fail, and of those who were slow nobody. */
static void collect_peers (const struct kad_lookup *lookup, struct region *region)
{
  for (unsigned i = 0; i < lookup->candidates->len && region->n_peers < REGION_PEERS; i++) {
    const struct kad_candidate *candidate = lookup->candidates->pdata[i];
    if (candidate->state != KAD_FAILED && candidate->state != KAD_SLOW)
      region->peers[region->n_peers++] = candidate;
  }
}

static void collect_keys (const struct kad_lookup *lookup, struct region *region)
{
  const struct inos_kad *kad = lookup->kad;
  uint64_t now = inos_env_now (kad->env);
  struct kad_candidate *near[INOS_KAD_K];
  unsigned n = inos_kad_lookup_nearest (lookup, near), bits = 0;

  /* Fewer than INOS_KAD_K: those are all there are, for every key. */
  if (n == INOS_KAD_K)
    bits = inos_kad_shared (&lookup->target, &near[n - 1]->key);
  for (unsigned i = 0; i < kad->own_keys->len && region->keys->len < REGION_KEYS; i++) {
    struct kad_own_key *key = kad->own_keys->pdata[i];
    if (key->due <= now && inos_kad_shared (&key->at, &lookup->target) >= bits)
      g_ptr_array_add (region->keys, key);
  }
}

/* By peer and not by key, so that each connection is used for all that it is for. */
static void queue_adverts (struct inos_kad *kad, const struct region *region)
{
  for (unsigned i = 0; i < region->n_peers; i++)
    for (unsigned j = 0; j < region->keys->len; j++) {
      struct kad_own_key *key = region->keys->pdata[j];
      if (!(region->near[j] >> i & 1))
        continue;
      struct kad_advert *advert = g_new0 (struct kad_advert, 1);
      advert->peer = region->peers[i]->peer;
      advert->key = g_bytes_ref (key->key);
      advert->at = key->at;
      key->left++;
      g_queue_push_tail (&kad->adverts, advert);
    }
}

static void region_finish (struct kad_lookup *lookup)
{
  struct inos_kad *kad = lookup->kad;
  g_autofree struct region *region = g_new0 (struct region, 1);
  g_autoptr (GPtrArray) keys = g_ptr_array_new();
  uint64_t now = inos_env_now (kad->env);

  region->keys = keys;
  collect_peers (lookup, region);
  collect_keys (lookup, region);
  for (unsigned i = 0; i < keys->len; i++) {
    struct kad_own_key *key = keys->pdata[i];
    key->due = region->n_peers > 0 ? INOS_NEVER : now + RETRY;
    key->left = key->sent = 0;
    region->near[i] = nearest_to (region, key);
  }
  queue_adverts (kad, region);
  if (region->n_peers == 0)
    for (unsigned i = 0; i < keys->len; i++)
      leave_batch (kad, keys->pdata[i]);
  send_adverts (kad);
  tell_ended (kad);
}

static const struct kad_lookup_class region_class = {
  .type = INOS_KAD_FIND_NODE,
  .finish = region_finish,
};

void inos_kad_sweep (struct inos_kad *kad)
{
  uint64_t now = inos_env_now (kad->env);

  if (kad->sweeping)
    return;
  for (unsigned i = 0; i < kad->own_keys->len; i++) {
    const struct kad_own_key *key = kad->own_keys->pdata[i];
    if (key->due > now)
      continue;
    kad->sweeping = true;
    kad->keys_due = INOS_NEVER;
    inos_kad_lookup (kad, &region_class, g_bytes_get_data (key->key, NULL),
                     g_bytes_get_size (key->key), NULL);
    return;
  }
  find_next_due (kad);
}

static bool are_keys (GBytes *const *keys, unsigned n)
{
  struct inos_multihash hash;

  for (unsigned i = 0; i < n; i++) {
    gsize len;
    const void *bytes = g_bytes_get_data (keys[i], &len);
    if (len > INOS_KAD_KEY_MAX || inos_multihash_read (bytes, len, &hash) != (int)len)
      return false;
  }
  return true;
}

static struct kad_own_key *new_key (GBytes *bytes, const struct inos_kad_key *at)
{
  struct kad_own_key *key = g_new0 (struct kad_own_key, 1);

  key->key = g_bytes_ref (bytes);
  key->at = *at;
  return key;
}

bool inos_kad_provide (struct inos_kad *kad, GBytes *const *keys, unsigned n, inos_kad_stored done,
                       void *data)
{
  struct kad_batch *batch = g_new0 (struct kad_batch, 1);
  g_autoptr (GPtrArray) added = g_ptr_array_new();

  if (n == 0 || !are_keys (keys, n) || kad->own_keys->len + n > INOS_KAD_OWN_KEYS) {
    g_free (batch);
    return false;
  }
  *batch = (struct kad_batch){.least = UINT_MAX, .left = 1, .done = done, .data = data};
  for (unsigned i = 0; i < n; i++) {
    struct inos_kad_key at =
      inos_kad_key_of (g_bytes_get_data (keys[i], NULL), g_bytes_get_size (keys[i]));
    struct kad_own_key *key = inos_kad_own_key (kad, &at);
    if (!key) {
      key = new_key (keys[i], &at);
      g_ptr_array_add (added, key);
    }
    if (key->batch == batch) /* twice in @keys */
      continue;
    leave_batch (kad, key); /* who asked before hears of it as it is */
    key->batch = batch;
    key->due = key->left > 0 ? INOS_NEVER : inos_env_now (kad->env);
    batch->left++;
  }
  for (unsigned i = 0; i < added->len; i++)
    g_ptr_array_add (kad->own_keys, added->pdata[i]);
  g_ptr_array_sort (kad->own_keys, compare);
  for (unsigned i = kad->own_keys->len; i > 1; i--) /* one that was there twice in @keys */
    if (compare (&kad->own_keys->pdata[i - 1], &kad->own_keys->pdata[i - 2]) == 0) {
      ((struct kad_own_key *)kad->own_keys->pdata[i - 1])->batch = NULL;
      batch->left--;
      g_ptr_array_remove_index (kad->own_keys, i - 1);
    }
  batch->left--;
  inos_kad_sweep (kad);
  tell_ended (kad);
  return true;
}

void inos_kad_unprovide (struct inos_kad *kad, GBytes *const *keys, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    struct inos_kad_key at =
      inos_kad_key_of (g_bytes_get_data (keys[i], NULL), g_bytes_get_size (keys[i]));
    struct kad_own_key *key = inos_kad_own_key (kad, &at);
    if (!key)
      continue;
    leave_batch (kad, key);
    g_ptr_array_remove (kad->own_keys, key);
  }
  if (!kad->sweeping)
    find_next_due (kad);
  tell_ended (kad);
}
