/*
 * What the files of who uses relays share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/relay/client.h"
#include "node/mesh/relay/message.h"
#include "node/mesh/relay/opening.h"

#define RELAY_SECOND G_GUINT64_CONSTANT (1000000000)

enum keep_state {
  KEEP_WAITING,    /* for `next` */
  KEEP_CONNECTING, /* to the relay */
  KEEP_ASKING,     /* on `stream` */
};

/* A place that is wanted at a relay. Counted: a dial cannot be taken back. */
struct keep {
  struct inos_relay_client *client; /* NULL: it is wanted no more */
  struct inos_peer_id relay;
  struct inos_multiaddr address; /* len 0: what the book says */
  enum keep_state state;
  bool held;
  uint64_t expires;  /* ns; when held */
  uint64_t next;     /* ns; when to ask, or to give up asking */
  unsigned failures; /* since the last success */
  char *why;         /* it failed the last time; owned */
  GArray *addresses; /* struct inos_multiaddr: where we are told to listen */
  struct inos_stream *stream;
  struct inos_opening opening;
};

struct inos_relay_client {
  struct inos_host *host;
  struct inos_network network;
  struct inos_protocol_offer stop;
  GPtrArray *keeps; /* struct keep */
  GQueue calls;     /* struct called.link: streams of STOP that say nothing yet; oldest first */
  GQueue links;     /* struct relayed.link */
};

/* keep.c */
void keep_tick (struct keep *keep, uint64_t now);
void keep_lost (struct keep *keep);
/** keep_stop: it is wanted no more. */
void keep_stop (struct keep *keep);
struct keep *keep_new (struct inos_relay_client *client, const struct inos_peer_id *relay,
                       const struct inos_multiaddr *address);

/* call.c: to others, and of others */
void *relay_dial (void *client, const struct inos_multiaddr *address, uint64_t number,
                  GError **error);
void relay_cancel (void *client, void *dialling);
bool relay_stop_accept (void *client, struct inos_stream *stream);
uint64_t relay_calls_deadline (const struct inos_relay_client *client);
void relay_calls_tick (struct inos_relay_client *client, uint64_t now);
/** relay_split: "ADDRESS/p2p/RELAY/p2p-circuit". @address: (out): ADDRESS, which may be empty.
 * Returns: whether it is one. */
bool relay_split (const struct inos_multiaddr *whole, struct inos_multiaddr *address,
                  struct inos_peer_id *relay);

/* relayed.c: links */
/** relayed_dialled: @stream is the answer to the host's dial @number; @rest came on it already. */
void relayed_dialled (struct inos_relay_client *client, struct inos_stream *stream, uint64_t number,
                      const uint8_t *rest, size_t len);
/** relayed_accept: @stream is from somebody who calls. */
void relayed_accept (struct inos_relay_client *client, struct inos_stream *stream,
                     const uint8_t *rest, size_t len);
uint64_t relayed_deadline (const struct inos_relay_client *client);
void relayed_tick (struct inos_relay_client *client, uint64_t now);
