/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_manager.h"

#define NAME "org.freedesktop.FileManager1"
#define HOW_KEY "inos-show-how"
/* Of one call; each is a window. */
#define URIS_MOST 8

typedef struct {
  InosApp *app;
  GDBusConnection *bus;
  guint object, name;
} Service;

static const char xml[] = "<node><interface name='" NAME "'>"
                          "<method name='ShowFolders'><arg type='as' direction='in'/>"
                          "<arg type='s' direction='in'/></method>"
                          "<method name='ShowItems'><arg type='as' direction='in'/>"
                          "<arg type='s' direction='in'/></method>"
                          "<method name='ShowItemProperties'><arg type='as' direction='in'/>"
                          "<arg type='s' direction='in'/></method>"
                          "</interface></node>";

InosShowHow inos_file_manager_get_how (GFile *file)
{
  return (InosShowHow)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (file), HOW_KEY));
}

static InosShowHow how_of (const char *method)
{
  if (g_str_equal (method, "ShowItems"))
    return INOS_SHOW_ITEM;
  return g_str_equal (method, "ShowItemProperties") ? INOS_SHOW_ABOUT : INOS_SHOW_FOLDER;
}

static void on_call (GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *method, GVariant *parameters,
                     GDBusMethodInvocation *invocation, gpointer data)
{
  Service *self = data;
  g_autofree const char **uris = NULL;
  gsize length;

  g_variant_get (parameters, "(^a&s&s)", &uris, NULL);
  length = g_strv_length ((char **)uris);
  if (length > URIS_MOST) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                                           "at most %d are shown at a time", URIS_MOST);
    return;
  }
  for (gsize i = 0; i < length; i++) {
    g_autoptr (GFile) file = g_file_new_for_uri (uris[i]);

    g_object_set_data (G_OBJECT (file), HOW_KEY, GINT_TO_POINTER (how_of (method)));
    inos_app_open_window (self->app, file);
  }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

gpointer inos_file_manager_serve (InosApp *app, GDBusConnection *bus)
{
  static const GDBusInterfaceVTable table = {.method_call = on_call};
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr (GError) error = NULL;
  Service *self = g_new0 (Service, 1);

  *self = (Service){.app = app, .bus = g_object_ref (bus)};
  self->object = g_dbus_connection_register_object (
    bus, INOS_FILE_MANAGER_PATH, info->interfaces[0], &table, self, NULL, &error);
  if (!self->object)
    g_warning ("other programs cannot show files: %s", error->message);
  else
    self->name =
      g_bus_own_name_on_connection (bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
  return self;
}

void inos_file_manager_end (gpointer data)
{
  Service *self = data;

  if (self->name)
    g_bus_unown_name (self->name);
  if (self->object)
    g_dbus_connection_unregister_object (self->bus, self->object);
  g_object_unref (self->bus);
  g_free (self);
}
