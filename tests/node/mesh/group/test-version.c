/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static void test_order (void **state)
{
  struct inos_version a = {0}, b = {0};

  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_SAME);
  assert_true (inos_version_write (&a, 7));
  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_AFTER);
  assert_int_equal (inos_version_compare (&b, &a), INOS_VERSION_BEFORE);
  assert_true (inos_version_write (&b, 3));
  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_BESIDE);
  assert_true (inos_version_merge (&a, &b));
  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_AFTER);
  assert_true (inos_version_merge (&b, &a));
  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_SAME);
}

static void test_limits (void **state)
{
  struct inos_version a = {0}, b = {0}, before;

  for (uint64_t actor = INOS_VERSION_ACTORS_MAX; actor > 0; actor--)
    assert_true (inos_version_write (&a, actor));
  assert_false (inos_version_write (&a, 100));
  assert_true (inos_version_write (&a, 1));
  assert_true (inos_version_write (&b, 100));
  before = a;
  assert_false (inos_version_merge (&a, &b));
  assert_memory_equal (&a, &before, sizeof a);
  a.parts[0].count = UINT64_MAX;
  assert_false (inos_version_write (&a, a.parts[0].actor));
}

static void test_bytes (void **state)
{
  struct inos_version a = {0}, b;
  struct inos_buffer bytes = {0};

  inos_version_write (&a, 9);
  inos_version_write (&a, 2);
  inos_version_write (&a, 9);
  inos_version_put (&a, &bytes);
  size_t len = inos_buffer_len (&bytes);
  uint8_t *at = inos_buffer_data (&bytes);
  assert_int_equal (inos_version_read (&b, at, len), len);
  assert_int_equal (inos_version_compare (&a, &b), INOS_VERSION_SAME);
  for (size_t cut = 0; cut < len; cut++)
    assert_int_equal (inos_version_read (&b, at, cut), 0);
  uint8_t wrong[32];
  memcpy (wrong, at, len);
  wrong[1] = 9; /* the same actor twice */
  assert_int_equal (inos_version_read (&b, wrong, len), 0);
  memcpy (wrong, at, len);
  wrong[9] = 0; /* an actor that never wrote */
  assert_int_equal (inos_version_read (&b, wrong, len), 0);
  wrong[0] = INOS_VERSION_ACTORS_MAX + 1;
  assert_int_equal (inos_version_read (&b, wrong, len), 0);
  inos_buffer_clear (&bytes);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_order),
    cmocka_unit_test (test_limits),
    cmocka_unit_test (test_bytes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
