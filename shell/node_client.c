/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "node_client.h"

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

static void describe (GDBusProxy *proxy, JsonObject *state)
{
  json_object_set_boolean_member (state, "connected",
                                  proxy && inos_bus_get_boolean (proxy, "Connected"));
  if (!proxy)
    return;
  inos_bus_add_string (proxy, "PeerId", state, "peerId");
  inos_bus_add_string (proxy, "HostName", state, "hostName");
  add_alerts (proxy, state);
}

InosBusClient *inos_node_client_create (GDBusConnection *bus, InosStateFunc changed, gpointer data)
{
  static const InosBusAddress address = {"org.inos.Node1", "/org/inos/Node1", "org.inos.Node1"};
  const InosBusHooks hooks = {.describe = describe, .changed = changed};

  return inos_bus_client_create (bus, &address, &hooks, data);
}
