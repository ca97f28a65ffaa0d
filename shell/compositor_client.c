/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compositor_client.h"

#include <glib/gi18n.h>

static void add_workspaces (GDBusProxy *proxy, JsonObject *object)
{
  g_autoptr (GVariant) names = inos_bus_get_variant (proxy, "Workspaces", "as");
  g_autoptr (GVariant) windows = inos_bus_get_variant (proxy, "WorkspaceWindows", "au");
  gsize n_names = names ? g_variant_n_children (names) : 0;
  gsize n_windows = windows ? g_variant_n_children (windows) : 0;
  JsonArray *array = json_array_new();

  for (gsize i = 0; i < n_names; i++) {
    JsonObject *workspace = json_object_new();
    const char *name;
    guint count = 0;

    g_variant_get_child (names, i, "&s", &name);
    if (i < n_windows)
      g_variant_get_child (windows, i, "u", &count);
    json_object_set_string_member (workspace, "name", name);
    json_object_set_int_member (workspace, "windows", count);
    json_array_add_object_element (array, workspace);
  }
  json_object_set_array_member (object, "workspaces", array);
}

/* The window that has the keyboard. */
static void add_focused (GDBusProxy *proxy, JsonObject *state)
{
  g_autoptr (GVariant) path = inos_bus_get_variant (proxy, "FocusedWindow", "o");

  json_object_set_string_member (state, "focused", path ? g_variant_get_string (path, NULL) : "/");
}

static void describe (GDBusProxy *proxy, JsonObject *state)
{
  json_object_set_boolean_member (state, "present", proxy != NULL);
  if (!proxy)
    return;
  inos_bus_add_string (proxy, "FocusedTitle", state, "title");
  json_object_set_int_member (state, "active", inos_bus_get_uint (proxy, "ActiveWorkspace"));
  json_object_set_boolean_member (state, "locked", inos_bus_get_boolean (proxy, "Locked"));
  add_focused (proxy, state);
  add_workspaces (proxy, state);
}

InosBusClient *inos_compositor_client_create (GDBusConnection *bus,
                                              const InosCompositorHooks *hooks, gpointer data)
{
  static const InosBusAddress address = {"org.inos.Compositor1", "/org/inos/Compositor1",
                                         "org.inos.Compositor1"};
  const InosBusHooks bus_hooks = {
    .describe = describe, .changed = hooks->changed, .action = hooks->action};

  return inos_bus_client_create (bus, &address, &bus_hooks, data);
}

void inos_compositor_client_lock (InosBusClient *self, InosReply *reply)
{
  inos_bus_client_ask (self, "Lock", NULL, _ ("The compositor does not answer."),
                       _ ("The session is not locked: %s"), reply);
}

void inos_compositor_client_switch_workspace (InosBusClient *self, guint index, InosReply *reply)
{
  inos_bus_client_ask (self, "SwitchWorkspace", g_variant_new ("(u)", index),
                       _ ("The compositor does not answer."),
                       _ ("The workspace could not be shown: %s"), reply);
}

void inos_compositor_client_run (InosBusClient *self, const char *action, InosReply *reply)
{
  inos_bus_client_ask (self, "RunAction", g_variant_new ("(s)", action),
                       _ ("The compositor does not answer."), "%s", reply);
}

static void on_typed (GObject *source, GAsyncResult *result, gpointer data)
{
  InosReply *reply = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *typed;

  if (!answer) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  g_variant_get (answer, "(&s)", &typed);
  inos_reply_ok (reply, json_node_init_string (json_node_alloc(), typed));
}

void inos_compositor_client_take_typed (InosBusClient *self, InosReply *reply)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (self);

  if (!proxy) {
    inos_reply_fail (reply, "%s", _ ("The compositor does not answer."));
    return;
  }
  g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), g_dbus_proxy_get_name (proxy),
                          g_dbus_proxy_get_object_path (proxy), "org.inos.Compositor1.Overview",
                          "TakeTyped", NULL, G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, on_typed, reply);
}
