/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl logout, inosctl restart. */
#include "bus.h"
#include "props.h"

#include <glib/gi18n.h>
#include <string.h>

int ctl_cmd_logout (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_bus_call (ctl, CTL_SESSION, ctl_service_path (CTL_SESSION), ctl_service_name (CTL_SESSION),
                  "Logout", NULL, &error);

  /* A session that ends at once may take the bus along before its answer. */
  if (reply == NULL && !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return ctl_bus_fail (ctl, CTL_SESSION, error, _ ("cannot end the session"));
  return CTL_OK;
}

/* The session's components as "a, b, c" in known; true where name is one of them. */
static bool knows_component (GVariant *properties, const char *name, char **known)
{
  g_autoptr (GVariant) components = props_value (properties, "Components", "a(ssuu)");
  GString *list = g_string_new (NULL);
  GVariantIter iter;
  const char *component;
  bool found = false;

  g_variant_iter_init (&iter, components);
  while (g_variant_iter_next (&iter, "(&s&suu)", &component, NULL, NULL, NULL)) {
    found |= strcmp (component, name) == 0;
    g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", component);
  }
  *known = g_string_free (list, FALSE);
  return found;
}

int ctl_cmd_restart (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *what = g_strdup_printf (_ ("cannot restart '%s'"), ctl->argument);
  g_autofree char *known = NULL;
  g_autoptr (GVariant) properties = ctl_bus_properties (ctl, CTL_SESSION, &error);
  g_autoptr (GVariant) reply = NULL;

  if (properties == NULL)
    return ctl_bus_fail (ctl, CTL_SESSION, error, what);
  if (!knows_component (properties, ctl->argument, &known)) {
    ctl_complain (_ ("the session has no component '%s'; it has: %s"), ctl->argument, known);
    return CTL_NO_OBJECT;
  }
  reply =
    ctl_bus_call (ctl, CTL_SESSION, ctl_service_path (CTL_SESSION), ctl_service_name (CTL_SESSION),
                  "Restart", g_variant_new ("(s)", ctl->argument), &error);
  return reply != NULL ? CTL_OK : ctl_bus_fail (ctl, CTL_SESSION, error, what);
}
