/*
 * One look at the machine. Fixed in size, so that taking one needs no heap; what does not fit is
 * left out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_CORES_MAX 1024
#define INOS_DISKS_MAX 64
#define INOS_INTERFACES_MAX 64
#define INOS_TEMPERATURES_MAX 64
#define INOS_PRESSURES_MAX 5

struct inos_pressure {
  const char *name; /* "cpu.some", …; static */
  double avg10, avg60, avg300;
};

struct inos_disk {
  char mount[256], type[32];
  char source[64];                 /* what is mounted, such as /dev/vda2 */
  uint64_t major, minor;           /* of the device; 0: of none, as with btrfs */
  uint64_t total, used, available; /* bytes */
};

struct inos_interface {
  char name[16]; /* IFNAMSIZ */
  bool up;
  uint64_t rx, tx;           /* bytes */
  uint64_t rx_rate, tx_rate; /* bytes a second */
};

struct inos_temperature {
  char label[64];
  double celsius;
};

struct inos_battery {
  bool present, charging;
  bool discharging; /* and not charging: the machine lives on it */
  double percent;
  int64_t seconds; /* until empty, or full where it charges; -1 unknown */
};

struct inos_sample {
  int64_t time; /* µs since 1970 */
  double cpu;   /* %, of all cores */
  uint32_t cores;
  double core[INOS_CORES_MAX];
  double load[3];
  uint64_t memory_total, memory_available, swap_total, swap_free;
  uint32_t pressures, disks, interfaces, temperatures;
  struct inos_pressure pressure[INOS_PRESSURES_MAX];
  struct inos_disk disk[INOS_DISKS_MAX];
  struct inos_interface interface[INOS_INTERFACES_MAX];
  struct inos_temperature temperature[INOS_TEMPERATURES_MAX];
  struct inos_battery battery;
};
