/*
 * What the files of a relay share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/relay/circuit.h"
#include "node/mesh/relay/message.h"
#include "node/mesh/relay/opening.h"
#include "node/mesh/relay/server.h"

#define RELAY_SECOND G_GUINT64_CONSTANT (1000000000)
#define RELAY_WISH_TIMEOUT (10 * RELAY_SECOND) /* from a stream to what it is for */
#define RELAY_CALL_TIMEOUT (20 * RELAY_SECOND) /* for the peer that is called to answer */

/* A place that a peer has. */
struct reservation {
  struct inos_peer_id peer;
  uint64_t expires; /* ns */
  bool local;       /* from this machine: does not count for its address */
  unsigned address_len;
  uint8_t address[16]; /* its IP address */
};

/* What a peer wants, before it is answered, and the call that is made for it. */
struct wish {
  struct inos_relay_server *server;
  struct inos_stream *stream, *call; /* NULL: gone; not made */
  struct inos_opening opening, answer;
  struct inos_peer_id from, to; /* to: nobody before it said so */
  uint64_t deadline;
  bool answered; /* only its end is waited for */
  GList link;
};

/* A circuit that there is. */
struct passage {
  struct inos_relay_server *server;
  struct inos_circuit *circuit;
  struct inos_peer_id from, to;
  uint64_t deadline;
  GList link;
};

struct inos_relay_server {
  struct inos_host *host;
  struct inos_relay_server_setup setup;
  struct inos_relay_limits limits;
  struct inos_protocol_offer offer;
  GArray *reservations; /* struct reservation */
  GQueue wishes;        /* struct wish.link; the oldest first */
  GQueue passages;      /* struct passage.link; the oldest first */
  uint64_t refused, passed;
};

/* reservation.c */
/** relay_reserve: @wish is for a place. Fills in the answer. */
void relay_reserve (struct wish *wish, struct inos_relay_message *answer);
/** relay_find: (nullable): the place of @peer. */
struct reservation *relay_find (struct inos_relay_server *server, const struct inos_peer_id *peer);
/** relay_drop: @peer has no place any more. */
void relay_drop (struct inos_relay_server *server, const struct inos_peer_id *peer);
uint64_t relay_reservations_deadline (const struct inos_relay_server *server);
void relay_expire (struct inos_relay_server *server, uint64_t now);

/* service.c */
/** relay_accept: a peer opens a stream of HOP. */
bool relay_accept (void *data, struct inos_stream *stream);
void relay_wish_timeout (struct wish *wish);
