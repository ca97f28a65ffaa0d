/*
 * Everybody with anybody: big, and the chameneos.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"

/* big W N: each of W pings others at random, N times, waiting for every answer. */

#define BIG(MESSAGE, REQUEST)                                                                      \
  MESSAGE (big, begin, struct inos_nothing, 1)                                                     \
  MESSAGE (big, ping, struct inos_nothing, 1)                                                      \
  MESSAGE (big, pong, struct inos_nothing, 1)
INOS_PROTOCOL (big, BIG);
INOS_PROTOCOL_DEFINE (big, BIG);

struct big {
  collector_ref collector;
  const inos_actor_id *all;
  uint32_t count;
  uint32_t seed;
  uint64_t left;
};
BENCH_START (big)

static enum inos_outcome big_next (struct big *self, struct inos_context *context)
{
  if (self->left == 0) {
    collector_send_one (context, self->collector, INOS_NOTHING);
    return INOS_OK;
  }
  self->left--;
  self->seed = (self->seed * 1103515245u + 12345u) & 0x7fffffff;
  big_send_ping (context, BENCH_REF (big, self->all[(self->seed >> 8) % self->count]),
                 INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (big, begin, struct big)
{
  return big_next (self, context);
}

INOS_HANDLE (big, ping, struct big)
{
  big_send_pong (context, BENCH_REF (big, inos_sender (context)), *message);
  return INOS_OK;
}

INOS_HANDLE (big, pong, struct big)
{
  return big_next (self, context);
}
INOS_BEHAVIOUR (big, BIG, struct big, .pre_start = big_start);

static void big (struct bench *bench)
{
  uint32_t count = (uint32_t)bench->args[0];
  g_autofree inos_actor_id *all = g_new (inos_actor_id, count);
  struct big one = {.all = all, .count = count, .left = (uint64_t)bench->args[1]};

  bench_new_runtime (bench);
  bench->messages = 2 * count * one.left;
  bench_start (bench);
  one.collector = BENCH_REF (collector, bench_collector (bench, count));
  for (uint32_t i = 0; i < count; i++) {
    one.seed = ((i + 1) * 2654435761u) & 0x7fffffff;
    all[i] = bench_spawn (bench, &big_behaviour, &one, sizeof one);
  }
  for (uint32_t i = 0; i < count; i++)
    big_post_begin (bench->runtime, BENCH_REF (big, all[i]), INOS_NOTHING);
  bench_wait (bench);
}

/* chameneos C M: C creatures meet M times in a mall and change their colours. */

struct colour {
  uint32_t colour;
};
struct tally {
  uint64_t met;
};
#define MALL(MESSAGE, REQUEST)                                                                     \
  MESSAGE (mall, meet, struct colour, 1)                                                           \
  MESSAGE (mall, count, struct tally, 1)
INOS_PROTOCOL (mall, MALL);
INOS_PROTOCOL_DEFINE (mall, MALL);
#define CREATURE(MESSAGE, REQUEST)                                                                 \
  MESSAGE (creature, met, struct colour, 1)                                                        \
  MESSAGE (creature, close, struct inos_nothing, 1)
INOS_PROTOCOL (creature, CREATURE);
INOS_PROTOCOL_DEFINE (creature, CREATURE);

struct mall {
  struct bench *bench;
  inos_actor_id first; /* who waits */
  uint32_t colour;
  uint64_t meetings, creatures, met;
};
BENCH_START (mall)

INOS_HANDLE (mall, meet, struct mall)
{
  inos_actor_id second = inos_sender (context);

  if (self->meetings == 0) {
    creature_send_close (context, BENCH_REF (creature, second), INOS_NOTHING);
    return INOS_OK;
  }
  if (!self->first) {
    self->first = second;
    self->colour = message->colour;
    return INOS_OK;
  }
  creature_send_met (context, BENCH_REF (creature, self->first), *message);
  creature_send_met (context, BENCH_REF (creature, second),
                     (struct colour){.colour = self->colour});
  self->first = 0;
  self->meetings--;
  return INOS_OK;
}

INOS_HANDLE (mall, count, struct mall)
{
  self->met += message->met;
  if (--self->creatures > 0)
    return INOS_OK;
  if (self->met != 2 * (uint64_t)self->bench->args[1])
    bench_die ("the creatures have not met as often as they should");
  bench_finish (self->bench);
  return INOS_DONE;
}
INOS_BEHAVIOUR (mall, MALL, struct mall, .pre_start = mall_start);

struct creature {
  mall_ref mall;
  uint32_t colour;
  uint64_t met;
};

static enum inos_outcome creature_start (void *state, struct inos_context *context,
                                         const void *argument)
{
  struct creature *self = state;

  *self = *(const struct creature *)argument;
  mall_send_meet (context, self->mall, (struct colour){.colour = self->colour});
  return INOS_OK;
}

INOS_HANDLE (creature, met, struct creature)
{
  self->met++;
  if (self->colour != message->colour)
    self->colour = 3 - self->colour - message->colour;
  mall_send_meet (context, self->mall, (struct colour){.colour = self->colour});
  return INOS_OK;
}

INOS_HANDLE (creature, close, struct creature)
{
  mall_send_count (context, self->mall, (struct tally){.met = self->met});
  return INOS_DONE;
}
INOS_BEHAVIOUR (creature, CREATURE, struct creature, .pre_start = creature_start);

static void chameneos (struct bench *bench)
{
  struct mall mall = {
    .bench = bench,
    .creatures = (uint64_t)bench->args[0],
    .meetings = (uint64_t)bench->args[1],
  };
  struct creature creature = {0};

  bench_new_runtime (bench);
  bench->messages = 4 * mall.meetings;
  bench_start (bench);
  creature.mall = BENCH_REF (mall, bench_spawn (bench, &mall_behaviour, &mall, sizeof mall));
  for (long i = 1; i <= bench->args[0]; i++) {
    creature.colour = (uint32_t)(i % 3);
    bench_spawn (bench, &creature_behaviour, &creature, sizeof creature);
  }
  bench_wait (bench);
}

const struct bench_program bench_mix[] = {
  {"big", "W N             each of W pings others at random, N times", 2, big},
  {"chameneos", "C M       C creatures meet M times in one mall", 2, chameneos},
  {NULL}};
