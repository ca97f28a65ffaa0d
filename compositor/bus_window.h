/* org.inos.Compositor1.Window: one object for each window. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

#define INOS_BUS_ROOT "/org/inos/Compositor1"

struct inos_bus_windows;

/* Exports the windows that open from now on. Must be destroyed before the compositor. */
struct inos_bus_windows *inos_bus_windows_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager);
void inos_bus_windows_destroy (struct inos_bus_windows *windows);

/* D-Bus strings are UTF-8; what a client calls itself may be anything. text: may be NULL. */
char *inos_bus_clean (const char *text);

char *inos_bus_window_path (uint32_t id);
