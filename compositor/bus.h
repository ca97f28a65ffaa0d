/* org.inos.Compositor1: lists outputs and windows, says what changes, focuses and closes. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus;

/* Exports the compositor on `connection`; it does not own the name. The bus must be destroyed
 * before the compositor. */
struct inos_bus *inos_bus_create (struct inos_compositor *compositor, GDBusConnection *connection);
/* NULL does nothing. */
void inos_bus_destroy (struct inos_bus *bus);
