/*
 * One connection to the node's socket: reads frames, queues frames, and keeps within bounds
 * whatever the other side does.
 *
 * It knows bytes, envelopes and limits; what a message means is its owner's business.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/frame.h"

/* Above this no more is read from a peer that does not read its replies. */
#define INOS_QUEUE_SOFT (256u * 1024)
/* Above this the peer is closed. A reply fits under it whatever is queued below the soft bound. */
#define INOS_QUEUE_HARD (2u * INOS_FRAME_MAX)
/* How long a frame may take from its first byte to its last, and how long a closed peer has for its
 * last error. */
#define INOS_FRAME_TIMEOUT_MS 10000
#define INOS_LINGER_MS 2000
/* Requests a second, and how many may come at once. */
#define INOS_RATE 200
#define INOS_BURST 400
/* How long a peer that asks too much is not listened to. */
#define INOS_RATE_PAUSE_MS 100

struct inos_api_connection;

struct inos_api_connection_events {
  /* A request came that is in order and within bounds. */
  void (*request) (struct inos_api_connection *connection, const struct inos_frame *request,
                   void *data);
  /* The connection has ended; free it with inos_api_connection_free(), here or later. */
  void (*closed) (struct inos_api_connection *connection, void *data);
};

/**
 * inos_api_connection_new:
 * @fd: a connected socket that does not block; taken over
 * @frame_timeout_ms: %INOS_FRAME_TIMEOUT_MS, or less in tests
 * @events: what to call; must outlive the connection
 * @data: for @events
 *
 * Returns: (transfer full): a connection on the default main context of this thread.
 */
struct inos_api_connection *
inos_api_connection_new (int fd, unsigned frame_timeout_ms,
                         const struct inos_api_connection_events *events, void *data);

/** inos_api_connection_free: closes it at once, without a call of closed; takes NULL. */
void inos_api_connection_free (struct inos_api_connection *connection);

/**
 * inos_api_connection_reply:
 * @connection: a connection
 * @request: what is answered
 * @id: the reply's own id
 * @payload: (transfer floating): the reply
 */
void inos_api_connection_reply (struct inos_api_connection *connection,
                                const struct inos_frame *request, uint64_t id, GVariant *payload);

/* Descriptors that go with one reply. */
#define INOS_REPLY_FDS 3u

/**
 * inos_api_connection_reply_with:
 * @fds: descriptors that go with the reply's first byte; they stay the caller's
 * @count: at most %INOS_REPLY_FDS
 *
 * As inos_api_connection_reply(). Where a reply with descriptors has not begun to be sent the
 * answer is an error.
 */
void inos_api_connection_reply_with (struct inos_api_connection *connection,
                                     const struct inos_frame *request, uint64_t id,
                                     GVariant *payload, const int *fds, unsigned count);

/**
 * inos_api_connection_error:
 * @connection: a connection
 * @request: (nullable): what is answered
 * @id: the error's own id
 * @code: what is wrong
 * @sentence: what a person reads
 */
void inos_api_connection_error (struct inos_api_connection *connection,
                                const struct inos_frame *request, uint64_t id,
                                enum inos_api_error code, const char *sentence);

/**
 * inos_api_connection_event:
 * @connection: a connection
 * @frame: an encoded event
 * @newest_only: whether it replaces a queued one of the same sort that has not begun to be sent
 */
void inos_api_connection_event (struct inos_api_connection *connection, GBytes *frame,
                                bool newest_only);

/** inos_error_frame: (transfer full): an encoded error; see inos_api_connection_error(). */
GBytes *inos_error_frame (const struct inos_frame *request, uint64_t id, enum inos_api_error code,
                          const char *sentence);

/**
 * inos_api_connection_hold, inos_api_connection_go_on:
 *
 * Between the two no further request is taken: who needs time for an answer has the next one wait,
 * so that answers come in order and a peer cannot have more than one in the making.
 */
void inos_api_connection_hold (struct inos_api_connection *connection);
void inos_api_connection_go_on (struct inos_api_connection *connection);
