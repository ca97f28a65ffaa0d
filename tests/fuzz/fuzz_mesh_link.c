/*
 * Fuzz target of a connection, after a handshake with a peer whose every word after it is the
 * input's: a list of steps, each a byte that says what, one that says how many bytes follow, and
 * those. They go to the connection in a frame of Noise, or as they are, or this side does
 * something.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection.h"
#include "node/mesh/link/noise.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define STREAMS_MAX 32
#define GREETING "\x13/multistream/1.0.0\n"
#define SECURITY GREETING "\x07/noise\n"

struct side {
  struct inos_connection *connection;
  struct inos_noise *peer;
  struct inos_stream *streams[STREAMS_MAX];
  unsigned n_streams, n_gone, n_closed;
  uint64_t now;
  struct inos_buffer said;
};

static uint64_t now (void *data)
{
  return ((struct side *)data)->now;
}

static int64_t wall (void *data)
{
  return 0;
}

static void fill_random (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len);
}

static void keep (struct side *side, struct inos_stream *stream)
{
  if (side->n_streams < STREAMS_MAX)
    side->streams[side->n_streams++] = stream;
  else
    inos_stream_reset (stream);
}

static void forget (struct side *side, const struct inos_stream *stream)
{
  for (unsigned i = 0; i < side->n_streams; i++)
    if (side->streams[i] == stream)
      side->streams[i] = side->streams[--side->n_streams];
}

static void on_open (struct inos_stream *stream, void *data)
{
  struct side *side = data;

  forget (side, stream);
  keep (side, stream);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  switch (bytes[0] % 8) {
  case 0:
    inos_stream_write (stream, bytes, len);
    break;
  case 1:
    inos_stream_hold (stream, true);
    break;
  case 2:
    inos_stream_finish (stream);
    break;
  case 3:
    if (bytes[len - 1] == 3)
      inos_stream_reset (stream);
    break;
  case 4:
    if (bytes[len - 1] == 4)
      inos_connection_close (inos_stream_connection (stream));
    break;
  default:
    inos_stream_hold (stream, false);
  }
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  forget (data, stream);
}

static const struct inos_stream_handler handler = {on_open, on_bytes, NULL, on_finish, on_gone};
static const char *const names[] = {"/a/1.0.0", "/b/1.0.0"};

static void on_output (void *data)
{
}

static void on_ready (void *data, const struct inos_peer_id *peer)
{
}

static bool on_protocol (void *data, struct inos_stream *stream, const char *name,
                         struct inos_stream_answer *answer)
{
  *answer = (struct inos_stream_answer){names[0], &handler, data};
  return strcmp (name, names[0]) == 0;
}

static void on_protocols (void *data, struct inos_buffer *out)
{
  inos_multistream_append (out, names[0]);
}

static void on_closed (void *data, const GError *error)
{
  struct side *side = data;

  if (++side->n_closed > 1 || side->n_streams > 0)
    g_error ("it ended twice, or before its streams");
}

static const struct inos_connection_events events = {on_output, on_ready, on_protocol, on_protocols,
                                                     on_closed};

static void take_output (struct side *side)
{
  struct inos_buffer *out = inos_connection_output (side->connection);

  inos_buffer_consume (&side->said, inos_buffer_len (&side->said));
  inos_buffer_append (&side->said, inos_buffer_data (out), inos_buffer_len (out));
  inos_buffer_consume (out, inos_buffer_len (out));
  inos_connection_sent (side->connection);
}

static void say (struct side *side, const void *bytes, size_t len)
{
  g_autofree uint8_t *exact = g_memdup2 (bytes, len);

  inos_connection_feed (side->connection, exact, len);
}

static void say_sealed (struct side *side, const void *bytes, size_t len)
{
  struct inos_buffer out = {0};

  memcpy (inos_noise_room (&out, len + 1), bytes, len);
  inos_noise_seal (side->peer, &out, len);
  say (side, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

static void shake (struct side *side)
{
  struct inos_buffer out = {0};

  inos_noise_start (side->peer, &out);
  say (side, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  take_output (side);
  const size_t head = sizeof SECURITY - 1;
  inos_noise_handshake (side->peer, inos_buffer_data (&side->said) + head,
                        inos_buffer_len (&side->said) - head, &out, NULL);
  say (side, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

static void act (struct side *side, uint8_t what, const uint8_t *bytes, size_t len)
{
  struct inos_stream *stream =
    side->n_streams > 0 ? side->streams[what / 16 % side->n_streams] : NULL;

  switch (what % 16) {
  case 0:
    say (side, bytes, len);
    break;
  case 1:
    take_output (side);
    break;
  case 2:
    side->now += (uint64_t)what * 100000000;
    inos_connection_tick (side->connection);
    break;
  case 3:
    stream = inos_connection_open (side->connection, names, 1 + what / 16 % 2, &handler, side);
    if (stream)
      keep (side, stream);
    break;
  case 4:
    if (stream)
      inos_stream_write (stream, bytes, len);
    break;
  case 5:
    if (stream)
      inos_stream_finish (stream);
    break;
  case 6:
    if (stream)
      inos_stream_reset (stream);
    break;
  case 7:
    if (stream)
      inos_stream_taken (stream, len);
    break;
  case 8:
    if (what / 16 == 8)
      inos_connection_feed_end (side->connection, NULL);
    break;
  default:
    say_sealed (side, bytes, len);
  }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t seeds[2][INOS_SEED_SIZE] = {{1}, {2}};
  struct side side = {.now = 1};
  const struct inos_mesh_env env = {&side, now, wall, fill_random};
  struct inos_identity *identities[2] = {inos_identity_from_seed (seeds[0]),
                                         inos_identity_from_seed (seeds[1])};

  side.connection = inos_connection_new (&(struct inos_connection_setup){
    .env = &env,
    .identity = identities[0],
    .events = &events,
    .data = &side,
    .streams_max = STREAMS_MAX / 2,
  });
  side.peer = inos_noise_new (&env, identities[1], true, size % 8 ? "/yamux/1.0.0" : NULL);
  inos_connection_start (side.connection);
  say (&side, SECURITY, sizeof SECURITY - 1);
  shake (&side);
  for (size_t at = 0; at + 2 <= size;) {
    size_t len = MIN (data[at + 1], size - at - 2);
    act (&side, data[at], data + at + 2, len);
    at += 2 + len;
  }
  take_output (&side);
  inos_connection_free (side.connection);
  if (side.n_streams > 0)
    g_error ("a stream was never told that it has gone");
  inos_noise_free (side.peer);
  inos_buffer_clear (&side.said);
  inos_identity_free (identities[0]);
  inos_identity_free (identities[1]);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void put (GByteArray *bytes, unsigned type, unsigned flags, uint32_t id, const char *body)
{
  size_t len = strlen (body);
  const uint8_t head[14] = {
    9, (uint8_t)(12 + len), 0, (uint8_t)type, 0, (uint8_t)flags, 0, 0, 0, (uint8_t)id, 0, 0,
    0, (uint8_t)len};

  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const uint8_t *)body, (guint)len);
}

static void step (GByteArray *bytes, unsigned what, const char *body)
{
  const uint8_t head[2] = {(uint8_t)what, (uint8_t)strlen (body)};

  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const uint8_t *)body, head[1]);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  GByteArray *inbound = g_byte_array_new(), *outbound = g_byte_array_new();

  put (inbound, 0, 1, 1, GREETING "\x09/b/1.0.0\n\x03ls\n\x09/a/1.0.0\nhello");
  put (inbound, 0, 0, 1, "\x08 to be sent back");
  step (inbound, 4, "written");
  put (inbound, 1, 4, 1, "");
  step (inbound, 1, "");
  step (inbound, 7, "1234567");
  g_ptr_array_add (corpus, g_byte_array_free_to_bytes (inbound));
  step (outbound, 3, "");
  step (outbound, 4, "early");
  step (outbound, 1, "");
  put (outbound, 0, 2, 2, GREETING "\x09/a/1.0.0\n");
  step (outbound, 3 + 16, "");
  step (outbound, 5 + 16, "");
  put (outbound, 0, 2, 4, GREETING "\x03na\n");
  put (outbound, 2, 1, 0, "");
  step (outbound, 2 + 64, "");
  put (outbound, 3, 0, 0, "");
  g_ptr_array_add (corpus, g_byte_array_free_to_bytes (outbound));
  g_ptr_array_add (corpus, g_bytes_new_static ("\0\x03\xff\xff\xff\x81\x05", 7));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_link", make_corpus());
}

#endif
