/* Drawing tablets: a client that knows them follows the pen, another one sees a mouse. */

#include <string.h>
#include <wlr/interfaces/wlr_tablet_pad.h>
#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_tablet_v2.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "lock.h"
#include "locker.h"
#include "view.h"
#include "window_menu.h"

#include "tablet-v2-client-protocol.h"

struct scene {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct wlr_tablet tablet;
  struct wlr_tablet_tool pen;
  struct client *client;
  struct window *window;
  GString *log; /* what the client received of the pen or the pad */

  struct wl_seat *wl_seat;
  struct zwp_tablet_manager_v2 *manager; /* may be NULL: it knows no tablets */
  struct zwp_tablet_seat_v2 *tablet_seat;
  struct zwp_tablet_v2 *its_tablet;
  struct zwp_tablet_tool_v2 *its_pen;
  struct zwp_tablet_pad_v2 *its_pad;
};

#define LOG(...) g_string_append_printf (((struct scene *)data)->log, __VA_ARGS__)

static void tool_type (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t type)
{
}

static void tool_id (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t high, uint32_t low)
{
}

static void tool_done (void *data, struct zwp_tablet_tool_v2 *tool)
{
}

static void tool_removed (void *data, struct zwp_tablet_tool_v2 *tool)
{
  LOG ("removed ");
}

static void tool_in (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t serial,
                     struct zwp_tablet_v2 *tablet, struct wl_surface *surface)
{
  LOG ("in ");
}

static void tool_down (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t serial)
{
  LOG ("down ");
}

static void tool_out (void *data, struct zwp_tablet_tool_v2 *tool)
{
  LOG ("out ");
}

static void tool_up (void *data, struct zwp_tablet_tool_v2 *tool)
{
  LOG ("up ");
}

static void tool_motion (void *data, struct zwp_tablet_tool_v2 *tool, wl_fixed_t x, wl_fixed_t y)
{
  LOG ("%d,%d ", wl_fixed_to_int (x), wl_fixed_to_int (y));
}

static void tool_pressure (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t pressure)
{
  LOG ("p%u ", pressure);
}

static void tool_number (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t number)
{
}

static void tool_tilt (void *data, struct zwp_tablet_tool_v2 *tool, wl_fixed_t x, wl_fixed_t y)
{
  LOG ("t%d,%d ", wl_fixed_to_int (x), wl_fixed_to_int (y));
}

static void tool_rotation (void *data, struct zwp_tablet_tool_v2 *tool, wl_fixed_t degrees)
{
}

static void tool_slider (void *data, struct zwp_tablet_tool_v2 *tool, int32_t position)
{
}

static void tool_wheel (void *data, struct zwp_tablet_tool_v2 *tool, wl_fixed_t degrees,
                        int32_t clicks)
{
}

static void tool_button (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t serial,
                         uint32_t code, uint32_t down)
{
  LOG ("b%x%c ", code, down ? '+' : '-');
}

static void tool_frame (void *data, struct zwp_tablet_tool_v2 *tool, uint32_t time)
{
}

static void pad_group (void *data, struct zwp_tablet_pad_v2 *pad,
                       struct zwp_tablet_pad_group_v2 *group)
{
  zwp_tablet_pad_group_v2_destroy (group);
}

static void pad_path (void *data, struct zwp_tablet_pad_v2 *pad, const char *path)
{
}

static void pad_buttons (void *data, struct zwp_tablet_pad_v2 *pad, uint32_t buttons)
{
  LOG ("%u buttons ", buttons);
}

static void pad_done (void *data, struct zwp_tablet_pad_v2 *pad)
{
}

static void pad_button (void *data, struct zwp_tablet_pad_v2 *pad, uint32_t time, uint32_t number,
                        uint32_t down)
{
  LOG ("b%u%c ", number, down ? '+' : '-');
}

static void pad_enter (void *data, struct zwp_tablet_pad_v2 *pad, uint32_t serial,
                       struct zwp_tablet_v2 *tablet, struct wl_surface *surface)
{
  LOG ("enter ");
}

static void pad_leave (void *data, struct zwp_tablet_pad_v2 *pad, uint32_t serial,
                       struct wl_surface *surface)
{
  LOG ("leave ");
}

static void pad_removed (void *data, struct zwp_tablet_pad_v2 *pad)
{
  LOG ("removed ");
}

static void on_tablet (void *data, struct zwp_tablet_seat_v2 *seat, struct zwp_tablet_v2 *tablet)
{
  ((struct scene *)data)->its_tablet = tablet;
}

static void on_tool (void *data, struct zwp_tablet_seat_v2 *seat, struct zwp_tablet_tool_v2 *tool)
{
  static const struct zwp_tablet_tool_v2_listener listener = {
    tool_type,     tool_id,     tool_id,    tool_number, tool_done,     tool_removed, tool_in,
    tool_out,      tool_down,   tool_up,    tool_motion, tool_pressure, tool_number,  tool_tilt,
    tool_rotation, tool_slider, tool_wheel, tool_button, tool_frame,
  };
  ((struct scene *)data)->its_pen = tool;
  zwp_tablet_tool_v2_add_listener (tool, &listener, data);
}

static void on_pad (void *data, struct zwp_tablet_seat_v2 *seat, struct zwp_tablet_pad_v2 *pad)
{
  static const struct zwp_tablet_pad_v2_listener listener = {
    pad_group, pad_path, pad_buttons, pad_done, pad_button, pad_enter, pad_leave, pad_removed,
  };
  ((struct scene *)data)->its_pad = pad;
  zwp_tablet_pad_v2_add_listener (pad, &listener, data);
}

/* A window of 320 by 200 at 100, 100. */
static void begin (struct scene *scene, bool knows_tablets)
{
  static const struct wlr_tablet_impl impl = {.name = "tablet"};
  static const struct zwp_tablet_seat_v2_listener listener = {on_tablet, on_tool, on_pad};
  *scene = (struct scene){.compositor = start_compositor (1), .log = g_string_new (NULL)};
  scene->seat = scene->compositor->seat;
  wlr_tablet_init (&scene->tablet, &impl, "tablet");
  inos_seat_add_device (scene->seat, &scene->tablet.base);
  scene->pen.type = WLR_TABLET_TOOL_TYPE_PEN;
  scene->pen.pressure = scene->pen.tilt = true;
  wl_signal_init (&scene->pen.events.destroy);
  scene->client = client_connect (scene->compositor);
  scene->wl_seat = client_bind (scene->client, &wl_seat_interface, 5);
  if (knows_tablets) {
    scene->manager = client_bind (scene->client, &zwp_tablet_manager_v2_interface, 1);
    scene->tablet_seat = zwp_tablet_manager_v2_get_tablet_seat (scene->manager, scene->wl_seat);
    zwp_tablet_seat_v2_add_listener (scene->tablet_seat, &listener, scene);
  }
  scene->window = window_open (scene->client, "a", "a");
  inos_view_move (inos_view_find (scene->compositor, 1), 100, 100);
  client_roundtrip (scene->client);
}

static void finish (struct scene *scene, bool pen_goes_first)
{
  if (pen_goes_first)
    wl_signal_emit_mutable (&scene->pen.events.destroy, &scene->pen);
  wlr_tablet_finish (&scene->tablet);
  if (!pen_goes_first)
    wl_signal_emit_mutable (&scene->pen.events.destroy, &scene->pen);
  client_roundtrip (scene->client);
  if (scene->its_pen)
    zwp_tablet_tool_v2_destroy (scene->its_pen);
  if (scene->its_pad)
    zwp_tablet_pad_v2_destroy (scene->its_pad);
  if (scene->manager) {
    zwp_tablet_v2_destroy (scene->its_tablet);
    zwp_tablet_seat_v2_destroy (scene->tablet_seat);
    zwp_tablet_manager_v2_destroy (scene->manager);
  }
  wl_seat_destroy (scene->wl_seat);
  window_close (scene->window);
  client_disconnect (scene->client);
  inos_compositor_destroy (scene->compositor);
  g_string_free (scene->log, TRUE);
}

static void assert_log (struct scene *scene, const char *expected)
{
  client_roundtrip (scene->client);
  assert_string_equal (scene->log->str, expected);
  g_string_truncate (scene->log, 0);
}

static void near (struct scene *scene, int x, int y, bool in)
{
  struct wlr_tablet_tool_proximity_event event = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .x = x / 1280.0,
    .y = y / 800.0,
    .state = in ? WLR_TABLET_TOOL_PROXIMITY_IN : WLR_TABLET_TOOL_PROXIMITY_OUT,
  };
  wl_signal_emit_mutable (&scene->tablet.events.proximity, &event);
}

static void draw (struct scene *scene, int x, int y, double pressure)
{
  struct wlr_tablet_tool_axis_event event = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .updated_axes = WLR_TABLET_TOOL_AXIS_X | WLR_TABLET_TOOL_AXIS_Y | WLR_TABLET_TOOL_AXIS_PRESSURE,
    .x = x / 1280.0,
    .y = y / 800.0,
    .pressure = pressure,
  };
  wl_signal_emit_mutable (&scene->tablet.events.axis, &event);
}

static void tip (struct scene *scene, bool down)
{
  struct wlr_tablet_tool_tip_event event = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .state = down ? WLR_TABLET_TOOL_TIP_DOWN : WLR_TABLET_TOOL_TIP_UP,
  };
  wl_signal_emit_mutable (&scene->tablet.events.tip, &event);
}

static void stylus (struct scene *scene, bool down)
{
  struct wlr_tablet_tool_button_event event = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .button = BTN_STYLUS,
    .state = down ? WLR_BUTTON_PRESSED : WLR_BUTTON_RELEASED,
  };
  wl_signal_emit_mutable (&scene->tablet.events.button, &event);
}

static void test_a_client_that_knows_tablets (void **state)
{
  struct scene scene;
  begin (&scene, true);
  /* The client learns of the pen when it comes near for the first time. */
  near (&scene, 700, 600, true);
  client_roundtrip (scene.client);
  assert_non_null (scene.its_pen);
  assert_log (&scene, "");
  draw (&scene, 160, 140, 0);
  assert_log (&scene, "in 60,40 p0 ");
  tip (&scene, true);
  draw (&scene, 200, 180, 0.5);
  assert_log (&scene, "down 100,80 p32767 ");
  /* A stroke stays with its window. */
  draw (&scene, 600, 500, 1);
  tip (&scene, false);
  client_roundtrip (scene.client);
  assert_log (&scene, "500,400 p65535 up out ");
  draw (&scene, 160, 140, 0);
  stylus (&scene, true);
  stylus (&scene, false);
  assert_log (&scene, "in 60,40 p0 b14b+ b14b- ");
  near (&scene, 160, 140, false);
  assert_log (&scene, "out ");
  /* The window goes below the pen. */
  near (&scene, 160, 140, true);
  tip (&scene, true);
  window_close (scene.window);
  tip (&scene, false);
  draw (&scene, 170, 140, 0);
  scene.window = window_open (scene.client, "b", "b");
  finish (&scene, true);
}

/* The window goes below the pen that is down: the next one has it at once, and may go as well. */
static void test_windows_go_below_a_pen_that_is_down (void **state)
{
  struct scene scene;
  begin (&scene, true);
  near (&scene, 700, 600, true);
  client_roundtrip (scene.client);
  draw (&scene, 160, 140, 0);
  tip (&scene, true);
  client_roundtrip (scene.client);
  g_string_truncate (scene.log, 0);
  window_close (scene.window);
  scene.window = window_open (scene.client, "b", "b");
  inos_view_move (inos_view_find (scene.compositor, 2), 100, 100);
  draw (&scene, 170, 150, 0.5);
  client_roundtrip (scene.client);
  assert_non_null (strstr (scene.log->str, "in 70,50 "));
  window_close (scene.window);
  tip (&scene, false);
  draw (&scene, 180, 150, 0);
  g_string_truncate (scene.log, 0);
  scene.window = window_open (scene.client, "c", "c");
  finish (&scene, true);
}

/* While a menu of ours is open no program has the pen, and a click beside the menu closes it. */
static void test_beside_a_menu (void **state)
{
  struct scene scene;
  begin (&scene, true);
  near (&scene, 700, 600, true);
  client_roundtrip (scene.client);
  draw (&scene, 160, 140, 0);
  assert_log (&scene, "in 60,40 p0 ");
  inos_window_menu_open (inos_view_find (scene.compositor, 1), 500, 400, false);
  draw (&scene, 170, 150, 0);
  assert_log (&scene, "out ");
  tip (&scene, true);
  assert_null (scene.seat->menu);
  tip (&scene, false);
  draw (&scene, 160, 140, 0);
  assert_log (&scene, "in 60,40 p0 ");
  finish (&scene, true);
}

static void test_another_client_sees_a_mouse (void **state)
{
  struct scene scene;
  begin (&scene, false);
  near (&scene, 160, 140, true);
  const struct wlr_seat_pointer_state *pointer = &scene.seat->wlr->pointer_state;
  assert_ptr_equal (inos_view_from_surface (pointer->focused_surface),
                    inos_view_find (scene.compositor, 1));
  assert_int_equal ((int)pointer->sx, 60);
  tip (&scene, true);
  assert_int_equal (pointer->button_count, 1);
  assert_int_equal (pointer->buttons[0], BTN_LEFT);
  draw (&scene, 170, 150, 1);
  assert_int_equal ((int)pointer->sx, 70);
  tip (&scene, false);
  stylus (&scene, true);
  assert_int_equal (pointer->buttons[0], BTN_RIGHT);
  /* It is lifted, or pulled out, with the button down. */
  near (&scene, 170, 150, false);
  assert_int_equal (pointer->button_count, 0);
  tip (&scene, true);
  finish (&scene, false);
}

static void test_a_pad_follows_the_keyboard (void **state)
{
  static const struct wlr_tablet_pad_impl impl = {.name = "pad"};
  struct scene scene;
  struct wlr_tablet_pad pad;
  begin (&scene, true);
  wlr_tablet_pad_init (&pad, &impl, "pad");
  pad.button_count = 8;
  inos_seat_add_device (scene.seat, &pad.base);
  client_roundtrip (scene.client);
  assert_log (&scene, "8 buttons ");
  struct wlr_tablet_pad_button_event event = {.button = 3, .state = WLR_BUTTON_PRESSED};
  wl_signal_emit_mutable (&pad.events.button, &event);
  event.state = WLR_BUTTON_RELEASED;
  wl_signal_emit_mutable (&pad.events.button, &event);
  assert_log (&scene, "enter b3+ b3- ");
  struct client *other = client_connect (scene.compositor);
  struct window *window = window_open (other, "b", "b");
  assert_log (&scene, "leave ");
  wl_signal_emit_mutable (&pad.events.button, &event);
  window_close (window);
  client_disconnect (other);
  assert_log (&scene, "enter ");
  wlr_tablet_pad_finish (&pad);
  assert_log (&scene, "removed ");
  finish (&scene, false);
}

/* What is being drawn when the screen locks ends there; from then on the pen is the locker's. */
static void test_behind_the_lock_screen (void **state)
{
  static const struct wlr_tablet_pad_impl impl = {.name = "pad"};
  struct scene scene;
  struct input own;
  struct wlr_tablet_pad pad;
  begin (&scene, true);
  near (&scene, 160, 140, true);
  tip (&scene, true);
  stylus (&scene, true);
  client_roundtrip (scene.client);
  assert_string_not_equal (scene.log->str, "");
  g_string_truncate (scene.log, 0);
  struct locker *locker = locker_start (scene.compositor);
  assert_log (&scene, "b14b- up out ");
  /* The hand goes on, at first over nothing, then over the lock screen. */
  draw (&scene, 200, 180, 0.5);
  stylus (&scene, false);
  tip (&scene, false);
  assert_log (&scene, "");
  locker_cover (locker, 0);
  input_init (&own, locker->client);
  near (&scene, 160, 140, false);
  near (&scene, 160, 140, true);
  draw (&scene, 170, 150, 0.5);
  assert_ptr_equal (scene.seat->wlr->pointer_state.focused_surface,
                    inos_lock_focus (scene.compositor));
  tip (&scene, true);
  tip (&scene, false);
  stylus (&scene, true);
  stylus (&scene, false);
  client_roundtrip (locker->client);
  assert_int_equal (own.buttons, 4);
  /* So does a pad that is plugged in. */
  wlr_tablet_pad_init (&pad, &impl, "pad");
  pad.button_count = 8;
  inos_seat_add_device (scene.seat, &pad.base);
  struct wlr_tablet_pad_button_event press = {.button = 3, .state = WLR_BUTTON_PRESSED};
  wl_signal_emit_mutable (&pad.events.button, &press);
  assert_log (&scene, "8 buttons ");
  wlr_tablet_pad_finish (&pad);
  assert_log (&scene, "removed ");
  input_finish (&own);
  locker_unlock (locker);
  draw (&scene, 160, 140, 0.5);
  assert_log (&scene, "in 60,40 p32767 ");
  finish (&scene, false);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_client_that_knows_tablets),
    cmocka_unit_test (test_windows_go_below_a_pen_that_is_down),
    cmocka_unit_test (test_beside_a_menu),
    cmocka_unit_test (test_another_client_sees_a_mouse),
    cmocka_unit_test (test_a_pad_follows_the_keyboard),
    cmocka_unit_test (test_behind_the_lock_screen),
  };
  return run_compositor_tests (tests);
}
