/*
 * The rules of supervision that no script of the oracle can ask for, because OTP has no such thing
 * or because no clock could be relied on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"

#include "node/actor/supervision.h"

/* By hand */

static enum inos_outcome nothing (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  return INOS_OK;
}
static const struct inos_behaviour idle = {.name = "idle", .receive = nothing};

struct hand {
  struct inos_supervision *s;
  struct inos_supervision_action action; /* the last one */
  uint64_t now;
  inos_actor_id last;
};

static void tell (struct hand *hand, struct inos_supervision_event event)
{
  assert_true (inos_supervision_tell (hand->s, &event));
  assert_null (inos_supervision_broken (hand->s));
}

/* Returns: the next action, -1 where there is none. */
static int next (struct hand *hand)
{
  bool acts = inos_supervision_next (hand->s, hand->now, &hand->action);

  assert_null (inos_supervision_broken (hand->s));
  return acts ? (int)hand->action.kind : -1;
}

static void expect (struct hand *hand, int kind)
{
  assert_int_equal (next (hand), kind);
}

/* The child that is to start does so. Returns: its id. */
static inos_actor_id birth (struct hand *hand)
{
  expect (hand, INOS_ACTION_START);
  tell (hand, (struct inos_supervision_event){
                .kind = INOS_EVENT_SPAWNED, .child = hand->action.child, .id = ++hand->last});
  expect (hand, -1);
  tell (hand, (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = hand->last});
  return hand->last;
}

static void down (struct hand *hand, inos_actor_id id, enum inos_exit_kind kind)
{
  tell (hand, (struct inos_supervision_event){
                .kind = INOS_EVENT_DOWN, .id = id, .reason = {.kind = kind, .code = 7}});
}

static void stop (struct hand *hand)
{
  tell (hand, (struct inos_supervision_event){.kind = INOS_EVENT_STOP,
                                              .reason = {.kind = INOS_EXIT_SHUTDOWN}});
}

static struct hand begin (const struct inos_supervisor *table, inos_actor_id *ids)
{
  struct hand hand = {.s = inos_supervision_new (table), .now = INOS_SECOND};

  assert_null (inos_supervisor_fault (table));
  assert_non_null (hand.s);
  for (uint32_t i = 0; i < table->n_children; i++)
    ids[i] = birth (&hand);
  expect (&hand, INOS_ACTION_READY);
  expect (&hand, -1);
  return hand;
}

#define TABLE(...)                                                                                 \
  static const struct inos_child children[] = {__VA_ARGS__};                                       \
  struct inos_supervisor table = {                                                                 \
    .name = "root", .children = children, .n_children = G_N_ELEMENTS (children)};                  \
  inos_actor_id ids[G_N_ELEMENTS (children)]

/* While b is being restarted it is told to stop, and while it stops a child of it dies and it is
 * told again: all in turn, and each child is stopped once. */
static void test_stop_during_restart_during_stop (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle}, {.name = "b", .behaviour = &idle},
         {.name = "c", .behaviour = &idle});
  table.strategy = INOS_ONE_FOR_ALL;
  struct hand hand = begin (&table, ids);

  down (&hand, ids[1], INOS_EXIT_ERROR);
  expect (&hand, INOS_ACTION_STOP); /* c */
  assert_int_equal (hand.action.id, ids[2]);
  expect (&hand, INOS_ACTION_ARM);
  expect (&hand, -1);
  stop (&hand);
  expect (&hand, -1); /* the restart comes first */
  down (&hand, ids[0], INOS_EXIT_ERROR);
  down (&hand, ids[2], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  ids[0] = birth (&hand); /* it is not stopped: it was gone */
  ids[1] = birth (&hand);
  ids[2] = birth (&hand);
  stop (&hand);
  expect (&hand, INOS_ACTION_STOP);
  assert_int_equal (hand.action.id, ids[2]);
  expect (&hand, INOS_ACTION_ARM);
  stop (&hand);
  down (&hand, ids[1], INOS_EXIT_ERROR);
  expect (&hand, -1);
  tell (&hand,
        (struct inos_supervision_event){.kind = INOS_EVENT_TIMER, .stamp = hand.action.stamp});
  expect (&hand, INOS_ACTION_KILL);
  down (&hand, ids[2], INOS_EXIT_KILLED);
  expect (&hand, INOS_ACTION_STOP);
  assert_int_equal (hand.action.id, ids[0]);
  expect (&hand, INOS_ACTION_ARM);
  down (&hand, ids[0], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  expect (&hand, INOS_ACTION_EXIT);
  assert_int_equal (hand.action.reason.kind, INOS_EXIT_SHUTDOWN);
  expect (&hand, -1);
  inos_supervision_free (hand.s);
}

/* Out of memory is a start that failed: tried again, and then given up. */
static void test_no_memory_for_a_child (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle}, {.name = "b", .behaviour = &idle});
  table.restarts_max = 3;
  struct hand hand = begin (&table, ids);
  struct inos_supervision_health health;

  down (&hand, ids[0], INOS_EXIT_ERROR);
  for (unsigned i = 0; i < 3; i++) {
    expect (&hand, INOS_ACTION_START);
    tell (&hand, (struct inos_supervision_event){.kind = INOS_EVENT_UNBORN,
                                                 .child = hand.action.child,
                                                 .reason = {.kind = INOS_EXIT_MEMORY}});
    expect (&hand, INOS_ACTION_RETRY);
    assert_int_equal (hand.action.delay_ms, 0);
    expect (&hand, -1);
    tell (&hand, (struct inos_supervision_event){.kind = INOS_EVENT_RETRY,
                                                 .child = hand.action.child,
                                                 .stamp = hand.action.stamp});
  }
  expect (&hand, INOS_ACTION_STOP);
  inos_supervision_health (hand.s, hand.now, &health);
  assert_int_equal (health.restarts_left, 0);
  assert_int_equal (health.restarts, 3);
  assert_int_equal (health.remembered, 3);
  assert_int_equal (health.history[0].reason.kind, INOS_EXIT_ERROR);
  assert_int_equal (health.history[2].reason.kind, INOS_EXIT_MEMORY);
  assert_string_equal (health.history[2].name, "a");
  assert_true (health.busy);
  expect (&hand, INOS_ACTION_ARM);
  down (&hand, ids[1], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  expect (&hand, INOS_ACTION_EXIT);
  inos_supervision_free (hand.s);
}

static void test_no_memory_at_boot (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle}, {.name = "b", .behaviour = &idle});
  struct hand hand = {.s = inos_supervision_new (&table)};

  ids[0] = birth (&hand);
  expect (&hand, INOS_ACTION_START);
  tell (&hand, (struct inos_supervision_event){.kind = INOS_EVENT_UNBORN,
                                               .child = hand.action.child,
                                               .reason = {.kind = INOS_EXIT_MEMORY}});
  expect (&hand, INOS_ACTION_STOP);
  expect (&hand, INOS_ACTION_ARM);
  down (&hand, ids[0], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  expect (&hand, INOS_ACTION_EXIT);
  assert_int_equal (hand.action.reason.kind, INOS_EXIT_START);
  inos_supervision_free (hand.s);
}

/* What escalates is not restarted, permanent or not: the supervisor fails of it. */
static void test_escalation (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle}, {.name = "b", .behaviour = &idle});
  struct hand hand = begin (&table, ids);

  down (&hand, ids[1], INOS_EXIT_ESCALATED);
  expect (&hand, INOS_ACTION_STOP);
  expect (&hand, INOS_ACTION_ARM);
  down (&hand, ids[0], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  expect (&hand, INOS_ACTION_EXIT);
  assert_int_equal (hand.action.reason.kind, INOS_EXIT_ERROR);
  assert_int_equal (hand.action.reason.code, 7);
  inos_supervision_free (hand.s);
}

/* Each restart waits twice as long as the one before, until the child has run for long. */
static void test_back_off (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle});
  static const uint32_t delays[] = {10, 20, 40, 50, 50};
  table.backoff_ms = 10;
  table.backoff_max_ms = 50;
  table.restarts_max = 100;
  struct hand hand = begin (&table, ids);

  for (unsigned i = 0; i < G_N_ELEMENTS (delays); i++) {
    struct inos_supervision_action retry;
    down (&hand, ids[0], INOS_EXIT_ERROR);
    expect (&hand, INOS_ACTION_RETRY);
    retry = hand.action;
    assert_int_equal (retry.delay_ms, delays[i]);
    expect (&hand, -1);
    tell (&hand, (struct inos_supervision_event){
                   .kind = INOS_EVENT_RETRY, .child = retry.child, .stamp = retry.stamp - 1});
    expect (&hand, -1); /* one that was called off */
    hand.now += delays[i] * INOS_MILLISECOND;
    tell (&hand, (struct inos_supervision_event){
                   .kind = INOS_EVENT_RETRY, .child = retry.child, .stamp = retry.stamp});
    ids[0] = birth (&hand);
    expect (&hand, -1);
  }
  hand.now += 50 * INOS_MILLISECOND;
  down (&hand, ids[0], INOS_EXIT_ERROR);
  expect (&hand, INOS_ACTION_RETRY);
  assert_int_equal (hand.action.delay_ms, 10);
  stop (&hand);
  expect (&hand, INOS_ACTION_EXIT);
  inos_supervision_free (hand.s);
}

/* The window slides: exactly at its edge a restart still counts. */
static void test_the_period_is_exact (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle});
  table.period_ms = 1000;
  struct hand hand = begin (&table, ids);
  struct inos_supervision_health health;

  down (&hand, ids[0], INOS_EXIT_ERROR);
  ids[0] = birth (&hand);
  expect (&hand, -1);
  inos_supervision_health (hand.s, hand.now, &health);
  assert_int_equal (health.restarts_left, 0);
  hand.now += INOS_SECOND + 1;
  inos_supervision_health (hand.s, hand.now, &health);
  assert_int_equal (health.restarts_left, 1);
  down (&hand, ids[0], INOS_EXIT_ERROR);
  ids[0] = birth (&hand);
  expect (&hand, -1);
  hand.now += INOS_SECOND;
  down (&hand, ids[0], INOS_EXIT_ERROR);
  expect (&hand, INOS_ACTION_EXIT);
  inos_supervision_free (hand.s);
}

/* Many children */

#define MANY 1000u

static void test_a_thousand_children (void **state)
{
  g_autofree struct inos_child *children = g_new0 (struct inos_child, MANY);
  g_autofree inos_actor_id *ids = g_new0 (inos_actor_id, MANY);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct inos_supervisor table = {
    .name = "root", .strategy = INOS_REST_FOR_ONE, .children = children, .n_children = MANY};
  struct hand hand;

  for (unsigned i = 0; i < MANY; i++) {
    g_ptr_array_add (names, g_strdup_printf ("child %u", i));
    children[i] = (struct inos_child){.name = names->pdata[i], .behaviour = &idle};
  }
  hand = begin (&table, ids);
  down (&hand, ids[MANY / 2], INOS_EXIT_ERROR);
  for (unsigned i = MANY; --i > MANY / 2;) {
    expect (&hand, INOS_ACTION_STOP);
    assert_int_equal (hand.action.id, ids[i]);
    expect (&hand, INOS_ACTION_ARM);
    down (&hand, ids[i], INOS_EXIT_SHUTDOWN);
    expect (&hand, INOS_ACTION_DISARM);
  }
  for (unsigned i = MANY / 2; i < MANY; i++)
    ids[i] = birth (&hand);
  expect (&hand, -1);
  assert_int_equal (inos_supervision_counts (hand.s).active, MANY);
  inos_supervision_free (hand.s);
}

static struct inos_supervisor template_table (const struct inos_child *child)
{
  return (struct inos_supervisor){.name = "root",
                                  .strategy = INOS_SIMPLE_ONE_FOR_ONE,
                                  .children_max = MANY,
                                  .children = child,
                                  .n_children = 1};
}

static int command (struct hand *hand, struct inos_command what)
{
  tell (hand, (struct inos_supervision_event){.kind = INOS_EVENT_COMMAND, .command = &what});
  return next (hand);
}

/* A template's children are bounded, and stop all at once within one time. */
static void test_a_thousand_of_a_template (void **state)
{
  static const struct inos_child child = {.name = "a", .behaviour = &idle, .shutdown_ms = 100};
  struct inos_supervisor table = template_table (&child);
  struct hand hand = {.s = inos_supervision_new (&table)};
  unsigned asked = 0, killed = 0;
  int kind;

  expect (&hand, INOS_ACTION_READY);
  for (unsigned i = 0; i < MANY; i++) {
    tell (&hand, (struct inos_supervision_event){
                   .kind = INOS_EVENT_COMMAND,
                   .command = &(struct inos_command){.kind = INOS_COMMAND_START}});
    birth (&hand);
    expect (&hand, INOS_ACTION_ANSWER);
    assert_int_equal (hand.action.status, INOS_COMMAND_OK);
    assert_int_equal (hand.action.id, hand.last);
  }
  assert_int_equal (command (&hand, (struct inos_command){.kind = INOS_COMMAND_START}),
                    INOS_ACTION_ANSWER);
  assert_int_equal (hand.action.status, INOS_COMMAND_FULL);

  stop (&hand);
  while ((kind = next (&hand)) == INOS_ACTION_STOP)
    asked++;
  assert_int_equal (asked, MANY);
  assert_int_equal (kind, INOS_ACTION_ARM);
  assert_int_equal (hand.action.delay_ms, 100);
  for (inos_actor_id id = 1; id <= MANY; id += 2)
    down (&hand, id, INOS_EXIT_SHUTDOWN);
  tell (&hand,
        (struct inos_supervision_event){.kind = INOS_EVENT_TIMER, .stamp = hand.action.stamp});
  for (; (kind = next (&hand)) == INOS_ACTION_KILL; killed++)
    down (&hand, hand.action.id, INOS_EXIT_KILLED);
  assert_int_equal (killed, MANY / 2);
  assert_int_equal (kind, INOS_ACTION_EXIT);
  inos_supervision_free (hand.s);
}

/* Whoever asks too much at once is refused, and whoever asks too late is told so. */
static void test_commands_are_bounded (void **state)
{
  TABLE ({.name = "a", .behaviour = &idle});
  struct hand hand = begin (&table, ids);
  const struct inos_command which = {.kind = INOS_COMMAND_QUERY};

  stop (&hand);
  expect (&hand, INOS_ACTION_STOP);
  expect (&hand, INOS_ACTION_ARM);
  for (unsigned i = 0; i < INOS_COMMANDS_MAX; i++)
    tell (&hand, (struct inos_supervision_event){.kind = INOS_EVENT_COMMAND, .command = &which});
  assert_false (inos_supervision_tell (
    hand.s, &(struct inos_supervision_event){.kind = INOS_EVENT_COMMAND, .command = &which}));
  down (&hand, ids[0], INOS_EXIT_SHUTDOWN);
  expect (&hand, INOS_ACTION_DISARM);
  for (unsigned i = 0; i < INOS_COMMANDS_MAX; i++) {
    expect (&hand, INOS_ACTION_ANSWER);
    assert_int_equal (hand.action.status, INOS_COMMAND_GONE);
  }
  expect (&hand, INOS_ACTION_EXIT);
  inos_supervision_free (hand.s);
}

/* Anything may come at any time, true or not: what must hold holds, and it ends when it is told to.
 */
static void rave (struct hand *hand, GRand *random, GArray *retries)
{
  const struct inos_command what = {.kind = (enum inos_command_kind)g_rand_int_range (random, 0, 5),
                                    .id = (inos_actor_id)g_rand_int_range (random, 0, 3) *
                                          (hand->last / 2),
                                    .name = "b"};
  struct inos_supervision_event event = {
    .kind = (enum inos_supervision_event_kind)g_rand_int_range (random, 0, 8),
    .child = (inos_child_index)g_rand_int_range (random, 0, 8),
    .stamp = (uint32_t)g_rand_int_range (random, 0, 12),
    .id = hand->last - (inos_actor_id)g_rand_int_range (random, 0, 8),
    .reason = {.kind = (enum inos_exit_kind)g_rand_int_range (random, 0, 5)},
    .command = &what,
  };

  if (event.kind == INOS_EVENT_STOP && g_rand_int_range (random, 0, 20))
    return;
  if (event.kind == INOS_EVENT_SPAWNED)
    event.id = ++hand->last;
  if (event.kind == INOS_EVENT_RETRY && retries->len)
    event = g_array_index (retries, struct inos_supervision_event,
                           g_rand_int_range (random, 0, (int)retries->len));
  inos_supervision_tell (hand->s, &event);
  assert_null (inos_supervision_broken (hand->s));
}

static void test_madness (void **state)
{
  static const struct inos_child children[] = {
    {.name = "a", .behaviour = &idle},
    {.name = "b", .behaviour = &idle, .lifetime = INOS_TRANSIENT, .significant = true},
    {.name = "c", .behaviour = &idle, .lifetime = INOS_TEMPORARY},
    {.name = "d", .behaviour = &idle, .shutdown_ms = INOS_SHUTDOWN_KILL},
  };

  for (uint32_t seed = 0; seed < 3000; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (GArray) retries = g_array_new (FALSE, FALSE, sizeof (struct inos_supervision_event));
    struct inos_supervisor table = {.name = "root",
                                    .strategy = (enum inos_strategy) (seed % 4),
                                    .restarts_max = 100,
                                    .backoff_ms = seed % 5 ? 0 : 3,
                                    .auto_shutdown = INOS_AUTO_SHUTDOWN_ALL,
                                    .children = children,
                                    .n_children = 4};
    if (table.strategy == INOS_SIMPLE_ONE_FOR_ONE) {
      table.n_children = 1;
      table.auto_shutdown = INOS_AUTO_SHUTDOWN_NEVER;
    }
    struct hand hand = {.s = inos_supervision_new (&table), .last = 10};
    int kind = 0;
    for (unsigned i = 0; i < 400 && kind != INOS_ACTION_EXIT; i++) {
      hand.now += (uint64_t)g_rand_int_range (random, 0, 100000);
      rave (&hand, random, retries);
      for (kind = next (&hand); kind >= 0 && kind != INOS_ACTION_EXIT; kind = next (&hand))
        if (kind == INOS_ACTION_RETRY) {
          struct inos_supervision_event retry = {
            .kind = INOS_EVENT_RETRY, .child = hand.action.child, .stamp = hand.action.stamp};
          g_array_append_val (retries, retry);
        }
    }
    inos_supervision_free (hand.s);
  }
}

/* Tables */

static const char *fault_of (struct inos_child child, enum inos_strategy strategy,
                             enum inos_auto_shutdown auto_shutdown)
{
  const struct inos_child children[] = {child, {.name = "z", .behaviour = &idle}};
  const struct inos_supervisor table = {.name = "root",
                                        .strategy = strategy,
                                        .auto_shutdown = auto_shutdown,
                                        .children = children,
                                        .n_children = 2};

  return inos_supervisor_fault (&table);
}

static void test_faults_of_tables (void **state)
{
  static const struct inos_supervisor empty = {.name = "empty"}, nameless = {0};

  assert_null (inos_supervisor_fault (&empty));
  assert_non_null (inos_supervisor_fault (&nameless));
  assert_null (fault_of ((struct inos_child){.name = "a", .behaviour = &idle}, 0, 0));
  assert_null (fault_of ((struct inos_child){.name = "a", .supervisor = &empty}, 0, 0));
  assert_non_null (fault_of ((struct inos_child){.name = "a", .supervisor = &nameless}, 0, 0));
  assert_non_null (fault_of ((struct inos_child){.name = "a"}, 0, 0));
  assert_non_null (fault_of ((struct inos_child){.behaviour = &idle}, 0, 0));
  assert_non_null (fault_of ((struct inos_child){.name = "z", .behaviour = &idle}, 0, 0));
  assert_non_null (
    fault_of ((struct inos_child){.name = "a", .behaviour = &idle}, INOS_SIMPLE_ONE_FOR_ONE, 0));
  assert_non_null (
    fault_of ((struct inos_child){.name = "a", .behaviour = &idle, .significant = true}, 0,
              INOS_AUTO_SHUTDOWN_ANY));
  assert_non_null (fault_of (
    (struct inos_child){
      .name = "a", .behaviour = &idle, .significant = true, .lifetime = INOS_TRANSIENT},
    0, INOS_AUTO_SHUTDOWN_NEVER));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_stop_during_restart_during_stop),
    cmocka_unit_test (test_no_memory_for_a_child),
    cmocka_unit_test (test_no_memory_at_boot),
    cmocka_unit_test (test_escalation),
    cmocka_unit_test (test_back_off),
    cmocka_unit_test (test_the_period_is_exact),
    cmocka_unit_test (test_a_thousand_children),
    cmocka_unit_test (test_a_thousand_of_a_template),
    cmocka_unit_test (test_commands_are_bounded),
    cmocka_unit_test (test_madness),
    cmocka_unit_test (test_faults_of_tables),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
