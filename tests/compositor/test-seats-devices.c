/* Which seat a device belongs to: settings say so, in the file and over D-Bus, at any time. */

#include <wlr/backend.h>
#include <wlr/interfaces/wlr_switch.h>
#include <wlr/interfaces/wlr_tablet_pad.h>
#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>

#include "bus-peer.h"
#include "client.h"
#include "device.h"
#include "devices.h"
#include "fixture.h"
#include "keyboard.h"
#include "reload.h"
#include "device_config.h"
#include "seat_devices.h"
#include "seats.h"
#include "verify.h"
#include "view.h"

#define DEVICE "org.inos.Compositor1.Device"
#define INPUT "org.inos.Compositor1.Input"

static const struct wlr_pointer_impl pointer_impl = {.name = "test"};
static const struct wlr_keyboard_impl keyboard_impl = {.name = "test"};

static void assert_sound (struct inos_compositor *compositor)
{
  g_autofree char *wrong = inos_verify_invariants (compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

/* As the backend announces it. */
static void plug (struct inos_compositor *compositor, struct wlr_input_device *device)
{
  wl_signal_emit_mutable (&compositor->backend->events.new_input, device);
  assert_sound (compositor);
}

static void plug_mouse (struct inos_compositor *compositor, struct wlr_pointer *mouse,
                        const char *name)
{
  wlr_pointer_init (mouse, &pointer_impl, name);
  plug (compositor, &mouse->base);
}

static struct inos_device *device_of (struct inos_compositor *compositor,
                                      const struct wlr_input_device *wlr)
{
  for (uint32_t id = 1; id <= compositor->last_device_id; id++) {
    struct inos_device *device = inos_device_find (compositor, id);
    if (device && device->wlr == wlr)
      return device;
  }
  fail_msg ("the device is in no seat");
  return NULL;
}

static const char *seat_of (struct inos_compositor *compositor, const struct wlr_input_device *wlr)
{
  return device_of (compositor, wlr)->seat->wlr->name;
}

static void test_file (void **state)
{
  struct wlr_pointer left, right;
  struct inos_compositor *compositor =
    start_configured ("[device Left Mouse]\nseat=left\n[device Right Mouse]\nseat=seat0\n");
  /* For programs that look for seats only when they start. */
  assert_int_equal (wl_list_length (&compositor->seats), 2);
  plug_mouse (compositor, &left, "Left Mouse");
  plug_mouse (compositor, &right, "Right Mouse");
  assert_string_equal (seat_of (compositor, &left.base), "left");
  assert_string_equal (seat_of (compositor, &right.base), "seat0");
  struct inos_seat *seat = inos_seats_find (compositor, "left");
  move_to (seat, &left, 300, 200);
  move_to (compositor->seat, &right, 900, 600);
  assert_true (seat->cursor->x == 300 && compositor->seat->cursor->x == 900);
  /* It stays for who plugs the mouse in again. */
  wlr_pointer_finish (&left);
  assert_ptr_equal (inos_seats_find (compositor, "left"), seat);
  plug_mouse (compositor, &left, "Left Mouse");
  assert_ptr_equal (device_of (compositor, &left.base)->seat, seat);
  wlr_pointer_finish (&left);
  wlr_pointer_finish (&right);
  inos_compositor_destroy (compositor);
}

static void test_names_that_cannot_be (void **state)
{
  assert_line_refused ("device A B", "seat=two words", "at most 32 letters");
  assert_line_refused ("device A B", "seat=transient-1", "does not begin with");
  assert_line_refused ("device A B", "seat=abcdefghijklmnopqrstuvwxyz0123456", "at most 32");
  assert_line_refused ("mouse", "seat=left", "there is no setting [mouse] seat");
}

static void test_reload (void **state)
{
  struct wlr_pointer mouse;
  g_autofree char *path = write_config ("[device Mouse]\nseat=left\n");
  struct inos_compositor *compositor = start_with_file (path);
  plug_mouse (compositor, &mouse, "Mouse");
  button (&mouse, BTN_LEFT, true);
  assert_true (g_file_set_contents (path, "[device Mouse]\nseat=right\n", -1, NULL));
  assert_true (inos_reload (compositor));
  assert_sound (compositor);
  assert_string_equal (seat_of (compositor, &mouse.base), "right");
  /* It is named no more. */
  assert_null (inos_seats_find (compositor, "left"));
  assert_true (g_file_set_contents (path, "", -1, NULL));
  assert_true (inos_reload (compositor));
  assert_sound (compositor);
  assert_string_equal (seat_of (compositor, &mouse.base), "seat0");
  assert_int_equal (wl_list_length (&compositor->seats), 1);
  wlr_pointer_finish (&mouse);
  inos_compositor_destroy (compositor);
  unlink (path);
}

/* One more than there may be is told, and works in the main seat. */
static void test_most (void **state)
{
  struct wlr_pointer mice[INOS_SEATS_MOST];
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < INOS_SEATS_MOST; i++)
    g_string_append_printf (text, "[device mouse %d]\nseat=seat-of-%d\n", i, i);
  struct inos_compositor *compositor = start_configured (text->str);
  for (int i = 0; i < INOS_SEATS_MOST; i++) {
    g_autofree char *name = g_strdup_printf ("mouse %d", i);
    plug_mouse (compositor, &mice[i], name);
  }
  assert_int_equal (wl_list_length (&compositor->seats), INOS_SEATS_MOST);
  assert_string_equal (seat_of (compositor, &mice[INOS_SEATS_MOST - 2].base), "seat-of-6");
  assert_string_equal (seat_of (compositor, &mice[INOS_SEATS_MOST - 1].base), "seat0");
  for (int i = 0; i < INOS_SEATS_MOST; i++)
    wlr_pointer_finish (&mice[i]);
  inos_compositor_destroy (compositor);
}

static void test_bus (void **state)
{
  struct wlr_pointer mouse;
  struct peer peer;
  struct inos_compositor *compositor = start_compositor (1);
  plug_mouse (compositor, &mouse, "Mouse");
  peer_begin (&peer, compositor);
  assert_answer (peer_get (&peer, PATH, INPUT, "Seats"), "(<['seat0']>,)");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Seat"), "(<'seat0'>,)");
  assert_answer (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "seat", "left")),
    "()");
  assert_sound (compositor);
  assert_answer (peer_get (&peer, PATH, INPUT, "Seats"), "(<['seat0', 'left']>,)");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Seat"), "(<'left'>,)");
  assert_answer (peer_get (&peer, PATH, INPUT, "Devices"), "(<[('Mouse', 'mouse')]>,)");
  assert_says (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "seat", "a b")),
    "at most 32 letters");
  assert_answer (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "seat", "")), "()");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Seat"), "(<'seat0'>,)");
  assert_answer (peer_get (&peer, PATH, INPUT, "Seats"), "(<['seat0']>,)");
  wlr_pointer_finish (&mouse);
  peer_end (&peer);
}

static void set_seat (struct inos_compositor *compositor, const char *device, const char *seat)
{
  g_autoptr (GError) error = NULL;
  assert_true (inos_device_config_set (compositor->config.devices, device, "seat", seat, &error));
  inos_seat_devices_settle (compositor);
  assert_sound (compositor);
}

static unsigned int count_down (struct inos_seat *seat)
{
  unsigned int n = 0;
  struct inos_keyboard *keyboard;
  wl_list_for_each (keyboard, &seat->keyboards, link)
    n += (unsigned int)keyboard->sent_count;
  return n;
}

/* What is down when a keyboard moves to somebody else goes up. */
static void test_keys_that_are_down (void **state)
{
  struct wlr_keyboard one, other;
  struct inos_compositor *compositor = start_configured ("[device own]\nlayout=de\n");
  wlr_keyboard_init (&one, &keyboard_impl, "one");
  wlr_keyboard_init (&other, &keyboard_impl, "own");
  plug (compositor, &one.base);
  plug (compositor, &other.base);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "a");
  client_roundtrip (client);
  key (&one, KEY_A, true);
  key (&other, KEY_B, true);
  assert_int_equal (count_down (compositor->seat), 2);
  set_seat (compositor, "one", "second");
  set_seat (compositor, "own", "second");
  assert_int_equal (count_down (compositor->seat), 0);
  struct inos_seat *second = inos_seats_find (compositor, "second");
  /* Nobody types into a window that they did not open or click. */
  key (&one, KEY_A, true);
  assert_int_equal (count_down (second), 1);
  key (&one, KEY_A, false);
  assert_null (inos_seat_focused (second));
  assert_ptr_equal (inos_view_focused (compositor), inos_view_find (compositor, 1));
  set_seat (compositor, "own", "");
  set_seat (compositor, "one", "");
  assert_int_equal (wl_list_length (&compositor->seats), 1);
  window_close (window);
  client_disconnect (client);
  wlr_keyboard_finish (&one);
  wlr_keyboard_finish (&other);
  inos_compositor_destroy (compositor);
}

/* Every kind of device goes and comes back, and is unplugged in the seat that it went to. */
static void test_all_kinds (void **state)
{
  static const struct wlr_touch_impl touch_impl = {.name = "test"};
  static const struct wlr_tablet_impl tablet_impl = {.name = "test"};
  static const struct wlr_tablet_pad_impl pad_impl = {.name = "test"};
  static const struct wlr_switch_impl switch_impl = {.name = "test"};
  struct wlr_keyboard keyboard;
  struct wlr_pointer mouse;
  struct wlr_touch touch;
  struct wlr_tablet tablet;
  struct wlr_tablet_pad pad;
  struct wlr_switch lid;
  struct inos_compositor *compositor = start_compositor (1);
  wlr_keyboard_init (&keyboard, &keyboard_impl, "keyboard");
  wlr_pointer_init (&mouse, &pointer_impl, "mouse");
  wlr_touch_init (&touch, &touch_impl, "touch");
  wlr_tablet_init (&tablet, &tablet_impl, "tablet");
  wlr_tablet_pad_init (&pad, &pad_impl, "pad");
  wlr_switch_init (&lid, &switch_impl, "lid");
  struct wlr_input_device *devices[] = {&keyboard.base, &mouse.base, &touch.base,
                                        &tablet.base,   &pad.base,   &lid.base};
  for (size_t i = 0; i < G_N_ELEMENTS (devices); i++)
    plug (compositor, devices[i]);
  struct wlr_tablet_tool pen = {.type = WLR_TABLET_TOOL_TYPE_PEN};
  wl_signal_init (&pen.events.destroy);
  const char *const seats[] = {"second", "third", "seat0", "second"};
  for (size_t n = 0; n < G_N_ELEMENTS (seats); n++) {
    struct wlr_tablet_tool_proximity_event near = {
      .tablet = &tablet, .tool = &pen, .x = 0.5, .y = 0.5, .state = WLR_TABLET_TOOL_PROXIMITY_IN};
    struct wlr_touch_down_event down = {.touch = &touch, .touch_id = 1, .x = 0.5, .y = 0.5};
    wl_signal_emit_mutable (&tablet.events.proximity, &near);
    wl_signal_emit_mutable (&touch.events.down, &down);
    button (&mouse, BTN_LEFT, true);
    for (size_t i = 0; i < G_N_ELEMENTS (devices); i++) {
      set_seat (compositor, devices[i]->name, seats[n]);
      assert_string_equal (seat_of (compositor, devices[i]), seats[n]);
    }
  }
  wl_signal_emit_mutable (&pen.events.destroy, &pen);
  wlr_keyboard_finish (&keyboard);
  wlr_pointer_finish (&mouse);
  wlr_touch_finish (&touch);
  wlr_tablet_finish (&tablet);
  wlr_tablet_pad_finish (&pad);
  wlr_switch_finish (&lid);
  assert_sound (compositor);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_file),      cmocka_unit_test (test_names_that_cannot_be),
    cmocka_unit_test (test_reload),    cmocka_unit_test (test_most),
    cmocka_unit_test (test_bus),       cmocka_unit_test (test_keys_that_are_down),
    cmocka_unit_test (test_all_kinds),
  };
  return run_compositor_tests (tests);
}
