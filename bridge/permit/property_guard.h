/*
 * The guard of properties: GDBus asks nobody before it gives them away. Reads of the object's
 * properties by who is not known to be a program of the person's are taken off the bus before
 * GDBus sees them, and answered here. What is announced to all (PropertiesChanged, signals) every
 * connection hears that the bus, or a sandbox's proxy of it, lets hear it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

struct inos_permit;
struct inos_property_guard;

/** inos_property_guard_new: @permit: outlives it; its callers and bus are there. */
struct inos_property_guard *inos_property_guard_new (struct inos_permit *permit, const char *path);
void inos_property_guard_free (struct inos_property_guard *guard); /* takes NULL */

/**
 * inos_property_guard_add:
 * @capability: (nullable): static; what an application needs to read them; NULL: none reads them
 *
 * Nobody is asked for a read: a library that makes a proxy reads them all unbidden.
 */
void inos_property_guard_add (struct inos_property_guard *guard, GDBusInterfaceSkeleton *skeleton,
                              const char *capability);
void inos_property_guard_remove (struct inos_property_guard *guard,
                                 GDBusInterfaceSkeleton *skeleton);
