#include "capture.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>

#include "capture_session.h"
#include "ext-image-copy-capture-v1-protocol.h"
#include "listener.h"
#include "seats.h"

enum { POLL_MS = 16 };

/* Where the pointer is above a target, for programs that draw it themselves. */
struct cursor_session {
  struct wl_resource *resource;
  struct inos_capture_target target;
  struct wl_event_source *poll;
  bool has_session, inside;
  int x, y, hotspot_x, hotspot_y;

  struct wl_listener output_remove, view_unmap;
};

static void handle_destroy_request (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void tell (struct cursor_session *session)
{
  int x, y;
  const struct wlr_output_cursor *cursor = inos_capture_cursor (&session->target, &x, &y);
  bool entered = cursor && !session->inside;
  if (!cursor && session->inside)
    ext_image_copy_capture_cursor_session_v1_send_leave (session->resource);
  session->inside = cursor;
  if (!cursor)
    return;
  if (entered)
    ext_image_copy_capture_cursor_session_v1_send_enter (session->resource);
  if (entered || x != session->x || y != session->y)
    ext_image_copy_capture_cursor_session_v1_send_position (session->resource, x, y);
  if (entered || cursor->hotspot_x != session->hotspot_x || cursor->hotspot_y != session->hotspot_y)
    ext_image_copy_capture_cursor_session_v1_send_hotspot (session->resource, cursor->hotspot_x,
                                                           cursor->hotspot_y);
  session->x = x;
  session->y = y;
  session->hotspot_x = cursor->hotspot_x;
  session->hotspot_y = cursor->hotspot_y;
}

static int on_poll (void *data)
{
  struct cursor_session *session = data;
  tell (session);
  wl_event_source_timer_update (session->poll, POLL_MS);
  return 0;
}

static void stop (struct cursor_session *session)
{
  DISCONNECT (session->output_remove);
  DISCONNECT (session->view_unmap);
  if (session->poll)
    wl_event_source_remove (session->poll);
  session->poll = NULL;
  session->target.output = NULL;
  session->target.view = NULL;
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct cursor_session *session = wl_container_of (listener, session, output_remove);
  if (session->target.output == data)
    stop (session);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct cursor_session *session = wl_container_of (listener, session, view_unmap);
  if (session->target.view == data)
    stop (session);
}

static void on_cursor_session_gone (struct wl_resource *resource)
{
  struct cursor_session *session = wl_resource_get_user_data (resource);
  stop (session);
  g_free (session);
}

static void handle_get_capture_session (struct wl_client *client, struct wl_resource *resource,
                                        uint32_t id)
{
  struct cursor_session *session = wl_resource_get_user_data (resource);
  if (session->has_session) {
    wl_resource_post_error (resource,
                            EXT_IMAGE_COPY_CAPTURE_CURSOR_SESSION_V1_ERROR_DUPLICATE_SESSION,
                            "the pointer's session has been made");
    return;
  }
  session->has_session = true;
  inos_capture_session_create (client, id, &session->target, INOS_CAPTURE_CURSOR_ALONE);
}

static const struct ext_image_copy_capture_cursor_session_v1_interface cursor_impl = {
  .destroy = handle_destroy_request,
  .get_capture_session = handle_get_capture_session,
};

static void handle_create_session (struct wl_client *client, struct wl_resource *resource,
                                   uint32_t id, struct wl_resource *source, uint32_t options)
{
  if (options & ~(uint32_t)EXT_IMAGE_COPY_CAPTURE_MANAGER_V1_OPTIONS_PAINT_CURSORS) {
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_MANAGER_V1_ERROR_INVALID_OPTION,
                            "there are no options %#x", options);
    return;
  }
  struct inos_capture_target target = inos_capture_source_target (source);
  inos_capture_session_create (client, id, &target,
                               options ? INOS_CAPTURE_WITH_CURSOR : INOS_CAPTURE_WITHOUT_CURSOR);
}

static void handle_create_cursor_session (struct wl_client *client, struct wl_resource *resource,
                                          uint32_t id, struct wl_resource *source,
                                          struct wl_resource *pointer)
{
  struct wl_resource *made =
    wl_resource_create (client, &ext_image_copy_capture_cursor_session_v1_interface, 1, id);
  if (!made) {
    wl_client_post_no_memory (client);
    return;
  }
  struct cursor_session *session = g_new0 (struct cursor_session, 1);
  session->resource = made;
  session->target = inos_capture_source_target (source);
  const struct wlr_seat_client *seat = wlr_seat_client_from_pointer_resource (pointer);
  if (session->target.compositor && seat)
    session->target.seat = inos_seats_from_wlr (session->target.compositor, seat->seat)->id;
  wl_resource_set_implementation (made, &cursor_impl, session, on_cursor_session_gone);
  if (!session->target.output && !session->target.view)
    return;
  CONNECT_SIGNAL (session->target.compositor, session, output_remove);
  CONNECT_SIGNAL (session->target.compositor, session, view_unmap);
  session->poll = wl_event_loop_add_timer (session->target.compositor->loop, on_poll, session);
  on_poll (session);
}

static const struct ext_image_copy_capture_manager_v1_interface manager_impl = {
  .create_session = handle_create_session,
  .create_pointer_cursor_session = handle_create_cursor_session,
  .destroy = handle_destroy_request,
};

static void on_bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_image_copy_capture_manager_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &manager_impl, data, NULL);
  else
    wl_client_post_no_memory (client);
}

void *inos_capture_create (struct inos_compositor *compositor, int version)
{
  return wl_global_create (compositor->display, &ext_image_copy_capture_manager_v1_interface,
                           version, compositor, on_bind);
}

void inos_capture_destroy (void *state)
{
  wl_global_destroy (state);
}
