/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * While the shell is killed and started again nobody has the name, and a program that notifies just
 * then would get an error. So the bus is told, by a file in $XDG_RUNTIME_DIR/dbus-1/services, that
 * it could start somebody: `true`, which does nothing and ends well, and the bus waits for the name
 * to come, which the session's supervisor sees to, and hands over what was sent. The file goes when
 * the shell ends in peace.
 */

#include <gio/gio.h>

typedef struct InosActivationFile InosActivationFile;

/* name: of the bus; static. Nothing is written yet. */
InosActivationFile *inos_activation_file_create (GDBusConnection *bus, const char *name);
void inos_activation_file_write (InosActivationFile *self);
/* Removes the file. self may be NULL. */
void inos_activation_file_destroy (InosActivationFile *self);
