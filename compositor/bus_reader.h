/* org.freedesktop.a11y.Manager: a screen reader asks for keys. Only the program that has the name
 * org.gnome.Orca.KeyboardMonitor may, and nothing is heard while the session is locked. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

#define INOS_BUS_READER_PATH "/org/freedesktop/a11y/Manager"

struct inos_bus_reader;

/* Takes the name on a message bus, where nobody else has it. */
struct inos_bus_reader *inos_bus_reader_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection);
/* NULL does nothing. */
void inos_bus_reader_destroy (struct inos_bus_reader *reader);
