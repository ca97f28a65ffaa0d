/*
 * Links of a host: from a network's bytes to a connection with a peer, and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/private.h"

#define PATIENCE INOS_SECONDS (1) /* with a link that does not say who it is, when others wait */
#define STREAMS_MAX 32u           /* inbound of one peer and protocol, where its offer says none */
#define FLUSH_MAX (4u * 1024 * 1024) /* bytes of one link before another gets its turn */

/* What its connection tells */

static void on_output (void *data)
{
  struct inos_link *link = data;

  link->dirty = true;
  link->host->dirty = true;
}

/* How much worth has whoever is in the way: a peer has per_peer connections at most, and the
 * newest of them are closed. */
static bool has_room (struct inos_link *link, const struct inos_peer *peer)
{
  return peer->links->len < link->host->limits.per_peer;
}

static void on_ready (void *data, const struct inos_peer_id *id)
{
  struct inos_link *link = data;
  struct inos_host *host = link->host;
  uint64_t now = inos_env_now (host->setup.env);

  link->ready = true;
  if (link->gated)
    inos_gate_ready (host->gate);
  struct inos_peer *peer = inos_peer_book_get (host->book, id, now);
  if (!has_room (link, peer) || inos_peer_id_equal (id, &host->id)) {
    if (link->dial)
      inos_dials_ready (host, link); /* who dials is connected all the same */
    inos_link_close (link);
    return;
  }
  bool directly = peer->announced && !inos_connection_is_relayed (link->connection) &&
                  !inos_peer_is_direct (peer);
  link->peer = peer;
  inos_shape_peer (host, peer);
  inos_connection_charge (link->connection, &peer->memory);
  g_ptr_array_add (peer->links, link);
  if (link->dial && !inos_connection_is_relayed (link->connection)) {
    inos_peer_learn (peer, &link->remote, INOS_ADDRESS_CONNECTED, now + INOS_SECONDS (7200));
    inos_peer_dialled (peer, &link->remote, INOS_DIAL_WORKED, now);
  }
  if (!peer->announced) {
    peer->announced = true;
    inos_host_tell_connected (host, id);
  } else if (directly) {
    inos_host_tell_direct (host, id);
  }
  if (link->dial)
    inos_dials_ready (host, link);
  if (!inos_connection_is_relayed (link->connection))
    inos_dials_met (host, id);
}

static bool has_enough (const struct inos_peer *peer, const struct inos_protocol_offer *offer)
{
  unsigned max = offer->streams_max > 0 ? offer->streams_max : STREAMS_MAX, open = 0;

  for (guint i = 0; i < peer->links->len; i++)
    open += inos_connection_inbound_of (((struct inos_link *)peer->links->pdata[i])->connection,
                                        offer->name);
  return open >= max;
}

static bool on_protocol (void *data, struct inos_stream *stream, const char *name,
                         struct inos_stream_answer *answer)
{
  struct inos_link *link = data;
  const struct inos_protocol_offer *offer = inos_host_offer_of (link->host, name);

  if (!offer || (!offer->relayed && inos_connection_is_relayed (link->connection)))
    return false;
  const struct inos_peer_id *id = inos_connection_peer (link->connection);
  if (!inos_host_may_speak (link->host, id, offer)) {
    link->host->guard->refused (link->host->guard_data, id, name);
    return false;
  }
  if (!link->peer || has_enough (link->peer, offer) || inos_shape_refuses (link->host, name)) {
    inos_stream_reset (stream); /* and not "na": it does speak that */
    return false;
  }
  *answer = (struct inos_stream_answer){offer->name, offer->handler, offer->data};
  return !offer->accept || offer->accept (offer->data, stream);
}

static void on_protocols (void *data, struct inos_buffer *out)
{
  struct inos_link *link = data;
  const GPtrArray *offers = link->host->offers;
  const struct inos_peer_id *id = inos_connection_peer (link->connection);

  for (guint i = 0; i < offers->len; i++) {
    const struct inos_protocol_offer *offer = offers->pdata[i];
    if (inos_host_may_speak (link->host, id, offer))
      inos_multistream_append (out, offer->name);
  }
}

static void leave_peer (struct inos_link *link)
{
  struct inos_peer *peer = g_steal_pointer (&link->peer);

  if (!peer)
    return;
  g_ptr_array_remove (peer->links, link);
  inos_connection_charge (link->connection, NULL);
  peer->seen = inos_env_now (link->host->setup.env);
  if (!peer->announced)
    return;
  peer->announced = peer->links->len > 0;
  if (link->host->freeing)
    return;
  if (peer->announced)
    inos_host_tell_fewer (link->host, &peer->id);
  else
    inos_host_tell_disconnected (link->host, &peer->id);
}

static void on_closed (void *data, const GError *error)
{
  struct inos_link *link = data;
  struct inos_host *host = link->host;

  if (link->over)
    return;
  link->over = true;
  host->litter = true;
  if (link->gated)
    inos_gate_leave (host->gate, &link->remote, !link->ready);
  leave_peer (link);
  if (link->dial && !link->ready)
    inos_dials_failed (host, link, error);
}

static const struct inos_connection_events events = {on_output, on_ready, on_protocol, on_protocols,
                                                     on_closed};

/* Life cycle */

struct inos_link *inos_link_new (struct inos_host *host, const struct inos_link_class *klass,
                                 void *object, uint64_t dial, const struct inos_peer_id *expect,
                                 const struct inos_multiaddr *remote,
                                 const struct inos_multiaddr *local, bool initiator)
{
  struct inos_link *link = g_new0 (struct inos_link, 1);

  link->host = host;
  link->klass = klass;
  link->object = object;
  link->dial = dial;
  link->since = inos_env_now (host->setup.env);
  link->remote = *remote;
  if (local)
    link->local = *local;
  link->connection = inos_connection_new (&(struct inos_connection_setup){
    .env = host->setup.env,
    .identity = host->setup.identity,
    .events = &events,
    .data = link,
    .initiator = initiator,
    .expect = expect,
    .psk = host->setup.psk,
    .meter = host->meter,
    .relayed = inos_multiaddr_has (remote, INOS_MULTIADDR_P2P_CIRCUIT),
  });
  inos_shape_link (link);
  g_ptr_array_add (host->links, link);
  return link;
}

void inos_link_start (struct inos_link *link)
{
  inos_connection_start (link->connection);
}

void inos_link_close (struct inos_link *link)
{
  if (!link->over)
    inos_connection_close (link->connection);
}

void inos_link_free (struct inos_link *link)
{
  if (link->object)
    link->klass->close (link->object);
  inos_connection_free (link->connection);
  g_free (link);
}

/* Bytes */

static void count_out (struct inos_link *link, size_t len)
{
  uint64_t now = inos_env_now (link->host->setup.env);

  inos_flow_add (&link->host->out, len, now);
  if (link->peer)
    inos_flow_add (&link->peer->out, len, now);
}

static void count_in (struct inos_link *link, size_t len)
{
  uint64_t now = inos_env_now (link->host->setup.env);

  inos_flow_add (&link->host->in, len, now);
  if (link->peer)
    inos_flow_add (&link->peer->in, len, now);
}

void inos_link_flush (struct inos_link *link)
{
  size_t sent = 0;

  link->dirty = false;
  while (link->object && sent < FLUSH_MAX) {
    inos_connection_hold (link->connection, link->waits);
    struct inos_buffer *out = inos_connection_output (link->connection);
    size_t len = inos_buffer_len (out), room = len > 0 ? inos_shape_room (link) : 0;
    len = MIN (len, room);
    size_t took = len > 0 ? link->klass->send (link->object, inos_buffer_data (out), len) : 0;
    if (took == 0)
      return;
    inos_buffer_consume (out, took);
    count_out (link, took);
    inos_shape_sent (link, took);
    sent += took;
    inos_connection_sent (link->connection);
    if (took < len)
      return;
  }
  if (link->object)
    on_output (link);
}

void inos_host_link_bytes (struct inos_link *link, uint8_t *bytes, size_t len)
{
  struct inos_host *host = link->host;

  inos_host_enter (host);
  count_in (link, len);
  inos_shape_received (link, len);
  if (!link->over)
    inos_connection_feed (link->connection, bytes, len);
  inos_host_leave (host);
}

void inos_host_link_room (struct inos_link *link)
{
  struct inos_host *host = link->host;

  inos_host_enter (host);
  on_output (link);
  inos_host_leave (host);
}

void inos_host_link_closed (struct inos_link *link, const GError *error)
{
  struct inos_host *host = link->host;

  inos_host_enter (host);
  link->object = NULL;
  if (!link->over)
    inos_connection_feed_end (link->connection, error);
  inos_host_leave (host);
}

/* Where all places of those that have not said who they are are taken, the one that has taken
 * longest gives its own up, unless it has just come: who only sits there keeps nobody out. */
static bool make_way (struct inos_host *host, uint64_t now)
{
  for (guint i = 0; i < host->links->len; i++) {
    struct inos_link *link = host->links->pdata[i];
    if (link->over || link->ready || !link->gated)
      continue;
    if (now - link->since < PATIENCE)
      return false;
    inos_link_close (link);
    return true;
  }
  return false;
}

static const char *enter (struct inos_host *host, const struct inos_multiaddr *remote)
{
  uint64_t now = inos_env_now (host->setup.env);

  if (inos_gate_is_full (host->gate))
    make_way (host, now);
  return inos_gate_enter (host->gate, remote, now);
}

struct inos_link *inos_host_accept (struct inos_host *host, const struct inos_link_class *klass,
                                    void *object, const struct inos_multiaddr *remote,
                                    const struct inos_multiaddr *local)
{
  inos_host_enter (host);
  const char *why_not = enter (host, remote);

  if (why_not) {
    g_autofree char *text = inos_multiaddr_text (remote);
    g_info ("A connection from %s was refused: %s.", text, why_not);
    inos_host_leave (host);
    return NULL;
  }
  struct inos_peer_id whom;
  bool met = inos_dials_meets (host, remote, &whom);
  struct inos_link *link =
    inos_link_new (host, klass, object, 0, met ? &whom : NULL, remote, local, met);
  link->gated = true;
  inos_link_start (link);
  inos_host_trim (host);
  inos_host_leave (host);
  return link;
}
