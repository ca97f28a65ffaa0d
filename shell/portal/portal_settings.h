/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.impl.portal.Settings: how programs are to look, from GSettings (decision 7). The
 * namespace org.freedesktop.appearance has color-scheme, accent-color, contrast and reduced-motion;
 * the schemas that toolkits read besides are there under their own names, with all their keys.
 */

#include <gio/gio.h>

typedef struct InosPortalSettings InosPortalSettings;

InosPortalSettings *inos_portal_settings_create (GDBusConnection *bus);
void inos_portal_settings_destroy (InosPortalSettings *self);

/* Whether a list of namespaces, as portals give it, has that one: an empty list and "" have all,
 * "org.example.*" all that begin with "org.example." */
gboolean inos_portal_settings_matches (const char *const *patterns, const char *name);
