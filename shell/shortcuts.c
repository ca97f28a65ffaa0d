/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shortcuts.h"

#include "commands.h"

#include <glib/gi18n.h>

#define MAX_BINDINGS 1000
#define TIMEOUT_MS 3000

static JsonNode *describe (GVariant *bindings)
{
  gsize count = MIN (g_variant_n_children (bindings), MAX_BINDINGS);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new();

  for (gsize i = 0; i < count; i++) {
    const char *mode, *combination, *action;
    JsonArray *row = json_array_new();

    g_variant_get_child (bindings, i, "(&s&s&s)", &mode, &combination, &action);
    json_array_add_string_element (row, mode);
    json_array_add_string_element (row, combination);
    json_array_add_string_element (row, action);
    json_array_add_array_element (array, row);
  }
  json_node_take_array (node, array);
  return node;
}

static void on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) bindings = NULL;
  InosReply *reply = data;

  if (answer)
    g_variant_get (answer, "(v)", &bindings);
  if (bindings && g_variant_is_of_type (bindings, G_VARIANT_TYPE ("a(sss)")))
    inos_reply_ok (reply, describe (bindings));
  else
    inos_reply_fail (reply, "%s", _ ("The compositor does not answer."));
}

void inos_shortcuts_run_list (gpointer context, JsonObject *args, InosReply *reply)
{
  InosApplication *application = ((const InosCommandContext *)context)->application;
  GDBusProxy *proxy = inos_bus_client_get_proxy (inos_application_get_compositor (application));

  if (!proxy) {
    inos_reply_fail (reply, "%s", _ ("The compositor does not answer."));
    return;
  }
  g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), "org.inos.Compositor1",
                          "/org/inos/Compositor1", "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", "org.inos.Compositor1.Input", "Bindings"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL,
                          on_answer, reply);
}
