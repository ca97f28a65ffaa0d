/*
 * The guard of the bridge's methods, and org.inos.Node1.Permissions, where what it lets through is
 * listed, granted and revoked.
 *
 * A program in no sandbox is judged by bridge/policy.h. Of an application each call is stopped
 * until it is known to be granted, was granted by the person who is asked, or is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

struct inos_permit;

/**
 * inos_permit_new:
 * @bus: where Permissions is exported
 * @path: of its object, whose properties are guarded as well
 *
 * Returns: (nullable): NULL where it could not be exported, and @error says why.
 */
struct inos_permit *inos_permit_new (GDBusConnection *bus, const char *path, GError **error);
/** inos_permit_free: calls that wait get no answer. Takes NULL. */
void inos_permit_free (struct inos_permit *permit);

/**
 * inos_permit_guard:
 * @skeleton: before it is exported; to be given to inos_permit_release()
 * @reading: (nullable): (transfer none): static; what an application needs to read its properties;
 *   NULL: none reads them
 */
void inos_permit_guard (struct inos_permit *permit, GDBusInterfaceSkeleton *skeleton,
                        const char *reading);
void inos_permit_release (struct inos_permit *permit, GDBusInterfaceSkeleton *skeleton);

/**
 * inos_permit_name_caller: of a call that was let through.
 *
 * Returns: (transfer full): the application's id, whichever of its connections it is, or of a
 * program in no sandbox its name on the bus.
 */
char *inos_permit_name_caller (struct inos_permit *permit, GDBusMethodInvocation *invocation);
