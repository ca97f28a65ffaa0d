/*
 * Disks with what goes in and out of them, and network interfaces. Read when somebody asks.
 *
 * One thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define INOS_DEVICES_MAX 64u

struct inos_devices;

/** inos_devices_new: @proc, @sys: descriptors of /proc and /sys, not owned. */
struct inos_devices *inos_devices_new (int proc, int sys);
void inos_devices_free (struct inos_devices *self);

/** inos_devices_forget: what was seen. */
void inos_devices_forget (struct inos_devices *self);

/** inos_devices_disks: Returns: (transfer floating): "(d" INOS_DISK_ROWS_TYPE ")". */
GVariant *inos_devices_disks (struct inos_devices *self, gint64 now);

/** inos_devices_interfaces: Returns: (transfer floating): "(d" INOS_INTERFACE_ROWS_TYPE ")". */
GVariant *inos_devices_interfaces (struct inos_devices *self, gint64 now);
