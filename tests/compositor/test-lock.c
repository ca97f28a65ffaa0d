/* The lock screen: what is drawn, on which outputs, and what happens when the locker dies. */

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>

#include "fixture.h"
#include "lock.h"
#include "locker.h"
#include "output.h"
#include "said.h"
#include "seat.h"
#include "view.h"

static void test_nothing_else_is_drawn (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct locker *locker = locker_start (desk->compositor);
  assert_true (desk->compositor->locked);
  client_settle (desk->client);
  client_roundtrip (locker->client);
  assert_int_equal (locker->locked, 1);
  assert_true (camera_is_dark (&desk->cameras[0]));
  assert_true (camera_is_dark (&desk->cameras[1]));
  assert_false (window->activated);
  locker_cover (locker, 0);
  assert_int_equal (desk->cameras[0].middle, BLUE);
  assert_true (camera_is_dark (&desk->cameras[1]));
  locker_cover (locker, 1);
  assert_int_equal (desk->cameras[1].middle, BLUE);
  /* What is drawn behind it stays there, and so does a new window. */
  window_draw (window);
  struct window *late = window_open (desk->client, "late", "late");
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, BLUE);
  assert_false (late->activated);
  window_close (late);
  locker_unlock (locker);
  client_settle (desk->client);
  assert_false (desk->compositor->locked);
  assert_int_equal (desk->cameras[0].middle, RED);
  assert_true (window->activated);
  window_close (window);
}

/* "locked" means that every output has shown a frame without anything else; one that is off shows
 * nothing. */
static void test_locked_only_when_all_is_dark (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct locker *locker = locker_start (desk->compositor);
  for (int i = 0; i < 200 && locker->locked == 0; i++) {
    client_roundtrip (locker->client);
    if (locker->locked)
      break;
    g_usleep (1000);
  }
  assert_int_equal (locker->locked, 1);
  assert_true (camera_is_dark (&desk->cameras[0]));
  assert_true (camera_is_dark (&desk->cameras[1]));
  locker_unlock (locker);
  client_settle (desk->client);

  struct wlr_output_state off;
  wlr_output_state_init (&off);
  wlr_output_state_set_enabled (&off, false);
  for (int i = 0; i < 2; i++)
    assert_true (wlr_output_commit_state (desk->outputs[i]->wlr, &off));
  wlr_output_state_finish (&off);
  locker = locker_start (desk->compositor);
  assert_int_equal (locker->locked, 1);
  locker_unlock (locker);
  window_close (window);
}

static void test_output_plugged_in_while_locked (void **state)
{
  struct desk *desk = *state;
  struct locker *locker = locker_start (desk->compositor);
  locker_cover (locker, 0);
  locker_cover (locker, 1);
  struct inos_output *output = inos_output_add_virtual (desk->compositor, 800, 600);
  struct camera camera;
  camera_watch (&camera, output);
  client_settle (desk->client);
  assert_true (camera_is_dark (&camera) && camera.middle != 0);
  locker_cover (locker, 2);
  assert_int_equal (locker->surfaces[2].width, 800);
  assert_int_equal (camera.middle, BLUE);
  /* It changes its size, and goes, and the others go too. */
  struct wlr_output_state change;
  wlr_output_state_init (&change);
  wlr_output_state_set_custom_mode (&change, 1024, 768, 0);
  assert_true (wlr_output_commit_state (output->wlr, &change));
  wlr_output_state_finish (&change);
  client_roundtrip (locker->client);
  assert_int_equal (locker->surfaces[2].width, 1024);
  camera_stop (&camera);
  wlr_output_destroy (output->wlr);
  client_roundtrip (locker->client);
  assert_true (desk->compositor->locked);
  assert_int_equal (wl_display_get_error (locker->client->display), 0);
  locker_unlock (locker);
}

static void test_locker_dies (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct input victim;
  input_init (&victim, desk->client);
  int enters = victim.enters;
  said_begin();
  struct locker *locker = locker_start (desk->compositor);
  locker_kill (locker); /* before it covers anything */
  assert_true (desk->compositor->locked);
  assert_false (inos_lock_has_locker (desk->compositor));
  locker = locker_start (desk->compositor);
  locker_cover (locker, 0);
  assert_int_equal (locker->locked, 1);
  assert_said_of (getpid(), "ended without unlocking: the session stays locked");
  said_forget();
  locker_kill (locker); /* while its surface has the keyboard */
  client_settle (desk->client);
  assert_said_of (getpid(), "ended without unlocking: the session stays locked");
  said_end();
  assert_true (desk->compositor->locked);
  assert_true (camera_is_dark (&desk->cameras[0]));
  assert_int_equal (victim.enters, enters);
  assert_null (desk->compositor->seat->wlr->keyboard_state.focused_surface);
  locker = locker_start (desk->compositor);
  assert_int_equal (locker->locked, 1);
  locker_cover (locker, 0);
  assert_int_equal (desk->cameras[0].middle, BLUE);
  locker_unlock (locker);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  assert_true (window->activated);
  input_finish (&victim);
  window_close (window);
}

static void test_second_locker_is_refused (void **state)
{
  struct desk *desk = *state;
  struct locker *first = locker_start (desk->compositor);
  locker_cover (first, 0);
  struct locker *second = locker_start (desk->compositor);
  client_settle (second->client);
  assert_int_equal (second->finished, 1);
  assert_int_equal (second->locked, 0);
  assert_int_equal (first->finished, 0);
  ext_session_lock_v1_destroy (second->lock);
  locker_free (second);
  assert_true (desk->compositor->locked);
  assert_int_equal (desk->cameras[0].middle, BLUE);
  locker_unlock (first);
  assert_false (desk->compositor->locked);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, desk_setup, desk_teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_nothing_else_is_drawn),          WITH_DESK (test_locked_only_when_all_is_dark),
    WITH_DESK (test_output_plugged_in_while_locked), WITH_DESK (test_locker_dies),
    WITH_DESK (test_second_locker_is_refused),
  };
  return run_compositor_tests (tests);
}
