/*
 * How the words of members travel: as sealed datagrams, and where those do not get through, or
 * longer ones, on a stream of the connection that there is; where there is none, one is made. On
 * the mesh's thread.
 *
 * On streams of "/inos/member/1.0.0" each message begins with a byte: 0 what is a message to the
 * core, 1 what is a datagram to it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/host/host.h"
#include "node/mesh/link/datagrams.h"

#define INOS_MEMBER_PROTOCOL "/inos/member/1.0.0"
#define INOS_CARRIER_WAITING_MAX 256u /* messages that wait for a stream */
#define INOS_CARRIER_WAITING_BYTES (1024u * 1024u)
#define INOS_CARRIER_WAITING_LIFE UINT64_C (10000000000) /* ns */

struct inos_member_carrier;

struct inos_member_carrier_events {
  void (*datagram) (void *data, const struct inos_peer_id *from, const void *bytes, size_t len);
  void (*message) (void *data, const struct inos_peer_id *from, const void *bytes, size_t len);
  /* @peer speaks the protocol, and there is a connection to it. */
  void (*met) (void *data, const struct inos_peer_id *peer);
  /* Whether @peer is known as a member; it may not call back. */
  bool (*is_member) (void *data, const struct inos_peer_id *peer);
  /* Where @peer says that it is. Returns: how many there are in @out; may not call back. */
  unsigned (*addresses) (void *data, const struct inos_peer_id *peer, struct inos_multiaddr *out,
                         unsigned max);
};

/** inos_member_carrier_new: @psk: (nullable): of a private mesh. */
struct inos_member_carrier *
inos_member_carrier_new (struct inos_host *host, const struct inos_identity *identity,
                         const uint8_t *psk, GMainContext *context,
                         const struct inos_member_carrier_events *events, void *data);
/** inos_member_carrier_stop: before the host is freed: nothing comes or goes any more. */
void inos_member_carrier_stop (struct inos_member_carrier *carrier);
/** inos_member_carrier_free: after the host. Takes NULL. */
void inos_member_carrier_free (struct inos_member_carrier *carrier);

/** inos_member_carrier_listen: for datagrams, where the host listens at @address of TCP. What does
 * not work the log says. */
void inos_member_carrier_listen (struct inos_member_carrier *carrier,
                                 const struct inos_multiaddr *address);
/** inos_member_carrier_at: (out): where datagrams are taken at the same IP address as @tcp. */
bool inos_member_carrier_at (const struct inos_member_carrier *carrier,
                             const struct inos_multiaddr *tcp, struct inos_multiaddr *udp);
/** inos_member_carrier_learn: where @peer's record says that it listens, the host's book knows too.
 */
void inos_member_carrier_learn (struct inos_member_carrier *carrier,
                                const struct inos_peer_id *peer);
struct inos_channel inos_member_carrier_datagrams (struct inos_member_carrier *carrier);
struct inos_channel inos_member_carrier_messages (struct inos_member_carrier *carrier);
const struct inos_datagrams_stats *
inos_member_carrier_stats (const struct inos_member_carrier *carrier);
