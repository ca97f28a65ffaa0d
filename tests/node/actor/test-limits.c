/*
 * What happens at the edge of what there is: no memory, a flood, very many timers and actors, and
 * ends within ends.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/route.h"
#include "tests/node/actor/swarm.h"

#include <stdatomic.h>

struct load {
  unsigned char bytes[4096];
};

struct count {
  uint32_t count;
};

#define DONKEY(MESSAGE, REQUEST)                                                                   \
  MESSAGE (donkey, carry, struct load, 1)                                                          \
  MESSAGE (donkey, wait, struct count, 1)                                                          \
  MESSAGE (donkey, tick, struct count, 1)                                                          \
  MESSAGE (donkey, cancel, struct count, 1)                                                        \
  MESSAGE (donkey, fail, struct inos_nothing, 1)                                                   \
  MESSAGE (donkey, end, struct inos_nothing, 1)
INOS_PROTOCOL (donkey, DONKEY);
INOS_PROTOCOL_DEFINE (donkey, DONKEY);

struct world {
  _Atomic uint64_t carried, ticks, early, started, stopped, cleared;
};

struct birth {
  struct world *world;
  enum inos_action action;
  bool slow; /* it stops only when it is asked a second time */
};

struct donkey {
  struct birth birth;
  uint32_t timer_count, asked;
  inos_timer timers[10000];
  uint64_t due;
};

static enum inos_outcome begin (void *state, struct inos_context *context, const void *argument)
{
  struct donkey *self = state;

  self->birth = *(const struct birth *)argument;
  atomic_fetch_add (&self->birth.world->started, 1);
  return INOS_OK;
}

static void ended (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct donkey *self = state;

  atomic_fetch_add (&self->birth.world->stopped, 1);
  /* Whoever ends may still send, ask to be stopped, and fail: nothing of it hurts. */
  inos_stop (context, inos_self (context), (struct inos_exit){INOS_EXIT_NORMAL, 0});
  donkey_send_end (context, (donkey_ref){INOS_TO (inos_self (context))}, INOS_NOTHING);
}

static void clear (void *state)
{
  struct donkey *self = state;

  if (self->birth.world)
    atomic_fetch_add (&self->birth.world->cleared, 1);
}

static enum inos_action on_error (void *state, struct inos_context *context,
                                  const struct inos_failure *failure)
{
  struct donkey *self = state;

  /* Told to stop while it is about to start anew. */
  if (self->birth.action == INOS_RESTART)
    inos_stop (context, inos_self (context), (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  return self->birth.action;
}

static enum inos_outcome told (void *state, struct inos_context *context, inos_actor_id who,
                               struct inos_exit reason)
{
  struct donkey *self = state;

  if (self->birth.slow && self->asked++ == 0)
    return INOS_OK;
  return inos_done_with (context, reason);
}

INOS_HANDLE (donkey, carry, struct donkey)
{
  atomic_fetch_add (&self->birth.world->carried, 1);
  return INOS_OK;
}

INOS_HANDLE (donkey, wait, struct donkey)
{
  for (uint32_t i = 0; i < message->count; i++) {
    uint64_t delay = (1 + (i * 7919ull) % message->count) * 1000;
    self->timers[i] = donkey_send_tick_after (context, (donkey_ref){INOS_TO (inos_self (context))},
                                              (struct count){i}, delay, 0);
    if (self->timers[i])
      self->timer_count++;
  }
  return INOS_OK;
}

INOS_HANDLE (donkey, tick, struct donkey)
{
  atomic_fetch_add (&self->birth.world->ticks, 1);
  if (!self->timers[message->count]) /* was cancelled */
    atomic_fetch_add (&self->birth.world->early, 1);
  return INOS_OK;
}

/* Cancels every other one, whether it has come due meanwhile or not. */
INOS_HANDLE (donkey, cancel, struct donkey)
{
  for (uint32_t i = 0; i < message->count; i += 2) {
    inos_cancel (context, self->timers[i]);
    self->timers[i] = 0;
  }
  return INOS_OK;
}

INOS_HANDLE (donkey, fail, struct donkey)
{
  return inos_fail (context, 1, "as asked");
}

INOS_HANDLE (donkey, end, struct donkey)
{
  return INOS_DONE;
}

INOS_BEHAVIOUR (donkey, DONKEY, struct donkey, .pre_start = begin, .post_stop = ended,
                .clear = clear, .on_error = on_error, .on_exit = told);

#define TO(id) ((donkey_ref){INOS_TO (id)})

/* Memory runs out: sends and spawns say so, what runs goes on, and when there is room again all is
 * well. */
static void test_no_memory (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .seed = 1, .memory_max = 8u << 20};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  struct world world = {0};
  const struct birth birth = {.world = &world};
  const struct load load = {{0}};
  struct inos_totals totals;
  uint64_t accepted = 0;

  assert_non_null (runtime);
  inos_actor_id id = spawn (runtime, &donkey_behaviour, &birth, sizeof birth);
  run (runtime);
  while (donkey_post_carry (runtime, TO (id), load) == INOS_ACCEPTED)
    assert_true (++accepted < 100000);
  assert_true (accepted > 100);
  assert_int_equal (donkey_post_carry (runtime, TO (id), load), INOS_NO_MEMORY);
  inos_runtime_totals (runtime, &totals);
  assert_true (totals.memory <= config.memory_max);
  /* Where there is nothing left to make an actor of, there is no actor; and if there is an envelope
   * left for its start, it ends at once and says why. */
  for (unsigned i = 0; i < 20000; i++) {
    const struct inos_spawn how = {
      .behaviour = &donkey_behaviour, .argument = &birth, .argument_size = sizeof birth};
    if (!inos_runtime_spawn (runtime, &how))
      break;
  }
  run (runtime);
  assert_int_equal (world.carried, accepted);
  assert_int_equal (donkey_post_carry (runtime, TO (id), load), INOS_ACCEPTED);
  run (runtime);
  assert_int_equal (world.carried, accepted + 1);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (world.started, world.cleared);
}

/* A swarm that has not the memory it wants, at random: nothing crashes, and every count is right.
 */
static void test_swarm_without_memory (void **state)
{
  for (uint64_t seed = 0; seed < 100; seed++) {
    const struct inos_runtime_config config = {
      .seeded = true, .seed = seed, .memory_max = (512u << 10) + seed * 4096};
    struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
    struct swarm swarm = {0};
    assert_non_null (runtime);
    swarm_begin (runtime, &swarm, seed, 40, 4000);
    inos_runtime_run (runtime, 20 * INOS_MILLISECOND);
    assert_accounts (runtime);
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (swarm.begun, swarm.cleared);
    assert_int_equal (swarm.asked, swarm.answered + swarm.abandoned);
    assert_int_equal (swarm.wrong, 0);
  }
}

/* A stranger floods a mailbox that has a bound: memory stays, and who is not flooded is served. */
static void test_flood (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  struct world world = {0}, other_world = {0};
  const struct birth birth = {.world = &world}, other_birth = {.world = &other_world};
  const struct inos_spawn how = {.behaviour = &donkey_behaviour,
                                 .argument = &birth,
                                 .argument_size = sizeof birth,
                                 .capacity = 100,
                                 .on_full = INOS_ON_FULL_DROP_NEWEST};
  inos_actor_id flooded = inos_runtime_spawn (runtime, &how);
  inos_actor_id other = spawn (runtime, &donkey_behaviour, &other_birth, sizeof other_birth);
  const struct load load = {{0}};
  struct inos_totals before, after;

  settle (runtime);
  inos_runtime_totals (runtime, &before);
  for (unsigned i = 0; i < 200000; i++) {
    donkey_post_carry (runtime, TO (flooded), load);
    if (i % 1000 == 0)
      donkey_post_carry (runtime, TO (other), load);
  }
  settle (runtime);
  inos_runtime_totals (runtime, &after);
  assert_true (after.memory < before.memory + (8u << 20)); /* 800 MB were sent */
  assert_int_equal (other_world.carried, 200);
  assert_int_equal (world.carried + after.dropped, 200000);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void timers (struct inos_runtime *runtime, bool threads)
{
  enum { TIMERS = 10000 };
  struct world world = {0};
  const struct birth birth = {.world = &world};
  inos_actor_id id = spawn (runtime, &donkey_behaviour, &birth, sizeof birth);

  donkey_post_wait (runtime, TO (id), (struct count){TIMERS});
  if (!threads)
    inos_runtime_run (runtime, 5 * INOS_MILLISECOND); /* half of them */
  donkey_post_cancel (runtime, TO (id), (struct count){TIMERS});
  if (threads)
    for (unsigned i = 0; i < 5000 && atomic_load (&world.ticks) < TIMERS / 2; i++)
      g_usleep (1000);
  else
    inos_runtime_run (runtime, INOS_SECOND);
  assert_true (world.ticks >= TIMERS / 2 && world.ticks < TIMERS);
  assert_int_equal (world.early, 0); /* none came that was cancelled */
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_many_timers (void **state)
{
  for (uint64_t seed = 0; seed < 10; seed++)
    timers (seeded (seed), false);
  timers (threaded (2), true);
}

/* Stop while it starts anew while it stops. */
static void test_ends_in_ends (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct world world = {0};
    const struct birth birth = {.world = &world, .action = INOS_RESTART, .slow = seed % 2};
    inos_actor_id id = spawn (runtime, &donkey_behaviour, &birth, sizeof birth);
    if (seed % 3)
      inos_runtime_run (runtime, 1);
    inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
    donkey_post_fail (runtime, TO (id), INOS_NOTHING);
    donkey_post_fail (runtime, TO (id), INOS_NOTHING);
    inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
    donkey_post_end (runtime, TO (id), INOS_NOTHING);
    run (runtime);
    assert_int_equal (world.stopped, 1); /* once, however often it was told */
    assert_int_equal (world.started, world.cleared);
    assert_int_equal (donkey_post_end (runtime, TO (id), INOS_NOTHING), INOS_DEAD);
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (world.stopped, 1);
  }
}

/* The runtime ends while everything is under way. */
static void test_end_in_the_middle (void **state)
{
  for (unsigned round = 0; round < 20; round++) {
    struct inos_runtime *runtime = threaded (1 + round % 3);
    struct swarm swarm = {0};
    swarm_begin (runtime, &swarm, round, 30, 1000000);
    g_usleep (round * 500);
    inos_runtime_free (runtime, INOS_MILLISECOND); /* most are killed */
    assert_int_equal (swarm.begun, swarm.cleared);
    assert_int_equal (swarm.disorder, 0);
    assert_int_equal (swarm.asked, swarm.answered + swarm.abandoned);
  }
}

/* A limit on actors is one. */
static void test_actors_max (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .seed = 1, .actors_max = 100};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  struct world world = {0};
  const struct birth birth = {.world = &world};
  const struct inos_spawn how = {
    .behaviour = &donkey_behaviour, .argument = &birth, .argument_size = sizeof birth};

  for (unsigned i = 0; i < 100; i++)
    assert_true (inos_runtime_spawn (runtime, &how) != 0);
  assert_true (inos_runtime_spawn (runtime, &how) == 0);
  run (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (world.started, world.cleared);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_memory),    cmocka_unit_test (test_swarm_without_memory),
    cmocka_unit_test (test_flood),        cmocka_unit_test (test_many_timers),
    cmocka_unit_test (test_ends_in_ends), cmocka_unit_test (test_end_in_the_middle),
    cmocka_unit_test (test_actors_max),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
