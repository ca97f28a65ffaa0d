/*
 * Taking samples and looking at alerts does not touch the heap. malloc() and its kin are counted
 * for the whole process, libraries too, by standing in front of the C library's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"
#include "node/monitor/alerts.h"
#include "node/monitor/monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

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

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_counting_counts),
    cmocka_unit_test (test_this_machine),
    cmocka_unit_test (test_fixture),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
