/*
 * The node's socket: who may connect, what they may ask, and who hears what when.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/listen.h"
#include "node/identity/identity.h"
#include "node/monitor/alerts.h"
#include "node/monitor/monitor.h"

#define INOS_CONNECTIONS_MAX 64
#define INOS_INTERVAL_MIN 100
#define INOS_INTERVAL_MAX 3600000

struct inos_server;

/* What a server speaks of; none of it is owned, and all of it outlives the server. */
struct inos_server_config {
  const struct inos_identity *identity;
  struct inos_monitor *monitor;
  struct inos_alert_config alerts;
  const char *socket;        /* path; systemd's LISTEN_FDS goes before it */
  mode_t socket_mode;        /* 0600 */
  unsigned frame_timeout_ms; /* INOS_FRAME_TIMEOUT_MS */
};

/**
 * inos_server_new:
 * @config: what to serve
 * @error: why not
 *
 * Starts to listen, and to look at the machine once a second, on the default main context of this
 * thread.
 *
 * Returns: (transfer full) (nullable): the server.
 */
struct inos_server *inos_server_new (const struct inos_server_config *config, GError **error);

/** inos_server_free: closes every connection and removes the socket; takes NULL. */
void inos_server_free (struct inos_server *server);

/**
 * inos_interval_grant:
 * @wanted: ms
 *
 * Returns: the interval that is kept: from 100 ms to an hour; below a second 100, 200 or 500 ms,
 * and whole seconds above, so that all subscribers are served by the one wake-up that the monitor
 * needs anyway.
 */
uint32_t inos_interval_grant (uint32_t wanted);
