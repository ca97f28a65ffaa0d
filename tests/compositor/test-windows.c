/* Windows, outputs, focus and workspaces as a client sees them. */

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "output.h"
#include "seat.h"
#include "switcher.h"
#include "thrift.h"
#include "view.h"
#include "workspace.h"
#include "xdg-shell-client-protocol.h"

#include <wlr/types/wlr_output.h>

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
};

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  desk->client = client_connect (desk->compositor);
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static struct inos_view *newest (struct desk *desk)
{
  struct inos_view *view;
  wl_list_for_each (view, &desk->compositor->views, link)
    return view;
  return NULL;
}

static void test_opens_focused_and_on_screen (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "org.example.App", "Hello");
  struct inos_view *view = newest (desk);
  assert_string_equal (inos_view_title (view), "Hello");
  assert_string_equal (inos_view_app_id (view), "org.example.App");
  assert_int_equal (inos_view_pid (view), getpid());
  assert_true (window->activated);
  assert_ptr_equal (inos_view_focused (desk->compositor), view);
  struct wlr_box box = inos_view_box (view);
  assert_int_equal (box.width, 320);
  assert_true (box.x >= 0 && box.x + box.width <= 1280 && box.y >= 0 && box.y + box.height <= 800);
  window_close (window);
  assert_int_equal (wl_list_length (&desk->compositor->views), 0);
}

static void test_maximize_and_back (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  struct inos_view *view = newest (desk);
  struct wlr_box before = inos_view_box (view);
  xdg_toplevel_set_maximized (window->toplevel);
  client_roundtrip (desk->client);
  assert_true (window->maximized);
  assert_int_equal (window->width, 1280);
  assert_int_equal (window->height, 800);
  window_draw (window);
  xdg_toplevel_unset_maximized (window->toplevel);
  client_roundtrip (desk->client);
  assert_false (window->maximized);
  assert_int_equal (window->width, before.width);
  window_draw (window);
  struct wlr_box after = inos_view_box (view);
  assert_memory_equal (&after, &before, sizeof before);
  window_close (window);
}

static void test_fullscreen_follows_the_output (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  xdg_toplevel_set_fullscreen (window->toplevel, NULL);
  client_roundtrip (desk->client);
  assert_true (window->fullscreen);
  window_draw (window);
  struct inos_output *output = inos_output_active (desk->compositor);
  struct wlr_output_state change;
  wlr_output_state_init (&change);
  wlr_output_state_set_custom_mode (&change, 1920, 1080, 0);
  assert_true (wlr_output_commit_state (output->wlr, &change));
  wlr_output_state_finish (&change);
  client_roundtrip (desk->client);
  assert_int_equal (window->width, 1920);
  assert_int_equal (window->height, 1080);
  window_close (window);
}

static void test_alt_tab_goes_back_and_forth (void **state)
{
  struct desk *desk = *state;
  struct window *first = window_open (desk->client, "a", "first");
  struct window *second = window_open (desk->client, "b", "second");
  assert_true (second->activated);
  inos_action_run (desk->compositor, "switch-next");
  struct inos_view *shown = inos_view_focused (desk->compositor);
  assert_string_equal (inos_view_title (shown), "second");
  struct inos_seat *seat = desk->compositor->seat;
  assert_true (seat->switcher.active);
  inos_action_run (desk->compositor, "switch-next");
  inos_action_run (desk->compositor, "switch-next");
  inos_switcher_accept (seat);
  client_roundtrip (desk->client);
  assert_true (first->activated);
  assert_false (second->activated);
  window_close (second);
  assert_true (first->activated);
  window_close (first);
}

static void test_workspaces_hide_and_show (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  assert_int_equal (inos_workspace_count (desk->compositor, 0), 1);
  assert_true (inos_action_run (desk->compositor, "workspace 2"));
  client_roundtrip (desk->client);
  assert_null (inos_view_focused (desk->compositor));
  assert_false (window->activated);
  inos_view_focus (newest (desk));
  client_roundtrip (desk->client);
  assert_int_equal (desk->compositor->active_workspace, 0);
  assert_true (window->activated);
  assert_true (inos_action_run (desk->compositor, "move-to-workspace 3"));
  assert_int_equal (inos_workspace_count (desk->compositor, 2), 1);
  inos_action_run (desk->compositor, "workspace 99");
  assert_int_equal (desk->compositor->active_workspace, 0);
  window_close (window);
}

static void test_window_survives_every_output (void **state)
{
  struct desk *desk = *state;
  struct inos_compositor *compositor = desk->compositor;
  struct window *window = window_open (desk->client, "a", "a");
  struct inos_view *view = newest (desk);
  for (int round = 0; round < 5; round++) {
    struct inos_output *output = inos_output_add_virtual (compositor, 800, 600);
    struct wlr_box box = inos_output_box (output);
    inos_view_move (view, box.x + 100, box.y + 100);
    assert_ptr_equal (inos_view_output (view), output);
    struct inos_output *each, *next;
    wl_list_for_each_safe (each, next, &compositor->outputs, link) {
      if (each != compositor->fallback)
        wlr_output_destroy (each->wlr);
    }
    client_roundtrip (desk->client);
    assert_non_null (compositor->fallback);
    assert_int_equal (wl_list_length (&compositor->outputs), 1);
    box = inos_output_box (inos_view_output (view));
    assert_true (view->x < box.x + box.width && view->y < box.y + box.height);
  }
  inos_output_add_virtual (compositor, 800, 600);
  assert_null (compositor->fallback);
  assert_true (window->activated);
  window_close (window);
}

struct popup_place {
  int x, y, width, height;
  bool done;
};

static void on_popup_configure (void *data, struct xdg_popup *popup, int32_t x, int32_t y,
                                int32_t width, int32_t height)
{
  *(struct popup_place *)data = (struct popup_place){x, y, width, height, false};
}

static void on_popup_done (void *data, struct xdg_popup *popup)
{
  ((struct popup_place *)data)->done = true;
}

static void on_popup_surface_configure (void *data, struct xdg_surface *surface, uint32_t serial)
{
  xdg_surface_ack_configure (surface, serial);
}

/* A menu of 300 x 200 that hangs on the lower right corner of a window. */
static struct popup_place open_popup (struct window *window, int at_x, int at_y)
{
  static const struct xdg_popup_listener popup_listener = {
    .configure = on_popup_configure,
    .popup_done = on_popup_done,
  };
  static const struct xdg_surface_listener surface_listener = {on_popup_surface_configure};
  struct client *client = window->client;
  struct popup_place place = {0};
  struct xdg_positioner *positioner = xdg_wm_base_create_positioner (client->wm_base);
  xdg_positioner_set_size (positioner, 300, 200);
  xdg_positioner_set_anchor_rect (positioner, at_x, at_y, 1, 1);
  xdg_positioner_set_anchor (positioner, XDG_POSITIONER_ANCHOR_BOTTOM_RIGHT);
  xdg_positioner_set_gravity (positioner, XDG_POSITIONER_GRAVITY_BOTTOM_RIGHT);
  xdg_positioner_set_constraint_adjustment (positioner,
                                            XDG_POSITIONER_CONSTRAINT_ADJUSTMENT_SLIDE_X |
                                              XDG_POSITIONER_CONSTRAINT_ADJUSTMENT_FLIP_Y);
  struct wl_surface *surface = wl_compositor_create_surface (client->wl_compositor);
  struct xdg_surface *xdg_surface = xdg_wm_base_get_xdg_surface (client->wm_base, surface);
  xdg_surface_add_listener (xdg_surface, &surface_listener, NULL);
  struct xdg_popup *popup = xdg_surface_get_popup (xdg_surface, window->xdg_surface, positioner);
  xdg_popup_add_listener (popup, &popup_listener, &place);
  wl_surface_commit (surface);
  client_roundtrip (client);
  client_roundtrip (client);
  xdg_popup_destroy (popup);
  xdg_surface_destroy (xdg_surface);
  wl_surface_destroy (surface);
  xdg_positioner_destroy (positioner);
  client_roundtrip (client);
  return place;
}

static void test_popup_stays_on_the_output (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  struct inos_view *view = newest (desk);
  inos_view_move (view, 100, 100);
  struct popup_place free_place = open_popup (window, 50, 50);
  assert_int_equal (free_place.x, 51);
  assert_int_equal (free_place.y, 51);
  assert_int_equal (free_place.width, 300);
  /* In the lower right corner of the screen it slides to the left and flips upwards. */
  inos_view_move (view, 1000, 650);
  struct popup_place place = open_popup (window, 200, 100);
  assert_int_equal (1000 + place.x + 300, 1280);
  assert_int_equal (650 + place.y + 200, 750);
  window_close (window);
}

static void test_close_asks_the_client (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  inos_action_run (desk->compositor, "close");
  client_roundtrip (desk->client);
  assert_true (window->closed);
  window_close (window);
}

static void test_fifty_windows (void **state)
{
  struct desk *desk = *state;
  struct window *windows[50];
  for (size_t i = 0; i < G_N_ELEMENTS (windows); i++)
    windows[i] = window_open (desk->client, "many", "one of many");
  assert_int_equal (wl_list_length (&desk->compositor->views), 50);
  for (size_t i = 0; i < G_N_ELEMENTS (windows); i++)
    window_close (windows[(i * 7) % 50]);
  assert_int_equal (wl_list_length (&desk->compositor->views), 0);
  assert_null (desk->compositor->seat->active);
}

static void open_and_close (struct desk *desk, int count)
{
  struct window *windows[64];
  for (int i = 0; i < count; i++)
    windows[i] = window_open (desk->client, "a", "a");
  for (int i = 0; i < count; i++)
    window_close (windows[i]);
}

/* Memory is given back once for many windows, after they have gone, and not for a few. */
static void test_memory_goes_with_many_windows (void **state)
{
  struct desk *desk = *state;
  const struct inos_thrift *thrift = desk->compositor->thrift;
  for (int i = 1; i <= 2; i++) {
    open_and_close (desk, 40);
    assert_int_equal (inos_thrift_times (thrift), i - 1);
    while (inos_thrift_times (thrift) < (unsigned int)i)
      g_main_context_iteration (NULL, TRUE);
  }
  /* Nothing is to come after four of them: nobody is woken for them. */
  open_and_close (desk, 4);
  assert_false (inos_thrift_waits (thrift));
  assert_int_equal (inos_thrift_times (thrift), 2);
}

static void test_wrong_client_suffers_alone (void **state)
{
  struct desk *desk = *state;
  struct window *good = window_open (desk->client, "good", "good");
  struct client *bad = client_connect (desk->compositor);
  struct window *window = window_open (bad, "bad", "bad");
  /* Acknowledging a serial that was never sent is a protocol error. */
  xdg_surface_ack_configure (window->xdg_surface, 0xdeadbeef);
  client_roundtrip (bad);
  assert_int_not_equal (wl_display_get_error (bad->display), 0);
  assert_null (bad->server_side);
  client_roundtrip (desk->client);
  assert_int_equal (wl_list_length (&desk->compositor->views), 1);
  assert_true (good->activated);
  window_close (window);
  client_disconnect (bad);
  window_close (good);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_opens_focused_and_on_screen),
    WITH_DESK (test_maximize_and_back),
    WITH_DESK (test_fullscreen_follows_the_output),
    WITH_DESK (test_alt_tab_goes_back_and_forth),
    WITH_DESK (test_workspaces_hide_and_show),
    WITH_DESK (test_window_survives_every_output),
    WITH_DESK (test_popup_stays_on_the_output),
    WITH_DESK (test_close_asks_the_client),
    WITH_DESK (test_fifty_windows),
    WITH_DESK (test_memory_goes_with_many_windows),
    WITH_DESK (test_wrong_client_suffers_alone),
  };
  return run_compositor_tests (tests);
}
