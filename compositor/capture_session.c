#include "capture_session.h"

#include <drm_fourcc.h>
#include <sys/stat.h>
#include <time.h>
#include <wlr/render/drm_format_set.h>
#include <wlr/render/swapchain.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>

#include "captures.h"
#include "ext-image-copy-capture-v1-protocol.h"
#include "listener.h"
#include "output.h"
#include "seat.h"
#include "view.h"

enum { MAX_DAMAGE_RECTS = 32, CURSOR_POLL_MS = 16, LEAST_CURSOR = 1 };

/* Lives as long as its resource or its frame's. */
struct session {
  struct wl_resource *resource; /* may be NULL: only its frame is left */
  struct frame *frame;          /* may be NULL */
  struct inos_capture_target target;
  enum inos_capture_what what;
  int width, height; /* that the client was told */
  bool stopped;
  uint32_t listed;          /* among those that take pictures; 0: not any more */
  pixman_region32_t damage; /* since the last frame that was ready */
  struct wlr_swapchain *swapchain;
  struct wl_event_source *poll; /* of the pointer; may be NULL */
  guint look;                   /* to compare: of the pointers' images and places */

  struct wl_listener output_remove, output_change, view_unmap, view_change, lock_change;
  struct wl_listener surface_commit, commit;
};

struct frame {
  struct wl_resource *resource;
  struct session *session;
  struct wlr_buffer *buffer; /* locked; may be NULL */
  bool captured;             /* the client asked for it */
  bool done;
};

static void session_disconnect (struct session *session)
{
  DISCONNECT (session->output_remove);
  DISCONNECT (session->output_change);
  DISCONNECT (session->view_unmap);
  DISCONNECT (session->view_change);
  DISCONNECT (session->lock_change);
  DISCONNECT (session->surface_commit);
  DISCONNECT (session->commit);
  if (session->poll)
    wl_event_source_remove (session->poll);
  session->poll = NULL;
}

static void session_free_unused (struct session *session)
{
  if (session->resource || session->frame)
    return;
  session_disconnect (session);
  wlr_swapchain_destroy (session->swapchain);
  pixman_region32_fini (&session->damage);
  g_free (session);
}

static void fail (struct frame *frame, enum ext_image_copy_capture_frame_v1_failure_reason reason)
{
  frame->done = true;
  ext_image_copy_capture_frame_v1_send_failed (frame->resource, reason);
}

static void unlist (struct session *session)
{
  if (session->listed)
    inos_captures_end (session->target.compositor, session->listed);
  session->listed = 0;
}

static void stop (struct session *session)
{
  if (session->stopped)
    return;
  session->stopped = true;
  unlist (session);
  session_disconnect (session);
  session->target.output = NULL;
  session->target.view = NULL;
  if (session->resource)
    ext_image_copy_capture_session_v1_send_stopped (session->resource);
  if (session->frame && session->frame->captured && !session->frame->done)
    fail (session->frame, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_STOPPED);
}

static bool current_size (struct session *session, int *width, int *height)
{
  int x, y;
  if (session->what != INOS_CAPTURE_CURSOR_ALONE)
    return inos_capture_size (&session->target, width, height);
  const struct wlr_output_cursor *cursor = inos_capture_cursor (&session->target, &x, &y);
  /* While it is elsewhere its last size holds. */
  *width = cursor ? (int)cursor->width : MAX (session->width, LEAST_CURSOR);
  *height = cursor ? (int)cursor->height : MAX (session->height, LEAST_CURSOR);
  return true;
}

static void damage_all (struct session *session)
{
  pixman_region32_union_rect (&session->damage, &session->damage, 0, 0,
                              (unsigned int)session->width, (unsigned int)session->height);
}

/* Graphics buffers that the renderer can draw to. */
static void tell_dmabuf (struct session *session)
{
  struct inos_compositor *compositor = session->target.compositor;
  int fd = wlr_renderer_get_drm_fd (compositor->renderer);
  struct stat device;
  struct inos_output *output;
  if (fd < 0 || !(compositor->renderer->render_buffer_caps & WLR_BUFFER_CAP_DMABUF) ||
      fstat (fd, &device) != 0)
    return;
  wl_list_for_each (output, &compositor->outputs, link) {
    const struct wlr_swapchain *swapchain = output->wlr->swapchain;
    if (!swapchain)
      continue;
    struct wl_array id = {sizeof device.st_rdev, sizeof device.st_rdev, &device.st_rdev};
    size_t size = swapchain->format.len * sizeof *swapchain->format.modifiers;
    struct wl_array modifiers = {size, size, swapchain->format.modifiers};
    ext_image_copy_capture_session_v1_send_dmabuf_device (session->resource, &id);
    ext_image_copy_capture_session_v1_send_dmabuf_format (session->resource,
                                                          swapchain->format.format, &modifiers);
    return;
  }
}

/* Says what buffers the session takes, where that changed. */
static void tell_constraints (struct session *session)
{
  int width, height;
  if (session->stopped || !session->resource || !current_size (session, &width, &height) ||
      (width == session->width && height == session->height))
    return;
  session->width = width;
  session->height = height;
  ext_image_copy_capture_session_v1_send_buffer_size (session->resource, (uint32_t)width,
                                                      (uint32_t)height);
  ext_image_copy_capture_session_v1_send_shm_format (session->resource, WL_SHM_FORMAT_ARGB8888);
  ext_image_copy_capture_session_v1_send_shm_format (session->resource, WL_SHM_FORMAT_XRGB8888);
  tell_dmabuf (session);
  ext_image_copy_capture_session_v1_send_done (session->resource);
  damage_all (session);
}

static bool is_suitable (struct session *session, struct wlr_buffer *buffer)
{
  struct wlr_shm_attributes shm;
  struct wlr_dmabuf_attributes dmabuf;
  if (buffer->width != session->width || buffer->height != session->height)
    return false;
  if (wlr_buffer_get_shm (buffer, &shm))
    return shm.format == DRM_FORMAT_ARGB8888 || shm.format == DRM_FORMAT_XRGB8888;
  return wlr_buffer_get_dmabuf (buffer, &dmabuf);
}

static void tell_ready (struct session *session, struct frame *frame)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  uint64_t seconds = (uint64_t)now.tv_sec;
  ext_image_copy_capture_frame_v1_send_transform (frame->resource, WL_OUTPUT_TRANSFORM_NORMAL);
  int n;
  const pixman_box32_t *box = pixman_region32_rectangles (&session->damage, &n);
  pixman_box32_t extents = *pixman_region32_extents (&session->damage);
  if (n > MAX_DAMAGE_RECTS) {
    box = &extents;
    n = 1;
  }
  for (int i = 0; i < n; i++)
    ext_image_copy_capture_frame_v1_send_damage (frame->resource, box[i].x1, box[i].y1,
                                                 box[i].x2 - box[i].x1, box[i].y2 - box[i].y1);
  ext_image_copy_capture_frame_v1_send_presentation_time (
    frame->resource, (uint32_t)(seconds >> 32), (uint32_t)seconds, (uint32_t)now.tv_nsec);
  ext_image_copy_capture_frame_v1_send_ready (frame->resource);
  pixman_region32_clear (&session->damage);
}

/* Fills the frame that waits, where something changed since the last one. */
static void serve (struct session *session)
{
  struct frame *frame = session->frame;
  if (!frame || !frame->captured || frame->done || session->stopped)
    return;
  pixman_region32_intersect_rect (&session->damage, &session->damage, 0, 0,
                                  (unsigned int)session->width, (unsigned int)session->height);
  if (!pixman_region32_not_empty (&session->damage))
    return;
  if (!is_suitable (session, frame->buffer)) {
    fail (frame, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_BUFFER_CONSTRAINTS);
    return;
  }
  if (!inos_capture_draw (&session->target, session->what, frame->buffer, &session->swapchain)) {
    fail (frame, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_UNKNOWN);
    return;
  }
  frame->done = true;
  tell_ready (session, frame);
}

static void all_changed (struct session *session)
{
  tell_constraints (session);
  damage_all (session);
  serve (session);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, output_remove);
  if (session->target.output == data)
    stop (session);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, output_change);
  if (!session->target.output || session->target.output == data)
    all_changed (session);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, view_unmap);
  if (session->target.view == data)
    stop (session);
}

/* A window that becomes private is black in the next frame, whoever shows it. */
static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, view_change);
  const struct inos_view *view = data;
  if (session->target.view == view || (session->target.output && view->is_private))
    all_changed (session);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, lock_change);
  all_changed (session);
}

static void handle_surface_commit (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, surface_commit);
  if (session->target.view && inos_view_from_surface (data) == session->target.view)
    all_changed (session);
}

/* Whether the pointer's image or place is another than when it was last asked. */
static bool pointer_changed (struct session *session)
{
  bool alone = session->what == INOS_CAPTURE_CURSOR_ALONE;
  struct inos_capture_target target = session->target;
  const struct inos_seat *seat;
  guint look = 0;
  wl_list_for_each (seat, &target.compositor->seats, link) {
    int x = 0, y = 0;
    target.seat = alone ? session->target.seat : seat->id;
    const struct wlr_output_cursor *cursor = inos_capture_cursor (&target, &x, &y);
    guint place = alone ? 0 : (guint)x * 65599 + (guint)y;
    look = look * 31 + g_direct_hash (cursor ? cursor->texture : NULL) + place;
  }
  bool changed = look != session->look;
  session->look = look;
  return changed;
}

/* The output's own frames say what changed there. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct session *session = wl_container_of (listener, session, commit);
  const struct wlr_output_event_commit *event = data;
  const struct wlr_output *wlr = session->target.output->wlr;
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  tell_constraints (session);
  if ((event->state->committed & WLR_OUTPUT_STATE_DAMAGE) &&
      wlr->transform == WL_OUTPUT_TRANSFORM_NORMAL)
    pixman_region32_union (&session->damage, &session->damage,
                           (pixman_region32_t *)&event->state->damage);
  else
    damage_all (session);
  if (pixman_region32_n_rects (&session->damage) > MAX_DAMAGE_RECTS) {
    pixman_box32_t box = *pixman_region32_extents (&session->damage);
    pixman_region32_union_rect (&session->damage, &session->damage, box.x1, box.y1,
                                (unsigned int)(box.x2 - box.x1), (unsigned int)(box.y2 - box.y1));
  }
  serve (session);
}

static int on_poll (void *data)
{
  struct session *session = data;
  if (pointer_changed (session))
    all_changed (session);
  wl_event_source_timer_update (session->poll, CURSOR_POLL_MS);
  return 0;
}

static void watch (struct session *session)
{
  struct inos_compositor *compositor = session->target.compositor;
  CONNECT_SIGNAL (compositor, session, output_remove);
  CONNECT_SIGNAL (compositor, session, output_change);
  CONNECT_SIGNAL (compositor, session, view_unmap);
  CONNECT_SIGNAL (compositor, session, view_change);
  CONNECT_SIGNAL (compositor, session, lock_change);
  CONNECT_SIGNAL (compositor, session, surface_commit);
  if (session->target.output)
    CONNECT_SIGNAL (session->target.output->wlr, session, commit);
  if (session->what == INOS_CAPTURE_WITHOUT_CURSOR)
    return;
  session->poll = wl_event_loop_add_timer (compositor->loop, on_poll, session);
  wl_event_source_timer_update (session->poll, CURSOR_POLL_MS);
}

static void handle_destroy_request (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void handle_attach_buffer (struct wl_client *client, struct wl_resource *resource,
                                  struct wl_resource *buffer)
{
  struct frame *frame = wl_resource_get_user_data (resource);
  if (frame->captured) {
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_ALREADY_CAPTURED,
                            "the frame has been captured");
    return;
  }
  if (frame->buffer)
    wlr_buffer_unlock (frame->buffer);
  frame->buffer = wlr_buffer_try_from_resource (buffer);
}

/* We always draw all of it, so that what the client says is only checked. */
static void handle_damage_buffer (struct wl_client *client, struct wl_resource *resource, int32_t x,
                                  int32_t y, int32_t width, int32_t height)
{
  const struct frame *frame = wl_resource_get_user_data (resource);
  if (frame->captured)
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_ALREADY_CAPTURED,
                            "the frame has been captured");
  else if (x < 0 || y < 0 || width <= 0 || height <= 0)
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_INVALID_BUFFER_DAMAGE,
                            "damage of %dx%d at %d, %d cannot be", width, height, x, y);
}

static void handle_capture (struct wl_client *client, struct wl_resource *resource)
{
  struct frame *frame = wl_resource_get_user_data (resource);
  if (frame->captured) {
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_ALREADY_CAPTURED,
                            "the frame has been captured");
    return;
  }
  if (!frame->buffer) {
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_NO_BUFFER,
                            "the frame has no buffer to be captured in");
    return;
  }
  frame->captured = true;
  if (frame->session->stopped)
    fail (frame, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_STOPPED);
  else if (!is_suitable (frame->session, frame->buffer))
    fail (frame, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_BUFFER_CONSTRAINTS);
  else
    serve (frame->session);
}

static const struct ext_image_copy_capture_frame_v1_interface frame_impl = {
  .destroy = handle_destroy_request,
  .attach_buffer = handle_attach_buffer,
  .damage_buffer = handle_damage_buffer,
  .capture = handle_capture,
};

static void on_frame_gone (struct wl_resource *resource)
{
  struct frame *frame = wl_resource_get_user_data (resource);
  if (frame->buffer)
    wlr_buffer_unlock (frame->buffer);
  frame->session->frame = NULL;
  session_free_unused (frame->session);
  g_free (frame);
}

static void handle_create_frame (struct wl_client *client, struct wl_resource *resource,
                                 uint32_t id)
{
  struct session *session = wl_resource_get_user_data (resource);
  if (session->frame) {
    wl_resource_post_error (resource, EXT_IMAGE_COPY_CAPTURE_SESSION_V1_ERROR_DUPLICATE_FRAME,
                            "the session has a frame already");
    return;
  }
  struct wl_resource *made =
    wl_resource_create (client, &ext_image_copy_capture_frame_v1_interface, 1, id);
  if (!made) {
    wl_client_post_no_memory (client);
    return;
  }
  struct frame *frame = g_new0 (struct frame, 1);
  frame->resource = made;
  frame->session = session;
  session->frame = frame;
  wl_resource_set_implementation (made, &frame_impl, frame, on_frame_gone);
}

static const struct ext_image_copy_capture_session_v1_interface session_impl = {
  .create_frame = handle_create_frame,
  .destroy = handle_destroy_request,
};

static void on_session_gone (struct wl_resource *resource)
{
  struct session *session = wl_resource_get_user_data (resource);
  session->resource = NULL;
  unlist (session);
  session_free_unused (session);
}

static void on_stopped_by_person (void *data)
{
  stop (data);
}

static void list (struct session *session, struct wl_client *client)
{
  const struct inos_capture_target *target = &session->target;
  const struct inos_capture_entry entry = {
    .kind = session->what == INOS_CAPTURE_CURSOR_ALONE ? INOS_CAPTURES_POINTER
            : target->view                             ? INOS_CAPTURES_WINDOW
                                                       : INOS_CAPTURES_OUTPUT,
    .output = target->output,
    .view = target->view,
  };
  session->listed =
    inos_captures_begin (target->compositor, client, &entry, on_stopped_by_person, session);
}

void inos_capture_session_create (struct wl_client *client, uint32_t id,
                                  const struct inos_capture_target *target,
                                  enum inos_capture_what what)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_image_copy_capture_session_v1_interface, 1, id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct session *session = g_new0 (struct session, 1);
  session->resource = resource;
  session->target = *target;
  session->what = what;
  pixman_region32_init (&session->damage);
  wl_resource_set_implementation (resource, &session_impl, session, on_session_gone);
  if (!target->output && !target->view) {
    stop (session);
    return;
  }
  list (session, client);
  watch (session);
  tell_constraints (session);
}
