/* What a binding says of itself: on the lock screen too, again while its key is held; and which of
 * two that mean the same keys counts. */

#include <wlr/interfaces/wlr_switch.h>

#include "binding_table.h"
#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"

#define FAST "[keyboard]\nrepeat-delay=50\nrepeat-rate=200\n"

enum { LONG_ENOUGH = 20 /* times of `quiet` below */ };

struct stage {
  struct inos_compositor *compositor;
  struct wl_listener action;
  GString *actions;
  struct wlr_keyboard keyboard;
};

static void handle_action (struct wl_listener *listener, void *data)
{
  struct stage *stage = wl_container_of (listener, stage, action);
  g_string_append_printf (stage->actions, "%s ", (const char *)data);
}

static void begin (struct stage *stage, const char *config)
{
  *stage = (struct stage){.action.notify = handle_action};
  stage->compositor = start_configured (config);
  stage->actions = g_string_new (NULL);
  wl_signal_add (&stage->compositor->events.action, &stage->action);
  add_keyboard (stage->compositor, &stage->keyboard);
}

static void end (struct stage *stage)
{
  wl_list_remove (&stage->action.link);
  wlr_keyboard_finish (&stage->keyboard);
  inos_compositor_destroy (stage->compositor);
  g_string_free (stage->actions, TRUE);
}

/* What was done until now is these; forgets them. */
static void assert_done (struct stage *stage, const char *actions)
{
  assert_string_equal (stage->actions->str, actions);
  g_string_truncate (stage->actions, 0);
}

/* Waits until it was done again and again. */
static void wait_for_more (struct stage *stage)
{
  size_t before = stage->actions->len;
  gint64 patience = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  while (stage->actions->len <= before + 2 * strlen ("volume-up ")) {
    assert_true (g_get_monotonic_time() < patience);
    g_main_context_iteration (NULL, FALSE);
  }
}

/* Nothing is done for a while in which it would be done many times. */
static void quiet (struct stage *stage)
{
  size_t before = stage->actions->len;
  for (int i = 0; i < LONG_ENOUGH; i++) {
    g_usleep (10 * 1000);
    pump();
  }
  assert_int_equal (stage->actions->len, before);
}

static void test_volume_repeats (void **state)
{
  struct stage stage;
  begin (&stage, FAST);
  key (&stage.keyboard, KEY_VOLUMEUP, true);
  assert_string_equal (stage.actions->str, "volume-up ");
  wait_for_more (&stage);
  key (&stage.keyboard, KEY_VOLUMEUP, false);
  quiet (&stage);
  g_string_truncate (stage.actions, 0);
  /* Muting is no step of anything. */
  key (&stage.keyboard, KEY_MUTE, true);
  quiet (&stage);
  key (&stage.keyboard, KEY_MUTE, false);
  assert_done (&stage, "volume-mute ");
  /* Another key ends it, as it does in a text. */
  key (&stage.keyboard, KEY_VOLUMEUP, true);
  wait_for_more (&stage);
  key (&stage.keyboard, KEY_A, true);
  quiet (&stage);
  key (&stage.keyboard, KEY_A, false);
  key (&stage.keyboard, KEY_VOLUMEUP, false);
  end (&stage);
}

/* The keyboard that is held is pulled out. */
static void test_it_ends_with_the_keyboard (void **state)
{
  struct stage stage;
  struct wlr_keyboard other;
  begin (&stage, FAST);
  add_keyboard (stage.compositor, &other);
  key (&other, KEY_VOLUMEUP, true);
  wait_for_more (&stage);
  wlr_keyboard_finish (&other);
  quiet (&stage);
  end (&stage);
}

static void test_flags (void **state)
{
  struct stage stage;
  begin (&stage, FAST "[bindings]\nXF86AudioRaiseVolume=--once volume-up\n"
                      "F5=--repeat overview\n");
  key (&stage.keyboard, KEY_VOLUMEUP, true);
  quiet (&stage);
  key (&stage.keyboard, KEY_VOLUMEUP, false);
  assert_done (&stage, "volume-up ");
  key (&stage.keyboard, KEY_F5, true);
  wait_for_more (&stage);
  key (&stage.keyboard, KEY_F5, false);
  end (&stage);
}

static void toggle_lid (struct wlr_switch *lid, bool closed)
{
  struct wlr_switch_toggle_event event = {
    .switch_type = WLR_SWITCH_TYPE_LID,
    .switch_state = closed ? WLR_SWITCH_STATE_ON : WLR_SWITCH_STATE_OFF,
  };
  wl_signal_emit_mutable (&lid->events.toggle, &event);
}

static void test_on_the_lock_screen (void **state)
{
  static const struct wlr_switch_impl impl = {.name = "lid"};
  struct stage stage;
  struct wlr_switch lid;
  begin (&stage, FAST "[switches]\nlid-close=--locked suspend\nlid-open=power-menu\n"
                      "[lock]\ncommand=\n"
                      "[bindings]\nF5=--locked overview\nF6=overview\nF7=--repeat launcher\n");
  wlr_switch_init (&lid, &impl, "lid");
  inos_seat_add_device (stage.compositor->seat, &lid.base);
  toggle_lid (&lid, true);
  toggle_lid (&lid, false);
  assert_done (&stage, "suspend power-menu ");
  key (&stage.keyboard, KEY_F7, true);
  struct locker *locker = locker_start (stage.compositor);
  locker_cover (locker, 0);
  locker_wait (locker);
  /* What was being held stops there. */
  g_string_truncate (stage.actions, 0);
  quiet (&stage);
  key (&stage.keyboard, KEY_F7, false);
  toggle_lid (&lid, true);
  toggle_lid (&lid, false);
  tap (&stage.keyboard, KEY_F5);
  tap (&stage.keyboard, KEY_F6);
  assert_done (&stage, "suspend overview ");
  locker_unlock (locker);
  wlr_switch_finish (&lid);
  end (&stage);
}

/* Two spellings of the same keys: hashes, which differ from one start to the next, do not decide.
 */
static void test_two_spellings (void **state)
{
  static const char *const taken[] = {"Super+Ctrl+k", "Ctrl+Super+k", "super+ctrl+K",
                                      "ctrl+super+K", "Logo+Ctrl+k"};
  for (size_t i = 0; i < G_N_ELEMENTS (taken); i++) {
    g_autoptr (GString) text = g_string_new ("[bindings]\n");
    for (size_t k = 0; k < G_N_ELEMENTS (taken); k++)
      g_string_append_printf (text, "%s=%s\n", taken[k], k == i ? "overview" : "");
    struct stage stage;
    begin (&stage, text->str);
    key (&stage.keyboard, KEY_LEFTCTRL, true);
    chord (&stage.keyboard, KEY_K);
    key (&stage.keyboard, KEY_LEFTCTRL, false);
    assert_done (&stage, "overview ");
    end (&stage);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_volume_repeats), cmocka_unit_test (test_it_ends_with_the_keyboard),
    cmocka_unit_test (test_flags),          cmocka_unit_test (test_on_the_lock_screen),
    cmocka_unit_test (test_two_spellings),
  };
  return run_compositor_tests (tests);
}
