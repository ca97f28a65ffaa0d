/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "safe_settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gio.h>
#include <gio/gsettingsbackend.h>

#define BACKEND "GSETTINGS_BACKEND"

void inos_safe_settings (void)
{
  if (g_getenv ("INOS_SAFE") == NULL)
    return;
  g_autofree char *before = g_strdup (g_getenv (BACKEND));
  g_setenv (BACKEND, "memory", TRUE);
  /* Kept by GIO from now on. */
  g_object_unref (g_settings_backend_get_default());
  if (before != NULL)
    g_setenv (BACKEND, before, TRUE);
  else
    g_unsetenv (BACKEND);
}
