/* A client that holds too much, stops reading, hangs, lies about sizes or dies: it alone suffers.
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>

#include "clients.h"
#include "devices.h"
#include "client.h"
#include "fixture.h"
#include "nofile.h"
#include "verify.h"
#include "view.h"
#include "viewporter-client-protocol.h"
#include "xdg-shell-client-protocol.h"

/* A window that nobody may disturb. */
struct witness {
  struct client *client;
  struct window *window;
};

static struct witness witness_new (struct inos_compositor *compositor)
{
  struct witness witness = {.client = client_connect (compositor)};
  witness.window = window_open (witness.client, "witness", "undisturbed");
  return witness;
}

static void witness_end (struct witness *witness)
{
  client_roundtrip (witness->client);
  assert_non_null (witness->client->server_side);
  assert_int_equal (wl_display_get_error (witness->client->display), 0);
  window_draw (witness->window);
  assert_null (inos_verify_invariants (witness->client->compositor));
  window_close (witness->window);
  client_disconnect (witness->client);
}

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
  static const make_fn makers[] = {make_surface, make_region, make_callback, make_buffer};
  wlr_log_init (WLR_SILENT, NULL);
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (size_t kind = 0; kind < G_N_ELEMENTS (makers); kind++) {
    struct client *flooder = client_connect (compositor);
    unsigned int made = 0;
    for (; flooder->server_side && made < 1000000; made++) {
      makers[kind](flooder);
      if (made % 1000 == 999) {
        wl_display_flush (flooder->display);
        pump();
      }
    }
    assert_true (made < 100000);
    assert_true (is_dropped (flooder));
    client_disconnect (flooder);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
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
  wlr_log_init (WLR_SILENT, NULL);
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
  client_disconnect (flooder);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
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
  wlr_log_init (WLR_SILENT, NULL);
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
  client_disconnect (deaf);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
}

/* A request is cut off where libwayland takes its buffer for full: nobody is kept awake by the
 * rest. */
static void test_cut_off_where_it_hurts (void **state)
{
  wlr_log_init (WLR_SILENT, NULL);
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
    client_roundtrip (witness.client);
    client_disconnect (liar);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
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
}

/* Numbers at the ends of their ranges. */
static void test_absurd_sizes (void **state)
{
  static const int32_t odd[] = {INT32_MIN, -1, 0, 1, 65536, 1 << 24, INT32_MAX};
  wlr_log_init (WLR_SILENT, NULL);
  struct inos_compositor *compositor = start_compositor (1);
  struct witness witness = witness_new (compositor);
  for (int what = 0; what < 7; what++) {
    for (size_t i = 0; i < G_N_ELEMENTS (odd); i++) {
      int32_t n = odd[i];
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
      wp_viewport_destroy (viewport);
      wp_viewporter_destroy (viewporter);
      window_close (window);
      client_disconnect (liar);
      pump();
    }
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
}

/* Half a request, and a connection that ends. */
static void test_dies_in_mid_frame (void **state)
{
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
    window_close (window);
    client_disconnect (dying);
  }
  witness_end (&witness);
  inos_compositor_destroy (compositor);
}

static struct inos_compositor *start_listening (void)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 640,
    .height = 480,
    .config_path = "/nonexistent/compositor.ini",
  };
  setenv ("PATH", "/nonexistent", 1); /* no X server */
  struct inos_compositor *compositor = inos_compositor_create (&options, &error);
  if (!compositor)
    fail_msg ("%s", error->message);
  return compositor;
}

/* Does not wait for an answer. */
static int knock (struct inos_compositor *compositor)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/%s", g_get_user_runtime_dir(),
              compositor->socket);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true (fd >= 0);
  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static bool was_refused (int fd)
{
  char byte;
  return recv (fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* How many times the compositor had something to do. */
static unsigned int busy_turns (void)
{
  unsigned int turns = 0;
  while (turns < 1000 && g_main_context_iteration (NULL, FALSE))
    turns++;
  return turns;
}

/* Without a descriptor left a newcomer is refused, nobody is kept busy, and the next one is served.
 */
static void test_out_of_descriptors (void **state)
{
  wlr_log_init (WLR_SILENT, NULL);
  struct inos_compositor *compositor = start_listening();
  struct witness witness = witness_new (compositor);
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  struct rlimit before, few = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  int newcomer = knock (compositor);
  few.rlim_cur = 64;
  few.rlim_max = before.rlim_max;
  setrlimit (RLIMIT_NOFILE, &few);
  for (int fd = dup (0); fd >= 0; fd = dup (0))
    g_array_append_val (fds, fd);
  assert_int_equal (errno, EMFILE);
  assert_true (busy_turns() < 100);
  assert_true (was_refused (newcomer));
  for (guint i = 0; i < fds->len; i++)
    close (g_array_index (fds, int, i));
  setrlimit (RLIMIT_NOFILE, &before);
  close (newcomer);
  newcomer = knock (compositor);
  pump();
  struct client *served = client_connect_to_fd (compositor, newcomer);
  assert_true (served->globals->len > 10);
  client_disconnect (served);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
}

/* A process of its own holds connections until there is no descriptor left. */
static void test_too_many_connections (void **state)
{
  wlr_log_init (WLR_SILENT, NULL);
  struct inos_compositor *compositor = start_listening();
  struct rlimit before, few = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  int ready[2];
  g_assert_no_errno (pipe (ready));
  pid_t child = fork();
  if (child == 0) {
    int fds[200];
    for (size_t i = 0; i < G_N_ELEMENTS (fds); i++)
      fds[i] = knock (compositor);
    (void)!write (ready[1], "", 1);
    /* Until the compositor has hung up. */
    char byte;
    ssize_t got = recv (fds[0], &byte, 1, 0);
    _exit (got == 0 ? 0 : 1);
  }
  few.rlim_cur = 128;
  few.rlim_max = before.rlim_max;
  setrlimit (RLIMIT_NOFILE, &few);
  /* The backlog holds fewer than it makes. */
  fcntl (ready[0], F_SETFL, O_NONBLOCK);
  char byte;
  for (int i = 0; i < 5000 && read (ready[0], &byte, 1) != 1; i++) {
    pump();
    g_usleep (1000);
  }
  pump();
  int status = -1;
  for (int i = 0; i < 5000 && waitpid (child, &status, WNOHANG) == 0; i++) {
    pump();
    g_usleep (1000);
  }
  assert_int_equal (status, 0);
  pump();
  struct witness witness = witness_new (compositor);
  witness_end (&witness);
  setrlimit (RLIMIT_NOFILE, &before);
  close (ready[0]);
  close (ready[1]);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
}

/* The compositor takes all the descriptors that it may have; programs that it starts do not. */
static void test_limit_is_not_inherited (void **state)
{
  struct rlimit now, before = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  struct rlimit few = {256, before.rlim_max};
  setrlimit (RLIMIT_NOFILE, &few);
  inos_nofile_raise();
  getrlimit (RLIMIT_NOFILE, &now);
  assert_int_equal (now.rlim_cur, before.rlim_max);
  pid_t child = fork();
  if (child == 0) {
    getrlimit (RLIMIT_NOFILE, &now);
    _exit (now.rlim_cur == 256 ? 0 : 1);
  }
  int status;
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_int_equal (status, 0);
}

static struct inos_view *first_view (struct inos_compositor *compositor)
{
  struct inos_view *view = wl_container_of (compositor->views.next, view, link);
  return view;
}

/* A program that does not answer is said to hang until it answers; by force it can be ended. */
static void test_hanging (void **state)
{
  wlr_log_init (WLR_SILENT, NULL);
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
  /* It looks again. */
  client_wait_until (hanging, !view->unresponsive);
  assert_false (view->unresponsive);
  inos_view_kill (view);
  assert_null (hanging->server_side);
  window_close (window);
  client_disconnect (hanging);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  wlr_keyboard_finish (&keyboard);
  wlr_log_init (WLR_ERROR, NULL);
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
    cmocka_unit_test (test_out_of_descriptors),
    cmocka_unit_test (test_too_many_connections),
    cmocka_unit_test (test_hanging),
    cmocka_unit_test (test_limit_is_not_inherited),
  };
  return run_compositor_tests (tests);
}
