/*
 * A relay: peers that cannot be reached keep a place here, and others reach them through it.
 *
 * Does no I/O: on the streams of a host; for its thread. Everything that it keeps for others is
 * bounded: see the limits. A peer keeps its place as long as it stays connected, and until it
 * expires.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

/* 0: the default, which is go-libp2p's where it has one. */
struct inos_relay_limits {
  unsigned reservations;      /* 128 */
  unsigned per_address;       /* reservations from one IP address; 8; loopback excepted */
  unsigned circuits;          /* 256 */
  unsigned circuits_per_peer; /* that it began, and that lead to it; 16 of each */
  uint64_t life;              /* ns, of a reservation; 1 h */
  uint64_t duration;          /* ns, of a circuit; 2 min */
  uint64_t data;              /* bytes each way of a circuit; 128 KiB */
};

struct inos_relay_server_setup {
  const struct inos_identity *identity; /* signs vouchers; outlives it */
  struct inos_relay_limits limits;
  /* Returns: whether @peer may have a place here. NULL: everybody. Who has one may be reached by
   * everybody. */
  bool (*allows) (void *data, const struct inos_peer_id *peer);
  void *data;
};

struct inos_relay_server;

/** inos_relay_server_new: relays for peers of @host from now on. */
struct inos_relay_server *inos_relay_server_new (struct inos_host *host,
                                                 const struct inos_relay_server_setup *setup);
/** inos_relay_server_free: after the host; takes NULL. */
void inos_relay_server_free (struct inos_relay_server *server);

uint64_t inos_relay_server_deadline (const struct inos_relay_server *server);
void inos_relay_server_tick (struct inos_relay_server *server);

struct inos_relay_server_stats {
  unsigned reservations, circuits; /* that there are */
  uint64_t refused;                /* requests */
  uint64_t passed;                 /* bytes of circuits that have ended */
};
void inos_relay_server_stats (const struct inos_relay_server *server,
                              struct inos_relay_server_stats *stats);
