/*
 * How a WebSocket begins: one request and one answer of HTTP/1.1. Does no I/O.
 *
 * Source: RFC 6455, 4; of HTTP only what that needs. No extension and no subprotocol is offered or
 * taken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#include <glib.h>

#define INOS_WS_HEAD_MAX 8192 /* bytes of a request or an answer */
#define INOS_WS_KEY_LEN 24    /* of the base64 of 16 bytes */

/** inos_ws_request: appends a client's request; @host is "node.example:443"; @nonce is random. */
void inos_ws_request (struct inos_buffer *out, const char *host, const uint8_t nonce[16],
                      char key[INOS_WS_KEY_LEN + 1]);
/**
 * inos_ws_read_request:
 * @bytes: what came so far
 * @out: where the answer goes, also one that refuses
 *
 * Returns: bytes that the request takes; 0: more are needed; -1: it is none, @out says so and the
 * connection is to be closed.
 */
int inos_ws_read_request (const uint8_t *bytes, size_t len, struct inos_buffer *out);
/**
 * inos_ws_read_answer:
 * @key: what inos_ws_request() wrote
 *
 * Returns: as inos_ws_read_request(); @error says what is wrong with the answer.
 */
int inos_ws_read_answer (const uint8_t *bytes, size_t len, const char *key, GError **error);
