/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Decides whether something that died is worth starting again: each time after a longer pause, and
 * no more once it has died three times within 15 s.
 */

#include <glib.h>

#define INOS_CRASH_GUARD_LIMIT 3
#define INOS_CRASH_GUARD_WINDOW (15 * G_TIME_SPAN_SECOND)

typedef struct {
  gint64 times[INOS_CRASH_GUARD_LIMIT]; /* µs, newest first, 0 where none */
} InosCrashGuard;

/* False: give up. True: try again after delay milliseconds. now is monotonic and above 0. */
gboolean inos_crash_guard_count (InosCrashGuard *guard, gint64 now, guint *delay);
void inos_crash_guard_reset (InosCrashGuard *guard);
