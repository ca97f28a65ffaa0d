/* org.inos.Compositor1.Windows: which windows are open, and where those go that are started again.
 */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_roll;

/* Exports the interface on `path`. */
struct inos_bus_roll *inos_bus_roll_create (struct inos_compositor *compositor,
                                            GDBusConnection *connection, const char *path);
void inos_bus_roll_destroy (struct inos_bus_roll *roll);
