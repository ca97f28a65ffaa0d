#include "capture_source.h"

#include <wlr/types/wlr_output.h>

#include "ext-image-capture-source-v1-protocol.h"
#include "foreign_toplevel.h"
#include "listener.h"
#include "output.h"

struct source {
  struct inos_capture_target target;
  struct wl_listener output_remove, view_unmap;
};

static void handle_destroy_request (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static const struct ext_image_capture_source_v1_interface source_impl = {
  .destroy = handle_destroy_request,
};

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct source *source = wl_container_of (listener, source, output_remove);
  if (source->target.output == data)
    source->target.output = NULL;
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct source *source = wl_container_of (listener, source, view_unmap);
  if (source->target.view == data)
    source->target.view = NULL;
}

static void on_source_gone (struct wl_resource *resource)
{
  struct source *source = wl_resource_get_user_data (resource);
  DISCONNECT (source->output_remove);
  DISCONNECT (source->view_unmap);
  g_free (source);
}

static void create (struct wl_client *client, uint32_t id, struct inos_capture_target target)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_image_capture_source_v1_interface, 1, id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct source *source = g_new0 (struct source, 1);
  source->target = target;
  wl_resource_set_implementation (resource, &source_impl, source, on_source_gone);
  CONNECT_SIGNAL (target.compositor, source, output_remove);
  CONNECT_SIGNAL (target.compositor, source, view_unmap);
}

struct inos_capture_target inos_capture_source_target (struct wl_resource *resource)
{
  const struct source *source = wl_resource_get_user_data (resource);
  return source->target;
}

static void handle_output_source (struct wl_client *client, struct wl_resource *resource,
                                  uint32_t id, struct wl_resource *output)
{
  struct inos_compositor *compositor = wl_resource_get_user_data (resource);
  struct wlr_output *wlr = wlr_output_from_resource (output);
  create (client, id,
          (struct inos_capture_target){.compositor = compositor,
                                       .output = wlr ? inos_output_from_wlr (wlr) : NULL});
}

static const struct ext_output_image_capture_source_manager_v1_interface output_impl = {
  .create_source = handle_output_source,
  .destroy = handle_destroy_request,
};

static void on_bind_output (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource = wl_resource_create (
    client, &ext_output_image_capture_source_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &output_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

static void handle_toplevel_source (struct wl_client *client, struct wl_resource *resource,
                                    uint32_t id, struct wl_resource *handle)
{
  struct inos_compositor *compositor = wl_resource_get_user_data (resource);
  create (client, id,
          (struct inos_capture_target){.compositor = compositor,
                                       .view = inos_foreign_toplevel_view (compositor, handle)});
}

static const struct ext_foreign_toplevel_image_capture_source_manager_v1_interface toplevel_impl = {
  .create_source = handle_toplevel_source,
  .destroy = handle_destroy_request,
};

static void on_bind_toplevel (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource = wl_resource_create (
    client, &ext_foreign_toplevel_image_capture_source_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &toplevel_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

void *inos_output_source_create (struct inos_compositor *compositor, int version)
{
  return wl_global_create (compositor->display,
                           &ext_output_image_capture_source_manager_v1_interface, version,
                           compositor, on_bind_output);
}

void inos_output_source_destroy (void *state)
{
  wl_global_destroy (state);
}

void *inos_toplevel_source_create (struct inos_compositor *compositor, int version)
{
  return wl_global_create (compositor->display,
                           &ext_foreign_toplevel_image_capture_source_manager_v1_interface, version,
                           compositor, on_bind_toplevel);
}

void inos_toplevel_source_destroy (void *state)
{
  wl_global_destroy (state);
}
