/*
 * What the files of a connection share.
 *
 * Calls into a connection nest: a handler that is told of something calls again. Each public
 * function is between connection_enter() and connection_leave(); the outermost leave tells what
 * came up meanwhile, and frees streams that have gone. So nobody's ground is pulled away.
 *
 * A call that may not tell a stream's handler anything, such as inos_stream_write(), is `quiet`:
 * what comes up then waits for the next call that is not, which inos_connection_deadline() asks
 * for at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/connection.h"
#include "node/mesh/link/link_error.h"
#include "node/mesh/link/multistream.h"
#include "node/mesh/link/noise.h"
#include "node/mesh/link/pnet.h"
#include "node/mesh/link/yamux.h"

/* As much waits to be taken by the link, unless inos_connection_narrow() says less; the rest stays
 * in its streams' queues, where it can still be taken back, and where others can be served before.
 */
#define CONNECTION_OUTPUT_MAX (256u * 1024)
/* What waits in all streams together: beyond the first each stream may only have a small share, and
 * to write beyond the second resets it. So a peer that does not read cannot fill the memory with
 * answers to many streams. */
#define CONNECTION_QUEUE_FULL (8u * 1024 * 1024)
#define CONNECTION_QUEUE_MAX (32u * 1024 * 1024)
#define CONNECTION_SHARE (16u * 1024)
#define CONNECTION_LATE_MAX (4u * 1024 * 1024) /* bytes that a quiet call was fed */
#define CONNECTION_KNOWN_MAX 32                /* protocols that the peer is known to speak */
#define CONNECTION_LEND_MIN 8192               /* bytes for which it is worthwhile to save a copy */

enum connection_state {
  CONNECTION_NEW,
  CONNECTION_SECURITY, /* multistream-select for Noise */
  CONNECTION_NOISE,
  CONNECTION_MUXER, /* multistream-select for yamux */
  CONNECTION_OPEN,
  CONNECTION_OVER,
};

struct inos_connection {
  struct inos_connection_setup setup;
  struct inos_peer_id expect, peer;
  enum connection_state state;
  uint64_t deadline; /* ns; of the upgrade */
  uint64_t sent, received;
  uint64_t urgent_to;        /* of sent: what goes before the rest ends there */
  size_t output_max;         /* as much waits to be taken by the link */
  bool urgent_only;          /* the rest stays in its streams */
  size_t memory;             /* bytes that wait in its streams */
  struct inos_memory *peers; /* what waits for its peer, these bytes among them; NULL: not known */

  struct inos_pnet_stream *pnet_out, *pnet_in; /* owned; NULL: no private mesh */
  struct inos_multistream negotiation;
  struct inos_noise *noise; /* owned */
  struct inos_yamux yamux;  /* from CONNECTION_OPEN on */

  struct inos_buffer out;
  struct inos_buffer in;   /* the beginning of a frame */
  struct inos_buffer late; /* what came while nothing could be told */
  bool feeding;
  bool dirty; /* there is output that the owner has not been told of */
  bool noted; /* it has been told of what waits in streams */

  GQueue negotiating; /* inos_stream.negotiating; the earliest deadline first */
  GQueue ended;       /* inos_stream.ended; whose handlers are still to be told */
  GQueue dead;        /* inos_stream.ended; to be freed */
  GQueue slowed;      /* inos_stream.slowed; that a limit of their protocol holds up */
  GQueue roomy;       /* inos_stream.roomy; whose handlers are to be told of room */
  GPtrArray *known;   /* char *; owned */
  size_t early;       /* bytes in stream_negotiation.early of all */

  unsigned depth, quiet;
  bool ending; /* `closed` is still to be told, with .error */
  GError *error;
};

struct stream_negotiation {
  struct inos_multistream ms;
  struct inos_buffer early; /* written before both agree */
  uint64_t deadline;        /* ns */
  bool lazy;                /* what is written goes at once: the peer spoke this protocol before */
};

struct inos_stream {
  struct inos_yamux_stream yamux; /* first, so that one is the other */
  struct inos_connection *connection;
  const struct inos_stream_handler *handler; /* NULL for an inbound one that nobody took yet */
  void *data;
  const char *protocol;
  struct inos_usage *usage;               /* NULL: nobody counts, or both do not agree yet */
  uint64_t uncounted;                     /* bytes written before both agreed */
  size_t queue_limit;                     /* bytes; 0: as it is for all */
  size_t counted;                         /* bytes that it has in the sums of what waits */
  size_t kept;                            /* bytes that its handler was told of and is to do with */
  size_t owed;                            /* bytes done with, which the peer is told of later */
  struct stream_negotiation *negotiation; /* owned; NULL: both agree */
  bool inbound, held, full, finishing, slow; /* slow: it is in slowed */
  bool over;                                 /* only `gone` is to come, or has: told */
  bool told;
  enum inos_stream_end why;
  GList negotiating, ended_link, roomy, slowed;
};

void connection_enter (struct inos_connection *c);
void connection_leave (struct inos_connection *c);
/** connection_end: it is over, because of @error (transfer full) (nullable).
 * @code: what the peer is told */
void connection_end (struct inos_connection *c, enum inos_yamux_code code, GError *error);
/** connection_fail: the same with an error of @kind. */
void connection_fail (struct inos_connection *c, enum inos_link_error kind, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
/** connection_put: sends @bytes by the link as they are, and empties it. */
void connection_put (struct inos_connection *c, struct inos_buffer *bytes);
/** connection_seal: sends @bytes, few, as a frame of Noise, and empties it. */
void connection_seal (struct inos_connection *c, struct inos_buffer *bytes);
/** connection_pump: moves what streams have to send to the output, while there is room. */
void connection_pump (struct inos_connection *c);

/* connection_take.c */
/** connection_take: bytes that came by the link; they are decrypted in place. */
void connection_take (struct inos_connection *c, uint8_t *bytes, size_t len);
/** connection_take_late: takes what was fed from inside a call that could not take it. */
void connection_take_late (struct inos_connection *c);
/** connection_check: whether the session can go on; ends it if not. */
bool connection_check (struct inos_connection *c);

/* upgrade.c */
void connection_upgrade (struct inos_connection *c);
/** connection_take_security: negotiates what makes it secure. Returns: bytes used. */
size_t connection_take_security (struct inos_connection *c, const uint8_t *bytes, size_t len);
void connection_take_handshake (struct inos_connection *c, uint8_t *frame, size_t len);
/** connection_take_muxer: negotiates the multiplexer. Returns: bytes used. */
size_t connection_take_muxer (struct inos_connection *c, const uint8_t *bytes, size_t len);

/* stream.c */
extern const struct inos_yamux_events stream_events;
struct inos_stream *stream_new (struct inos_connection *c, bool inbound);
/** stream_end: takes it out of the session; its handler is told when it may be. */
void stream_end (struct inos_stream *s, enum inos_stream_end why);
void stream_tell_gone (struct inos_stream *s);
void stream_tell_room (struct inos_stream *s);
void stream_free (struct inos_stream *s);

/** stream_waiting: bytes that were written and did not go yet. */
static inline size_t stream_waiting (const struct inos_stream *s)
{
  return inos_yamux_waiting (&s->yamux) +
         (s->negotiation ? inos_buffer_len (&s->negotiation->early) : 0);
}

/** stream_agree: its protocol is @name from now on. */
void stream_agree (struct inos_stream *s, const char *name);
/* stream_limit.c */
/** stream_limit_begin: its protocol is @name: what is counted for it counts there. */
void stream_limit_begin (struct inos_stream *s, const char *name);
/** stream_limit_end: it is over: nothing of it waits. */
void stream_limit_end (struct inos_stream *s);
/** stream_recount: what waits in it has changed. */
void stream_recount (struct inos_stream *s);
/** stream_has_memory: whether its protocol and its peer may have @len more wait. */
bool stream_has_memory (const struct inos_stream *s, size_t len);
/** stream_is_crowded: whether so much waits that each stream is to have but a share. */
bool stream_is_crowded (const struct inos_stream *s);
/** stream_allow: how many of @len bytes it may send now. */
size_t stream_allow (void *connection, struct inos_yamux_stream *stream, size_t len);
/** stream_taken: @len bytes that came are done with: the peer is told, now or later. */
void stream_taken (struct inos_stream *s, size_t len);
uint64_t connection_limit_deadline (const struct inos_connection *c);
void connection_limit_tick (struct inos_connection *c);
/* stream_negotiate.c */
/** stream_propose: begins to negotiate as who opened it. */
void stream_propose (struct inos_stream *s, const char *const *names, unsigned n_names);
/** stream_listen: begins to negotiate as who answers. */
void stream_listen (struct inos_stream *s);
/** stream_negotiate: Returns: bytes used; the rest is the protocol's, where both agree now. */
size_t stream_negotiate (struct inos_stream *s, const uint8_t *bytes, size_t len);
void stream_negotiation_clear (struct inos_stream *s);
