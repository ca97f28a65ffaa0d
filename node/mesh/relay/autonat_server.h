/*
 * AutoNAT v2, who is asked: dials the first address that it may of those that a peer names, and
 * says what came of it.
 *
 * So that nobody makes us dial others for nothing, an address that the peer does not come from
 * costs it as many bytes as ten handshakes; and so many are dialled a minute, and no more.
 *
 * Does no I/O; for the thread of its host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_AUTONAT_PER_MINUTE 60u      /* requests that are served */
#define INOS_AUTONAT_PEER_PER_MINUTE 12u /* of one peer */
#define INOS_AUTONAT_COST_MIN 30000u     /* bytes; as the specification has it */
#define INOS_AUTONAT_COST_MAX 100000u

struct inos_autonat_server;

/** inos_autonat_server_new: @anywhere: dials addresses that are not public too, for tests. */
struct inos_autonat_server *inos_autonat_server_new (struct inos_host *host, bool anywhere);
/** inos_autonat_server_free: after the host; takes NULL. */
void inos_autonat_server_free (struct inos_autonat_server *server);
uint64_t inos_autonat_server_deadline (const struct inos_autonat_server *server);
void inos_autonat_server_tick (struct inos_autonat_server *server);
