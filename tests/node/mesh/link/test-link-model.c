/*
 * Thousands of random things that two ends may do with many streams, from outside and from inside
 * whatever they are told, against a model of what each must then be told: every byte once, in its
 * order, the end after the last, and `gone` once with the right reason.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define FLOWS_MAX 600
#define ID_SIZE 4 /* the first bytes of who opened it say which flow it is */

struct model;

/* One end of a flow. */
struct end {
  struct model *model;
  unsigned id;
  bool opener;
  struct inos_stream *stream; /* NULL before it is there, and after it has gone */
  uint64_t wrote, got, untaken;
  unsigned n_open, n_gone, n_finish;
  bool finished, reset, held;
  enum inos_stream_end why;
};

struct model {
  struct pair pair;
  struct end ends[FLOWS_MAX][2]; /* who opened it is the first */
  bool unknown[FLOWS_MAX];       /* nobody knows its protocol */
  unsigned n_flows, n_actions;
  bool closing;
  unsigned busy;
  uint64_t bytes;
};

static const char *const good[] = {"/inos/model/1.0.0"};
static const char *const second_good[] = {"/inos/model/2.0.0", "/inos/other/1",
                                          "/inos/model/1.0.0"};
static const char *const bad[] = {"/inos/nobody/1.0.0", "/inos/nothing/1.0.0"};

static unsigned pick (struct model *model, unsigned bound)
{
  return (unsigned)g_rand_int_range (model->pair.rand, 0, (gint32)bound);
}

static uint8_t content (const struct end *from, uint64_t at)
{
  if (from->opener && at < ID_SIZE)
    return (uint8_t)(from->id >> (8 * at));
  return (uint8_t)(at * 31 + (at >> 8) * 7 + from->id * 13 + (from->opener ? 1 : 0));
}

static struct end *other (struct end *end)
{
  return &end->model->ends[end->id][end->opener ? 1 : 0];
}

static void act (struct model *model);

/* Sometimes something happens inside of something else. */
static void act_within (struct model *model)
{
  if (model->busy > 3 || pick (model, 4) > 0)
    return;
  model->busy++;
  for (unsigned n = pick (model, 4); n > 0; n--)
    act (model);
  model->busy--;
}

static void end_open (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  end->n_open++;
  assert_int_equal (end->n_open, 1);
  assert_string_equal (inos_stream_protocol (stream), good[0]);
  act_within (end->model);
}

static void take (struct end *end, const uint8_t *bytes, size_t len)
{
  struct end *from = other (end);

  assert_int_equal (end->n_open, 1);
  assert_int_equal (end->n_finish + end->n_gone, 0);
  assert_true (end->got + len <= from->wrote);
  for (size_t i = 0; i < len; i++)
    assert_int_equal (bytes[i], content (from, end->got + i));
  end->got += len;
  end->model->bytes += len;
  if (end->held)
    end->untaken += len;
}

static void end_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct end *end = data;

  take (end, bytes, len);
  act_within (end->model);
}

static void end_room (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  assert_int_equal (end->n_gone, 0);
  assert_true (inos_stream_room (stream) > 0);
  act_within (end->model);
}

static void end_finish (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  end->n_finish++;
  assert_int_equal (end->n_finish, 1);
  assert_true (other (end)->finished);
  assert_true (end->got == other (end)->wrote);
  act_within (end->model);
}

static void check_end (const struct end *end, const struct end *from, enum inos_stream_end why)
{
  switch (why) {
  case INOS_STREAM_FINISHED:
    assert_true (end->finished && end->n_finish == 1 && end->n_open == 1);
    break;
  case INOS_STREAM_RESET:
    assert_true (from->reset || !from->n_open);
    break;
  case INOS_STREAM_GIVEN_UP:
    assert_true (end->reset);
    break;
  case INOS_STREAM_LOST:
    assert_true (end->model->closing);
    break;
  case INOS_STREAM_UNSUPPORTED:
    assert_true (end->model->unknown[end->id] && end->n_open == 0);
    break;
  case INOS_STREAM_LATE:
  case INOS_STREAM_LIMIT:
  default:
    fail_msg ("gone for the reason %d", why);
  }
}

static void end_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct end *end = data;

  end->n_gone++;
  assert_int_equal (end->n_gone, 1);
  check_end (end, other (end), why);
  end->why = why;
  /* What is over does nothing, but may be asked. */
  assert_int_equal (inos_stream_room (stream), 0);
  inos_stream_write (stream, "x", 1);
  inos_stream_finish (stream);
  inos_stream_reset (stream);
  inos_stream_taken (stream, 1);
  end->stream = NULL;
  act_within (end->model);
}

static const struct inos_stream_handler handler = {end_open, end_bytes, end_room, end_finish,
                                                   end_gone};

/* The side that answers does not know which flow it is before four bytes came. */
struct stray {
  struct model *model;
  struct inos_stream *stream;
  uint8_t id[ID_SIZE];
  unsigned n;
};

static void stray_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct stray *stray = data;
  struct model *model = stray->model;
  size_t n = MIN (len, ID_SIZE - stray->n);

  memcpy (stray->id + stray->n, bytes, n);
  stray->n += (unsigned)n;
  if (stray->n < ID_SIZE)
    return;
  unsigned id = (unsigned)stray->id[0] | (unsigned)stray->id[1] << 8;
  assert_true (id < model->n_flows);
  struct end *end = &model->ends[id][1];
  g_free (stray);
  end->stream = stream;
  end->n_open = 1;
  end->got = ID_SIZE;
  inos_stream_take_over (stream, &handler, end);
  if (len > n)
    end_bytes (stream, end, bytes + n, len - n);
}

static void stray_finish (struct inos_stream *stream, void *data)
{
  fail_msg ("a stream ended without what was written before");
}

static void stray_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  assert_true (why == INOS_STREAM_RESET || why == INOS_STREAM_LOST);
  g_free (data);
}

static void stray_open (struct inos_stream *stream, void *data);
static const struct inos_stream_handler stray_handler = {stray_open, stray_bytes, NULL,
                                                         stray_finish, stray_gone};

static void stray_open (struct inos_stream *stream, void *data)
{
  struct stray *stray = g_new0 (struct stray, 1);

  stray->model = data;
  inos_stream_take_over (stream, &stray_handler, stray);
}

static void write_some (struct end *end, size_t len)
{
  g_autofree uint8_t *bytes = g_malloc (len);

  for (size_t i = 0; i < len; i++)
    bytes[i] = content (end, end->wrote + i);
  end->wrote += len;
  inos_stream_write (end->stream, bytes, len);
}

static void open_flow (struct model *model)
{
  unsigned id = model->n_flows, side = pick (model, 2), kind = pick (model, 8);

  if (id == FLOWS_MAX || model->closing)
    return;
  model->n_flows++; /* before it is there: a host may pass on from inside what there is to say */
  for (unsigned i = 0; i < 2; i++)
    model->ends[id][i] = (struct end){.model = model, .id = id, .opener = i == 0};
  struct end *end = &model->ends[id][0];
  model->unknown[id] = kind == 0;
  end->stream = inos_connection_open (model->pair.sides[side].connection,
                                      kind == 0   ? bad
                                      : kind == 1 ? second_good
                                                  : good,
                                      kind == 0   ? G_N_ELEMENTS (bad)
                                      : kind == 1 ? G_N_ELEMENTS (second_good)
                                                  : 1,
                                      &handler, end);
  if (!end->stream) { /* too many wait */
    end->n_gone = 1;
    end->why = INOS_STREAM_LIMIT;
    return;
  }
  write_some (end, ID_SIZE);
}

static void act_on (struct model *model, struct end *end)
{
  size_t room = inos_stream_room (end->stream), len;

  switch (pick (model, 40)) {
  case 0:
    end->reset = true;
    inos_stream_reset (end->stream);
    assert_int_equal (end->n_gone, 1);
    break;
  case 1:
  case 2:
    end->finished = true;
    inos_stream_finish (end->stream);
    break;
  case 3:
  case 4:
    end->held = !end->held;
    inos_stream_hold (end->stream, end->held);
    end->untaken = 0;
    break;
  case 5:
  case 6:
  case 7:
    len = end->untaken ? pick (model, (unsigned)end->untaken + 1) : 0;
    end->untaken -= len;
    inos_stream_taken (end->stream, len);
    break;
  case 8: /* a lot, which fills the queue */
    len = pick (model, INOS_STREAM_QUEUE_MAX);
    len = MIN (room, len);
    if (!end->finished && len > 0)
      write_some (end, len);
    break;
  case 9: /* too much */
    if (!end->finished && pick (model, 8) == 0) {
      end->reset = true;
      write_some (end, INOS_STREAM_QUEUE_MAX + 1);
      end->wrote -= INOS_STREAM_QUEUE_MAX + 1;
      assert_int_equal (inos_stream_room (end->stream), 0);
    }
    break;
  default:
    len = 1 + pick (model, 3000);
    len = MIN (room, len);
    if (!end->finished && len > 0)
      write_some (end, len);
  }
}

static void act (struct model *model)
{
  model->n_actions++;
  if (model->n_flows == 0 || pick (model, 10) == 0) {
    open_flow (model);
    return;
  }
  struct end *end = &model->ends[pick (model, model->n_flows)][pick (model, 2)];
  if (end->stream && !end->reset)
    act_on (model, end);
}

/* Who holds takes all, and says no more. */
static void let_go (struct model *model)
{
  for (unsigned i = 0; i < model->n_flows; i++)
    for (unsigned j = 0; j < 2; j++) {
      struct end *end = &model->ends[i][j];
      if (!end->stream || end->reset)
        continue;
      end->held = false;
      inos_stream_hold (end->stream, false);
      end->finished = true;
      inos_stream_finish (end->stream);
    }
}

static void check_flow (const struct end ends[2], bool closed)
{
  const struct end *near = &ends[0], *far = &ends[1];

  assert_int_equal (near->n_gone, 1);
  assert_int_equal (far->n_gone, far->n_open);
  if (near->why != INOS_STREAM_FINISHED || closed)
    return;
  if (far->why == INOS_STREAM_GIVEN_UP) /* while the last word was on its way to it */
    return;
  assert_int_equal (far->why, INOS_STREAM_FINISHED);
  assert_true (near->got == far->wrote && far->got == near->wrote);
}

static void run_seed (uint32_t seed, unsigned actions, uint64_t *bytes)
{
  struct model *model = g_new0 (struct model, 1);
  const struct inos_stream_answer offers[] = {{good[0], &stray_handler, model}, {0}};

  pair_ready (&model->pair, seed);
  model->pair.piece_max = 8u << pick (model, 14);
  model->pair.late_host = pick (model, 2);
  model->pair.direct = pick (model, 3) == 0;
  model->pair.sides[0].offers = model->pair.sides[1].offers = offers;
  for (unsigned i = 0; i < actions; i++) {
    act (model);
    for (unsigned n = pick (model, 6); n > 0; n--)
      pair_step (&model->pair);
  }
  bool close = seed % 4 == 0;
  model->closing = close;
  if (close)
    inos_connection_close (model->pair.sides[pick (model, 2)].connection);
  for (unsigned i = 0; i < 10 && !close; i++) {
    let_go (model);
    pair_run (&model->pair);
  }
  pair_run (&model->pair);
  for (unsigned i = 0; i < model->n_flows; i++)
    check_flow (model->ends[i], close);
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal (model->pair.sides[i].n_closed, close ? 1 : 0);
    assert_null (model->pair.sides[i].error);
  }
  *bytes += model->bytes;
  pair_clear (&model->pair);
  g_free (model);
}

static void test_model (void **state)
{
  const char *given = g_getenv ("INOS_TEST_SEED"), *many = g_getenv ("INOS_TEST_SEEDS");
  uint64_t bytes = 0;
  uint32_t first = given ? (uint32_t)g_ascii_strtoull (given, NULL, 10) : 0;
  uint32_t n = many ? (uint32_t)g_ascii_strtoull (many, NULL, 10) : given ? 1 : 20;

  for (uint32_t seed = first; seed < first + n; seed++) {
    print_message ("# seed %u\n", seed);
    run_seed (seed, 2000, &bytes);
  }
  assert_true (given || bytes > 1000000);
}

int main (void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_model)};

  return cmocka_run_group_tests (tests, NULL, NULL);
}
