#include "bus_window.h"

#include <wlr/types/wlr_content_type_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_tearing_control_v1.h>

#include "compositor-dbus.h"
#include "listener.h"
#include "output.h"
#include "protocol.h"
#include "rule.h"
#include "snap.h"
#include "stack.h"
#include "toplevel_icon.h"
#include "view.h"

enum { MAX_COORDINATE = 1 << 16, MAX_SIZE = 16384 };

struct inos_bus_windows {
  struct inos_compositor *compositor;
  GDBusObjectManagerServer *manager;
  GHashTable *objects; /* view id → InosDBusCompositor1Window, owned */

  struct wl_listener view_map, view_unmap, view_change, focus_change, surface_commit;
};

char *inos_bus_clean (const char *text)
{
  return g_utf8_make_valid (text ? text : "", -1);
}

char *inos_bus_window_path (uint32_t id)
{
  return g_strdup_printf (INOS_BUS_ROOT "/window/%u", id);
}

/* What it shows, by what it says itself with a picture. */
static void fill_content (InosDBusCompositor1Window *window, struct inos_view *view)
{
  static const char *const names[] = {"none", "photo", "video", "game"};
  struct wlr_content_type_manager_v1 *types =
    inos_protocol_state (view->compositor, INOS_STATE_CONTENT_TYPE);
  struct wlr_tearing_control_manager_v1 *tearing =
    inos_protocol_state (view->compositor, INOS_STATE_TEARING);
  unsigned int type =
    types && view->surface ? wlr_surface_get_content_type_v1 (types, view->surface) : 0;
  bool tears = tearing && view->surface &&
               wlr_tearing_control_manager_v1_surface_hint_from_surface (tearing, view->surface) ==
                 WP_TEARING_CONTROL_V1_PRESENTATION_HINT_ASYNC;
  inos_dbus_compositor1_window_set_content_type (window, type < G_N_ELEMENTS (names) ? names[type]
                                                                                     : names[0]);
  inos_dbus_compositor1_window_set_tearing (window, tears);
}

static void fill (InosDBusCompositor1Window *window, struct inos_view *view)
{
  g_autofree char *title = inos_bus_clean (inos_view_title (view));
  g_autofree char *app_id = inos_bus_clean (inos_view_app_id (view));
  g_autofree char *icon = inos_bus_clean (view->icon ? view->icon->name : NULL);
  struct wlr_box box = inos_view_box (view);
  struct inos_output *output = inos_view_output (view);
  inos_dbus_compositor1_window_set_id (window, view->id);
  inos_dbus_compositor1_window_set_title (window, title);
  inos_dbus_compositor1_window_set_app_id (window, app_id);
  inos_dbus_compositor1_window_set_icon_name (window, icon);
  inos_dbus_compositor1_window_set_pid (window, (guint)inos_view_pid (view));
  inos_dbus_compositor1_window_set_maximized (window, view->maximized);
  inos_dbus_compositor1_window_set_fullscreen (window, view->fullscreen);
  inos_dbus_compositor1_window_set_minimized (window, view->minimized);
  inos_dbus_compositor1_window_set_on_top (window, view->on_top);
  inos_dbus_compositor1_window_set_below (window, view->below);
  inos_dbus_compositor1_window_set_sticky (window, view->sticky);
  inos_dbus_compositor1_window_set_private (window, view->is_private);
  inos_dbus_compositor1_window_set_urgent (window, view->urgent);
  inos_dbus_compositor1_window_set_modal (window, view->modal);
  struct inos_view *parent = inos_stack_parent (view);
  g_autofree char *parent_path = parent ? inos_bus_window_path (parent->id) : g_strdup ("/");
  inos_dbus_compositor1_window_set_parent (window, parent_path);
  inos_dbus_compositor1_window_set_column (window, view->column);
  fill_content (window, view);
  inos_dbus_compositor1_window_set_unresponsive (window, view->unresponsive);
  inos_dbus_compositor1_window_set_snapped (window, inos_snap_name (inos_snap_of (view)));
  inos_dbus_compositor1_window_set_focused (window, inos_view_focused (view->compositor) == view);
  inos_dbus_compositor1_window_set_workspace (window, view->workspace);
  inos_dbus_compositor1_window_set_output (window, output ? output->wlr->name : "");
  inos_dbus_compositor1_window_set_geometry (
    window, g_variant_new ("(iiii)", box.x, box.y, box.width, box.height));
}

static struct inos_view *view_of (InosDBusCompositor1Window *window,
                                  struct inos_bus_windows *windows,
                                  GDBusMethodInvocation *invocation)
{
  struct inos_view *view =
    inos_view_find (windows->compositor, inos_dbus_compositor1_window_get_id (window));
  if (!view)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
                                           "the window is gone");
  return view;
}

/* A method without arguments. */
#define METHOD(name, call)                                                                         \
  static gboolean on_##name (InosDBusCompositor1Window *window, GDBusMethodInvocation *invocation, \
                             void *data)                                                           \
  {                                                                                                \
    struct inos_view *view = view_of (window, data, invocation);                                   \
    if (view) {                                                                                    \
      call;                                                                                        \
      inos_dbus_compositor1_window_complete_##name (window, invocation);                           \
    }                                                                                              \
    return TRUE;                                                                                   \
  }

/* A method that switches something on or off. */
#define SWITCH(name, call)                                                                         \
  static gboolean on_##name (InosDBusCompositor1Window *window, GDBusMethodInvocation *invocation, \
                             gboolean on, void *data)                                              \
  {                                                                                                \
    struct inos_view *view = view_of (window, data, invocation);                                   \
    if (view) {                                                                                    \
      call;                                                                                        \
      inos_dbus_compositor1_window_complete_##name (window, invocation);                           \
    }                                                                                              \
    return TRUE;                                                                                   \
  }

METHOD (focus, inos_view_focus (view))
METHOD (close, inos_view_close (view))
METHOD (force_close, inos_view_kill (view))
SWITCH (set_maximized, inos_view_set_maximized (view, on))
SWITCH (set_fullscreen, inos_view_set_fullscreen (view, on, NULL))
SWITCH (set_minimized, inos_view_set_minimized (view, on))
SWITCH (set_on_top, inos_view_set_on_top (view, on))
SWITCH (set_below, inos_view_set_below (view, on))
SWITCH (set_sticky, inos_view_set_sticky (view, on))
SWITCH (set_private, inos_view_set_private (view, on))
SWITCH (set_urgent, inos_view_set_urgent (view, on))

/* Returns false, and answers, where a number is outside its limits. */
static bool check (GDBusMethodInvocation *invocation, bool good, const char *what)
{
  if (!good)
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_ARGS, what);
  return good;
}

static gboolean on_move (InosDBusCompositor1Window *window, GDBusMethodInvocation *invocation,
                         int x, int y, void *data)
{
  struct inos_view *view = view_of (window, data, invocation);
  if (!view ||
      !check (invocation, ABS ((gint64)x) <= MAX_COORDINATE && ABS ((gint64)y) <= MAX_COORDINATE,
              "a place is at most 65536 pixels away"))
    return TRUE;
  if (!inos_view_is_floating (view))
    inos_snap_view (view, 0, NULL);
  inos_view_move (view, x, y);
  view->floating.x = x;
  view->floating.y = y;
  inos_dbus_compositor1_window_complete_move (window, invocation);
  return TRUE;
}

static gboolean on_resize (InosDBusCompositor1Window *window, GDBusMethodInvocation *invocation,
                           int width, int height, void *data)
{
  struct inos_view *view = view_of (window, data, invocation);
  if (!view ||
      !check (invocation, width > 0 && height > 0 && width <= MAX_SIZE && height <= MAX_SIZE,
              "each side of a window is 1 to 16384 pixels"))
    return TRUE;
  if (!inos_view_is_floating (view))
    inos_snap_view (view, 0, NULL);
  inos_view_resize (view, width, height);
  inos_dbus_compositor1_window_complete_resize (window, invocation);
  return TRUE;
}

static gboolean on_snap (InosDBusCompositor1Window *window, GDBusMethodInvocation *invocation,
                         const char *name, void *data)
{
  struct inos_view *view = view_of (window, data, invocation);
  uint32_t place = inos_snap_from_name (name);
  if (!view || !check (invocation, place != UINT32_MAX,
                       "a place is none, left, right, top, bottom, top-left, top-right, "
                       "bottom-left, bottom-right or maximized"))
    return TRUE;
  inos_snap_view (view, place, NULL);
  inos_dbus_compositor1_window_complete_snap (window, invocation);
  return TRUE;
}

static gboolean on_move_to_workspace (InosDBusCompositor1Window *window,
                                      GDBusMethodInvocation *invocation, guint index, void *data)
{
  struct inos_view *view = view_of (window, data, invocation);
  if (!view ||
      !check (invocation, index < view->compositor->workspaces->len, "there is no such workspace"))
    return TRUE;
  inos_view_set_workspace (view, index);
  inos_dbus_compositor1_window_complete_move_to_workspace (window, invocation);
  return TRUE;
}

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  {"handle-focus", G_CALLBACK (on_focus)},
  {"handle-close", G_CALLBACK (on_close)},
  {"handle-force-close", G_CALLBACK (on_force_close)},
  {"handle-set-maximized", G_CALLBACK (on_set_maximized)},
  {"handle-set-fullscreen", G_CALLBACK (on_set_fullscreen)},
  {"handle-set-minimized", G_CALLBACK (on_set_minimized)},
  {"handle-set-on-top", G_CALLBACK (on_set_on_top)},
  {"handle-set-below", G_CALLBACK (on_set_below)},
  {"handle-set-sticky", G_CALLBACK (on_set_sticky)},
  {"handle-set-private", G_CALLBACK (on_set_private)},
  {"handle-set-urgent", G_CALLBACK (on_set_urgent)},
  {"handle-move", G_CALLBACK (on_move)},
  {"handle-resize", G_CALLBACK (on_resize)},
  {"handle-snap", G_CALLBACK (on_snap)},
  {"handle-move-to-workspace", G_CALLBACK (on_move_to_workspace)},
};

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct inos_bus_windows *windows = wl_container_of (listener, windows, view_map);
  struct inos_view *view = data;
  InosDBusCompositor1Window *window = inos_dbus_compositor1_window_skeleton_new();
  g_autofree char *path = inos_bus_window_path (view->id);
  fill (window, view);
  g_autoptr (GPtrArray) rules =
    inos_rules_matching (windows->compositor, inos_view_app_id (view), inos_view_title (view));
  inos_dbus_compositor1_window_set_rules (window, (const char *const *)rules->pdata);
  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (window, methods[i].signal, methods[i].callback, windows);
  g_autoptr (GDBusObjectSkeleton) object = g_dbus_object_skeleton_new (path);
  g_dbus_object_skeleton_add_interface (object, G_DBUS_INTERFACE_SKELETON (window));
  g_dbus_object_manager_server_export (windows->manager, object);
  g_hash_table_insert (windows->objects, GUINT_TO_POINTER (view->id), window);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_bus_windows *windows = wl_container_of (listener, windows, view_unmap);
  struct inos_view *view = data;
  g_autofree char *path = inos_bus_window_path (view->id);
  g_dbus_object_manager_server_unexport (windows->manager, path);
  g_hash_table_remove (windows->objects, GUINT_TO_POINTER (view->id));
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_windows *windows = wl_container_of (listener, windows, view_change);
  struct inos_view *view = data;
  InosDBusCompositor1Window *window =
    g_hash_table_lookup (windows->objects, GUINT_TO_POINTER (view->id));
  if (window)
    fill (window, view);
}

/* Each picture of each window comes by here. */
static void handle_surface_commit (struct wl_listener *listener, void *data)
{
  struct inos_bus_windows *windows = wl_container_of (listener, windows, surface_commit);
  struct inos_view *view = inos_view_from_surface (data);
  InosDBusCompositor1Window *window =
    view && view->surface == data
      ? g_hash_table_lookup (windows->objects, GUINT_TO_POINTER (view->id))
      : NULL;
  if (window)
    fill_content (window, view);
}

static void handle_focus_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_windows *windows = wl_container_of (listener, windows, focus_change);
  struct inos_view *focused = inos_view_focused (windows->compositor);
  GHashTableIter iter;
  void *id, *window;
  g_hash_table_iter_init (&iter, windows->objects);
  while (g_hash_table_iter_next (&iter, &id, &window))
    inos_dbus_compositor1_window_set_focused (window,
                                              focused && focused->id == GPOINTER_TO_UINT (id));
}

struct inos_bus_windows *inos_bus_windows_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager)
{
  struct inos_bus_windows *windows = g_new0 (struct inos_bus_windows, 1);
  windows->compositor = compositor;
  windows->manager = g_object_ref (manager);
  windows->objects = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  CONNECT_SIGNAL (compositor, windows, view_map);
  CONNECT_SIGNAL (compositor, windows, view_unmap);
  CONNECT_SIGNAL (compositor, windows, view_change);
  CONNECT_SIGNAL (compositor, windows, focus_change);
  CONNECT_SIGNAL (compositor, windows, surface_commit);
  return windows;
}

void inos_bus_windows_destroy (struct inos_bus_windows *windows)
{
  DISCONNECT (windows->view_map);
  DISCONNECT (windows->view_unmap);
  DISCONNECT (windows->view_change);
  DISCONNECT (windows->focus_change);
  DISCONNECT (windows->surface_commit);
  g_hash_table_unref (windows->objects);
  g_object_unref (windows->manager);
  g_free (windows);
}
