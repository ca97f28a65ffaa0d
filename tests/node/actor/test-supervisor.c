/*
 * Supervisors as actors: trees that start in order, stop in reverse, are asked and steered, and
 * what happens when they are killed or memory is short. What they do is compared with OTP in the
 * oracle.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"

#include "node/actor/route.h"
#include "node/actor/supervisor.h"

#include <pthread.h>

/* What workers write down, from whatever thread. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* one that TSan knows */
static GString *diary;

static void note (const char *what, const char *who)
{
  pthread_mutex_lock (&lock);
  g_string_append_printf (diary, "%s%s %s", diary->len ? "|" : "", what, who);
  pthread_mutex_unlock (&lock);
}

static void assert_diary (const char *expected)
{
  g_autofree char *written = NULL;

  pthread_mutex_lock (&lock); /* not while asserting, which jumps */
  written = g_strdup (diary->str);
  g_string_truncate (diary, 0);
  pthread_mutex_unlock (&lock);
  assert_string_equal (written, expected);
}

static int set_up (void **state)
{
  diary = g_string_new (NULL);
  return 0;
}

static int tear_down (void **state)
{
  g_string_free (diary, TRUE);
  return 0;
}

/* Workers */

struct worker_die {
  enum inos_exit_kind kind;
};

#define WORKER(MESSAGE, REQUEST) MESSAGE (worker, die, struct worker_die, 1)
INOS_PROTOCOL (worker, WORKER);
INOS_PROTOCOL_DEFINE (worker, WORKER);

struct worker {
  char name[16];
  bool escalates;
};

static enum inos_outcome worker_pre_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  struct worker *self = state;

  g_strlcpy (self->name, argument, sizeof self->name);
  note ("start", self->name);
  return INOS_OK;
}

static void worker_post_stop (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct worker *self = state;

  note ("stop", self->name);
}

static enum inos_action worker_on_error (void *state, struct inos_context *context,
                                         const struct inos_failure *failure)
{
  return failure->code == 2 ? INOS_ESCALATE : INOS_STOP;
}

INOS_HANDLE (worker, die, struct worker)
{
  if (message->kind == INOS_EXIT_ERROR || message->kind == INOS_EXIT_ESCALATED)
    return inos_fail (context, message->kind == INOS_EXIT_ERROR ? 1 : 2, "as it was told");
  return inos_done_with (context, (struct inos_exit){.kind = message->kind});
}

INOS_BEHAVIOUR (worker, WORKER, struct worker, .pre_start = worker_pre_start,
                .post_stop = worker_post_stop, .on_error = worker_on_error);

#define CHILD(text, ...)                                                                           \
  {.name = text,                                                                                   \
   .registered = text,                                                                             \
   .behaviour = &worker_behaviour,                                                                 \
   .argument = text,                                                                               \
   .argument_size = sizeof text __VA_OPT__ (, ) __VA_ARGS__}
#define CHILDREN(array) .children = (array), .n_children = G_N_ELEMENTS (array)

static const struct inos_child inner_children[] = {CHILD ("b"), CHILD ("c")};
static const struct inos_supervisor inner = {
  .name = "inner", .registered = "inner", CHILDREN (inner_children)};
static const struct inos_child outer_children[] = {
  CHILD ("a"), {.name = "inner", .supervisor = &inner}, CHILD ("d")};
static const struct inos_supervisor outer = {
  .name = "outer", .registered = "outer", .restarts_max = 10, CHILDREN (outer_children)};

static void send_die (struct inos_runtime *runtime, const char *name, enum inos_exit_kind kind)
{
  inos_actor_id id = inos_lookup (runtime, name);

  assert_true (id != 0);
  worker_post_die (runtime, (worker_ref){INOS_TO (id)}, (struct worker_die){kind});
}

static void stop_root (struct inos_runtime *runtime, inos_supervisor_ref root)
{
  inos_runtime_stop_actor (runtime, root.address.id,
                           (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
}

static void assert_nobody_left (struct inos_runtime *runtime)
{
  struct inos_totals t;

  inos_runtime_totals (runtime, &t);
  assert_int_equal (t.spawned, t.stopped);
}

/* Whom requests come from */

enum what { ASK_WHICH, ASK_COUNT, ASK_HEALTH, ASK_START, ASK_TERMINATE, ASK_RESTART, ASK_DELETE };

struct asker_ask {
  enum what what;
};

#define ASKER(MESSAGE, REQUEST) MESSAGE (asker, ask, struct asker_ask, 1)
INOS_PROTOCOL (asker, ASKER);
INOS_PROTOCOL_DEFINE (asker, ASKER);

struct asker {
  int nothing;
};

/* What was answered, and how the root ended. */
static struct {
  enum inos_replied status;
  struct inos_supervisor_children children;
  struct inos_child_counts counts;
  struct inos_supervision_health health;
  struct inos_supervisor_answer answer;
  struct inos_exit ended;
  bool has_ended;
} said;

/* What to ask about. */
static inos_supervisor_ref whom;
static struct inos_supervisor_whom which_child;
static struct inos_supervisor_addition addition;

#define KEEP(name, type, field)                                                                    \
  static enum inos_outcome on_##name (void *state, struct inos_context *context,                   \
                                      enum inos_replied status, const type *reply, uint64_t tag)   \
  {                                                                                                \
    said.status = status;                                                                          \
    if (reply)                                                                                     \
      said.field = *reply;                                                                         \
    return INOS_OK;                                                                                \
  }
KEEP (which, struct inos_supervisor_children, children)
KEEP (count, struct inos_child_counts, counts)
KEEP (health, struct inos_supervision_health, health)
KEEP (answer, struct inos_supervisor_answer, answer)

INOS_HANDLE (asker, ask, struct asker)
{
  uint64_t timeout = 10 * INOS_SECOND;

  switch (message->what) {
  case ASK_WHICH:
    inos_supervisor_request_which_children (context, whom, (struct inos_supervisor_page){0},
                                            timeout, on_which, 0);
    break;
  case ASK_COUNT:
    inos_supervisor_request_count_children (context, whom, INOS_NOTHING, timeout, on_count, 0);
    break;
  case ASK_HEALTH:
    inos_supervisor_request_health (context, whom, INOS_NOTHING, timeout, on_health, 0);
    break;
  case ASK_START:
    inos_supervisor_request_start_child (context, whom, addition, timeout, on_answer, 0);
    break;
  case ASK_TERMINATE:
    inos_supervisor_request_terminate_child (context, whom, which_child, timeout, on_answer, 0);
    break;
  case ASK_RESTART:
    inos_supervisor_request_restart_child (context, whom, which_child, timeout, on_answer, 0);
    break;
  case ASK_DELETE:
    inos_supervisor_request_delete_child (context, whom, which_child, timeout, on_answer, 0);
    break;
  }
  return INOS_OK;
}

static enum inos_outcome asker_on_down (void *state, struct inos_context *context,
                                        inos_actor_id who, struct inos_exit reason)
{
  said.ended = reason;
  said.has_ended = true;
  return INOS_OK;
}

INOS_BEHAVIOUR (asker, ASKER, struct asker, .on_down = asker_on_down);

/* A tree on a seeded runtime whose end is heard of. */
struct stage {
  struct inos_runtime *runtime;
  inos_actor_id asker;
  inos_supervisor_ref root;
};

static struct stage stage_on (struct inos_runtime *runtime, const struct inos_supervisor *table)
{
  struct stage stage = {.runtime = runtime, .asker = spawn (runtime, &asker_behaviour, NULL, 0)};

  memset (&said, 0, sizeof said);
  stage.root = inos_supervisor_runtime_spawn (runtime, table, stage.asker);
  assert_true (stage.root.address.id != 0);
  whom = stage.root;
  run (runtime);
  return stage;
}

static void ask (struct stage *stage, enum what what)
{
  said.status = INOS_TIMED_OUT;
  asker_post_ask (stage->runtime, (asker_ref){INOS_TO (stage->asker)}, (struct asker_ask){what});
  run (stage->runtime);
}

static enum inos_command_status order (struct stage *stage, enum what what, const char *name)
{
  which_child = inos_supervisor_whom_of (0, name);
  ask (stage, what);
  assert_int_equal (said.status, INOS_REPLIED);
  return said.answer.status;
}

static void leave (struct stage *stage)
{
  inos_runtime_free (stage->runtime, INOS_SECOND);
  g_string_truncate (diary, 0);
}

/* Order */

static void test_a_tree_starts_in_order_and_stops_in_reverse (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct stage stage = stage_on (seeded (seed), &outer);
    assert_diary ("start a|start b|start c|start d");
    stop_root (stage.runtime, stage.root);
    run (stage.runtime);
    assert_diary ("stop d|stop c|stop b|stop a");
    assert_true (said.has_ended);
    assert_int_equal (said.ended.kind, INOS_EXIT_SHUTDOWN);
    leave (&stage);
  }
}

/* Also on threads, and where the runtime itself is what ends. */
static void test_a_tree_ends_with_its_runtime (void **state)
{
  for (unsigned round = 0; round < 100; round++) {
    struct inos_runtime *runtime = threaded (2);
    inos_supervisor_runtime_spawn (runtime, &outer, 0);
    settle (runtime);
    assert_diary ("start a|start b|start c|start d");
    inos_runtime_free (runtime, 10 * INOS_SECOND);
    assert_diary ("stop d|stop c|stop b|stop a");
  }
}

static void test_a_child_is_restarted_alone (void **state)
{
  struct stage stage = stage_on (seeded (1), &outer);

  assert_diary ("start a|start b|start c|start d");
  send_die (stage.runtime, "b", INOS_EXIT_ERROR);
  run (stage.runtime);
  assert_diary ("stop b|start b");
  send_die (stage.runtime, "b", INOS_EXIT_NORMAL); /* one too many for `inner` … */
  run (stage.runtime);
  assert_diary ("stop b|stop c|start b|start c"); /* … which is itself restarted */
  ask (&stage, ASK_HEALTH);
  assert_int_equal (said.health.restarts, 1);
  assert_int_equal (said.health.restarts_left, 9);
  assert_string_equal (said.health.history[0].name, "inner");
  assert_int_equal (said.health.history[0].reason.kind, INOS_EXIT_SHUTDOWN);
  inos_runtime_free (stage.runtime, INOS_SECOND);
  assert_diary ("stop d|stop c|stop b|stop a");
}

static void test_escalation (void **state)
{
  struct stage stage = stage_on (seeded (1), &outer);

  assert_diary ("start a|start b|start c|start d");
  send_die (stage.runtime, "b", INOS_EXIT_ESCALATED);
  run (stage.runtime);
  assert_diary ("stop b|stop c|start b|start c");
  ask (&stage, ASK_HEALTH);
  assert_int_equal (said.health.history[0].reason.kind, INOS_EXIT_ERROR);
  send_die (stage.runtime, "a", INOS_EXIT_ESCALATED);
  run (stage.runtime);
  assert_diary ("stop a|stop d|stop c|stop b");
  assert_int_equal (said.ended.kind, INOS_EXIT_ERROR);
  assert_int_equal (said.ended.code, 2);
  leave (&stage);
}

/* Requests */

static void test_children_are_shown_and_steered (void **state)
{
  static const struct inos_child extra = CHILD ("e", .lifetime = INOS_TRANSIENT);
  struct stage stage = stage_on (seeded (1), &outer);

  ask (&stage, ASK_WHICH);
  assert_int_equal (said.children.total, 3);
  assert_int_equal (said.children.shown, 3);
  assert_string_equal (said.children.child[0].name, "d");
  assert_true (said.children.child[1].supervisor);
  assert_int_equal (said.children.child[2].state, INOS_CHILD_RUNNING);
  assert_int_equal (said.children.child[2].id, inos_lookup (stage.runtime, "a"));

  addition = (struct inos_supervisor_addition){.child = &extra};
  assert_int_equal (order (&stage, ASK_START, NULL), INOS_COMMAND_OK);
  assert_int_equal (said.answer.id, inos_lookup (stage.runtime, "e"));
  assert_int_equal (order (&stage, ASK_START, NULL), INOS_COMMAND_RUNNING);
  assert_int_equal (order (&stage, ASK_DELETE, "e"), INOS_COMMAND_RUNNING);
  assert_int_equal (order (&stage, ASK_TERMINATE, "e"), INOS_COMMAND_OK);
  assert_int_equal (inos_lookup (stage.runtime, "e"), 0);
  ask (&stage, ASK_COUNT);
  assert_int_equal (said.counts.specs, 4);
  assert_int_equal (said.counts.active, 3);
  assert_int_equal (said.counts.supervisors, 1);
  assert_int_equal (said.counts.workers, 3);
  assert_int_equal (order (&stage, ASK_START, NULL), INOS_COMMAND_PRESENT);
  assert_int_equal (order (&stage, ASK_RESTART, "e"), INOS_COMMAND_OK);
  assert_int_equal (order (&stage, ASK_RESTART, "e"), INOS_COMMAND_RUNNING);
  assert_int_equal (order (&stage, ASK_TERMINATE, "e"), INOS_COMMAND_OK);
  assert_int_equal (order (&stage, ASK_DELETE, "e"), INOS_COMMAND_OK);
  assert_int_equal (order (&stage, ASK_DELETE, "e"), INOS_COMMAND_NOT_FOUND);
  leave (&stage);
}

static void test_a_template_makes_children (void **state)
{
  static const struct inos_child child = {.name = "dynamic",
                                          .behaviour = &worker_behaviour,
                                          .argument = "x",
                                          .argument_size = 2,
                                          .lifetime = INOS_TRANSIENT};
  static const struct inos_supervisor table = {
    .name = "root", .strategy = INOS_SIMPLE_ONE_FOR_ONE, .children = &child, .n_children = 1};
  struct stage stage = stage_on (seeded (1), &table);

  addition = (struct inos_supervisor_addition){0};
  assert_int_equal (order (&stage, ASK_START, NULL), INOS_COMMAND_OK);
  addition = (struct inos_supervisor_addition){.argument_size = 2, .argument = "y"};
  assert_int_equal (order (&stage, ASK_START, NULL), INOS_COMMAND_OK);
  assert_diary ("start x|start y");
  worker_post_die (stage.runtime, (worker_ref){INOS_TO (said.answer.id)},
                   (struct worker_die){INOS_EXIT_ERROR});
  run (stage.runtime);
  assert_diary ("stop y|start y"); /* with the argument of its own */
  assert_int_equal (order (&stage, ASK_RESTART, "dynamic"), INOS_COMMAND_WRONG);
  ask (&stage, ASK_WHICH);
  assert_int_equal (said.children.shown, 2);
  which_child = inos_supervisor_whom_of (said.children.child[0].id, NULL);
  ask (&stage, ASK_TERMINATE);
  assert_int_equal (said.answer.status, INOS_COMMAND_OK);
  ask (&stage, ASK_COUNT);
  assert_int_equal (said.counts.active, 1);
  leave (&stage);
}

/* Others can neither wake a supervisor's timers nor say that a child is ready. */
static void test_strangers_are_not_believed (void **state)
{
  struct stage stage = stage_on (seeded (1), &outer);

  assert_diary ("start a|start b|start c|start d");
  for (uint32_t i = 0; i < 8; i++) {
    inos_supervisor_post_again (stage.runtime, stage.root, (struct inos_supervisor_again){i, i});
    inos_supervisor_post_alarm (stage.runtime, stage.root, (struct inos_supervisor_alarm){i});
    inos_supervisor_post_ready (stage.runtime, stage.root, INOS_NOTHING);
  }
  run (stage.runtime);
  assert_diary ("");
  leave (&stage);
}

/* Time */

static void test_restarts_are_put_off (void **state)
{
  static const struct inos_child children[] = {CHILD ("a")};
  static const struct inos_supervisor table = {
    .name = "root", .restarts_max = 10, .backoff_ms = 100, CHILDREN (children)};
  struct stage stage = stage_on (seeded (1), &table);
  uint64_t before = inos_runtime_run (stage.runtime, 0), after;

  for (unsigned i = 0; i < 3; i++) {
    send_die (stage.runtime, "a", INOS_EXIT_ERROR);
    run (stage.runtime);
  }
  after = inos_runtime_run (stage.runtime, 0);
  assert_in_range (after - before, 700 * INOS_MILLISECOND, 701 * INOS_MILLISECOND);
  assert_diary ("start a|stop a|start a|stop a|start a|stop a|start a");
  send_die (stage.runtime, "a", INOS_EXIT_ERROR);
  inos_runtime_run (stage.runtime, after + INOS_MILLISECOND);
  ask (&stage, ASK_COUNT); /* runs until there is nothing left to do, so the child is back */
  assert_int_equal (said.counts.active, 0);
  stop_root (stage.runtime, stage.root);
  run (stage.runtime);
  assert_true (said.has_ended);
  leave (&stage);
}

/* Being killed, and memory */

static void test_a_killed_supervisor_leaves_nobody_behind (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_supervisor_ref root = inos_supervisor_runtime_spawn (runtime, &outer, 0);
    inos_runtime_run (runtime, seed * 50); /* also before it has all its children */
    inos_runtime_stop_actor (runtime, root.address.id,
                             (struct inos_exit){.kind = INOS_EXIT_KILLED});
    run (runtime);
    assert_nobody_left (runtime);
    inos_runtime_free (runtime, INOS_SECOND);
    g_string_truncate (diary, 0);
  }
}

struct hog {
  char bytes[4 << 20];
};

static enum inos_outcome hog_receive (void *state, struct inos_context *context,
                                      const struct inos_message *message)
{
  return inos_unhandled (context, message);
}
static const struct inos_behaviour hog_behaviour = {
  .name = "hog", .state_size = sizeof (struct hog), .receive = hog_receive};

/* A child that there is no memory for ends the boot; at a restart it is tried as often as allowed.
 */
static void test_no_memory_for_a_child (void **state)
{
  static const struct inos_child children[] = {
    CHILD ("a"), {.name = "hog", .behaviour = &hog_behaviour, .registered = "hog"}};
  static const struct inos_supervisor table = {
    .name = "root", .restarts_max = 5, CHILDREN (children)};
  struct inos_runtime_config config = {.seeded = true, .memory_max = 2 << 20};
  struct stage stage = stage_on (inos_runtime_new (&config, NULL), &table);
  struct inos_spawn thief = {.behaviour = &hog_behaviour};
  unsigned given_up = 0;

  assert_diary ("start a|stop a");
  assert_int_equal (said.ended.kind, INOS_EXIT_START);
  leave (&stage);

  config.memory_max = 7 << 20;
  for (; config.seed < 20; config.seed++) {
    stage = stage_on (inos_runtime_new (&config, NULL), &table);
    assert_diary ("start a");
    inos_runtime_stop_actor (stage.runtime, inos_lookup (stage.runtime, "hog"),
                             (struct inos_exit){.kind = INOS_EXIT_ERROR});
    assert_true (inos_runtime_spawn (stage.runtime, &thief) != 0);
    run (stage.runtime);
    if (said.has_ended) { /* else the thief came too late, or too early */
      assert_int_equal (said.ended.kind, INOS_EXIT_SHUTDOWN);
      assert_diary ("stop a");
      given_up++;
    }
    leave (&stage);
  }
  assert_in_range (given_up, 1, 19);
}

/* Threads */

static void wait_for_end_of (struct inos_runtime *runtime, const char *name)
{
  for (unsigned i = 0; inos_lookup (runtime, name); i++) {
    assert_true (i < 100000);
    g_usleep (100);
  }
}

/* Children die and are told to stop from outside while the tree restarts and while it stops. */
static void test_stop_during_restart_during_stop (void **state)
{
  for (unsigned round = 0; round < 200; round++) {
    struct inos_runtime *runtime = threaded (3);
    inos_supervisor_ref root = inos_supervisor_runtime_spawn (runtime, &outer, 0);
    static const char *const names[] = {"a", "b", "c", "d", "inner"};
    for (unsigned i = 0; i < round % 40; i++) {
      inos_actor_id id = inos_lookup (runtime, names[(round + i * 3) % 5]);
      if (id)
        inos_runtime_stop_actor (
          runtime, id, (struct inos_exit){.kind = i % 3 ? INOS_EXIT_ERROR : INOS_EXIT_KILLED});
      if (i == round % 7)
        stop_root (runtime, root);
      if (i % 4 == 0)
        g_usleep (20);
    }
    stop_root (runtime, root);
    wait_for_end_of (runtime, "outer");
    settle (runtime);
    assert_nobody_left (runtime);
    inos_runtime_free (runtime, 10 * INOS_SECOND);
    g_string_truncate (diary, 0);
  }
}

#define MANY 1000u

static void test_a_thousand_children (void **state)
{
  g_autofree struct inos_child *children = g_new0 (struct inos_child, MANY);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const struct inos_supervisor table = {.name = "many",
                                        .registered = "many",
                                        .strategy = INOS_ONE_FOR_ALL,
                                        .children = children,
                                        .n_children = MANY};
  struct inos_runtime *runtime = threaded (2);
  inos_supervisor_ref root;
  struct inos_totals t;

  for (unsigned i = 0; i < MANY; i++) {
    g_ptr_array_add (names, g_strdup_printf ("%u", i));
    children[i] = (struct inos_child){.name = names->pdata[i],
                                      .behaviour = &worker_behaviour,
                                      .argument = names->pdata[i],
                                      .argument_size = (uint32_t)strlen (names->pdata[i]) + 1};
  }
  children[MANY / 2].registered = "middle";
  root = inos_supervisor_runtime_spawn (runtime, &table, 0);
  settle (runtime);
  send_die (runtime, "middle", INOS_EXIT_ERROR);
  settle (runtime);
  inos_runtime_totals (runtime, &t);
  assert_int_equal (t.spawned, 2 * MANY + 1);
  assert_int_equal (t.stopped, MANY);
  stop_root (runtime, root);
  wait_for_end_of (runtime, "many");
  settle (runtime);
  assert_nobody_left (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
  g_string_truncate (diary, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_tree_starts_in_order_and_stops_in_reverse),
    cmocka_unit_test (test_a_tree_ends_with_its_runtime),
    cmocka_unit_test (test_a_child_is_restarted_alone),
    cmocka_unit_test (test_escalation),
    cmocka_unit_test (test_children_are_shown_and_steered),
    cmocka_unit_test (test_a_template_makes_children),
    cmocka_unit_test (test_strangers_are_not_believed),
    cmocka_unit_test (test_restarts_are_put_off),
    cmocka_unit_test (test_a_killed_supervisor_leaves_nobody_behind),
    cmocka_unit_test (test_no_memory_for_a_child),
    cmocka_unit_test (test_stop_during_restart_during_stop),
    cmocka_unit_test (test_a_thousand_children),
  };

  return cmocka_run_group_tests (tests, set_up, tear_down);
}
