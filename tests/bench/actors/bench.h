/*
 * What the actor benchmarks share: when one starts and ends, and what it found.
 *
 * They use the public interface of the runtime only. A producer of millions of messages sends a
 * slice of them, then a message to itself to go on, as docs/actors.md asks of every actor: it is
 * fair to others on its worker, and the envelopes it sends are warm ones that come back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/actor/runtime.h"

struct bench {
  struct inos_runtime *runtime;
  struct inos_runtime_config config;
  long args[4];
  long slice;

  /* What is reported. */
  uint64_t messages, wall, cpu;
  GString *extra;

  /* Between the actor that ends it and the thread that waits. */
  GMutex mutex;
  GCond cond;
  bool over;
};

/* One benchmark: it spawns its actors, calls bench_start() when it does, and bench_wait(). */
struct bench_program {
  const char *name;
  const char *args; /* for --help */
  int count;        /* of args */
  void (*run) (struct bench *bench);
};

extern const struct bench_program bench_chat[], bench_flow[], bench_many[], bench_mix[],
  bench_wake[];

/* Takes the time; from any thread. */
void bench_start (struct bench *bench);
/* Takes the time again and lets bench_wait() return; from an actor. */
void bench_finish (struct bench *bench);
void bench_wait (struct bench *bench);

/* A runtime of the size that was asked for, in bench->runtime. */
void bench_new_runtime (struct bench *bench);

uint64_t bench_clock (int id);
/* A number of /proc/self/status: "VmRSS:" in KiB. */
long bench_status (const char *key);
/* Says what went wrong and ends the program: a benchmark that is not right has no figure. */
void bench_die (const char *what) G_GNUC_NORETURN;

/* The smallest of two: how far a slice goes. */
static inline uint64_t bench_until (uint64_t done, long slice, uint64_t all)
{
  return done + (uint64_t)slice < all ? done + (uint64_t)slice : all;
}

/* inos_runtime_spawn() that cannot fail. */
inos_actor_id bench_spawn (struct bench *bench, const struct inos_behaviour *behaviour,
                           const void *argument, uint32_t size);

/* Someone who is told `one` so many times and then ends the benchmark. */
#define COLLECTOR(MESSAGE, REQUEST) MESSAGE (collector, one, struct inos_nothing, 1)
INOS_PROTOCOL (collector, COLLECTOR);
extern const struct inos_behaviour collector_behaviour;
inos_actor_id bench_collector (struct bench *bench, uint64_t count);

#define BENCH_REF(proto, actor) ((proto##_ref){INOS_TO (actor)})

/* A pre_start that takes the spawn's argument for the state. */
#define BENCH_START(proto)                                                                         \
  static enum inos_outcome proto##_start (void *state, struct inos_context *context,               \
                                          const void *argument)                                    \
  {                                                                                                \
    memcpy (state, argument, sizeof (struct proto));                                               \
    return INOS_OK;                                                                                \
  }
