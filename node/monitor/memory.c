/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/memory.h"

bool inos_memory_parse (struct inos_scan text, struct inos_sample *sample)
{
  enum { TOTAL, AVAILABLE, SWAP_TOTAL, SWAP_FREE, FIGURES };
  static const char *const names[FIGURES] = {
    "MemTotal:", "MemAvailable:", "SwapTotal:", "SwapFree:"};
  uint64_t kib[FIGURES] = {0};
  unsigned seen = 0;
  struct inos_scan line;

  while (inos_scan_line (&text, &line))
    for (int i = 0; i < FIGURES; i++)
      if (inos_scan_skip (&line, names[i]) && inos_scan_u64 (&line, &kib[i])) {
        seen |= 1u << i;
        break;
      }
  if (seen != (1u << FIGURES) - 1)
    return false;
  sample->memory_total = kib[TOTAL] * 1024;
  sample->memory_available = (kib[AVAILABLE] < kib[TOTAL] ? kib[AVAILABLE] : kib[TOTAL]) * 1024;
  sample->swap_total = kib[SWAP_TOTAL] * 1024;
  sample->swap_free = (kib[SWAP_FREE] < kib[SWAP_TOTAL] ? kib[SWAP_FREE] : kib[SWAP_TOTAL]) * 1024;
  return true;
}

double inos_memory_used (const struct inos_sample *sample)
{
  if (sample->memory_total == 0)
    return 0;
  return 100.0 * (double)(sample->memory_total - sample->memory_available) /
         (double)sample->memory_total;
}
