/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "output.h"
#include "reaper.h"

#include <gio/gio.h>

/*
 * The session bus: the one that DBUS_SESSION_BUS_ADDRESS names, else the one that listens at
 * $XDG_RUNTIME_DIR/bus, else a dbus-daemon of the session's own.
 */
struct inos_bus;

struct inos_bus_handlers {
  /* Connected; `address` is what DBUS_SESSION_BUS_ADDRESS has to say. */
  void (*ready) (GDBusConnection *connection, const char *address, void *data);
  /* No bus is to be had, or the one there was is gone. */
  void (*lost) (const char *reason, void *data);
};

struct inos_bus *inos_bus_new (struct inos_reaper *reaper, const char *runtime_directory,
                               char **envp, struct inos_output *output /* may be NULL */,
                               const struct inos_bus_handlers *handlers, void *data);
void inos_bus_free (struct inos_bus *bus);

/* The pid of the session's own dbus-daemon; 0 where there is none. */
pid_t inos_bus_pid (const struct inos_bus *bus);
