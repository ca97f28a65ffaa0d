/* org.inos.Compositor1.Overview: whether the overview is open, and where windows go in it. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_overview;

/* Exports the interface on `path`. */
struct inos_bus_overview *inos_bus_overview_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection, const char *path);
void inos_bus_overview_destroy (struct inos_bus_overview *overview);
