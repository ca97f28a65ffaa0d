/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/circuit.h"

#include <glib.h>

struct side {
  struct inos_circuit *circuit;
  struct inos_stream *stream; /* NULL: it has gone */
  struct side *other;
  uint64_t passed; /* bytes that came on it */
  size_t untaken;  /* of them, for which the other had no room yet */
};

struct inos_circuit {
  struct side sides[2];
  uint64_t data_max;
  inos_circuit_gone gone;
  void *data;
  unsigned depth; /* calls that are under way: it is freed after the last */
};

static void leave (struct inos_circuit *circuit)
{
  if (--circuit->depth > 0 || circuit->sides[0].stream || circuit->sides[1].stream)
    return;
  circuit->depth = 1; /* told once */
  circuit->gone (circuit->data, circuit, circuit->sides[0].passed + circuit->sides[1].passed);
  g_free (circuit);
}

/* Takes what came on @side when the other has room. */
static void settle (struct side *side)
{
  if (!side->stream || !side->other->stream || inos_stream_room (side->other->stream) == 0)
    return;
  inos_stream_taken (side->stream, side->untaken);
  side->untaken = 0;
}

static void cut (struct inos_circuit *circuit)
{
  for (unsigned i = 0; i < 2; i++)
    if (circuit->sides[i].stream)
      inos_stream_reset (circuit->sides[i].stream);
}

static void pass (struct side *side, const uint8_t *bytes, size_t len)
{
  struct inos_circuit *circuit = side->circuit;

  if (len > circuit->data_max - side->passed || !side->other->stream) {
    cut (circuit);
    return;
  }
  side->passed += len;
  side->untaken += len;
  inos_stream_write (side->other->stream, bytes, len);
  settle (side);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct side *side = data;
  struct inos_circuit *circuit = side->circuit;

  circuit->depth++;
  pass (side, bytes, len);
  leave (circuit);
}

static void on_room (struct inos_stream *stream, void *data)
{
  settle (((struct side *)data)->other);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  struct side *side = data;

  if (side->other->stream)
    inos_stream_finish (side->other->stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct side *side = data;
  struct inos_circuit *circuit = side->circuit;

  circuit->depth++;
  side->stream = NULL;
  /* One that has ended in good order was told to be finished, and so was the other. */
  if (why != INOS_STREAM_FINISHED)
    cut (circuit);
  leave (circuit);
}

static const struct inos_stream_handler handler = {
  .bytes = on_bytes, .room = on_room, .finish = on_finish, .gone = on_gone};

static void begin_side (struct inos_circuit *circuit, unsigned i, struct inos_stream *stream)
{
  circuit->sides[i] =
    (struct side){.circuit = circuit, .stream = stream, .other = &circuit->sides[1 - i]};
  inos_stream_narrow (stream, INOS_CIRCUIT_QUEUE);
  inos_stream_take_over (stream, &handler, &circuit->sides[i]);
}

struct inos_circuit *inos_circuit_new (struct inos_stream *from, struct inos_stream *to,
                                       uint64_t data_max, inos_circuit_gone gone, void *data)
{
  struct inos_circuit *circuit = g_new0 (struct inos_circuit, 1);

  circuit->data_max = data_max;
  circuit->gone = gone;
  circuit->data = data;
  begin_side (circuit, 0, from);
  begin_side (circuit, 1, to);
  return circuit;
}

void inos_circuit_pass (struct inos_circuit *circuit, struct inos_stream *on, const uint8_t *bytes,
                        size_t len)
{
  struct side *side = &circuit->sides[circuit->sides[0].stream == on ? 0 : 1];

  circuit->depth++;
  if (len > 0)
    pass (side, bytes, len);
  leave (circuit);
}

void inos_circuit_cut (struct inos_circuit *circuit)
{
  circuit->depth++;
  cut (circuit);
  leave (circuit);
}
