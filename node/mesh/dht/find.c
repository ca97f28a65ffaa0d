/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

#define REFRESH_DEPTH 12 /* buckets: the deeper ones are filled by looking for this node itself */
#define REFRESH_TRIES 16384 /* ids that are tried to find one in the last of them */

struct find_peers {
  inos_kad_peers done;
  void *data;
  struct inos_peer_id sought; /* nobody: not a peer */
  bool found;
};

static void peers_answer (struct kad_lookup *lookup, struct kad_candidate *from,
                          const struct inos_kad_message *message)
{
  struct find_peers *find = lookup->data;

  find->found |= inos_peer_id_equal (&from->peer, &find->sought);
  for (unsigned i = 0; i < message->n_closer && !find->found; i++)
    find->found = inos_peer_id_equal (&message->closer[i].id, &find->sought) &&
                  message->closer[i].addresses.at != message->closer[i].addresses.end;
  if (find->found)
    inos_kad_lookup_finish (lookup);
}

static void peers_finish (struct kad_lookup *lookup)
{
  g_autofree struct find_peers *find = lookup->data;
  struct kad_candidate *near[INOS_KAD_K];
  struct inos_peer_id peers[INOS_KAD_K];
  unsigned n = inos_kad_lookup_nearest (lookup, near);

  for (unsigned i = 0; i < n; i++)
    peers[i] = near[i]->peer;
  if (find->done)
    find->done (find->data, peers, n, find->found);
}

static const struct kad_lookup_class peers_class = {
  .type = INOS_KAD_FIND_NODE,
  .answer = peers_answer,
  .finish = peers_finish,
  .drop = g_free,
};

void inos_kad_find_peer (struct inos_kad *kad, const struct inos_peer_id *peer, inos_kad_peers done,
                         void *data)
{
  struct find_peers *find;

  if (inos_peer_id_equal (peer, &kad->self) || inos_kad_table_find (kad->table, peer)) {
    done (data, peer, 1, true);
    return;
  }
  find = g_new0 (struct find_peers, 1);
  *find = (struct find_peers){.done = done, .data = data, .sought = *peer};
  inos_kad_lookup (kad, &peers_class, peer->bytes, peer->len, find);
}

void inos_kad_find_nearest (struct inos_kad *kad, const void *key, size_t len, inos_kad_peers done,
                            void *data)
{
  struct find_peers *find = g_new0 (struct find_peers, 1);

  *find = (struct find_peers){.done = done, .data = data};
  inos_kad_lookup (kad, &peers_class, key, len, find);
}

/* An id whose place shares just @shared bits with this node's. False: none was found. */
static bool make_id (const struct inos_kad *kad, unsigned shared, uint8_t id[34])
{
  uint64_t number;

  inos_env_random (kad->env, id, 34);
  id[0] = 0x12; /* SHA-256, of 32 bytes */
  id[1] = 32;
  inos_env_random (kad->env, &number, sizeof number);
  for (unsigned i = 0; i < REFRESH_TRIES; i++, number++) {
    for (unsigned j = 0; j < sizeof number; j++)
      id[2 + j] = (uint8_t)(number >> (8 * j));
    struct inos_kad_key key = inos_kad_key_of (id, 34);
    if (inos_kad_shared (&key, &kad->key) == shared)
      return true;
  }
  return false;
}

/* Those near this node are known: on with the others, a bucket at a time. */
static void refresh_buckets (void *data, const struct inos_peer_id *peers, unsigned n, bool found)
{
  struct inos_kad *kad = data;
  unsigned depth = inos_kad_table_depth (kad->table);
  uint8_t id[34];

  if (inos_kad_table_count (kad->table) < INOS_KAD_K) /* then they are all there are */
    return;
  for (unsigned i = 0; i < MIN (depth, REFRESH_DEPTH); i++)
    if (make_id (kad, i, id))
      inos_kad_find_nearest (kad, id, sizeof id, NULL, NULL);
}

void inos_kad_refresh (struct inos_kad *kad)
{
  inos_kad_find_nearest (kad, kad->self.bytes, kad->self.len, refresh_buckets, kad);
}

struct find_providers {
  inos_kad_provider each;
  void *data;
  unsigned max;
  GArray *found; /* struct inos_peer_id */
};

static void tell_provider (struct find_providers *find, const struct inos_peer_id *provider)
{
  for (unsigned i = 0; i < find->found->len; i++)
    if (inos_peer_id_equal (&g_array_index (find->found, struct inos_peer_id, i), provider))
      return;
  if (find->found->len >= find->max)
    return;
  g_array_append_val (find->found, *provider);
  find->each (find->data, provider);
}

static void providers_answer (struct kad_lookup *lookup, struct kad_candidate *from,
                              const struct inos_kad_message *message)
{
  struct find_providers *find = lookup->data;

  for (unsigned i = 0; i < message->n_providers; i++) {
    inos_kad_heard_of (lookup->kad, &message->providers[i]);
    tell_provider (find, &message->providers[i].id);
  }
  if (find->found->len >= find->max)
    inos_kad_lookup_finish (lookup);
}

static void providers_free (void *data)
{
  struct find_providers *find = data;

  g_array_unref (find->found);
  g_free (find);
}

static void providers_finish (struct kad_lookup *lookup)
{
  struct find_providers *find = lookup->data;

  find->each (find->data, NULL);
  providers_free (find);
}

static const struct kad_lookup_class providers_class = {
  .type = INOS_KAD_GET_PROVIDERS,
  .answer = providers_answer,
  .finish = providers_finish,
  .drop = providers_free,
};

void inos_kad_find_providers (struct inos_kad *kad, const void *key, size_t len, unsigned max,
                              inos_kad_provider each, void *data)
{
  struct find_providers *find = g_new0 (struct find_providers, 1);
  struct inos_kad_key at = inos_kad_key_of (key, len);
  struct inos_peer_id known[INOS_KAD_PROVIDERS_OF_KEY];

  *find = (struct find_providers){
    .each = each,
    .data = data,
    .max = max,
    .found = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id)),
  };
  unsigned n = inos_provider_store_get (kad->providers, &at, inos_env_now (kad->env), known,
                                        INOS_KAD_PROVIDERS_OF_KEY);
  if (inos_kad_own_key (kad, &at))
    tell_provider (find, &kad->self);
  for (unsigned i = 0; i < n; i++)
    tell_provider (find, &known[i]);
  if (find->found->len < max) {
    inos_kad_lookup (kad, &providers_class, key, len, find);
    return;
  }
  each (data, NULL);
  providers_free (find);
}
