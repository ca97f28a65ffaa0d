/*
 * A peer made by hand, which can do what no connection of ours would: it says anything after an
 * honest handshake, or during it. It listens or dials; the connection that it tries is the other
 * side of a pair, of which only sides[1] exists.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/noise.h"
#include "node/mesh/link/yamux.h"
#include "pair.h"

enum { RAW_DATA, RAW_WINDOW, RAW_PING, RAW_GO_AWAY };
enum { RAW_SYN = 1, RAW_ACK = 2, RAW_FIN = 4, RAW_RST = 8 };

struct raw {
  struct pair pair;
  struct inos_connection *connection; /* the one that is tried */
  struct inos_noise *noise;
  struct inos_buffer got;   /* of the link, as it came */
  struct inos_buffer plain; /* of it, what was in frames */
};

struct raw_frame {
  unsigned type, flags;
  uint32_t id, len;
  const uint8_t *bytes;
};

/** raw_init: @dials: whether the peer by hand does; @muxer: (nullable): what it speaks. */
void raw_init (struct raw *raw, bool dials, const char *muxer);
/** raw_upgrade: does the whole upgrade honestly. */
void raw_upgrade (struct raw *raw);
void raw_clear (struct raw *raw);
/** raw_say: bytes of the link. */
void raw_say (struct raw *raw, const void *bytes, size_t len);
/** raw_seal: the same in a frame of Noise. */
void raw_seal (struct raw *raw, const void *bytes, size_t len);
/** raw_frame: the same in a frame of yamux. */
void raw_frame (struct raw *raw, unsigned type, unsigned flags, uint32_t id, const void *bytes,
                size_t len);
/** raw_listen: takes what the connection has to say. */
void raw_listen (struct raw *raw);
/** raw_next: the next frame that it said, which lies in raw->plain; false: none. */
bool raw_next (struct raw *raw, struct raw_frame *frame);
/** raw_expect: the next bytes of the link. */
void raw_expect (struct raw *raw, const void *bytes, size_t len);
