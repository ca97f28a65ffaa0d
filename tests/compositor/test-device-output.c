/* A tablet, or a mouse that tells of places, for one output alone: `map-to-output`. What lacks here
 * is the hardware: the tablet is one that libinput would announce, and the test moves its pen. */

#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_tablet_tool.h>

#include "client.h"
#include "fake-output.h"
#include "fixture.h"
#include "output.h"
#include "reload.h"
#include "seat.h"

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

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_tablet_is_for_one_output),
    cmocka_unit_test (test_output_goes_and_comes),
  };
  return run_compositor_tests (tests);
}
