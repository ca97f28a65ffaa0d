/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash_guard.h"

#define FIRST_DELAY 250
#define SECOND_DELAY 1000

gboolean inos_crash_guard_count (InosCrashGuard *guard, gint64 now, guint *delay)
{
  guint recent = 0;

  for (guint i = INOS_CRASH_GUARD_LIMIT - 1; i > 0; i--)
    guard->times[i] = guard->times[i - 1];
  guard->times[0] = now;
  for (guint i = 0; i < INOS_CRASH_GUARD_LIMIT; i++) {
    if (guard->times[i] > 0 && now - guard->times[i] < INOS_CRASH_GUARD_WINDOW)
      recent++;
  }
  *delay = recent > 1 ? SECOND_DELAY : FIRST_DELAY;
  return recent < INOS_CRASH_GUARD_LIMIT;
}

void inos_crash_guard_reset (InosCrashGuard *guard)
{
  *guard = (InosCrashGuard){0};
}
