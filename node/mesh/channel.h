/*
 * Messages between peers, for protocols that think in messages: whatever carries them (a stream
 * with a length before each, a datagram, the simulator's network) delivers each whole or not at
 * all, in order for one peer and protocol as long as the connection lives, and proves who sent it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"

#include <stddef.h>

/* What a core that sends messages is given. */
struct inos_channel {
  void *data;
  /* Sends a copy of @message to @to, or drops it where too much waits or @to cannot be reached.
   * Returns: false where it was dropped at once. May not call back into the core. */
  bool (*send) (void *data, const struct inos_peer_id *to, const void *message, size_t len);
};
