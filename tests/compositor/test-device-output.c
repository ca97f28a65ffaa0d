/* A tablet, a mouse that tells of places or a touch screen for one output alone, or a part of the
 * screens: `map-to-output`, `map-to-region`. What lacks here is the hardware: the tablet is one
 * that libinput would announce, and the test moves its pen. */

#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_tablet_tool.h>
#include <wlr/types/wlr_touch.h>

#include "client.h"
#include "fake-output.h"
#include "fixture.h"
#include "output.h"
#include "reload.h"
#include "seat.h"
#include "view.h"

struct scene {
  char *path;
  struct inos_compositor *compositor;
  struct inos_output *second;
  struct wlr_tablet tablet;
  struct wlr_tablet_tool pen;
};

static void begin (struct scene *scene, const char *text)
{
  static const struct wlr_tablet_impl impl = {.name = "wacom"};
  scene->path = write_config (text);
  scene->compositor = start_with_file (scene->path);
  scene->second = inos_output_add_virtual (scene->compositor, 640, 480);
  pump();
  wlr_tablet_init (&scene->tablet, &impl, "wacom");
  inos_seat_add_device (scene->compositor->seat, &scene->tablet.base);
  scene->pen = (struct wlr_tablet_tool){.type = WLR_TABLET_TOOL_TYPE_PEN};
  wl_signal_init (&scene->pen.events.destroy);
}

static void finish (struct scene *scene)
{
  wl_signal_emit_mutable (&scene->pen.events.destroy, &scene->pen);
  wlr_tablet_finish (&scene->tablet);
  inos_compositor_destroy (scene->compositor);
  unlink (scene->path);
  g_free (scene->path);
}

/* The pen is in the middle of the tablet: where the pointer is. */
static void assert_middle_is (struct scene *scene, int x, int y)
{
  struct wlr_tablet_tool_proximity_event near = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .x = 0.25,
    .y = 0.25,
    .state = WLR_TABLET_TOOL_PROXIMITY_IN,
  };
  wl_signal_emit_mutable (&scene->tablet.events.proximity, &near);
  struct wlr_tablet_tool_axis_event axis = {
    .tablet = &scene->tablet,
    .tool = &scene->pen,
    .updated_axes = WLR_TABLET_TOOL_AXIS_X | WLR_TABLET_TOOL_AXIS_Y,
    .x = 0.5,
    .y = 0.5,
  };
  wl_signal_emit_mutable (&scene->tablet.events.axis, &axis);
  near.state = WLR_TABLET_TOOL_PROXIMITY_OUT;
  wl_signal_emit_mutable (&scene->tablet.events.proximity, &near);
  assert_int_equal ((int)scene->compositor->seat->cursor->x, x);
  assert_int_equal ((int)scene->compositor->seat->cursor->y, y);
}

static void write_again (struct scene *scene, const char *text)
{
  assert_true (g_file_set_contents (scene->path, text, -1, NULL));
  assert_true (inos_reload (scene->compositor));
}

/* wlroots counts outputs without hardware anew in no test. */
static char *mapped_to (struct inos_output *output)
{
  return g_strdup_printf ("[device wacom]\nmap-to-output=%s\n", output->wlr->name);
}

static void test_tablet_is_for_one_output (void **state)
{
  struct scene scene;
  begin (&scene, "");
  /* Without the setting it reaches all that there is: 1920 by 800. */
  assert_middle_is (&scene, 960, 400);
  g_autofree char *first = mapped_to (inos_output_at (scene.compositor, 10, 10));
  g_autofree char *second = mapped_to (scene.second);
  write_again (&scene, second);
  assert_middle_is (&scene, 1280 + 320, 240);
  write_again (&scene, first);
  assert_middle_is (&scene, 640, 400);
  /* No such output: all again; and so without the setting. */
  write_again (&scene, "[device wacom]\nmap-to-output=DP-7\n");
  assert_middle_is (&scene, 960, 400);
  write_again (&scene, second);
  write_again (&scene, "");
  assert_middle_is (&scene, 960, 400);
  finish (&scene);
}

/* The output is not there yet, comes, goes and comes again. */
static void test_output_goes_and_comes (void **state)
{
  struct scene scene;
  begin (&scene, "[device wacom]\nmap-to-output=DP-1\n");
  assert_middle_is (&scene, 960, 400);
  for (int i = 0; i < 2; i++) {
    struct fake_output *monitor = fake_output_plug (scene.compositor, "DP-1");
    struct wlr_box box = inos_output_box (inos_output_from_wlr (&monitor->base));
    pump();
    assert_middle_is (&scene, box.x + box.width / 2, box.y + box.height / 2);
    wlr_output_destroy (&monitor->base);
    pump();
    assert_middle_is (&scene, 960, 400);
  }
  finish (&scene);
}

/* A region of the desktop, which may reach across screens and past them. */
static void test_tablet_is_for_a_region (void **state)
{
  struct scene scene;
  begin (&scene, "[device wacom]\nmap-to-region=100,200,400x300\n");
  assert_middle_is (&scene, 300, 350);
  write_again (&scene, "[device wacom]\nmap-to-region= 1180, 100, 200x100\n");
  assert_middle_is (&scene, 1280, 150);
  /* What is past all screens is left out. */
  write_again (&scene, "[device wacom]\nmap-to-region=-600,-700,700x800\n");
  assert_middle_is (&scene, 50, 50);
  /* Below the second screen, which is not as high, is nothing: the nearest place there is. */
  write_again (&scene, "[device wacom]\nmap-to-region=1380,500,200x200\n");
  assert_middle_is (&scene, 1480, 479);
  /* Nothing at all is there, or nothing is set: all. */
  write_again (&scene, "[device wacom]\nmap-to-region=5000,5000,10x10\n");
  assert_middle_is (&scene, 960, 400);
  write_again (&scene, "[device wacom]\nmap-to-region=100,200,400x300\n");
  write_again (&scene, "[device wacom]\nmap-to-region=\n");
  assert_middle_is (&scene, 960, 400);
  finish (&scene);
}

/* One of an output goes where that goes. */
static void test_region_follows_its_output (void **state)
{
  struct scene scene;
  begin (&scene, "");
  g_autofree char *text = g_strdup_printf (
    "[device wacom]\nmap-to-output=%s\nmap-to-region=100,100,200x100\n", scene.second->wlr->name);
  write_again (&scene, text);
  assert_middle_is (&scene, 1280 + 200, 150);
  inos_output_put (scene.second, 2000, 300);
  pump();
  assert_middle_is (&scene, 2000 + 200, 450);
  /* No more than what the output has of it. */
  g_autofree char *large = g_strdup_printf (
    "[device wacom]\nmap-to-output=%s\nmap-to-region=600,0,9000x480\n", scene.second->wlr->name);
  write_again (&scene, large);
  assert_middle_is (&scene, 2000 + 620, 300 + 240);
  /* While it is not there the tablet is for all of what is left. */
  wlr_output_destroy (scene.second->wlr);
  pump();
  assert_middle_is (&scene, 640, 400);
  finish (&scene);
}

static void test_wrong_regions_are_named (void **state)
{
  static const char *const wrong[] = {
    "0,0,800",
    "0,0,800x600x1",
    "0,0,0x600",
    "0,0,800x-600",
    "0.5,0,800x600",
    "0,0,800,600",
    "left half",
    "0,0,nanx9",
    "0,0,99999999x10",
    "-99999999,0,1x1",
    "0,,800x600",
    "0,0,8x6 ,",
    "99999999999999999999,0,1x1",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *line = g_strconcat ("map-to-region=", wrong[i], NULL);
    assert_line_refused ("device wacom", line, "must be X,Y,WxH in whole pixels");
  }
}

/* What a program is told of a finger */

struct finger {
  int downs;
  wl_fixed_t x, y;
};

static void on_down (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
                     struct wl_surface *surface, int32_t id, wl_fixed_t x, wl_fixed_t y)
{
  struct finger *finger = data;
  finger->downs++;
  finger->x = x;
  finger->y = y;
}

static void on_up (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time, int32_t id)
{
}

static void on_motion (void *data, struct wl_touch *touch, uint32_t time, int32_t id, wl_fixed_t x,
                       wl_fixed_t y)
{
}

static void on_frame (void *data, struct wl_touch *touch)
{
}

static void tap_at (struct wlr_touch *touch, double x, double y)
{
  struct wlr_touch_down_event down = {.touch = touch, .time_msec = 10, .x = x, .y = y};
  struct wlr_touch_up_event up = {.touch = touch, .time_msec = 20};
  wl_signal_emit_mutable (&touch->events.down, &down);
  wl_signal_emit_mutable (&touch->events.frame, NULL);
  wl_signal_emit_mutable (&touch->events.up, &up);
  wl_signal_emit_mutable (&touch->events.frame, NULL);
}

static void test_fingers_are_in_the_region (void **state)
{
  static const struct wl_touch_listener listener = {
    .down = on_down, .up = on_up, .motion = on_motion, .frame = on_frame};
  static const struct wlr_touch_impl no_hardware = {.name = "panel"};
  struct inos_compositor *compositor =
    start_configured ("[device panel]\nmap-to-region=100,200,400x300\n");
  struct wlr_touch touch;
  struct finger finger = {0};
  wlr_touch_init (&touch, &no_hardware, "panel");
  inos_seat_add_device (compositor->seat, &touch.base);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "b");
  inos_view_move (inos_view_focused (compositor), 250, 300);
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 5);
  struct wl_touch *its_touch = wl_seat_get_touch (seat);
  wl_touch_add_listener (its_touch, &listener, &finger);
  client_roundtrip (client);
  tap_at (&touch, 0.5, 0.5); /* 300, 350 */
  client_roundtrip (client);
  assert_int_equal (finger.downs, 1);
  assert_int_equal (wl_fixed_to_int (finger.x), 50);
  assert_int_equal (wl_fixed_to_int (finger.y), 50);
  tap_at (&touch, 0.05, 0.05); /* beside the window */
  client_roundtrip (client);
  assert_int_equal (finger.downs, 1);
  wl_touch_destroy (its_touch);
  wl_seat_destroy (seat);
  window_close (window);
  client_disconnect (client);
  wlr_touch_finish (&touch);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_tablet_is_for_one_output),
    cmocka_unit_test (test_output_goes_and_comes),
    cmocka_unit_test (test_tablet_is_for_a_region),
    cmocka_unit_test (test_region_follows_its_output),
    cmocka_unit_test (test_wrong_regions_are_named),
    cmocka_unit_test (test_fingers_are_in_the_region),
  };
  return run_compositor_tests (tests);
}
