/* What happens when nobody touches anything, by a clock that the test moves. */

#include <string.h>
#include <wlr/types/wlr_output.h>

#include "action.h"
#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "idle.h"
#include "idle_stage.h"
#include "locker.h"
#include "output.h"
#include "output_power.h"
#include "reload.h"

#include "idle-inhibit-unstable-v1-client-protocol.h"

#define SETTINGS                                                                                   \
  "[idle]\ndim=60\nblank=120\nlock=180\nsuspend=240\nblank-locked=10\n"                            \
  "[idle battery]\ndim=6\nblank=0\nlock=0\nsuspend=24\n"                                           \
  "[lock]\ncommand=\n"

struct room {
  struct inos_compositor *compositor;
  struct inos_output *output;
  struct wlr_keyboard keyboard;
  char *path;
  int64_t now; /* ms */
  int suspends;
  struct wl_listener action;
};

static void handle_action (struct wl_listener *listener, void *data)
{
  struct room *room = wl_container_of (listener, room, action);
  room->suspends += g_str_equal (data, "suspend");
}

static int setup (void **state)
{
  struct room *room = g_new0 (struct room, 1);
  room->path = write_config (SETTINGS);
  room->compositor = start_with_file (room->path);
  room->output = inos_output_active (room->compositor);
  add_keyboard (room->compositor, &room->keyboard);
  room->action.notify = handle_action;
  wl_signal_add (&room->compositor->events.action, &room->action);
  room->now = 1000;
  inos_stages_set_clock (room->compositor->stages, &room->now);
  *state = room;
  return 0;
}

static int teardown (void **state)
{
  struct room *room = *state;
  wl_list_remove (&room->action.link);
  wlr_keyboard_finish (&room->keyboard);
  inos_compositor_destroy (room->compositor);
  unlink (room->path);
  g_free (room->path);
  g_free (room);
  return 0;
}

/* Lets time go by; returns the seconds until the next deadline, -1 where there is none. */
static int64_t pass (struct room *room, int seconds)
{
  room->now += seconds * 1000;
  int64_t left = inos_stages_run (room->compositor->stages);
  return left < 0 ? -1 : left / 1000;
}

/* The stages that are reached, with a letter each. */
static const char *reached (struct room *room)
{
  static char letters[INOS_STAGE_COUNT + 1];
  size_t n = 0;
  for (enum inos_stage stage = 0; stage < INOS_STAGE_COUNT; stage++) {
    if (inos_stages_reached (room->compositor->stages, stage))
      letters[n++] = inos_stage_name (stage)[0];
  }
  letters[n] = '\0';
  return letters;
}

static void rewrite (struct room *room, const char *text)
{
  assert_true (g_file_set_contents (room->path, text, -1, NULL));
}

static void test_one_stage_after_the_other (void **state)
{
  struct room *room = *state;
  assert_int_equal (pass (room, 59), 1);
  assert_string_equal (reached (room), "");
  assert_int_equal (pass (room, 1), 60);
  assert_string_equal (reached (room), "d");
  assert_int_equal (pass (room, 60), 60);
  assert_string_equal (reached (room), "db");
  assert_false (room->output->wlr->enabled);
  assert_int_equal (pass (room, 60), 60);
  assert_string_equal (reached (room), "dbl");
  assert_int_equal (room->suspends, 0);
  /* Nothing more is waited for, and it is said but once. */
  assert_int_equal (pass (room, 60), -1);
  assert_int_equal (pass (room, 6000), -1);
  assert_string_equal (reached (room), "dbls");
  assert_int_equal (room->suspends, 1);
  /* One key, and all is as it was. */
  key (&room->keyboard, KEY_A, true);
  assert_string_equal (reached (room), "");
  assert_true (room->output->wlr->enabled);
  assert_int_equal (pass (room, 0), 60);
}

/* Who sleeps through several deadlines reaches them all, in order. */
static void test_late_timer (void **state)
{
  struct room *room = *state;
  assert_int_equal (pass (room, 130), 50);
  assert_string_equal (reached (room), "db");
  assert_int_equal (pass (room, 1000), -1);
  assert_string_equal (reached (room), "dbls");
}

static void test_dimmed_and_bright_at_once (void **state)
{
  struct room *room = *state;
  struct client *client = client_connect (room->compositor);
  struct camera camera;
  camera_watch (&camera, room->output);
  struct locker *locker = locker_start (room->compositor);
  locker_cover (locker, 0);
  assert_int_equal (camera.middle, BLUE);
  double sx, sy;
  struct inos_seat *seat = room->compositor->seat;
  struct wlr_surface *surface = inos_seat_surface_at (seat, 640, 400, &sx, &sy);
  assert_non_null (surface);
  rewrite (room, "[idle]\ndim=60\nblank-locked=0\n");
  assert_true (inos_reload (room->compositor));
  pass (room, 60);
  client_settle (client);
  assert_string_equal (reached (room), "d");
  uint32_t blue = camera.middle & 0xff;
  assert_true (blue > 0x40 && blue < 0x90);
  /* The pointer is still on what it was on. */
  assert_ptr_equal (inos_seat_surface_at (seat, 640, 400, &sx, &sy), surface);
  /* Another size, and another monitor. */
  struct inos_output *second = inos_output_add_virtual (room->compositor, 800, 600);
  struct camera other;
  camera_watch (&other, second);
  inos_idle_activity (seat);
  client_settle (client);
  assert_int_equal (camera.middle, BLUE);
  locker_unlock (locker);
  wl_list_remove (&camera.commit.link);
  wl_list_remove (&other.commit.link);
  client_disconnect (client);
}

static void test_what_is_shown_holds_all_back (void **state)
{
  struct room *room = *state;
  struct client *client = client_connect (room->compositor);
  struct zwp_idle_inhibit_manager_v1 *manager =
    client_bind (client, &zwp_idle_inhibit_manager_v1_interface, 1);
  pass (room, 130);
  assert_string_equal (reached (room), "db");
  /* A film that begins lights the screen. */
  struct window *window = window_open (client, "film", "film");
  struct zwp_idle_inhibitor_v1 *inhibitor =
    zwp_idle_inhibit_manager_v1_create_inhibitor (manager, window->surface);
  client_roundtrip (client);
  assert_string_equal (reached (room), "");
  assert_true (room->output->wlr->enabled);
  assert_int_equal (pass (room, 100000), -1);
  assert_string_equal (reached (room), "");
  /* Not any more when it is not seen; and all the time counts anew. */
  inos_action_run (room->compositor, "workspace 2");
  assert_int_equal (pass (room, 0), 60);
  assert_int_equal (pass (room, 70), 50);
  assert_string_equal (reached (room), "d");
  inos_action_run (room->compositor, "workspace 1");
  assert_string_equal (reached (room), "");
  zwp_idle_inhibitor_v1_destroy (inhibitor);
  client_roundtrip (client);
  assert_int_equal (pass (room, 0), 60);
  window_close (window);
  zwp_idle_inhibit_manager_v1_destroy (manager);
  client_disconnect (client);
}

static void test_locked_screen_goes_dark_soon (void **state)
{
  struct room *room = *state;
  struct inos_compositor *compositor = room->compositor;
  pass (room, 5);
  inos_idle_hold (compositor, INOS_IDLE_SAVER, true);
  assert_int_equal (pass (room, 0), -1);
  struct locker *locker = locker_start (compositor);
  assert_true (compositor->locked);
  /* Music goes on, and keeps the machine awake, but not the screen of one who has gone. */
  assert_int_equal (pass (room, 9), 1);
  assert_true (room->output->wlr->enabled);
  pass (room, 1);
  assert_string_equal (reached (room), "b");
  assert_false (room->output->wlr->enabled);
  pass (room, 1000);
  assert_int_equal (room->suspends, 0);
  inos_idle_hold (compositor, INOS_IDLE_SAVER, false);
  assert_int_equal (room->suspends, 1);
  /* Input lights it and does not unlock. */
  tap (&room->keyboard, KEY_A);
  assert_true (room->output->wlr->enabled);
  assert_true (compositor->locked);
  assert_int_equal (pass (room, 0), 10);
  locker_unlock (locker);
  assert_int_equal (pass (room, 0), 60);
}

static void test_battery_has_its_own_times (void **state)
{
  struct room *room = *state;
  struct inos_stages *stages = room->compositor->stages;
  pass (room, 59);
  inos_stages_set_on_battery (stages, true);
  assert_string_equal (reached (room), "");
  assert_int_equal (pass (room, 6), 18);
  assert_string_equal (reached (room), "d");
  assert_int_equal (pass (room, 18), -1);
  assert_string_equal (reached (room), "ds");
  inos_stages_set_on_battery (stages, false);
  assert_string_equal (reached (room), "");
  assert_int_equal (pass (room, 0), 60);
}

static void test_settings_hold_at_once (void **state)
{
  struct room *room = *state;
  pass (room, 70);
  assert_string_equal (reached (room), "d");
  rewrite (room, "[idle]\ndim=0\nblank=5\n");
  assert_true (inos_reload (room->compositor));
  assert_string_equal (reached (room), "");
  assert_int_equal (pass (room, 0), 5);
  pass (room, 5);
  assert_string_equal (reached (room), "b");
  /* What is wrong changes nothing. */
  static const char *const wrong[] = {"[idle]\ndim=-1\n", "[idle]\nblank=86401\n",
                                      "[idle]\nlock=soon\n", "[idle battery]\nsuspend=1e3\n",
                                      "[idle]\nsleep=3\n"};
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    rewrite (room, wrong[i]);
    assert_false (inos_reload (room->compositor));
    assert_int_equal (room->compositor->config_error.line, 2);
    assert_string_equal (reached (room), "b");
    assert_int_equal (inos_stages_time (room->compositor->stages, INOS_STAGE_BLANK), 5);
  }
}

static void test_times_where_nothing_is_set (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_idle_times none = inos_idle_times (&compositor->config, false, false);
  struct inos_idle_times mains = inos_idle_times (&compositor->config, false, true);
  struct inos_idle_times battery = inos_idle_times (&compositor->config, true, true);
  assert_int_equal (none.dim + none.blank + none.lock + none.suspend, 0);
  assert_int_equal (inos_stages_run (compositor->stages), -1);
  assert_true (mains.dim > 0 && mains.dim < mains.blank && mains.blank < mains.lock);
  assert_int_equal (mains.suspend, 0);
  assert_true (battery.dim > 0 && battery.dim < battery.blank && battery.blank < battery.lock);
  assert_true (battery.lock < battery.suspend && battery.blank < mains.blank);
  inos_compositor_destroy (compositor);
}

static void test_only_what_was_on_comes_on (void **state)
{
  struct room *room = *state;
  struct inos_output *off = inos_output_add_virtual (room->compositor, 800, 600);
  assert_true (inos_output_set_power (off, false));
  pass (room, 120);
  assert_false (room->output->wlr->enabled);
  /* A monitor that comes meanwhile is dark too. */
  struct inos_output *late = inos_output_add_virtual (room->compositor, 640, 480);
  wl_event_loop_dispatch_idle (room->compositor->loop);
  assert_false (late->wlr->enabled);
  assert_string_equal (reached (room), "db");
  tap (&room->keyboard, KEY_A);
  assert_true (room->output->wlr->enabled);
  assert_true (late->wlr->enabled);
  assert_false (off->wlr->enabled);
  /* One that is unplugged while it is dark. */
  pass (room, 120);
  wlr_output_destroy (late->wlr);
  tap (&room->keyboard, KEY_A);
  assert_true (room->output->wlr->enabled);
}

/* The lock's program is started, and a wrong one ends nothing. */
static void test_lock_is_asked_for (void **state)
{
  struct room *room = *state;
  g_autofree char *mark = g_strconcat (room->path, ".locks", NULL);
  g_autofree char *text = g_strdup_printf ("[idle]\nlock=5\n[lock]\ncommand=touch %s\n", mark);
  rewrite (room, text);
  assert_true (inos_reload (room->compositor));
  pass (room, 5);
  for (int i = 0; i < 2000 && !g_file_test (mark, G_FILE_TEST_EXISTS); i++)
    g_usleep (5000);
  assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  unlink (mark);
  rewrite (room, "[idle]\nlock=5\nsuspend=6\n[lock]\ncommand=/nonexistent/locker\n");
  assert_true (inos_reload (room->compositor));
  pass (room, 6);
  assert_string_equal (reached (room), "ls");
}

int main (void)
{
#define IN_ROOM(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    IN_ROOM (test_one_stage_after_the_other),    IN_ROOM (test_late_timer),
    IN_ROOM (test_dimmed_and_bright_at_once),    IN_ROOM (test_what_is_shown_holds_all_back),
    IN_ROOM (test_locked_screen_goes_dark_soon), IN_ROOM (test_battery_has_its_own_times),
    IN_ROOM (test_settings_hold_at_once),        cmocka_unit_test (test_times_where_nothing_is_set),
    IN_ROOM (test_only_what_was_on_comes_on),    IN_ROOM (test_lock_is_asked_for),
  };
  return run_compositor_tests (tests);
}
