/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl launch, inosctl toggle. */
#include "bus.h"

#include <glib/gi18n.h>

static GVariant *call_shell (struct ctl *ctl, const char *method, const char *argument,
                             GError **error)
{
  return ctl_bus_call (ctl, CTL_SHELL, ctl_service_path (CTL_SHELL), ctl_service_name (CTL_SHELL),
                       method, g_variant_new ("(s)", argument), error);
}

int ctl_cmd_launch (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_str_has_suffix (ctl->argument, ".desktop")
                          ? g_strdup (ctl->argument)
                          : g_strconcat (ctl->argument, ".desktop", NULL);
  g_autofree char *what = g_strdup_printf (_ ("cannot launch '%s'"), id);
  g_autoptr (GVariant) reply = NULL;

  if (!g_utf8_validate (id, -1, NULL)) {
    ctl_complain (_ ("a desktop id is UTF-8 text"));
    return CTL_USAGE;
  }
  reply = call_shell (ctl, "Launch", id, &error);
  if (reply != NULL)
    return CTL_OK;
  if (ctl_bus_is_missing (error)) {
    ctl_complain (_ ("there is no application '%s': its desktop file would be in an 'applications' "
                     "folder of XDG_DATA_DIRS"),
                  id);
    return CTL_NO_OBJECT;
  }
  return ctl_bus_fail (ctl, CTL_SHELL, error, what);
}

int ctl_cmd_toggle (struct ctl *ctl)
{
  static const char *const overlays[] = {"clipboard", "launcher",  "notifications", "power",
                                         "quick",     "shortcuts", "tray",          NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *what = g_strdup_printf (_ ("cannot toggle '%s'"), ctl->argument);
  g_autoptr (GVariant) reply = NULL;

  if (!g_strv_contains (overlays, ctl->argument)) {
    ctl_complain (_ ("'%s' cannot be toggled, only 'clipboard', 'launcher', 'notifications', "
                     "'power', 'quick', 'shortcuts' and 'tray' can"),
                  ctl->argument);
    return CTL_USAGE;
  }
  reply = call_shell (ctl, "Toggle", ctl->argument, &error);
  return reply != NULL ? CTL_OK : ctl_bus_fail (ctl, CTL_SHELL, error, what);
}
