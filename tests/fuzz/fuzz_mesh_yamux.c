/*
 * Fuzz target of yamux: a peer's bytes, without encryption, and between them what this side does
 * with its streams. The first byte is the size of the pieces in which bytes come; each piece's
 * first byte also says what this side does after it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/yamux.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define STREAMS_MAX 64

struct side {
  struct inos_yamux yamux;
  struct inos_yamux_stream *streams[STREAMS_MAX];
  unsigned n_streams;
  uint64_t now;
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

static struct inos_yamux_stream *add_stream (struct side *side)
{
  if (side->n_streams == STREAMS_MAX)
    return NULL;
  side->streams[side->n_streams] = g_new0 (struct inos_yamux_stream, 1);
  return side->streams[side->n_streams++];
}

static struct inos_yamux_stream *on_opened (void *data)
{
  return add_stream (data);
}

/* Some are taken, some kept, some lead to a reset. */
static void on_bytes (void *data, struct inos_yamux_stream *stream, const uint8_t *bytes,
                      size_t len)
{
  struct side *side = data;

  if (bytes[0] == 0xee)
    inos_yamux_reset (&side->yamux, stream);
  else if (bytes[0] % 2 == 0)
    inos_yamux_taken (&side->yamux, stream, len);
  if (bytes[len - 1] == 0xdd)
    inos_yamux_write (&side->yamux, stream, bytes, len);
}

static void on_finish (void *data, struct inos_yamux_stream *stream)
{
  struct side *side = data;

  if (stream->id % 3 == 0)
    inos_yamux_shut (&side->yamux, stream);
}

static void on_ended (void *data, struct inos_yamux_stream *stream, bool reset)
{
  if (stream->id != 0 || stream->active)
    g_error ("a stream has ended and has not left");
}

static void on_sent (void *data, struct inos_yamux_stream *stream)
{
}

static const struct inos_yamux_events events = {on_opened, on_bytes, on_finish,
                                                on_ended,  on_sent,  NULL};

static void check (const struct inos_yamux *yamux)
{
  size_t queued = 0;
  uint64_t grown = 0;
  unsigned n = 0, n_active = 0;

  for (const struct inos_yamux_stream *s = yamux->open.first; s; s = s->next_open, n++) {
    queued += inos_yamux_waiting (s);
    grown += s->window - INOS_YAMUX_WINDOW;
    n_active += s->active;
    if ((uint64_t)s->credit + s->untaken > s->window)
      g_error ("a window is larger than it is");
  }
  if (queued != yamux->queued || grown != yamux->grown || n_active != yamux->n_active ||
      n != yamux->n_inbound + yamux->n_outbound || n != g_hash_table_size (yamux->streams) ||
      yamux->n_unacknowledged > yamux->n_outbound)
    g_error ("the sums are wrong");
}

static void fill (struct side *side)
{
  uint8_t out[4096];
  size_t due = inos_yamux_due (&side->yamux), room = MIN (due, sizeof out);

  if (due == 0)
    return;
  g_autofree uint8_t *exact = g_malloc (room);
  size_t len = inos_yamux_fill (&side->yamux, exact, room);
  if (len == 0 || len > room)
    g_error ("it was due to send, and did not, or too much");
}

static void act (struct side *side, uint8_t what)
{
  struct inos_yamux *yamux = &side->yamux;
  struct inos_yamux_stream *stream =
    side->n_streams > 0 ? side->streams[what / 8 % side->n_streams] : NULL;

  side->now += 1000000u * what;
  switch (what % 8) {
  case 0:
    stream = add_stream (side);
    if (stream)
      inos_yamux_open (yamux, stream);
    break;
  case 1:
    if (stream)
      inos_yamux_write (yamux, stream, "some bytes", 10);
    break;
  case 2:
    if (stream)
      inos_yamux_shut (yamux, stream);
    break;
  case 3:
    if (stream)
      inos_yamux_reset (yamux, stream);
    break;
  case 4:
    if (stream)
      inos_yamux_taken (yamux, stream, what * 1000u);
    break;
  case 5:
    inos_yamux_tick (yamux);
    break;
  default:
    fill (side);
  }
}

static void side_clear (struct side *side)
{
  side->yamux.over = true;
  while (side->yamux.open.first)
    inos_yamux_reset (&side->yamux, side->yamux.open.first);
  check (&side->yamux);
  for (unsigned i = 0; i < side->n_streams; i++)
    g_free (side->streams[i]);
  inos_yamux_finish (&side->yamux);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct side side = {.now = 1};
  const struct inos_mesh_env env = {&side, now, wall, fill_random};
  size_t piece = size ? data[0] + 1u : 1;

  inos_yamux_init (&side.yamux, &(struct inos_yamux_setup){
                                  .env = &env,
                                  .events = &events,
                                  .data = &side,
                                  .initiator = piece % 2,
                                  .inbound_max = STREAMS_MAX / 2,
                                });
  for (size_t at = 1; at < size; at += piece) {
    bool ok = inos_yamux_feed (&side.yamux, data + at, MIN (piece, size - at));
    if (ok == (side.yamux.wrong != NULL))
      g_error ("something is wrong without a reason, or the other way round");
    check (&side.yamux);
    if (!ok)
      break;
    act (&side, data[at]);
    check (&side.yamux);
  }
  side_clear (&side);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void put (GByteArray *bytes, unsigned type, unsigned flags, uint32_t id, uint32_t len,
                 size_t body)
{
  const uint8_t head[12] = {0,
                            (uint8_t)type,
                            0,
                            (uint8_t)flags,
                            0,
                            0,
                            (uint8_t)(id >> 8),
                            (uint8_t)id,
                            0,
                            (uint8_t)(len >> 16),
                            (uint8_t)(len >> 8),
                            (uint8_t)len};

  g_byte_array_append (bytes, head, sizeof head);
  for (size_t i = 0; i < body; i++)
    g_byte_array_append (bytes, (const uint8_t[]){(uint8_t)(0xdd + i)}, 1);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (unsigned side = 0; side < 2; side++) {
    GByteArray *bytes = g_byte_array_new();
    uint32_t id = side ? 1 : 2;
    g_byte_array_append (bytes, (const uint8_t[]){(uint8_t)(side ? 11 : 12)}, 1);
    put (bytes, 0, 1, id, 30, 30);
    put (bytes, 1, 1, id + 2, 100, 0);
    put (bytes, 2, 1, 0, 5, 0);
    put (bytes, 1, 0, id, 1000, 0);
    put (bytes, 0, 4, id, 1, 1);
    put (bytes, 1, 8, id + 2, 0, 0);
    put (bytes, 1, 2, 3 - id, 0, 0);
    put (bytes, 2, 2, 0, 1, 0);
    put (bytes, 3, 0, 0, 0, 0);
    g_ptr_array_add (corpus, g_byte_array_free_to_bytes (bytes));
  }
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_yamux", make_corpus());
}

#endif
