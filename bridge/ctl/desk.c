/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk.h"

GVariant *desk_properties (struct ctl *ctl, const char *part, GError **error)
{
  g_autofree char *interface = g_strconcat (ctl_service_name (CTL_COMPOSITOR), part, NULL);
  g_autoptr (GVariant) reply = ctl_bus_call (ctl, CTL_COMPOSITOR, ctl_service_path (CTL_COMPOSITOR),
                                             "org.freedesktop.DBus.Properties", "GetAll",
                                             g_variant_new ("(s)", interface), error);
  if (reply == NULL)
    return NULL;
  if (g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a{sv})")))
    return g_variant_get_child_value (reply, 0);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the answer has the type %s",
               g_variant_get_type_string (reply));
  return NULL;
}

GVariant *desk_call (struct ctl *ctl, const char *part, const char *method, GVariant *parameters,
                     GError **error)
{
  g_autofree char *interface = g_strconcat (ctl_service_name (CTL_COMPOSITOR), part, NULL);
  return ctl_bus_call (ctl, CTL_COMPOSITOR, ctl_service_path (CTL_COMPOSITOR), interface, method,
                       parameters, error);
}

int desk_fail (struct ctl *ctl, const GError *error, const char *what)
{
  int status = ctl_bus_fail (ctl, CTL_COMPOSITOR, error, what);
  return status == CTL_FAILED && ctl_bus_is_missing (error) ? CTL_NO_OBJECT : status;
}

/* Everything but letters and digits is _ in an object's path. */
char *desk_output_path (const char *name)
{
  g_autofree char *clean = g_strdup (name);
  for (char *c = clean; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c))
      *c = '_';
  return *clean != '\0' ? g_strconcat (ctl_service_path (CTL_COMPOSITOR), "/output/", clean, NULL)
                        : NULL;
}

unsigned desk_count (const struct ctl *ctl)
{
  return ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
}

bool desk_number (const char *text, guint64 least, guint64 most, guint64 *number)
{
  return g_ascii_string_to_unsigned (text, 10, least, most, number, NULL);
}
