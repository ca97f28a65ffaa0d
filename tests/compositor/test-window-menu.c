/* The menu of a window: who opens it, what is in it, and that nobody else hears of what is typed
 * and pressed meanwhile. With INOS_PICTURES=DIRECTORY it is drawn to be looked at. */

#include <cairo.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_touch.h>

#include "action.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "view.h"
#include "window_frame.h"
#include "window_menu.h"
#include "window_menu_draw.h"
#include "workspace.h"
#include "xdg-shell-client-protocol.h"

enum { MINIMIZE, MAXIMIZE, FULL_SCREEN, MOVE, RESIZE, ON_TOP, STICKY, PRIVATE, CLOSE };

struct stand {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct wl_seat *wl_seat;
  struct input input;
  struct wlr_pointer mouse;
  struct wlr_keyboard keyboard;
};

static int setup (void **state)
{
  struct stand *stand = g_new0 (struct stand, 1);
  stand->compositor = start_compositor (1);
  stand->seat = stand->compositor->seat;
  add_keyboard (stand->compositor, &stand->keyboard);
  add_pointer (stand->compositor, &stand->mouse);
  stand->client = client_connect (stand->compositor);
  stand->wl_seat = client_bind (stand->client, &wl_seat_interface, 5);
  client_roundtrip (stand->client);
  input_init (&stand->input, stand->client);
  stand->window = window_open (stand->client, "a", "A title");
  stand->view = inos_view_focused (stand->compositor);
  inos_view_move (stand->view, 200, 200);
  client_roundtrip (stand->client);
  *state = stand;
  return 0;
}

static int teardown (void **state)
{
  struct stand *stand = *state;
  if (stand->window)
    window_close (stand->window);
  input_finish (&stand->input);
  wl_seat_destroy (stand->wl_seat);
  client_disconnect (stand->client);
  wlr_pointer_finish (&stand->mouse);
  wlr_keyboard_finish (&stand->keyboard);
  inos_compositor_destroy (stand->compositor);
  g_free (stand);
  return 0;
}

/* The middle of an entry of a menu that was opened at x, y. */
static void point_at (struct stand *stand, int x, int y, int entry)
{
  move_to (stand->seat, &stand->mouse, x + 60, y + INOS_MENU_EDGE + (entry + 0.5) * INOS_MENU_ROW);
}

static void click (struct stand *stand)
{
  button (&stand->mouse, BTN_LEFT, true);
  button (&stand->mouse, BTN_LEFT, false);
}

static void press_in_window (struct stand *stand)
{
  move_to (stand->seat, &stand->mouse, 240, 240);
  button (&stand->mouse, BTN_RIGHT, true);
  client_roundtrip (stand->client);
}

static void test_client_asks (void **state)
{
  struct stand *stand = *state;
  /* Without an event that a person made it is not opened. */
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, 12345678, 40, 40);
  client_roundtrip (stand->client);
  assert_null (stand->seat->menu);
  press_in_window (stand);
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, stand->input.serial, 40,
                                 40);
  client_roundtrip (stand->client);
  assert_non_null (stand->seat->menu);
  assert_null (stand->seat->wlr->pointer_state.focused_surface);
  /* The release of the press that opened it chooses nothing. */
  button (&stand->mouse, BTN_RIGHT, false);
  assert_non_null (stand->seat->menu);
  point_at (stand, 240, 240, MAXIMIZE);
  int buttons = stand->input.buttons;
  click (stand);
  client_roundtrip (stand->client);
  assert_null (stand->seat->menu);
  assert_true (stand->view->maximized);
  assert_int_equal (stand->input.buttons, buttons);
  /* All as before. */
  window_draw (stand->window);
  client_settle (stand->client);
  click (stand);
  client_roundtrip (stand->client);
  assert_true (stand->input.buttons > buttons);
}

/* The place that it asks for is of its surface: what it draws around the window counts. */
static void test_window_with_a_shadow (void **state)
{
  struct stand *stand = *state;
  xdg_surface_set_window_geometry (stand->window->xdg_surface, 20, 30, 280, 150);
  window_draw (stand->window);
  inos_view_move (stand->view, 200, 200);
  press_in_window (stand);
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, stand->input.serial,
                                 INT32_MIN, INT32_MAX);
  client_roundtrip (stand->client);
  assert_non_null (stand->seat->menu);
  inos_window_menu_close (stand->seat);
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, stand->input.serial, 60,
                                 70);
  client_roundtrip (stand->client);
  point_at (stand, 240, 240, MAXIMIZE);
  button (&stand->mouse, BTN_RIGHT, false);
  assert_true (stand->view->maximized);
}

static void test_pull_and_let_go (void **state)
{
  struct stand *stand = *state;
  press_in_window (stand);
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, stand->input.serial, 40,
                                 40);
  client_roundtrip (stand->client);
  point_at (stand, 240, 240, STICKY);
  button (&stand->mouse, BTN_RIGHT, false);
  assert_null (stand->seat->menu);
  assert_true (stand->view->sticky);
}

static void test_click_beside_it (void **state)
{
  struct stand *stand = *state;
  inos_window_menu_open (stand->view, 240, 240, false);
  move_to (stand->seat, &stand->mouse, 210, 210);
  int buttons = stand->input.buttons;
  click (stand);
  client_roundtrip (stand->client);
  assert_null (stand->seat->menu);
  assert_int_equal (stand->input.buttons, buttons);
  assert_ptr_equal (stand->seat->wlr->keyboard_state.focused_surface, stand->view->surface);
}

static void test_keyboard_alone (void **state)
{
  struct stand *stand = *state;
  key (&stand->keyboard, KEY_LEFTALT, true);
  tap (&stand->keyboard, KEY_SPACE);
  key (&stand->keyboard, KEY_LEFTALT, false);
  assert_non_null (stand->seat->menu);
  client_roundtrip (stand->client);
  assert_true (stand->window->activated);
  int keys = stand->input.keys;
  for (int i = 0; i < ON_TOP; i++)
    tap (&stand->keyboard, KEY_DOWN);
  tap (&stand->keyboard, KEY_ENTER);
  assert_null (stand->seat->menu);
  assert_true (stand->view->on_top);
  /* Up from the first is the last; letters choose; Escape chooses nothing. */
  inos_action_run (stand->compositor, "window-menu");
  tap (&stand->keyboard, KEY_UP);
  tap (&stand->keyboard, KEY_M);
  tap (&stand->keyboard, KEY_ESC);
  assert_null (stand->seat->menu);
  inos_action_run (stand->compositor, "window-menu");
  chord (&stand->keyboard, KEY_3);
  assert_int_equal (stand->compositor->active_workspace, 0);
  tap (&stand->keyboard, KEY_M);
  tap (&stand->keyboard, KEY_SPACE);
  assert_true (stand->view->maximized);
  client_roundtrip (stand->client);
  assert_int_equal (stand->input.keys, keys);
  assert_ptr_equal (stand->seat->wlr->keyboard_state.focused_surface, stand->view->surface);
  tap (&stand->keyboard, KEY_A);
  client_roundtrip (stand->client);
  assert_true (stand->input.keys > keys);
  inos_action_run (stand->compositor, "window-menu");
  tap (&stand->keyboard, KEY_END);
  tap (&stand->keyboard, KEY_ENTER);
  client_roundtrip (stand->client);
  assert_true (stand->window->closed);
}

static void test_on_a_title_bar (void **state)
{
  struct stand *stand = *state;
  inos_frame_set (stand->view, true);
  move_to (stand->seat, &stand->mouse, 240, 190);
  button (&stand->mouse, BTN_RIGHT, true);
  button (&stand->mouse, BTN_RIGHT, false);
  assert_non_null (stand->seat->menu);
  point_at (stand, 240, 190, FULL_SCREEN);
  click (stand);
  assert_true (stand->view->fullscreen);
}

static void test_what_ends_it (void **state)
{
  struct stand *stand = *state;
  inos_window_menu_open (stand->view, 240, 240, false);
  inos_workspace_switch (stand->compositor, 2);
  assert_null (stand->seat->menu);
  inos_window_menu_open (stand->view, 240, 240, false);
  assert_null (stand->seat->menu);
  inos_workspace_switch (stand->compositor, 0);
  inos_window_menu_open (stand->view, 240, 240, false);
  inos_view_set_minimized (stand->view, true);
  assert_null (stand->seat->menu);
  inos_view_focus (stand->view);
  inos_window_menu_open (stand->view, 240, 240, false);
  struct locker *locker = locker_start (stand->compositor);
  assert_null (stand->seat->menu);
  inos_window_menu_open (stand->view, 240, 240, false);
  assert_null (stand->seat->menu);
  locker_wait (locker);
  locker_unlock (locker);
  inos_window_menu_open (stand->view, 240, 240, true);
  struct wlr_renderer *renderer = stand->compositor->renderer;
  wl_signal_emit_mutable (&renderer->events.lost, NULL);
  for (int i = 0; i < 1000 && stand->seat->menu; i++)
    pump();
  assert_null (stand->seat->menu);
  inos_window_menu_open (stand->view, 240, 240, true);
  assert_non_null (stand->seat->menu);
  window_close (g_steal_pointer (&stand->window));
  client_roundtrip (stand->client);
  assert_null (stand->seat->menu);
}

/* What opens, goes or moves under the pointer meanwhile does not get it, and has it afterwards. */
static void test_windows_that_come_under_it (void **state)
{
  struct stand *stand = *state;
  const struct wlr_seat_pointer_state *pointer = &stand->seat->wlr->pointer_state;
  move_to (stand->seat, &stand->mouse, 240, 240);
  assert_non_null (pointer->focused_surface);
  inos_window_menu_open (stand->view, 700, 500, true);
  assert_null (pointer->focused_surface);
  struct window *other = window_new (stand->client, "b", "b");
  window_show (other);
  struct inos_view *view = inos_view_focused (stand->compositor);
  inos_view_move (view, 210, 210);
  client_roundtrip (stand->client);
  assert_non_null (stand->seat->menu);
  assert_null (pointer->focused_surface);
  inos_window_menu_close (stand->seat);
  client_roundtrip (stand->client);
  assert_ptr_equal (pointer->focused_surface, view->surface);
  window_close (other);
}

static void test_finger (void **state)
{
  static const struct wlr_touch_impl no_hardware = {.name = "test"};
  struct stand *stand = *state;
  struct wlr_touch touch;
  wlr_touch_init (&touch, &no_hardware, "test");
  inos_seat_add_device (stand->seat, &touch.base);
  struct wlr_touch_down_event down = {.touch = &touch, .x = 300.0 / 1280};
  struct wlr_touch_up_event up = {.touch = &touch};
  inos_window_menu_open (stand->view, 240, 240, false);
  down.y = (240 + INOS_MENU_EDGE + (ON_TOP + 0.5) * INOS_MENU_ROW) / 800;
  wl_signal_emit_mutable (&touch.events.down, &down);
  wl_signal_emit_mutable (&touch.events.up, &up);
  assert_null (stand->seat->menu);
  assert_true (stand->view->on_top);
  inos_window_menu_open (stand->view, 240, 240, false);
  down.y = 100.0 / 800;
  wl_signal_emit_mutable (&touch.events.down, &down);
  wl_signal_emit_mutable (&touch.events.up, &up);
  assert_null (stand->seat->menu);
  inos_window_menu_open (stand->view, 240, 240, false);
  down.y = 300.0 / 800;
  wl_signal_emit_mutable (&touch.events.down, &down);
  wlr_touch_finish (&touch);
  assert_null (stand->seat->menu);
}

/* In a corner it is whole, and asked for far outside it is at the window. */
static void test_stays_on_the_screen (void **state)
{
  struct stand *stand = *state;
  inos_window_menu_open (stand->view, 1270, 790, false);
  move_to (stand->seat, &stand->mouse, 1270 - 60, 790 - INOS_MENU_EDGE - INOS_MENU_ROW / 2.0);
  click (stand);
  client_roundtrip (stand->client);
  assert_true (stand->window->closed);
  press_in_window (stand);
  xdg_toplevel_show_window_menu (stand->window->toplevel, stand->wl_seat, stand->input.serial,
                                 INT32_MAX, INT32_MIN);
  client_roundtrip (stand->client);
  assert_non_null (stand->seat->menu);
}

static void test_picture (void **state)
{
  static const char *const labels[] = {"Minimize", "تكبير", "最大化", "Always on top", NULL};
  for (int i = 0; i < 8; i++) {
    struct inos_menu_picture picture = {
      .labels = labels,
      .checked = 6,
      .selected = i & 2 ? 1 : 3,
      .text = i & 4 ? 200 : 100,
      .scale = 2,
      .dark = i & 1,
      .contrast = i & 2,
    };
    int width, height;
    inos_menu_measure (&picture, &width, &height);
    struct wlr_buffer *buffer = inos_menu_draw (&picture);
    assert_non_null (buffer);
    assert_int_equal (buffer->width, width * 2);
    assert_int_equal (buffer->height, height * 2);
    void *data;
    uint32_t format;
    size_t stride;
    assert_true (wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &data,
                                                   &format, &stride));
    if (g_getenv ("INOS_PICTURES")) {
      g_autofree char *path = g_strdup_printf ("%s/menu-%d.png", g_getenv ("INOS_PICTURES"), i);
      cairo_surface_t *surface = cairo_image_surface_create_for_data (
        data, CAIRO_FORMAT_ARGB32, buffer->width, buffer->height, (int)stride);
      cairo_surface_write_to_png (surface, path);
      cairo_surface_destroy (surface);
    }
    wlr_buffer_end_data_ptr_access (buffer);
    wlr_buffer_drop (buffer);
  }
}

int main (void)
{
#define WITH_STAND(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_STAND (test_client_asks),
    WITH_STAND (test_window_with_a_shadow),
    WITH_STAND (test_pull_and_let_go),
    WITH_STAND (test_click_beside_it),
    WITH_STAND (test_keyboard_alone),
    WITH_STAND (test_on_a_title_bar),
    WITH_STAND (test_windows_that_come_under_it),
    WITH_STAND (test_what_ends_it),
    WITH_STAND (test_finger),
    WITH_STAND (test_stays_on_the_screen),
    cmocka_unit_test (test_picture),
  };
  return run_compositor_tests (tests);
}
