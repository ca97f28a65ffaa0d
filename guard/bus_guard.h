/*
 * Keeps applications in a sandbox from what this process serves on the session bus: they would take
 * pictures, press keys by way of actions, end the session, say for other applications what these
 * want of the portals, and read and change the settings. Who calls is asked of the bus and the
 * kernel, as decision 40 has it; what cannot be found out gets nothing. The compositor, the
 * session, the shell and the desktop's own applications have one each.
 *
 * It stands before every object, property and method below its paths, and looks at each message in
 * GDBus' own thread, so that calls stay in their order: decision 43.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

struct inos_bus_guard;

/**
 * inos_bus_guard_create:
 * @connection: to the session bus
 * @address: (nullable): of that bus; NULL for the one that the environment names
 * @paths: static, NULL at the end; what is below them too
 */
struct inos_bus_guard *inos_bus_guard_create (GDBusConnection *connection, const char *address,
                                              const char *const *paths);
/** inos_bus_guard_destroy: takes NULL. */
void inos_bus_guard_destroy (struct inos_bus_guard *guard);
