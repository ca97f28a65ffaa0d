/* wlr-export-dmabuf: a program gets the very buffer of a frame. What lacks here is a GPU, so what
 * is exported is a stand-in: a picture that says it is such a buffer, with a memfd for its memory.
 */

#include <drm_fourcc.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wlr/interfaces/wlr_buffer.h>
#include <wlr/types/wlr_output.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "wlr_interfaces.h"

enum { WIDTH = 1280, HEIGHT = 800, STRIDE = WIDTH * 4, CANCELLED_FOR_NOW = 0 };

/* What the program was told of its frame. */
struct told {
  struct wl_proxy *frame;
  uint32_t width, height, format, objects, stride, cancelled;
  int fd;
  unsigned int ready, cancels;
};

static void on_frame (void *data, struct wl_proxy *frame, uint32_t width, uint32_t height,
                      uint32_t x, uint32_t y, uint32_t buffer_flags, uint32_t flags,
                      uint32_t format, uint32_t mod_high, uint32_t mod_low, uint32_t objects)
{
  struct told *told = data;
  told->width = width;
  told->height = height;
  told->format = format;
  told->objects = objects;
}

static void on_object (void *data, struct wl_proxy *frame, uint32_t index, int32_t fd,
                       uint32_t size, uint32_t offset, uint32_t stride, uint32_t plane)
{
  struct told *told = data;
  told->fd = fd;
  told->stride = stride;
}

static void on_ready (void *data, struct wl_proxy *frame, uint32_t hi, uint32_t lo, uint32_t nsec)
{
  ((struct told *)data)->ready++;
}

static void on_cancel (void *data, struct wl_proxy *frame, uint32_t reason)
{
  struct told *told = data;
  told->cancels++;
  told->cancelled = reason;
}

/* Of a frame of the first output. */
static void ask (struct told *told, struct wl_proxy *manager, struct wl_output *output)
{
  static const struct export_frame_listener listener = {on_frame, on_object, on_ready, on_cancel};
  *told = (struct told){.fd = -1};
  told->frame = wl_proxy_marshal_flags (
    manager, EXPORT_CAPTURE_OUTPUT, &zwlr_export_dmabuf_frame_v1_interface, 1, 0, NULL, 0, output);
  wl_proxy_add_listener (told->frame, (void (**) (void))&listener, told);
}

static void end (struct told *told)
{
  wl_proxy_marshal_flags (told->frame, EXPORT_FRAME_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  if (told->fd >= 0)
    close (told->fd);
}

/* The picture of a GPU that is not there. */
struct picture {
  struct wlr_buffer base;
  int fd;
};

static void destroy_picture (struct wlr_buffer *buffer)
{
  struct picture *picture = wl_container_of (buffer, picture, base);
  close (picture->fd);
  g_free (picture);
}

static bool get_dmabuf (struct wlr_buffer *buffer, struct wlr_dmabuf_attributes *attributes)
{
  struct picture *picture = wl_container_of (buffer, picture, base);
  *attributes = (struct wlr_dmabuf_attributes){
    .width = WIDTH,
    .height = HEIGHT,
    .format = DRM_FORMAT_XRGB8888,
    .modifier = DRM_FORMAT_MOD_LINEAR,
    .n_planes = 1,
    .stride = {STRIDE},
    .fd = {picture->fd},
  };
  return true;
}

static void show_picture (struct inos_output *output)
{
  static const struct wlr_buffer_impl impl = {.destroy = destroy_picture, .get_dmabuf = get_dmabuf};
  struct picture *picture = g_new0 (struct picture, 1);
  picture->fd = memfd_create ("picture", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (picture->fd, STRIDE * HEIGHT));
  g_assert_true (pwrite (picture->fd, "seen", 4, 0) == 4);
  wlr_buffer_init (&picture->base, &impl, WIDTH, HEIGHT);
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_buffer (&state, &picture->base);
  wlr_buffer_drop (&picture->base);
  assert_true (wlr_output_commit_state (output->wlr, &state));
  wlr_output_state_finish (&state);
}

struct scene {
  struct inos_compositor *compositor;
  struct inos_output *output;
  struct client *client;
  struct wl_proxy *manager;
  struct wl_output *wl_output;
};

static void begin (struct scene *scene)
{
  scene->compositor = start_compositor (2);
  scene->output = inos_output_at (scene->compositor, 10, 10);
  scene->client = client_connect (scene->compositor);
  scene->manager = client_bind (scene->client, &zwlr_export_dmabuf_manager_v1_interface, 1);
  scene->wl_output = client_bind_nth (scene->client, &wl_output_interface, 4, 0);
  assert_non_null (scene->manager);
  client_settle (scene->client);
}

/* The next frame is the test's: none is drawn until one was. */
static void hold (struct scene *scene)
{
  scene->output->wlr->frame_pending = true;
}

static void finish (struct scene *scene)
{
  assert_int_equal (wl_display_get_error (scene->client->display), 0);
  wl_proxy_marshal_flags (scene->manager, EXPORT_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_output_release (scene->wl_output);
  client_disconnect (scene->client);
  inos_compositor_destroy (scene->compositor);
}

static void test_the_buffer_of_a_frame (void **state)
{
  struct scene scene;
  struct told told;
  begin (&scene);
  int locks = scene.output->wlr->attach_render_locks;
  hold (&scene);
  ask (&told, scene.manager, scene.wl_output);
  client_roundtrip (scene.client);
  /* Nothing goes past the renderer for as long as it waits. */
  assert_int_equal (scene.output->wlr->attach_render_locks, locks + 1);
  show_picture (scene.output);
  client_roundtrip (scene.client);
  assert_int_equal (told.cancels, 0);
  assert_int_equal (told.ready, 1);
  assert_int_equal (told.width, WIDTH);
  assert_int_equal (told.height, HEIGHT);
  assert_int_equal (told.format, DRM_FORMAT_XRGB8888);
  assert_int_equal (told.objects, 1);
  assert_int_equal (told.stride, STRIDE);
  char seen[4] = "";
  assert_int_equal (pread (told.fd, seen, sizeof seen, 0), sizeof seen);
  assert_memory_equal (seen, "seen", sizeof seen);
  assert_int_equal (scene.output->wlr->attach_render_locks, locks);
  end (&told);
  finish (&scene);
}

/* A renderer in software has no such buffer: the program is told, and may ask again. */
static void test_none_without_a_gpu (void **state)
{
  struct scene scene;
  struct told told;
  begin (&scene);
  int locks = scene.output->wlr->attach_render_locks;
  ask (&told, scene.manager, scene.wl_output);
  struct window *window = window_open (scene.client, "a", "drawn");
  client_wait_until (scene.client, told.cancels + told.ready > 0);
  assert_int_equal (told.ready, 0);
  assert_int_equal (told.cancelled, CANCELLED_FOR_NOW);
  assert_int_equal (scene.output->wlr->attach_render_locks, locks);
  end (&told);
  window_close (window);
  finish (&scene);
}

/* The output, or the program, goes while a frame is waited for. */
static void test_nobody_waits_for_ever (void **state)
{
  struct scene scene;
  struct told told;
  begin (&scene);
  int locks = scene.output->wlr->attach_render_locks;
  hold (&scene);
  struct client *dying = client_connect (scene.compositor);
  struct wl_proxy *manager = client_bind (dying, &zwlr_export_dmabuf_manager_v1_interface, 1);
  struct wl_output *output = client_bind_nth (dying, &wl_output_interface, 4, 0);
  struct told unheard;
  ask (&unheard, manager, output);
  client_roundtrip (dying);
  assert_int_equal (scene.output->wlr->attach_render_locks, locks + 1);
  wl_proxy_destroy (unheard.frame);
  wl_proxy_destroy (manager);
  wl_output_destroy (output);
  client_disconnect (dying);
  pump();
  assert_int_equal (scene.output->wlr->attach_render_locks, locks);
  ask (&told, scene.manager, scene.wl_output);
  client_roundtrip (scene.client);
  wlr_output_destroy (scene.output->wlr);
  client_roundtrip (scene.client);
  /* wlroots says nothing of it; at least nothing is said that is not so. */
  assert_int_equal (told.ready, 0);
  end (&told);
  finish (&scene);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_buffer_of_a_frame),
    cmocka_unit_test (test_none_without_a_gpu),
    cmocka_unit_test (test_nobody_waits_for_ever),
  };
  return run_compositor_tests (tests);
}
