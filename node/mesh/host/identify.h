/*
 * Identify: each peer tells the other who it is, where it listens and what it speaks, when they
 * meet, and again when that changes ("push").
 *
 * Source: libp2p/specs, identify.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/wire/buffer.h"

#define INOS_IDENTIFY_PROTOCOL "/ipfs/id/1.0.0"
#define INOS_IDENTIFY_PUSH_PROTOCOL "/ipfs/id/push/1.0.0"
#define INOS_IDENTIFY_MAX 65536u /* bytes of what a peer says of itself */

struct inos_identify;

/** inos_identify_new: begins to ask and to answer for @host, which it must not outlive. */
struct inos_identify *inos_identify_new (struct inos_host *host);
void inos_identify_free (struct inos_identify *identify);

/** inos_identify_again: what @peer may speak with this node has changed: it is told, where there is
 * a connection, and watchers hear that it is identified, again. */
void inos_identify_again (struct inos_identify *identify, const struct inos_peer_id *peer);

/** inos_identify_renew: what this node speaks has changed: all are told. */
void inos_identify_renew (struct inos_identify *identify);

/** inos_identify_write: appends what @host says of itself to @to, who is at @observed. */
void inos_identify_write (struct inos_host *host, const struct inos_peer_id *to,
                          const struct inos_multiaddr *observed, struct inos_buffer *out);
/**
 * inos_identify_read: takes what @id said of itself into @host's book.
 *
 * What is wrong in it is left out, for it concerns its sender alone.
 *
 * Returns: whether it is a message at all, and @id's.
 */
bool inos_identify_read (struct inos_host *host, const struct inos_peer_id *id, const void *bytes,
                         size_t len);
