/*
 * What the kernel says of the battery counts where UPower says nothing. What UPower and
 * NetworkManager say: tests/mesh/test_saving.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/service/thrift.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void on_changed (void *data, const struct inos_thrift_state *state)
{
  ++*(unsigned *)data;
}

static void check (struct inos_thrift *thrift, bool battery, const char *why)
{
  struct inos_thrift_state state;

  inos_thrift_look (thrift, &state);
  assert_int_equal (state.battery, battery);
  assert_string_equal (state.battery_why, why);
  assert_false (state.metered);
  assert_string_equal (state.metered_why, "unknown");
}

static void test_kernel (void **state)
{
  unsigned changes = 0;
  struct inos_thrift *thrift =
    inos_thrift_new (NULL, INOS_SAVING_AUTO, INOS_SAVING_AUTO, on_changed, &changes);

  check (thrift, false, "unknown");
  inos_thrift_set_power (thrift, INOS_POWER_MAINS);
  check (thrift, false, "system");
  assert_int_equal (changes, 0);
  inos_thrift_set_power (thrift, INOS_POWER_BATTERY);
  check (thrift, true, "system");
  assert_int_equal (changes, 1);
  inos_thrift_set (thrift, INOS_SAVING_AUTO, INOS_SAVING_NO);
  check (thrift, false, "set");
  assert_int_equal (changes, 2);
  inos_thrift_set (thrift, INOS_SAVING_AUTO, INOS_SAVING_AUTO);
  check (thrift, true, "system");
  inos_thrift_set_power (thrift, INOS_POWER_UNKNOWN);
  check (thrift, false, "unknown");
  assert_int_equal (changes, 4);
  inos_thrift_free (thrift);
}

int main (void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_kernel)};

  /* No bus: nobody is there to say anything. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/inos", TRUE);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
