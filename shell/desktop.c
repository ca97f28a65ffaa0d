/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desktop.h"

struct InosDesktop {
  InosWeb *web;
  InosSurfaceHooks hooks;
  gpointer data;
  GListModel *monitors; /* GdkMonitor */
  GPtrArray *places;    /* Place */
};

typedef struct {
  GdkMonitor *monitor;
  InosSurface *wallpaper;
  InosSurface *panel;
} Place;

static Place *place_create (InosDesktop *self, GdkMonitor *monitor)
{
  Place *place = g_new0 (Place, 1);

  place->monitor = g_object_ref (monitor);
  place->wallpaper =
    inos_surface_create (INOS_SURFACE_WALLPAPER, self->web, monitor, &self->hooks, self->data);
  place->panel =
    inos_surface_create (INOS_SURFACE_PANEL, self->web, monitor, &self->hooks, self->data);
  return place;
}

static void place_destroy (gpointer data)
{
  Place *place = data;

  inos_surface_destroy (place->panel);
  inos_surface_destroy (place->wallpaper);
  g_object_unref (place->monitor);
  g_free (place);
}

static gboolean is_listed (InosDesktop *self, GdkMonitor *monitor)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->monitors); i++) {
    g_autoptr (GdkMonitor) other = g_list_model_get_item (self->monitors, i);

    if (other == monitor)
      return TRUE;
  }
  return FALSE;
}

static gboolean has_place (InosDesktop *self, GdkMonitor *monitor)
{
  for (guint i = 0; i < self->places->len; i++) {
    if (((Place *)g_ptr_array_index (self->places, i))->monitor == monitor)
      return TRUE;
  }
  return FALSE;
}

static void on_monitors_changed (GListModel *monitors, guint position, guint removed, guint added,
                                 gpointer data)
{
  InosDesktop *self = data;

  for (guint i = self->places->len; i > 0; i--) {
    Place *place = g_ptr_array_index (self->places, i - 1);

    if (!is_listed (self, place->monitor))
      g_ptr_array_remove_index (self->places, i - 1);
  }
  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);

    if (gdk_monitor_is_valid (monitor) && !has_place (self, monitor))
      g_ptr_array_add (self->places, place_create (self, monitor));
  }
}

InosDesktop *inos_desktop_create (InosWeb *web, const InosSurfaceHooks *hooks, gpointer data)
{
  InosDesktop *self = g_new0 (InosDesktop, 1);

  self->web = web;
  self->hooks = *hooks;
  self->data = data;
  self->places = g_ptr_array_new_with_free_func (place_destroy);
  self->monitors = gdk_display_get_monitors (gdk_display_get_default());
  g_signal_connect (self->monitors, "items-changed", G_CALLBACK (on_monitors_changed), self);
  on_monitors_changed (self->monitors, 0, 0, 0, self);
  return self;
}

void inos_desktop_destroy (InosDesktop *self)
{
  if (!self)
    return;
  g_signal_handlers_disconnect_by_data (self->monitors, self);
  g_ptr_array_unref (self->places);
  g_free (self);
}

guint inos_desktop_get_n_monitors (InosDesktop *self)
{
  return self->places->len;
}

void inos_desktop_send (InosDesktop *self, InosSurfaceKind kind, const char *name, JsonNode *value)
{
  for (guint i = 0; i < self->places->len; i++) {
    Place *place = g_ptr_array_index (self->places, i);

    inos_surface_send (kind == INOS_SURFACE_PANEL ? place->panel : place->wallpaper, name,
                       json_node_copy (value));
  }
}
