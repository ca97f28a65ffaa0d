/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/relays.h"

#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/relay/autonat_server.h"

struct inos_relays {
  struct inos_host *host;
  enum inos_relay_mode mode;
  bool is_private; /* the mesh has a key of its own, so that whoever is here is a member */
  struct inos_relay_client *client;
  struct inos_relay_server *server; /* NULL: this node is no relay */
  struct inos_autonat *autonat;
  struct inos_autonat_server *autonat_server;
  struct inos_dcutr *dcutr; /* NULL: it is switched off */
  struct inos_drive *drives[5];
  bool rests; /* takes nobody new */
};

/* Members are those on the roll; where there is none, those whom this node's own settings name, and
 * all of a private mesh. */
static bool is_member (const struct inos_relays *relays, const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (relays->host), id);

  if (inos_host_is_guarded (relays->host))
    return inos_host_lets_in (relays->host, id);
  if (relays->is_private)
    return true;
  for (guint i = 0; peer && i < peer->addresses->len; i++)
    if (g_array_index (peer->addresses, struct inos_known_address, i).source ==
        INOS_ADDRESS_CONFIGURED)
      return true;
  return false;
}

static bool allows (void *data, const struct inos_peer_id *peer)
{
  const struct inos_relays *relays = data;

  return !relays->rests && (relays->mode == INOS_RELAY_MODE_ON || is_member (relays, peer));
}

static uint64_t client_deadline (void *client)
{
  return inos_relay_client_deadline (client);
}

static void client_tick (void *client)
{
  inos_relay_client_tick (client);
}

static uint64_t server_deadline (void *server)
{
  return inos_relay_server_deadline (server);
}

static void server_tick (void *server)
{
  inos_relay_server_tick (server);
}

static uint64_t autonat_deadline (void *autonat)
{
  return inos_autonat_deadline (autonat);
}

static void autonat_tick (void *autonat)
{
  inos_autonat_tick (autonat);
}

static uint64_t autonat_server_deadline (void *server)
{
  return inos_autonat_server_deadline (server);
}

static void autonat_server_tick (void *server)
{
  inos_autonat_server_tick (server);
}

static uint64_t dcutr_deadline (void *dcutr)
{
  return inos_dcutr_deadline (dcutr);
}

static void dcutr_tick (void *dcutr)
{
  inos_dcutr_tick (dcutr);
}

struct inos_relays *inos_relays_new (struct inos_host *host, const struct inos_identity *identity,
                                     const struct inos_mesh_config *config, GMainContext *context)
{
  struct inos_relays *relays = g_new0 (struct inos_relays, 1);
  const struct inos_mesh_env *env = inos_host_env (host);

  relays->host = host;
  relays->mode = config->relay;
  relays->is_private = config->has_psk;
  relays->client = inos_relay_client_new (host);
  relays->drives[0] =
    inos_drive (context, env, &(struct inos_driven){client_deadline, client_tick, relays->client});
  relays->autonat = inos_autonat_new (host, false);
  relays->autonat_server = inos_autonat_server_new (host, false);
  relays->drives[2] = inos_drive (
    context, env, &(struct inos_driven){autonat_deadline, autonat_tick, relays->autonat});
  relays->drives[3] = inos_drive (
    context, env,
    &(struct inos_driven){autonat_server_deadline, autonat_server_tick, relays->autonat_server});
  if (config->hole_punching) {
    relays->dcutr = inos_dcutr_new (host, false);
    relays->drives[4] =
      inos_drive (context, env, &(struct inos_driven){dcutr_deadline, dcutr_tick, relays->dcutr});
  }
  if (relays->mode == INOS_RELAY_MODE_OFF)
    return relays;
  relays->server = inos_relay_server_new (
    host,
    &(struct inos_relay_server_setup){.identity = identity, .allows = allows, .data = relays});
  relays->drives[1] =
    inos_drive (context, env, &(struct inos_driven){server_deadline, server_tick, relays->server});
  return relays;
}

void inos_relays_stop (struct inos_relays *relays)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (relays->drives); i++)
    inos_drive_end (&relays->drives[i]);
}

void inos_relays_free (struct inos_relays *relays)
{
  if (!relays)
    return;
  inos_relays_stop (relays);
  inos_relay_client_free (relays->client);
  inos_relay_server_free (relays->server);
  inos_autonat_free (relays->autonat);
  inos_autonat_server_free (relays->autonat_server);
  inos_dcutr_free (relays->dcutr);
  g_free (relays);
}

struct inos_relay_client *inos_relays_client (struct inos_relays *relays)
{
  return relays->client;
}

const struct inos_autonat *inos_relays_autonat (const struct inos_relays *relays)
{
  return relays->autonat;
}

const struct inos_dcutr *inos_relays_dcutr (const struct inos_relays *relays)
{
  return relays->dcutr;
}

const struct inos_relay_server *inos_relays_server (const struct inos_relays *relays)
{
  return relays->server;
}

void inos_relays_rest (struct inos_relays *relays, bool rests)
{
  relays->rests = rests;
}
