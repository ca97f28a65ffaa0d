/*
 * Many actors: made and ended, in a tree, alive and idle.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* fjcreate N: N short lives of one message. */

#define SHORT(MESSAGE, REQUEST) MESSAGE (short_life, work, struct inos_nothing, 1)
INOS_PROTOCOL (short_life, SHORT);
INOS_PROTOCOL_DEFINE (short_life, SHORT);

struct short_life {
  collector_ref collector;
};
BENCH_START (short_life)

INOS_HANDLE (short_life, work, struct short_life)
{
  collector_send_one (context, self->collector, INOS_NOTHING);
  return INOS_DONE;
}
INOS_BEHAVIOUR (short_life, SHORT, struct short_life, .pre_start = short_life_start);

/* live and idle N: actors that say that they are there, and wait. */

#define LONG(MESSAGE, REQUEST) MESSAGE (long_life, work, struct inos_nothing, 1)
INOS_PROTOCOL (long_life, LONG);
INOS_PROTOCOL_DEFINE (long_life, LONG);

struct long_life {
  collector_ref collector;
};

static enum inos_outcome long_life_start (void *state, struct inos_context *context,
                                          const void *argument)
{
  struct long_life *self = state;

  *self = *(const struct long_life *)argument;
  collector_send_one (context, self->collector, INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (long_life, work, struct long_life)
{
  return INOS_DONE;
}
INOS_BEHAVIOUR (long_life, LONG, struct long_life, .pre_start = long_life_start);

/* The one that makes them, a slice at a time. */

#define CREATOR(MESSAGE, REQUEST) MESSAGE (creator, more, struct inos_nothing, 1)
INOS_PROTOCOL (creator, CREATOR);
INOS_PROTOCOL_DEFINE (creator, CREATOR);

struct creator {
  struct bench *bench;
  const struct inos_behaviour *behaviour;
  collector_ref collector;
  uint64_t made, all;
};

static enum inos_outcome creator_start (void *state, struct inos_context *context,
                                        const void *argument)
{
  *(struct creator *)state = *(const struct creator *)argument;
  creator_send_more (context, BENCH_REF (creator, inos_self (context)), INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (creator, more, struct creator)
{
  uint64_t until = bench_until (self->made, self->bench->slice, self->all);

  for (; self->made < until; self->made++) {
    inos_actor_id actor =
      inos_spawn_simple (context, self->behaviour, &self->collector, sizeof self->collector);
    if (!actor)
      bench_die ("an actor could not be spawned");
    if (self->behaviour == &short_life_behaviour)
      short_life_send_work (context, BENCH_REF (short_life, actor), *message);
  }
  if (self->made == self->all)
    return INOS_DONE;
  creator_send_more (context, BENCH_REF (creator, inos_self (context)), *message);
  return INOS_OK;
}
INOS_BEHAVIOUR (creator, CREATOR, struct creator, .pre_start = creator_start);

static void create (struct bench *bench, const struct inos_behaviour *behaviour)
{
  struct creator creator = {
    .bench = bench,
    .behaviour = behaviour,
    .all = (uint64_t)bench->args[0],
  };

  bench->messages = creator.all;
  creator.collector = BENCH_REF (collector, bench_collector (bench, creator.all));
  bench_start (bench);
  bench_spawn (bench, &creator_behaviour, &creator, sizeof creator);
  bench_wait (bench);
}

static void fjcreate (struct bench *bench)
{
  bench_new_runtime (bench);
  create (bench, &short_life_behaviour);
}

static void live (struct bench *bench)
{
  struct inos_totals totals;

  bench_new_runtime (bench);
  long before = bench_status ("VmRSS:");
  create (bench, &long_life_behaviour);
  while (!inos_runtime_is_quiet (bench->runtime))
    g_usleep (1000);
  long after = bench_status ("VmRSS:");
  inos_runtime_totals (bench->runtime, &totals);

  uint64_t wall = bench_clock (CLOCK_MONOTONIC);
  uint64_t cpu = bench_clock (CLOCK_PROCESS_CPUTIME_ID);
  inos_runtime_free (bench->runtime, 60 * INOS_SECOND);
  bench->runtime = NULL;
  cpu = bench_clock (CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = bench_clock (CLOCK_MONOTONIC) - wall;
  g_string_append_printf (bench->extra,
                          "bytes/actor=%.1f counted/actor=%.1f stop_cpu_ns=%" G_GUINT64_FORMAT
                          " stop_ns=%" G_GUINT64_FORMAT,
                          (double)(after - before) * 1024 / (double)bench->messages,
                          (double)totals.memory / (double)bench->messages, cpu, wall);
}

/* To be looked at from outside, until it is killed. */
static void idle (struct bench *bench)
{
  bench_new_runtime (bench);
  create (bench, &long_life_behaviour);
  puts ("ready");
  fflush (stdout);
  for (;;)
    pause();
}

/* tree D R: a binary tree of depth D that sums itself up; R of them, one after the other. */

struct tree_sum {
  uint64_t sum;
};
#define TREE(MESSAGE, REQUEST) MESSAGE (tree, sum, struct tree_sum, 1)
INOS_PROTOCOL (tree, TREE);
INOS_PROTOCOL_DEFINE (tree, TREE);
extern const struct inos_behaviour tree_behaviour;

struct tree {
  struct bench *bench;
  tree_ref parent; /* nobody: the root */
  uint32_t depth, answers;
  uint64_t sum;
};

static enum inos_outcome tree_start (void *state, struct inos_context *context,
                                     const void *argument)
{
  struct tree *self = state;

  *self = *(const struct tree *)argument;
  if (self->depth == 0) {
    tree_send_sum (context, self->parent, (struct tree_sum){.sum = 1});
    return INOS_DONE;
  }
  struct tree child = {
    .bench = self->bench,
    .parent = BENCH_REF (tree, inos_self (context)),
    .depth = self->depth - 1,
  };
  for (int i = 0; i < 2; i++)
    if (!inos_spawn_simple (context, &tree_behaviour, &child, sizeof child))
      bench_die ("an actor could not be spawned");
  return INOS_OK;
}

INOS_HANDLE (tree, sum, struct tree)
{
  self->sum += message->sum;
  if (++self->answers < 2)
    return INOS_OK;
  if (self->parent.address.id) {
    tree_send_sum (context, self->parent, (struct tree_sum){.sum = self->sum + 1});
    return INOS_DONE;
  }
  if (self->sum + 1 != self->bench->messages)
    bench_die ("the tree has a wrong sum");
  bench_finish (self->bench);
  return INOS_DONE;
}
INOS_BEHAVIOUR (tree, TREE, struct tree, .pre_start = tree_start);

static void tree (struct bench *bench)
{
  struct tree root = {.bench = bench, .depth = (uint32_t)bench->args[0]};
  uint64_t wall = 0, cpu = 0, actors = (UINT64_C (1) << (root.depth + 1)) - 1;

  bench_new_runtime (bench);
  for (long i = 0; i < bench->args[1]; i++) {
    bench->messages = actors;
    bench_start (bench);
    bench_spawn (bench, &tree_behaviour, &root, sizeof root);
    bench_wait (bench);
    wall += bench->wall;
    cpu += bench->cpu;
  }
  bench->messages = actors * (uint64_t)bench->args[1];
  bench->wall = wall;
  bench->cpu = cpu;
}

const struct bench_program bench_many[] = {
  {"fjcreate", "N          N actors that live for one message", 1, fjcreate},
  {"tree", "D R            a tree of 2^(D+1)-1 actors sums itself up, R times", 2, tree},
  {"live", "N              N actors alive at once, and stopping them", 1, live},
  {"idle", "N              N actors that wait; says 'ready', ends when killed", 1, idle},
  {NULL}};
