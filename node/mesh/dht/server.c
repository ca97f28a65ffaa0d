/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

#include <string.h>

#define PROVIDERS_TOLD INOS_KAD_PROVIDERS_OF_KEY

static void put_peer (struct inos_kad *kad, bool provider, const struct inos_peer_id *peer,
                      struct inos_buffer *answer)
{
  struct inos_multiaddr addresses[INOS_KAD_ADDRESSES_MAX];
  unsigned n = inos_kad_addresses_of (kad, peer, addresses);

  inos_kad_put_peer (answer, provider, peer, addresses, n);
}

static void put_closer (struct inos_kad *kad, const struct inos_peer_id *from,
                        const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  struct inos_kad_key target = inos_kad_key_of (asked->key, asked->key_len);
  struct inos_kad_entry near[INOS_KAD_K + 1];
  unsigned n = inos_kad_table_nearest (kad->table, &target, near, INOS_KAD_K + 1), told = 0;

  for (unsigned i = 0; i < n && told < INOS_KAD_K; i++)
    if (!inos_peer_id_equal (&near[i].peer, from)) {
      put_peer (kad, false, &near[i].peer, answer);
      told++;
    }
}

/* The peer itself that is looked for, where it is known but not in the table. */
static void put_sought (struct inos_kad *kad, const struct inos_kad_message *asked,
                        struct inos_buffer *answer)
{
  struct inos_multiaddr addresses[INOS_KAD_ADDRESSES_MAX];
  struct inos_peer_id sought;

  if (!inos_peer_id_read (&sought, asked->key, asked->key_len) ||
      inos_kad_table_find (kad->table, &sought))
    return;
  unsigned n = inos_kad_addresses_of (kad, &sought, addresses);
  if (n > 0)
    inos_kad_put_peer (answer, false, &sought, addresses, n);
}

static bool find_node (struct inos_kad *kad, const struct inos_peer_id *from,
                       const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  inos_kad_put_head (answer, INOS_KAD_FIND_NODE, asked->key, asked->key_len);
  put_sought (kad, asked, answer);
  put_closer (kad, from, asked, answer);
  return true;
}

static bool get_value (struct inos_kad *kad, const struct inos_peer_id *from,
                       const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  const struct inos_kad_record *record =
    inos_record_store_get (kad->records, asked->key, asked->key_len, inos_env_wall (kad->env));

  inos_kad_put_head (answer, INOS_KAD_GET_VALUE, asked->key, asked->key_len);
  if (record)
    inos_kad_put_record (answer, asked->key, asked->key_len, g_bytes_get_data (record->value, NULL),
                         g_bytes_get_size (record->value), record->received);
  put_closer (kad, from, asked, answer);
  return true;
}

static bool put_value (struct inos_kad *kad, const struct inos_peer_id *from,
                       const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  int64_t wall = inos_env_wall (kad->env);

  if (!asked->has_record || asked->record_key_len != asked->key_len ||
      memcmp (asked->record_key, asked->key, asked->key_len) != 0 ||
      !inos_kad_better (kad, asked->key, asked->key_len, asked->value, asked->value_len))
    return false;
  inos_record_store_put (kad->records, asked->key, asked->key_len, asked->value, asked->value_len,
                         wall);
  inos_kad_put_head (answer, INOS_KAD_PUT_VALUE, asked->key, asked->key_len);
  inos_kad_put_record (answer, asked->key, asked->key_len, asked->value, asked->value_len, wall);
  return true;
}

/* Only what a peer says of itself counts. */
static bool add_provider (struct inos_kad *kad, const struct inos_peer_id *from,
                          const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  struct inos_kad_key at = inos_kad_key_of (asked->key, asked->key_len);

  for (unsigned i = 0; i < asked->n_providers; i++) {
    if (!inos_peer_id_equal (&asked->providers[i].id, from))
      continue;
    inos_kad_heard_of (kad, &asked->providers[i]);
    if (!inos_provider_store_add (kad->providers, &at, from, inos_env_now (kad->env)))
      return false;
    if (kad->keeper.provided)
      kad->keeper.provided (kad->keeper.data);
    return true;
  }
  return false;
}

static bool get_providers (struct inos_kad *kad, const struct inos_peer_id *from,
                           const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  struct inos_kad_key at = inos_kad_key_of (asked->key, asked->key_len);
  struct inos_peer_id providers[PROVIDERS_TOLD];
  unsigned n = inos_provider_store_get (kad->providers, &at, inos_env_now (kad->env), providers,
                                        PROVIDERS_TOLD);

  inos_kad_put_head (answer, INOS_KAD_GET_PROVIDERS, asked->key, asked->key_len);
  put_closer (kad, from, asked, answer);
  if (inos_kad_own_key (kad, &at))
    put_peer (kad, true, &kad->self, answer);
  for (unsigned i = 0; i < n; i++)
    if (!inos_peer_id_equal (&providers[i], &kad->self))
      put_peer (kad, true, &providers[i], answer);
  return true;
}

static bool ping (struct inos_kad *kad, const struct inos_peer_id *from,
                  const struct inos_kad_message *asked, struct inos_buffer *answer)
{
  inos_kad_put_head (answer, INOS_KAD_PING, NULL, 0);
  return true;
}

bool inos_kad_serve (struct inos_kad *kad, const struct inos_peer_id *from, const void *bytes,
                     size_t len, struct inos_buffer *answer)
{
  static const struct {
    bool (*serve) (struct inos_kad *kad, const struct inos_peer_id *from,
                   const struct inos_kad_message *asked, struct inos_buffer *answer);
    bool needs_key;
  } kinds[] = {
    [INOS_KAD_PUT_VALUE] = {put_value, true},
    [INOS_KAD_GET_VALUE] = {get_value, true},
    [INOS_KAD_ADD_PROVIDER] = {add_provider, true},
    [INOS_KAD_GET_PROVIDERS] = {get_providers, true},
    [INOS_KAD_FIND_NODE] = {find_node, true},
    [INOS_KAD_PING] = {ping, false},
  };
  g_autofree struct inos_kad_message *asked = g_new (struct inos_kad_message, 1);

  bool served = kad->server && inos_kad_message_read (asked, bytes, len) &&
                (asked->key_len > 0 || !kinds[asked->type].needs_key) &&
                kinds[asked->type].serve (kad, from, asked, answer);
  if (served)
    kad->stats.served++;
  else
    kad->stats.refused++;
  return served;
}
