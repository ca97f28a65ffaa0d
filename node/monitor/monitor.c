/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/monitor/battery.h"
#include "node/monitor/cpu.h"
#include "node/monitor/disk.h"
#include "node/monitor/memory.h"
#include "node/monitor/monitor.h"
#include "node/monitor/network.h"
#include "node/monitor/pressure.h"
#include "node/monitor/source.h"
#include "node/monitor/temperature.h"

#include <fcntl.h>

#define TEXT_MAX (128 * 1024) /* of /proc/stat with 1024 cores, and of a long mountinfo */
#define SCAN_EVERY 60         /* ticks */

enum file {
  FILE_STAT,
  FILE_LOAD,
  FILE_MEMORY,
  FILE_PRESSURE, /* and the two after it */
  FILE_MOUNTS = FILE_PRESSURE + INOS_PRESSURE_FILES,
  FILE_NETWORK,
  FILES,
};

static const char *const paths[FILES] = {
  [FILE_STAT] = "stat",
  [FILE_LOAD] = "loadavg",
  [FILE_MEMORY] = "meminfo",
  [FILE_PRESSURE + INOS_PRESSURE_CPU] = "pressure/cpu",
  [FILE_PRESSURE + INOS_PRESSURE_MEMORY] = "pressure/memory",
  [FILE_PRESSURE + INOS_PRESSURE_IO] = "pressure/io",
  [FILE_MOUNTS] = "self/mountinfo",
  [FILE_NETWORK] = "net/dev",
};

struct inos_monitor {
  int proc, sys, file[FILES]; /* descriptors */
  struct inos_network_monitor network;
  struct inos_temperatures temperatures;
  struct inos_batteries batteries;
  unsigned ticks;
  int64_t base; /* µs, monotonic, of the looks that rates are counted from */
  struct inos_cpu_times before, now;
  struct inos_cpu_ticks last_tick;
  struct inos_sample sample[2]; /* the one before is kept for its rates */
  unsigned current;
  char text[TEXT_MAX];
};

static bool read_file (struct inos_monitor *m, int file, struct inos_scan *text)
{
  return inos_source_read (m->file[file], m->text, sizeof m->text, text);
}

struct inos_monitor *inos_monitor_new (const char *proc, const char *sys)
{
  struct inos_monitor *m = g_new0 (struct inos_monitor, 1);

  m->proc = open (proc, O_PATH | O_DIRECTORY | O_CLOEXEC);
  m->sys = open (sys, O_PATH | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < FILES; i++)
    m->file[i] = inos_source_open (m->proc, paths[i]);
  if (m->file[FILE_STAT] < 0 || m->file[FILE_MEMORY] < 0)
    g_warning ("There are no figures of processor and memory in %s; is it mounted?", proc);
  inos_network_init (&m->network, m->sys);
  inos_temperatures_init (&m->temperatures, m->sys);
  inos_batteries_init (&m->batteries, m->sys);
  inos_temperatures_scan (&m->temperatures);
  inos_batteries_scan (&m->batteries);
  inos_monitor_sample (m);
  m->last_tick = m->now.all;
  return m;
}

void inos_monitor_free (struct inos_monitor *m)
{
  if (!m)
    return;
  inos_network_finish (&m->network);
  inos_temperatures_finish (&m->temperatures);
  inos_batteries_finish (&m->batteries);
  for (int i = 0; i < FILES; i++)
    inos_source_close (&m->file[i]);
  inos_source_close (&m->proc);
  inos_source_close (&m->sys);
  g_free (m);
}

static void sample_cpu (struct inos_monitor *m, struct inos_sample *sample,
                        const struct inos_sample *previous, bool window)
{
  struct inos_scan text;

  if (read_file (m, FILE_LOAD, &text))
    inos_load_parse (text, sample->load);
  if (!window) {
    sample->cpu = previous->cpu;
    sample->cores = previous->cores;
    for (uint32_t i = 0; i < previous->cores; i++)
      sample->core[i] = previous->core[i];
    return;
  }
  if (!read_file (m, FILE_STAT, &text) || !inos_cpu_parse (text, &m->now))
    return;
  inos_cpu_update (&m->before, &m->now, sample);
  m->before = m->now;
}

static void sample_pressure (struct inos_monitor *m, struct inos_sample *sample)
{
  struct inos_scan text;

  sample->pressures = 0;
  for (int i = 0; i < INOS_PRESSURE_FILES; i++)
    if (read_file (m, FILE_PRESSURE + i, &text))
      inos_pressure_parse (text, i, sample);
}

const struct inos_sample *inos_monitor_sample (struct inos_monitor *m)
{
  const struct inos_sample *previous = &m->sample[m->current];
  struct inos_sample *sample = &m->sample[m->current ^ 1];
  int64_t now = g_get_monotonic_time();
  bool first = m->base == 0, window = first || now - m->base >= INOS_MONITOR_WINDOW_MIN;
  double seconds = window && !first ? (double)(now - m->base) / 1e6 : 0;
  struct inos_scan text;

  *sample = (struct inos_sample){.time = g_get_real_time()};
  sample_cpu (m, sample, previous, window);
  if (read_file (m, FILE_MEMORY, &text))
    inos_memory_parse (text, sample);
  sample_pressure (m, sample);
  if (read_file (m, FILE_MOUNTS, &text)) {
    inos_disks_parse (text, sample);
    inos_disks_measure (sample);
  }
  if (read_file (m, FILE_NETWORK, &text)) {
    inos_network_parse (text, sample);
    inos_network_update (&m->network, sample, seconds, previous);
  }
  inos_temperatures_read (&m->temperatures, sample);
  inos_batteries_read (&m->batteries, sample);
  if (window)
    m->base = now;
  m->current ^= 1;
  return sample;
}

const struct inos_sample *inos_monitor_tick (struct inos_monitor *m)
{
  if (++m->ticks % SCAN_EVERY == 0) {
    inos_temperatures_scan (&m->temperatures);
    inos_batteries_scan (&m->batteries);
  }
  inos_monitor_sample (m);
  if (m->now.all.total > m->last_tick.total) {
    m->sample[m->current].cpu = inos_cpu_busy (m->last_tick, m->now.all);
    m->last_tick = m->now.all;
  }
  return &m->sample[m->current];
}
