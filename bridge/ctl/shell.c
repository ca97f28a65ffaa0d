/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell.h"

#include "bus.h"
#include "mesh.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"

int ctl_shell_do (struct ctl *ctl, const char *interface, const char *method, GVariant *parameters,
                  const char *type, const char *what)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_bus_ask_shell (ctl, interface, method, parameters, type, what, &status);

  return status;
}

int ctl_shell_set (struct ctl *ctl, const char *interface, const char *property, GVariant *value,
                   const char *what)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_bus_ask_shell (ctl, PROPERTIES, "Set", g_variant_new ("(ssv)", interface, property, value),
                       "()", what, &status);

  return status;
}

GVariant *ctl_shell_get (struct ctl *ctl, const char *interface, const char *property,
                         const char *type, const char *what, int *status)
{
  g_autoptr (GVariant) reply = ctl_bus_ask_shell (
    ctl, PROPERTIES, "Get", g_variant_new ("(ss)", interface, property), "(v)", what, status);
  g_autoptr (GVariant) value = NULL;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(v)", &value);
  return ctl_bus_of_type (g_steal_pointer (&value), type, what, status);
}

GVariant *ctl_shell_get_all (struct ctl *ctl, const char *interface, const char *what, int *status)
{
  g_autoptr (GVariant) reply = ctl_bus_ask_shell (
    ctl, PROPERTIES, "GetAll", g_variant_new ("(s)", interface), "(a{sv})", what, status);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

int ctl_shell_list (struct ctl *ctl, const char *interface, const struct ctl_mesh_list *list,
                    const char *what)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_bus_ask_shell (ctl, interface, "List", NULL, list->type, what, &status);

  if (reply != NULL)
    ctl_mesh_show (ctl, list, reply, NULL);
  return status;
}
