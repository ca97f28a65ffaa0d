#include "bus.h"

#include <wlr/types/wlr_output.h>

#include "bus_access.h"
#include "bus_capture.h"
#include "bus_config.h"
#include "bus_device.h"
#include "bus_idle.h"
#include "bus_input.h"
#include "bus_night_light.h"
#include "bus_output.h"
#include "bus_overview.h"
#include "bus_profile.h"
#include "bus_roll.h"
#include "bus_window.h"
#include "compositor-dbus.h"
#include "idle.h"
#include "inos-config.h"
#include "listener.h"
#include "lock.h"
#include "output.h"
#include "seat.h"
#include "tiles.h"
#include "view.h"
#include "workspace.h"

#define ROOT INOS_BUS_ROOT

enum { MAX_VIRTUAL_OUTPUTS = 16 };

struct inos_bus {
  struct inos_compositor *compositor;
  GDBusObjectManagerServer *manager;
  InosDBusCompositor1 *object;
  struct inos_bus_input *input;
  struct inos_bus_idle *idle;
  struct inos_bus_config *config;
  struct inos_bus_access *access;
  struct inos_bus_capture *capture;
  struct inos_bus_profiles *profiles;
  struct inos_bus_overview *overview;
  struct inos_bus_roll *roll;
  struct inos_bus_night_light *night_light;
  struct inos_bus_devices *devices;
  struct inos_bus_windows *windows;
  struct inos_bus_outputs *outputs;

  struct wl_listener view_change, focus_change, workspace_change;
  struct wl_listener lock_change, idle_change, action;
};

static void fill_focus (struct inos_bus *bus)
{
  struct inos_view *view = inos_view_focused (bus->compositor);
  g_autofree char *path = view ? inos_bus_window_path (view->id) : g_strdup ("/");
  g_autofree char *title = inos_bus_clean (view ? inos_view_title (view) : "");
  inos_dbus_compositor1_set_focused_window (bus->object, path);
  inos_dbus_compositor1_set_focused_title (bus->object, title);
}

static void fill_workspaces (struct inos_bus *bus)
{
  struct inos_compositor *compositor = bus->compositor;
  g_autoptr (GPtrArray) names = g_ptr_array_new(), layouts = g_ptr_array_new();
  GVariantBuilder counts;
  g_variant_builder_init (&counts, G_VARIANT_TYPE ("au"));
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, i);
    g_ptr_array_add (names, workspace->name);
    g_ptr_array_add (layouts, (char *)inos_layout_name (workspace->layout));
    g_variant_builder_add (&counts, "u", inos_workspace_count (compositor, i));
  }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (layouts, NULL);
  inos_dbus_compositor1_set_workspace_layouts (bus->object, (const char *const *)layouts->pdata);
  inos_dbus_compositor1_set_workspaces (bus->object, (const char *const *)names->pdata);
  inos_dbus_compositor1_set_active_workspace (bus->object, compositor->active_workspace);
  inos_dbus_compositor1_set_workspace_windows (bus->object, g_variant_builder_end (&counts));
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, view_change);
  fill_focus (bus);
}

static void handle_focus_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, focus_change);
  fill_focus (bus);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, workspace_change);
  fill_workspaces (bus);
}

static void add_inhibitor (struct inos_view *view, bool shown, void *data)
{
  g_autofree char *app_id = inos_bus_clean (view ? inos_view_app_id (view) : "");
  g_variant_builder_add (data, "(usb)", view ? view->id : 0, app_id, shown);
}

static void fill_state (struct inos_bus *bus)
{
  GVariantBuilder inhibitors;
  g_variant_builder_init (&inhibitors, G_VARIANT_TYPE ("a(usb)"));
  inos_idle_for_each (bus->compositor, add_inhibitor, &inhibitors);
  inos_dbus_compositor1_set_idle_inhibitors (bus->object, g_variant_builder_end (&inhibitors));
  inos_dbus_compositor1_set_locked (bus->object, bus->compositor->locked);
  inos_dbus_compositor1_set_idle_inhibited (bus->object, inos_idle_inhibited (bus->compositor));
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, lock_change);
  fill_state (bus);
}

static void handle_idle_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, idle_change);
  fill_state (bus);
}

static void handle_action (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, action);
  inos_dbus_compositor1_emit_action (bus->object, data);
}

/* Returns false, and answers, where there is no such workspace. */
static bool has_workspace (struct inos_bus *bus, GDBusMethodInvocation *invocation, guint index)
{
  bool has = index < bus->compositor->workspaces->len;
  if (!has)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "there is no workspace %u: the last one is %u", index,
                                           bus->compositor->workspaces->len - 1);
  return has;
}

static gboolean on_set_workspace_layout (InosDBusCompositor1 *object,
                                         GDBusMethodInvocation *invocation, guint index,
                                         const char *name, void *data)
{
  struct inos_bus *bus = data;
  enum inos_layout layout = inos_layout_from_name (name);
  if (!has_workspace (bus, invocation, index))
    return TRUE;
  if (layout == INOS_LAYOUT_COUNT) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "a layout is floating, dwindle or scroll");
    return TRUE;
  }
  inos_tiles_set_layout (bus->compositor, index, layout);
  inos_dbus_compositor1_complete_set_workspace_layout (object, invocation);
  return TRUE;
}

static gboolean on_rename_workspace (InosDBusCompositor1 *object, GDBusMethodInvocation *invocation,
                                     guint index, const char *name, void *data)
{
  struct inos_bus *bus = data;
  if (!has_workspace (bus, invocation, index))
    return TRUE;
  if (!inos_workspace_rename (bus->compositor, index, name)) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "a name has at most 64 bytes");
    return TRUE;
  }
  inos_dbus_compositor1_complete_rename_workspace (object, invocation);
  return TRUE;
}

static gboolean on_move_workspace (InosDBusCompositor1 *object, GDBusMethodInvocation *invocation,
                                   guint index, guint to, void *data)
{
  struct inos_bus *bus = data;
  if (!has_workspace (bus, invocation, index) || !has_workspace (bus, invocation, to))
    return TRUE;
  inos_workspace_move (bus->compositor, index, to);
  inos_dbus_compositor1_complete_move_workspace (object, invocation);
  return TRUE;
}

static gboolean on_move_workspace_to_output (InosDBusCompositor1 *object,
                                             GDBusMethodInvocation *invocation, guint index,
                                             const char *name, void *data)
{
  struct inos_bus *bus = data;
  struct inos_output *output, *found = NULL;
  if (!has_workspace (bus, invocation, index))
    return TRUE;
  wl_list_for_each (output, &bus->compositor->outputs, link) {
    if (g_str_equal (output->wlr->name, name))
      found = output;
  }
  if (!found)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "there is no output '%s'", name);
  else if (!inos_workspace_show_on (bus->compositor, index, found))
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
      "all outputs show the same workspace: set [workspaces] per-output to true");
  else
    inos_dbus_compositor1_complete_move_workspace_to_output (object, invocation);
  return TRUE;
}

static gboolean on_simulate_activity (InosDBusCompositor1 *object,
                                      GDBusMethodInvocation *invocation, void *data)
{
  struct inos_bus *bus = data;
  inos_idle_activity (bus->compositor->seat);
  inos_dbus_compositor1_complete_simulate_activity (object, invocation);
  return TRUE;
}

static gboolean on_lock (InosDBusCompositor1 *object, GDBusMethodInvocation *invocation, void *data)
{
  struct inos_bus *bus = data;
  GError *error = NULL;
  if (inos_lock_now (bus->compositor, &error))
    inos_dbus_compositor1_complete_lock (object, invocation);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   error->message);
  g_clear_error (&error);
  return TRUE;
}

static gboolean on_switch_workspace (InosDBusCompositor1 *object, GDBusMethodInvocation *invocation,
                                     guint index, void *data)
{
  struct inos_bus *bus = data;
  if (!has_workspace (bus, invocation, index))
    return TRUE;
  inos_workspace_switch (bus->compositor, index);
  inos_dbus_compositor1_complete_switch_workspace (object, invocation);
  return TRUE;
}

static gboolean on_add_virtual_output (InosDBusCompositor1 *object,
                                       GDBusMethodInvocation *invocation, int width, int height,
                                       void *data)
{
  struct inos_bus *bus = data;
  if (inos_bus_outputs_count (bus->outputs) >= MAX_VIRTUAL_OUTPUTS) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                                           "there are %d outputs already", MAX_VIRTUAL_OUTPUTS);
    return TRUE;
  }
  struct inos_output *output = inos_output_add_virtual (bus->compositor, width, height);
  if (!output) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "an output of %dx%d cannot be made: each side is 1 to 16384 pixels", width, height);
    return TRUE;
  }
  g_autofree char *path = inos_bus_output_path (output->wlr->name);
  inos_dbus_compositor1_complete_add_virtual_output (object, invocation, path);
  return TRUE;
}

static gboolean on_remove_virtual_output (InosDBusCompositor1 *object,
                                          GDBusMethodInvocation *invocation, const char *path,
                                          void *data)
{
  struct inos_bus *bus = data;
  struct inos_output *output;
  wl_list_for_each (output, &bus->compositor->outputs, link) {
    g_autofree char *this = inos_bus_output_path (output->wlr->name);
    if (!output->virtual_output || !g_str_equal (this, path))
      continue;
    wlr_output_destroy (output->wlr);
    inos_dbus_compositor1_complete_remove_virtual_output (object, invocation);
    return TRUE;
  }
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
                                         "there is no virtual output %s", path);
  return TRUE;
}

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  {"handle-switch-workspace", G_CALLBACK (on_switch_workspace)},
  {"handle-set-workspace-layout", G_CALLBACK (on_set_workspace_layout)},
  {"handle-rename-workspace", G_CALLBACK (on_rename_workspace)},
  {"handle-move-workspace", G_CALLBACK (on_move_workspace)},
  {"handle-move-workspace-to-output", G_CALLBACK (on_move_workspace_to_output)},
  {"handle-simulate-activity", G_CALLBACK (on_simulate_activity)},
  {"handle-lock", G_CALLBACK (on_lock)},
  {"handle-add-virtual-output", G_CALLBACK (on_add_virtual_output)},
  {"handle-remove-virtual-output", G_CALLBACK (on_remove_virtual_output)},
};

static void connect_signals (struct inos_bus *bus)
{
  struct inos_compositor *compositor = bus->compositor;
  CONNECT_SIGNAL (compositor, bus, view_change);
  CONNECT_SIGNAL (compositor, bus, lock_change);
  CONNECT_SIGNAL (compositor, bus, idle_change);
  CONNECT_SIGNAL (compositor, bus, focus_change);
  CONNECT_SIGNAL (compositor, bus, workspace_change);
  CONNECT_SIGNAL (compositor, bus, action);
  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (bus->object, methods[i].signal, methods[i].callback, bus);
}

struct inos_bus *inos_bus_create (struct inos_compositor *compositor, GDBusConnection *connection)
{
  struct inos_bus *bus = g_new0 (struct inos_bus, 1);
  bus->compositor = compositor;
  bus->object = inos_dbus_compositor1_skeleton_new();
  inos_dbus_compositor1_set_version (bus->object, INOS_VERSION);
  fill_focus (bus);
  fill_workspaces (bus);
  fill_state (bus);
  connect_signals (bus);
  bus->input = inos_bus_input_create (compositor, connection, ROOT);
  bus->idle = inos_bus_idle_create (compositor, connection, ROOT);
  bus->config = inos_bus_config_create (compositor, connection, ROOT);
  bus->access = inos_bus_access_create (compositor, connection, ROOT);
  bus->capture = inos_bus_capture_create (compositor, connection, ROOT);
  bus->profiles = inos_bus_profiles_create (compositor, connection, ROOT);
  bus->overview = inos_bus_overview_create (compositor, connection, ROOT);
  bus->roll = inos_bus_roll_create (compositor, connection, ROOT);
  bus->night_light = inos_bus_night_light_create (compositor, connection, ROOT);
  bus->manager = g_dbus_object_manager_server_new (ROOT);
  bus->windows = inos_bus_windows_create (compositor, bus->manager);
  bus->outputs = inos_bus_outputs_create (compositor, bus->manager);
  bus->devices = inos_bus_devices_create (compositor, bus->manager);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (bus->object), connection, ROOT,
                                    NULL);
  g_dbus_object_manager_server_set_connection (bus->manager, connection);
  return bus;
}

void inos_bus_destroy (struct inos_bus *bus)
{
  if (!bus)
    return;
  inos_bus_input_destroy (bus->input);
  inos_bus_idle_destroy (bus->idle);
  inos_bus_config_destroy (bus->config);
  inos_bus_access_destroy (bus->access);
  inos_bus_capture_destroy (bus->capture);
  inos_bus_profiles_destroy (bus->profiles);
  inos_bus_overview_destroy (bus->overview);
  inos_bus_roll_destroy (bus->roll);
  inos_bus_night_light_destroy (bus->night_light);
  DISCONNECT (bus->view_change);
  DISCONNECT (bus->lock_change);
  DISCONNECT (bus->idle_change);
  DISCONNECT (bus->focus_change);
  DISCONNECT (bus->workspace_change);
  DISCONNECT (bus->action);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (bus->object));
  g_dbus_object_manager_server_set_connection (bus->manager, NULL);
  inos_bus_windows_destroy (bus->windows);
  inos_bus_outputs_destroy (bus->outputs);
  inos_bus_devices_destroy (bus->devices);
  g_object_unref (bus->object);
  g_object_unref (bus->manager);
  g_free (bus);
}
