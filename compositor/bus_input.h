/* org.inos.Compositor1.Input: devices, layouts, bindings and the settings' file on D-Bus. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_input;

/* Exports the interface on `path`. */
struct inos_bus_input *inos_bus_input_create (struct inos_compositor *compositor,
                                              GDBusConnection *connection, const char *path);
/* NULL does nothing. */
void inos_bus_input_destroy (struct inos_bus_input *input);
