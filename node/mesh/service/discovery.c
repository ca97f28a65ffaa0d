/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/discovery.h"

#include "node/mesh/net/mdns_socket.h"

#include <sodium.h>

#define LIFE (300 * G_GUINT64_CONSTANT (1000000000)) /* ns that an address is believed */
#define ENOUGH 64u /* peers: with so many the local network is not asked for more */
#define FINGERPRINT_SIZE 16u
#define FINGERPRINT_DOMAIN "inos mesh fingerprint"

struct inos_discovery {
  struct inos_host *host;
  struct inos_mdns_socket *socket;
};

/* One that has failed a moment ago is left alone; so is one that is there, and all but the first
 * many. */
static bool is_wanted (struct inos_discovery *discovery, const struct inos_peer *peer, uint64_t now)
{
  struct inos_host_totals totals;

  if (inos_host_is_connected (discovery->host, &peer->id) || !inos_peer_may_be_dialled (peer, now))
    return false;
  inos_host_totals (discovery->host, &totals);
  return totals.peers < ENOUGH;
}

static void on_found (void *data, const struct inos_peer_id *id,
                      const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  struct inos_discovery *discovery = data;
  uint64_t now = inos_env_now (inos_host_env (discovery->host));

  if (inos_peer_id_equal (id, inos_host_id (discovery->host)))
    return;
  struct inos_peer *peer = inos_peer_book_get (inos_host_book (discovery->host), id, now);
  for (unsigned i = 0; i < n_addresses; i++)
    inos_peer_learn (peer, &addresses[i], INOS_ADDRESS_HEARSAY, now + LIFE);
  if (is_wanted (discovery, peer, now))
    inos_host_connect (discovery->host, id, NULL, 0, NULL, NULL);
}

/* What tells a private mesh from others, and does not tell its key. */
static void fingerprint (const uint8_t psk[INOS_PSK_SIZE], char text[2 * FINGERPRINT_SIZE + 1])
{
  uint8_t digest[FINGERPRINT_SIZE];

  crypto_generichash (digest, sizeof digest, (const uint8_t *)FINGERPRINT_DOMAIN,
                      sizeof FINGERPRINT_DOMAIN - 1, psk, INOS_PSK_SIZE);
  sodium_bin2hex (text, 2 * FINGERPRINT_SIZE + 1, digest, sizeof digest);
}

struct inos_discovery *inos_discovery_new (struct inos_host *host, GMainContext *context,
                                           const uint8_t psk[INOS_PSK_SIZE])
{
  struct inos_discovery *discovery = g_new0 (struct inos_discovery, 1);
  char network[2 * FINGERPRINT_SIZE + 1];
  g_autoptr (GError) error = NULL;

  if (psk)
    fingerprint (psk, network);
  discovery->host = host;
  discovery->socket = inos_mdns_socket_new (context, inos_host_id (host), psk ? network : NULL,
                                            on_found, discovery, &error);
  if (discovery->socket) {
    inos_discovery_moved (discovery);
    return discovery;
  }
  g_message ("Peers of the local network are not looked for: %s", error->message);
  g_free (discovery);
  return NULL;
}

void inos_discovery_free (struct inos_discovery *discovery)
{
  if (!discovery)
    return;
  inos_mdns_socket_free (discovery->socket);
  g_free (discovery);
}

void inos_discovery_moved (struct inos_discovery *discovery)
{
  if (!discovery)
    return;
  const GArray *all = inos_host_listening_at (discovery->host);
  g_autoptr (GArray) near = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));
  for (guint i = 0; i < all->len; i++) /* who hears it needs no relay */
    if (!inos_multiaddr_has (&g_array_index (all, struct inos_multiaddr, i),
                             INOS_MULTIADDR_P2P_CIRCUIT))
      g_array_append_val (near, g_array_index (all, struct inos_multiaddr, i));
  inos_mdns_socket_set_addresses (
    discovery->socket, (const struct inos_multiaddr *)(const void *)near->data, near->len);
}
