/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Whether an application may have what a portal wants for it: asked of the bridge, which knows what
 * was granted, and has the person asked else (org.inos.Node1.Permissions.Ask). While that waits
 * there is an object at the portal's handle, which it closes when the application has gone.
 */

#include <gio/gio.h>

#define INOS_PORTAL_PATH "/org/freedesktop/portal/desktop"

/* What portals answer with. */
enum { INOS_PORTAL_DONE, INOS_PORTAL_REFUSED, INOS_PORTAL_ENDED };

/* error: why it may not; NULL where it may. Called once, also when the request is dropped. */
typedef void (*InosPortalRequestFunc) (const GError *error, gpointer data);

/* app: "" is a program in no sandbox, which may, as it could by itself; nobody is asked. bus and
 * data are used until done was called. */
void inos_portal_request (GDBusConnection *bus, const char *handle, const char *app,
                          const char *capability, InosPortalRequestFunc done, gpointer data);
