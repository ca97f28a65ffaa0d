#include "toplevel_icon.h"

#include <string.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "view.h"
#include "xdg-toplevel-icon-v1-protocol.h"

enum { MAX_NAME = 255, MAX_SIZE = 512 /* px */, MAX_SCALE = 8 };

/* Sizes that the shell shows, px. */
static const int preferred_sizes[] = {16, 32, 48, 128};

struct manager {
  struct inos_compositor *compositor;
  struct wl_global *global;
  struct wl_list changes; /* struct change.link */
};

/* What a client sees of an icon. */
struct handle {
  struct wl_resource *resource;
  struct inos_icon *icon;
  bool immutable;
  struct wl_list buffers; /* struct held.link */
};

/* A wl_buffer that must outlive the handle. */
struct held {
  struct wl_list link;
  struct handle *handle;
  struct wl_listener gone;
};

/* An icon that a window gets with its next commit. */
struct change {
  struct wl_list link;
  struct wlr_xdg_toplevel *toplevel;
  struct inos_icon *icon; /* may be NULL */

  struct wl_listener commit, destroy;
};

void inos_icon_unref (struct inos_icon *icon)
{
  if (--icon->references > 0)
    return;
  for (unsigned int i = 0; i < icon->image_count; i++)
    wlr_buffer_unlock (icon->images[i].buffer);
  g_free (icon->name);
  g_free (icon);
}

static void held_free (struct held *held)
{
  wl_list_remove (&held->gone.link);
  wl_list_remove (&held->link);
  g_free (held);
}

static void handle_buffer_gone (struct wl_listener *listener, void *data)
{
  struct held *held = wl_container_of (listener, held, gone);
  wl_resource_post_error (held->handle->resource, XDG_TOPLEVEL_ICON_V1_ERROR_NO_BUFFER,
                          "a buffer of the icon was destroyed before the icon");
  held_free (held);
}

static void destroy_resource (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static bool may_change (struct handle *handle)
{
  if (handle->immutable)
    wl_resource_post_error (handle->resource, XDG_TOPLEVEL_ICON_V1_ERROR_IMMUTABLE,
                            "the icon has been given to a window");
  return !handle->immutable;
}

static void icon_set_name (struct wl_client *client, struct wl_resource *resource, const char *name)
{
  struct handle *handle = wl_resource_get_user_data (resource);
  if (!may_change (handle))
    return;
  g_clear_pointer (&handle->icon->name, g_free);
  if (name[0] != '\0' && strlen (name) <= MAX_NAME)
    handle->icon->name = g_strdup (name);
}

/* Keeps the pixels; more images than we have room for are not missed. Takes the lock. */
static void add_image (struct inos_icon *icon, struct wlr_buffer *buffer, int scale)
{
  unsigned int i = 0;
  while (i < icon->image_count &&
         (icon->images[i].buffer->width != buffer->width || icon->images[i].scale != scale))
    i++;
  if (i == G_N_ELEMENTS (icon->images) || buffer->width > MAX_SIZE) {
    wlr_buffer_unlock (buffer);
    return;
  }
  if (i < icon->image_count)
    wlr_buffer_unlock (icon->images[i].buffer);
  else
    icon->image_count++;
  icon->images[i].buffer = buffer;
  icon->images[i].scale = scale;
}

static void icon_add_buffer (struct wl_client *client, struct wl_resource *resource,
                             struct wl_resource *buffer_resource, int32_t scale)
{
  struct handle *handle = wl_resource_get_user_data (resource);
  struct wlr_shm_attributes shm;
  if (!may_change (handle))
    return;
  struct wlr_buffer *buffer = wlr_buffer_try_from_resource (buffer_resource);
  if (!buffer || !wlr_buffer_get_shm (buffer, &shm) || buffer->width != buffer->height ||
      scale < 1) {
    if (buffer)
      wlr_buffer_unlock (buffer);
    wl_resource_post_error (resource, XDG_TOPLEVEL_ICON_V1_ERROR_INVALID_BUFFER,
                            "an icon is a square in shared memory with a scale of 1 or more");
    return;
  }
  add_image (handle->icon, buffer, MIN (scale, MAX_SCALE));
  struct held *held = g_new0 (struct held, 1);
  held->handle = handle;
  held->gone.notify = handle_buffer_gone;
  wl_resource_add_destroy_listener (buffer_resource, &held->gone);
  wl_list_insert (&handle->buffers, &held->link);
}

static const struct xdg_toplevel_icon_v1_interface icon_interface = {
  .destroy = destroy_resource,
  .set_name = icon_set_name,
  .add_buffer = icon_add_buffer,
};

static void on_icon_resource_gone (struct wl_resource *resource)
{
  struct handle *handle = wl_resource_get_user_data (resource);
  struct held *held, *next;
  wl_list_for_each_safe (held, next, &handle->buffers, link)
    held_free (held);
  inos_icon_unref (handle->icon);
  g_free (handle);
}

static void manager_create_icon (struct wl_client *client, struct wl_resource *manager, uint32_t id)
{
  struct wl_resource *resource = wl_resource_create (client, &xdg_toplevel_icon_v1_interface,
                                                     wl_resource_get_version (manager), id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct handle *handle = g_new0 (struct handle, 1);
  handle->resource = resource;
  handle->icon = g_new0 (struct inos_icon, 1);
  handle->icon->references = 1;
  wl_list_init (&handle->buffers);
  wl_resource_set_implementation (resource, &icon_interface, handle, on_icon_resource_gone);
}

static void change_free (struct change *change)
{
  DISCONNECT (change->commit);
  DISCONNECT (change->destroy);
  wl_list_remove (&change->link);
  g_clear_pointer (&change->icon, inos_icon_unref);
  g_free (change);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct change *change = wl_container_of (listener, change, commit);
  struct inos_view *view = change->toplevel->base->surface->data;
  if (view) {
    g_clear_pointer (&view->icon, inos_icon_unref);
    view->icon = g_steal_pointer (&change->icon);
    inos_view_changed (view);
  }
  change_free (change);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct change *change = wl_container_of (listener, change, destroy);
  change_free (change);
}

static struct change *change_of (struct manager *manager, struct wlr_xdg_toplevel *toplevel)
{
  struct change *change;
  wl_list_for_each (change, &manager->changes, link) {
    if (change->toplevel == toplevel)
      return change;
  }
  change = g_new0 (struct change, 1);
  change->toplevel = toplevel;
  wl_list_insert (&manager->changes, &change->link);
  CONNECT_SIGNAL (toplevel->base->surface, change, commit);
  CONNECT_SIGNAL (toplevel, change, destroy);
  return change;
}

static void manager_set_icon (struct wl_client *client, struct wl_resource *resource,
                              struct wl_resource *toplevel_resource,
                              struct wl_resource *icon_resource)
{
  struct manager *manager = wl_resource_get_user_data (resource);
  struct wlr_xdg_toplevel *toplevel = wlr_xdg_toplevel_from_resource (toplevel_resource);
  struct handle *handle = icon_resource ? wl_resource_get_user_data (icon_resource) : NULL;
  if (handle)
    handle->immutable = true;
  if (!toplevel || !manager)
    return;
  struct change *change = change_of (manager, toplevel);
  g_clear_pointer (&change->icon, inos_icon_unref);
  if (handle && (handle->icon->name || handle->icon->image_count > 0)) {
    change->icon = handle->icon;
    handle->icon->references++;
  }
}

static const struct xdg_toplevel_icon_manager_v1_interface manager_interface = {
  .destroy = destroy_resource,
  .create_icon = manager_create_icon,
  .set_icon = manager_set_icon,
};

static void bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &xdg_toplevel_icon_manager_v1_interface, (int)version, id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  wl_resource_set_implementation (resource, &manager_interface, data, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (preferred_sizes); i++)
    xdg_toplevel_icon_manager_v1_send_icon_size (resource, preferred_sizes[i]);
  xdg_toplevel_icon_manager_v1_send_done (resource);
}

void *inos_toplevel_icon_create (struct inos_compositor *compositor, int version)
{
  struct manager *manager = g_new0 (struct manager, 1);
  manager->compositor = compositor;
  wl_list_init (&manager->changes);
  manager->global = wl_global_create (compositor->display, &xdg_toplevel_icon_manager_v1_interface,
                                      version, manager, bind);
  return manager;
}

/* Clients are gone by then. */
void inos_toplevel_icon_destroy (void *state)
{
  struct manager *manager = state;
  wl_global_destroy (manager->global);
  g_free (manager);
}
