/*
 * The book of subscribers, without a bus: nobody is watched here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/subscribers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void count (void *data)
{
  ++*(int *)data;
}

static void smallest_interval_wins (void **state)
{
  int changes = 0;
  struct inos_subscribers *s = inos_subscribers_new (NULL, count, &changes);

  assert_int_equal (inos_subscribers_interval (s), INOS_INTERVAL_IDLE);
  assert_int_equal (inos_subscribers_add (s, ":1.1", 1000), INOS_SUBSCRIBE_OK);
  assert_int_equal (inos_subscribers_add (s, ":1.2", 200), INOS_SUBSCRIBE_OK);
  assert_int_equal (inos_subscribers_interval (s), 200);
  assert_int_equal (inos_subscribers_add (s, ":1.3", 500), INOS_SUBSCRIBE_OK);
  assert_int_equal (changes, 2);
  inos_subscribers_remove (s, ":1.2");
  assert_int_equal (inos_subscribers_interval (s), 500);
  inos_subscribers_remove (s, ":1.2");
  inos_subscribers_remove (s, ":1.3");
  inos_subscribers_remove (s, ":1.1");
  assert_int_equal (inos_subscribers_interval (s), INOS_INTERVAL_IDLE);
  assert_int_equal (changes, 5);
  inos_subscribers_free (s);
}

static void one_entry_a_caller (void **state)
{
  int changes = 0;
  struct inos_subscribers *s = inos_subscribers_new (NULL, count, &changes);

  inos_subscribers_add (s, ":1.1", 100);
  inos_subscribers_add (s, ":1.1", 3600000);
  assert_int_equal (inos_subscribers_count (s), 1);
  assert_int_equal (inos_subscribers_interval (s), 3600000);
  inos_subscribers_free (s);
}

static void limits (void **state)
{
  int changes = 0;
  struct inos_subscribers *s = inos_subscribers_new (NULL, count, &changes);

  assert_int_equal (inos_subscribers_add (s, ":1.1", 99), INOS_SUBSCRIBE_BAD_INTERVAL);
  assert_int_equal (inos_subscribers_add (s, ":1.1", 3600001), INOS_SUBSCRIBE_BAD_INTERVAL);
  assert_int_equal (inos_subscribers_count (s), 0);
  for (int i = 0; i < INOS_SUBSCRIBERS_MAX; i++) {
    g_autofree char *name = g_strdup_printf (":1.%d", i);
    assert_int_equal (inos_subscribers_add (s, name, 300), INOS_SUBSCRIBE_OK);
  }
  assert_int_equal (inos_subscribers_add (s, ":2.1", 300), INOS_SUBSCRIBE_FULL);
  assert_int_equal (inos_subscribers_add (s, ":1.7", 250), INOS_SUBSCRIBE_OK);
  inos_subscribers_remove (s, ":1.0");
  assert_int_equal (inos_subscribers_add (s, ":2.1", 300), INOS_SUBSCRIBE_OK);
  inos_subscribers_free (s);
  inos_subscribers_free (NULL);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (smallest_interval_wins),
    cmocka_unit_test (one_entry_a_caller),
    cmocka_unit_test (limits),
  };
  return cmocka_run_group_tests_name ("subscribers", tests, NULL, NULL);
}
