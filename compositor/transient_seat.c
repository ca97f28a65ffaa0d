/* By hand: that of wlroots 0.18 does not outlive that a seat it denied is destroyed. */
#include "transient_seat.h"

#include <wlr/types/wlr_seat.h>

#include "ext-transient-seat-v1-protocol.h"
#include "seats.h"

struct module {
  struct inos_compositor *compositor;
  struct wl_global *global;
  unsigned int count; /* for names that none had before */
};

static void handle_destroy_request (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void on_seat_gone (struct wl_resource *resource)
{
  inos_seats_remove (wl_resource_get_user_data (resource));
}

static const struct ext_transient_seat_v1_interface seat_impl = {
  .destroy = handle_destroy_request,
};

static void handle_create (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  struct module *module = wl_resource_get_user_data (resource);
  struct wl_resource *made = wl_resource_create (client, &ext_transient_seat_v1_interface, 1, id);
  if (!made) {
    wl_client_post_no_memory (client);
    return;
  }
  g_autofree char *name = g_strdup_printf (INOS_TRANSIENT_SEAT "-%u", ++module->count);
  struct inos_seat *seat = inos_seats_add (module->compositor, name);
  wl_resource_set_implementation (made, &seat_impl, seat, on_seat_gone);
  if (!seat) {
    ext_transient_seat_v1_send_denied (made);
    return;
  }
  seat->transient = true;
  ext_transient_seat_v1_send_ready (made, wl_global_get_name (seat->wlr->global, client));
}

static const struct ext_transient_seat_manager_v1_interface manager_impl = {
  .create = handle_create,
  .destroy = handle_destroy_request,
};

static void on_bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_transient_seat_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &manager_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

void *inos_transient_seat_create (struct inos_compositor *compositor, int version)
{
  struct module *module = g_new0 (struct module, 1);
  module->compositor = compositor;
  module->global = wl_global_create (compositor->display, &ext_transient_seat_manager_v1_interface,
                                     version, module, on_bind);
  if (!module->global)
    g_clear_pointer (&module, g_free);
  return module;
}

void inos_transient_seat_destroy (void *state)
{
  struct module *module = state;
  wl_global_destroy (module->global);
  g_free (module);
}
