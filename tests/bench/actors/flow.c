/*
 * Streams: one to one, one to many in turn, many to one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"

struct sum {
  uint64_t sum;
};

/* The counter counts, and says how many it has when asked. */

#define COUNTER(MESSAGE, REQUEST)                                                                  \
  MESSAGE (counter, add, struct inos_nothing, 1)                                                   \
  MESSAGE (counter, get, struct inos_nothing, 1)
INOS_PROTOCOL (counter, COUNTER);
INOS_PROTOCOL_DEFINE (counter, COUNTER);

#define PRODUCER(MESSAGE, REQUEST)                                                                 \
  MESSAGE (producer, more, struct inos_nothing, 1)                                                 \
  MESSAGE (producer, sum, struct sum, 1)
INOS_PROTOCOL (producer, PRODUCER);
INOS_PROTOCOL_DEFINE (producer, PRODUCER);

struct counter {
  uint64_t sum;
  uint64_t last; /* at which it ends the benchmark; 0: never */
  struct bench *bench;
};

BENCH_START (counter)

INOS_HANDLE (counter, add, struct counter)
{
  if (++self->sum != self->last)
    return INOS_OK;
  bench_finish (self->bench);
  return INOS_DONE;
}

INOS_HANDLE (counter, get, struct counter)
{
  producer_send_sum (context, BENCH_REF (producer, inos_sender (context)),
                     (struct sum){.sum = self->sum});
  return INOS_DONE;
}
INOS_BEHAVIOUR (counter, COUNTER, struct counter, .pre_start = counter_start);

/* The producer sends a slice, then itself a message to go on. */

struct producer {
  struct bench *bench;
  counter_ref to;
  uint64_t sent, all;
  bool ask; /* for the sum, at the end */
};

static enum inos_outcome producer_start (void *state, struct inos_context *context,
                                         const void *argument)
{
  *(struct producer *)state = *(const struct producer *)argument;
  producer_send_more (context, BENCH_REF (producer, inos_self (context)), INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (producer, more, struct producer)
{
  uint64_t until = bench_until (self->sent, self->bench->slice, self->all);
  enum inos_sent sent = INOS_ACCEPTED;

  while (self->sent < until && sent == INOS_ACCEPTED) {
    sent = counter_send_add (context, self->to, INOS_NOTHING);
    self->sent++;
  }
  if (sent > INOS_PARKED)
    bench_die ("a message was refused");
  if (self->sent < self->all) {
    producer_send_more (context, BENCH_REF (producer, inos_self (context)), *message);
    return INOS_OK;
  }
  if (!self->ask)
    return INOS_DONE;
  counter_send_get (context, self->to, INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (producer, sum, struct producer)
{
  if (message->sum != self->all)
    bench_die ("the counter has not counted everything");
  bench_finish (self->bench);
  return INOS_DONE;
}
INOS_BEHAVIOUR (producer, PRODUCER, struct producer, .pre_start = producer_start);

/* counting N: N messages from one to one. */
static void count (struct bench *bench, uint32_t capacity)
{
  struct producer producer = {.bench = bench, .all = (uint64_t)bench->args[0], .ask = true};
  struct counter counter = {.bench = bench};

  bench_new_runtime (bench);
  bench->messages = producer.all + 2;
  bench_start (bench);
  producer.to =
    BENCH_REF (counter, inos_runtime_spawn (bench->runtime, &(struct inos_spawn){
                                                              .behaviour = &counter_behaviour,
                                                              .argument = &counter,
                                                              .argument_size = sizeof counter,
                                                              .capacity = capacity,
                                                            }));
  bench_spawn (bench, &producer_behaviour, &producer, sizeof producer);
  bench_wait (bench);
}

static void counting (struct bench *bench)
{
  count (bench, 0);
}

static void blocked (struct bench *bench)
{
  count (bench, (uint32_t)bench->args[1]);
}

/* nto1 P N: P producers, one consumer. */
static void nto1 (struct bench *bench)
{
  struct producer producer = {.bench = bench, .all = (uint64_t)bench->args[1]};
  struct counter counter = {.bench = bench,
                            .last = (uint64_t)bench->args[0] * (uint64_t)bench->args[1]};

  bench_new_runtime (bench);
  bench->messages = counter.last;
  bench_start (bench);
  producer.to =
    BENCH_REF (counter, bench_spawn (bench, &counter_behaviour, &counter, sizeof counter));
  for (long i = 0; i < bench->args[0]; i++)
    bench_spawn (bench, &producer_behaviour, &producer, sizeof producer);
  bench_wait (bench);
}

/* fjthrput A N: N messages to each of A workers, in turn. */

#define FJ_WORKER(MESSAGE, REQUEST) MESSAGE (fj_worker, work, struct inos_nothing, 1)
INOS_PROTOCOL (fj_worker, FJ_WORKER);
INOS_PROTOCOL_DEFINE (fj_worker, FJ_WORKER);
#define FJ_FEEDER(MESSAGE, REQUEST) MESSAGE (fj_feeder, more, struct inos_nothing, 1)
INOS_PROTOCOL (fj_feeder, FJ_FEEDER);
INOS_PROTOCOL_DEFINE (fj_feeder, FJ_FEEDER);

struct fj_worker {
  uint64_t left;
  collector_ref collector;
};

BENCH_START (fj_worker)

INOS_HANDLE (fj_worker, work, struct fj_worker)
{
  if (--self->left > 0)
    return INOS_OK;
  collector_send_one (context, self->collector, INOS_NOTHING);
  return INOS_DONE;
}
INOS_BEHAVIOUR (fj_worker, FJ_WORKER, struct fj_worker, .pre_start = fj_worker_start);

struct fj_feeder {
  struct bench *bench;
  const inos_actor_id *workers;
  uint64_t rounds, all;
};

static enum inos_outcome fj_feeder_start (void *state, struct inos_context *context,
                                          const void *argument)
{
  *(struct fj_feeder *)state = *(const struct fj_feeder *)argument;
  fj_feeder_send_more (context, BENCH_REF (fj_feeder, inos_self (context)), INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (fj_feeder, more, struct fj_feeder)
{
  long workers = self->bench->args[0];
  uint64_t until = bench_until (self->rounds, MAX (1, self->bench->slice / workers), self->all);

  for (; self->rounds < until; self->rounds++)
    for (long i = 0; i < workers; i++)
      fj_worker_send_work (context, BENCH_REF (fj_worker, self->workers[i]), *message);
  if (self->rounds == self->all)
    return INOS_DONE;
  fj_feeder_send_more (context, BENCH_REF (fj_feeder, inos_self (context)), *message);
  return INOS_OK;
}
INOS_BEHAVIOUR (fj_feeder, FJ_FEEDER, struct fj_feeder, .pre_start = fj_feeder_start);

static void fjthrput (struct bench *bench)
{
  long count = bench->args[0];
  struct fj_worker worker = {.left = (uint64_t)bench->args[1]};
  g_autofree inos_actor_id *workers = g_new (inos_actor_id, count);
  struct fj_feeder feeder = {.bench = bench, .workers = workers, .all = worker.left};

  bench_new_runtime (bench);
  bench->messages = (uint64_t)count * worker.left;
  worker.collector = BENCH_REF (collector, bench_collector (bench, (uint64_t)count));
  for (long i = 0; i < count; i++)
    workers[i] = bench_spawn (bench, &fj_worker_behaviour, &worker, sizeof worker);
  bench_start (bench);
  bench_spawn (bench, &fj_feeder_behaviour, &feeder, sizeof feeder);
  bench_wait (bench);
}

const struct bench_program bench_flow[] = {
  {"counting", "N          N messages from one to one", 1, counting},
  {"blocked", "N C         the same to a mailbox of C that blocks its senders", 2, blocked},
  {"nto1", "P N            N messages from each of P to one", 2, nto1},
  {"fjthrput", "A N        N messages to each of A, in turn, from one", 2, fjthrput},
  {NULL}};
