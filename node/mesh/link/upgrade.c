/*
 * The upgrade: from a link to a session with a known peer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

#include <string.h>

static const char *const security_names[] = {INOS_NOISE_PROTOCOL};
static const char *const muxer_names[] = {INOS_YAMUX_PROTOCOL};

void connection_upgrade (struct inos_connection *c)
{
  struct inos_buffer out = {0};

  c->state = CONNECTION_SECURITY;
  if (c->setup.initiator)
    inos_multistream_dial (&c->negotiation, security_names, G_N_ELEMENTS (security_names), &out);
  connection_put (c, &out);
}

/* Answers who proposes: this side speaks @name, and nothing else. */
static bool answer (struct inos_connection *c, enum inos_multistream_result result,
                    const char *name, struct inos_buffer *out)
{
  struct inos_buffer list = {0};

  if (result == INOS_MULTISTREAM_ASKED) {
    bool agreed = strcmp (c->negotiation.asked, name) == 0;
    inos_multistream_answer (&c->negotiation, agreed ? name : NULL, out);
    return agreed;
  }
  if (result == INOS_MULTISTREAM_LIST) {
    inos_multistream_append (&list, name);
    inos_multistream_answer_list (&c->negotiation, &list, out);
    inos_buffer_clear (&list);
  }
  return result == INOS_MULTISTREAM_AGREED;
}

static bool has_failed (enum inos_multistream_result result)
{
  return result == INOS_MULTISTREAM_BAD || result == INOS_MULTISTREAM_NONE;
}

static void begin_noise (struct inos_connection *c)
{
  struct inos_buffer out = {0};

  inos_multistream_clear (&c->negotiation);
  c->negotiation = (struct inos_multistream){0};
  c->state = CONNECTION_NOISE;
  c->noise =
    inos_noise_new (c->setup.env, c->setup.identity, c->setup.initiator, INOS_YAMUX_PROTOCOL);
  inos_noise_start (c->noise, &out);
  connection_put (c, &out);
}

size_t connection_take_security (struct inos_connection *c, const uint8_t *bytes, size_t len)
{
  struct inos_buffer out = {0};
  size_t used;
  enum inos_multistream_result result =
    inos_multistream_feed (&c->negotiation, bytes, len, &used, &out);
  bool agreed = answer (c, result, INOS_NOISE_PROTOCOL, &out);

  connection_put (c, &out);
  if (agreed)
    begin_noise (c);
  else if (result == INOS_MULTISTREAM_NONE)
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL,
                     "The peer does not speak " INOS_NOISE_PROTOCOL ", without which nothing is "
                     "secret. It needs a newer libp2p.");
  else if (has_failed (result))
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL, "%s",
                     c->pnet_in ? "What the peer sends makes no sense. It does not belong to this "
                                  "private mesh, or has another pre-shared key."
                                : "The peer does not speak libp2p, or belongs to a private mesh.");
  return used;
}

static void begin_session (struct inos_connection *c)
{
  inos_multistream_clear (&c->negotiation);
  c->state = CONNECTION_OPEN;
  c->deadline = INOS_NEVER;
  inos_yamux_init (&c->yamux, &(struct inos_yamux_setup){
                                .env = c->setup.env,
                                .events = &stream_events,
                                .data = c,
                                .initiator = c->setup.initiator,
                                .inbound_max = c->setup.streams_max,
                              });
  if (c->setup.events->ready)
    c->setup.events->ready (c->setup.data, &c->peer);
}

static void negotiate_muxer (struct inos_connection *c)
{
  struct inos_buffer out = {0};

  switch (inos_noise_muxer (c->noise)) {
  case INOS_NOISE_MUXER_AGREED:
    begin_session (c);
    return;
  case INOS_NOISE_MUXER_NONE:
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL,
                     "The peer does not speak " INOS_YAMUX_PROTOCOL ". It needs a newer libp2p.");
    return;
  case INOS_NOISE_MUXER_OPEN:
  default:
    c->state = CONNECTION_MUXER;
    if (c->setup.initiator)
      inos_multistream_dial (&c->negotiation, muxer_names, G_N_ELEMENTS (muxer_names), &out);
    connection_seal (c, &out);
  }
}

/* Whether the peer is one that this side wants to talk to. */
static bool check_peer (struct inos_connection *c)
{
  char text[INOS_PEER_TEXT_MAX], expected[INOS_PEER_TEXT_MAX];
  const struct inos_peer_id *peer = inos_noise_peer (c->noise);

  if (inos_peer_id_is_set (&c->expect) && !inos_peer_id_equal (&c->expect, peer)) {
    inos_peer_id_text (peer, text);
    inos_peer_id_text (&c->expect, expected);
    connection_fail (c, INOS_LINK_ERROR_IDENTITY,
                     "Another peer answers there: %s, and not %s. The address is out of date.",
                     text, expected);
    return false;
  }
  c->peer = *peer;
  return true;
}

void connection_take_handshake (struct inos_connection *c, uint8_t *frame, size_t len)
{
  struct inos_buffer out = {0};
  GError *error = NULL;

  switch (inos_noise_handshake (c->noise, frame, len, &out, &error)) {
  case INOS_NOISE_MORE:
    connection_put (c, &out);
    return;
  case INOS_NOISE_DONE:
    if (check_peer (c)) { /* before it is told who this side is */
      connection_put (c, &out);
      negotiate_muxer (c);
    }
    inos_buffer_clear (&out);
    return;
  case INOS_NOISE_BAD:
  default:
    inos_buffer_clear (&out);
    connection_end (c, INOS_YAMUX_PROTOCOL_ERROR, error);
  }
}

size_t connection_take_muxer (struct inos_connection *c, const uint8_t *bytes, size_t len)
{
  struct inos_buffer out = {0};
  size_t used;
  enum inos_multistream_result result =
    inos_multistream_feed (&c->negotiation, bytes, len, &used, &out);
  bool agreed = answer (c, result, INOS_YAMUX_PROTOCOL, &out);

  connection_seal (c, &out);
  if (agreed)
    begin_session (c);
  else if (has_failed (result))
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL,
                     "The peer does not speak " INOS_YAMUX_PROTOCOL ". It needs a newer libp2p.");
  return used;
}
