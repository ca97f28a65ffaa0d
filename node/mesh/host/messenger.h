/*
 * A messenger: messages of one protocol with every peer that speaks it. To each goes one stream
 * that stays open; what comes from each comes on the one that it opened. Messages have their length
 * before them.
 *
 * It is a struct inos_channel for the core above it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/host/host.h"

struct inos_messenger;

struct inos_messenger_events {
  /* @peer speaks @protocol, one of the messenger's, and can be sent to from now on; no more. Up
   * again without a down: one of several connections has gone, and what was said last may be lost.
   */
  void (*up) (void *data, const struct inos_peer_id *peer, const char *protocol);
  void (*down) (void *data, const struct inos_peer_id *peer);
  /* What could not be sent to @peer may be sent now. May be NULL. */
  void (*room) (void *data, const struct inos_peer_id *peer);
  /* Returns: whether it was a message; false: the stream is reset. */
  bool (*message) (void *data, const struct inos_peer_id *peer, const uint8_t *message, size_t len);
};

struct inos_messenger_setup {
  const char *const *names; /* the best first; static */
  unsigned n_names;
  size_t message_max; /* bytes of one that comes */
  bool relayed;       /* also over relayed connections */
  const struct inos_messenger_events *events;
  void *data;
};

/** inos_messenger_new: for the life of @host. */
struct inos_messenger *inos_messenger_new (struct inos_host *host,
                                           const struct inos_messenger_setup *setup);
/** inos_messenger_free: after the host; says nothing more. */
void inos_messenger_free (struct inos_messenger *messenger);
/** inos_messenger_channel: to send with. */
struct inos_channel inos_messenger_channel (struct inos_messenger *messenger);
