/*
 * A frame: the actor envelope as it goes over the node's socket, and the codec for it.
 *
 * Sans I/O: bytes in, envelopes out, so the server, the bridge, the tests and the fuzzer run the
 * same code. Everything here treats bytes from outside as hostile; docs/architecture.md, "Node
 * socket", has the layout.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/base/priority.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_FRAME_FORMAT 1
#define INOS_TYPE_MAX 64
#define INOS_FRAME_HEADER 32
#define INOS_FRAME_MAX (1u << 20) /* of what follows the length field */
#define INOS_MESSAGE_VERSION 1    /* of every message so far */

/* Type name of an error that answers no request, such as access-denied. */
#define INOS_TYPE_ERROR "node.error"

enum inos_kind {
  INOS_REQUEST = 1,
  INOS_REPLY,
  INOS_ERROR,
  INOS_EVENT,
};

/* What can be wrong with a frame or a request. The first two end a connection, the others do not
 * need to. */
enum inos_api_error {
  INOS_API_ERROR_MALFORMED,
  INOS_API_ERROR_TOO_BIG,
  INOS_API_ERROR_UNKNOWN_MESSAGE,
  INOS_API_ERROR_BAD_PAYLOAD,
  INOS_API_ERROR_ACCESS_DENIED,
  INOS_API_ERROR_TOO_MANY,
  INOS_API_ERROR_TIMEOUT,
  INOS_API_ERROR_FAILED,
  INOS_API_ERROR_NOT_FOUND,
  INOS_API_ERROR_UNREACHABLE, /* another node */
};

#define INOS_API_ERROR (inos_api_error_quark())
GQuark inos_api_error_quark (void);

struct inos_frame {
  enum inos_kind kind;
  uint8_t priority; /* enum inos_priority */
  char type[INOS_TYPE_MAX + 1];
  uint16_t version;
  uint64_t id, reply_to;
  uint32_t ttl_ms;   /* 0 for none */
  GVariant *payload; /* owned, may be NULL before encode */
};

enum inos_decode {
  INOS_DECODE_MORE, /* push more bytes */
  INOS_DECODE_ONE,  /* a frame came out */
  INOS_DECODE_BAD,  /* a frame was refused, the GError says why */
};

struct inos_decoder;

/**
 * inos_api_error_name:
 * @code: what is wrong
 *
 * Returns: the code's name on the wire, such as `unknown-message`.
 */
const char *inos_api_error_name (enum inos_api_error code);

/**
 * inos_api_error_is_fatal:
 * @error: an error from inos_decoder_next()
 *
 * Returns: true where the stream can no longer be followed and the connection has to end.
 */
bool inos_api_error_is_fatal (const GError *error);

/**
 * inos_frame_encode:
 * @frame: what to send; a NULL payload stands for `()`
 *
 * The frame stays the caller's; a floating payload is not sunk.
 *
 * Returns: (transfer full): the frame with its length, or NULL where the frame breaks the
 * format: a bad kind, priority, type name or id, or more than %INOS_FRAME_MAX bytes.
 */
GBytes *inos_frame_encode (const struct inos_frame *frame);

/**
 * inos_frame_clear:
 * @frame: a frame whose payload is owned
 *
 * Drops the payload and zeroes the rest; safe to call twice.
 */
void inos_frame_clear (struct inos_frame *frame);

/**
 * inos_decoder_new:
 *
 * Returns: (transfer full): a decoder for one stream.
 */
struct inos_decoder *inos_decoder_new (void);

/**
 * inos_decoder_free:
 * @decoder: (nullable): a decoder
 */
void inos_decoder_free (struct inos_decoder *decoder);

/**
 * inos_decoder_push:
 * @decoder: a decoder
 * @bytes: what was read from the stream
 * @len: how much
 *
 * Call inos_decoder_next() until it says %INOS_DECODE_MORE before pushing again; the decoder then
 * never holds more than one frame and one read.
 */
void inos_decoder_push (struct inos_decoder *decoder, const void *bytes, size_t len);

/**
 * inos_decoder_next:
 * @decoder: a decoder
 * @out: where the frame goes; clear it with inos_frame_clear()
 * @error: what is wrong, in the domain %INOS_API_ERROR
 *
 * A frame's payload is checked against the message table for its type, version and kind; an error's
 * is `(ss)` for every type. On %INOS_DECODE_BAD with an error that is not fatal
 * (inos_api_error_is_fatal()) the frame was skipped, @out has all but its payload, and the next
 * call goes on with the next frame. After a fatal error each call says so again.
 */
enum inos_decode inos_decoder_next (struct inos_decoder *decoder, struct inos_frame *out,
                                    GError **error);

/**
 * inos_decoder_pending:
 * @decoder: a decoder
 *
 * Returns: how many bytes of an unfinished frame are waiting for the rest.
 */
size_t inos_decoder_pending (const struct inos_decoder *decoder);
