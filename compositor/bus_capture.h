/* org.inos.Compositor1.Capture: pictures of the screen, as files. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

struct inos_bus_capture;

/* Exports the interface on `path`. */
struct inos_bus_capture *inos_bus_capture_create (struct inos_compositor *compositor,
                                                  GDBusConnection *connection, const char *path);
void inos_bus_capture_destroy (struct inos_bus_capture *capture);
