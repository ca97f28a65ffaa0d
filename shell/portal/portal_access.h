/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.impl.portal.Access: xdg-desktop-portal asks whether an application may use the
 * camera and the like. Which device that is it says by an icon alone; what is no such icon is
 * answered with an error, which is not kept as a denial would be. Its words are not shown: the
 * shell has its own for each.
 */

#include <gio/gio.h>

typedef struct InosPortalAccess InosPortalAccess;

InosPortalAccess *inos_portal_access_create (GDBusConnection *bus);
void inos_portal_access_destroy (InosPortalAccess *self);

/* The capability that is meant; NULL where it is none. icon may be NULL. */
const char *inos_portal_access_capability (const char *icon);

/* Whether the person has said no, of what Permissions.Ask failed with. xdg-desktop-portal keeps a
 * response for good, so that all else is no response, but an error. */
gboolean inos_portal_access_is_denied (const GError *error);
