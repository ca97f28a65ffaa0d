/*
 * Control groups (cgroup v2): which slices, services and scopes systemd has made, what they have of
 * the processor and of memory. Read when somebody asks.
 *
 * One thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define INOS_UNITS_MAX 4096u
#define INOS_UNITS_DEPTH 16u

struct inos_units;

/** inos_units_new: @sys: descriptor of /sys, not owned. */
struct inos_units *inos_units_new (int sys);
void inos_units_free (struct inos_units *self);

/** inos_units_forget: what was seen. */
void inos_units_forget (struct inos_units *self);

/**
 * inos_units_list:
 * @now: µs of the monotonic clock
 *
 * Returns: (transfer floating): "(d" INOS_UNIT_ROWS_TYPE ")", each group after the one it is in, or
 * NULL: this machine has no cgroup v2.
 */
GVariant *inos_units_list (struct inos_units *self, gint64 now, GError **error);
