/*
 * Pools: who gets a message, members that die, and that none is lost when they come and go.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"
#include "node/actor/pool.h"
#include "node/actor/private.h"

#include <stdatomic.h>

#define MILLISECOND INOS_MILLISECOND

/* A member, which counts, and asks a helper for some of what it is told to do. */

struct job {
  uint32_t number;
  uint32_t key;
};
struct whom {
  uint64_t serial;
};

#define HAND(MESSAGE, REQUEST)                                                                     \
  MESSAGE (hand, job, struct job, 1)                                                               \
  MESSAGE (hand, ask, struct job, 1)                                                               \
  MESSAGE (hand, fail, struct inos_nothing, 1)                                                     \
  REQUEST (hand, who, struct inos_nothing, struct whom, 1)
INOS_PROTOCOL (hand, HAND);
INOS_PROTOCOL_DEFINE (hand, HAND);

#define BORN_MAX 4096
#define KEYS 1000

struct sheet {
  inos_actor_id helper;
  bool fail_to_start;
  _Atomic uint64_t done, answered, born, gone;
  _Atomic uint32_t of[BORN_MAX];
  _Atomic uint32_t at[KEYS]; /* serial of who did this key last */
};

struct hand {
  struct sheet *sheet;
  uint64_t serial;
};

static enum inos_outcome hand_pre_start (void *state, struct inos_context *context,
                                         const void *argument)
{
  struct hand *self = state;

  self->sheet = *(struct sheet *const *)argument;
  self->serial = atomic_fetch_add (&self->sheet->born, 1);
  return self->sheet->fail_to_start ? inos_fail (context, 1, "it was told to") : INOS_OK;
}

static void hand_clear (void *state)
{
  struct hand *self = state;

  if (self->sheet)
    atomic_fetch_add (&self->sheet->gone, 1);
}

INOS_HANDLE (hand, job, struct hand)
{
  atomic_fetch_add (&self->sheet->done, 1);
  atomic_fetch_add (&self->sheet->of[self->serial % BORN_MAX], 1);
  atomic_store (&self->sheet->at[message->key % KEYS], (uint32_t)self->serial);
  return INOS_OK;
}

static enum inos_outcome on_who (void *state, struct inos_context *context,
                                 enum inos_replied status, const struct whom *reply, uint64_t tag)
{
  struct hand *self = state;

  assert_int_equal (status, INOS_REPLIED);
  atomic_fetch_add (&self->sheet->answered, 1);
  return INOS_OK;
}

INOS_HANDLE (hand, ask, struct hand)
{
  hand_request_who (context, (hand_ref){INOS_TO (self->sheet->helper)}, INOS_NOTHING,
                    600 * INOS_SECOND, on_who, 0);
  return INOS_OK;
}

INOS_HANDLE (hand, fail, struct hand)
{
  return inos_fail (context, 7, "it was asked to");
}

INOS_HANDLE (hand, who, struct hand)
{
  hand_reply_who (context, (struct whom){self->serial});
  return INOS_OK;
}

INOS_BEHAVIOUR (hand, HAND, struct hand, .pre_start = hand_pre_start, .clear = hand_clear);

/* What sends: a batch at each turn, until it has sent all. */

struct batch {
  uint32_t each, left;
};

#define BOSS(MESSAGE, REQUEST) MESSAGE (boss, go, struct batch, 1)
INOS_PROTOCOL (boss, BOSS);
INOS_PROTOCOL_DEFINE (boss, BOSS);

struct boss {
  struct inos_address pool;
};

static enum inos_outcome boss_pre_start (void *state, struct inos_context *context,
                                         const void *argument)
{
  struct boss *self = state;

  self->pool = *(const struct inos_address *)argument;
  return INOS_OK;
}

INOS_HANDLE (boss, go, struct boss)
{
  struct batch batch = *message;

  for (uint32_t i = 0; i < batch.each && batch.left > 0 && !inos_is_blocked (context); i++) {
    const struct job job = {batch.left, 0};
    const struct inos_send_options options = {.key = batch.left % 3 ? inos_key (&job, 4) : 0,
                                              .has_priority = batch.left % 64 == 0,
                                              .priority = INOS_PRIORITY_HIGH};
    batch.left--;
    if (batch.left % 8)
      hand_send_job_with (context, (hand_ref){self->pool}, job, &options);
    else
      hand_send_ask_with (context, (hand_ref){self->pool}, job, &options);
  }
  if (batch.left > 0)
    boss_send_go (context, (boss_ref){INOS_TO (inos_self (context))}, batch);
  return INOS_OK;
}

INOS_BEHAVIOUR (boss, BOSS, struct boss, .pre_start = boss_pre_start);

static const uint32_t strategies[] = {INOS_POOL_IN_TURN, INOS_POOL_LEAST, INOS_POOL_AT_RANDOM,
                                      INOS_POOL_BY_KEY};

static hand_ref pool_of (struct inos_runtime *runtime, struct sheet *sheet,
                         struct inos_pool_config config)
{
  config.behaviour = &hand_behaviour;
  config.argument = &sheet;
  config.argument_size = sizeof sheet;
  struct inos_address pool = inos_pool_new (runtime, "hands", &config);

  assert_non_null (pool.route);
  return (hand_ref){pool};
}

static struct inos_pool_state look (struct inos_runtime *runtime, hand_ref pool)
{
  struct inos_pool_state state;

  inos_pool_look (runtime, pool.address, &state);
  return state;
}

static void assert_nothing_died (struct inos_runtime *runtime)
{
  uint64_t counts[INOS_DEAD_REASONS];

  inos_dead_letters_counted (runtime, counts);
  for (unsigned i = 0; i < INOS_DEAD_REASONS; i++)
    assert_int_equal (counts[i], 0);
}

static void post_jobs (struct inos_runtime *runtime, hand_ref pool, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    assert_int_equal (hand_post_job (runtime, pool, (struct job){i, 0}), INOS_ACCEPTED);
}

static void test_in_turn (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {0};
    hand_ref pool = pool_of (runtime, &sheet, (struct inos_pool_config){.size = 4});
    post_jobs (runtime, pool, 40); /* at once, before the pool has had a turn */
    run (runtime);
    for (unsigned i = 0; i < 4; i++)
      assert_int_equal (sheet.of[i], 10);
    assert_ptr_equal (
      inos_pool_new (runtime, "hands", &(struct inos_pool_config){.behaviour = &hand_behaviour})
        .route,
      pool.address.route);
    run (runtime);
    assert_int_equal (sheet.born, 4);
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (sheet.gone, 4);
  }
}

static void test_least (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {0};
    hand_ref pool =
      pool_of (runtime, &sheet, (struct inos_pool_config){.size = 2, .strategy = INOS_POOL_LEAST});
    post_jobs (runtime, pool, 40);
    run (runtime);
    assert_int_equal (sheet.of[0], 20);
    inos_pool_resize (runtime, pool.address, 16);
    run (runtime);
    post_jobs (runtime, pool, 1600);
    run (runtime);
    for (unsigned i = 2; i < 16; i++)
      assert_in_range (sheet.of[i], 95, 105); /* two choices are as good as that */
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_at_random (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  struct sheet sheet = {0};
  hand_ref pool = pool_of (runtime, &sheet,
                           (struct inos_pool_config){.size = 4, .strategy = INOS_POOL_AT_RANDOM});

  post_jobs (runtime, pool, 4000);
  run (runtime);
  for (unsigned i = 0; i < 4; i++)
    assert_in_range (sheet.of[i], 850, 1150);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void post_keys (struct inos_runtime *runtime, hand_ref pool)
{
  for (uint32_t i = 0; i < KEYS; i++) {
    const struct job job = {0, i};
    const struct inos_send_options options = {.key = inos_key (&i, sizeof i)};
    inos_post (runtime, pool.address, &hand_job_type, &job, &options);
  }
  run (runtime);
}

static void test_by_key (void **state)
{
  struct inos_runtime *runtime = seeded (4);
  struct sheet sheet = {0};
  hand_ref pool =
    pool_of (runtime, &sheet, (struct inos_pool_config){.size = 9, .strategy = INOS_POOL_BY_KEY});
  uint32_t before[KEYS];

  post_keys (runtime, pool);
  for (unsigned i = 0; i < KEYS; i++)
    before[i] = sheet.at[i];
  post_keys (runtime, pool);
  for (unsigned i = 0; i < KEYS; i++)
    assert_int_equal (sheet.at[i], before[i]);
  inos_pool_resize (runtime, pool.address, 10);
  run (runtime);
  post_keys (runtime, pool);
  unsigned moved = 0;
  for (unsigned i = 0; i < KEYS; i++)
    if (sheet.at[i] != before[i]) {
      assert_int_equal (sheet.at[i], 9); /* to the new one */
      moved++;
    }
  assert_in_range (moved, 1, KEYS / 9);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_replaced (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {0};
    hand_ref pool = pool_of (
      runtime, &sheet,
      (struct inos_pool_config){.size = 3, .strategy = strategies[seed % 4], .restarts_max = 2});
    for (unsigned i = 0; i < 2; i++) {
      hand_post_fail (runtime, pool, INOS_NOTHING);
      run (runtime);
    }
    assert_int_equal (look (runtime, pool).members, 3);
    assert_int_equal (look (runtime, pool).replaced, 2);
    post_jobs (runtime, pool, 30);
    run (runtime);
    assert_int_equal (sheet.done, 30);
    hand_post_fail (runtime, pool, INOS_NOTHING); /* one too many: the pool fails */
    run (runtime);
    assert_true (look (runtime, pool).actor == 0);
    assert_int_equal (sheet.gone, 5);
    assert_int_equal (hand_post_job (runtime, pool, (struct job){0}), INOS_DEAD);
    pool_of (runtime, &sheet, (struct inos_pool_config){0}); /* as it was defined */
    run (runtime);
    assert_int_equal (look (runtime, pool).members, 3);
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (sheet.gone, 8);
  }
}

static void test_fails_to_start (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {.fail_to_start = true};
    hand_ref pool = pool_of (runtime, &sheet, (struct inos_pool_config){.size = 3});
    run (runtime);
    assert_true (look (runtime, pool).actor == 0);
    assert_in_range (sheet.born, 10, 3 + 9); /* three, and three times three more */
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (sheet.born, sheet.gone);
  }
}

static void test_ends (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {0};
    hand_ref pool = pool_of (runtime, &sheet, (struct inos_pool_config){.size = 3});
    bool kill = seed % 2;
    if (seed % 3)
      run (runtime);
    post_jobs (runtime, pool, 30);
    inos_runtime_stop_actor (runtime, look (runtime, pool).actor,
                             (struct inos_exit){kill ? INOS_EXIT_KILLED : INOS_EXIT_SHUTDOWN, 0});
    run (runtime);
    if (!kill)
      assert_int_equal (sheet.done, 30); /* what is there is finished first */
    assert_true (look (runtime, pool).actor == 0);
    assert_int_equal (sheet.born, sheet.gone);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* Bosses send while the pool grows and shrinks: nothing is lost. */
static void test_drain (void **state)
{
  for (uint64_t seed = 0; seed < 4 * SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct sheet sheet = {0}, helpers = {0}, *p = &helpers;
    sheet.helper = spawn (runtime, &hand_behaviour, &p, sizeof p);
    hand_ref pool = pool_of (runtime, &sheet,
                             (struct inos_pool_config){.size = 4,
                                                       .strategy = strategies[seed % 4],
                                                       .capacity = seed / 4 % 3 * 2,
                                                       .on_full = INOS_ON_FULL_BLOCK,
                                                       .block_timeout_ms = 600000});
    for (unsigned i = 0; i < 3; i++)
      boss_post_go (runtime,
                    (boss_ref){INOS_TO (spawn (runtime, &boss_behaviour, &pool, sizeof pool))},
                    (struct batch){.each = 7, .left = 100});
    for (uint64_t t = 0; t < 30; t++) {
      inos_pool_resize (runtime, pool.address, 1 + (uint32_t)(t * 7 + seed) % 5);
      inos_runtime_run (runtime, t * 2000);
    }
    run (runtime);
    assert_nothing_died (runtime);
    assert_int_equal (sheet.done + sheet.answered, 300);
    assert_int_equal (look (runtime, pool).draining, 0);
    assert_int_equal (sheet.born - sheet.gone, look (runtime, pool).members);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_by_load (void **state)
{
  struct inos_runtime *runtime = seeded (8);
  struct sheet sheet = {0};
  hand_ref pool = pool_of (runtime, &sheet,
                           (struct inos_pool_config){.min = 2,
                                                     .max = 5,
                                                     .look_every = MILLISECOND,
                                                     .grow_above = 100,
                                                     .shrink_below = 10,
                                                     .looks = 2});
  post_jobs (runtime, pool, 200000); /* about 20 ms */
  inos_runtime_run (runtime, MILLISECOND + MILLISECOND / 2);
  assert_int_equal (look (runtime, pool).members, 2); /* not at the first look */
  inos_runtime_run (runtime, 3 * MILLISECOND);
  assert_int_equal (look (runtime, pool).members, 3);
  inos_runtime_run (runtime, 15 * MILLISECOND);
  assert_int_equal (look (runtime, pool).members, 5);
  inos_runtime_run (runtime, 60 * MILLISECOND);
  assert_int_equal (sheet.done, 200000);
  assert_int_equal (look (runtime, pool).members, 2);
  assert_nothing_died (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Whoever has picked a member, and comes when it has been drained and another actor has its place,
 * does not reach that one, and takes no room from it. */
static void test_picked_too_early (void **state)
{
  struct inos_runtime *runtime = seeded (9);
  struct sheet sheet = {0};
  hand_ref pool = pool_of (runtime, &sheet, (struct inos_pool_config){.size = 2});
  struct inos_worker *worker = runtime->worker[0];
  inos_actor_id early = inos_route_pick (worker, pool.address.route, 0);
  inos_actor_id late = inos_route_pick (worker, pool.address.route, 0);
  const struct job job = {0};

  run (runtime);
  inos_pool_resize (runtime, pool.address, 1); /* which takes out the second */
  run (runtime);
  struct inos_cell *cell =
    runtime->chunks[(uint32_t)late / INOS_CHUNK] + (uint32_t)late % INOS_CHUNK;
  struct inos_bound *bound = cell->bound;
  assert_null (inos_cell_of (runtime, late));
  assert_true (inos_bound_is_closed (bound));
  struct inos_envelope *e = inos_envelope_make (worker, &hand_job_type, &job, 0, NULL);
  e->generation = (uint32_t)(late >> 32);
  assert_int_equal (inos_bound_admit (worker, cell, e, NULL, pool.address.route), INOS_PASS_ON);
  atomic_fetch_and (&bound->taken, ~INOS_CLOSED); /* as the next actor does */
  assert_int_equal (inos_bound_admit (worker, cell, e, NULL, pool.address.route), INOS_PASS_ON);
  assert_int_equal (inos_bound_length (bound), 0);
  assert_int_equal (inos_deliver_picked (worker, pool.address.route, late, e, NULL), INOS_ACCEPTED);
  assert_true (inos_route_pick (worker, pool.address.route, 0) == early);
  run (runtime);
  assert_int_equal (sheet.of[0], 1);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Threads */

#define BOSSES 4
#ifdef __SANITIZE_THREAD__ /* which makes them twenty times as slow */
#define EACH 4000
#define PAUSE 5000 /* us, between two changes of size */
#else
#define EACH 20000
#define PAUSE 50
#endif

static void grow_and_shrink (unsigned workers, uint32_t strategy, uint32_t capacity)
{
  struct inos_runtime *runtime = threaded (workers);
  static struct sheet sheet, helpers;
  struct sheet *p = &helpers;
  uint64_t all = BOSSES * EACH;

  sheet = helpers = (struct sheet){0};
  sheet.helper = spawn (runtime, &hand_behaviour, &p, sizeof p);
  hand_ref pool = pool_of (runtime, &sheet,
                           (struct inos_pool_config){.size = 4,
                                                     .strategy = strategy,
                                                     .capacity = capacity,
                                                     .on_full = INOS_ON_FULL_BLOCK,
                                                     .block_timeout_ms = 600000});
  for (unsigned i = 0; i < BOSSES; i++)
    boss_post_go (runtime,
                  (boss_ref){INOS_TO (spawn (runtime, &boss_behaviour, &pool, sizeof pool))},
                  (struct batch){.each = 50, .left = EACH});
  for (uint32_t i = 0;
       i < 600000 && atomic_load (&sheet.done) + atomic_load (&sheet.answered) < all; i++) {
    inos_pool_resize (runtime, pool.address, 1 + i * 5 % 8);
    if (i < 2000 && capacity == 0) { /* from outside, where nobody can wait for room */
      assert_int_equal (hand_post_job (runtime, pool, (struct job){0}), INOS_ACCEPTED);
      all++;
    }
    g_usleep (PAUSE);
  }
  settle (runtime);
  assert_nothing_died (runtime);
  assert_int_equal (sheet.done + sheet.answered, all);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (sheet.born, sheet.gone);
}

static void test_threads (void **state)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (strategies); i++) {
    grow_and_shrink (2, strategies[i], 0);
    grow_and_shrink (4, strategies[i], 4);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_in_turn),   cmocka_unit_test (test_least),
    cmocka_unit_test (test_at_random), cmocka_unit_test (test_by_key),
    cmocka_unit_test (test_replaced),  cmocka_unit_test (test_fails_to_start),
    cmocka_unit_test (test_ends),      cmocka_unit_test (test_drain),
    cmocka_unit_test (test_by_load),   cmocka_unit_test (test_picked_too_early),
    cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
