/*
 * The monitor's parsers with true, odd and damaged text, its sums, and a whole sample of a made-up
 * machine.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"
#include "node/api/messages.h"
#include "node/api/resources.h"
#include "node/monitor/battery.h"
#include "node/monitor/cpu.h"
#include "node/monitor/disk.h"
#include "node/monitor/memory.h"
#include "node/monitor/monitor.h"
#include "node/monitor/network.h"
#include "node/monitor/pressure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct inos_sample sample;

static int clear (void **state)
{
  sample = (struct inos_sample){0};
  return 0;
}

static bool near (double a, double b)
{
  return a - b < 1e-9 && b - a < 1e-9;
}

static void test_scan (void **state)
{
  struct inos_scan s = scan_of ("18446744073709551615 18446744073709551616");
  uint64_t u;
  int64_t i;
  double d;

  assert_true (inos_scan_u64 (&s, &u) && u == UINT64_MAX);
  assert_false (inos_scan_u64 (&s, &u));
  s = scan_of ("-"), assert_false (inos_scan_i64 (&s, &i));
  s = scan_of ("- 5"), assert_false (inos_scan_i64 (&s, &i));
  s = scan_of ("-9223372036854775808"), assert_false (inos_scan_i64 (&s, &i));
  s = scan_of ("\t -7x"), assert_true (inos_scan_i64 (&s, &i) && i == -7 && *s.at == 'x');
  s = scan_of ("12.25 .5"), assert_true (inos_scan_decimal (&s, &d) && near (d, 12.25));
  assert_false (inos_scan_decimal (&s, &d));
  s = scan_of ("3,5"),
  assert_true (inos_scan_decimal (&s, &d) && near (d, 3)); /* whatever the locale */
  s = scan_of (""), assert_false (inos_scan_u64 (&s, &u));
}

static void test_cpu_parse (void **state)
{
  static struct inos_cpu_times t;

  assert_true (inos_cpu_parse (
    scan_of ("cpu  10 1 10 70 5 2 1 1 50 50\ncpu0 1 1 1 1\ncpu3 9 0 0 1 0 0 0 0\nintr 1\n"), &t));
  assert_int_equal (t.all.total, 100); /* without guest times */
  assert_int_equal (t.all.idle, 75);
  assert_int_equal (t.cores, 4); /* two are offline */
  assert_int_equal (t.core[1].total, 0);
  assert_int_equal (t.core[3].total, 10);

  assert_true (inos_cpu_parse (
    scan_of ("cpu 1 2 3 4\ncpu1023 1 1 1 1\ncpu1024 1 1 1 1\ncpu99999999999999999999 1"), &t));
  assert_int_equal (t.cores, INOS_CORES_MAX);
  assert_false (inos_cpu_parse (scan_of (""), &t));
  assert_false (inos_cpu_parse (scan_of ("cpu"), &t));
  assert_false (inos_cpu_parse (scan_of ("cpu  1 2"), &t));
  assert_false (inos_cpu_parse (scan_of ("\xff\x00garbage\n\n\n"), &t));
}

static void test_cpu_busy (void **state)
{
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){200, 75}), 75));
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){200, 150}), 0));
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){200, 50}), 100));
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){200, 40}), 100));
  /* no time, time that goes back, more idle than time */
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){100, 50}), 0));
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){9, 5}), 0));
  assert_true (
    near (inos_cpu_busy ((struct inos_cpu_ticks){100, 50}, (struct inos_cpu_ticks){110, 90}), 0));
}

static void test_memory (void **state)
{
  assert_true (inos_memory_parse (
    scan_of ("MemTotal: 1000 kB\nMemAvailable: 250 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB"), &sample));
  assert_int_equal (sample.memory_total, 1024000);
  assert_int_equal (sample.memory_available, 256000);
  assert_true (near (inos_memory_used (&sample), 75));
  assert_false (inos_memory_parse (scan_of ("MemTotal: many kB\nMemAvailable: 250 kB\n"), &sample));
  assert_false (inos_memory_parse (scan_of (""), &sample));
  assert_int_equal (sample.memory_total, 1024000);
  /* more available than there is */
  assert_true (inos_memory_parse (
    scan_of ("MemTotal: 10 kB\nMemAvailable: 25 kB\nSwapTotal: 0 kB\nSwapFree: 9 kB"), &sample));
  assert_true (near (inos_memory_used (&sample), 0));
  sample.memory_total = 0;
  assert_true (near (inos_memory_used (&sample), 0));
}

static void test_pressure (void **state)
{
  inos_pressure_parse (
    scan_of (
      "some avg10=1.50 avg60=2.25 avg300=3.00 total=1\nfull avg10=9 avg60=9 avg300=9 total=0\n"),
    INOS_PRESSURE_CPU, &sample);
  assert_int_equal (sample.pressures, 1); /* the cpu's full is left out */
  assert_string_equal (sample.pressure[0].name, "cpu.some");
  assert_true (near (sample.pressure[0].avg60, 2.25));
  for (int i = 0; i < 3; i++) /* twice the same is once */
    inos_pressure_parse (scan_of ("some avg10=1 avg60=2 avg300=3\nfull avg10=4 avg60=5 avg300=6"),
                         INOS_PRESSURE_IO, &sample);
  assert_int_equal (sample.pressures, 3);
  inos_pressure_parse (
    scan_of ("some avg10= avg60=2\nfull\n\nsome avg60=1 avg10=1 avg300=1\nwhat ever"),
    INOS_PRESSURE_MEMORY, &sample);
  assert_int_equal (sample.pressures, 3);
  assert_non_null (inos_pressure_find (&sample, "io.full"));
  assert_null (inos_pressure_find (&sample, "memory.full"));
}

static void test_disks (void **state)
{
  inos_disks_parse (
    scan_of ("22 27 0:21 / /proc rw - proc proc rw\n"
             "27 1 254:0 / /sub rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n"
             "28 1 254:0 /x / rw - ext4 /dev/vda rw\n" /* same device, shorter */
             "29 27 0:30 /@home /home rw - btrfs /dev/vdb rw\n"
             "30 27 0:30 /@var /var/lib rw - btrfs /dev/vdb rw\n"
             "31 27 0:31 / /mnt/net rw - nfs4 server:/x rw\n"
             "32 31 8:1 / /mnt/net/disk rw - ext4 /dev/sda1 rw\n" /* below one that may hang */
             "33 27 8:2 / /mnt/network rw - xfs /dev/sda2 rw\n"
             "34 27 0:40 / /fuse rw - fuse.sshfs me@there rw\n"
             "35 27 8:3 / /fuse rw - ext4 /dev/sda3 rw\n" /* under one that may hang */
             "36 27 8:4 / /a\\040b\\134c rw - vfat /dev/sda4 rw\n"
             "37 27 0:50 / /snap rw - squashfs /dev/loop0 ro\n"
             "38 27 8:5 / relative rw - ext4 /dev/sda5 rw\n"
             "39 27 8:6 / /nul\\000l rw - ext4 /dev/sda6 rw\n"
             "40 27 8:7 / /no-dash rw ext4 /dev/sda7 rw\n"
             "41 27 8:8 / /no-type rw -\n"
             "garbage\n41 27 8\n42 27 :9 / /x rw - ext4\n\n"),
    &sample);
  assert_int_equal (sample.disks, 4);
  assert_string_equal (sample.disk[0].mount, "/");
  assert_string_equal (sample.disk[0].type, "ext4");
  assert_string_equal (sample.disk[1].mount, "/home");
  assert_string_equal (sample.disk[2].mount, "/mnt/network");
  assert_string_equal (sample.disk[3].mount, "/a b\\c");
}

static void test_disks_roots_and_many (void **state)
{
  inos_disks_parse (
    scan_of ("1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /tmp rw - tmpfs tmpfs rw\n"), &sample);
  assert_int_equal (sample.disks, 1);
  inos_disks_measure (&sample);
  assert_int_equal (sample.disks, 1);
  assert_true (sample.disk[0].total > 0 && sample.disk[0].used <= sample.disk[0].total);

  g_autoptr (GString) many = g_string_new (NULL);
  for (int i = 0; i < 200; i++)
    g_string_append_printf (many, "%d 1 7:%d / /no/such/place/%d rw - ext4 /dev/x rw\n", i, i, i);
  inos_disks_parse (scan_of (many->str), &sample);
  assert_int_equal (sample.disks, INOS_DISKS_MAX);
  inos_disks_measure (&sample); /* and none answers */
  assert_int_equal (sample.disks, 0);

  /* So many that may hang that it is not known any more which: only the root is left. */
  g_string_assign (many, "1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /home rw - ext4 /dev/b rw\n");
  for (int i = 0; i < 65; i++)
    g_string_append_printf (many, "%d 1 0:%d / /net/%d rw - nfs x:/y rw\n", i, i, i);
  inos_disks_parse (scan_of (many->str), &sample);
  assert_int_equal (sample.disks, 1);
}

static void test_network (void **state)
{
  inos_network_parse (
    scan_of ("Inter-| Receive | Transmit\n face |bytes packets|bytes\n"
             "    lo: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n"
             "eth0:1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\n"
             "eth0:1: 3 1 0 0 0 0 0 0 4 1 0 0 0 0 0 0\n"
             "averyveryverylongname: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"
             "../x: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n: 1 1 0 0 0 0 0 0 1\nshort: 1 2 3\n"),
    &sample);
  assert_int_equal (sample.interfaces, 3);
  assert_string_equal (sample.interface[1].name, "eth0");
  assert_int_equal (sample.interface[1].rx, 1000);
  assert_int_equal (sample.interface[1].tx, 2000);
  assert_string_equal (sample.interface[2].name, "eth0:1");
}

static void test_network_rates (void **state)
{
  static struct inos_network_monitor network;

  inos_network_init (&network, -1);
  sample.interfaces = 1;
  sample.interface[0] = (struct inos_interface){.name = "eth0", .rx = 1000, .tx = 5000};
  inos_network_update (&network, &sample, 1, NULL);
  assert_int_equal (sample.interface[0].rx_rate, 0);          /* the first look has no rate */
  sample.interface[0].rx = 3000, sample.interface[0].tx = 10; /* counters that were reset */
  inos_network_update (&network, &sample, 2, NULL);
  assert_int_equal (sample.interface[0].rx_rate, 1000);
  assert_int_equal (sample.interface[0].tx_rate, 0);

  static struct inos_sample next; /* too soon: the rates are kept */
  next.interfaces = 1;
  next.interface[0] = (struct inos_interface){.name = "eth0", .rx = 9000};
  inos_network_update (&network, &next, 0, &sample);
  assert_int_equal (next.interface[0].rx_rate, 1000);
  assert_int_equal (network.count, 1);

  next.interfaces = 0; /* unplugged */
  inos_network_update (&network, &next, 1, NULL);
  assert_int_equal (network.count, 0);
  inos_network_finish (&network);
}

static struct inos_battery_report report (const char *text)
{
  struct inos_battery_report r;

  inos_battery_parse (scan_of (text), &r);
  return r;
}

/* All of the battery is a mock: this text is what drivers are documented to say. */
static void test_battery (void **state)
{
  struct inos_battery_report r[2];
  struct inos_battery b;

  r[0] = report ("POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_ENERGY_"
                 "FULL=50000000\n"
                 "POWER_SUPPLY_ENERGY_NOW=25000000\nPOWER_SUPPLY_POWER_NOW=12500000\nPOWER_SUPPLY_"
                 "CAPACITY=51\n");
  b = inos_battery_combine (r, 1);
  assert_true (b.present && !b.charging && b.discharging && near (b.percent, 51));
  assert_int_equal (b.seconds, 7200);

  r[0] = report (
    "POWER_SUPPLY_STATUS=Charging\nPOWER_SUPPLY_CHARGE_FULL=4000\nPOWER_SUPPLY_CHARGE_NOW=3000\n"
    "POWER_SUPPLY_CURRENT_NOW=-500\n"); /* in charge, with a sign, without a capacity */
  b = inos_battery_combine (r, 1);
  assert_true (b.charging && !b.discharging && near (b.percent, 75));
  assert_int_equal (b.seconds, 7200);

  r[0] = report ("POWER_SUPPLY_STATUS=Full\nPOWER_SUPPLY_CAPACITY=140\n");
  b = inos_battery_combine (r, 1);
  assert_true (b.present && !b.charging && !b.discharging && near (b.percent, 100));
  assert_int_equal (b.seconds, -1);

  r[0] =
    report ("POWER_SUPPLY_ENERGY_FULL=30\nPOWER_SUPPLY_ENERGY_NOW=0\nPOWER_SUPPLY_CAPACITY=0\n");
  r[1] =
    report ("POWER_SUPPLY_ENERGY_FULL=10\nPOWER_SUPPLY_ENERGY_NOW=10\nPOWER_SUPPLY_CAPACITY=100\n");
  assert_true (near (inos_battery_combine (r, 2).percent, 25));
  r[1] = report ("POWER_SUPPLY_CAPACITY=100\n"); /* cannot be summed: the mean */
  assert_true (near (inos_battery_combine (r, 2).percent, 50));

  r[0] = report ("POWER_SUPPLY_PRESENT=0\nPOWER_SUPPLY_CAPACITY=50\n");
  assert_false (inos_battery_combine (r, 1).present);
  r[0] =
    report ("nonsense\nPOWER_SUPPLY_CAPACITY=\nPOWER_SUPPLY_ENERGY_NOW=99999999999999999999\n");
  assert_false (inos_battery_combine (r, 1).present);
  assert_false (inos_battery_combine (r, 0).present);
}

/* Sensors and battery of this machine are mocks, see fixture.h. */
static void test_whole_sample (void **state)
{
  g_autofree char *top = fixture_new();
  g_autofree char *proc = g_build_filename (top, "proc", NULL),
                  *sys = g_build_filename (top, "sys", NULL);
  struct inos_monitor *monitor = inos_monitor_new (proc, sys);

  fixture_put (top, "proc/stat",
               "cpu  190 0 100 710 100\ncpu0 100 0 50 350 50\ncpu1 90 0 50 360 50\n");
  inos_monitor_free (monitor); /* g_file_set_contents makes a new file, so look anew */
  monitor = inos_monitor_new (proc, sys);
  const struct inos_sample *s = inos_monitor_tick (monitor);

  assert_int_equal (s->cores, 2);
  assert_true (near (s->load[1], 1.25));
  assert_int_equal (s->memory_total, 1024000);
  assert_int_equal (s->pressures, 3);
  assert_int_equal (s->disks, 1);
  assert_int_equal (s->interfaces, 2);
  assert_true (s->interface[0].up);
  assert_false (s->interface[1].up);
  assert_int_equal (s->temperatures, 2); /* a broken one and a disk's are left out */
  assert_string_equal (s->temperature[0].label, "coretemp Package id 0");
  assert_true (near (s->temperature[0].celsius, 45.5));
  assert_true (near (s->temperature[1].celsius, -1.5));
  assert_true (s->battery.present && near (s->battery.percent, 51)); /* without the mouse's */
  assert_int_equal (s->battery.seconds, 7200);

  g_autoptr (GVariant) variant = g_variant_ref_sink (inos_resources_to_variant (s));
  assert_string_equal (g_variant_get_type_string (variant), INOS_RESOURCES_TYPE);
  inos_monitor_free (monitor);
  fixture_remove (top);
}

static void test_thermal_zones (void **state)
{
  g_autofree char *top = g_dir_make_tmp ("inos-fixture-XXXXXX", NULL);

  fixture_put (top, "class/thermal/thermal_zone0/type", "acpitz\n");
  fixture_put (top, "class/thermal/thermal_zone0/temp", "27800\n");
  fixture_put (top, "class/thermal/cooling_device0/type", "Fan\n");
  struct inos_monitor *monitor = inos_monitor_new ("/proc", top);
  const struct inos_sample *s = inos_monitor_sample (monitor);
  assert_int_equal (s->temperatures, 1);
  assert_string_equal (s->temperature[0].label, "acpitz");
  inos_monitor_free (monitor);
  fixture_remove (top);
}

static void test_this_machine (void **state)
{
  struct inos_monitor *monitor = inos_monitor_new ("/proc", "/sys");
  const struct inos_sample *s = inos_monitor_sample (monitor);

  assert_true (s->cores > 0 && s->cpu >= 0 && s->cpu <= 100);
  assert_true (s->memory_total > 0 && s->memory_available <= s->memory_total);
  assert_true (s->interfaces > 0);
  inos_monitor_free (monitor);
}

static void test_nothing_there (void **state)
{
  g_test_expect_message ("inos-node", G_LOG_LEVEL_WARNING, "*is it mounted*");
  struct inos_monitor *monitor = inos_monitor_new ("/nonexistent", "/nonexistent");
  g_test_assert_expected_messages();
  const struct inos_sample *s = inos_monitor_tick (monitor);

  assert_int_equal (s->cores, 0);
  assert_int_equal (s->pressures, 0);
  assert_int_equal (s->battery.seconds, -1);
  g_autoptr (GVariant) variant = g_variant_ref_sink (inos_resources_to_variant (s));
  assert_true (g_variant_is_normal_form (variant));
  inos_monitor_free (monitor);
}

/* Every parser, with bytes that nobody wrote. */
static void test_noise (void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20251);
  static const char letters[] =
    "cpu0 some avg10=.:/-\\ \n\n\tMemTotal: ext4 - 1 2 3 POWER_SUPPLY_CAPACITY=\xff";
  static struct inos_cpu_times times;
  struct inos_battery_report r;
  char noise[600];

  for (int round = 0; round < 20000; round++) {
    size_t len = (size_t)g_rand_int_range (rand, 0, sizeof noise);
    for (size_t i = 0; i < len; i++)
      noise[i] = letters[g_rand_int_range (rand, 0, sizeof letters)];
    char *copy =
      len ? g_memdup2 (noise, len) : NULL; /* of that size, so that a read past its end is seen */
    struct inos_scan s = {copy, copy ? copy + len : copy};
    inos_cpu_parse (s, &times);
    inos_load_parse (s, sample.load);
    inos_memory_parse (s, &sample);
    inos_pressure_parse (s, round % INOS_PRESSURE_FILES, &sample);
    inos_disks_parse (s, &sample);
    inos_network_parse (s, &sample);
    inos_battery_parse (s, &r);
    g_free (copy);
  }
}

int main (void)
{
#define CLEAN(test) cmocka_unit_test_setup (test, clear)
  const struct CMUnitTest tests[] = {
    CLEAN (test_scan),
    CLEAN (test_cpu_parse),
    CLEAN (test_cpu_busy),
    CLEAN (test_memory),
    CLEAN (test_pressure),
    CLEAN (test_disks),
    CLEAN (test_disks_roots_and_many),
    CLEAN (test_network),
    CLEAN (test_network_rates),
    CLEAN (test_battery),
    CLEAN (test_whole_sample),
    CLEAN (test_thermal_zones),
    CLEAN (test_this_machine),
    CLEAN (test_nothing_there),
    CLEAN (test_noise),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
