/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/heartbeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND INOS_HEARTBEAT_EVERY
#define N 3

struct world {
  uint64_t now, random;
  struct inos_mesh_env env;
  struct end {
    struct world *world;
    unsigned index;
    struct inos_heartbeat *heartbeat;
    GString *events;
  } ends[N];
  struct inos_peer_id ids[N];
  int deaf; /* nothing comes to this one; -1: none */
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return 0;
}

static void draw (void *data, void *bytes, size_t len)
{
  memset (bytes, (int)++((struct world *)data)->random, len);
}

static bool send_beat (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  struct end *from = data;
  struct world *world = from->world;
  unsigned index = to->bytes[0];

  if ((int)index != world->deaf && world->ends[index].heartbeat)
    inos_heartbeat_receive (world->ends[index].heartbeat, &world->ids[from->index], bytes, len);
  return true;
}

static void on_changed (void *data, const struct inos_peer_id *peer,
                        enum inos_heartbeat_state state, bool restarted)
{
  static const char *const names[] = {"unknown", "new", "there", "late", "gone"};

  g_string_append_printf (((struct end *)data)->events, "%u %s%s\n", peer->bytes[0], names[state],
                          restarted ? " again" : "");
}

static void start (struct world *world, unsigned i)
{
  static const struct inos_heartbeat_events events = {on_changed};
  struct end *end = &world->ends[i];
  struct inos_heartbeat_setup setup = {&world->env, world->ids[i], {end, send_beat}, &events, end};

  end->heartbeat = inos_heartbeat_new (&setup);
  assert_true (inos_heartbeat_join (end->heartbeat, 7, world->ids, N));
}

static void begin (struct world *world)
{
  *world = (struct world){.now = SECOND, .deaf = -1};
  world->env = (struct inos_mesh_env){world, now, wall, draw};
  for (unsigned i = 0; i < N; i++) {
    world->ids[i] = (struct inos_peer_id){.len = 8, .bytes = {(uint8_t)i, 1}};
    world->ends[i] = (struct end){world, i, NULL, g_string_new (NULL)};
  }
  for (unsigned i = 0; i < N; i++)
    start (world, i);
}

static void stop (struct world *world, unsigned i)
{
  g_clear_pointer (&world->ends[i].heartbeat, inos_heartbeat_free);
}

static void end (struct world *world)
{
  for (unsigned i = 0; i < N; i++) {
    stop (world, i);
    g_string_free (world->ends[i].events, TRUE);
  }
}

static void run (struct world *world, uint64_t time)
{
  uint64_t until = world->now + time;

  for (;;) {
    uint64_t at = INOS_NEVER;
    for (unsigned i = 0; i < N; i++)
      if (world->ends[i].heartbeat)
        at = MIN (at, inos_heartbeat_deadline (world->ends[i].heartbeat));
    if (at > until)
      break;
    world->now = MAX (world->now, at);
    for (unsigned i = 0; i < N; i++)
      if (world->ends[i].heartbeat &&
          inos_heartbeat_deadline (world->ends[i].heartbeat) <= world->now)
        inos_heartbeat_tick (world->ends[i].heartbeat);
  }
  world->now = until;
}

static void clear (struct world *world)
{
  for (unsigned i = 0; i < N; i++)
    g_string_truncate (world->ends[i].events, 0);
}

/* Late after some seconds, dead after five and not before. */
static void test_gone (void **state)
{
  struct world world;

  begin (&world);
  run (&world, 30 * SECOND);
  assert_string_equal (world.ends[0].events->str, "1 there\n2 there\n");
  clear (&world);
  stop (&world, 2);
  run (&world, 3 * SECOND + SECOND / 2);
  assert_string_equal (world.ends[0].events->str, "2 late\n");
  run (&world, 2 * SECOND);
  assert_string_equal (world.ends[0].events->str, "2 late\n2 gone\n");
  assert_string_equal (world.ends[1].events->str, "2 late\n2 gone\n");
  assert_int_equal (inos_heartbeat_state (world.ends[0].heartbeat, &world.ids[2]),
                    INOS_HEARTBEAT_GONE);
  end (&world);
}

/* Whoever never was there is dead after as long. */
static void test_never_there (void **state)
{
  struct world world;

  begin (&world);
  stop (&world, 1);
  run (&world, 4 * SECOND);
  assert_int_equal (inos_heartbeat_state (world.ends[0].heartbeat, &world.ids[1]),
                    INOS_HEARTBEAT_NEW);
  run (&world, 2 * SECOND);
  assert_int_equal (inos_heartbeat_state (world.ends[0].heartbeat, &world.ids[1]),
                    INOS_HEARTBEAT_GONE);
  end (&world);
}

static void test_restart (void **state)
{
  struct world world;

  begin (&world);
  run (&world, 10 * SECOND);
  clear (&world);
  stop (&world, 2);
  start (&world, 2);
  run (&world, 2 * SECOND);
  assert_string_equal (world.ends[0].events->str, "2 there again\n");
  end (&world);
}

/* A one-way cut: who does not hear says so, who is not heard does not notice. */
static void test_deaf (void **state)
{
  struct world world;

  begin (&world);
  run (&world, 10 * SECOND);
  clear (&world);
  world.deaf = 0;
  run (&world, 6 * SECOND);
  assert_string_equal (world.ends[0].events->str, "1 late\n2 late\n1 gone\n2 gone\n");
  assert_string_equal (world.ends[1].events->str, "");
  world.deaf = -1;
  run (&world, 2 * SECOND);
  assert_true (g_str_has_suffix (world.ends[0].events->str, "1 there\n2 there\n"));
  end (&world);
}

/* All of them slept: nobody is dead of it. */
static void test_asleep (void **state)
{
  struct world world;

  begin (&world);
  run (&world, 10 * SECOND);
  clear (&world);
  world.now += 60 * SECOND;
  run (&world, 10 * SECOND);
  assert_null (strstr (world.ends[0].events->str, "gone"));
  end (&world);
}

static void test_hostile (void **state)
{
  uint8_t beat[17] = {1, 9, 9, 9, 9, 9, 9, 9, 9, 1};
  struct inos_peer_id stranger = {.len = 8, .bytes = {99}};
  struct world world;

  begin (&world);
  run (&world, SECOND);
  clear (&world);
  struct inos_heartbeat *heartbeat = world.ends[0].heartbeat;
  inos_heartbeat_receive (heartbeat, &stranger, beat, sizeof beat);
  inos_heartbeat_receive (heartbeat, &world.ids[1], beat, 16);
  inos_heartbeat_receive (heartbeat, &world.ids[1], NULL, 0);
  beat[0] = 2;
  inos_heartbeat_receive (heartbeat, &world.ids[1], beat, sizeof beat);
  assert_string_equal (world.ends[0].events->str, "");
  assert_int_equal (inos_heartbeat_state (heartbeat, &stranger), INOS_HEARTBEAT_UNKNOWN);
  end (&world);
}

/* Groups have limits; a peer is watched as long as it is in one. */
static void test_groups (void **state)
{
  struct inos_peer_id many[INOS_HEARTBEAT_GROUP_MAX + 1];
  struct world world;

  begin (&world);
  struct inos_heartbeat *heartbeat = world.ends[0].heartbeat;
  for (unsigned i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = (struct inos_peer_id){.len = 8, .bytes = {2, (uint8_t)i}};
  assert_false (inos_heartbeat_join (heartbeat, 8, many, G_N_ELEMENTS (many)));
  assert_true (inos_heartbeat_join (heartbeat, 8, world.ids, 2));
  inos_heartbeat_leave (heartbeat, 7);
  assert_int_equal (inos_heartbeat_state (heartbeat, &world.ids[1]), INOS_HEARTBEAT_NEW);
  assert_int_equal (inos_heartbeat_state (heartbeat, &world.ids[2]), INOS_HEARTBEAT_UNKNOWN);
  assert_true (inos_heartbeat_join (heartbeat, 8, &world.ids[2], 1));
  assert_int_equal (inos_heartbeat_state (heartbeat, &world.ids[1]), INOS_HEARTBEAT_UNKNOWN);
  inos_heartbeat_leave (heartbeat, 8);
  inos_heartbeat_leave (heartbeat, 8);
  assert_true (inos_heartbeat_deadline (heartbeat) == INOS_NEVER);
  unsigned groups = 0;
  while (inos_heartbeat_join (heartbeat, 1000 + groups, world.ids, N))
    groups++;
  assert_int_equal (groups, INOS_HEARTBEAT_GROUPS_MAX);
  end (&world);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_gone),    cmocka_unit_test (test_never_there),
    cmocka_unit_test (test_restart), cmocka_unit_test (test_deaf),
    cmocka_unit_test (test_asleep),  cmocka_unit_test (test_hostile),
    cmocka_unit_test (test_groups),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
