#include "data_control.h"

#include <unistd.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_seat.h>

#include "data_control_source.h"
#include "ext-data-control-v1-protocol.h"
#include "listener.h"
#include "seat.h"

struct device {
  struct wl_resource *resource;
  struct wlr_seat *seat;   /* NULL once it is gone */
  struct offer *offers[2]; /* of the selection and of the primary one; may be NULL */

  struct wl_listener set_selection, set_primary_selection, destroy;
};

/* What the client may read; void when the selection is another one. */
struct offer {
  struct wl_resource *resource;
  struct device *device; /* NULL: void */
  bool primary;
};

static void handle_destroy_request (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void handle_receive (struct wl_client *client, struct wl_resource *resource,
                            const char *type, int32_t fd)
{
  const struct offer *offer = wl_resource_get_user_data (resource);
  struct wlr_seat *seat = offer->device ? offer->device->seat : NULL;
  if (seat && offer->primary && seat->primary_selection_source)
    wlr_primary_selection_source_send (seat->primary_selection_source, type, fd);
  else if (seat && !offer->primary && seat->selection_source)
    wlr_data_source_send (seat->selection_source, type, fd);
  else
    close (fd);
}

static const struct ext_data_control_offer_v1_interface offer_impl = {
  .receive = handle_receive,
  .destroy = handle_destroy_request,
};

static void on_offer_gone (struct wl_resource *resource)
{
  struct offer *offer = wl_resource_get_user_data (resource);
  if (offer->device)
    offer->device->offers[offer->primary] = NULL;
  g_free (offer);
}

static void forget_offer (struct device *device, bool primary)
{
  if (device->offers[primary])
    device->offers[primary]->device = NULL;
  device->offers[primary] = NULL;
}

static struct wl_resource *make_offer (struct device *device, bool primary,
                                       struct wl_array *mime_types)
{
  struct wl_resource *resource = wl_resource_create (wl_resource_get_client (device->resource),
                                                     &ext_data_control_offer_v1_interface, 1, 0);
  if (!resource)
    return NULL;
  struct offer *offer = g_new0 (struct offer, 1);
  *offer = (struct offer){resource, device, primary};
  device->offers[primary] = offer;
  wl_resource_set_implementation (resource, &offer_impl, offer, on_offer_gone);
  ext_data_control_device_v1_send_data_offer (device->resource, resource);
  char **type;
  wl_array_for_each (type, mime_types)
    ext_data_control_offer_v1_send_offer (resource, *type);
  return resource;
}

static void tell_selection (struct device *device)
{
  struct wlr_data_source *source = device->seat->selection_source;
  forget_offer (device, false);
  ext_data_control_device_v1_send_selection (
    device->resource, source ? make_offer (device, false, &source->mime_types) : NULL);
}

static void tell_primary (struct device *device)
{
  struct wlr_primary_selection_source *source = device->seat->primary_selection_source;
  forget_offer (device, true);
  ext_data_control_device_v1_send_primary_selection (
    device->resource, source ? make_offer (device, true, &source->mime_types) : NULL);
}

static void handle_set_selection (struct wl_listener *listener, void *data)
{
  struct device *device = wl_container_of (listener, device, set_selection);
  tell_selection (device);
}

static void handle_set_primary_selection (struct wl_listener *listener, void *data)
{
  struct device *device = wl_container_of (listener, device, set_primary_selection);
  tell_primary (device);
}

static void device_disconnect (struct device *device)
{
  DISCONNECT (device->set_selection);
  DISCONNECT (device->set_primary_selection);
  DISCONNECT (device->destroy);
  forget_offer (device, false);
  forget_offer (device, true);
  device->seat = NULL;
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct device *device = wl_container_of (listener, device, destroy);
  device_disconnect (device);
  ext_data_control_device_v1_send_finished (device->resource);
}

static void select_source (struct wl_resource *resource, struct wl_resource *source, bool primary)
{
  const struct device *device = wl_resource_get_user_data (resource);
  if (device->seat && !inos_data_control_source_select (source, device->seat, primary))
    wl_resource_post_error (resource, EXT_DATA_CONTROL_DEVICE_V1_ERROR_USED_SOURCE,
                            "the source has been used");
}

static void handle_select (struct wl_client *client, struct wl_resource *resource,
                           struct wl_resource *source)
{
  select_source (resource, source, false);
}

static void handle_select_primary (struct wl_client *client, struct wl_resource *resource,
                                   struct wl_resource *source)
{
  select_source (resource, source, true);
}

static const struct ext_data_control_device_v1_interface device_impl = {
  .set_selection = handle_select,
  .destroy = handle_destroy_request,
  .set_primary_selection = handle_select_primary,
};

static void on_device_gone (struct wl_resource *resource)
{
  struct device *device = wl_resource_get_user_data (resource);
  device_disconnect (device);
  g_free (device);
}

static void handle_create_source (struct wl_client *client, struct wl_resource *resource,
                                  uint32_t id)
{
  inos_data_control_source_create (client, id);
}

static void handle_get_device (struct wl_client *client, struct wl_resource *resource, uint32_t id,
                               struct wl_resource *seat_resource)
{
  const struct wlr_seat_client *seat = wlr_seat_client_from_resource (seat_resource);
  struct wl_resource *made =
    wl_resource_create (client, &ext_data_control_device_v1_interface, 1, id);
  if (!made) {
    wl_client_post_no_memory (client);
    return;
  }
  struct device *device = g_new0 (struct device, 1);
  device->resource = made;
  device->seat = seat ? seat->seat : NULL;
  wl_resource_set_implementation (made, &device_impl, device, on_device_gone);
  if (!device->seat) {
    ext_data_control_device_v1_send_finished (made);
    return;
  }
  CONNECT_SIGNAL (device->seat, device, set_selection);
  CONNECT_SIGNAL (device->seat, device, set_primary_selection);
  CONNECT_SIGNAL (device->seat, device, destroy);
  tell_selection (device);
  tell_primary (device);
}

static const struct ext_data_control_manager_v1_interface manager_impl = {
  .create_data_source = handle_create_source,
  .get_data_device = handle_get_device,
  .destroy = handle_destroy_request,
};

static void on_bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_data_control_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &manager_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

void *inos_data_control_create (struct inos_compositor *compositor, int version)
{
  return wl_global_create (compositor->display, &ext_data_control_manager_v1_interface, version,
                           compositor, on_bind);
}

void inos_data_control_destroy (void *state)
{
  wl_global_destroy (state);
}
