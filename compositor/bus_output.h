/* org.inos.Compositor1.Output: one object an output, which says how it is and sets it up. */
#pragma once

#include <gio/gio.h>

#include "output.h"

struct inos_bus_outputs;

struct inos_bus_outputs *inos_bus_outputs_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager);
void inos_bus_outputs_destroy (struct inos_bus_outputs *outputs);

unsigned int inos_bus_outputs_count (struct inos_bus_outputs *outputs);

/* The object path of an output of that name; the caller's to free. */
char *inos_bus_output_path (const char *name);
