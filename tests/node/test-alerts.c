/*
 * Alerts hold on both sides of a gap; node.ini sets them, and a bad one does no harm.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"
#include "node/api/resources.h"
#include "node/base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND 1000000
#define CPU (1u << INOS_ALERT_CPU)

static struct inos_sample sample;

static unsigned at (struct inos_alerts *alerts, int second, double cpu)
{
  sample.cpu = cpu;
  return inos_alerts_update (alerts, &sample, (int64_t)second * SECOND);
}

static void test_raise_and_clear (void **state)
{
  struct inos_alerts alerts;

  inos_alerts_init (&alerts, inos_alert_defaults());
  assert_int_equal (at (&alerts, 10, 71), 0);
  assert_int_equal (at (&alerts, 11, 99), 0);
  assert_int_equal (at (&alerts, 12, 71), 0);
  assert_int_equal (at (&alerts, 13, 71), CPU); /* 3 s above */
  assert_true (alerts.alert[INOS_ALERT_CPU].raised);
  assert_int_equal (at (&alerts, 14, 99), 0); /* once */
  assert_int_equal (at (&alerts, 15, 66), 0); /* in the gap */
  assert_int_equal (at (&alerts, 90, 66), 0);
  for (int s = 100; s < 105; s++)
    assert_int_equal (at (&alerts, s, 65), 0);
  assert_int_equal (at (&alerts, 105, 65), CPU); /* 5 s below */
  assert_false (alerts.alert[INOS_ALERT_CPU].raised);
}

static void test_trembling_is_silent (void **state)
{
  struct inos_alerts alerts;

  inos_alerts_init (&alerts, inos_alert_defaults());
  for (int s = 0; s < 1000; s++)
    assert_int_equal (at (&alerts, s, s % 3 ? 75 : 70),
                      0); /* never 3 s above; 70 is not above 70 */
  for (int s = 1000; s < 1004; s++)
    at (&alerts, s, 80);
  assert_true (alerts.alert[INOS_ALERT_CPU].raised);
  for (int s = 2000; s < 3000; s++)
    assert_int_equal (at (&alerts, s, s % 5 ? 20 : 66), 0); /* never 5 s below */
}

static void test_each_has_its_figure (void **state)
{
  struct inos_alerts alerts;
  struct inos_sample s = {.memory_total = 100, .memory_available = 10, .pressures = 3};

  s.pressure[0] = (struct inos_pressure){"cpu.some", 61, 0, 0};
  s.pressure[1] = (struct inos_pressure){"memory.full", 11, 0, 0};
  s.pressure[2] = (struct inos_pressure){"io.full", 41, 0, 0};
  inos_alerts_init (&alerts, inos_alert_defaults());
  inos_alerts_update (&alerts, &s, 0);
  assert_int_equal (inos_alerts_update (&alerts, &s, 3 * SECOND), ((1u << INOS_ALERTS) - 1) & ~CPU);
  s.pressures = 0; /* a kernel without pressure figures clears rather than sticks */
  inos_alerts_update (&alerts, &s, 4 * SECOND);
  assert_int_equal (inos_alerts_update (&alerts, &s, 9 * SECOND),
                    1u << INOS_ALERT_PRESSURE_CPU | 1u << INOS_ALERT_PRESSURE_MEMORY |
                      1u << INOS_ALERT_PRESSURE_IO);

  g_autoptr (GVariant) active = g_variant_ref_sink (inos_alerts_to_variant (&alerts));
  g_autofree char *text = g_variant_print (active, FALSE);
  assert_string_equal (text, "[('memory', 90.0, 80.0, '90 % of the memory is in use.')]");
  g_autoptr (GVariant) event =
    g_variant_ref_sink (inos_alert_to_variant (&alerts, INOS_ALERT_MEMORY));
  assert_string_equal (g_variant_get_type_string (event), "(sbdds)");
}

static void test_off (void **state)
{
  struct inos_alert_config config = inos_alert_defaults();
  struct inos_alerts alerts;

  config.threshold[INOS_ALERT_CPU] = 0;
  inos_alerts_init (&alerts, config);
  for (int s = 0; s < 20; s++)
    assert_int_equal (at (&alerts, s, 100), 0);
}

/* Loads @text and expects the warnings, in order, up to a NULL. */
static bool load (const char *text, struct inos_alert_config *config, ...)
{
  g_autofree char *top = g_dir_make_tmp ("inos-config-XXXXXX", NULL),
                  *path = g_build_filename (top, "node.ini", NULL);
  struct inos_mesh_config mesh;
  va_list warnings;

  inos_mesh_config_init (&mesh);
  fixture_put (top, "node.ini", text);
  va_start (warnings, config);
  for (const char *w; (w = va_arg (warnings, const char *));)
    g_test_expect_message ("inos-node", G_LOG_LEVEL_WARNING, w);
  va_end (warnings);
  *config = inos_alert_defaults();
  bool right = inos_config_load (path, config, &mesh);
  g_test_assert_expected_messages();
  fixture_remove (top);
  return right;
}

static void test_config (void **state)
{
  struct inos_mesh_config mesh = {0};
  struct inos_alert_config config, defaults = inos_alert_defaults();

  assert_true (load ("# mine\n[alerts]\ncpu=90\npressure.io=0\nhysteresis=2.5\nraise-after=10\n",
                     &config, NULL));
  assert_true (config.threshold[INOS_ALERT_CPU] == 90 &&
               config.threshold[INOS_ALERT_PRESSURE_IO] == 0);
  assert_true (config.hysteresis == 2.5 && config.raise_after == 10 && config.clear_after == 5);
  assert_true (load ("", &config, NULL));

  assert_false (load ("[alerts]\ncpu=150\nmemory = lots\npressure.cpu=50\n", &config,
                      "*node.ini:2: cpu=150*70 stays*", "*node.ini:3: memory=lots*80 stays*",
                      NULL));
  assert_true (config.threshold[INOS_ALERT_CPU] == 70 &&
               config.threshold[INOS_ALERT_PRESSURE_CPU] == 50);
  assert_false (load ("[alerts]\ncpu=nan\n", &config, "*:2: cpu=nan*", NULL));
  assert_false (load ("[alerts]\n\ncup=3\n", &config, "*:3: there is no setting cup*", NULL));
  assert_false (load ("[alarms]\ncpu=3\n", &config, "*no group ?alarms?*", NULL));
  assert_false (load ("[alerts]\ncpu=90\nthis is not a setting\n", &config,
                      "*node.ini:3: *defaults stay*", NULL));
  assert_memory_equal (&config, &defaults, sizeof config);
  assert_false (load ("cpu=90\n", &config, "*node.ini:1: *", NULL));
  assert_false (load ("[alerts]\ncpu=\xff\n", &config, "*not text*", NULL));
  assert_true (inos_config_load ("/nonexistent/node.ini", &config, &mesh));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_raise_and_clear),
    cmocka_unit_test (test_trembling_is_silent),
    cmocka_unit_test (test_each_has_its_figure),
    cmocka_unit_test (test_off),
    cmocka_unit_test (test_config),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
