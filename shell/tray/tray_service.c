/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "tray_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"

#define PATH "/org/inos/Shell1"

struct InosTrayService {
  InosTray *tray;
  InosDBusShell1Tray *object;
};

static gboolean on_list (InosDBusShell1Tray *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  InosTrayService *self = data;
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(usssb)"));

  for (guint i = 0; i < inos_tray_get_n_items (self->tray); i++) {
    const InosTrayItem *item = inos_tray_get_item (self->tray, i);

    if (inos_tray_item_is_known (item))
      g_variant_builder_add (&builder, "(usssb)", inos_tray_item_get_id (item),
                             inos_tray_item_get_title (item), inos_tray_item_get_tooltip (item),
                             inos_tray_status_name (inos_tray_item_get_status (item)),
                             inos_tray_item_get_menu (item) != NULL);
  }
  inos_dbus_shell1_tray_complete_list (object, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean is_there (InosTray *tray, guint id)
{
  for (guint i = 0; i < inos_tray_get_n_items (tray); i++) {
    if (inos_tray_item_get_id (inos_tray_get_item (tray, i)) == id)
      return TRUE;
  }
  return FALSE;
}

static gboolean on_do (InosDBusShell1Tray *object, GDBusMethodInvocation *invocation, guint item,
                       const char *what, gpointer data)
{
  InosTrayService *self = data;

  if (is_there (self->tray, item))
    inos_tray_do (self->tray, item, what, inos_exported_reply (invocation));
  else
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                           "there is no item %u on the panel", item);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

InosTrayService *inos_tray_service_create (GDBusConnection *bus, InosTray *tray)
{
  InosTrayService *self = g_new0 (InosTrayService, 1);

  self->tray = tray;
  self->object = inos_dbus_shell1_tray_skeleton_new();
  g_signal_connect (self->object, "handle-list", G_CALLBACK (on_list), self);
  g_signal_connect (self->object, "handle-do", G_CALLBACK (on_do), self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_tray_service_destroy (InosTrayService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}
