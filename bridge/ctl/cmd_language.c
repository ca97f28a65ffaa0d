/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl session language: what programs say from the next log-in. */
#include "bus.h"
#include "kept.h"

#include <glib/gi18n.h>
#include <string.h>

#define LANGUAGE "org.inos.Session1.Language"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define SYSTEM "system" /* as the machine is set */

static GVariant *call (struct ctl *ctl, const char *interface, const char *method,
                       GVariant *arguments, const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = ctl_bus_call (ctl, CTL_SESSION, ctl_service_path (CTL_SESSION), interface,
                                  method, arguments, &error);
  *status = reply != NULL ? CTL_OK : ctl_bus_fail (ctl, CTL_SESSION, error, what);
  return reply;
}

static int show (struct ctl *ctl)
{
  int status;
  const char *messages = "", *formats = "";
  g_autoptr (GVariant) reply = call (ctl, PROPERTIES, "GetAll", g_variant_new ("(s)", LANGUAGE),
                                     _ ("cannot ask for the language of sessions"), &status);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a{sv})")))
    return reply == NULL ? status : CTL_FAILED;
  g_autoptr (GVariant) values = g_variant_get_child_value (reply, 0);
  g_variant_lookup (values, "Messages", "&s", &messages);
  g_variant_lookup (values, "Formats", "&s", &formats);
  if (*messages == '\0')
    messages = SYSTEM;
  g_print ("%s %s\n", messages, *formats != '\0' ? formats : messages);
  return CTL_OK;
}

static const char *locale_of (const char *word)
{
  return strcmp (word, SYSTEM) == 0 ? "" : word;
}

int ctl_session_language (struct ctl *ctl)
{
  char **words = ctl->arguments + 1;
  int status;
  if (words[0] == NULL)
    return show (ctl);
  /* Formats that are as the language has them need no setting of their own. */
  const char *messages = locale_of (words[0]);
  const char *formats = words[1] != NULL ? locale_of (words[1]) : "";
  g_autoptr (GVariant) reply =
    call (ctl, LANGUAGE, "Set", g_variant_new ("(ss)", messages, formats),
          _ ("cannot set the language of sessions"), &status);
  return status;
}
