#include "power.h"

#include <gio/gio.h>

#define NAME "org.freedesktop.UPower.PowerProfiles"
#define PATH "/org/freedesktop/UPower/PowerProfiles"

struct inos_power {
  struct inos_compositor *compositor;
  GCancellable *cancellable;
  GDBusProxy *proxy; /* NULL until the bus has answered */
};

static void update (struct inos_power *power)
{
  g_autoptr (GVariant) profile = g_dbus_proxy_get_cached_property (power->proxy, "ActiveProfile");
  power->compositor->saves_power =
    profile && g_variant_is_of_type (profile, G_VARIANT_TYPE_STRING) &&
    g_str_equal (g_variant_get_string (profile, NULL), "power-saver");
}

static void on_changed (GDBusProxy *proxy, GVariant *changed, char **invalidated, void *data)
{
  update (data);
}

static void on_proxy (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  GDBusProxy *proxy = g_dbus_proxy_new_for_bus_finish (result, &error);
  /* Cancelled: `data` is gone. No system bus: nothing to follow. */
  if (!proxy)
    return;
  struct inos_power *power = data;
  power->proxy = proxy;
  g_signal_connect (proxy, "g-properties-changed", G_CALLBACK (on_changed), power);
  update (power);
}

struct inos_power *inos_power_create (struct inos_compositor *compositor)
{
  struct inos_power *power = g_new0 (struct inos_power, 1);
  power->compositor = compositor;
  power->cancellable = g_cancellable_new();
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SYSTEM, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, NAME,
                            PATH, NAME, power->cancellable, on_proxy, power);
  return power;
}

void inos_power_destroy (struct inos_power *power)
{
  if (!power)
    return;
  g_cancellable_cancel (power->cancellable);
  g_object_unref (power->cancellable);
  if (power->proxy)
    g_signal_handlers_disconnect_by_data (power->proxy, power);
  g_clear_object (&power->proxy);
  g_free (power);
}
