/*
 * Two real hosts over loopback, each on a thread of its own: what a stream carries, how long a
 * dial, and 32 bytes there and back, take. On a busy machine only what a CPU does in a second says
 * anything.
 *
 *     bench-mesh-real [MIB]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "real.h"

#include <time.h>

#define PINGS 2000

static int compare (const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

static double rate (const struct later *done)
{
  return (double)(done->result.sent + done->result.received) * 1e3 / (double)done->result.duration;
}

static void measure (const char *name, const char *place, uint64_t bytes)
{
  struct real *a = real_new (1, place), *b = real_new (2, NULL);
  struct inos_multiaddr address = real_address (a);
  uint64_t *times = g_new (uint64_t, PINGS);

  gint64 start = g_get_monotonic_time();
  bool failed = real_connect (b, &a->id, &address).failed;
  g_print ("%-10s dial and upgrade %8.2f ms\n", name,
           (double)(g_get_monotonic_time() - start) / 1e3);
  for (unsigned i = 0; i < PINGS && !failed; i++)
    times[i] = real_ping (b, &a->id).round_trip;
  const size_t middle = PINGS / 2, late = PINGS * 99 / 100;
  qsort (times, PINGS, sizeof *times, compare);
  g_print ("%-10s 32 bytes p50/p99 %6.1f / %.1f us\n", name, (double)times[middle] / 1e3,
           (double)times[late] / 1e3);
  clock_t cpu = clock();
  struct later up = real_perf (b, &a->id, bytes, 0), down = real_perf (b, &a->id, 0, bytes);
  double seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;
  g_print ("%-10s up / down        %6.0f / %.0f MB/s\n", name, rate (&up), rate (&down));
  g_print ("%-10s of both sides   %6.0f MB in a second of one CPU\n", name,
           2 * (double)bytes / 1e6 / seconds);
  g_free (times);
  real_free (b);
  real_free (a);
}

int main (int argc, char **argv)
{
  guint64 mib = 1024;

  if (argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, 1 << 20, &mib, NULL)) {
    g_printerr ("%s [MIB]\n", argv[0]);
    return 2;
  }
  measure ("TCP", "/ip4/127.0.0.1/tcp/0", mib << 20);
  measure ("WebSocket", "/ip4/127.0.0.1/tcp/0/ws", mib << 20);
  return 0;
}
