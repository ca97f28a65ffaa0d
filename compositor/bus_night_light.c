#include "bus_night_light.h"

#include "color_temperature.h"
#include "compositor-dbus.h"
#include "listener.h"
#include "night_light.h"

struct inos_bus_night_light {
  struct inos_compositor *compositor;
  InosDBusCompositor1NightLight *object;

  struct wl_listener tint_change;
};

static void fill (struct inos_bus_night_light *bus)
{
  const struct inos_night_light *light = bus->compositor->night_light;
  const struct inos_night_schedule *schedule = &bus->compositor->config.night_light;
  InosDBusCompositor1NightLight *object = bus->object;
  int temperature = inos_night_light_temperature (light);
  int day = schedule->enabled ? schedule->day : INOS_TEMPERATURE_NEUTRAL;
  inos_dbus_compositor1_night_light_set_enabled (object, schedule->enabled);
  inos_dbus_compositor1_night_light_set_active (object, temperature != day);
  inos_dbus_compositor1_night_light_set_temperature (object, (guint)temperature);
  inos_dbus_compositor1_night_light_set_schedule (object, schedule->by_sun ? "sun" : "times");
  inos_dbus_compositor1_night_light_set_next_change (object, inos_night_light_next (light));
}

static void handle_tint_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_night_light *bus = wl_container_of (listener, bus, tint_change);
  fill (bus);
}

static gboolean on_set_enabled (InosDBusCompositor1NightLight *object,
                                GDBusMethodInvocation *invocation, gboolean on, void *data)
{
  struct inos_bus_night_light *bus = data;
  inos_night_light_set_enabled (bus->compositor->night_light, on);
  inos_dbus_compositor1_night_light_complete_set_enabled (object, invocation);
  return TRUE;
}

static gboolean on_set_temporarily (InosDBusCompositor1NightLight *object,
                                    GDBusMethodInvocation *invocation, guint kelvin, guint seconds,
                                    void *data)
{
  struct inos_bus_night_light *bus = data;
  if (inos_night_light_preview (bus->compositor->night_light, kelvin, seconds))
    inos_dbus_compositor1_night_light_complete_set_temporarily (object, invocation);
  else
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "%u K for %u s cannot be: a temperature is %d to %d K, or 0 to end it, for 1 to %d s", kelvin,
      seconds, INOS_TEMPERATURE_LEAST, INOS_TEMPERATURE_MOST, INOS_NIGHT_PREVIEW_MOST);
  return TRUE;
}

struct inos_bus_night_light *inos_bus_night_light_create (struct inos_compositor *compositor,
                                                          GDBusConnection *connection,
                                                          const char *path)
{
  struct inos_bus_night_light *bus = g_new0 (struct inos_bus_night_light, 1);
  bus->compositor = compositor;
  bus->object = inos_dbus_compositor1_night_light_skeleton_new();
  fill (bus);
  CONNECT_SIGNAL (compositor, bus, tint_change);
  g_signal_connect (bus->object, "handle-set-enabled", G_CALLBACK (on_set_enabled), bus);
  g_signal_connect (bus->object, "handle-set-temporarily", G_CALLBACK (on_set_temporarily), bus);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (bus->object), connection, path,
                                    NULL);
  return bus;
}

void inos_bus_night_light_destroy (struct inos_bus_night_light *bus)
{
  DISCONNECT (bus->tint_change);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (bus->object));
  g_object_unref (bus->object);
  g_free (bus);
}
