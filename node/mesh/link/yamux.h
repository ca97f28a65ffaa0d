/*
 * yamux 1.0.0: many streams on one link, each with a window of its own, so that none can fill the
 * memory of the other side or keep the others waiting. Bytes of the link come in by
 * inos_yamux_feed(); what is to be sent is asked for by inos_yamux_fill(), so that nothing piles
 * up where the link is slow.
 *
 * Streams that have something to send take turns. A stream is embedded in its owner's own object;
 * it is in the session from inos_yamux_open(), or the event `opened`, until the event `ended`, or
 * inos_yamux_reset(). Afterwards it does nothing.
 *
 * Source: libp2p/specs, yamux.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/buffer.h"

#include <glib.h>

#define INOS_YAMUX_PROTOCOL "/yamux/1.0.0"
#define INOS_YAMUX_HEAD_SIZE 12
#define INOS_YAMUX_WINDOW (256u * 1024)           /* bytes, of each new stream */
#define INOS_YAMUX_WINDOW_MAX (16u * 1024 * 1024) /* that a window grows to */
#define INOS_YAMUX_GROWTH_MAX (64u * 1024 * 1024) /* that all of a session grow by, together */
#define INOS_YAMUX_BACKLOG 256     /* streams that the other side has not acknowledged */
#define INOS_YAMUX_QUANTUM 16384   /* bytes that a stream sends before it is another's turn */
#define INOS_YAMUX_PONGS_MAX 32    /* answers to pings that wait; more are left out */
#define INOS_YAMUX_ROOM_LEAST 64u  /* bytes: for what one stream has to say beside its own */
#define INOS_YAMUX_RESETS_MAX 4096 /* resets that wait; more end the session */
#define INOS_YAMUX_ALIVE (30 * G_GUINT64_CONSTANT (1000000000)) /* ns, from ping to ping */
#define INOS_YAMUX_DEAD (30 * G_GUINT64_CONSTANT (1000000000))  /* ns, that a ping waits */

enum inos_yamux_code {
  INOS_YAMUX_NORMAL = 0,
  INOS_YAMUX_PROTOCOL_ERROR = 1,
  INOS_YAMUX_INTERNAL_ERROR = 2,
};

/* One stream. All of it is the session's. */
struct inos_yamux_stream {
  uint32_t id;          /* 0: it is in no session */
  uint32_t send_window; /* bytes that the other side takes */
  uint32_t credit;      /* bytes that it may send */
  uint32_t window;      /* what credit and untaken are brought up to */
  uint32_t untaken;     /* bytes that came and are not done with */
  uint64_t epoch;       /* ns; when the last credit was given */
  struct inos_buffer queue;
  const uint8_t *lent; /* bytes to be sent after the queue, the caller's */
  size_t lent_len;
  bool syn_due, ack_due, fin_due, grant_due;
  bool fixed;  /* its window does not grow */
  bool urgent; /* it goes before those that are not */
  bool parked; /* what waits does so until inos_yamux_unpark() */
  bool acknowledged, fin_sent, fin_came, active;
  struct inos_yamux_stream *next, *previous;           /* of those with something to send */
  struct inos_yamux_stream *next_open, *previous_open; /* of all, the eldest first */
};

struct inos_yamux_list {
  struct inos_yamux_stream *first, *last;
};

/* Told from inside inos_yamux_feed(), where anything here may be called again, but no feed. Those
 * that are told from inside inos_yamux_fill() say so. */
struct inos_yamux_events {
  /* The other side opens a stream. Returns: (nullable): a zeroed one; NULL: it is reset. */
  struct inos_yamux_stream *(*opened) (void *data);
  /* Bytes came; inos_yamux_taken() says when they are done with. */
  void (*bytes) (void *data, struct inos_yamux_stream *stream, const uint8_t *bytes, size_t len);
  /* The other side says no more. */
  void (*finish) (void *data, struct inos_yamux_stream *stream);
  /* Both sides have said all, or @reset, the other side gave up. It has left the session. Also from
   * inside inos_yamux_fill(), where nothing may be called. */
  void (*ended) (void *data, struct inos_yamux_stream *stream, bool reset);
  /* Some of what waited was sent. From inside inos_yamux_fill(): nothing may be called. */
  void (*sent) (void *data, struct inos_yamux_stream *stream);
  /* How many of @len bytes may be sent now, which they are then; 0: it is parked. From inside
   * inos_yamux_fill(): nothing may be called. NULL: all. */
  size_t (*allow) (void *data, struct inos_yamux_stream *stream, size_t len);
};

struct inos_yamux_setup {
  const struct inos_mesh_env *env;
  const struct inos_yamux_events *events;
  void *data;
  bool initiator;       /* who opens streams with odd ids */
  unsigned inbound_max; /* streams that the other side may have open */
};

struct inos_yamux {
  struct inos_yamux_setup setup;
  GHashTable *streams;                         /* id → struct inos_yamux_stream */
  struct inos_yamux_list open, active, urgent; /* urgent: those of the active that are */
  uint32_t next_id;
  unsigned n_inbound, n_outbound, n_unacknowledged, n_active;
  size_t queued;  /* bytes of all streams, lent ones too */
  uint64_t grown; /* bytes that windows have grown by, together */
  bool over;      /* feeds and fills nothing any more */
  bool told_off;  /* the other side says goodbye */
  uint32_t told_code;
  const char *wrong; /* what the other side did, when inos_yamux_feed() says so */

  uint8_t head[INOS_YAMUX_HEAD_SIZE]; /* of a frame that came in part */
  unsigned head_len;
  uint32_t left;                     /* bytes of the frame's that are still to come */
  bool left_fin;                     /* after which its stream is finished */
  struct inos_yamux_stream *current; /* whose they are; NULL: nobody's */

  uint32_t pongs[INOS_YAMUX_PONGS_MAX];
  unsigned n_pongs;
  GArray *resets; /* uint32_t, ids */
  bool ping_due, pinging;
  uint32_t ping;
  uint64_t pinged, heard, next_ping; /* ns */
  uint64_t round_trip;               /* ns; 0: not known */
};

/** inos_yamux_init: the first ping is due at once. */
void inos_yamux_init (struct inos_yamux *yamux, const struct inos_yamux_setup *setup);
/** inos_yamux_finish: its streams have left it before. Safe to call twice. */
void inos_yamux_finish (struct inos_yamux *yamux);

/**
 * inos_yamux_feed:
 *
 * Returns: false where the other side breaks the rules, as yamux->wrong says: to be told so with
 * %INOS_YAMUX_PROTOCOL_ERROR.
 */
bool inos_yamux_feed (struct inos_yamux *yamux, const uint8_t *bytes, size_t len);
/** inos_yamux_due: bytes that inos_yamux_fill() can write now, or somewhat more; 0: none. */
size_t inos_yamux_due (const struct inos_yamux *yamux);
/**
 * inos_yamux_fill:
 * @room: at least %INOS_YAMUX_ROOM_LEAST
 *
 * Writes frames, each whole, to @out; what is urgent, and then nothing else. Returns: bytes
 * written.
 */
size_t inos_yamux_fill (struct inos_yamux *yamux, uint8_t *out, size_t room);
/** inos_yamux_go_away: writes the last frame to @out. Nothing goes either way after it. */
void inos_yamux_go_away (struct inos_yamux *yamux, enum inos_yamux_code code,
                         uint8_t out[INOS_YAMUX_HEAD_SIZE]);

uint64_t inos_yamux_deadline (const struct inos_yamux *yamux);
/** inos_yamux_tick: false: the other side does not answer pings any more. */
bool inos_yamux_tick (struct inos_yamux *yamux);

/**
 * inos_yamux_open: adds the zeroed @stream.
 *
 * Returns: false where too many wait for the other side's word, it says goodbye, or ids are used
 * up.
 */
bool inos_yamux_open (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** inos_yamux_write: queues a copy. */
void inos_yamux_write (struct inos_yamux *yamux, struct inos_yamux_stream *stream,
                       const void *bytes, size_t len);
/** inos_yamux_lend: the same without a copy: what inos_yamux_fill() did not take until
 * inos_yamux_take_back() is copied then. */
void inos_yamux_lend (struct inos_yamux *yamux, struct inos_yamux_stream *stream, const void *bytes,
                      size_t len);
void inos_yamux_take_back (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** inos_yamux_shut: this side says no more after what is queued. */
void inos_yamux_shut (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** inos_yamux_reset: takes @stream out of the session, and tells the other side. */
void inos_yamux_reset (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** inos_yamux_taken: @len bytes that came are done with. */
void inos_yamux_taken (struct inos_yamux *yamux, struct inos_yamux_stream *stream, size_t len);
/** inos_yamux_urge: whether @stream goes before those that are not urgent. */
void inos_yamux_urge (struct inos_yamux *yamux, struct inos_yamux_stream *stream, bool urgent);
/** inos_yamux_unpark: what waits in @stream may be sent. */
void inos_yamux_unpark (struct inos_yamux *yamux, struct inos_yamux_stream *stream);
/** inos_yamux_is_urgent: whether something that goes before the rest is to be sent. */
bool inos_yamux_is_urgent (const struct inos_yamux *yamux);
/** inos_yamux_waiting: bytes of @stream that are still to be sent. */
static inline size_t inos_yamux_waiting (const struct inos_yamux_stream *stream)
{
  return inos_buffer_len (&stream->queue) + stream->lent_len;
}
