/* Programs that draw over others, type and point for the person or copy the screen: behind the lock
 * screen they find nothing but it. */

#include <linux/input-event-codes.h>
#include <sys/mman.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>

#include "captures.h"
#include "fixture.h"
#include "hand.h"
#include "layer-client.h"
#include "lock.h"
#include "locker.h"
#include "output.h"
#include "seat.h"
#include "view.h"
#include "wlr_interfaces.h"

enum { LAYER_OVERLAY = 3, ANCHOR_ALL = 15, KEYBOARD_EXCLUSIVE = 1 };

/* A program's surface over all of the first output, that wants the keyboard for itself. */
struct curtain {
  struct client *client;
  struct wl_proxy *shell, *role;
  struct wl_surface *surface;
  struct wl_buffer *buffer;
  int configures, closes;
};

static void on_curtain_configure (void *data, struct wl_proxy *role, uint32_t serial,
                                  uint32_t width, uint32_t height)
{
  ((struct curtain *)data)->configures++;
  layer_surface_set (role, LAYER_SURFACE_ACK_CONFIGURE, (int32_t)serial, 0, 0, 0);
}

static void on_curtain_closed (void *data, struct wl_proxy *role)
{
  ((struct curtain *)data)->closes++;
}

static void curtain_open (struct curtain *curtain, struct client *client)
{
  static const struct layer_surface_listener listener = {on_curtain_configure, on_curtain_closed};
  *curtain = (struct curtain){
    .client = client,
    .shell = client_bind (client, &test_layer_shell_interface, 4),
    .surface = wl_compositor_create_surface (client->wl_compositor),
    .buffer = client_buffer (client, 1280, 800, RED),
  };
  struct wl_output *output = client_bind_nth (client, &wl_output_interface, 1, 0);
  curtain->role = layer_surface_create (curtain->shell, curtain->surface, output, LAYER_OVERLAY);
  wl_proxy_add_listener (curtain->role, (void (**) (void))&listener, curtain);
  layer_surface_set (curtain->role, LAYER_SURFACE_SET_ANCHOR, ANCHOR_ALL, 0, 0, 0);
  layer_surface_set (curtain->role, LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY, KEYBOARD_EXCLUSIVE, 0,
                     0, 0);
  wl_surface_commit (curtain->surface);
  client_roundtrip (client);
  assert_true (curtain->configures > 0);
  wl_surface_attach (curtain->surface, curtain->buffer, 0, 0);
  wl_surface_damage_buffer (curtain->surface, 0, 0, 9999, 9999);
  wl_surface_commit (curtain->surface);
  client_settle (client);
  wl_output_destroy (output);
}

static void curtain_close (struct curtain *curtain)
{
  layer_surface_set (curtain->role, LAYER_SURFACE_DESTROY, 0, 0, 0, 0);
  wl_surface_destroy (curtain->surface);
  wl_buffer_destroy (curtain->buffer);
  wl_proxy_marshal_flags (curtain->shell, 1, NULL, 4, WL_MARSHAL_FLAG_DESTROY);
  client_roundtrip (curtain->client);
}

/* On the first of the two outputs, beside its middle, which the pointer would cover. */
static void click (struct hand *hand)
{
  hand_click (hand, 600, 360, 2560, 800);
}

static void test_surfaces_over_all (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct input victim, own;
  struct hand hand;
  struct curtain early, late;
  struct client *helper = client_connect (desk->compositor);
  input_init (&victim, desk->client);
  hand_init (&hand, helper, client_bind (helper, &wl_seat_interface, 1));
  curtain_open (&early, desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  hand_type (&hand, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 2);
  struct locker *locker = locker_start (desk->compositor);
  client_settle (desk->client);
  assert_true (camera_is_dark (&desk->cameras[0]));
  assert_null (seat->wlr->keyboard_state.focused_surface);
  locker_cover (locker, 0);
  input_init (&own, locker->client);
  curtain_open (&late, desk->client);
  assert_int_equal (desk->cameras[0].middle, BLUE);
  assert_ptr_equal (seat->wlr->keyboard_state.focused_surface, inos_lock_focus (desk->compositor));
  hand_type (&hand, KEY_A);
  click (&hand);
  client_roundtrip (desk->client);
  client_roundtrip (locker->client);
  assert_int_equal (victim.keys, 2);
  assert_int_equal (victim.buttons, 0);
  assert_int_equal (own.keys, 2);
  assert_int_equal (own.buttons, 2);
  /* Where the locker shows nothing there is nothing either. */
  input_finish (&own);
  locker_kill (locker);
  client_settle (desk->client);
  hand_type (&hand, KEY_A);
  click (&hand);
  client_roundtrip (desk->client);
  assert_true (camera_is_dark (&desk->cameras[0]));
  assert_int_equal (victim.keys, 2);
  assert_int_equal (victim.buttons, 0);
  locker = locker_start (desk->compositor);
  locker_unlock (locker);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  hand_type (&hand, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 4);
  curtain_close (&late);
  curtain_close (&early);
  hand_finish (&hand);
  input_finish (&victim);
  client_disconnect (helper);
}

/* One that is made while locked types into the lock screen alone too. */
static void test_virtual_input (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct input victim, own;
  struct hand hand;
  struct client *helper = client_connect (desk->compositor);
  input_init (&victim, desk->client);
  struct locker *locker = locker_start (desk->compositor);
  hand_init (&hand, helper, client_bind (helper, &wl_seat_interface, 1));
  hand_type (&hand, KEY_A);
  click (&hand);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 0);
  assert_int_equal (victim.buttons, 0);
  locker_cover (locker, 0);
  input_init (&own, locker->client);
  hand_type (&hand, KEY_A);
  click (&hand);
  client_roundtrip (desk->client);
  client_roundtrip (locker->client);
  assert_int_equal (victim.keys, 0);
  assert_int_equal (victim.buttons, 0);
  assert_int_equal (own.keys, 2);
  assert_int_equal (own.buttons, 2);
  input_finish (&own);
  locker_unlock (locker);
  click (&hand);
  hand_type (&hand, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 2);
  assert_int_equal (victim.buttons, 2);
  hand_finish (&hand);
  input_finish (&victim);
  window_close (window);
  client_disconnect (helper);
}

struct copy {
  uint32_t format, width, height, stride;
  int ready, failed;
};

static void on_buffer (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                       uint32_t height, uint32_t stride)
{
  struct copy *copy = data;
  copy->format = format;
  copy->width = width;
  copy->height = height;
  copy->stride = stride;
}

static void on_flags (void *data, struct wl_proxy *frame, uint32_t flags)
{
}

static void on_ready (void *data, struct wl_proxy *frame, uint32_t hi, uint32_t lo, uint32_t nsec)
{
  ((struct copy *)data)->ready++;
}

static void on_failed (void *data, struct wl_proxy *frame)
{
  ((struct copy *)data)->failed++;
}

static void on_damage (void *data, struct wl_proxy *frame, uint32_t x, uint32_t y, uint32_t width,
                       uint32_t height)
{
}

static void on_linux_dmabuf (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                             uint32_t height)
{
}

static void on_buffer_done (void *data, struct wl_proxy *frame)
{
}

/* The pixel in the middle of the first output, as wlr-screencopy has it. before_copy: may be NULL,
 * what happens between the question and the copy. */
static uint32_t screencopy (struct client *client, void (*before_copy) (void *data), void *data)
{
  static const struct screencopy_frame_listener listener = {
    on_buffer, on_flags, on_ready, on_failed, on_damage, on_linux_dmabuf, on_buffer_done,
  };
  struct copy copy = {0};
  struct wl_proxy *manager = client_bind (client, &zwlr_screencopy_manager_v1_interface, 3);
  struct wl_output *output = client_bind_nth (client, &wl_output_interface, 1, 0);
  struct wl_proxy *frame = wl_proxy_marshal_flags (
    manager, SCREENCOPY_CAPTURE_OUTPUT, &zwlr_screencopy_frame_v1_interface, 3, 0, NULL, 0, output);
  wl_proxy_add_listener (frame, (void (**) (void))&listener, &copy);
  client_roundtrip (client);
  assert_int_equal (copy.width, 1280);
  if (before_copy)
    before_copy (data);
  size_t size = (size_t)copy.stride * copy.height;
  int fd = memfd_create ("copy", MFD_CLOEXEC);
  assert_int_equal (ftruncate (fd, (off_t)size), 0);
  uint32_t *pixels = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  struct wl_shm_pool *pool = wl_shm_create_pool (client->shm, fd, (int)size);
  struct wl_buffer *buffer = wl_shm_pool_create_buffer (pool, 0, (int)copy.width, (int)copy.height,
                                                        (int)copy.stride, copy.format);
  wl_proxy_marshal_flags (frame, SCREENCOPY_FRAME_COPY, NULL, 3, 0, buffer);
  for (int i = 0; i < 400 && !copy.ready && !copy.failed; i++)
    client_wait (client, 5);
  assert_int_equal (copy.ready, 1);
  uint32_t pixel = pixels[copy.height / 2 * (copy.stride / 4) + copy.width / 2] | 0xff000000;
  munmap (pixels, size);
  close (fd);
  wl_buffer_destroy (buffer);
  wl_shm_pool_destroy (pool);
  wl_proxy_marshal_flags (frame, SCREENCOPY_FRAME_DESTROY, NULL, 3, WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_marshal_flags (manager, SCREENCOPY_DESTROY, NULL, 3, WL_MARSHAL_FLAG_DESTROY);
  wl_output_destroy (output);
  client_roundtrip (client);
  return pixel;
}

struct late_lock {
  struct inos_compositor *compositor;
  struct locker *locker;
};

static void lock_now (void *data)
{
  struct late_lock *late = data;
  late->locker = locker_start (late->compositor);
}

static void test_copies_of_the_screen (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  assert_int_equal (screencopy (desk->client, NULL, NULL), RED);
  /* The screen locks after somebody has asked for the frame and before it is copied. */
  struct late_lock late = {.compositor = desk->compositor};
  uint32_t pixel = screencopy (desk->client, lock_now, &late);
  struct locker *locker = late.locker;
  assert_int_not_equal (pixel, RED);
  window_draw (window);
  assert_int_not_equal (screencopy (desk->client, NULL, NULL), RED);
  locker_cover (locker, 0);
  window_draw (window);
  assert_int_equal (screencopy (desk->client, NULL, NULL), BLUE);
  locker_kill (locker);
  client_settle (desk->client);
  assert_int_not_equal (screencopy (desk->client, NULL, NULL), RED);
  locker = locker_start (desk->compositor);
  locker_unlock (locker);
  assert_int_equal (screencopy (desk->client, NULL, NULL), RED);
  window_close (window);
}

static void count (const struct inos_capture_entry *entry, void *data)
{
  *(int *)data += 1;
}

static bool is_listed (struct inos_compositor *compositor)
{
  int n = 0;
  inos_captures_for_each (compositor, count, &n);
  return n > 0;
}

static void take_entry (const struct inos_capture_entry *entry, void *data)
{
  struct inos_capture_entry *taken = data;
  assert_int_equal (taken->id, 0);
  *taken = *entry;
}

/* Who copies frames of the screen is known, and loses its connection where a person stops it. */
static void test_who_copies_is_listed (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct client *client = client_connect (desk->compositor);
  struct inos_capture_entry entry = {0};
  assert_int_equal (screencopy (client, NULL, NULL), RED);
  assert_int_equal (screencopy (client, NULL, NULL), RED);
  inos_captures_for_each (desk->compositor, take_entry, &entry);
  assert_int_not_equal (entry.id, 0);
  assert_int_equal (entry.kind, INOS_CAPTURES_OUTPUT);
  assert_ptr_equal (entry.output, desk->outputs[0]);
  assert_true (inos_captures_stop (desk->compositor, entry.id));
  assert_null (client->server_side);
  entry.id = 0;
  inos_captures_for_each (desk->compositor, take_entry, &entry);
  assert_int_equal (entry.id, 0);
  client_disconnect (client);
  /* And one that only ends is listed for a while, and then no more. */
  assert_int_equal (screencopy (desk->client, NULL, NULL), RED);
  inos_captures_for_each (desk->compositor, take_entry, &entry);
  assert_int_not_equal (entry.id, 0);
  client_wait_until (desk->client, !is_listed (desk->compositor));
  window_close (window);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, desk_setup, desk_teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_surfaces_over_all),
    WITH_DESK (test_virtual_input),
    WITH_DESK (test_copies_of_the_screen),
    WITH_DESK (test_who_copies_is_listed),
  };
  return run_compositor_tests (tests);
}
