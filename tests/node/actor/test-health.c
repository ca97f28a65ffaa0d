/*
 * Health: one actor from inside and from outside, all of them, who waits for whom.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/seen.h"

#include "node/actor/health.h"

static struct inos_actor_health ask (struct inos_runtime *runtime, inos_actor_id id)
{
  struct inos_actor_health health;

  assert_true (inos_health_actor (runtime, id, 10 * INOS_SECOND, &health));
  assert_true (health.id == id);
  return health;
}

static inos_actor_id bounded (struct inos_runtime *runtime, uint32_t capacity,
                              enum inos_on_full on_full, const char *name)
{
  const struct inos_spawn how = {.behaviour = &seen_behaviour,
                                 .capacity = capacity,
                                 .on_full = on_full,
                                 .block_timeout_ms = 3600 * 1000,
                                 .name = name};
  inos_actor_id id = inos_runtime_spawn (runtime, &how);

  assert_true (id != 0);
  return id;
}

/* 600 normal, 300 high, 100 low. */
static void post_1000 (struct inos_runtime *runtime, inos_actor_id id)
{
  for (unsigned i = 0; i < 1000; i++)
    if (i % 10 < 6)
      seen_post_nothing (runtime, SEEN_TO (id), (struct word){i});
    else if (i % 10 < 9)
      seen_post_high (runtime, SEEN_TO (id), (struct word){i});
    else
      seen_post_low (runtime, SEEN_TO (id), (struct word){i});
}

static void assert_1000 (const struct inos_mailbox_health *m)
{
  assert_int_equal (m->known, INOS_EXACT);
  assert_int_equal (m->total, 1000);
  assert_int_equal (m->depth[INOS_PRIORITY_NORMAL], 600);
  assert_int_equal (m->depth[INOS_PRIORITY_HIGH], 300);
  assert_int_equal (m->depth[INOS_PRIORITY_LOW], 100);
  assert_int_equal (m->depth[INOS_PRIORITY_CRITICAL], 0);
  assert_int_equal (m->replies + m->late, 0);
}

static void test_mailbox (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id id = one (runtime),
                  oldest = bounded (runtime, 1000, INOS_ON_FULL_DROP_OLDEST, "o");
    run (runtime);
    struct inos_actor_health h = ask (runtime, id);
    assert_int_equal (h.state, INOS_STATE_IDLE);
    assert_int_equal (h.mailbox.known, INOS_EXACT);
    assert_int_equal (h.mailbox.total, 0);
    post_1000 (runtime, id);
    post_1000 (runtime, oldest);
    h = ask (runtime, id);
    assert_int_equal (h.state, INOS_STATE_READY);
    assert_1000 (&h.mailbox);
    h = ask (runtime, oldest);
    assert_1000 (&h.mailbox);
    assert_true (h.mailbox.bounded);
    assert_int_equal (h.mailbox.length, 1000);
    assert_int_equal (h.mailbox.on_full, INOS_ON_FULL_DROP_OLDEST);
    assert_string_equal (h.name, "o");
    uint64_t turns = 0; /* in the midst of it: some in lanes, some not */
    do {
      inos_runtime_run (runtime, 100000 + 2000 * ++turns);
      h = ask (runtime, id);
      assert_int_equal (h.mailbox.known, INOS_EXACT);
      assert_int_equal (h.mailbox.total + h.count, 1000);
    } while (h.mailbox.total > 0 && turns < 200);
    run (runtime);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* What a long mailbox says is where it was counted to. */
static void test_mailbox_long (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  inos_actor_id id = one (runtime);
  const struct inos_spawn how = {.behaviour = &seen_behaviour, .capacity = INOS_HEALTH_WALK * 2};

  run (runtime);
  for (unsigned i = 0; i < INOS_HEALTH_WALK + 1; i++)
    seen_post_nothing (runtime, SEEN_TO (id), (struct word){i});
  struct inos_actor_health h = ask (runtime, id);
  assert_int_equal (h.mailbox.known, INOS_AT_LEAST);
  assert_int_equal (h.mailbox.total, INOS_HEALTH_WALK);
  run (runtime);
  inos_actor_id other = inos_runtime_spawn (runtime, &how);
  run (runtime);
  for (unsigned i = 0; i < INOS_HEALTH_WALK + 1; i++)
    seen_post_nothing (runtime, SEEN_TO (other), (struct word){i});
  h = ask (runtime, other);
  assert_int_equal (h.mailbox.length, INOS_HEALTH_WALK + 1); /* the bound knows */
  run (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Whoever watches and goes, or starts anew, watches nobody any more. */
static void test_watchers_that_go (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id id = one (runtime);
    for (unsigned i = 0; i < 8; i++) {
      inos_actor_id other = one (runtime);
      seen_post_watch (runtime, SEEN_TO (other), (struct whom){id});
      seen_post_watch (runtime, SEEN_TO (other), (struct whom){id});
      seen_post_end (runtime, SEEN_TO (other), (struct word){0});
    }
    run (runtime);
    assert_int_equal (ask (runtime, id).monitors, 0);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_parts (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  inos_actor_id id = one (runtime), other = one (runtime), child;
  const struct inos_spawn how = {.behaviour = &seen_behaviour, .watcher = id, .name = "child"};

  child = inos_runtime_spawn (runtime, &how);
  run (runtime);
  uint64_t bare = ask (runtime, id).memory;
  seen_post_watch (runtime, SEEN_TO (other), (struct whom){id}); /* forgotten, as it starts anew */
  seen_post_fail (runtime, SEEN_TO (other), (struct word){1});
  seen_post_watch (runtime, SEEN_TO (other), (struct whom){id});
  seen_post_watch (runtime, SEEN_TO (other), (struct whom){id});
  for (unsigned i = 0; i < 20; i++)
    seen_post_ask (runtime, SEEN_TO (id), (struct whom){other});
  inos_runtime_run (runtime, 1000000);
  seen_post_later (runtime, SEEN_TO (id), (struct word){1});
  inos_runtime_run (runtime, 2000000);
  struct inos_actor_health h = ask (runtime, id);
  assert_true (h.asked);
  assert_ptr_equal (h.behaviour, &seen_behaviour);
  assert_int_equal (h.count, 21);
  assert_int_equal (h.links, 1);
  assert_int_equal (h.monitors, 2);
  assert_int_equal (h.timers, 1); /* that of the requests is the runtime's own */
  assert_int_equal (h.pending_count, 20);
  for (unsigned i = 0; i < INOS_HEALTH_PENDING; i++) {
    assert_true (h.pending[i].target == other && h.pending[i].id != 0);
    assert_in_range (h.pending[i].age, 1900000, 2000000);
  }
  assert_true (h.memory > bare + 20 * 48);
  assert_int_equal (h.restarts, 0);
  assert_int_equal (h.restarts_max, 3);
  assert_int_equal (ask (runtime, other).restarts, 1);
  h = ask (runtime, child);
  assert_true (h.watcher == id);
  assert_string_equal (h.name, "child");
  seen_post_end (runtime, SEEN_TO (child), (struct word){1});
  inos_runtime_run (runtime, 3000000);
  assert_false (inos_health_actor (runtime, child, 0, &h));
  assert_false (inos_health_outside (runtime, child, &h));
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_blocked (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id id = one (runtime), slow = bounded (runtime, 1, INOS_ON_FULL_BLOCK, NULL);
    bool seen = false;
    run (runtime);
    seen_post_many (runtime, SEEN_TO (id), (struct many){slow, 10, 1});
    for (uint64_t until = 1000; !seen && until < 50000; until += 100) {
      inos_runtime_run (runtime, until);
      struct inos_actor_health h = ask (runtime, id);
      if (h.state != INOS_STATE_BLOCKED)
        continue;
      seen = true;
      assert_true (h.blocked_on == slow);
      assert_in_range (h.parked, 1, 9);
      h = ask (runtime, slow);
      assert_int_equal (h.mailbox.length, h.mailbox.total);
      assert_int_equal (h.mailbox.capacity, 1);
    }
    assert_true (seen);
    run (runtime);
    assert_int_equal (ask (runtime, slow).count, 10);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* Lists */

static void test_pages (void **state)
{
  struct inos_runtime *runtime = seeded (4);
  struct inos_actor_row rows[700];
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  uint64_t cursor = 0, pages = 0;

  for (unsigned i = 0; i < 2500; i++) {
    inos_actor_id id = one (runtime);
    g_hash_table_add (all, g_memdup2 (&id, sizeof id));
  }
  run (runtime);
  struct inos_health *health = inos_health_new (runtime);
  do {
    size_t count = inos_health_list (health, INOS_BY_PLACE, rows, G_N_ELEMENTS (rows), &cursor);
    pages++;
    for (size_t i = 0; i < count; i++)
      assert_true (g_hash_table_remove (all, &rows[i].id)); /* each once */
  } while (cursor);
  assert_int_equal (pages, 4);
  assert_int_equal (g_hash_table_size (all), 0);
  inos_health_free (health);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_best (void **state)
{
  struct inos_runtime *runtime = seeded (5);
  struct inos_actor_row rows[3];
  inos_actor_id id[50];
  uint64_t cursor = 0;

  for (unsigned i = 0; i < 50; i++)
    id[i] = one (runtime);
  run (runtime);
  struct inos_health *health = inos_health_new (runtime);
  for (unsigned i = 0; i < 50; i++)
    for (unsigned k = 0; k < (i * 7) % 50; k++) /* a different number each */
      seen_post_nothing (runtime, SEEN_TO (id[i]), (struct word){k});
  assert_int_equal (inos_health_list (health, INOS_BY_DEPTH, rows, 3, &cursor), 3);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal (rows[i].depth, 49 - i);
    assert_int_equal (rows[i].known, INOS_EXACT);
    assert_int_equal (rows[i].state, INOS_STATE_READY);
  }
  uint64_t began = inos_runtime_run (runtime, 0);
  run (runtime);
  uint64_t took = inos_runtime_run (runtime, 0) - began;
  inos_health_look (health);
  assert_int_equal (inos_health_list (health, INOS_BY_RATE, rows, 3, &cursor), 3);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal (rows[i].count, 49 - i);
    assert_true (rows[i].id == id[(49 - i) * 43 % 50]); /* 7 × 43 = 1 modulo 50 */
    assert_float_equal (rows[i].rate, (49.0 - i) * 1e9 / (double)took, 1);
  }
  inos_health_look (health); /* nothing since */
  assert_int_equal (inos_health_list (health, INOS_BY_RATE, rows, 3, &cursor), 0);
  inos_health_free (health);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_system (void **state)
{
  struct inos_runtime *runtime = seeded (6);
  inos_actor_id id = one (runtime);
  struct inos_system_health s;

  run (runtime);
  struct inos_health *health = inos_health_new (runtime);
  inos_runtime_run (runtime, INOS_SECOND);
  for (unsigned i = 0; i < 1000; i++)
    seen_post_nothing (runtime, SEEN_TO (id), (struct word){i});
  run (runtime);
  inos_runtime_run (runtime, 2 * INOS_SECOND);
  inos_health_look (health);
  inos_health_system (health, &s);
  assert_int_equal (s.actors, 1);
  assert_float_equal (s.handled, 500, 1); /* 1000 in 2 s */
  assert_float_equal (s.dead, 0, 0);
  assert_int_equal (s.workers, 2);
  assert_true (s.worker[0].who == 0);
  /* They waited from 0 to about 0.1 ms; a bucket is a power of two wide. */
  assert_in_range (s.p50, 25000, 100000);
  assert_true (s.p50 <= s.p90 && s.p90 <= s.p99 && s.p99 <= s.p999 && s.p999 <= s.longest);
  assert_in_range (s.longest, 65536, 262144);
  inos_health_look (health);
  inos_health_system (health, &s);
  assert_float_equal (s.handled, 0, 0);
  assert_int_equal (s.p50, 0);
  inos_health_free (health);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Who waits for whom */

static void test_cycles (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id a = one (runtime), b = one (runtime), c = one (runtime), d = one (runtime),
                  e = one (runtime);
    struct inos_wait_cycle out[4];
    size_t unknown;
    const inos_actor_id waits[][2] = {{a, b}, {b, c}, {d, a}, {d, e}, {c, d}};
    for (unsigned i = 0; i < 4; i++)
      seen_post_ask (runtime, SEEN_TO (waits[i][0]), (struct whom){waits[i][1]});
    inos_runtime_run (runtime, 1000000);
    assert_int_equal (inos_health_cycles (runtime, 0, 0, out, 4, &unknown), 0); /* none yet */
    seen_post_ask (runtime, SEEN_TO (c), (struct whom){d});
    inos_runtime_run (runtime, 2000000);
    assert_int_equal (inos_health_cycles (runtime, 0, 0, out, 4, &unknown), 1);
    assert_int_equal (unknown, 0);
    assert_int_equal (out[0].length, 4);
    for (unsigned i = 0; i < 4; i++) {
      assert_true (out[0].wait[i].whom == out[0].wait[(i + 1) % 4].who);
      assert_true (out[0].wait[i].who != e);
      assert_int_equal (out[0].wait[i].kind, INOS_WAIT_REPLY);
      assert_true (out[0].wait[i].age >= 900000);
    }
    /* One of the waits is younger than that. */
    assert_int_equal (inos_health_cycles (runtime, 1500000, 0, out, 4, NULL), 0);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* One that is in its handler cannot say for whom it waits, which is said. */
static void test_cycle_unknown (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_wait_cycle out[4];
  size_t unknown;

  seen_post_ask (runtime, SEEN_TO (a), (struct whom){b});
  seen_post_ask (runtime, SEEN_TO (b), (struct whom){a});
  settle (runtime);
  assert_int_equal (inos_health_cycles (runtime, 0, 10 * INOS_SECOND, out, 4, &unknown), 1);
  assert_int_equal (unknown, 0);
  assert_int_equal (out[0].length, 2);
  shut (runtime, b);
  assert_int_equal (inos_health_cycles (runtime, 0, 50 * INOS_MILLISECOND, out, 4, &unknown), 0);
  assert_int_equal (unknown, 1);
  open_gate (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* One waits for room, the other for a reply. */
static void test_cycle_blocked (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id a = one (runtime), b = bounded (runtime, 1, INOS_ON_FULL_BLOCK, NULL);
    struct inos_wait_cycle out[4];
    size_t count = 0;
    seen_post_ask (runtime, SEEN_TO (b), (struct whom){a});
    inos_runtime_run (runtime, 1000000);
    seen_post_many (runtime, SEEN_TO (a), (struct many){b, 5, 0});
    for (uint64_t until = 1000100; count == 0 && until < 1100000; until += 100) {
      inos_runtime_run (runtime, until);
      count = inos_health_cycles (runtime, 0, 0, out, 4, NULL);
    }
    assert_int_equal (count, 1);
    assert_int_equal (out[0].length, 2);
    const struct inos_wait *first = &out[0].wait[0], *second = &out[0].wait[1];
    assert_true (first->who == second->whom && first->whom == second->who);
    assert_int_equal (first->who == a ? first->kind : second->kind, INOS_WAIT_ROOM);
    assert_int_equal (first->who == b ? first->kind : second->kind, INOS_WAIT_REPLY);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* Threads */

/* Its mailbox is the longest, and one worker runs it. */
static void assert_seen_among_all (struct inos_runtime *runtime, inos_actor_id id, unsigned workers)
{
  struct inos_health *health = inos_health_new (runtime);
  struct inos_system_health s;
  struct inos_actor_row rows[2];
  uint64_t cursor = 0;
  unsigned at_work = 0, asleep = 0;

  assert_int_equal (inos_health_list (health, INOS_BY_DEPTH, rows, 2, &cursor), 1);
  assert_true (rows[0].id == id);
  assert_int_equal (rows[0].depth, 1000);
  assert_int_equal (rows[0].state, INOS_STATE_STUCK);
  inos_health_system (health, &s);
  assert_int_equal (s.workers, workers + 1);
  for (unsigned i = 0; i < workers; i++)
    if (s.worker[i].who == id) {
      at_work++;
      assert_in_range (s.worker[i].since, 30 * INOS_MILLISECOND, 60 * INOS_SECOND);
    } else if (s.worker[i].asleep)
      asleep++;
  assert_int_equal (at_work, 1);
  assert_true (asleep <= workers - 1);
  inos_health_free (health);
}

/* One that is stuck with 1000 behind it, of which nothing is known to anybody but itself. */
static void stuck_with_1000 (unsigned workers)
{
  struct inos_runtime *runtime = threaded (workers);
  inos_actor_id id = one (runtime), limited = bounded (runtime, 50, INOS_ON_FULL_FAIL, "limited");
  struct inos_actor_health h;

  inos_watchdog_set (runtime, 20 * INOS_MILLISECOND);
  shut (runtime, id);
  post_1000 (runtime, id);
  g_usleep (40000);
  assert_true (inos_health_actor (runtime, id, INOS_SECOND, &h)); /* at once: it is stuck */
  assert_false (h.asked);
  assert_int_equal (h.state, INOS_STATE_STUCK);
  assert_ptr_equal (h.handled, &seen_spin_type);
  assert_ptr_equal (h.behaviour, &seen_behaviour);
  assert_in_range (h.busy_for, 30 * INOS_MILLISECOND, 60 * INOS_SECOND);
  assert_1000 (&h.mailbox);
  assert_in_range (h.mailbox.oldest, 30 * INOS_MILLISECOND, 60 * INOS_SECOND);
  assert_seen_among_all (runtime, id, workers);
  open_gate (runtime);
  h = ask (runtime, id);
  assert_true (h.asked);
  assert_int_equal (h.mailbox.total, 0);
  assert_int_equal (h.count, 1001);
  shut (runtime, limited);
  for (unsigned i = 0; i < 60; i++)
    seen_post_nothing (runtime, SEEN_TO (limited), (struct word){i});
  assert_true (inos_health_actor (runtime, limited, INOS_MILLISECOND, &h)); /* in vain */
  assert_false (h.asked);
  assert_int_equal (h.mailbox.total, 50);
  assert_int_equal (h.mailbox.length, 50);
  assert_string_equal (h.name, "limited");
  open_gate (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_stuck (void **state)
{
  stuck_with_1000 (1);
  stuck_with_1000 (2);
}

static void count_answer (const struct inos_actor_health *health, void *data)
{
  _Atomic int *answers = data;

  atomic_fetch_add (answers, health ? 1 : 100);
}

static void test_questions (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  inos_actor_id id = one (runtime);
  _Atomic int answers = 0;

  settle (runtime);
  struct inos_health_question *q = inos_health_ask (runtime, id, count_answer, &answers);
  settle (runtime);
  assert_int_equal (atomic_load (&answers), 1);
  inos_health_question_end (q);
  shut (runtime, id);
  q = inos_health_ask (runtime, id, count_answer, &answers);
  struct inos_health_question *r = inos_health_ask (runtime, id, count_answer, &answers);
  inos_health_question_end (q); /* given up */
  open_gate (runtime);
  assert_int_equal (atomic_load (&answers), 2);
  inos_health_question_end (r);
  shut (runtime, id);
  q = inos_health_ask (runtime, id, count_answer, &answers);
  inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_KILLED, 0});
  r = inos_health_ask (runtime, id, count_answer, &answers);
  open_gate (runtime);
  assert_int_equal (atomic_load (&answers), 103); /* before it was killed; after */
  inos_health_question_end (q);
  inos_health_question_end (r);
  inos_health_question_end (inos_health_ask (runtime, id, count_answer, &answers));
  assert_int_equal (atomic_load (&answers), 203);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_busy (void **state)
{
  struct inos_runtime *runtime = threaded (1);
  inos_actor_id id = one (runtime), other = one (runtime);
  struct inos_actor_row rows[2];
  uint64_t cursor = 0;

  inos_watchdog_set (runtime, 0);
  settle (runtime);
  struct inos_health *health = inos_health_new (runtime);
  for (unsigned i = 0; i < 10; i++) {
    seen_post_spin (runtime, SEEN_TO (id), (struct spin){10});
    seen_post_spin (runtime, SEEN_TO (other), (struct spin){2});
  }
  settle (runtime);
  inos_health_look (health);
  assert_int_equal (inos_health_list (health, INOS_BY_BUSY, rows, 2, &cursor), 2);
  assert_true (rows[0].id == id && rows[1].id == other);
  assert_true (rows[0].share > 0.5 && rows[0].share <= 1);
  assert_true (rows[1].share > 0.02 && rows[1].share < rows[0].share / 2);
  inos_health_free (health);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* While they run, what is told may be old, but is never nonsense. */
static void test_looking_on (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_health *health = inos_health_new (runtime);
  struct inos_actor_row rows[4];
  struct inos_system_health s;
  uint64_t cursor = 0;
  struct inos_wait_cycle cycle;

  for (unsigned i = 0; i < 300; i++) {
    seen_post_many (runtime, SEEN_TO (a), (struct many){b, 500, i % 2});
    seen_post_pass (runtime, SEEN_TO (b), (struct whom){a});
    size_t count = inos_health_list (health, INOS_BY_DEPTH, rows, 4, &cursor);
    for (size_t k = 0; k < count; k++)
      assert_true (rows[k].depth <= 300 * 502); /* never more than was sent */
    inos_health_look (health);
    inos_health_system (health, &s);
    for (unsigned k = 0; k < s.workers; k++)
      assert_true (!s.worker[k].who || s.worker[k].who == a || s.worker[k].who == b);
    inos_health_list (health, (enum inos_health_order) (i % 4), rows, 4, &cursor);
    inos_health_cycles (runtime, 0, INOS_MILLISECOND, &cycle, 1, NULL);
    cursor = 0;
  }
  settle (runtime);
  assert_int_equal (ask (runtime, b).count, 300u * (500 + 1 + 1));
  inos_health_free (health);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_mailbox),
    cmocka_unit_test (test_mailbox_long),
    cmocka_unit_test (test_watchers_that_go),
    cmocka_unit_test (test_parts),
    cmocka_unit_test (test_blocked),
    cmocka_unit_test (test_pages),
    cmocka_unit_test (test_best),
    cmocka_unit_test (test_system),
    cmocka_unit_test (test_cycles),
    cmocka_unit_test (test_cycle_unknown),
    cmocka_unit_test (test_cycle_blocked),
    cmocka_unit_test (test_stuck),
    cmocka_unit_test (test_questions),
    cmocka_unit_test (test_busy),
    cmocka_unit_test (test_looking_on),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
