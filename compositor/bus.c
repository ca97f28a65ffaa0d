#include "bus.h"

#include <wlr/types/wlr_output.h>

#include "bus_input.h"
#include "bus_window.h"
#include "compositor-dbus.h"
#include "inos-config.h"
#include "listener.h"
#include "output.h"
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
  struct inos_bus_windows *windows;
  GHashTable *outputs; /* struct inos_output → InosDBusCompositor1Output, owned */

  struct wl_listener view_change, focus_change, workspace_change;
  struct wl_listener output_add, output_remove, output_change;
  struct wl_listener action;
};

/* "HEADLESS-1" is not an element of an object path: everything but letters and digits is _. */
static char *output_path (const char *name)
{
  char *path = g_strconcat (ROOT "/output/", name, NULL);
  for (char *c = path + strlen (ROOT "/output/"); *c; c++) {
    if (!g_ascii_isalnum (*c))
      *c = '_';
  }
  return path;
}

static void fill_output (InosDBusCompositor1Output *object, struct inos_output *output)
{
  struct wlr_box box = inos_output_box (output);
  g_autofree char *make = inos_bus_clean (output->wlr->make);
  g_autofree char *model = inos_bus_clean (output->wlr->model);
  inos_dbus_compositor1_output_set_name (object, output->wlr->name);
  inos_dbus_compositor1_output_set_make (object, make);
  inos_dbus_compositor1_output_set_model (object, model);
  inos_dbus_compositor1_output_set_width (object, output->wlr->width);
  inos_dbus_compositor1_output_set_height (object, output->wlr->height);
  inos_dbus_compositor1_output_set_refresh (object, output->wlr->refresh);
  inos_dbus_compositor1_output_set_scale (object, output->wlr->scale);
  inos_dbus_compositor1_output_set_x (object, box.x);
  inos_dbus_compositor1_output_set_y (object, box.y);
  inos_dbus_compositor1_output_set_virtual (object, output->virtual_output);
}

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

static void export_object (struct inos_bus *bus, const char *path, GDBusInterfaceSkeleton *skeleton)
{
  g_autoptr (GDBusObjectSkeleton) object = g_dbus_object_skeleton_new (path);
  g_dbus_object_skeleton_add_interface (object, skeleton);
  g_dbus_object_manager_server_export (bus->manager, object);
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

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, output_add);
  struct inos_output *output = data;
  InosDBusCompositor1Output *object = inos_dbus_compositor1_output_skeleton_new();
  g_autofree char *path = output_path (output->wlr->name);
  fill_output (object, output);
  export_object (bus, path, G_DBUS_INTERFACE_SKELETON (object));
  g_hash_table_insert (bus->outputs, output, object);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, output_remove);
  struct inos_output *output = data;
  g_autofree char *path = output_path (output->wlr->name);
  g_dbus_object_manager_server_unexport (bus->manager, path);
  g_hash_table_remove (bus->outputs, output);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct inos_bus *bus = wl_container_of (listener, bus, output_change);
  InosDBusCompositor1Output *object = g_hash_table_lookup (bus->outputs, data);
  if (object)
    fill_output (object, data);
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
  if (g_hash_table_size (bus->outputs) >= MAX_VIRTUAL_OUTPUTS) {
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
  g_autofree char *path = output_path (output->wlr->name);
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
    g_autofree char *this = output_path (output->wlr->name);
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

static void connect_signals (struct inos_bus *bus)
{
  struct inos_compositor *compositor = bus->compositor;
  CONNECT_SIGNAL (compositor, bus, view_change);
  CONNECT_SIGNAL (compositor, bus, output_add);
  CONNECT_SIGNAL (compositor, bus, output_remove);
  CONNECT_SIGNAL (compositor, bus, output_change);
  CONNECT_SIGNAL (compositor, bus, focus_change);
  CONNECT_SIGNAL (compositor, bus, workspace_change);
  CONNECT_SIGNAL (compositor, bus, action);
  g_signal_connect (bus->object, "handle-switch-workspace", G_CALLBACK (on_switch_workspace), bus);
  g_signal_connect (bus->object, "handle-set-workspace-layout",
                    G_CALLBACK (on_set_workspace_layout), bus);
  g_signal_connect (bus->object, "handle-rename-workspace", G_CALLBACK (on_rename_workspace), bus);
  g_signal_connect (bus->object, "handle-add-virtual-output", G_CALLBACK (on_add_virtual_output),
                    bus);
  g_signal_connect (bus->object, "handle-remove-virtual-output",
                    G_CALLBACK (on_remove_virtual_output), bus);
}

struct inos_bus *inos_bus_create (struct inos_compositor *compositor, GDBusConnection *connection)
{
  struct inos_bus *bus = g_new0 (struct inos_bus, 1);
  bus->compositor = compositor;
  bus->outputs = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  bus->object = inos_dbus_compositor1_skeleton_new();
  inos_dbus_compositor1_set_version (bus->object, INOS_VERSION);
  fill_focus (bus);
  fill_workspaces (bus);
  connect_signals (bus);
  bus->input = inos_bus_input_create (compositor, connection, ROOT);
  bus->manager = g_dbus_object_manager_server_new (ROOT);
  bus->windows = inos_bus_windows_create (compositor, bus->manager);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    handle_output_add (&bus->output_add, output);
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
  DISCONNECT (bus->view_change);
  DISCONNECT (bus->output_add);
  DISCONNECT (bus->output_remove);
  DISCONNECT (bus->output_change);
  DISCONNECT (bus->focus_change);
  DISCONNECT (bus->workspace_change);
  DISCONNECT (bus->action);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (bus->object));
  g_dbus_object_manager_server_set_connection (bus->manager, NULL);
  inos_bus_windows_destroy (bus->windows);
  g_hash_table_unref (bus->outputs);
  g_object_unref (bus->object);
  g_object_unref (bus->manager);
  g_free (bus);
}
