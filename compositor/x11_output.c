#include "x11_output.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>

#include "listener.h"
#include "x11_scale.h"
#include "xdg-output-unstable-v1-protocol.h"

enum { VERSION = 3 };

struct inos_x11_outputs {
  struct inos_compositor *compositor;
  struct wl_global *global;
  struct wl_list list; /* struct x11_output.link */
  struct wl_listener change;
};

struct x11_output {
  struct wl_list link;
  struct inos_x11_outputs *outputs;
  struct wl_resource *resource;
  struct wlr_output *wlr; /* NULL: it is gone */
  struct wlr_box told;

  struct wl_listener destroy;
};

static void tell (struct x11_output *output)
{
  struct inos_compositor *compositor = output->outputs->compositor;
  if (!output->wlr || !wlr_output_layout_get (compositor->layout, output->wlr))
    return;
  struct wlr_box box = inos_x11_output_px (compositor, output->wlr);
  if (wlr_box_equal (&box, &output->told))
    return;
  output->told = box;
  zxdg_output_v1_send_logical_position (output->resource, box.x, box.y);
  zxdg_output_v1_send_logical_size (output->resource, box.width, box.height);
  wlr_output_schedule_done (output->wlr);
}

void inos_x11_outputs_update (struct inos_x11_outputs *outputs)
{
  struct x11_output *output;
  wl_list_for_each (output, &outputs->list, link)
    tell (output);
}

static void handle_change (struct wl_listener *listener, void *data)
{
  struct inos_x11_outputs *outputs = wl_container_of (listener, outputs, change);
  inos_x11_outputs_update (outputs);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct x11_output *output = wl_container_of (listener, output, destroy);
  DISCONNECT (output->destroy);
  output->wlr = NULL;
}

static void on_output_gone (struct wl_resource *resource)
{
  struct x11_output *output = wl_resource_get_user_data (resource);
  if (!output)
    return;
  DISCONNECT (output->destroy);
  wl_list_remove (&output->link);
  g_free (output);
}

static void destroy (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static const struct zxdg_output_v1_interface output_impl = {.destroy = destroy};

static void get_xdg_output (struct wl_client *client, struct wl_resource *manager, uint32_t id,
                            struct wl_resource *wl_output)
{
  struct inos_x11_outputs *outputs = wl_resource_get_user_data (manager);
  struct wl_resource *resource =
    wl_resource_create (client, &zxdg_output_v1_interface, wl_resource_get_version (manager), id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct x11_output *output = NULL;
  struct wlr_output *wlr = wlr_output_from_resource (wl_output);
  if (outputs && wlr) {
    output = g_new0 (struct x11_output, 1);
    output->outputs = outputs;
    output->resource = resource;
    output->wlr = wlr;
    wl_list_insert (&outputs->list, &output->link);
    CONNECT_SIGNAL (wlr, output, destroy);
  }
  wl_resource_set_implementation (resource, &output_impl, output, on_output_gone);
  if (!output)
    return;
  if (wl_resource_get_version (resource) >= ZXDG_OUTPUT_V1_NAME_SINCE_VERSION)
    zxdg_output_v1_send_name (resource, wlr->name);
  tell (output);
}

static const struct zxdg_output_manager_v1_interface manager_impl = {
  .destroy = destroy,
  .get_xdg_output = get_xdg_output,
};

static void bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &zxdg_output_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &manager_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

struct inos_x11_outputs *inos_x11_outputs_create (struct inos_compositor *compositor)
{
  struct inos_x11_outputs *outputs = g_new0 (struct inos_x11_outputs, 1);
  outputs->compositor = compositor;
  wl_list_init (&outputs->list);
  outputs->global = wl_global_create (compositor->display, &zxdg_output_manager_v1_interface,
                                      VERSION, outputs, bind);
  CONNECT_SIGNAL (compositor->layout, outputs, change);
  return outputs;
}

/* The X server is gone by now, and with it all that it held. */
void inos_x11_outputs_destroy (struct inos_x11_outputs *outputs)
{
  struct x11_output *output, *next;
  if (!outputs)
    return;
  DISCONNECT (outputs->change);
  wl_list_for_each_safe (output, next, &outputs->list, link) {
    wl_resource_set_user_data (output->resource, NULL);
    DISCONNECT (output->destroy);
    wl_list_remove (&output->link);
    g_free (output);
  }
  wl_global_destroy (outputs->global);
  g_free (outputs);
}

bool inos_x11_outputs_is (const struct inos_x11_outputs *outputs, const struct wl_global *global)
{
  return outputs && outputs->global == global;
}
