/*
 * A made-up /proc and /sys in a temporary directory. It stands for hardware that a build machine
 * does not have, such as a battery or temperature sensors; what a test says of those is said of
 * this mock, not of the real thing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/scan.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static inline struct inos_scan scan_of (const char *text)
{
  return (struct inos_scan){text, text + strlen (text)};
}

static inline void fixture_put (const char *top, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (top, path, NULL), *dir = g_path_get_dirname (full);

  g_mkdir_with_parents (dir, 0700);
  if (!g_file_set_contents (full, text, -1, NULL))
    g_error ("cannot write %s", full);
}

static inline void fixture_remove (const char *top)
{
  g_autoptr (GDir) dir = g_dir_open (top, 0, NULL);

  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *inner = g_build_filename (top, name, NULL);
    if (g_file_test (inner, G_FILE_TEST_IS_DIR))
      fixture_remove (inner);
    else
      g_unlink (inner);
  }
  g_rmdir (top);
}

static inline char *fixture_new (void)
{
  char *top = g_dir_make_tmp ("inos-fixture-XXXXXX", NULL);

  fixture_put (top, "proc/stat",
               "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 50 0 50 350 50 0 0 0 0 0\n"
               "cpu1 50 0 50 350 50 0 0 0 0 0\nintr 5 1 2\nctxt 9\n");
  fixture_put (top, "proc/loadavg", "0.50 1.25 2.00 1/200 999\n");
  fixture_put (top, "proc/meminfo",
               "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n"
               "SwapTotal:       200 kB\nSwapFree:        150 kB\n");
  fixture_put (top, "proc/pressure/cpu",
               "some avg10=1.50 avg60=2.25 avg300=3.00 total=1\nfull avg10=9.00 avg60=9.00 "
               "avg300=9.00 total=0\n");
  fixture_put (top, "proc/pressure/io",
               "some avg10=4.00 avg60=5.00 avg300=6.00 total=1\n"
               "full avg10=7.00 avg60=8.00 avg300=9.99 total=0\n");
  fixture_put (top, "proc/self/mountinfo", "27 1 254:0 / / rw - ext4 /dev/vda rw\n");
  fixture_put (
    top, "proc/net/dev",
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes\n"
    "    lo: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n  eth0: 1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\n");
  fixture_put (top, "sys/class/net/lo/operstate", "unknown\n");
  fixture_put (top, "sys/class/net/eth0/operstate", "down\n");
  fixture_put (top, "sys/class/hwmon/hwmon0/name", "coretemp\n");
  fixture_put (top, "sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n");
  fixture_put (top, "sys/class/hwmon/hwmon0/temp1_input", "45500\n");
  fixture_put (top, "sys/class/hwmon/hwmon0/temp3_input", "-1500\n");
  fixture_put (top, "sys/class/hwmon/hwmon0/temp4_input", "broken\n");
  fixture_put (top, "sys/class/hwmon/hwmon1/name", "drivetemp\n");
  fixture_put (top, "sys/class/hwmon/hwmon1/temp1_input", "30000\n");
  fixture_put (top, "sys/class/power_supply/AC/type", "Mains\n");
  fixture_put (top, "sys/class/power_supply/AC/uevent",
               "POWER_SUPPLY_TYPE=Mains\nPOWER_SUPPLY_ONLINE=0\n");
  fixture_put (top, "sys/class/power_supply/BAT0/type", "Battery\n");
  fixture_put (
    top, "sys/class/power_supply/BAT0/uevent",
    "POWER_SUPPLY_NAME=BAT0\nPOWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_STATUS=Discharging\n"
    "POWER_SUPPLY_PRESENT=1\nPOWER_SUPPLY_ENERGY_FULL=50000000\nPOWER_SUPPLY_ENERGY_NOW=25000000\n"
    "POWER_SUPPLY_POWER_NOW=12500000\nPOWER_SUPPLY_CAPACITY=51\n");
  fixture_put (top, "sys/class/power_supply/mouse/type", "Battery\n");
  fixture_put (top, "sys/class/power_supply/mouse/uevent",
               "POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_SCOPE=Device\nPOWER_SUPPLY_CAPACITY=3\n");
  return top;
}
