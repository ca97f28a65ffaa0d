/* A client that holds too much, stops reading, hangs, lies about sizes or dies: it alone suffers.
 */

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>

#include "clients.h"
#include "devices.h"
#include "said.h"
#include "view.h"
#include "witness.h"
#include "viewporter-client-protocol.h"
#include "xdg-shell-client-protocol.h"

/* Lets both talk until the client was dropped; false where that never happens. */
static bool is_dropped (struct client *client)
{
  for (int i = 0; i < 100 && client->server_side; i++) {
    wl_display_flush (client->display);
    pump();
  }
  return !client->server_side;
}

typedef void *(*make_fn) (struct client *client);

static void *make_surface (struct client *client)
{
  return wl_compositor_create_surface (client->wl_compositor);
}

static void *make_region (struct client *client)
{
  return wl_compositor_create_region (client->wl_compositor);
}

static void *make_callback (struct client *client)
{
  static struct wl_surface *surface;
  static struct client *owner;
  if (owner != client)
    surface = make_surface (client);
  owner = client;
  return wl_surface_frame (surface);
}

static void *make_buffer (struct client *client)
{
  static struct wl_shm_pool *pool;
  static struct client *owner;
  if (owner != client) {
    int fd = memfd_create ("pool", MFD_CLOEXEC);
    g_assert_no_errno (ftruncate (fd, 4096));
    pool = wl_shm_create_pool (client->shm, fd, 4096);
    close (fd);
  }
  owner = client;
  return wl_shm_pool_create_buffer (pool, 0, 8, 8, 32, WL_SHM_FORMAT_XRGB8888);
}

/* Each kind of object, without end. */
static void test_floods_of_objects (void **state)
{
  static const struct {
    make_fn make;
    const char *said;
  } kinds[] = {
    {make_surface, "surfaces: this looks like a flood"},
    {make_region, "objects: this looks like a flood"},
    {make_callback, "objects: this looks like a flood"},
    {make_buffer, "buffers: this looks like a flood"},
  };
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (size_t kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    said_forget();
    struct client *flooder = client_connect (compositor);
    unsigned int made = 0;
    for (; flooder->server_side && made < 1000000; made++) {
      kinds[kind].make (flooder);
      if (made % 1000 == 999) {
        wl_display_flush (flooder->display);
        pump();
      }
    }
    assert_true (made < 100000);
    assert_true (is_dropped (flooder));
    assert_said_of (getpid(), kinds[kind].said);
    client_disconnect (flooder);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* What was made and destroyed again does not count, however much it is. */
static void test_busy_is_no_flood (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *busy = client_connect (compositor);
  for (int i = 0; i < 200; i++) {
    for (int j = 0; j < 500; j++)
      wl_region_destroy (make_region (busy));
    client_roundtrip (busy);
  }
  assert_non_null (busy->server_side);
  client_disconnect (busy);
  inos_compositor_destroy (compositor);
}

/* A region of so many rectangles that each one more is dear. */
static void test_a_region_without_end (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  struct client *flooder = client_connect (compositor);
  struct wl_region *region = make_region (flooder);
  for (int i = 0; i < 20000 && flooder->server_side; i++) {
    wl_region_add (region, 2 * (i % 200), 2 * (i / 200), 1, 1);
    if (i % 500 == 499) {
      wl_display_flush (flooder->display);
      pump();
    }
  }
  assert_true (is_dropped (flooder));
  assert_said_of (getpid(), "rectangles in a region");
  client_disconnect (flooder);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* Damage is a hint: much of it becomes one rectangle. */
static void test_damage_without_end (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  struct window *window = window_open (witness.client, "damaged", "damaged");
  for (int i = 0; i < 20000; i++) {
    wl_surface_damage_buffer (window->surface, 2 * (i % 150), 2 * (i / 150), 1, 1);
    if (i % 500 == 499)
      client_roundtrip (witness.client);
  }
  struct inos_view *view = inos_view_focused (compositor);
  assert_true (pixman_region32_n_rects (&view->surface->pending.buffer_damage) <= 257);
  const pixman_box32_t *box = pixman_region32_extents (&view->surface->pending.buffer_damage);
  assert_int_equal (box->x2, 299);
  window_close (window);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
}

/* Asks and asks, and never reads an answer. */
static void test_never_reads (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  struct client *deaf = client_connect (compositor);
  unsigned int asked = 0;
  for (; deaf->server_side && asked < 1000000; asked++) {
    wl_callback_destroy (wl_display_sync (deaf->display));
    if (asked % 500 == 499) {
      wl_display_flush (deaf->display);
      pump();
    }
  }
  assert_null (deaf->server_side);
  assert_said_of (getpid(), "loses its connection: it does not read what it is told");
  client_disconnect (deaf);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* A request is cut off where libwayland takes its buffer for full: nobody is kept awake by the
 * rest. */
static void test_cut_off_where_it_hurts (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (size_t most = 4096; most <= 32768; most *= 2) {
    struct client *liar = client_connect (compositor);
    int fd = wl_display_get_fd (liar->display);
    g_autofree uint8_t *bytes = g_malloc0 (most);
    const uint32_t header[] = {1, 0xfffc0000};
    memcpy (bytes, header, sizeof header);
    assert_int_equal (write (fd, bytes, most - 1), most - 1);
    pump();
    assert_int_equal (write (fd, bytes, 1), 1);
    unsigned int turns = 0;
    while (turns < 2000 && g_main_context_iteration (NULL, FALSE))
      turns++;
    assert_in_range (turns, 0, 1999);
    assert_said_of (getpid(), "loses its connection: a request of it cannot be read");
    said_forget();
    client_roundtrip (witness.client);
    client_disconnect (liar);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* A socket full of requests of one does not keep another waiting for more than a turn. */
static void test_turns_are_taken (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *flooder = client_connect (compositor), *good = client_connect (compositor);
  struct wl_region *region = make_region (flooder);
  int i = 0;
  for (; (i % 100 || wl_display_flush (flooder->display) >= 0) && i < 1000000; i++)
    wl_region_add (region, 0, 0, 1, 1);
  assert_true (i > 1000);
  struct wl_callback *callback = wl_display_sync (good->display);
  wl_display_flush (good->display);
  char byte;
  int turns = 0;
  while (turns < 10 &&
         recv (wl_display_get_fd (good->display), &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 1) {
    g_main_context_iteration (NULL, FALSE);
    turns++;
  }
  assert_in_range (turns, 1, 4);
  wl_callback_destroy (callback);
  client_disconnect (good);
  client_disconnect (flooder);
  inos_compositor_destroy (compositor);
}

/* The file behind a window is cut off while the window is shown. */
static void test_truncated_memory (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  struct client *liar = client_connect (compositor);
  struct window *window = window_open (liar, "liar", "cut off");
  int fd = memfd_create ("cut", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (fd, 320 * 200 * 4));
  struct wl_shm_pool *pool = wl_shm_create_pool (liar->shm, fd, 320 * 200 * 4);
  struct wl_buffer *buffer =
    wl_shm_pool_create_buffer (pool, 0, 320, 200, 320 * 4, WL_SHM_FORMAT_XRGB8888);
  wl_surface_attach (window->surface, buffer, 0, 0);
  wl_surface_damage_buffer (window->surface, 0, 0, 320, 200);
  wl_surface_commit (window->surface);
  client_roundtrip (liar);
  g_assert_no_errno (ftruncate (fd, 0));
  wl_surface_damage_buffer (window->surface, 0, 0, 320, 200);
  wl_surface_attach (window->surface, buffer, 0, 0);
  wl_surface_commit (window->surface);
  struct inos_output *output = inos_output_active (compositor);
  for (int i = 0; i < 3; i++) {
    uint32_t before = output->wlr->commit_seq;
    wlr_output_schedule_frame (output->wlr);
    client_wait_until (liar, output->wlr->commit_seq != before || !output->wlr->frame_pending);
  }
  close (fd);
  wl_buffer_destroy (buffer);
  wl_shm_pool_destroy (pool);
  window_close (window);
  client_disconnect (liar);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* Numbers at the ends of their ranges. */
static void test_absurd_sizes (void **state)
{
  static const int32_t odd[] = {INT32_MIN, -1, 0, 1, 65536, 1 << 24, INT32_MAX};
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (int what = 0; what < 7; what++) {
    for (size_t i = 0; i < G_N_ELEMENTS (odd); i++) {
      int32_t n = odd[i];
      said_forget();
      struct client *liar = client_connect (compositor);
      struct window *window = window_open (liar, "liar", "absurd");
      struct wp_viewporter *viewporter = client_bind (liar, &wp_viewporter_interface, 1);
      struct wp_viewport *viewport = wp_viewporter_get_viewport (viewporter, window->surface);
      if (what == 0)
        wl_surface_set_buffer_scale (window->surface, n);
      else if (what == 1)
        xdg_surface_set_window_geometry (window->xdg_surface, n, n, n, n);
      else if (what == 2)
        wp_viewport_set_destination (viewport, n, n);
      else if (what == 3)
        wp_viewport_set_source (viewport, n, n, n, n);
      else if (what == 4)
        xdg_toplevel_set_min_size (window->toplevel, n, n);
      else if (what == 5)
        wl_surface_damage (window->surface, n, n, n, n);
      else
        xdg_toplevel_set_max_size (window->toplevel, n, n);
      window->has_buffer = true;
      wl_surface_commit (window->surface);
      client_roundtrip (liar);
      if (liar->server_side) {
        xdg_toplevel_set_maximized (window->toplevel);
        client_roundtrip (liar);
        xdg_toplevel_unset_maximized (window->toplevel);
        client_roundtrip (liar);
      }
      wlr_output_schedule_frame (inos_output_active (compositor)->wlr);
      pump();
      assert_null (inos_verify_invariants (compositor));
      /* Who goes is told why, and so is the log. */
      assert_int_equal (said_count ("process", "loses its connection"), liar->server_side ? 0 : 1);
      wp_viewport_destroy (viewport);
      wp_viewporter_destroy (viewporter);
      window_close (window);
      client_disconnect (liar);
      pump();
    }
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* Half a request, and a connection that ends. */
static void test_dies_in_mid_frame (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (int i = 0; i < 50; i++) {
    struct client *dying = client_connect (compositor);
    struct window *window = window_open (dying, "dying", "dying");
    wl_surface_attach (window->surface, window->buffer, 0, 0);
    wl_surface_frame (window->surface);
    wl_surface_commit (window->surface);
    wl_display_flush (dying->display);
    const uint8_t half[] = {3, 0, 0, 0, 1};
    assert_int_equal (write (wl_display_get_fd (dying->display), half, sizeof half), sizeof half);
    shutdown (wl_display_get_fd (dying->display), SHUT_RDWR);
    pump();
    assert_null (dying->server_side);
    assert_int_equal (wl_list_length (&compositor->views), 1);
    /* To end is no fault. */
    assert_not_said ("loses its connection");
    window_close (window);
    client_disconnect (dying);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

static struct inos_view *first_view (struct inos_compositor *compositor)
{
  struct inos_view *view = wl_container_of (compositor->views.next, view, link);
  return view;
}

/* A program that does not answer is said to hang until it answers; by force it can be ended. */
static void test_hanging (void **state)
{
  said_begin();
  struct inos_compositor *compositor =
    start_configured ("[windows]\nunresponsive-after = 50\ntitle-bars = true\n");
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  struct witness witness = witness_new (compositor);
  struct client *hanging = client_connect (compositor);
  struct window *window = window_open (hanging, "hanging", "hangs");
  struct inos_view *view = first_view (compositor);
  assert_false (view->unresponsive);
  /* Asked by a key, it answers. */
  tap (&keyboard, KEY_A);
  client_wait (hanging, 120);
  client_wait_until (hanging, !view->unresponsive);
  /* It is asked again when a second is over, and does not look. */
  g_usleep (1000000);
  tap (&keyboard, KEY_A);
  for (int i = 0; i < 5000 && !view->unresponsive; i++) {
    pump();
    g_usleep (1000);
  }
  assert_true (view->unresponsive);
  assert_said_of (getpid(), "(hanging) does not answer");
  /* It looks again. */
  client_wait_until (hanging, !view->unresponsive);
  assert_false (view->unresponsive);
  assert_said_of (getpid(), "(hanging) answers again");
  inos_view_kill (view);
  assert_said_of (getpid(), "(hanging) is ended by force");
  assert_null (hanging->server_side);
  window_close (window);
  client_disconnect (hanging);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_keyboard_finish (&keyboard);
  said_end();
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_floods_of_objects),
    cmocka_unit_test (test_busy_is_no_flood),
    cmocka_unit_test (test_a_region_without_end),
    cmocka_unit_test (test_damage_without_end),
    cmocka_unit_test (test_never_reads),
    cmocka_unit_test (test_cut_off_where_it_hurts),
    cmocka_unit_test (test_turns_are_taken),
    cmocka_unit_test (test_truncated_memory),
    cmocka_unit_test (test_absurd_sizes),
    cmocka_unit_test (test_dies_in_mid_frame),
    cmocka_unit_test (test_hanging),
  };
  return run_compositor_tests (tests);
}
