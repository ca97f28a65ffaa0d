#include "foreign_toplevel.h"

#include <wlr/types/wlr_ext_foreign_toplevel_list_v1.h>
#include <wlr/types/wlr_foreign_toplevel_management_v1.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "output.h"
#include "protocol.h"
#include "seats.h"
#include "view.h"

struct list {
  struct inos_compositor *compositor;
  struct wlr_foreign_toplevel_manager_v1 *manager;
  struct wlr_ext_foreign_toplevel_list_v1 *ext_list;
  GHashTable *handles; /* struct inos_view → struct handle, owned */

  struct wl_listener view_map, view_unmap, view_change, focus_change, output_add, output_change;
};

struct handle {
  struct inos_view *view;
  struct wlr_foreign_toplevel_handle_v1 *wlr;
  struct wlr_ext_foreign_toplevel_handle_v1 *ext;

  struct wl_listener request_activate, request_close, request_maximize, request_minimize,
    request_fullscreen;
};

static void handle_request_activate (struct wl_listener *listener, void *data)
{
  struct handle *handle = wl_container_of (listener, handle, request_activate);
  const struct wlr_foreign_toplevel_handle_v1_activated_event *event = data;
  inos_seat_focus_view (inos_seats_from_wlr (handle->view->compositor, event->seat), handle->view);
}

static void handle_request_close (struct wl_listener *listener, void *data)
{
  struct handle *handle = wl_container_of (listener, handle, request_close);
  inos_view_close (handle->view);
}

static void handle_request_maximize (struct wl_listener *listener, void *data)
{
  struct handle *handle = wl_container_of (listener, handle, request_maximize);
  const struct wlr_foreign_toplevel_handle_v1_maximized_event *event = data;
  inos_view_set_maximized (handle->view, event->maximized);
}

static void handle_request_minimize (struct wl_listener *listener, void *data)
{
  struct handle *handle = wl_container_of (listener, handle, request_minimize);
  const struct wlr_foreign_toplevel_handle_v1_minimized_event *event = data;
  inos_view_set_minimized (handle->view, event->minimized);
}

static void handle_request_fullscreen (struct wl_listener *listener, void *data)
{
  struct handle *handle = wl_container_of (listener, handle, request_fullscreen);
  const struct wlr_foreign_toplevel_handle_v1_fullscreen_event *event = data;
  inos_view_set_fullscreen (handle->view, event->fullscreen, inos_output_from_wlr (event->output));
}

static struct handle *parent_of (struct list *list, struct inos_view *view)
{
  struct wlr_xdg_toplevel *toplevel =
    view->surface ? wlr_xdg_toplevel_try_from_wlr_surface (view->surface) : NULL;
  struct inos_view *parent =
    toplevel && toplevel->parent ? inos_view_from_surface (toplevel->parent->base->surface) : NULL;
  return parent ? g_hash_table_lookup (list->handles, parent) : NULL;
}

static void update_outputs (struct handle *handle)
{
  struct wlr_box box = inos_view_box (handle->view);
  struct inos_output *output;
  wl_list_for_each (output, &handle->view->compositor->outputs, link) {
    struct wlr_box place = inos_output_box (output), shared;
    if (output->leaving)
      continue;
    if (wlr_box_intersection (&shared, &box, &place))
      wlr_foreign_toplevel_handle_v1_output_enter (handle->wlr, output->wlr);
    else
      wlr_foreign_toplevel_handle_v1_output_leave (handle->wlr, output->wlr);
  }
}

/* Only what differs: a window that is moved changes with every motion of the pointer. */
static void update (struct list *list, struct handle *handle)
{
  struct inos_view *view = handle->view;
  const char *title = inos_view_title (view), *app_id = inos_view_app_id (view);
  if (g_strcmp0 (handle->wlr->title, title) != 0)
    wlr_foreign_toplevel_handle_v1_set_title (handle->wlr, title);
  if (g_strcmp0 (handle->wlr->app_id, app_id) != 0)
    wlr_foreign_toplevel_handle_v1_set_app_id (handle->wlr, app_id);
  if (g_strcmp0 (handle->ext->title, title) != 0 || g_strcmp0 (handle->ext->app_id, app_id) != 0) {
    struct wlr_ext_foreign_toplevel_handle_v1_state state = {title, app_id};
    wlr_ext_foreign_toplevel_handle_v1_update_state (handle->ext, &state);
  }
  struct handle *parent = parent_of (list, view);
  if (handle->wlr->parent != (parent ? parent->wlr : NULL))
    wlr_foreign_toplevel_handle_v1_set_parent (handle->wlr, parent ? parent->wlr : NULL);
  wlr_foreign_toplevel_handle_v1_set_activated (handle->wlr, view->activated);
  wlr_foreign_toplevel_handle_v1_set_maximized (handle->wlr, view->maximized);
  wlr_foreign_toplevel_handle_v1_set_minimized (handle->wlr, view->minimized);
  wlr_foreign_toplevel_handle_v1_set_fullscreen (handle->wlr, view->fullscreen);
  update_outputs (handle);
}

static void update_all (struct list *list)
{
  GHashTableIter iter;
  void *handle;
  g_hash_table_iter_init (&iter, list->handles);
  while (g_hash_table_iter_next (&iter, NULL, &handle))
    update (list, handle);
}

static void handle_free (void *data)
{
  struct handle *handle = data;
  DISCONNECT (handle->request_activate);
  DISCONNECT (handle->request_close);
  DISCONNECT (handle->request_maximize);
  DISCONNECT (handle->request_minimize);
  DISCONNECT (handle->request_fullscreen);
  wlr_foreign_toplevel_handle_v1_destroy (handle->wlr);
  wlr_ext_foreign_toplevel_handle_v1_destroy (handle->ext);
  g_free (handle);
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, view_map);
  struct inos_view *view = data;
  struct wlr_ext_foreign_toplevel_handle_v1_state state = {inos_view_title (view),
                                                           inos_view_app_id (view)};
  struct wlr_foreign_toplevel_handle_v1 *wlr =
    wlr_foreign_toplevel_handle_v1_create (list->manager);
  struct wlr_ext_foreign_toplevel_handle_v1 *ext =
    wlr_ext_foreign_toplevel_handle_v1_create (list->ext_list, &state);
  struct handle *handle = g_new0 (struct handle, 1);
  handle->view = view;
  handle->wlr = wlr;
  handle->ext = ext;
  CONNECT_SIGNAL (wlr, handle, request_activate);
  CONNECT_SIGNAL (wlr, handle, request_close);
  CONNECT_SIGNAL (wlr, handle, request_maximize);
  CONNECT_SIGNAL (wlr, handle, request_minimize);
  CONNECT_SIGNAL (wlr, handle, request_fullscreen);
  g_hash_table_insert (list->handles, view, handle);
  update (list, handle);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, view_unmap);
  g_hash_table_remove (list->handles, data);
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, view_change);
  struct handle *handle = g_hash_table_lookup (list->handles, data);
  if (handle)
    update (list, handle);
}

static void handle_focus_change (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, focus_change);
  update_all (list);
}

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, output_add);
  update_all (list);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct list *list = wl_container_of (listener, list, output_change);
  update_all (list);
}

void *inos_foreign_toplevel_create (struct inos_compositor *compositor, int version)
{
  struct wlr_foreign_toplevel_manager_v1 *manager =
    wlr_foreign_toplevel_manager_v1_create (compositor->display);
  struct wlr_ext_foreign_toplevel_list_v1 *ext_list =
    wlr_ext_foreign_toplevel_list_v1_create (compositor->display, 1);
  if (!manager || !ext_list)
    return NULL;
  struct list *list = g_new0 (struct list, 1);
  list->compositor = compositor;
  list->manager = manager;
  list->ext_list = ext_list;
  list->handles = g_hash_table_new_full (NULL, NULL, NULL, handle_free);
  CONNECT_SIGNAL (compositor, list, view_map);
  CONNECT_SIGNAL (compositor, list, view_unmap);
  CONNECT_SIGNAL (compositor, list, view_change);
  CONNECT_SIGNAL (compositor, list, focus_change);
  CONNECT_SIGNAL (compositor, list, output_add);
  CONNECT_SIGNAL (compositor, list, output_change);
  return list;
}

void inos_foreign_toplevel_destroy (void *state)
{
  struct list *list = state;
  DISCONNECT (list->view_map);
  DISCONNECT (list->view_unmap);
  DISCONNECT (list->view_change);
  DISCONNECT (list->focus_change);
  DISCONNECT (list->output_add);
  DISCONNECT (list->output_change);
  g_hash_table_unref (list->handles);
  g_free (list);
}

struct inos_view *inos_foreign_toplevel_view (struct inos_compositor *compositor,
                                              struct wl_resource *resource)
{
  struct list *list = inos_protocol_state (compositor, INOS_STATE_FOREIGN_TOPLEVELS);
  GHashTableIter iter;
  void *value;
  if (!list)
    return NULL;
  g_hash_table_iter_init (&iter, list->handles);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const struct handle *handle = value;
    struct wl_resource *each;
    wl_resource_for_each (each, &handle->ext->resources)
    {
      if (each == resource)
        return handle->view;
    }
  }
  return NULL;
}
