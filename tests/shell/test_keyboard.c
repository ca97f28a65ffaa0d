/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

/*
 * What raises and lowers the on-screen keyboard, and what it takes of its page; the parts that it
 * holds together are played here.
 */

#include "bus_client.h"
#include "keyboard/keyboard.h"
#include "keyboard/method.h"
#include "keyboard/typist.h"

#include "test.h"

static struct {
  gboolean raised;
  gboolean composes; /* a text field has the keyboard */
  guint sent;
  JsonNode *page; /* what its page was told last */
  guint pressed, written, let_go;
  InosMethodHooks hooks;
  gpointer data;
} world;

/* Its surface */

InosSurface *inos_surface_create (InosSurfaceKind kind, InosWeb *web, GdkMonitor *monitor,
                                  const InosSurfaceHooks *hooks, gpointer data)
{
  return (InosSurface *)&world;
}

void inos_surface_destroy (InosSurface *self)
{
}

int inos_surface_get_height (InosSurface *self)
{
  return 276;
}

void inos_surface_set_visible (InosSurface *self, gboolean visible)
{
  world.raised = visible;
}

void inos_surface_reveal (InosSurface *self)
{
}

void inos_surface_send (InosSurface *self, const char *name, JsonNode *value)
{
  world.sent++;
  g_clear_pointer (&world.page, json_node_unref);
  world.page = value;
}

/* The compositor, which is not there */

InosBusClient *inos_bus_client_create (GDBusConnection *bus, const InosBusAddress *address,
                                       const InosBusHooks *hooks, gpointer data)
{
  return NULL;
}

void inos_bus_client_destroy (InosBusClient *self)
{
}

GDBusProxy *inos_bus_client_get_proxy (InosBusClient *self)
{
  return NULL;
}

void inos_bus_client_ask (InosBusClient *self, const char *method, GVariant *arguments,
                          const char *absent, const char *failed, InosReply *reply)
{
}

guint inos_bus_get_uint (GDBusProxy *proxy, const char *name)
{
  return 0;
}

GVariant *inos_bus_get_variant (GDBusProxy *proxy, const char *name, const char *type)
{
  return NULL;
}

void inos_reply_fail (InosReply *reply, const char *format, ...)
{
}

/* Text fields */

InosMethod *inos_method_create (const InosMethodHooks *hooks, gpointer data)
{
  world.hooks = *hooks;
  world.data = data;
  return NULL;
}

void inos_method_destroy (InosMethod *self)
{
}

void inos_method_retry (InosMethod *self)
{
}

gboolean inos_method_is_available (const InosMethod *self)
{
  return TRUE;
}

gboolean inos_method_write (InosMethod *self, const char *text)
{
  world.written += world.composes;
  return world.composes;
}

/* Keys */

InosTypist *inos_typist_create (void)
{
  return NULL;
}

void inos_typist_destroy (InosTypist *self)
{
}

void inos_typist_set_keymap (InosTypist *self, struct xkb_keymap *keymap)
{
}

void inos_typist_set_layout (InosTypist *self, guint layout)
{
}

gboolean inos_typist_press (InosTypist *self, guint code, guint modifiers)
{
  world.pressed++;
  return TRUE;
}

void inos_typist_release (InosTypist *self, guint code)
{
}

void inos_typist_release_all (InosTypist *self)
{
  world.let_go++;
}

/* The tests */

static void on_changed (gpointer data)
{
}

static void touch (gboolean active, gboolean again, InosPurpose purpose)
{
  world.composes = active;
  world.hooks.changed (active, again, purpose, world.data);
}

static JsonObject *page (void)
{
  assert_non_null (world.page);
  return json_node_get_object (world.page);
}

static guint serial_of (InosKeyboard *keyboard)
{
  g_autoptr (JsonNode) state = inos_keyboard_describe (keyboard);

  return (guint)json_object_get_int_member (json_node_get_object (state), "serial");
}

/* On, and raised by nobody. */
static int set_up (void **state)
{
  static const InosKeyboardHooks hooks = {.changed = on_changed};
  static const InosSurfaceHooks surface_hooks = {0};
  g_autoptr (GDBusConnection) bus = g_object_new (G_TYPE_DBUS_CONNECTION, NULL);
  InosKeyboard *keyboard = inos_keyboard_create (bus, NULL, &surface_hooks, &hooks, NULL);
  g_autoptr (GError) error = NULL;

  /* It may not be there to be saved. */
  (void)inos_keyboard_set_enabled (keyboard, TRUE, &error);
  world.sent = world.pressed = world.written = world.let_go = 0;
  *state = keyboard;
  return inos_keyboard_is_enabled (keyboard) ? 0 : -1;
}

static int tear_down (void **state)
{
  inos_keyboard_destroy (*state);
  g_clear_pointer (&world.page, json_node_unref);
  world.raised = FALSE;
  return 0;
}

static void test_late_keys_are_refused (void **state)
{
  InosKeyboard *keyboard = *state;
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) late_text = NULL;
  g_autoptr (GError) error = NULL;
  guint serial;

  touch (TRUE, TRUE, INOS_PURPOSE_NORMAL);
  serial = serial_of (keyboard);
  assert_true (inos_keyboard_press (keyboard, serial, 15, 0, &error));
  inos_keyboard_hide (keyboard);
  assert_false (inos_keyboard_press (keyboard, serial, 15, 0, NULL));
  touch (TRUE, TRUE, INOS_PURPOSE_NORMAL);
  assert_true (world.raised);
  /* The finger was there before, and the page may not have heard. */
  assert_false (inos_keyboard_press (keyboard, serial, 15, 0, &late));
  assert_non_null (late);
  assert_false (inos_keyboard_write (keyboard, serial, "é", &late_text));
  assert_non_null (late_text);
  assert_int_equal (world.pressed, 1);
  assert_int_equal (world.written, 0);
  serial = serial_of (keyboard);
  assert_true (inos_keyboard_press (keyboard, serial, 15, 0, &error));
  assert_true (inos_keyboard_write (keyboard, serial, "é", &error));
  assert_int_equal (world.pressed, 2);
}

static void test_who_composes_lowers_it (void **state)
{
  InosKeyboard *keyboard = *state;

  touch (TRUE, TRUE, INOS_PURPOSE_NORMAL);
  assert_true (world.raised);
  world.hooks.available (FALSE, world.data);
  assert_false (world.raised);
  assert_false (inos_keyboard_is_visible (keyboard));
  assert_true (world.let_go > 0);
}

static void test_who_composes_leaves_what_was_raised_by_hand (void **state)
{
  InosKeyboard *keyboard = *state;
  g_autoptr (GError) error = NULL;
  guint sent;

  touch (TRUE, TRUE, INOS_PURPOSE_DIGITS);
  assert_true (inos_keyboard_show (keyboard, &error));
  assert_string_equal (json_object_get_string_member (page(), "purpose"), "digits");
  world.hooks.available (FALSE, world.data);
  assert_true (world.raised);
  assert_string_equal (json_object_get_string_member (page(), "purpose"), "text");
  assert_false (json_object_get_boolean_member (page(), "writes"));
  sent = world.sent;
  world.hooks.available (FALSE, world.data);
  assert_int_equal (world.sent, sent);
}

static void test_its_page_knows_whether_it_writes (void **state)
{
  InosKeyboard *keyboard = *state;
  g_autoptr (GError) error = NULL;

  assert_true (inos_keyboard_show (keyboard, &error));
  assert_false (json_object_get_boolean_member (page(), "writes"));
  touch (TRUE, TRUE, INOS_PURPOSE_NORMAL);
  assert_true (json_object_get_boolean_member (page(), "writes"));
  touch (FALSE, FALSE, INOS_PURPOSE_NORMAL);
  assert_false (json_object_get_boolean_member (page(), "writes"));
  assert_true (world.raised);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_late_keys_are_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_who_composes_lowers_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_who_composes_leaves_what_was_raised_by_hand, set_up,
                                     tear_down),
    cmocka_unit_test_setup_teardown (test_its_page_knows_whether_it_writes, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
