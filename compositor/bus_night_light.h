/* org.inos.Compositor1.NightLight: screens that are warmer at night. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_night_light;

/* Exports the interface on `path`. */
struct inos_bus_night_light *inos_bus_night_light_create (struct inos_compositor *compositor,
                                                          GDBusConnection *connection,
                                                          const char *path);
void inos_bus_night_light_destroy (struct inos_bus_night_light *light);
