/*
 * The DHT, as the rest of the node uses it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include <string.h>

#define PROVIDERS_MAX 20u /* that are looked for */
#define ADDRESSES_MAX 16u /* that are said of one */
#define QUORUM 3u         /* values that are compared */

/* Values */

static void on_stored (void *data, unsigned peers)
{
  inos_ask_answer (data, g_variant_new ("(u)", peers));
}

/* Returns: (transfer full) (nullable): the key of the first parameter; NULL: it was refused. */
static char *read_key (struct inos_ask *ask)
{
  const char *name;
  char *key;

  g_variant_get_child (inos_ask_parameters (ask), 0, "&s", &name);
  key = inos_dht_key (inos_ask_parts (ask)->dht, name);
  if (!key)
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "“%.40s” is no key: NAME of this node's own, PEER/NAME of another's.", name);
  return key;
}

void inos_ask_put (struct inos_ask *ask)
{
  g_autofree char *key = read_key (ask);
  g_autoptr (GVariant) content = NULL;
  gsize len;

  if (!key)
    return;
  g_variant_get_child (inos_ask_parameters (ask), 1, "@ay", &content);
  const void *bytes = g_variant_get_fixed_array (content, &len, 1);
  if (len > INOS_DHT_VALUE_MAX)
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "A value has at most %u bytes.",
                     INOS_DHT_VALUE_MAX);
  else if (!inos_dht_put (inos_ask_parts (ask)->dht, key, bytes, len, on_stored, ask))
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "A node puts values below its own id only, and 4096 at most.");
}

struct search {
  struct inos_ask *ask;
  char *key;
};

static void on_value (void *data, const uint8_t *value, size_t len)
{
  struct search *search = data;
  struct inos_peer_id signer;
  const uint8_t *bytes;
  uint64_t number;
  size_t size;

  if (value && inos_kad_signed_read (search->key, strlen (search->key), value, len, &signer,
                                     &number, &bytes, &size))
    inos_ask_answer (search->ask, g_variant_new ("(@ay)", g_variant_new_fixed_array (
                                                            G_VARIANT_TYPE_BYTE, bytes, size, 1)));
  else
    inos_ask_refuse (search->ask, INOS_API_ERROR_NOT_FOUND, "The DHT has no value for this key.");
  g_free (search->key);
  g_free (search);
}

void inos_ask_get (struct inos_ask *ask)
{
  g_autofree char *key = read_key (ask);

  if (!key)
    return;
  struct search *search = g_new0 (struct search, 1);
  search->ask = ask;
  search->key = g_strdup (key);
  inos_kad_get (inos_dht_kad (inos_ask_parts (ask)->dht), key, strlen (key), QUORUM, on_value,
                search);
}

/* Providers */

void inos_ask_provide (struct inos_ask *ask)
{
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  g_autoptr (GBytes) key = inos_dht_content (name);
  if (!inos_dht_provide (inos_ask_parts (ask)->dht, key, on_stored, ask))
    inos_ask_refuse (ask, INOS_API_ERROR_TOO_MANY, "The node provides too many things already.");
}

void inos_ask_unprovide (struct inos_ask *ask)
{
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  g_autoptr (GBytes) key = inos_dht_content (name);
  if (inos_dht_unprovide (inos_ask_parts (ask)->dht, key))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "The node does not provide this.");
}

static void add_addresses (GVariantBuilder *list, struct inos_host *host,
                           const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (host), id);

  for (guint i = 0; peer && i < MIN (peer->addresses->len, ADDRESSES_MAX); i++) {
    g_autofree char *text =
      inos_multiaddr_text (&g_array_index (peer->addresses, struct inos_known_address, i).address);
    g_variant_builder_add (list, "s", text);
  }
}

struct listing {
  struct inos_ask *ask;
  GVariantBuilder rows;
};

static void on_provider (void *data, const struct inos_peer_id *provider)
{
  struct listing *listing = data;
  GVariantBuilder list;
  char id[INOS_PEER_TEXT_MAX];

  if (!provider) {
    inos_ask_answer (listing->ask,
                     g_variant_new ("(@a(sas))", g_variant_builder_end (&listing->rows)));
    g_free (listing);
    return;
  }
  inos_peer_id_text (provider, id);
  g_variant_builder_init (&list, G_VARIANT_TYPE ("as"));
  add_addresses (&list, inos_ask_parts (listing->ask)->host, provider);
  g_variant_builder_add (&listing->rows, "(s@as)", id, g_variant_builder_end (&list));
}

void inos_ask_providers (struct inos_ask *ask)
{
  struct listing *listing = g_new0 (struct listing, 1);
  const char *name;
  gsize len;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  g_autoptr (GBytes) key = inos_dht_content (name);
  const void *bytes = g_bytes_get_data (key, &len);
  listing->ask = ask;
  g_variant_builder_init (&listing->rows, G_VARIANT_TYPE ("a(sas)"));
  inos_kad_find_providers (inos_dht_kad (inos_ask_parts (ask)->dht), bytes, len, PROVIDERS_MAX,
                           on_provider, listing);
}

/* Peers */

static void on_found (void *data, const struct inos_peer_id *peers, unsigned n, bool found)
{
  struct inos_ask *ask = data;
  struct inos_peer_id id;
  GVariantBuilder list;

  if (!inos_ask_peer (ask, &id))
    return;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("as"));
  add_addresses (&list, inos_ask_parts (ask)->host, &id);
  g_autoptr (GVariant) rows = g_variant_ref_sink (g_variant_builder_end (&list));
  if (g_variant_n_children (rows) > 0)
    inos_ask_answer (ask, g_variant_new ("(@as)", rows));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "Nobody who was asked knows this peer.");
}

void inos_ask_find_peer (struct inos_ask *ask)
{
  struct inos_peer_id peer;

  if (inos_ask_peer (ask, &peer))
    inos_kad_find_peer (inos_dht_kad (inos_ask_parts (ask)->dht), &peer, on_found, ask);
}
