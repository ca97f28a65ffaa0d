#include "bus_access.h"

#include "compositor-dbus.h"
#include "cursor_image.h"
#include "lens.h"
#include "listener.h"

struct inos_bus_access {
  struct inos_compositor *compositor;
  InosDBusCompositor1Accessibility *object;

  struct wl_listener access_change, config_change;
};

static void on_set (GObject *object, GParamSpec *property, void *data);

/* Only what differs is set: each setting is announced, later to on_set too. */
static void fill (struct inos_bus_access *access)
{
  const struct inos_config *config = &access->compositor->config;
  InosDBusCompositor1Accessibility *object = access->object;
  g_signal_handlers_block_by_func (object, on_set, access);
  if (inos_dbus_compositor1_accessibility_get_magnifier (object) != (guint)config->magnifier)
    inos_dbus_compositor1_accessibility_set_magnifier (object, (guint)config->magnifier);
  if (inos_dbus_compositor1_accessibility_get_invert_colours (object) != config->invert_colours)
    inos_dbus_compositor1_accessibility_set_invert_colours (object, config->invert_colours);
  if (inos_dbus_compositor1_accessibility_get_high_contrast_pointer (object) !=
      config->high_contrast_pointer)
    inos_dbus_compositor1_accessibility_set_high_contrast_pointer (object,
                                                                   config->high_contrast_pointer);
  g_signal_handlers_unblock_by_func (object, on_set, access);
}

/* Somebody set one of the properties. */
static void on_set (GObject *object, GParamSpec *property, void *data)
{
  struct inos_bus_access *access = data;
  struct inos_compositor *compositor = access->compositor;
  guint zoom = inos_dbus_compositor1_accessibility_get_magnifier (access->object);
  bool inverted = inos_dbus_compositor1_accessibility_get_invert_colours (access->object);
  bool contrast = inos_dbus_compositor1_accessibility_get_high_contrast_pointer (access->object);
  inos_lens_set_zoom (compositor, (int)MIN (zoom, (guint)INOS_ZOOM_MOST));
  inos_lens_set_inverted (compositor, inverted);
  inos_cursor_image_set_high_contrast (compositor, contrast);
  fill (access);
}

static void handle_access_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_access *access = wl_container_of (listener, access, access_change);
  fill (access);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_access *access = wl_container_of (listener, access, config_change);
  fill (access);
}

struct inos_bus_access *inos_bus_access_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection, const char *path)
{
  static const char *const signals[] = {"notify::magnifier", "notify::invert-colours",
                                        "notify::high-contrast-pointer"};
  struct inos_bus_access *access = g_new0 (struct inos_bus_access, 1);
  access->compositor = compositor;
  access->object = inos_dbus_compositor1_accessibility_skeleton_new();
  fill (access);
  CONNECT_SIGNAL (compositor, access, access_change);
  CONNECT_SIGNAL (compositor, access, config_change);
  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect (access->object, signals[i], G_CALLBACK (on_set), access);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (access->object), connection, path,
                                    NULL);
  return access;
}

void inos_bus_access_destroy (struct inos_bus_access *access)
{
  if (!access)
    return;
  DISCONNECT (access->access_change);
  DISCONNECT (access->config_change);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (access->object));
  g_object_unref (access->object);
  g_free (access);
}
