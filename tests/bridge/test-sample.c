/*
 * A sample becomes properties: rounded, and silent where nothing changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/sample.h"
#include "node/api/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static GVariant *sample (const char *time, const char *cpu, const char *available)
{
  g_autofree char *text = g_strdup_printf (
    "(%s, %s, [%s], (0.123, 0.4, 0.5), 8388608, %s, 0, 0, [('cpu.some', 1.239, 0, 0)], [], [],"
    " [('cpu', 41.27)], (true, 88.88, false, -1))",
    time, cpu, cpu, available);
  g_autoptr (GError) error = NULL;
  GVariant *value =
    g_variant_parse (G_VARIANT_TYPE (INOS_RESOURCES_TYPE), text, NULL, NULL, &error);

  if (value == NULL)
    fail_msg ("%s", error->message);
  return value;
}

static void apply (InosNode1 *node, GVariant *value, bool heartbeat)
{
  inos_sample_apply (node, value, heartbeat);
  g_variant_unref (value);
}

static void on_notify (GObject *node, GParamSpec *property, void *data)
{
  ++*(int *)data;
}

static void rounds (void **state)
{
  g_autoptr (InosNode1) node = inos_node1_skeleton_new();
  double load;

  apply (node, sample ("10", "12.3456", "5242881"), false);
  assert_true (inos_node1_get_cpu_usage (node) == 12.3);
  assert_int_equal (inos_node1_get_memory_available (node), 5242880);
  assert_int_equal (inos_node1_get_memory_total (node), 8388608);
  g_variant_get_child (inos_node1_get_load_average (node), 0, "d", &load);
  assert_true (load == 0.12);
  assert_int_equal (inos_node1_get_sampled_at (node), 10);
}

static void nothing_new_says_nothing (void **state)
{
  g_autoptr (InosNode1) node = inos_node1_skeleton_new();
  int notified = 0;

  apply (node, sample ("10", "12.34", "5242881"), false);
  g_signal_connect (node, "notify", G_CALLBACK (on_notify), &notified);
  apply (node, sample ("20", "12.31", "5242999"), false);
  assert_int_equal (notified, 0);
  assert_int_equal (inos_node1_get_sampled_at (node), 10);
  apply (node, sample ("30", "12.31", "5242999"), true);
  assert_int_equal (notified, 1); /* SampledAt, for those who asked */
  apply (node, sample ("40", "12.36", "5242999"), false);
  assert_int_equal (notified, 4); /* CPU, its core, SampledAt */
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rounds),
    cmocka_unit_test (nothing_new_says_nothing),
  };
  return cmocka_run_group_tests_name ("sample", tests, NULL, NULL);
}
