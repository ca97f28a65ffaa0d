#include "bus_overview.h"

#include "compositor-dbus.h"
#include "listener.h"
#include "overview.h"
#include "overview_show.h"
#include "view.h"

enum { MAX_SIDE = 16384, MAX_GAP = 256 };

struct inos_bus_overview {
  struct inos_compositor *compositor;
  InosDBusCompositor1Overview *object;
  struct wl_event_source *idle; /* may be NULL: nothing changed */

  struct wl_listener view_map, view_unmap, view_change, workspace_change, overview_change;
};

static void on_idle (void *data)
{
  struct inos_bus_overview *overview = data;
  overview->idle = NULL;
  inos_dbus_compositor1_overview_emit_changed (overview->object);
}

/* Once for all that happens in a turn of the loop. */
static void later (struct inos_bus_overview *overview)
{
  if (!overview->idle && !overview->compositor->ending)
    overview->idle = wl_event_loop_add_idle (overview->compositor->loop, on_idle, overview);
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct inos_bus_overview *overview = wl_container_of (listener, overview, view_map);
  later (overview);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_bus_overview *overview = wl_container_of (listener, overview, view_unmap);
  later (overview);
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_overview *overview = wl_container_of (listener, overview, view_change);
  later (overview);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_overview *overview = wl_container_of (listener, overview, workspace_change);
  later (overview);
}

static void on_open (GObject *object, GParamSpec *property, void *data);

/* Only what differs is set: each setting is announced, later to on_open too. */
static void fill (struct inos_bus_overview *overview)
{
  InosDBusCompositor1Overview *object = overview->object;
  bool open = inos_overview_is_open (overview->compositor);
  guint selected = inos_overview_selected (overview->compositor);
  g_signal_handlers_block_by_func (object, on_open, overview);
  if (inos_dbus_compositor1_overview_get_open (object) != open)
    inos_dbus_compositor1_overview_set_open (object, open);
  if (inos_dbus_compositor1_overview_get_selected (object) != selected)
    inos_dbus_compositor1_overview_set_selected (object, selected);
  g_signal_handlers_unblock_by_func (object, on_open, overview);
}

/* Somebody set the property. */
static void on_open (GObject *object, GParamSpec *property, void *data)
{
  struct inos_bus_overview *overview = data;
  if (inos_dbus_compositor1_overview_get_open (overview->object))
    inos_overview_open (overview->compositor);
  else
    inos_overview_close (overview->compositor);
  fill (overview);
}

static void handle_overview_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_overview *overview = wl_container_of (listener, overview, overview_change);
  fill (overview);
}

static gboolean on_take_typed (InosDBusCompositor1Overview *object,
                               GDBusMethodInvocation *invocation, void *data)
{
  const struct inos_bus_overview *overview = data;
  g_autofree char *typed = inos_overview_take_typed (overview->compositor);
  inos_dbus_compositor1_overview_complete_take_typed (object, invocation, typed);
  return TRUE;
}

static gboolean on_arrange (InosDBusCompositor1Overview *object, GDBusMethodInvocation *invocation,
                            guint workspace, int width, int height, int gap, void *data)
{
  struct inos_bus_overview *overview = data;
  struct inos_compositor *compositor = overview->compositor;
  if (workspace >= compositor->workspaces->len || width < 1 || height < 1 || width > MAX_SIDE ||
      height > MAX_SIDE || gap < 0 || gap > MAX_GAP) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "a workspace is 0 to %u, a side 1 to %d pixels, a gap 0 to %d",
      compositor->workspaces->len - 1, MAX_SIDE, MAX_GAP);
    return TRUE;
  }
  g_autoptr (GArray) places = inos_overview_arrange (compositor, workspace, width, height, gap);
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(u(iiii))"));
  for (guint i = 0; i < places->len; i++) {
    const struct inos_overview_place *place =
      &g_array_index (places, struct inos_overview_place, i);
    g_variant_builder_add (&list, "(u(iiii))", place->view->id, place->box.x, place->box.y,
                           place->box.width, place->box.height);
  }
  inos_dbus_compositor1_overview_complete_arrange (object, invocation,
                                                   g_variant_builder_end (&list));
  return TRUE;
}

struct inos_bus_overview *inos_bus_overview_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection, const char *path)
{
  struct inos_bus_overview *overview = g_new0 (struct inos_bus_overview, 1);
  overview->compositor = compositor;
  overview->object = inos_dbus_compositor1_overview_skeleton_new();
  CONNECT_SIGNAL (compositor, overview, view_map);
  CONNECT_SIGNAL (compositor, overview, view_unmap);
  CONNECT_SIGNAL (compositor, overview, view_change);
  CONNECT_SIGNAL (compositor, overview, workspace_change);
  CONNECT_SIGNAL (compositor, overview, overview_change);
  g_signal_connect (overview->object, "notify::open", G_CALLBACK (on_open), overview);
  g_signal_connect (overview->object, "handle-take-typed", G_CALLBACK (on_take_typed), overview);
  g_signal_connect (overview->object, "handle-arrange", G_CALLBACK (on_arrange), overview);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (overview->object), connection, path,
                                    NULL);
  return overview;
}

void inos_bus_overview_destroy (struct inos_bus_overview *overview)
{
  DISCONNECT (overview->view_map);
  DISCONNECT (overview->view_unmap);
  DISCONNECT (overview->view_change);
  DISCONNECT (overview->workspace_change);
  DISCONNECT (overview->overview_change);
  if (overview->idle)
    wl_event_source_remove (overview->idle);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (overview->object));
  g_object_unref (overview->object);
  g_free (overview);
}
