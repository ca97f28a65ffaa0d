/*
 * How many bytes may go by.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static void test_no_limit (void **state)
{
  struct inos_bucket bucket = {0};

  inos_bucket_take (&bucket, 1000000000, SECOND);
  assert_true (inos_bucket_room (&bucket, SECOND) == SIZE_MAX);
  assert_int_equal (inos_bucket_ready (&bucket, SECOND), SECOND);
}

/* Who takes what there is whenever it is ready gets the rate, whatever it is. */
static void test_rate (void **state)
{
  static const uint64_t rates[] = {1, 1000, 123456, 10000000, G_GUINT64_CONSTANT (10000000000)};

  for (size_t i = 0; i < G_N_ELEMENTS (rates); i++) {
    uint64_t now = 5 * SECOND, burst = MAX (INOS_BUCKET_BURST_LEAST, rates[i] / 10), sum = 0;
    uint64_t seconds = MAX (10, 10 * burst / rates[i]), end = now + seconds * SECOND;
    struct inos_bucket bucket;
    inos_bucket_init (&bucket, rates[i], now);
    while (now < end) {
      size_t room = inos_bucket_room (&bucket, now);
      inos_bucket_take (&bucket, room, now);
      sum += room;
      uint64_t ready = inos_bucket_ready (&bucket, now);
      assert_true (ready > now);
      now = ready;
    }
    assert_true (sum >= rates[i] * seconds * 99 / 100);
    assert_true (sum <= rates[i] * seconds * 101 / 100 + 2 * burst);
  }
}

/* What was let by on credit is waited for. */
static void test_credit (void **state)
{
  struct inos_bucket bucket;

  inos_bucket_init (&bucket, 100000, SECOND);
  assert_int_equal (inos_bucket_room (&bucket, SECOND), INOS_BUCKET_BURST_LEAST);
  inos_bucket_take (&bucket, 1000000, SECOND);
  assert_int_equal (inos_bucket_room (&bucket, 10 * SECOND), 0);
  assert_true (inos_bucket_ready (&bucket, 10 * SECOND) > 10 * SECOND);
  assert_true (inos_bucket_ready (&bucket, 10 * SECOND) < 12 * SECOND);
  assert_int_equal (inos_bucket_room (&bucket, 100000 * SECOND), INOS_BUCKET_BURST_LEAST);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_limit),
    cmocka_unit_test (test_rate),
    cmocka_unit_test (test_credit),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
