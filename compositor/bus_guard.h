/* Keeps applications in a sandbox from what this process serves on the session bus: they would take
 * pictures, press keys by way of actions, and read and change the settings. Who calls is asked of
 * the bus and the kernel, as decision 40 has it; what cannot be found out gets nothing.
 *
 * It stands before every object, property and method below its paths, and looks at each message in
 * GDBus' own thread, so that calls stay in their order: decision 43. */
#pragma once

#include <gio/gio.h>

struct inos_bus_guard;

/* connection: to the session bus. paths: static, NULL at the end; what is below them too. */
struct inos_bus_guard *inos_bus_guard_create (GDBusConnection *connection,
                                              const char *const *paths);
/* NULL does nothing. */
void inos_bus_guard_destroy (struct inos_bus_guard *guard);
