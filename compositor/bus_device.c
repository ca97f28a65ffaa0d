#include "bus_device.h"

#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_seat.h>

#include "bus_window.h"
#include "compositor-dbus.h"
#include "device.h"
#include "device_config.h"
#include "keyboard_layout.h"
#include "listener.h"
#include "seat_devices.h"

struct inos_bus_devices {
  struct inos_compositor *compositor;
  GDBusObjectManagerServer *manager;
  GHashTable *objects; /* id → InosDBusCompositor1Device, owned */

  struct wl_listener input_change, config_change;
};

static char *path_of (guint id)
{
  return g_strdup_printf (INOS_BUS_ROOT "/device/%u", id);
}

static void add_setting (const char *key, const char *value, void *data)
{
  g_autofree char *clean = inos_bus_clean (value);
  g_variant_builder_add (data, "{ss}", key, clean);
}

static void fill (InosDBusCompositor1Device *object, struct inos_device *device)
{
  g_autofree char *name = inos_bus_clean (inos_device_name (device));
  struct inos_device_config config = inos_device_config_resolve (
    device->seat->compositor->config.devices, inos_device_kind (device), inos_device_name (device));
  GVariantBuilder settings;
  g_variant_builder_init (&settings, G_VARIANT_TYPE ("a{ss}"));
  inos_device_config_for_each (&config, add_setting, &settings);
  inos_dbus_compositor1_device_set_id (object, device->id);
  inos_dbus_compositor1_device_set_name (object, name);
  inos_dbus_compositor1_device_set_kind (object, inos_device_kind (device));
  inos_dbus_compositor1_device_set_seat (object, device->seat->wlr->name);
  inos_dbus_compositor1_device_set_settings (object, g_variant_builder_end (&settings));
}

static struct inos_device *find (struct inos_bus_devices *devices, guint id)
{
  return inos_device_find (devices->compositor, id);
}

static void update (struct inos_bus_devices *devices);

/* Others may have the same name. */
static void apply (struct inos_device *device)
{
  struct inos_compositor *compositor = device->seat->compositor;
  struct inos_seat *seat;
  inos_seat_devices_settle (compositor);
  wl_list_for_each (seat, &compositor->seats, link) {
    inos_devices_apply (seat);
    if (device->wlr->type == WLR_INPUT_DEVICE_KEYBOARD)
      inos_keyboard_layout_configure_device (seat, inos_device_name (device));
  }
}

static gboolean on_set (InosDBusCompositor1Device *object, GDBusMethodInvocation *invocation,
                        const char *setting, const char *value, void *data)
{
  struct inos_bus_devices *devices = data;
  GError *error = NULL;
  struct inos_device *device = find (devices, inos_dbus_compositor1_device_get_id (object));
  if (!device) {
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT, "the device is gone");
  } else if (!inos_device_config_set (devices->compositor->config.devices,
                                      inos_device_name (device), setting, value, &error)) {
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_ARGS, error->message);
    g_error_free (error);
  } else {
    apply (device);
    update (devices);
    inos_dbus_compositor1_device_complete_set (object, invocation);
  }
  return TRUE;
}

static void add (struct inos_bus_devices *devices, struct inos_device *device)
{
  InosDBusCompositor1Device *object = inos_dbus_compositor1_device_skeleton_new();
  g_autofree char *path = path_of (device->id);
  g_autoptr (GDBusObjectSkeleton) skeleton = g_dbus_object_skeleton_new (path);
  fill (object, device);
  g_signal_connect (object, "handle-set", G_CALLBACK (on_set), devices);
  g_dbus_object_skeleton_add_interface (skeleton, G_DBUS_INTERFACE_SKELETON (object));
  g_dbus_object_manager_server_export (devices->manager, skeleton);
  g_hash_table_insert (devices->objects, GUINT_TO_POINTER (device->id), object);
}

static void update_seat (struct inos_bus_devices *devices, struct inos_seat *seat)
{
  struct inos_device *device;
  wl_list_for_each (device, &seat->devices, link) {
    InosDBusCompositor1Device *object =
      g_hash_table_lookup (devices->objects, GUINT_TO_POINTER (device->id));
    if (object)
      fill (object, device);
    else
      add (devices, device);
  }
}

static void update (struct inos_bus_devices *devices)
{
  GHashTableIter iter;
  void *id;
  g_hash_table_iter_init (&iter, devices->objects);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    g_autofree char *path = path_of (GPOINTER_TO_UINT (id));
    if (find (devices, GPOINTER_TO_UINT (id)))
      continue;
    g_dbus_object_manager_server_unexport (devices->manager, path);
    g_hash_table_iter_remove (&iter);
  }
  struct inos_seat *seat;
  wl_list_for_each (seat, &devices->compositor->seats, link)
    update_seat (devices, seat);
}

static void handle_input_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_devices *devices = wl_container_of (listener, devices, input_change);
  update (devices);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_devices *devices = wl_container_of (listener, devices, config_change);
  update (devices);
}

struct inos_bus_devices *inos_bus_devices_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager)
{
  struct inos_bus_devices *devices = g_new0 (struct inos_bus_devices, 1);
  devices->compositor = compositor;
  devices->manager = manager;
  devices->objects = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  CONNECT_SIGNAL (compositor, devices, input_change);
  CONNECT_SIGNAL (compositor, devices, config_change);
  update (devices);
  return devices;
}

void inos_bus_devices_destroy (struct inos_bus_devices *devices)
{
  DISCONNECT (devices->input_change);
  DISCONNECT (devices->config_change);
  g_hash_table_unref (devices->objects);
  g_free (devices);
}
