/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compositor_client.h"

#include <glib/gi18n.h>

struct InosCompositorClient {
  InosBusClient *bus;
  InosCompositorHooks hooks;
  gpointer data;
};

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

static void on_changed (GDBusProxy *proxy, gpointer data)
{
  InosCompositorClient *self = data;
  JsonObject *object = json_object_new();
  JsonNode *state = json_node_new (JSON_NODE_OBJECT);

  json_object_set_boolean_member (object, "present", proxy != NULL);
  if (proxy) {
    inos_bus_add_string (proxy, "FocusedTitle", object, "title");
    json_object_set_int_member (object, "active", inos_bus_get_uint (proxy, "ActiveWorkspace"));
    add_workspaces (proxy, object);
  }
  json_node_take_object (state, object);
  self->hooks.changed (state, self->data);
}

static void on_signalled (const char *signal, GVariant *parameters, gpointer data)
{
  InosCompositorClient *self = data;
  const char *name;

  if (!g_str_equal (signal, "Action") || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (parameters, "(&s)", &name);
  self->hooks.action (name, self->data);
}

InosCompositorClient *inos_compositor_client_create (GDBusConnection *bus,
                                                     const InosCompositorHooks *hooks,
                                                     gpointer data)
{
  static const InosBusAddress address = {"org.inos.Compositor1", "/org/inos/Compositor1",
                                         "org.inos.Compositor1"};
  static const InosBusHooks bus_hooks = {.changed = on_changed, .signalled = on_signalled};
  InosCompositorClient *self = g_new0 (InosCompositorClient, 1);

  self->hooks = *hooks;
  self->data = data;
  self->bus = inos_bus_client_create (bus, &address, &bus_hooks, self);
  return self;
}

void inos_compositor_client_destroy (InosCompositorClient *self)
{
  if (!self)
    return;
  inos_bus_client_destroy (self->bus);
  g_free (self);
}

static void on_switched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (answer)
    inos_reply_ok (data, NULL);
  else
    inos_reply_fail (data, _ ("The workspace could not be shown: %s"), error->message);
}

void inos_compositor_client_switch_workspace (InosCompositorClient *self, guint index,
                                              InosReply *reply)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (self->bus);

  if (!proxy) {
    inos_reply_fail (reply, "%s", _ ("The compositor does not answer."));
    return;
  }
  g_dbus_proxy_call (proxy, "SwitchWorkspace", g_variant_new ("(u)", index), G_DBUS_CALL_FLAGS_NONE,
                     -1, NULL, on_switched, reply);
}
