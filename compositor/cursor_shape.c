#include "cursor_shape.h"

#include <wlr/types/wlr_cursor_shape_v1.h>
#include <wlr/types/wlr_seat.h>

#include "cursor_image.h"
#include "listener.h"
#include "seats.h"

struct cursor_shape {
  struct inos_compositor *compositor;
  struct wl_listener request_set_shape;
};

static void handle_request_set_shape (struct wl_listener *listener, void *data)
{
  struct cursor_shape *module = wl_container_of (listener, module, request_set_shape);
  const struct wlr_cursor_shape_manager_v1_request_set_shape_event *event = data;
  struct inos_seat *seat = inos_seats_from_wlr (module->compositor, event->seat_client->seat);
  if (event->seat_client == seat->wlr->pointer_state.focused_client &&
      seat->grab.kind == INOS_GRAB_NONE)
    inos_cursor_image_set_name (seat, wlr_cursor_shape_v1_name (event->shape));
}

void *inos_cursor_shape_create (struct inos_compositor *compositor, int version)
{
  struct wlr_cursor_shape_manager_v1 *wlr =
    wlr_cursor_shape_manager_v1_create (compositor->display, (uint32_t)version);
  if (!wlr)
    return NULL;
  struct cursor_shape *module = g_new0 (struct cursor_shape, 1);
  module->compositor = compositor;
  CONNECT_SIGNAL (wlr, module, request_set_shape);
  return module;
}

void inos_cursor_shape_destroy (void *state)
{
  struct cursor_shape *module = state;
  DISCONNECT (module->request_set_shape);
  g_free (module);
}
