/*
 * Taking samples and looking at alerts does not touch the heap. malloc() and its kin are counted
 * for the whole process, libraries too, by standing in front of the C library's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"
#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/monitor/alerts.h"
#include "node/monitor/monitor.h"
#include "node/monitor/monitor_actor.h"
#include "node/tree/setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static volatile unsigned long allocations;

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t count, size_t size);
void *__libc_realloc (void *old, size_t size);

void *malloc (size_t size) /* allowed: this is the one that counts */
{
  allocations++;
  return __libc_malloc (size);
}

void *calloc (size_t count, size_t size) /* allowed: this is the one that counts */
{
  allocations++;
  return __libc_calloc (count, size);
}

void *realloc (void *old, size_t size) /* allowed: this is the one that counts */
{
  allocations++;
  return __libc_realloc (old, size);
}

static void expect_none (const char *proc, const char *sys)
{
  struct inos_monitor *monitor = inos_monitor_new (proc, sys);
  struct inos_alerts alerts;

  inos_alerts_init (&alerts, inos_alert_defaults());
  unsigned long before = allocations;
  for (int i = 0; i < 150; i++) { /* past two looks for new sensors */
    const struct inos_sample *sample = inos_monitor_tick (monitor);
    inos_alerts_update (&alerts, sample, (int64_t)i * 1000000);
    inos_monitor_sample (monitor);
  }
  unsigned long after = allocations;
  assert_int_equal (after - before, 0);
  inos_monitor_free (monitor);
}

static void test_counting_counts (void **state)
{
  unsigned long before = allocations;

  g_free (g_malloc (100)); /* through libglib, so libraries are counted too */
  assert_true (allocations > before);
}

static void test_this_machine (void **state)
{
  expect_none ("/proc", "/sys");
}

static void test_fixture (void **state)
{
  g_autofree char *top = fixture_new(); /* mocks of a battery and of sensors */
  g_autofree char *proc = g_build_filename (top, "proc", NULL),
                  *sys = g_build_filename (top, "sys", NULL);

  expect_none (proc, sys);
  fixture_remove (top);
}

/* One that hears of the machine. */
struct hearer {
  unsigned *heard;
};

static enum inos_outcome hearer_pre_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  ((struct hearer *)state)->heard = *(unsigned *const *)argument;
  assert_true (inos_subscribe (context, NODE_MONITOR_TOPIC));
  return INOS_OK;
}

INOS_HANDLE (node_machine, seen, struct hearer)
{
  assert_true (message->sight->sample.time > 0);
  ++*self->heard;
  return INOS_OK;
}

INOS_HANDLE (node_machine, began, struct hearer)
{
  return INOS_OK;
}

INOS_BEHAVIOUR (node_machine, NODE_MACHINE, struct hearer, .on_edge = true,
                .pre_start = hearer_pre_start);

static void hear (const unsigned *heard, unsigned until)
{
  while (*heard < until)
    g_main_context_iteration (NULL, TRUE);
}

/* The same with the actor: looks, what it publishes, and the way to who hears of it, the main
 * loop's rounds too. */
static void test_actor (void **state)
{
  struct inos_setup setup, *told = &setup;
  unsigned heard = 0, *count = &heard;
  struct inos_runtime *runtime =
    inos_runtime_new (&(struct inos_runtime_config){.workers = 1}, NULL);
  struct inos_edge *edge = inos_edge_new (runtime, NULL, NULL);

  inos_setup_init (&setup);
  setup.mesh.enabled = false;
  inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &node_machine_behaviour,
                                                    .argument = &count,
                                                    .argument_size = sizeof (void *)});
  inos_actor_id id =
    inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &node_monitor_behaviour,
                                                      .argument = &told,
                                                      .argument_size = sizeof (void *)});
  node_monitor_post_pace (runtime, (node_monitor_ref){INOS_TO (id)},
                          (struct node_monitor_pace){50});
  hear (&heard, 5);
  unsigned long before = allocations;
  hear (&heard, 45);
  unsigned long after = allocations;
  assert_int_equal (after - before, 0);
  inos_edge_free (edge);
  inos_runtime_free (runtime, INOS_SECOND);
  inos_setup_finish (&setup);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_counting_counts),
    cmocka_unit_test (test_this_machine),
    cmocka_unit_test (test_fixture),
    cmocka_unit_test (test_actor),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
