/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/ws_frames.h"

#include <string.h>

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

#define FIN 0x80
#define RESERVED 0x70
#define MASKED 0x80

/* Masks or unmasks; @at is which byte of the mask comes first. Eight bytes at a time, which the
 * compiler makes more of. */
static void mask (uint8_t *bytes, size_t len, const uint8_t key[4], unsigned at)
{
  uint8_t turned[8];
  uint64_t word, wide;
  size_t i = 0;

  for (unsigned j = 0; j < 8; j++)
    turned[j] = key[(at + j) % 4];
  memcpy (&wide, turned, sizeof wide);
  for (; i + 8 <= len; i += 8) {
    memcpy (&word, bytes + i, 8);
    word ^= wide;
    memcpy (bytes + i, &word, 8);
  }
  for (; i < len; i++)
    bytes[i] ^= turned[i % 8];
}

static void put_frame (struct inos_ws *ws, uint8_t opcode, const uint8_t *bytes, size_t len,
                       struct inos_buffer *out)
{
  uint8_t *at = inos_buffer_reserve (out, 14 + len);
  size_t n = 0;
  uint8_t masked = ws->client ? MASKED : 0;

  at[n++] = FIN | opcode;
  if (len <= INOS_WS_CONTROL_MAX) {
    at[n++] = (uint8_t)(masked | len);
  } else if (len <= UINT16_MAX) {
    at[n++] = masked | 126;
    at[n++] = (uint8_t)(len >> 8);
    at[n++] = (uint8_t)len;
  } else {
    at[n++] = masked | 127;
    for (int shift = 56; shift >= 0; shift -= 8)
      at[n++] = (uint8_t)((uint64_t)len >> shift);
  }
  if (ws->client) {
    inos_env_random (ws->env, at + n, 4);
    n += 4;
  }
  if (len > 0)
    memcpy (at + n, bytes, len);
  if (ws->client)
    mask (at + n, len, at + n - 4, 0);
  inos_buffer_commit (out, n + len);
}

static void end (struct inos_ws *ws, enum inos_ws_end why, struct inos_buffer *out)
{
  if (!ws->ended)
    inos_ws_close (ws, why, out);
  ws->ended = true;
  ws->why = why;
}

/* Bytes that the header has, as far as what is there of it says. */
static unsigned head_size (const struct inos_ws *ws)
{
  unsigned len = ws->n_head < 2 ? 0 : ws->head[1] & 0x7f;

  return 2 +
         (len == 126   ? 2u
          : len == 127 ? 8u
                       : 0u) +
         (ws->n_head >= 2 && ws->head[1] & MASKED ? 4u : 0u);
}

static bool opcode_is_right (struct inos_ws *ws, uint8_t first)
{
  switch (first & 0x0f) {
  case CONTINUATION:
    return ws->in_message;
  case TEXT:
  case BINARY:
    return !ws->in_message;
  case CLOSE:
  case PING:
  case PONG:
    return first & FIN && (ws->head[1] & 0x7f) <= INOS_WS_CONTROL_MAX;
  default:
    return false;
  }
}

/* Its header is there whole. Returns: whether it is right. */
static bool begin_frame (struct inos_ws *ws)
{
  uint8_t first = ws->head[0], len = ws->head[1] & 0x7f;
  unsigned at = 2;

  if (first & RESERVED || ((ws->head[1] & MASKED) != 0) == ws->client ||
      !opcode_is_right (ws, first))
    return false;
  ws->left = len;
  if (len >= 126) {
    ws->left = 0;
    for (unsigned n = len == 126 ? 2 : 8; n > 0; n--)
      ws->left = ws->left << 8 | ws->head[at++];
    if (ws->left >> 63 || ws->left <= (len == 126 ? INOS_WS_CONTROL_MAX : UINT16_MAX))
      return false; /* not the shortest form */
  }
  if (!ws->client)
    memcpy (ws->mask, ws->head + at, 4);
  ws->masked_at = 0;
  ws->opcode = first & 0x0f;
  ws->n_control = 0;
  if (ws->opcode < CLOSE)
    ws->in_message = !(first & FIN);
  ws->in_payload = true;
  return true;
}

/* A control frame is there whole. */
static void handle_control (struct inos_ws *ws, struct inos_buffer *out)
{
  if (ws->opcode == CLOSE)
    end (ws, INOS_WS_NORMAL, out);
  else if (ws->opcode == PING && inos_buffer_len (out) > INOS_WS_PONGS_MAX + INOS_WS_FRAME_MAX)
    end (ws, INOS_WS_POLICY, out); /* it asks and does not listen */
  else if (ws->opcode == PING)
    put_frame (ws, PONG, ws->control, ws->n_control, out);
}

static void end_frame (struct inos_ws *ws, struct inos_buffer *out)
{
  ws->in_payload = false;
  ws->n_head = 0;
  if (ws->opcode >= CLOSE)
    handle_control (ws, out);
}

/* Returns: bytes read. */
static size_t read_head (struct inos_ws *ws, const uint8_t *bytes, size_t len,
                         struct inos_buffer *out)
{
  size_t read = 0;

  while (read < len && ws->n_head < head_size (ws)) /* which gets known on the way */
    ws->head[ws->n_head++] = bytes[read++];
  if (ws->n_head < 2 || ws->n_head < head_size (ws))
    return read;
  if (!begin_frame (ws))
    end (ws, INOS_WS_PROTOCOL_ERROR, out);
  else if (ws->opcode == TEXT)
    end (ws, INOS_WS_UNSUPPORTED, out);
  else if (ws->left == 0)
    end_frame (ws, out);
  return read;
}

void inos_ws_read (struct inos_ws *ws, uint8_t *bytes, size_t *len, struct inos_buffer *out,
                   uint8_t **payload, size_t *payload_len)
{
  *payload = NULL;
  *payload_len = 0;
  if (ws->ended)
    return;
  if (!ws->in_payload) {
    *len = read_head (ws, bytes, *len, out);
    return;
  }
  size_t n = (size_t)MIN (ws->left, *len);
  if (!ws->client)
    mask (bytes, n, ws->mask, ws->masked_at);
  ws->masked_at = (unsigned)((ws->masked_at + n) % 4);
  ws->left -= n;
  *len = n;
  if (ws->opcode >= CLOSE) {
    memcpy (ws->control + ws->n_control, bytes, n);
    ws->n_control += (unsigned)n;
  } else {
    *payload = bytes;
    *payload_len = n;
  }
  if (ws->left == 0)
    end_frame (ws, out);
}

void inos_ws_write (struct inos_ws *ws, const uint8_t *bytes, size_t len, struct inos_buffer *out)
{
  put_frame (ws, BINARY, bytes, len, out);
}

void inos_ws_close (struct inos_ws *ws, enum inos_ws_end why, struct inos_buffer *out)
{
  uint8_t code[2] = {(uint8_t)(why >> 8), (uint8_t)why};

  put_frame (ws, CLOSE, code, sizeof code, out);
}
