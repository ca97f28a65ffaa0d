#include "bus_capture.h"

#include <cairo.h>
#include <errno.h>
#include <gio/gunixfdlist.h>
#include <string.h>
#include <unistd.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>

#include "bus_output.h"
#include "bus_window.h"
#include "capture_draw.h"
#include "captures.h"
#include "compositor-dbus.h"
#include "listener.h"
#include "output.h"
#include "view.h"

/* Whoever reads slowly must not make us keep many pictures. */
enum { MAX_PENDING = 4, MAX_SIDE = 16384 };

struct inos_bus_capture {
  struct inos_compositor *compositor;
  InosDBusCompositor1Capture *object;
  unsigned int *pending; /* reference counted: pictures that are being written may outlive us */

  struct wl_listener capture_change;
  struct wl_event_source *idle; /* may be NULL: nothing changed */
};

/* A picture on its way, in a thread of its own: compressing takes longer than a frame. */
struct picture {
  cairo_surface_t *surface;
  GDBusMethodInvocation *invocation;
  unsigned int *pending;
  int fd;
};

static void picture_free (void *data)
{
  struct picture *picture = data;
  *picture->pending -= 1;
  g_atomic_rc_box_release (picture->pending);
  cairo_surface_destroy (picture->surface);
  close (picture->fd);
  g_free (picture);
}

static cairo_status_t on_bytes (void *data, const unsigned char *bytes, unsigned int length)
{
  const struct picture *picture = data;
  while (length > 0) {
    ssize_t n = write (picture->fd, bytes, length);
    if (n < 0 && errno != EINTR)
      return CAIRO_STATUS_WRITE_ERROR;
    bytes += MAX (n, 0);
    length -= (unsigned int)MAX (n, 0);
  }
  return CAIRO_STATUS_SUCCESS;
}

static void write_out (GTask *task, void *source, void *data, GCancellable *cancellable)
{
  struct picture *picture = data;
  cairo_status_t status = cairo_surface_write_to_png_stream (picture->surface, on_bytes, picture);
  if (status == CAIRO_STATUS_SUCCESS)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "the picture cannot be written: %s", cairo_status_to_string (status));
}

static void on_written (GObject *object, GAsyncResult *result, void *data)
{
  const struct picture *picture = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    inos_dbus_compositor1_capture_complete_screenshot (
      INOS_DBUS_COMPOSITOR1_CAPTURE (object), picture->invocation, NULL,
      (guint)cairo_image_surface_get_width (picture->surface),
      (guint)cairo_image_surface_get_height (picture->surface));
  else
    g_dbus_method_invocation_return_gerror (picture->invocation, error);
}

/* Returns false where nothing is called so. */
static bool find_target (struct inos_bus_capture *capture, const char *path,
                         const struct wlr_box *region, struct inos_capture_target *target)
{
  struct inos_compositor *compositor = capture->compositor;
  struct inos_output *output;
  struct inos_view *view;
  *target = (struct inos_capture_target){.compositor = compositor};
  if (g_str_equal (path, "/")) {
    struct wlr_box all;
    wlr_output_layout_get_box (compositor->layout, NULL, &all);
    if (wlr_box_empty (region))
      target->region = all;
    else
      wlr_box_intersection (&target->region, region, &all);
    return true;
  }
  wl_list_for_each (output, &compositor->outputs, link) {
    g_autofree char *this = inos_bus_output_path (output->wlr->name);
    if (g_str_equal (this, path))
      target->output = output;
  }
  wl_list_for_each (view, &compositor->views, link) {
    g_autofree char *this = inos_bus_window_path (view->id);
    if (g_str_equal (this, path))
      target->view = view;
  }
  return target->output || target->view;
}

static cairo_surface_t *draw (const struct inos_capture_target *target, bool cursor)
{
  int width, height;
  if (!inos_capture_size (target, &width, &height) || width > MAX_SIDE || height > MAX_SIDE)
    return NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data (surface);
  if (pixels &&
      inos_capture_read (target, cursor ? INOS_CAPTURE_WITH_CURSOR : INOS_CAPTURE_WITHOUT_CURSOR,
                         width, height, pixels)) {
    cairo_surface_mark_dirty (surface);
    return surface;
  }
  cairo_surface_destroy (surface);
  return NULL;
}

static int take_fd (GUnixFDList *fds, GVariant *handle, GError **error)
{
  int index = g_variant_get_handle (handle);
  if (fds && index >= 0 && index < g_unix_fd_list_get_length (fds))
    return g_unix_fd_list_get (fds, index, error);
  g_set_error_literal (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                       "there is no descriptor to write to");
  return -1;
}

static struct picture *take_picture (struct inos_bus_capture *capture, const char *what,
                                     GVariant *box, bool cursor, GError **error)
{
  struct inos_capture_target target;
  struct wlr_box region;
  g_variant_get (box, "(iiii)", &region.x, &region.y, &region.width, &region.height);
  /* What is far outside would not fit a number when added up. */
  bool sane = ABS ((gint64)region.x) <= 1 << 20 && ABS ((gint64)region.y) <= 1 << 20 &&
              region.width >= 0 && region.width <= 1 << 20 && region.height >= 0 &&
              region.height <= 1 << 20;
  cairo_surface_t *surface = NULL;
  if (*capture->pending >= MAX_PENDING)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                 "%d pictures are being written: wait for one of them", MAX_PENDING);
  else if (!sane)
    g_set_error_literal (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                         "a region is x, y, width and height of the desktop");
  else if (!find_target (capture, what, &region, &target))
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
                 "there is no output or window %s", what);
  else if (!(surface = draw (&target, cursor)))
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                 "there is nothing to see of %s in that region", what);
  if (!surface)
    return NULL;
  struct picture *picture = g_new0 (struct picture, 1);
  *picture = (struct picture){surface, NULL, g_atomic_rc_box_acquire (capture->pending), -1};
  *picture->pending += 1;
  return picture;
}

static gboolean on_screenshot (InosDBusCompositor1Capture *object,
                               GDBusMethodInvocation *invocation, GUnixFDList *fds,
                               const char *what, GVariant *region, gboolean cursor,
                               GVariant *handle, void *data)
{
  struct inos_bus_capture *capture = data;
  GError *error = NULL;
  int fd = take_fd (fds, handle, &error);
  struct picture *picture = fd >= 0 ? take_picture (capture, what, region, cursor, &error) : NULL;
  if (!picture) {
    if (fd >= 0)
      close (fd);
    g_dbus_method_invocation_take_error (invocation, error);
    return TRUE;
  }
  picture->invocation = invocation;
  picture->fd = fd;
  g_autoptr (GTask) task = g_task_new (object, NULL, on_written, NULL);
  g_task_set_task_data (task, picture, picture_free);
  g_task_run_in_thread (task, write_out);
  return TRUE;
}

/* Rows of the property; whoever opens more hides nothing by it: the list says so many of theirs. */
enum { CAPTURES_LISTED = 256 };

struct rows {
  GVariantBuilder builder;
  unsigned int count;
};

static void add_capture (const struct inos_capture_entry *entry, void *data)
{
  struct rows *rows = data;
  static const char *const kinds[] = {
    [INOS_CAPTURES_OUTPUT] = "output",
    [INOS_CAPTURES_WINDOW] = "window",
    [INOS_CAPTURES_POINTER] = "pointer",
  };
  if (rows->count++ >= CAPTURES_LISTED)
    return;
  g_autofree char *path = entry->view ? inos_bus_window_path (entry->view->id)
                                      : inos_bus_output_path (entry->output->wlr->name);
  g_variant_builder_add (&rows->builder, "(ususo)", entry->id, entry->program, (guint32)entry->pid,
                         kinds[entry->kind], path);
}

static void fill (struct inos_bus_capture *capture)
{
  struct rows rows = {0};
  g_variant_builder_init (&rows.builder, G_VARIANT_TYPE ("a(ususo)"));
  inos_captures_for_each (capture->compositor, add_capture, &rows);
  inos_dbus_compositor1_capture_set_captures (capture->object,
                                              g_variant_builder_end (&rows.builder));
}

static void on_idle (void *data)
{
  struct inos_bus_capture *capture = data;
  capture->idle = NULL;
  fill (capture);
}

/* Once for all that come and go in a turn: a client may have thousands. */
static void handle_capture_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_capture *capture = wl_container_of (listener, capture, capture_change);
  if (!capture->idle && !capture->compositor->ending)
    capture->idle = wl_event_loop_add_idle (capture->compositor->loop, on_idle, capture);
}

static gboolean on_stop (InosDBusCompositor1Capture *object, GDBusMethodInvocation *invocation,
                         guint id, void *data)
{
  struct inos_bus_capture *capture = data;
  if (inos_captures_stop (capture->compositor, id))
    inos_dbus_compositor1_capture_complete_stop (object, invocation);
  else
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
                                           "nobody takes pictures under number %u", id);
  return TRUE;
}

struct inos_bus_capture *inos_bus_capture_create (struct inos_compositor *compositor,
                                                  GDBusConnection *connection, const char *path)
{
  struct inos_bus_capture *capture = g_new0 (struct inos_bus_capture, 1);
  capture->compositor = compositor;
  capture->pending = g_atomic_rc_box_new0 (unsigned int);
  capture->object = inos_dbus_compositor1_capture_skeleton_new();
  g_signal_connect (capture->object, "handle-screenshot", G_CALLBACK (on_screenshot), capture);
  g_signal_connect (capture->object, "handle-stop", G_CALLBACK (on_stop), capture);
  fill (capture);
  CONNECT_SIGNAL (compositor, capture, capture_change);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (capture->object), connection, path,
                                    NULL);
  return capture;
}

void inos_bus_capture_destroy (struct inos_bus_capture *capture)
{
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (capture->object));
  g_signal_handlers_disconnect_by_data (capture->object, capture);
  DISCONNECT (capture->capture_change);
  if (capture->idle)
    wl_event_source_remove (capture->idle);
  g_object_unref (capture->object);
  g_atomic_rc_box_release (capture->pending);
  g_free (capture);
}
