/*
 * A stream: bytes both ways with one peer, for one protocol, beside others on one connection.
 *
 * What it is for is told by a handler. A stream is its connection's: the pointer is good until
 * `gone` has been called for it, which happens exactly once, and never from inside
 * inos_stream_write() or inos_stream_finish(). A handler may call anything here from any of its
 * functions, also inos_stream_reset(), after which only `gone` comes, from inside that call.
 *
 * For the thread of its host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may wait in one stream to be sent: to write more resets it, as it does when all streams of
 * the connection together are far beyond what inos_stream_room() said. */
#define INOS_STREAM_QUEUE_MAX (1024u * 1024)

enum inos_stream_end {
  INOS_STREAM_FINISHED,    /* both sides have said all */
  INOS_STREAM_RESET,       /* the other side gave up */
  INOS_STREAM_GIVEN_UP,    /* this side did: inos_stream_reset() */
  INOS_STREAM_LOST,        /* its connection has gone, or could not be made */
  INOS_STREAM_UNSUPPORTED, /* the peer knows none of the protocols */
  INOS_STREAM_LATE,        /* the peer did not answer in time */
  INOS_STREAM_LIMIT,       /* there are too many, here or there */
};

struct inos_stream;

/* Any may be NULL but gone. */
struct inos_stream_handler {
  /* Both sides agree on the protocol. For a stream that the peer opened this is the first. */
  void (*open) (struct inos_stream *stream, void *data);
  /* Bytes came. Unless the stream is held (inos_stream_hold()) they count as taken when this
   * returns, and the peer may send as many more. */
  void (*bytes) (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len);
  /* What waited has been sent so far that there is room again. */
  void (*room) (struct inos_stream *stream, void *data);
  /* The peer says no more; this side may go on. */
  void (*finish) (struct inos_stream *stream, void *data);
  void (*gone) (struct inos_stream *stream, void *data, enum inos_stream_end why);
};

/**
 * inos_stream_write:
 *
 * Sends a copy of @bytes, after all before, at once or when the peer's window opens. Before `open`
 * they wait.
 */
void inos_stream_write (struct inos_stream *stream, const void *bytes, size_t len);
/** inos_stream_room: bytes that can be written before the queue is half full, or fewer where other
 * streams of the connection fill it; 0: wait for `room`.
 */
size_t inos_stream_room (struct inos_stream *stream);
/** inos_stream_finish: this side says no more, after what was written. */
void inos_stream_finish (struct inos_stream *stream);
/** inos_stream_reset: gives the stream up at once, both ways. */
void inos_stream_reset (struct inos_stream *stream);
/**
 * inos_stream_hold:
 * @held: whether bytes count as taken only by inos_stream_taken() from now on, those too that
 *   `bytes` is being told of; if not, all that came counts as taken
 */
void inos_stream_hold (struct inos_stream *stream, bool held);
/** inos_stream_taken: @len of the bytes that came in while it was held are done with. */
void inos_stream_taken (struct inos_stream *stream, size_t len);
/**
 * inos_stream_narrow: for who passes bytes on, and is to keep few.
 * @queue: bytes that may wait to be sent before there is no room
 *
 * The peer's window grows no more.
 */
void inos_stream_narrow (struct inos_stream *stream, size_t queue);
/** inos_stream_take_over: from now on @handler is told, in place of who was; not `open` again. */
void inos_stream_take_over (struct inos_stream *stream, const struct inos_stream_handler *handler,
                            void *data);

/** inos_stream_peer: who is at the other end. */
const struct inos_peer_id *inos_stream_peer (const struct inos_stream *stream);
/** inos_stream_protocol: which protocol both agreed on; NULL before. Lives as long as the stream.
 */
const char *inos_stream_protocol (const struct inos_stream *stream);
/** inos_stream_connection: what it runs on. */
struct inos_connection *inos_stream_connection (const struct inos_stream *stream);
