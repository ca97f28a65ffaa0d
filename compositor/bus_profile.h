/* org.inos.Compositor1.Profiles: how sets of monitors are set up. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_profiles;

/* Exports the interface on `path`. */
struct inos_bus_profiles *inos_bus_profiles_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection, const char *path);
void inos_bus_profiles_destroy (struct inos_bus_profiles *profiles);
