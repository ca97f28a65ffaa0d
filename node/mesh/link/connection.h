/*
 * A connection: from the bytes of one link (a TCP or WebSocket one, a relayed one) to streams with
 * a peer whose identity is proven. Does no I/O: bytes of the link come in by
 * inos_connection_feed(), bytes for the link go out by `output`.
 *
 *     [pnet] → multistream-select → Noise XX → (early) muxer negotiation → yamux → streams,
 *                                                                each by multistream-select
 *
 * Source: libp2p/specs, connections.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/env.h"
#include "node/mesh/link/meter.h"
#include "node/mesh/link/multistream.h"
#include "node/mesh/link/stream.h"
#include "node/mesh/wire/buffer.h"

#include <glib.h>

#define INOS_HANDSHAKE_TIMEOUT                                                                     \
  (10 * G_GUINT64_CONSTANT (1000000000)) /* ns, of the whole upgrade                               \
                                          */
#define INOS_NEGOTIATION_TIMEOUT (10 * G_GUINT64_CONSTANT (1000000000)) /* ns, of one stream's */
#define INOS_STREAMS_MAX 1024 /* that the peer may have open on one connection */
#define INOS_PSK_SIZE 32

struct inos_connection;

/* How an inbound stream is answered; see inos_connection_events.protocol. */
struct inos_stream_answer {
  const char *name; /* the protocol's, which lives at least as long as the connection */
  const struct inos_stream_handler *handler;
  void *data;
};

/* What it tells. From inside any of these it may be called again, but not freed; it is freed after
 * `closed`. */
struct inos_connection_events {
  /* There are bytes for the link in inos_connection_output(). They can be taken at once or later;
   * what is written until they are goes with them. Also told from inside inos_connection_sent() and
   * functions of streams. */
  void (*output) (void *data);
  /* The peer is who it says. */
  void (*ready) (void *data, const struct inos_peer_id *peer);
  /* The peer proposes @name for a stream that it opened: fill in @answer and return true; false: it
   * is told "na". A handler that takes @stream over meanwhile is told instead of the answer's. */
  bool (*protocol) (void *data, struct inos_stream *stream, const char *name,
                    struct inos_stream_answer *answer);
  /* The peer asks which protocols there are ("ls"): appends each by
   * inos_multistream_append(); may be NULL. */
  void (*protocols) (void *data, struct inos_buffer *out);
  /* It is over; all streams have gone already. What is in its output is still worth sending.
   * @error: why, or NULL for an orderly end. */
  void (*closed) (void *data, const GError *error);
};

struct inos_connection_setup {
  const struct inos_mesh_env *env;
  const struct inos_identity *identity;
  const struct inos_connection_events *events;
  void *data;
  bool initiator;                    /* who dialled */
  const struct inos_peer_id *expect; /* who it must be; NULL: anybody */
  const uint8_t *psk;                /* INOS_PSK_SIZE bytes of a private mesh; NULL: none */
  bool relayed;                      /* said by inos_connection_is_relayed() */
  unsigned streams_max;              /* 0: INOS_STREAMS_MAX */
  struct inos_meter *meter;          /* outlives it; NULL: streams are not counted */
};

/** inos_connection_new: (transfer full): nothing is sent before inos_connection_start(). */
struct inos_connection *inos_connection_new (const struct inos_connection_setup *setup);
/** inos_connection_free: takes NULL. Streams that are left go with INOS_STREAM_LOST. */
void inos_connection_free (struct inos_connection *connection);

void inos_connection_start (struct inos_connection *connection);
/** inos_connection_feed: bytes came by the link. They may be decrypted in place. From inside of
 * `output` they may be kept for the next call, which the deadline asks for. */
void inos_connection_feed (struct inos_connection *connection, uint8_t *bytes, size_t len);
/** inos_connection_feed_end: the link ends; `closed` is told from inside, unless a function of a
 * stream told the `output` that this is called from: then by the next call that is not one, which
 * the deadline asks for. */
void inos_connection_feed_end (struct inos_connection *connection, const GError *error);
/** inos_connection_output: what the link is to send: consume from it what it took, then call
 * inos_connection_sent(). */
struct inos_buffer *inos_connection_output (struct inos_connection *connection);
/** inos_connection_sent: the link took some: streams with room hear of it. */
void inos_connection_sent (struct inos_connection *connection);
/** inos_connection_deadline: see env.h; to be asked again also after functions of its streams. */
uint64_t inos_connection_deadline (const struct inos_connection *connection);
void inos_connection_tick (struct inos_connection *connection);
/** inos_connection_close: says goodbye, then is `closed`, from inside the call as in
 * inos_connection_feed_end(). What streams have not sent yet is lost. */
void inos_connection_close (struct inos_connection *connection);

/**
 * inos_connection_open:
 * @names: protocols, the best first; they and the array outlive the stream
 * @handler: told of the stream, with @data
 *
 * Returns: (nullable): a stream, which may be written to at once; NULL where the connection is not
 * ready, or too many wait for the peer's word. Then @handler is not called.
 */
struct inos_stream *inos_connection_open (struct inos_connection *connection,
                                          const char *const *names, unsigned n_names,
                                          const struct inos_stream_handler *handler, void *data);

/** inos_connection_narrow: lets @output bytes wait for the link, within bounds: what goes before
 * the rest waits for those only. */
void inos_connection_narrow (struct inos_connection *connection, size_t output);
/** inos_connection_hold: whether only what is urgent goes to the output from now on. */
void inos_connection_hold (struct inos_connection *connection, bool held);
/** inos_connection_charge: what waits in its streams counts to @memory (nullable) too, which stays
 * until another takes its place. */
void inos_connection_charge (struct inos_connection *connection, struct inos_memory *memory);
/** inos_connection_urgent: bytes that the link has to take before all that goes before the rest is
 * on its way; 0: nothing does. */
size_t inos_connection_urgent (const struct inos_connection *connection);

/** inos_connection_peer: nobody before `ready`. */
const struct inos_peer_id *inos_connection_peer (const struct inos_connection *connection);
bool inos_connection_is_initiator (const struct inos_connection *connection);
bool inos_connection_is_relayed (const struct inos_connection *connection);
/** inos_connection_inbound_of: how many streams the peer has open for @protocol. */
unsigned inos_connection_inbound_of (const struct inos_connection *connection,
                                     const char *protocol);

struct inos_connection_stats {
  uint64_t sent, received; /* bytes of the link */
  unsigned streams_in, streams_out;
  uint64_t round_trip; /* ns, the last measured by yamux's ping; 0: not yet */
  size_t buffered;     /* bytes beside those that wait in streams */
};
void inos_connection_stats (const struct inos_connection *connection,
                            struct inos_connection_stats *stats);
