/* org.inos.Compositor1.Config: what the settings say, and the actions that they can ask for. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_config;

/* Exports the interface on `path`. */
struct inos_bus_config *inos_bus_config_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection, const char *path);
void inos_bus_config_destroy (struct inos_bus_config *config);
