/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/cpu.h"

/* Columns: user nice system idle iowait irq softirq steal. Those after it, guest times, are part of
 * user and nice. */
enum { COLUMN_IDLE = 3, COLUMN_IOWAIT = 4, COLUMNS = 8 };

static bool parse_ticks (struct inos_scan line, struct inos_cpu_ticks *ticks)
{
  uint64_t value;
  int column = 0;

  *ticks = (struct inos_cpu_ticks){0};
  for (; column < COLUMNS && inos_scan_u64 (&line, &value); column++) {
    ticks->total += value;
    if (column == COLUMN_IDLE || column == COLUMN_IOWAIT)
      ticks->idle += value;
  }
  return column > COLUMN_IDLE;
}

bool inos_cpu_parse (struct inos_scan text, struct inos_cpu_times *times)
{
  struct inos_scan line;
  bool any = false;
  uint64_t number;

  *times = (struct inos_cpu_times){0};
  while (inos_scan_line (&text, &line) && inos_scan_skip (&line, "cpu")) {
    if (line.at < line.end && *line.at == ' ') {
      any = parse_ticks (line, &times->all) || any;
    } else if (inos_scan_u64 (&line, &number) && number < INOS_CORES_MAX) {
      if (parse_ticks (line, &times->core[number]) && number >= times->cores)
        times->cores = (uint32_t)number + 1;
    }
  }
  return any;
}

double inos_cpu_busy (struct inos_cpu_ticks before, struct inos_cpu_ticks now)
{
  /* The kernel says that iowait may go back, and a core that comes back online starts anew. */
  if (now.total <= before.total)
    return 0;
  uint64_t total = now.total - before.total;
  uint64_t idle = now.idle > before.idle ? now.idle - before.idle : 0;
  if (idle > total)
    return 0;
  return 100.0 * (double)(total - idle) / (double)total;
}

void inos_cpu_update (const struct inos_cpu_times *before, const struct inos_cpu_times *now,
                      struct inos_sample *sample)
{
  sample->cpu = inos_cpu_busy (before->all, now->all);
  sample->cores = now->cores;
  for (uint32_t i = 0; i < now->cores; i++)
    sample->core[i] = inos_cpu_busy (before->core[i], now->core[i]);
}

bool inos_load_parse (struct inos_scan text, double load[3])
{
  double values[3];

  for (int i = 0; i < 3; i++)
    if (!inos_scan_decimal (&text, &values[i]))
      return false;
  for (int i = 0; i < 3; i++)
    load[i] = values[i];
  return true;
}
