/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "raw.h"

#include <string.h>

#define GREETING "\x13/multistream/1.0.0\n"
#define NOISE "\x07/noise\n"
#define YAMUX "\x0d/yamux/1.0.0\n"

void raw_init (struct raw *raw, bool dials, const char *muxer)
{
  *raw = (struct raw){0};
  pair_init (&raw->pair, 77);
  raw->pair.late_host = true;
  struct inos_connection_setup setup = pair_setup (&raw->pair, 1);
  setup.initiator = !dials;
  setup.streams_max = 50;
  raw->connection = raw->pair.sides[1].connection = inos_connection_new (&setup);
  raw->noise = inos_noise_new (&raw->pair.env, pair_identity (0), dials, muxer);
  inos_connection_start (raw->connection);
}

void raw_clear (struct raw *raw)
{
  inos_connection_free (raw->connection);
  inos_noise_free (raw->noise);
  inos_buffer_clear (&raw->got);
  inos_buffer_clear (&raw->plain);
  g_clear_error (&raw->pair.sides[1].error);
  g_rand_free (raw->pair.rand);
}

void raw_say (struct raw *raw, const void *bytes, size_t len)
{
  g_autofree uint8_t *copy = g_memdup2 (bytes, len);

  inos_connection_feed (raw->connection, copy, len);
}

void raw_seal (struct raw *raw, const void *bytes, size_t len)
{
  struct inos_buffer out = {0};

  if (len > 0)
    memcpy (inos_noise_room (&out, len), bytes, len);
  inos_noise_seal (raw->noise, &out, len);
  raw_say (raw, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

void raw_frame (struct raw *raw, unsigned type, unsigned flags, uint32_t id, const void *bytes,
                size_t len)
{
  size_t body = bytes ? len : 0;
  g_autofree uint8_t *frame = g_malloc (12 + body);
  const uint32_t words[2] = {GUINT32_TO_BE (id), GUINT32_TO_BE ((uint32_t)len)};

  memcpy (frame, (const uint8_t[]){0, (uint8_t)type, 0, (uint8_t)flags}, 4);
  memcpy (frame + 4, words, 8);
  if (body > 0)
    memcpy (frame + 12, bytes, body);
  raw_seal (raw, frame, 12 + body);
}

static void take_output (struct raw *raw)
{
  struct inos_buffer *out = inos_connection_output (raw->connection);

  while (inos_buffer_len (out) > 0) {
    inos_buffer_append (&raw->got, inos_buffer_data (out), inos_buffer_len (out));
    inos_buffer_consume (out, inos_buffer_len (out));
    inos_connection_sent (raw->connection);
    out = inos_connection_output (raw->connection);
  }
}

void raw_expect (struct raw *raw, const void *bytes, size_t len)
{
  take_output (raw);
  g_assert_cmpuint (inos_buffer_len (&raw->got), >=, len);
  g_assert_cmpmem (inos_buffer_data (&raw->got), len, bytes, len);
  inos_buffer_consume (&raw->got, len);
}

static void shake (struct raw *raw)
{
  struct inos_buffer out = {0};
  enum inos_noise_result result = INOS_NOISE_MORE;

  inos_noise_start (raw->noise, &out);
  while (result == INOS_NOISE_MORE) {
    if (inos_buffer_len (&out) > 0)
      raw_say (raw, inos_buffer_data (&out), inos_buffer_len (&out));
    inos_buffer_clear (&out);
    take_output (raw);
    size_t size = inos_noise_frame_size (inos_buffer_data (&raw->got));
    g_assert_cmpuint (inos_buffer_len (&raw->got), >=, size);
    result = inos_noise_handshake (raw->noise, inos_buffer_data (&raw->got), size, &out, NULL);
    inos_buffer_consume (&raw->got, size);
  }
  g_assert_cmpint (result, ==, INOS_NOISE_DONE);
  if (inos_buffer_len (&out) > 0)
    raw_say (raw, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

static void expect_plain (struct raw *raw, const char *bytes)
{
  raw_listen (raw);
  g_assert_cmpuint (inos_buffer_len (&raw->plain), >=, strlen (bytes));
  g_assert_cmpmem (inos_buffer_data (&raw->plain), strlen (bytes), bytes, strlen (bytes));
  inos_buffer_consume (&raw->plain, strlen (bytes));
}

void raw_upgrade (struct raw *raw)
{
  raw_say (raw, GREETING NOISE, sizeof GREETING NOISE - 1);
  raw_expect (raw, GREETING NOISE, sizeof GREETING NOISE - 1);
  shake (raw);
  if (inos_noise_muxer (raw->noise) == INOS_NOISE_MUXER_OPEN) {
    raw_seal (raw, GREETING YAMUX, sizeof GREETING YAMUX - 1);
    expect_plain (raw, GREETING YAMUX);
  }
  g_assert_cmpuint (raw->pair.sides[1].n_ready, ==, 1);
}

void raw_listen (struct raw *raw)
{
  take_output (raw);
  while (inos_buffer_len (&raw->got) >= INOS_NOISE_HEAD_SIZE) {
    uint8_t *frame = inos_buffer_data (&raw->got);
    size_t size = inos_noise_frame_size (frame), len;
    g_assert_cmpuint (inos_buffer_len (&raw->got), >=, size);
    const uint8_t *plain = inos_noise_open (raw->noise, frame, size, &len);
    g_assert_nonnull (plain);
    inos_buffer_append (&raw->plain, plain, len);
    inos_buffer_consume (&raw->got, size);
  }
}

bool raw_next (struct raw *raw, struct raw_frame *frame)
{
  const uint8_t *at = inos_buffer_data (&raw->plain);
  uint32_t words[2];

  if (inos_buffer_len (&raw->plain) < 12)
    return false;
  memcpy (words, at + 4, 8);
  *frame = (struct raw_frame){at[1], at[3], GUINT32_FROM_BE (words[0]), GUINT32_FROM_BE (words[1]),
                              at + 12};
  size_t body = frame->type == RAW_DATA ? frame->len : 0;
  g_assert_cmpuint (inos_buffer_len (&raw->plain), >=, 12 + body);
  /* Nothing is added before the next frame is asked for, so that its bytes stay where they are. */
  raw->plain.head += 12 + body;
  return true;
}
