/* Sticky, slow, bounce and mouse keys, on a clock that the test moves; and then in a seat. */

#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>

#include "devices.h"
#include "fixture.h"
#include "key_access.h"

static void log_key (void *data, int64_t time, uint32_t code, bool down)
{
  g_string_append_printf (data, "%u%c ", code, down ? '+' : '-');
}

static void log_motion (void *data, int64_t time, double dx, double dy)
{
  g_string_append_printf (data, "%d,%d ", (int)dx, (int)dy);
}

static void log_button (void *data, int64_t time, uint32_t code, bool down)
{
  g_string_append_printf (data, "b%u%c ", code - BTN_LEFT, down ? '+' : '-');
}

/* Runs "30+ 10 30-": presses and releases of keys, and in between milliseconds that pass. Returns
 * what came out. */
static char *run (struct inos_key_access_settings settings, const char *script)
{
  GString *log = g_string_new (NULL);
  struct inos_key_access_sink sink = {log_key, log_motion, log_button, log};
  struct inos_key_access *access = inos_key_access_create (&settings, &sink);
  g_auto (GStrv) words = g_strsplit (script, " ", -1);
  int64_t time = 1000;
  for (char **word = words; *word; word++) {
    char *end;
    uint32_t number = (uint32_t)strtoul (*word, &end, 10);
    if (*end) {
      inos_key_access_key (access, time, number, *end == '+');
      continue;
    }
    int64_t until = time + number, next;
    while ((next = inos_key_access_next (access)) >= 0 && next <= until) {
      time = next;
      inos_key_access_tick (access, time);
    }
    time = until;
  }
  g_string_append (log, "| ");
  inos_key_access_destroy (access, time);
  return g_string_free (log, FALSE);
}

static void assert_run (struct inos_key_access_settings settings, const char *script,
                        const char *expected)
{
  g_autofree char *log = run (settings, script);
  assert_string_equal (log, expected);
}

static void test_sticky_keys (void **state)
{
  struct inos_key_access_settings sticky = {.sticky = true};
  /* Shift, then a letter, and the next one is small. */
  assert_run (sticky, "42+ 42- 30+ 30- 48+ 48-", "42+ 30+ 30- 42- 48+ 48- | ");
  /* Twice: until it is pressed once more. */
  assert_run (sticky, "42+ 42- 42+ 42- 30+ 30- 48+ 48- 42+ 42- 30+ 30-",
              "42+ 30+ 30- 48+ 48- 42- 30+ 30- | ");
  /* Held as everybody does. */
  assert_run (sticky, "42+ 30+ 30- 42- 48+ 48-", "42+ 30+ 30- 42- 48+ 48- | ");
  /* Two of them add up. */
  assert_run (sticky, "29+ 29- 56+ 56- 30+ 30-", "29+ 56+ 30+ 30- 29- 56- | ");
  /* What is held when it is switched off is let go of. */
  assert_run (sticky, "42+ 42-", "42+ | 42- ");
}

static void test_slow_keys (void **state)
{
  struct inos_key_access_settings slow = {.slow = 300};
  assert_run (slow, "30+ 299 30- 48+ 301 48-", "48+ 48- | ");
  assert_run (slow, "30+ 100 48+ 250 30- 100 48-", "30+ 30- 48+ 48- | ");
  assert_run (slow, "30+ 300 30- 10 30- 9999+ 9999-", "30+ 30- | ");
}

static void test_bounce_keys (void **state)
{
  struct inos_key_access_settings bounce = {.bounce = 200};
  assert_run (bounce, "30+ 20 30- 50 30+ 30- 300 30+ 30-", "30+ 30- 30+ 30- | ");
  assert_run (bounce, "30+ 30- 48+ 48-", "30+ 30- 48+ 48- | ");
}

static void test_mouse_keys (void **state)
{
  struct inos_key_access_settings mouse = {.mouse = true};
  assert_run (mouse, "77+ 159 77- 500", "1,0 | ");
  assert_run (mouse, "80+ 200 80- 500", "0,1 0,1 0,1 0,1 | ");
  assert_run (mouse, "76+ 76- 74+ 74- 82+ 82- 83+ 83-", "b0+ b0- b1+ b1- | ");
  assert_run (mouse, "82+ 82- 30+ 30-", "b0+ 30+ 30- | b0- ");
}

static void test_in_a_seat (void **state)
{
  struct inos_compositor *compositor =
    start_configured ("[accessibility]\nsticky-keys=true\nmouse-keys=true\n");
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  tap (&keyboard, KEY_LEFTMETA);
  assert_int_equal (wlr_keyboard_get_modifiers (wlr_seat_get_keyboard (seat->wlr)),
                    WLR_MODIFIER_LOGO);
  tap (&keyboard, KEY_3);
  assert_int_equal (compositor->active_workspace, 2);
  assert_int_equal (wlr_keyboard_get_modifiers (wlr_seat_get_keyboard (seat->wlr)), 0);
  double x = seat->cursor->x;
  tap (&keyboard, KEY_KP6);
  assert_int_equal ((int)(seat->cursor->x - x), 1);
  /* It is pulled out with a modifier that sticks. */
  tap (&keyboard, KEY_LEFTSHIFT);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_sticky_keys), cmocka_unit_test (test_slow_keys),
    cmocka_unit_test (test_bounce_keys), cmocka_unit_test (test_mouse_keys),
    cmocka_unit_test (test_in_a_seat),
  };
  return run_compositor_tests (tests);
}
