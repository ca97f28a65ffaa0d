/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/members.h"

#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/service/member_carrier.h"

#include <string.h>

#define FAREWELL_MS 500 /* in which goodbye is said: two rounds of gossip */
#define MIB 20
#define GIB 30
#define LOAD_STEP 50u /* per mille: smaller changes are no news */

struct inos_membership {
  struct inos_host *host;
  const struct inos_identity *identity;
  GMainContext *context;
  struct inos_member_carrier *carrier;
  struct inos_member_trust trust;
  struct inos_member_store *store;
  struct inos_members *members;
  struct inos_member_metadata metadata;
  struct inos_drive *drive;
  inos_mesh_on_member on_member;
  void *data;
};

const char *inos_membership_state (enum inos_member_state state)
{
  static const char *const names[] = {[INOS_MEMBER_ALIVE] = "alive",
                                      [INOS_MEMBER_SUSPECT] = "suspect",
                                      [INOS_MEMBER_DEAD] = "dead",
                                      [INOS_MEMBER_LEFT] = "left"};

  return names[state];
}

/* Trust */

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  inos_identity_sign (((struct inos_membership *)data)->identity, bytes, len, signature);
}

/* Who may not come in is no member, whatever it says of itself. */
static bool admit (void *data, const struct inos_peer_id *id)
{
  return inos_host_lets_in (((struct inos_membership *)data)->host, id);
}

static bool verify (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                    const uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];

  return inos_peer_id_key (id, key) && inos_signature_is_right (key, bytes, len, signature);
}

/* What the core tells */

static void on_member (void *data, enum inos_member_event event, const struct inos_member *member)
{
  struct inos_membership *self = data;
  const struct inos_peer_id *id = &inos_member_record (member)->id;

  if (event == INOS_MEMBER_CHANGED || !self->drive) /* at its end it drops all */
    return;
  const char *state =
    event == INOS_MEMBER_DROPPED ? NULL : inos_membership_state (inos_member_state (member));
  self->on_member (self->data, id, state, inos_members_count (self->members));
}

/* What the carrier asks and tells */

static void on_datagram (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  inos_members_datagram (((struct inos_membership *)data)->members, from, bytes, len);
}

static void on_message (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  inos_members_message (((struct inos_membership *)data)->members, from, bytes, len);
}

static void on_met (void *data, const struct inos_peer_id *peer)
{
  inos_members_meet (((struct inos_membership *)data)->members, peer);
}

static bool is_member (void *data, const struct inos_peer_id *peer)
{
  return inos_members_find (((struct inos_membership *)data)->members, peer);
}

static unsigned addresses (void *data, const struct inos_peer_id *peer, struct inos_multiaddr *out,
                           unsigned max)
{
  const struct inos_member *member =
    inos_members_find (((struct inos_membership *)data)->members, peer);
  unsigned n = 0;

  if (!member)
    return 0;
  const struct inos_member_metadata metadata =
    inos_member_record_metadata (inos_member_record (member));
  for (unsigned i = 0; i < metadata.n_addresses && n < max; i++)
    if (inos_multiaddr_read (&out[n], metadata.addresses[i].bytes, metadata.addresses[i].len))
      n++;
  return n;
}

static const struct inos_member_carrier_events carrier_events = {on_datagram, on_message, on_met,
                                                                 is_member, addresses};

/* What it says of itself */

static void add_address (struct inos_member_metadata *metadata,
                         const struct inos_multiaddr *address)
{
  if (metadata->n_addresses == INOS_MEMBER_ADDRESSES || address->len > INOS_MEMBER_ADDRESS_MAX)
    return;
  struct inos_member_address *to = &metadata->addresses[metadata->n_addresses++];
  to->len = address->len;
  memcpy (to->bytes, address->bytes, address->len);
}

/* Those of TCP with a reach from @least to @most, each with where datagrams are taken there. */
static void add_addresses (struct inos_membership *self, enum inos_multiaddr_reach least,
                           enum inos_multiaddr_reach most)
{
  const GArray *listening = inos_host_listening_at (self->host);

  for (guint i = 0; i < listening->len; i++) {
    const struct inos_multiaddr *tcp = &g_array_index (listening, struct inos_multiaddr, i);
    enum inos_multiaddr_reach reach = inos_multiaddr_reach (tcp);
    struct inos_multiaddr udp;
    if (reach < least || reach > most || inos_multiaddr_has (tcp, INOS_MULTIADDR_WS))
      continue;
    add_address (&self->metadata, tcp);
    if (inos_member_carrier_at (self->carrier, tcp, &udp))
      add_address (&self->metadata, &udp);
  }
}

static void say (struct inos_membership *self)
{
  inos_members_set_metadata (self->members, &self->metadata);
}

void inos_membership_moved (struct inos_membership *self)
{
  self->metadata.n_addresses = 0;
  memset (self->metadata.addresses, 0, sizeof self->metadata.addresses);
  add_addresses (self, INOS_REACH_PRIVATE, INOS_REACH_PUBLIC);
  if (self->metadata.n_addresses == 0) /* a mesh on one machine, as tests have */
    add_addresses (self, INOS_REACH_LOOPBACK, INOS_REACH_LOOPBACK);
  say (self);
}

void inos_membership_listen (struct inos_membership *self, const struct inos_multiaddr *address)
{
  inos_member_carrier_listen (self->carrier, address);
}

void inos_membership_describe (struct inos_membership *self,
                               const struct inos_member_figures *figures)
{
  struct inos_member_metadata *metadata = &self->metadata;
  unsigned load = MIN (figures->load, 1000u);

  if (load > metadata->load + LOAD_STEP || load + LOAD_STEP < metadata->load ||
      metadata->cores == 0)
    metadata->load = (uint16_t)load;
  metadata->cores = (uint16_t)MIN (figures->cores, UINT16_MAX);
  metadata->gpus = (uint16_t)MIN (figures->gpus, UINT16_MAX);
  metadata->memory = (uint32_t)MIN (figures->memory >> MIB, UINT32_MAX);
  metadata->storage = (uint32_t)MIN (figures->storage >> GIB, UINT32_MAX);
  say (self);
}

/* Life cycle */

static uint64_t deadline (void *members)
{
  return inos_members_deadline (members);
}

static void tick (void *members)
{
  inos_members_tick (members);
}

struct inos_membership *inos_membership_new (struct inos_host *host,
                                             const struct inos_identity *identity,
                                             GMainContext *context,
                                             const struct inos_mesh_config *config,
                                             inos_mesh_on_member listener, void *data)
{
  static const struct inos_members_events events = {on_member};
  struct inos_membership *self = g_new0 (struct inos_membership, 1);
  const struct inos_mesh_env *env = inos_host_env (host);

  self->host = host;
  self->identity = identity;
  self->context = context;
  self->on_member = listener;
  self->data = data;
  self->trust =
    (struct inos_member_trust){.data = self, .sign = sign, .verify = verify, .admit = admit};
  self->store = inos_member_store_new (env, &self->trust);
  g_strlcpy (self->metadata.region, config->region, sizeof self->metadata.region);
  self->carrier = inos_member_carrier_new (host, identity, config->has_psk ? config->psk : NULL,
                                           context, &carrier_events, self);
  self->members = inos_members_new (&(struct inos_members_setup){
    .env = env,
    .trust = &self->trust,
    .store = self->store,
    .id = *inos_host_id (host),
    .datagrams = inos_member_carrier_datagrams (self->carrier),
    .messages = inos_member_carrier_messages (self->carrier),
    .events = &events,
    .data = self,
    .metadata = self->metadata,
  });
  self->drive = inos_drive (context, env, &(struct inos_driven){deadline, tick, self->members});
  return self;
}

static gboolean on_over (gpointer data)
{
  *(bool *)data = true;
  return G_SOURCE_REMOVE;
}

void inos_membership_leave (struct inos_membership *self)
{
  bool others = inos_members_count (self->members) > 1, over = false;
  GSource *timer = NULL;

  inos_members_leave (self->members);
  if (!others)
    return;
  timer = g_timeout_source_new (FAREWELL_MS);
  g_source_set_callback (timer, on_over, &over, NULL);
  g_source_attach (timer, self->context);
  while (!over)
    g_main_context_iteration (self->context, TRUE);
  g_source_unref (timer);
}

void inos_membership_stop (struct inos_membership *self)
{
  inos_drive_end (&self->drive);
  inos_member_carrier_stop (self->carrier);
}

void inos_membership_free (struct inos_membership *self)
{
  if (!self)
    return;
  inos_membership_stop (self);
  inos_member_carrier_free (self->carrier);
  inos_members_free (self->members);
  inos_member_store_free (self->store);
  g_free (self);
}

void inos_membership_expel (struct inos_membership *self, const struct inos_peer_id *peer)
{
  inos_members_expel (self->members, peer);
}

void inos_membership_learn (struct inos_membership *self, const struct inos_peer_id *peer)
{
  inos_member_carrier_learn (self->carrier, peer);
}

struct inos_members *inos_membership_members (struct inos_membership *self)
{
  return self->members;
}

const struct inos_datagrams_stats *inos_membership_datagrams (const struct inos_membership *self)
{
  return inos_member_carrier_stats (self->carrier);
}

void inos_membership_rest (struct inos_membership *self, bool rests)
{
  inos_members_rest (self->members, rests);
}
