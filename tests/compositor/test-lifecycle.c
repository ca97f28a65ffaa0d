/* Creating and destroying compositors: nothing may be left over, and no listener of a dead
 * compositor may still be connected. LeakSanitizer looks at the same run in the sanitized build. */

#include <dirent.h>
#include <unistd.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "seat.h"
#include "view.h"

#include <wlr/backend.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>

static int open_descriptors (void)
{
  int count = 0;
  DIR *dir = opendir ("/proc/self/fd");
  g_assert_nonnull (dir);
  while (readdir (dir))
    count++;
  closedir (dir);
  return count;
}

static void test_two_hundred (void **state)
{
  int before = 0;
  for (int i = 0; i < 200; i++) {
    struct inos_compositor *compositor = start_compositor (1 + i % 3);
    if (i % 4 == 0) {
      struct client *client = client_connect (compositor);
      struct window *window = window_open (client, "test", "a window");
      assert_int_equal (wl_list_length (&compositor->views), 1);
      if (i % 8 == 0) {
        window_close (window);
        client_disconnect (client);
        inos_compositor_destroy (compositor);
      } else {
        /* The compositor goes first, with the client and its window still there. */
        inos_compositor_destroy (compositor);
        assert_null (client->server_side);
        window_close (window);
        client_disconnect (client);
      }
    } else {
      inos_compositor_destroy (compositor);
    }
    if (i == 3)
      before = open_descriptors();
  }
  assert_int_equal (open_descriptors(), before);
}

/* Whichever goes first, the other one is served as before. */
static void test_side_by_side (void **state)
{
  for (int kept = 0; kept < 2; kept++) {
    struct inos_compositor *both[] = {start_compositor (1), start_compositor (2)};
    struct client *client = client_connect (both[kept]);
    struct window *window = window_open (client, "test", "in one of them");
    assert_int_equal (wl_list_length (&both[kept]->views), 1);
    assert_int_equal (wl_list_length (&both[1 - kept]->views), 0);
    inos_compositor_destroy (both[1 - kept]);
    client_roundtrip (client);
    assert_int_equal (wl_list_length (&both[kept]->views), 1);
    window_close (window);
    client_disconnect (client);
    inos_compositor_destroy (both[kept]);
  }
}

/* When an output, a window and a device go, whoever listened to them has left. */
static void test_no_listener_left (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_output *output = inos_output_add_virtual (compositor, 640, 480);
  struct wlr_output *wlr = output->wlr;
  int frame = wl_list_length (&wlr->events.frame.listener_list);
  assert_true (frame > 0);
  struct client *client = client_connect (compositor);
  int cursor_listeners = wl_list_length (&compositor->seat->cursor->events.motion.listener_list);
  int map_listeners = wl_list_length (&compositor->events.view_map.listener_list);
  for (int i = 0; i < 20; i++) {
    struct window *window = window_open (client, "test", "again");
    window_close (window);
    struct inos_output *other = inos_output_add_virtual (compositor, 640, 480);
    wlr_output_destroy (other->wlr);
  }
  pump();
  assert_int_equal (wl_list_length (&wlr->events.frame.listener_list), frame);
  assert_int_equal (wl_list_length (&compositor->seat->cursor->events.motion.listener_list),
                    cursor_listeners);
  assert_int_equal (wl_list_length (&compositor->events.view_map.listener_list), map_listeners);
  assert_int_equal (wl_list_length (&compositor->outputs), 2);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

struct mixed {
  GMainContext *context;
  GMainLoop *loop;
  struct wl_event_source *timer;
  int turns; /* of the Wayland timer and the GLib source, that start each other */
};

static gboolean on_glib (void *data)
{
  struct mixed *mixed = data;
  wl_event_source_timer_update (mixed->timer, 1);
  return G_SOURCE_REMOVE;
}

static int on_wayland (void *data)
{
  struct mixed *mixed = data;
  if (++mixed->turns == 20) {
    g_main_loop_quit (mixed->loop);
    return 0;
  }
  g_autoptr (GSource) source = mixed->turns % 2 ? g_idle_source_new() : g_timeout_source_new (1);
  g_source_set_callback (source, on_glib, mixed, NULL);
  g_source_attach (source, mixed->context);
  return 0;
}

/* As the program runs it: what Wayland's handlers add to GLib's loop is served, though that waits
 * inside Wayland's. */
static void test_own_context (void **state)
{
  g_autoptr (GMainContext) context =
    g_main_context_new_with_flags (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_main_context_push_thread_default (context);
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 640,
    .height = 480,
    .socket = "",
    .config_path = "/nonexistent/compositor.ini",
    .has_own_context = true,
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, NULL);
  assert_non_null (compositor);
  struct mixed mixed = {.context = context, .loop = loop};
  mixed.timer = wl_event_loop_add_timer (compositor->loop, on_wayland, &mixed);
  wl_event_source_timer_update (mixed.timer, 1);
  alarm (60); /* a loop that forgets a source waits for ever */
  g_main_loop_run (loop);
  alarm (0);
  assert_int_equal (mixed.turns, 20);
  wl_event_source_remove (mixed.timer);
  inos_compositor_destroy (compositor);
  g_main_context_pop_thread_default (context);
}

static void test_bad_socket_is_an_error (void **state)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true, .outputs = 1, .width = 64, .height = 64, .socket = "no/such/folder/socket"};
  assert_null (inos_compositor_create (&options, &error));
  assert_true (g_error_matches (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_SOCKET));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_two_hundred),
    cmocka_unit_test (test_side_by_side),
    cmocka_unit_test (test_no_listener_left),
    cmocka_unit_test (test_own_context),
    cmocka_unit_test (test_bad_socket_is_an_error),
  };
  return run_compositor_tests (tests);
}
