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
  InosDesktop *desktop;
  GdkMonitor *monitor;
  InosSurface *wallpaper; /* NULL until the monitor's size is known */
  InosSurface *panel;     /* as above */
} Place;

/* A new monitor has no size yet, and GTK never draws a window that begins on such a one. */
static void on_geometry_changed (GdkMonitor *monitor, GParamSpec *pspec, gpointer data)
{
  Place *place = data;
  InosDesktop *self = place->desktop;
  GdkRectangle geometry;

  gdk_monitor_get_geometry (monitor, &geometry);
  if (place->panel || geometry.width <= 0 || geometry.height <= 0)
    return;
  place->wallpaper =
    inos_surface_create (INOS_SURFACE_WALLPAPER, self->web, monitor, &self->hooks, self->data);
  place->panel =
    inos_surface_create (INOS_SURFACE_PANEL, self->web, monitor, &self->hooks, self->data);
}

static Place *place_create (InosDesktop *self, GdkMonitor *monitor)
{
  Place *place = g_new0 (Place, 1);

  place->desktop = self;
  place->monitor = g_object_ref (monitor);
  g_signal_connect (monitor, "notify::geometry", G_CALLBACK (on_geometry_changed), place);
  on_geometry_changed (monitor, NULL, place);
  return place;
}

static void place_destroy (gpointer data)
{
  Place *place = data;

  g_signal_handlers_disconnect_by_data (place->monitor, place);
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
    InosSurface *surface = kind == INOS_SURFACE_PANEL ? place->panel : place->wallpaper;

    if (surface)
      inos_surface_send (surface, name, json_node_copy (value));
  }
}
