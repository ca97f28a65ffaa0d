/* org.inos.Compositor1.Idle: what idleness has led to, who holds it back, and what the session
 * knows of the machine. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_idle;

/* Exports the interface on `path`, and org.freedesktop.ScreenSaver at its own. */
struct inos_bus_idle *inos_bus_idle_create (struct inos_compositor *compositor,
                                            GDBusConnection *connection, const char *path);
void inos_bus_idle_destroy (struct inos_bus_idle *idle);
