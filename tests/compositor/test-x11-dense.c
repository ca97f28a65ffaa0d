/* Fingers and pens on X11 programs where the screen is dense: programs count in pixels, of which a
 * unit of ours has two. The program and the X server are real ones, the devices are stand-ins. */

#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/interfaces/wlr_touch.h>
#include <xcb/xcb.h>
#include <xcb/xinput.h>

#include "client.h"
#include "fixture.h"
#include "output_settings.h"
#include "seat.h"
#include "view.h"
#include "xwayland.h"

enum {
  SCALE = 2,
  LAYOUT_WIDTH = 640, /* of the output, 1280x800 */
  LAYOUT_HEIGHT = 400,
  WINDOW_WIDTH = 400, /* in pixels */
  WINDOW_HEIGHT = 300,
  LEFT = 100, /* where it is, in units */
  TOP = 80,
  PATIENCE = 30, /* s */
  FULL_PRESSURE = 65535,
};

struct stage {
  struct inos_compositor *compositor;
  struct wlr_touch touch;
  struct wlr_tablet tablet;
  struct wlr_tablet_tool pen;
  struct inos_view *view;
  char *display;

  /* The program's. */
  xcb_connection_t *connection;
  xcb_window_t window;
  uint8_t input; /* the number of XInput */
  int open;
};

static void select_events (struct stage *stage)
{
  /* Of masters: an event of a device itself has the place of the one before. */
  const struct {
    xcb_input_event_mask_t head;
    uint32_t events;
  } wanted = {
    .head = {.deviceid = XCB_INPUT_DEVICE_ALL_MASTER, .mask_len = 1},
    .events = XCB_INPUT_XI_EVENT_MASK_TOUCH_BEGIN | XCB_INPUT_XI_EVENT_MASK_TOUCH_UPDATE |
              XCB_INPUT_XI_EVENT_MASK_TOUCH_END | XCB_INPUT_XI_EVENT_MASK_MOTION |
              XCB_INPUT_XI_EVENT_MASK_BUTTON_PRESS | XCB_INPUT_XI_EVENT_MASK_BUTTON_RELEASE,
  };
  xcb_input_xi_select_events (stage->connection, stage->window, 1, &wanted.head);
}

/* In a thread: the X server waits for the compositor while it starts. */
static void *open_program (void *data)
{
  struct stage *stage = data;
  /* Without credentials: libXau looks for them in memory that all threads share, and the compositor
   * looks too. */
  xcb_auth_info_t nobody = {0};
  xcb_connection_t *connection = stage->connection =
    xcb_connect_to_display_with_auth_info (stage->display, &nobody, NULL);
  assert_int_equal (xcb_connection_has_error (connection), 0);
  xcb_input_xi_query_version_reply_t *version = xcb_input_xi_query_version_reply (
    connection, xcb_input_xi_query_version (connection, 2, 2), NULL);
  assert_non_null (version);
  free (version); /* libxcb's */
  stage->input = xcb_get_extension_data (connection, &xcb_input_id)->major_opcode;
  const xcb_screen_t *screen = xcb_setup_roots_iterator (xcb_get_setup (connection)).data;
  stage->window = xcb_generate_id (connection);
  xcb_create_window (connection, XCB_COPY_FROM_PARENT, stage->window, screen->root, 0, 0,
                     WINDOW_WIDTH, WINDOW_HEIGHT, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
                     screen->root_visual, XCB_CW_BACK_PIXEL | XCB_CW_EVENT_MASK,
                     (const uint32_t[]){0x00FF00, XCB_EVENT_MASK_EXPOSURE});
  select_events (stage);
  xcb_map_window (connection, stage->window);
  xcb_flush (connection);
  g_atomic_int_set (&stage->open, true);
  return NULL;
}

/* The next event of that kind, of XInput where `extension` is that and else of X11 itself; NULL at
 * `end`. To be freed. */
static void *next_event (struct stage *stage, uint8_t extension, uint16_t kind, gint64 end)
{
  while (g_get_monotonic_time() < end) {
    xcb_generic_event_t *event = xcb_poll_for_event (stage->connection);
    if (!event) {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
      continue;
    }
    const xcb_ge_generic_event_t *generic = (const xcb_ge_generic_event_t *)event;
    if (extension && event->response_type == XCB_GE_GENERIC && generic->extension == extension &&
        generic->event_type == kind)
      return event;
    if (!extension && event->response_type == kind)
      return event;
    free (event); /* libxcb's */
  }
  return NULL;
}

static void *wait_for_event (struct stage *stage, uint8_t extension, uint16_t kind)
{
  void *event =
    next_event (stage, extension, kind, g_get_monotonic_time() + PATIENCE * G_USEC_PER_SEC);
  if (!event)
    fail_msg ("event %u of %u does not come", kind, extension);
  return event;
}

/* The output has scale 2, and there are fingers and a pen from the beginning. */
static void set_up_devices (struct stage *stage)
{
  static const struct wlr_touch_impl touch = {.name = "touch"};
  static const struct wlr_tablet_impl tablet = {.name = "tablet"};
  struct inos_seat *seat = stage->compositor->seat;
  wlr_touch_init (&stage->touch, &touch, "touch");
  inos_seat_add_device (seat, &stage->touch.base);
  wlr_tablet_init (&stage->tablet, &tablet, "tablet");
  inos_seat_add_device (seat, &stage->tablet.base);
  stage->pen.type = WLR_TABLET_TOOL_TYPE_PEN;
  stage->pen.pressure = true;
  wl_signal_init (&stage->pen.events.destroy);
}

/* X11 programs there are only where others can reach it too. */
static struct inos_compositor *start_with_socket (void)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = LAYOUT_WIDTH * SCALE,
    .height = LAYOUT_HEIGHT * SCALE,
    .socket = "dense",
    .config_path = "/nonexistent/compositor.ini",
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, &error);
  if (!compositor)
    fail_msg ("%s", error->message);
  return compositor;
}

/* The X server hears of it by another socket than of fingers. */
static void wait_for_place (struct stage *stage, int x, int y)
{
  gint64 end = g_get_monotonic_time() + PATIENCE * G_USEC_PER_SEC;
  for (bool there = false; !there;) {
    pump();
    xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply (
      stage->connection, xcb_get_geometry (stage->connection, stage->window), NULL);
    assert_non_null (geometry);
    xcb_translate_coordinates_reply_t *origin = xcb_translate_coordinates_reply (
      stage->connection,
      xcb_translate_coordinates (stage->connection, stage->window, geometry->root, 0, 0), NULL);
    assert_non_null (origin);
    there = origin->dst_x == x && origin->dst_y == y;
    free (origin);   /* libxcb's */
    free (geometry); /* libxcb's */
    assert_true (there || g_get_monotonic_time() < end);
  }
}

static int set_up (void **state)
{
  struct stage *stage = *state = g_new0 (struct stage, 1);
  stage->compositor = start_with_socket();
  struct inos_output *output = inos_output_active (stage->compositor);
  struct inos_output_settings settings = inos_output_settings_of (output);
  settings.scale = SCALE;
  assert_true (inos_output_settings_apply (output, &settings));
  set_up_devices (stage);
  stage->display = g_strdup (inos_xwayland_display (stage->compositor));
  assert_non_null (stage->display);
  GThread *thread = g_thread_new ("program", open_program, stage);
  while (!g_atomic_int_get (&stage->open)) {
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  }
  g_thread_join (thread);
  free (wait_for_event (stage, 0, XCB_EXPOSE)); /* libxcb's */
  xcb_clear_area (stage->connection, 0, stage->window, 0, 0, 0, 0);
  xcb_flush (stage->connection);
  while (wl_list_empty (&stage->compositor->views))
    g_main_context_iteration (NULL, TRUE);
  stage->view = wl_container_of (stage->compositor->views.next, stage->view, link);
  inos_view_move (stage->view, LEFT, TOP);
  wait_for_place (stage, LEFT * SCALE, TOP * SCALE);
  return 0;
}

static int tear_down (void **state)
{
  struct stage *stage = *state;
  xcb_disconnect (stage->connection);
  wlr_touch_finish (&stage->touch);
  wlr_tablet_finish (&stage->tablet);
  wl_signal_emit_mutable (&stage->pen.events.destroy, &stage->pen);
  inos_compositor_destroy (stage->compositor);
  g_free (stage->display);
  g_free (stage);
  return 0;
}

/* The X server has fingers at whole pixels, rounded down. */
static bool is_near (xcb_input_fp1616_t number, double expected)
{
  return ABS (number / 65536.0 - expected) < 1.5;
}

/* Of what XInput says of fingers and pens alike: places, given in units in the window. */
static bool is_at (const xcb_input_button_press_event_t *event, double x, double y)
{
  return is_near (event->event_x, x * SCALE) && is_near (event->event_y, y * SCALE) &&
         is_near (event->root_x, (LEFT + x) * SCALE) && is_near (event->root_y, (TOP + y) * SCALE);
}

static void test_window_has_pixels (void **state)
{
  struct stage *stage = *state;
  xcb_get_geometry_reply_t *size = xcb_get_geometry_reply (
    stage->connection, xcb_get_geometry (stage->connection, stage->window), NULL);
  assert_non_null (size);
  assert_int_equal (size->width, WINDOW_WIDTH);
  assert_int_equal (size->height, WINDOW_HEIGHT);
  free (size); /* libxcb's */
  struct wlr_box box = inos_view_box (stage->view);
  assert_int_equal (box.width, WINDOW_WIDTH / SCALE);
  assert_int_equal (box.height, WINDOW_HEIGHT / SCALE);
}

/* x and y: units in the window. */
static void put_finger (struct stage *stage, int finger, double x, double y)
{
  struct wlr_touch_down_event event = {.touch = &stage->touch,
                                       .touch_id = finger,
                                       .time_msec = 7,
                                       .x = (LEFT + x) / LAYOUT_WIDTH,
                                       .y = (TOP + y) / LAYOUT_HEIGHT};
  wl_signal_emit_mutable (&stage->touch.events.down, &event);
  wl_signal_emit_mutable (&stage->touch.events.frame, NULL);
}

static void move_finger (struct stage *stage, int finger, double x, double y)
{
  struct wlr_touch_motion_event event = {.touch = &stage->touch,
                                         .touch_id = finger,
                                         .time_msec = 8,
                                         .x = (LEFT + x) / LAYOUT_WIDTH,
                                         .y = (TOP + y) / LAYOUT_HEIGHT};
  wl_signal_emit_mutable (&stage->touch.events.motion, &event);
  wl_signal_emit_mutable (&stage->touch.events.frame, NULL);
}

static void lift_finger (struct stage *stage, int finger)
{
  struct wlr_touch_up_event event = {.touch = &stage->touch, .touch_id = finger, .time_msec = 9};
  wl_signal_emit_mutable (&stage->touch.events.up, &event);
  wl_signal_emit_mutable (&stage->touch.events.frame, NULL);
}

static uint32_t assert_finger (struct stage *stage, uint16_t kind, double x, double y)
{
  xcb_input_button_press_event_t *event = wait_for_event (stage, stage->input, kind);
  uint32_t finger = event->detail;
  assert_int_equal (event->event, stage->window);
  if (!is_at (event, x, y))
    fail_msg ("a finger is at %f, %f", event->event_x / 65536.0, event->event_y / 65536.0);
  free (event); /* libxcb's */
  return finger;
}

static void test_fingers (void **state)
{
  struct stage *stage = *state;
  static const double corners[][2] = {{0.5, 0.5}, {100, 75}, {199, 149}};
  for (size_t i = 0; i < G_N_ELEMENTS (corners); i++) {
    double x = corners[i][0], y = corners[i][1];
    put_finger (stage, 1, x, y);
    assert_finger (stage, XCB_INPUT_TOUCH_BEGIN, x, y);
    move_finger (stage, 1, x + 10, y + 20);
    assert_finger (stage, XCB_INPUT_TOUCH_UPDATE, x + 10, y + 20);
    lift_finger (stage, 1);
    assert_finger (stage, XCB_INPUT_TOUCH_END, x + 10, y + 20);
  }
  /* Two at once, one of which leaves the window. */
  put_finger (stage, 1, 50, 60);
  uint32_t one = assert_finger (stage, XCB_INPUT_TOUCH_BEGIN, 50, 60);
  put_finger (stage, 2, 150, 100);
  assert_int_not_equal (assert_finger (stage, XCB_INPUT_TOUCH_BEGIN, 150, 100), one);
  move_finger (stage, 1, 300, 200);
  assert_int_equal (assert_finger (stage, XCB_INPUT_TOUCH_UPDATE, 300, 200), one);
  lift_finger (stage, 1);
  lift_finger (stage, 2);
}

static void bring_pen (struct stage *stage, bool in, double x, double y)
{
  struct wlr_tablet_tool_proximity_event event = {
    .tablet = &stage->tablet,
    .tool = &stage->pen,
    .x = (LEFT + x) / LAYOUT_WIDTH,
    .y = (TOP + y) / LAYOUT_HEIGHT,
    .state = in ? WLR_TABLET_TOOL_PROXIMITY_IN : WLR_TABLET_TOOL_PROXIMITY_OUT,
  };
  wl_signal_emit_mutable (&stage->tablet.events.proximity, &event);
}

static void draw (struct stage *stage, double x, double y, double pressure)
{
  struct wlr_tablet_tool_axis_event event = {
    .tablet = &stage->tablet,
    .tool = &stage->pen,
    .updated_axes = WLR_TABLET_TOOL_AXIS_X | WLR_TABLET_TOOL_AXIS_Y | WLR_TABLET_TOOL_AXIS_PRESSURE,
    .x = (LEFT + x) / LAYOUT_WIDTH,
    .y = (TOP + y) / LAYOUT_HEIGHT,
    .pressure = pressure,
  };
  wl_signal_emit_mutable (&stage->tablet.events.axis, &event);
}

static void put_pen (struct stage *stage, bool down)
{
  struct wlr_tablet_tool_tip_event event = {
    .tablet = &stage->tablet,
    .tool = &stage->pen,
    .state = down ? WLR_TABLET_TOOL_TIP_DOWN : WLR_TABLET_TOOL_TIP_UP,
  };
  wl_signal_emit_mutable (&stage->tablet.events.tip, &event);
}

/* Whether it is of a pen, which has more numbers than a mouse: the third one is the pressure. */
static bool is_pressed (const xcb_input_button_press_event_t *event, double pressure)
{
  const uint32_t *numbers = xcb_input_button_press_valuator_mask (event);
  const xcb_input_fp3232_t *values = xcb_input_button_press_axisvalues (event);
  return event->valuators_len > 0 && (numbers[0] & 7) == 7 &&
         ABS (values[2].integral - FULL_PRESSURE * pressure) <= 2;
}

static bool is_pen (struct stage *stage, const xcb_input_button_press_event_t *event, double x,
                    double y, double pressure)
{
  return event->event == stage->window && is_at (event, x, y) && is_pressed (event, pressure);
}

/* Draws until the X server says that the pen is there and pressed so: a pen tells where it is a
 * hundred times a second, and of the first times one is lost while the server makes a device of it.
 */
static void draw_and_assert (struct stage *stage, double x, double y, double pressure)
{
  bool there = false;
  for (int left = PATIENCE * 5; left > 0 && !there; left--) {
    draw (stage, x, y, pressure);
    gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC / 5;
    xcb_input_button_press_event_t *event;
    while (!there && (event = next_event (stage, stage->input, XCB_INPUT_MOTION, end))) {
      there = is_pen (stage, event, x, y, pressure);
      free (event); /* libxcb's */
    }
  }
  assert_true (there);
}

static void test_pen (void **state)
{
  struct stage *stage = *state;
  /* The X server makes a device of it when it first comes near. */
  bring_pen (stage, true, 10, 10);
  draw_and_assert (stage, 20, 30, 0);
  put_pen (stage, true);
  draw_and_assert (stage, 150.5, 100, 0.5);
  /* A stroke that leaves the window. */
  draw_and_assert (stage, 300, 200, 1);
  put_pen (stage, false);
  bring_pen (stage, false, 300, 200);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_window_has_pixels, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_fingers, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_pen, set_up, tear_down),
  };
  return run_compositor_tests (tests);
}
