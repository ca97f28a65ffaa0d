/*
 * A real host with its networks on a thread of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/perf.h"
#include "node/mesh/host/ping.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/net/tcp.h"
#include "node/mesh/net/websocket.h"

#include <pthread.h>
#include <stdlib.h>

struct real {
  struct inos_mesh_thread *thread;
  struct inos_identity *identity;
  struct inos_peer_id id;
  struct inos_multiaddr listen; /* at which; len 0: nowhere */
  /* its thread's */
  struct inos_host *host;
  struct inos_tcp *tcp;
  struct inos_websocket *websocket;
  struct inos_ping *ping;
  struct inos_perf *perf;
};

/* Something that is done later, which another thread waits for. */
struct later {
  struct real *real;
  struct inos_peer_id to;
  struct inos_multiaddr address;
  uint64_t up, down;
  pthread_mutex_t lock;
  pthread_cond_t cond;
  bool done;
  /* how it ended */
  bool failed;
  uint64_t round_trip; /* ns */
  struct inos_perf_result result;
};

/** real_new: with the identity of @number; @listen: (nullable). */
struct real *real_new (uint8_t number, const char *listen);
void real_free (struct real *real);
/** real_address: where it listens. */
struct inos_multiaddr real_address (struct real *real);

/* Each waits until it has ended. */
struct later real_connect (struct real *real, const struct inos_peer_id *to,
                           const struct inos_multiaddr *address);
struct later real_ping (struct real *real, const struct inos_peer_id *to);
struct later real_perf (struct real *real, const struct inos_peer_id *to, uint64_t up,
                        uint64_t down);
