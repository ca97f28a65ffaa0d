/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "node_client.h"

#define SAMPLE_INTERVAL_MS 1000

static void add_alerts (GDBusProxy *proxy, JsonObject *object)
{
  g_autoptr (GVariant) alerts = inos_bus_get_variant (proxy, "Alerts", "a(sdds)");
  JsonArray *array = json_array_new();
  GVariantIter iter;
  const char *name, *sentence;
  double value, threshold;

  if (alerts) {
    g_variant_iter_init (&iter, alerts);
    while (g_variant_iter_loop (&iter, "(&sdd&s)", &name, &value, &threshold, &sentence)) {
      JsonObject *alert = json_object_new();

      json_object_set_string_member (alert, "name", name);
      json_object_set_double_member (alert, "value", value);
      json_object_set_double_member (alert, "threshold", threshold);
      json_object_set_string_member (alert, "sentence", sentence);
      json_array_add_object_element (array, alert);
    }
  }
  json_object_set_array_member (object, "alerts", array);
}

static void add_battery (GDBusProxy *proxy, JsonObject *object)
{
  g_autoptr (GVariant) battery = inos_bus_get_variant (proxy, "Battery", "(bdbx)");
  gboolean present = FALSE, charging = FALSE;
  double percent = 0;
  gint64 seconds = -1;
  JsonObject *member;

  if (battery)
    g_variant_get (battery, "(bdbx)", &present, &percent, &charging, &seconds);
  if (!present)
    return;
  member = json_object_new();
  json_object_set_double_member (member, "percent", percent);
  json_object_set_boolean_member (member, "charging", charging);
  json_object_set_int_member (member, "seconds", seconds);
  json_object_set_object_member (object, "battery", member);
}

static void add_figures (GDBusProxy *proxy, JsonObject *object)
{
  g_autoptr (GVariant) sampled = inos_bus_get_variant (proxy, "SampledAt", "x");
  guint64 total = inos_bus_get_uint64 (proxy, "MemoryTotal");
  guint64 available = MIN (inos_bus_get_uint64 (proxy, "MemoryAvailable"), total);
  double memory = total > 0 ? 100.0 * (double)(total - available) / (double)total : 0;

  json_object_set_int_member (object, "sampledAt", sampled ? g_variant_get_int64 (sampled) : 0);
  json_object_set_double_member (object, "cpu",
                                 CLAMP (inos_bus_get_double (proxy, "CpuUsage"), 0, 100));
  json_object_set_double_member (object, "memory", memory);
  json_object_set_int_member (object, "memoryTotal", (gint64)total);
  json_object_set_int_member (object, "memoryUsed", (gint64)(total - available));
}

static void describe (GDBusProxy *proxy, JsonObject *state)
{
  json_object_set_boolean_member (state, "connected",
                                  proxy && inos_bus_get_boolean (proxy, "Connected"));
  if (!proxy)
    return;
  inos_bus_add_string (proxy, "PeerId", state, "peerId");
  inos_bus_add_string (proxy, "HostName", state, "hostName");
  add_figures (proxy, state);
  add_alerts (proxy, state);
  add_battery (proxy, state);
}

static void on_subscribed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) granted = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (!granted)
    g_warning ("the node gives figures only now and then: %s", error->message);
}

static void on_appeared (GDBusProxy *proxy)
{
  g_dbus_proxy_call (proxy, "Subscribe", g_variant_new ("(u)", SAMPLE_INTERVAL_MS),
                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_subscribed, NULL);
}

InosBusClient *inos_node_client_create (GDBusConnection *bus, InosStateFunc changed, gpointer data)
{
  static const InosBusAddress address = {"org.inos.Node1", "/org/inos/Node1", "org.inos.Node1"};
  const InosBusHooks hooks = {.describe = describe, .changed = changed, .appeared = on_appeared};

  return inos_bus_client_create (bus, &address, &hooks, data);
}
