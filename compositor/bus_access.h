/* org.inos.Compositor1.Accessibility: how the screen is shown to people who see it badly. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_access;

struct inos_bus_access *inos_bus_access_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection, const char *path);
/* NULL does nothing. */
void inos_bus_access_destroy (struct inos_bus_access *access);
