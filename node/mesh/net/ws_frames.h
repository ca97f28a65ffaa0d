/*
 * The frames of a WebSocket, as a stream of bytes: what is in binary messages, however they are
 * cut. Frames are not kept until they are whole, so none is too large. Does no I/O.
 *
 * Source: RFC 6455, 5.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/buffer.h"

#include <stdbool.h>

#define INOS_WS_FRAME_MAX (256 * 1024) /* bytes of payload in one that is sent */
#define INOS_WS_CONTROL_MAX 125        /* bytes of payload of a ping, pong or close */
#define INOS_WS_PONGS_MAX 4096         /* bytes that may wait as answers to pings */

enum inos_ws_end {
  INOS_WS_NORMAL = 1000,
  INOS_WS_PROTOCOL_ERROR = 1002,
  INOS_WS_UNSUPPORTED = 1003, /* a message of text */
  INOS_WS_POLICY = 1008,
};

struct inos_ws {
  const struct inos_mesh_env *env; /* of masks */
  bool client;                     /* masks what it sends, takes only what is not masked */
  bool ended;                      /* the other side said close, or broke the rules */
  enum inos_ws_end why;
  /* of the frame that is being read */
  uint8_t head[14];
  unsigned n_head; /* bytes of the header that are there */
  bool in_payload;
  uint64_t left; /* bytes of its payload */
  uint8_t opcode, mask[4];
  unsigned masked_at; /* which byte of the mask comes next */
  bool in_message;    /* more frames of the message come */
  uint8_t control[INOS_WS_CONTROL_MAX];
  unsigned n_control;
};

static inline struct inos_ws inos_ws_begin (const struct inos_mesh_env *env, bool client)
{
  return (struct inos_ws){.env = env, .client = client};
}

/**
 * inos_ws_read:
 * @bytes: what came; unmasked in place
 * @len: (inout): how much; what has been read then
 * @out: where answers to pings and to the end go
 * @payload: (out): what of @bytes is the stream's, or NULL
 * @payload_len: (out): of that
 *
 * Reads up to the end of one piece of payload; to be called again while bytes are left and it has
 * not ended.
 */
void inos_ws_read (struct inos_ws *ws, uint8_t *bytes, size_t *len, struct inos_buffer *out,
                   uint8_t **payload, size_t *payload_len);
/** inos_ws_write: appends a frame of @len bytes, at most %INOS_WS_FRAME_MAX, to @out. */
void inos_ws_write (struct inos_ws *ws, const uint8_t *bytes, size_t len, struct inos_buffer *out);
/** inos_ws_close: appends a frame that ends the stream. */
void inos_ws_close (struct inos_ws *ws, enum inos_ws_end why, struct inos_buffer *out);
