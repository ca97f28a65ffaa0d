/* When the person is away, what keeps the screen awake, and monitors that are switched off. */

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_pointer.h>
#include <linux/input-event-codes.h>

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "idle.h"
#include "output.h"
#include "seats.h"
#include "view.h"
#include "wlr_interfaces.h"

#include "ext-idle-notify-v1-client-protocol.h"
#include "idle-inhibit-unstable-v1-client-protocol.h"
#include "tearing-control-v1-client-protocol.h"

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

struct watch {
  int idled, resumed;
};

static void on_idled (void *data, struct ext_idle_notification_v1 *notification)
{
  ((struct watch *)data)->idled++;
}

static void on_resumed (void *data, struct ext_idle_notification_v1 *notification)
{
  ((struct watch *)data)->resumed++;
}

static const struct ext_idle_notification_v1_listener idle_listener = {on_idled, on_resumed};

static void button (struct inos_seat *seat)
{
  struct wlr_pointer_button_event event = {.button = BTN_LEFT,
                                           .state = WL_POINTER_BUTTON_STATE_PRESSED};
  wl_signal_emit_mutable (&seat->cursor->events.button, &event);
  event.state = WL_POINTER_BUTTON_STATE_RELEASED;
  wl_signal_emit_mutable (&seat->cursor->events.button, &event);
}

static void test_idle_and_back (void **state)
{
  struct desk *desk = *state;
  struct ext_idle_notifier_v1 *notifier =
    client_bind (desk->client, &ext_idle_notifier_v1_interface, 1);
  struct wl_seat *seat = client_bind (desk->client, &wl_seat_interface, 1);
  struct watch watch = {0};
  struct ext_idle_notification_v1 *notification =
    ext_idle_notifier_v1_get_idle_notification (notifier, 30, seat);
  ext_idle_notification_v1_add_listener (notification, &idle_listener, &watch);
  client_wait_until (desk->client, watch.idled == 1);
  assert_int_equal (watch.resumed, 0);
  button (desk->compositor->seat);
  client_roundtrip (desk->client);
  assert_int_equal (watch.resumed, 1);
  client_wait_until (desk->client, watch.idled == 2);
  /* There is one session: anybody's hand wakes it. */
  button (inos_seats_add (desk->compositor, "second"));
  client_roundtrip (desk->client);
  assert_int_equal (watch.resumed, 2);
  ext_idle_notification_v1_destroy (notification);
  ext_idle_notifier_v1_destroy (notifier);
  wl_seat_destroy (seat);
}

static void test_what_is_shown_keeps_awake (void **state)
{
  struct desk *desk = *state;
  struct inos_compositor *compositor = desk->compositor;
  struct zwp_idle_inhibit_manager_v1 *manager =
    client_bind (desk->client, &zwp_idle_inhibit_manager_v1_interface, 1);
  struct window *window = window_open (desk->client, "film", "film");
  struct zwp_idle_inhibitor_v1 *inhibitor =
    zwp_idle_inhibit_manager_v1_create_inhibitor (manager, window->surface);
  client_roundtrip (desk->client);
  assert_true (inos_idle_inhibited (compositor));
  inos_action_run (compositor, "workspace 2");
  assert_false (inos_idle_inhibited (compositor));
  inos_action_run (compositor, "workspace 1");
  assert_true (inos_idle_inhibited (compositor));
  compositor->locked = true;
  wl_signal_emit_mutable (&compositor->events.lock_change, compositor);
  assert_false (inos_idle_inhibited (compositor));
  compositor->locked = false;
  wl_signal_emit_mutable (&compositor->events.lock_change, compositor);
  assert_true (inos_idle_inhibited (compositor));
  /* Without content it is no longer shown, nor is it when it is gone before its inhibitor. */
  wl_surface_attach (window->surface, NULL, 0, 0);
  wl_surface_commit (window->surface);
  client_roundtrip (desk->client);
  assert_false (inos_idle_inhibited (compositor));
  window_close (window);
  zwp_idle_inhibitor_v1_destroy (inhibitor);
  client_roundtrip (desk->client);

  struct wl_surface *hidden = wl_compositor_create_surface (desk->client->wl_compositor);
  inhibitor = zwp_idle_inhibit_manager_v1_create_inhibitor (manager, hidden);
  client_roundtrip (desk->client);
  assert_false (inos_idle_inhibited (compositor));
  zwp_idle_inhibitor_v1_destroy (inhibitor);
  wl_surface_destroy (hidden);
  zwp_idle_inhibit_manager_v1_destroy (manager);
}

struct power {
  uint32_t mode;
  int events, failed;
};

static void on_mode (void *data, struct wl_proxy *proxy, uint32_t mode)
{
  struct power *power = data;
  power->mode = mode;
  power->events++;
}

static void on_power_failed (void *data, struct wl_proxy *proxy)
{
  ((struct power *)data)->failed++;
}

static void set_power (struct client *client, struct wl_proxy *power, uint32_t mode)
{
  wl_proxy_marshal_flags (power, OUTPUT_POWER_SET_MODE, NULL, 1, 0, mode);
  client_roundtrip (client);
}

static void test_monitor_off_and_on (void **state)
{
  static const struct output_power_listener listener = {on_mode, on_power_failed};
  struct desk *desk = *state;
  struct inos_output *output = inos_output_active (desk->compositor);
  struct window *window = window_open (desk->client, "a", "a");
  struct inos_view *view = inos_view_focused (desk->compositor);
  struct wlr_box before = inos_view_box (view);
  struct wl_proxy *manager = client_bind (desk->client, &zwlr_output_power_manager_v1_interface, 1);
  struct wl_output *wl_output = client_bind (desk->client, &wl_output_interface, 1);
  struct wl_proxy *power = wl_proxy_marshal_flags (
    manager, OUTPUT_POWER_MANAGER_GET, &zwlr_output_power_v1_interface, 1, 0, NULL, wl_output);
  struct power seen = {0};
  wl_proxy_add_listener (power, (void (**) (void))&listener, &seen);
  client_roundtrip (desk->client);
  assert_int_equal (seen.mode, 1);
  set_power (desk->client, power, 0);
  assert_false (output->wlr->enabled);
  assert_int_equal (seen.mode, 0);
  set_power (desk->client, power, 1);
  assert_true (output->wlr->enabled);
  assert_int_equal (seen.mode, 1);
  struct wlr_box after = inos_view_box (view);
  assert_memory_equal (&after, &before, sizeof before);
  assert_int_equal (inos_output_box (output).width, 1280);
  wl_proxy_marshal_flags (power, OUTPUT_POWER_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_marshal_flags (manager, 1, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_output_destroy (wl_output);
  window_close (window);
}

static void on_gamma_size (void *data, struct wl_proxy *control, uint32_t size)
{
}

static void on_gamma_failed (void *data, struct wl_proxy *control)
{
  ++*(int *)data;
}

/* A screen that has no gamma says so at once. */
static void test_gamma_refused (void **state)
{
  static const struct gamma_control_listener listener = {on_gamma_size, on_gamma_failed};
  struct desk *desk = *state;
  struct wl_proxy *manager =
    client_bind (desk->client, &zwlr_gamma_control_manager_v1_interface, 1);
  struct wl_output *output = client_bind (desk->client, &wl_output_interface, 1);
  struct wl_proxy *control = wl_proxy_marshal_flags (
    manager, GAMMA_MANAGER_GET, &zwlr_gamma_control_v1_interface, 1, 0, NULL, output);
  int failed = 0;
  wl_proxy_add_listener (control, (void (**) (void))&listener, &failed);
  client_roundtrip (desk->client);
  assert_int_equal (failed, 1);
  wl_proxy_marshal_flags (control, GAMMA_CONTROL_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_marshal_flags (manager, 1, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_output_destroy (output);
}

/* A game that would rather tear: frames go on where the output cannot, as this one cannot. */
static void test_tearing_is_only_a_wish (void **state)
{
  struct desk *desk = *state;
  struct wp_tearing_control_manager_v1 *manager =
    client_bind (desk->client, &wp_tearing_control_manager_v1_interface, 1);
  struct window *window = window_open (desk->client, "game", "game");
  struct wp_tearing_control_v1 *control =
    wp_tearing_control_manager_v1_get_tearing_control (manager, window->surface);
  wp_tearing_control_v1_set_presentation_hint (control,
                                               WP_TEARING_CONTROL_V1_PRESENTATION_HINT_ASYNC);
  inos_view_set_fullscreen (inos_view_focused (desk->compositor), true, NULL);
  client_roundtrip (desk->client);
  uint32_t before = inos_output_active (desk->compositor)->wlr->commit_seq;
  window_draw (window);
  client_wait_until (desk->client, inos_output_active (desk->compositor)->wlr->commit_seq > before);
  wp_tearing_control_v1_destroy (control);
  wp_tearing_control_manager_v1_destroy (manager);
  window_close (window);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_idle_and_back),          WITH_DESK (test_what_is_shown_keeps_awake),
    WITH_DESK (test_monitor_off_and_on),     WITH_DESK (test_gamma_refused),
    WITH_DESK (test_tearing_is_only_a_wish),
  };
  return run_compositor_tests (tests);
}
