/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal.h"

#include "portal_access.h"
#include "portal_screenshot.h"
#include "portal_settings.h"

#define NAME "org.freedesktop.impl.portal.desktop.inos"

struct InosPortal {
  InosPortalAccess *access;
  InosPortalScreenshot *screenshot;
  InosPortalSettings *settings;
  guint owner_id;
};

static void on_name_lost (GDBusConnection *bus, const char *name, gpointer data)
{
  g_warning ("another program has the name %s: portals get nothing from this shell", name);
}

InosPortal *inos_portal_create (GDBusConnection *bus, InosPrompter *prompter)
{
  InosPortal *self = g_new0 (InosPortal, 1);

  self->access = inos_portal_access_create (bus);
  self->screenshot = inos_portal_screenshot_create (bus, prompter);
  self->settings = inos_portal_settings_create (bus);
  self->owner_id = g_bus_own_name_on_connection (bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                                 on_name_lost, self, NULL);
  return self;
}

void inos_portal_destroy (InosPortal *self)
{
  if (!self)
    return;
  g_bus_unown_name (self->owner_id);
  inos_portal_settings_destroy (self->settings);
  inos_portal_screenshot_destroy (self->screenshot);
  inos_portal_access_destroy (self->access);
  g_free (self);
}
