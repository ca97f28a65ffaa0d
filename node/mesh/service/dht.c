/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/dht.h"

#include "node/mesh/host/questions.h"
#include "node/mesh/service/dht_records.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/wire/cid.h"

#include <sodium.h>
#include <string.h>

#define STREAMS_MAX 64u                                       /* inbound of one peer */
#define HEARSAY_LIFE (1800 * G_GUINT64_CONSTANT (1000000000)) /* ns */

struct inos_dht {
  struct inos_host *host;
  const struct inos_identity *identity;
  struct inos_questions *questions;
  struct inos_kad *kad;
  struct inos_dht_records *records;
  struct inos_kad_network network;
  struct inos_kad_validator validators[2];
  struct inos_drive *drives[2];
};

/* What the core asks of the streams */

static void ask (void *data, const struct inos_peer_id *peer, const void *message, size_t len,
                 bool expects, uint64_t ticket)
{
  inos_questions_ask (((struct inos_dht *)data)->questions, peer, message, len, expects,
                      INOS_KAD_TIMEOUT, ticket);
}

static void heard (void *data, const struct inos_peer_id *id,
                   const struct inos_multiaddr *addresses, unsigned n)
{
  struct inos_dht *dht = data;
  uint64_t now = inos_env_now (inos_host_env (dht->host));

  if (n == 0 || inos_peer_id_equal (id, inos_host_id (dht->host)))
    return;
  struct inos_peer *peer = inos_peer_book_get (inos_host_book (dht->host), id, now);
  for (unsigned i = 0; i < n; i++)
    inos_peer_learn (peer, &addresses[i], INOS_ADDRESS_HEARSAY, now + HEARSAY_LIFE);
}

static unsigned own_addresses (struct inos_host *host, struct inos_multiaddr *out, unsigned max)
{
  const GArray *list = inos_host_listening_at (host);
  unsigned n = MIN (list->len, max);

  for (unsigned i = 0; i < n; i++)
    out[i] = g_array_index (list, struct inos_multiaddr, i);
  return n;
}

static unsigned addresses (void *data, const struct inos_peer_id *id, struct inos_multiaddr *out,
                           unsigned max)
{
  struct inos_host *host = ((struct inos_dht *)data)->host;

  if (inos_peer_id_equal (id, inos_host_id (host)))
    return own_addresses (host, out, max);
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (host), id);
  unsigned n = peer ? MIN (peer->addresses->len, max) : 0;
  for (unsigned i = 0; i < n; i++)
    out[i] = g_array_index (peer->addresses, struct inos_known_address, i).address;
  return n;
}

/* A /16 of IPv4, a /32 of IPv6; whoever is on a private network may be near to many. */
static void group (void *data, const struct inos_peer_id *id, struct inos_kad_group *out)
{
  struct inos_multiaddr_part part;
  struct inos_multiaddr address;
  size_t offset = 0;

  *out = (struct inos_kad_group){0};
  if (!inos_host_peer_address (((struct inos_dht *)data)->host, id, &address) ||
      inos_multiaddr_reach (&address) != INOS_REACH_PUBLIC ||
      !inos_multiaddr_next (&address, &offset, &part))
    return;
  if (part.code != INOS_MULTIADDR_IP4 && part.code != INOS_MULTIADDR_IP6)
    return;
  out->len = part.code == INOS_MULTIADDR_IP4 ? 2 : 4;
  memcpy (out->bytes, part.value, out->len);
}

/* What the streams tell */

static bool on_question (void *data, const struct inos_peer_id *peer, const uint8_t *question,
                         size_t len, struct inos_buffer *answer)
{
  return inos_kad_serve (((struct inos_dht *)data)->kad, peer, question, len, answer);
}

static void on_answered (void *data, uint64_t ticket, const uint8_t *answer, size_t len,
                         const GError *why)
{
  struct inos_kad *kad = ((struct inos_dht *)data)->kad;

  if (why)
    inos_kad_failed (kad, ticket);
  else
    inos_kad_answer (kad, ticket, answer, len);
}

static void on_identified (void *data, const struct inos_peer_id *id)
{
  struct inos_dht *dht = data;
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (dht->host), id);

  if (peer && inos_peer_speaks (peer, INOS_KAD_PROTOCOL) && inos_host_lets_in (dht->host, id))
    inos_kad_add_peer (dht->kad, id);
  else
    inos_kad_remove_peer (dht->kad, id);
}

static void on_nothing (void *data, const struct inos_peer_id *peer)
{
}

/* Life cycle */

static uint64_t kad_deadline (void *data)
{
  return inos_kad_deadline (((struct inos_dht *)data)->kad);
}

static void kad_tick (void *data)
{
  inos_kad_tick (((struct inos_dht *)data)->kad);
}

static uint64_t questions_deadline (void *data)
{
  return inos_questions_deadline (((struct inos_dht *)data)->questions);
}

static void questions_tick (void *data)
{
  inos_questions_tick (((struct inos_dht *)data)->questions);
}

static void on_put_again (void *data, unsigned peers)
{
}

static void add_record (void *data, const struct inos_kad_record *record)
{
  g_ptr_array_add (data, g_bytes_ref (record->key));
  g_ptr_array_add (data, g_bytes_ref (record->value));
}

/* What this node has put, it goes on to put. */
static void put_again (struct inos_dht *dht)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  char self[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (inos_host_id (dht->host), self);
  g_autofree char *own = g_strconcat ("/" INOS_DHT_SPACE "/", self, "/", NULL);
  inos_kad_each_record (dht->kad, add_record, all);
  for (guint i = 0; i < all->len; i += 2) {
    gsize key_len, len;
    const void *key = g_bytes_get_data (all->pdata[i], &key_len);
    const void *value = g_bytes_get_data (all->pdata[i + 1], &len);
    if (key_len > strlen (own) && memcmp (key, own, strlen (own)) == 0)
      inos_kad_put (dht->kad, key, key_len, value, len, on_put_again, NULL);
  }
}

/* And what it provides, for people. Whoever offers a service does so again itself. */
static void provide_again (struct inos_dht *dht)
{
  const GPtrArray *own = inos_dht_records_owned (dht->records);

  for (guint i = 0; i < own->len; i++) {
    GBytes *keys[] = {own->pdata[i]};
    inos_kad_provide (dht->kad, keys, 1, NULL, NULL);
  }
}

struct inos_dht *inos_dht_new (struct inos_host *host, const struct inos_identity *identity,
                               GMainContext *context, const char *state_dir)
{
  static const struct inos_host_events events = {
    .connected = on_nothing, .disconnected = on_nothing, .identified = on_identified};
  struct inos_dht *dht = g_new0 (struct inos_dht, 1);
  const struct inos_mesh_env *env = inos_host_env (host);

  dht->host = host;
  dht->identity = identity;
  dht->network = (struct inos_kad_network){dht, ask, heard, addresses, group};
  dht->validators[0] = inos_kad_pk_validator;
  dht->validators[1] = inos_kad_signed_validator (INOS_DHT_SPACE);
  dht->questions =
    inos_questions_new (host, &(struct inos_questions_setup){.name = INOS_KAD_PROTOCOL,
                                                             .message_max = INOS_KAD_MESSAGE_MAX,
                                                             .streams_max = STREAMS_MAX,
                                                             .serve = true,
                                                             .answer = on_question,
                                                             .answered = on_answered,
                                                             .data = dht});
  dht->records = inos_dht_records_new (context, state_dir);
  dht->kad =
    inos_kad_new (&(struct inos_kad_setup){.env = env,
                                           .network = &dht->network,
                                           .self = *inos_host_id (host),
                                           .server = true,
                                           .validators = dht->validators,
                                           .n_validators = 2,
                                           .keeper = inos_dht_records_keeper (dht->records)});
  inos_dht_records_load (dht->records, dht->kad);
  put_again (dht);
  provide_again (dht);
  inos_host_watch (host, &events, dht);
  dht->drives[0] = inos_drive (context, env, &(struct inos_driven){kad_deadline, kad_tick, dht});
  dht->drives[1] =
    inos_drive (context, env, &(struct inos_driven){questions_deadline, questions_tick, dht});
  return dht;
}

void inos_dht_stop (struct inos_dht *dht)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (dht->drives); i++)
    inos_drive_end (&dht->drives[i]);
  inos_dht_records_stop (dht->records);
}

void inos_dht_free (struct inos_dht *dht)
{
  if (!dht)
    return;
  inos_dht_stop (dht);
  inos_questions_free (dht->questions);
  inos_kad_free (dht->kad);
  inos_dht_records_free (dht->records);
  g_free (dht);
}

bool inos_dht_serve (struct inos_dht *dht, bool serves)
{
  inos_kad_set_server (dht->kad, serves);
  return inos_questions_serve (dht->questions, serves);
}

struct inos_kad *inos_dht_kad (struct inos_dht *dht)
{
  return dht->kad;
}

/* Names */

static char *key_below (const char *peer, const char *name)
{
  g_autofree char *key = g_strdup_printf ("/" INOS_DHT_SPACE "/%s/%s", peer, name);

  return *name && strlen (key) <= INOS_DHT_KEY_MAX ? g_steal_pointer (&key) : NULL;
}

char *inos_dht_key (struct inos_dht *dht, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", 4);
  bool whole = g_strv_length (parts) == 4 && !*parts[0] && strcmp (parts[1], INOS_DHT_SPACE) == 0;
  char **rest = whole ? parts + 2 : parts;
  struct inos_peer_id peer;
  char text[INOS_PEER_TEXT_MAX];

  if (*name == '/' && !whole)
    return NULL;
  if (!rest[0] || !rest[1] || !inos_peer_id_parse (&peer, rest[0]))
    return whole ? NULL : key_below (inos_identity_peer_id (dht->identity), name);
  inos_peer_id_text (&peer, text);
  return key_below (text, strchr (whole ? name + strlen ("/" INOS_DHT_SPACE "/") : name, '/') + 1);
}

bool inos_dht_provide (struct inos_dht *dht, GBytes *key, inos_kad_stored done, void *data)
{
  GBytes *keys[] = {key};

  if (!inos_kad_provide (dht->kad, keys, 1, done, data))
    return false;
  inos_dht_records_own (dht->records, key);
  return true;
}

bool inos_dht_unprovide (struct inos_dht *dht, GBytes *key)
{
  GBytes *keys[] = {key};

  if (!inos_dht_records_disown (dht->records, key))
    return false;
  inos_kad_unprovide (dht->kad, keys, 1);
  return true;
}

GBytes *inos_dht_content (const char *name)
{
  uint8_t digest[crypto_hash_sha256_BYTES], hash[INOS_MULTIHASH_MAX];
  struct inos_cid cid;

  if (inos_cid_parse (&cid, name)) {
    struct inos_multihash named = inos_cid_parts (&cid).hash;
    return g_bytes_new (hash, inos_multihash_put (hash, named.code, named.digest, named.len));
  }
  crypto_hash_sha256 (digest, (const uint8_t *)name, strlen (name));
  return g_bytes_new (hash, inos_multihash_put (hash, INOS_HASH_SHA2_256, digest, sizeof digest));
}

bool inos_dht_put (struct inos_dht *dht, const char *key, const void *data, size_t len,
                   inos_kad_stored done, void *done_data)
{
  struct inos_buffer value = {0};
  uint64_t number = (uint64_t)inos_env_wall (inos_host_env (dht->host));

  inos_kad_sign (dht->identity, key, strlen (key), number, data, len, &value);
  bool taken = inos_kad_put (dht->kad, key, strlen (key), inos_buffer_data (&value),
                             inos_buffer_len (&value), done, done_data);
  inos_buffer_clear (&value);
  return taken;
}
