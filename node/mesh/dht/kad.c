/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

#define EXPIRY_PERIOD (60 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define QUIET (60 * G_GUINT64_CONSTANT (1000000000)) /* ns; who was heard of since is there */

struct inos_kad *inos_kad_new (const struct inos_kad_setup *setup)
{
  struct inos_kad *kad = g_new0 (struct inos_kad, 1);

  kad->env = setup->env;
  kad->network = setup->network;
  kad->self = setup->self;
  kad->key = inos_kad_key_of_peer (&setup->self);
  kad->server = setup->server;
  kad->validators = setup->validators;
  kad->n_validators = setup->n_validators;
  kad->table = inos_kad_table_new (&kad->key);
  kad->keeper = setup->keeper;
  kad->records = inos_record_store_new (&kad->key, &setup->keeper);
  kad->providers = inos_provider_store_new (kad->env);
  kad->by_ticket = g_hash_table_new (g_int64_hash, g_int64_equal);
  kad->own_values = g_ptr_array_new_with_free_func (inos_kad_own_value_free);
  kad->own_keys = g_ptr_array_new_with_free_func (inos_kad_own_key_free);
  kad->values_due = kad->keys_due = kad->next_refresh = INOS_NEVER;
  kad->next_expiry = inos_env_now (kad->env) + EXPIRY_PERIOD;
  return kad;
}

static void drop_lookup (struct kad_lookup *lookup)
{
  if (lookup->klass->drop)
    lookup->klass->drop (lookup->data);
  inos_kad_lookup_free (lookup);
}

static void drop_request (struct inos_kad *kad, struct kad_request *request)
{
  if (request->drop)
    request->drop (request->data);
  g_queue_unlink (&kad->requests, &request->link);
  inos_kad_request_free (request);
}

void inos_kad_free (struct inos_kad *kad)
{
  if (!kad)
    return;
  while (kad->lookups.head)
    drop_lookup (kad->lookups.head->data);
  while (kad->requests.head)
    drop_request (kad, kad->requests.head->data);
  g_queue_clear_full (&kad->ended, g_free);
  g_hash_table_unref (kad->by_ticket);
  inos_kad_table_free (kad->table);
  inos_record_store_free (kad->records);
  inos_provider_store_free (kad->providers);
  g_queue_clear_full (&kad->adverts, inos_kad_advert_free);
  g_ptr_array_unref (kad->own_values);
  g_ptr_array_unref (kad->own_keys);
  g_free (kad);
}

static void on_checked (struct inos_kad *kad, struct kad_request *request,
                        const struct inos_kad_message *message)
{
  if (!message) /* one that answered has been added anew by then */
    inos_kad_table_remove (kad->table, &request->peer);
}

/* Asks one that has long been quiet for what is near this node: nobody need know what for. */
static void check (struct inos_kad *kad, struct inos_kad_entry *entry)
{
  struct kad_request request = {
    .peer = entry->peer,
    .type = INOS_KAD_FIND_NODE,
    .done = on_checked,
  };
  struct inos_buffer message = {0};

  entry->checking = true;
  inos_kad_put_head (&message, INOS_KAD_FIND_NODE, kad->self.bytes, kad->self.len);
  inos_kad_ask (kad, &request, &message, true);
  inos_buffer_clear (&message);
}

void inos_kad_add_peer (struct inos_kad *kad, const struct inos_peer_id *peer)
{
  struct inos_kad_group group = {0};
  uint64_t now = inos_env_now (kad->env);

  if (inos_peer_id_equal (peer, &kad->self))
    return;
  if (kad->network->group)
    kad->network->group (kad->network->data, peer, &group);
  bool first = inos_kad_table_count (kad->table) == 0;
  struct inos_kad_entry *quietest = inos_kad_table_add (kad->table, peer, &group, now);
  if (quietest && quietest->heard + QUIET <= now)
    check (kad, quietest);
  if (first)
    kad->next_refresh = now;
}

void inos_kad_remove_peer (struct inos_kad *kad, const struct inos_peer_id *peer)
{
  inos_kad_table_remove (kad->table, peer);
}

void inos_kad_set_server (struct inos_kad *kad, bool server)
{
  kad->server = server;
}

void inos_kad_heard_of (struct inos_kad *kad, const struct inos_kad_peer *peer)
{
  struct inos_multiaddr addresses[INOS_KAD_ADDRESSES_MAX];
  struct inos_kad_peer reader = *peer;
  unsigned n = 0;

  if (!kad->network->heard || inos_peer_id_equal (&peer->id, &kad->self))
    return;
  while (n < INOS_KAD_ADDRESSES_MAX && inos_kad_next_address (&reader, &addresses[n]))
    n++;
  if (n > 0)
    kad->network->heard (kad->network->data, &peer->id, addresses, n);
}

unsigned inos_kad_addresses_of (struct inos_kad *kad, const struct inos_peer_id *peer,
                                struct inos_multiaddr out[INOS_KAD_ADDRESSES_MAX])
{
  return kad->network->addresses
           ? kad->network->addresses (kad->network->data, peer, out, INOS_KAD_ADDRESSES_MAX)
           : 0;
}

uint64_t inos_kad_deadline (const struct inos_kad *kad)
{
  uint64_t deadline = MIN (inos_kad_requests_deadline (kad), kad->next_refresh);
  bool keeps =
    inos_record_store_count (kad->records) > 0 || inos_provider_store_count (kad->providers) > 0;

  deadline = MIN (deadline, MIN (kad->values_due, kad->keys_due));
  return keeps ? MIN (deadline, kad->next_expiry) : deadline;
}

void inos_kad_tick (struct inos_kad *kad)
{
  uint64_t now = inos_env_now (kad->env);

  inos_kad_expire_requests (kad);
  if (kad->next_expiry <= now) {
    kad->next_expiry = now + EXPIRY_PERIOD;
    inos_record_store_expire (kad->records, inos_env_wall (kad->env));
    inos_provider_store_expire (kad->providers, now);
  }
  if (kad->next_refresh <= now) {
    kad->next_refresh = now + (kad->server ? INOS_KAD_REFRESH : INOS_KAD_REFRESH_CLIENT);
    inos_kad_refresh (kad);
  }
  if (kad->values_due <= now)
    inos_kad_republish (kad);
  if (kad->keys_due <= now)
    inos_kad_sweep (kad);
}

bool inos_kad_load_record (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                           size_t value_len, int64_t received)
{
  if (received + INOS_KAD_RECORD_TIME <= inos_env_wall (kad->env) ||
      !inos_kad_better (kad, key, key_len, value, value_len))
    return false;
  inos_record_store_load (kad->records, key, key_len, value, value_len, received);
  return true;
}

void inos_kad_each_record (const struct inos_kad *kad,
                           void (*each) (void *data, const struct inos_kad_record *record),
                           void *data)
{
  inos_record_store_each (kad->records, each, data);
}

void inos_kad_stats (const struct inos_kad *kad, struct inos_kad_stats *stats)
{
  *stats = kad->stats;
  stats->peers = inos_kad_table_count (kad->table);
  stats->records = inos_record_store_count (kad->records);
  stats->provided = inos_provider_store_count (kad->providers);
  stats->own_keys = kad->own_keys->len;
  stats->own_values = kad->own_values->len;
  stats->open = kad->requests.length;
}
