/*
 * How soon an idle runtime answers: asked once a millisecond by a thread that is no actor, and by
 * an actor whose timer came due; beside them what the machine itself takes to wake a thread and
 * be woken by it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_while (_Atomic uint32_t *word, uint32_t value)
{
  while (atomic_load (word) == value)
    syscall (SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void set_and_wake (_Atomic uint32_t *word, uint32_t value)
{
  atomic_store (word, value);
  syscall (SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static int compare (const void *a, const void *b)
{
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

  return left < right ? -1 : left > right;
}

static void percentiles (struct bench *bench, uint64_t *times, const char *what)
{
  size_t count = (size_t)bench->args[0];

  qsort (times, count, sizeof *times, compare);
  g_string_append_printf (bench->extra,
                          " %sp50_ns=%" G_GUINT64_FORMAT " %sp99_ns=%" G_GUINT64_FORMAT, what,
                          times[count / 2], what, times[count * 99 / 100]);
}

/* An actor that is asked by a thread, and answers on a word that the thread waits for. */

#define BELL(MESSAGE, REQUEST) MESSAGE (bell, ring, struct inos_nothing, 1)
INOS_PROTOCOL (bell, BELL);
INOS_PROTOCOL_DEFINE (bell, BELL);

struct bell {
  _Atomic uint32_t *rung;
};
BENCH_START (bell)

INOS_HANDLE (bell, ring, struct bell)
{
  set_and_wake (self->rung, atomic_load (self->rung) + 1);
  return INOS_OK;
}
INOS_BEHAVIOUR (bell, BELL, struct bell, .pre_start = bell_start);

/* The machine itself. */

struct echo {
  _Atomic uint32_t *there, *back;
  uint32_t count;
};

static void *echo (void *data)
{
  struct echo *self = data;

  for (uint32_t i = 0; i < self->count; i++) {
    wait_while (self->there, i);
    set_and_wake (self->back, i + 1);
  }
  return NULL;
}

static void wake (struct bench *bench)
{
  uint32_t count = (uint32_t)bench->args[0];
  g_autofree uint64_t *times = g_new (uint64_t, count);
  _Atomic uint32_t rung = 0, there = 0, back = 0;
  struct echo other = {&there, &back, count};
  struct bell bell = {&rung};

  bench_new_runtime (bench);
  bench->messages = count;
  bell_ref to = BENCH_REF (bell, bench_spawn (bench, &bell_behaviour, &bell, sizeof bell));
  for (uint32_t i = 0; i < count; i++) {
    g_usleep (1000);
    uint64_t before = bench_clock (CLOCK_MONOTONIC);
    bell_post_ring (bench->runtime, to, INOS_NOTHING);
    wait_while (&rung, i);
    times[i] = bench_clock (CLOCK_MONOTONIC) - before;
    bench->wall += times[i];
  }
  percentiles (bench, times, "");

  GThread *thread = g_thread_new ("echo", echo, &other);
  for (uint32_t i = 0; i < count; i++) {
    g_usleep (1000);
    uint64_t before = bench_clock (CLOCK_MONOTONIC);
    set_and_wake (&there, i + 1);
    wait_while (&back, i);
    times[i] = bench_clock (CLOCK_MONOTONIC) - before;
  }
  g_thread_join (thread);
  percentiles (bench, times, "futex_");
}

/* wakein N: an actor whose timer comes due each millisecond asks another one. */

#define GONG(MESSAGE, REQUEST) MESSAGE (gong, strike, struct inos_nothing, 1)
INOS_PROTOCOL (gong, GONG);
INOS_PROTOCOL_DEFINE (gong, GONG);
#define STRIKER(MESSAGE, REQUEST)                                                                  \
  MESSAGE (striker, due, struct inos_nothing, 1)                                                   \
  MESSAGE (striker, heard, struct inos_nothing, 1)
INOS_PROTOCOL (striker, STRIKER);
INOS_PROTOCOL_DEFINE (striker, STRIKER);

INOS_HANDLE (gong, strike, struct inos_nothing)
{
  striker_send_heard (context, BENCH_REF (striker, inos_sender (context)), *message);
  return INOS_OK;
}
INOS_BEHAVIOUR (gong, GONG, struct inos_nothing);

struct striker {
  struct bench *bench;
  gong_ref gong;
  uint64_t *times;
  uint64_t since;
  uint32_t done;
};

static enum inos_outcome striker_start (void *state, struct inos_context *context,
                                        const void *argument)
{
  *(struct striker *)state = *(const struct striker *)argument;
  striker_send_due_after (context, BENCH_REF (striker, inos_self (context)), INOS_NOTHING,
                          INOS_MILLISECOND, INOS_MILLISECOND);
  return INOS_OK;
}

INOS_HANDLE (striker, due, struct striker)
{
  self->since = bench_clock (CLOCK_MONOTONIC);
  gong_send_strike (context, self->gong, *message);
  return INOS_OK;
}

INOS_HANDLE (striker, heard, struct striker)
{
  self->times[self->done++] = bench_clock (CLOCK_MONOTONIC) - self->since;
  if (self->done < self->bench->messages)
    return INOS_OK;
  bench_finish (self->bench);
  return INOS_DONE;
}
INOS_BEHAVIOUR (striker, STRIKER, struct striker, .pre_start = striker_start);

static void wakein (struct bench *bench)
{
  g_autofree uint64_t *times = g_new (uint64_t, bench->args[0]);
  struct striker striker = {.bench = bench, .times = times};

  bench_new_runtime (bench);
  bench->messages = (uint64_t)bench->args[0];
  bench_start (bench);
  striker.gong = BENCH_REF (gong, bench_spawn (bench, &gong_behaviour, NULL, 0));
  bench_spawn (bench, &striker_behaviour, &striker, sizeof striker);
  bench_wait (bench);
  percentiles (bench, times, "");
}

const struct bench_program bench_wake[] = {
  {"wake", "N              a thread asks an idle actor, once a millisecond", 1, wake},
  {"wakein", "N            an actor asks another one, at its timer", 1, wakein},
  {NULL}};
