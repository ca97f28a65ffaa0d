/* org.inos.Compositor1.Device: one object an input device, with its settings. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_devices;

struct inos_bus_devices *inos_bus_devices_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager);
void inos_bus_devices_destroy (struct inos_bus_devices *devices);
