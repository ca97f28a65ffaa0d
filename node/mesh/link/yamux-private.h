/*
 * What the files of yamux share: frames, and the lists that streams are in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/yamux.h"

enum yamux_type { YAMUX_DATA = 0, YAMUX_WINDOW = 1, YAMUX_PING = 2, YAMUX_GO_AWAY = 3 };
enum yamux_flag { YAMUX_SYN = 1, YAMUX_ACK = 2, YAMUX_FIN = 4, YAMUX_RST = 8 };
#define YAMUX_FLAGS 0xfu

/* Whether @id is one that this side gives. */
static inline bool yamux_is_mine (const struct inos_yamux *yamux, uint32_t id)
{
  return (id % 2 == 1) == yamux->setup.initiator;
}

/** yamux_activate: puts @stream among those with something to send, if it has. */
void yamux_activate (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** yamux_pop_active: (nullable): takes out the one whose turn it is. */
struct inos_yamux_stream *yamux_pop_active (struct inos_yamux *yamux);
/** yamux_enter: puts @stream, which has an id, into the session. */
void yamux_enter (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** yamux_leave: takes it out; what it had to send is dropped. */
void yamux_leave (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** yamux_reset_id: the other side is told that @id is reset. False: too many wait. */
bool yamux_reset_id (struct inos_yamux *yamux, uint32_t id);
/** yamux_acknowledge: the other side knows of the stream. */
void yamux_acknowledge (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
