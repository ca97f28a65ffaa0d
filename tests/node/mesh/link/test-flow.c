/*
 * How much goes by.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

/* A steady stream of 1,000,000 bytes a second is seen as one after a while, and is forgotten. */
static void test_rate (void **state)
{
  struct inos_flow flow = {0};
  uint64_t now = 100 * SECOND;

  assert_int_equal (inos_flow_rate (&flow, now), 0);
  for (unsigned i = 0; i < 3000; i++) {
    inos_flow_add (&flow, 10000, now);
    now += SECOND / 100;
  }
  assert_int_equal (flow.bytes, 30000000);
  assert_in_range (inos_flow_rate (&flow, now), 930000, 1070000);
  assert_in_range (inos_flow_rate (&flow, now + 3 * SECOND), 300000, 420000);
  assert_int_equal (inos_flow_rate (&flow, now + 120 * SECOND), 0);
}

/* After silence the first bytes count for themselves. */
static void test_after_silence (void **state)
{
  struct inos_flow flow = {0};

  inos_flow_add (&flow, 1000000000, SECOND);
  inos_flow_add (&flow, 3000, 1000 * SECOND);
  assert_int_equal (inos_flow_rate (&flow, 1000 * SECOND), 1000);
  assert_int_equal (flow.bytes, 1000003000);
}

static void test_protocols (void **state)
{
  struct inos_meter *meter = inos_meter_new();
  struct inos_usage *ping = inos_meter_of (meter, "/ping");

  assert_null (inos_meter_at (meter, 1));
  assert_ptr_equal (inos_meter_of (meter, "/ping"), ping);
  assert_ptr_not_equal (inos_meter_of (meter, "/perf"), ping);
  for (unsigned i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf ("/%u", i);
    inos_flow_add (&inos_meter_of (meter, name)->in, 1, SECOND);
  }
  assert_ptr_equal (inos_meter_of (meter, "/999"), inos_meter_of (meter, ""));
  assert_int_equal (inos_meter_of (meter, "")->in.bytes, 1000 - (INOS_METER_PROTOCOLS_MAX - 2));
  assert_non_null (inos_meter_at (meter, INOS_METER_PROTOCOLS_MAX));
  assert_null (inos_meter_at (meter, INOS_METER_PROTOCOLS_MAX + 1));
  inos_meter_free (meter);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_rate),
    cmocka_unit_test (test_after_silence),
    cmocka_unit_test (test_protocols),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
