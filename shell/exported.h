/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An object of the shell's own on the session bus, as gdbus-codegen makes them.
 */

#include "reply.h"

#include <gio/gio.h>

/* skeleton: a GDBusInterfaceSkeleton. Where it cannot be exported that is logged, and the shell
 * goes on without it. */
void inos_exported_show (gpointer skeleton, GDBusConnection *bus, const char *path);
/* Takes skeleton back from the bus, disconnects what was connected with data, and drops the
 * caller's reference. */
void inos_exported_hide (gpointer skeleton, gpointer data);

/* An answer that is the end of a method which returns nothing. Takes the invocation. */
InosReply *inos_exported_reply (GDBusMethodInvocation *invocation);
