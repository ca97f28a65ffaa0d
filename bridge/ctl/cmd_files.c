/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl files. */
#include "bus.h"

#include <glib/gi18n.h>

#define NAME "org.inos.Files"
#define PATH "/org/inos/Files"
#define APPLICATION "org.freedesktop.Application"
/* The bus starts it where it does not run. */
#define PATIENCE_MS 20000

static GVariant *open_arguments (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);
  GVariantBuilder uris;

  g_variant_builder_init (&uris, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add (&uris, "s", uri);
  return g_variant_new ("(asa{sv})", &uris, NULL);
}

int ctl_cmd_files (struct ctl *ctl)
{
  const char *name = ctl->arguments ? ctl->arguments[0] : NULL;
  g_autoptr (GFile) file = name ? g_file_new_for_commandline_arg (name) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  if (name && ctl->arguments[1]) {
    ctl_complain (_ ("one folder is shown at a time"));
    return CTL_USAGE;
  }
  if (file && !g_file_query_exists (file, NULL)) {
    g_autofree char *shown = g_filename_display_name (name);

    ctl_complain (_ ("there is no folder '%s'"), shown);
    return CTL_NO_OBJECT;
  }
  if (ctl_bus_connect (ctl, &error))
    reply =
      g_dbus_connection_call_sync (ctl->bus, NAME, PATH, APPLICATION, file ? "Open" : "Activate",
                                   file ? open_arguments (file) : g_variant_new ("(a{sv})", NULL),
                                   NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE_MS, NULL, &error);
  if (reply)
    return CTL_OK;
  g_dbus_error_strip_remote_error (error);
  ctl_complain (_ ("Files does not open: %s"), error->message);
  return CTL_NO_SERVICE;
}
