/* What a screen reader hears and keeps, and who may be one, on a real bus. */

#include <gio/gio.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>

#include "bus_reader.h"
#include "devices.h"
#include "fixture.h"
#include "key_monitor.h"
#include "locker.h"

#define INTERFACE "org.freedesktop.a11y.KeyboardMonitor"

static void log_key (const struct inos_monitored_key *key, void *data)
{
  g_string_append_printf (data, "%c%c ", (int)key->symbol, key->down ? '+' : '-');
}

/* Runs "a+ 50 a-", keys and milliseconds that pass; capital letters are those that went on to
 * programs, small ones those that the reader heard. */
static void assert_run (struct inos_key_monitor *monitor, GString *log, const char *script,
                        const char *expected)
{
  static uint32_t time = 1000;
  g_auto (GStrv) words = g_strsplit (script, " ", -1);
  g_string_truncate (log, 0);
  time += 10000;
  for (char **word = words; *word; word++) {
    if (g_ascii_isdigit (**word)) {
      time += (uint32_t)g_ascii_strtoull (*word, NULL, 10);
      continue;
    }
    struct inos_monitored_key key = {
      .time = time,
      .code = (uint32_t)**word,
      .down = (*word)[1] == '+',
      .secret = g_str_has_suffix (*word, "S"),
      .symbol = (uint32_t)**word,
      .plain = (uint32_t)**word,
      .modifiers = g_str_has_suffix (*word, "C") ? WLR_MODIFIER_CTRL : 0,
    };
    if (!inos_key_monitor_takes (monitor, &key, 500))
      g_string_append_printf (log, "%c%c ", g_ascii_toupper (**word), (*word)[1]);
  }
  assert_string_equal (log->str, expected);
}

static void test_what_it_keeps (void **state)
{
  g_autoptr (GString) log = g_string_new (NULL);
  struct inos_key_monitor *monitor = inos_key_monitor_create (log_key, log);
  static const uint32_t modifiers[] = {'i'};
  static const struct inos_reader_key keys[] = {{'k', 0}, {'l', WLR_MODIFIER_CTRL}};
  assert_run (monitor, log, "a+ a-", "A+ A- ");
  inos_key_monitor_watch (monitor, true);
  assert_run (monitor, log, "a+ a-", "a+ A+ a- A- ");
  inos_key_monitor_watch (monitor, false);
  inos_key_monitor_set_keys (monitor, modifiers, 1, keys, 2);
  assert_run (monitor, log, "a+ a- k+ k-", "A+ A- k+ k- ");
  assert_run (monitor, log, "k+C k-C l+ l- l+C l-", "K+ K- L+ L- l+ l- ");
  /* With its modifier all is its own, and a key that was down before is not. */
  assert_run (monitor, log, "b+ i+ a+ b- a- i- a+ a-", "B+ i+ a+ B- a- i- A+ A- ");
  /* Twice in a row the modifier is a key as any other; later it is not. */
  assert_run (monitor, log, "i+ 50 i- 50 i+ i-", "i+ i- I+ I- ");
  assert_run (monitor, log, "i+ 50 i- 600 i+ i-", "i+ i- i+ i- ");
  /* On a lock screen it hears nothing, and gets no key but that it let go of one there. */
  inos_key_monitor_watch (monitor, true);
  assert_run (monitor, log, "i+ a+S i-S a-S k+S k-S a+ a-", "i+ A+ A- K+ K- a+ A+ a- A- ");
  inos_key_monitor_watch (monitor, false);
  /* It goes while it holds a key: nobody sees a release without its press. */
  assert_run (monitor, log, "k+", "k+ ");
  inos_key_monitor_forget (monitor);
  assert_run (monitor, log, "k- k+ k-", "K+ K- ");
  inos_key_monitor_grab (monitor, true);
  assert_run (monitor, log, "a+ i+ i- a-", "a+ i+ i- a- ");
  inos_key_monitor_destroy (monitor);
}

struct hall {
  GTestDBus *bus;
  GDBusConnection *ours, *orca, *other;
  struct inos_compositor *compositor;
  struct inos_bus_reader *reader;
  struct wlr_keyboard keyboard;
  GString *heard;
};

static GDBusConnection *join (GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  if (!connection)
    fail_msg ("%s", error->message);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection;
}

static void on_key (GDBusConnection *connection, const char *sender, const char *path,
                    const char *interface, const char *name, GVariant *arguments, void *data)
{
  gboolean released;
  guint32 state, symbol, character;
  guint16 code;
  g_variant_get (arguments, "(buuuq)", &released, &state, &symbol, &character, &code);
  g_string_append_printf (data, "%x%c%u/%u ", symbol, released ? '-' : '+', state, code);
}

static void on_reply (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  *(char **)data = value ? g_variant_print (value, FALSE) : g_strdup (error->message);
}

static char *call_name (GDBusConnection *connection, const char *name, const char *path,
                        const char *interface, const char *method, GVariant *arguments)
{
  char *answer = NULL;
  g_dbus_connection_call (connection, name, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_reply, &answer);
  while (!answer)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static void assert_call (GDBusConnection *connection, const char *method, GVariant *arguments,
                         const char *part)
{
  g_autofree char *answer =
    call_name (connection, "org.freedesktop.a11y.Manager", "/org/freedesktop/a11y/Manager",
               INTERFACE, method, arguments);
  if (!g_strstr_len (answer, -1, part))
    fail_msg ("%s: %s", method, answer);
}

/* All that was sent to this connection has been handled when its own question is answered. */
static char *hear (struct hall *hall)
{
  g_dbus_connection_flush_sync (hall->ours, NULL, NULL);
  for (int i = 0; i < 2; i++)
    g_free (call_name (hall->orca, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                       "org.freedesktop.DBus", "GetId", NULL));
  char *heard = g_strdup (hall->heard->str);
  g_string_truncate (hall->heard, 0);
  return heard;
}

static void assert_heard (struct hall *hall, const char *expected)
{
  g_autofree char *heard = hear (hall);
  assert_string_equal (heard, expected);
}

static void begin (struct hall *hall)
{
  *hall = (struct hall){.bus = g_test_dbus_new (G_TEST_DBUS_NONE), .heard = g_string_new (NULL)};
  g_test_dbus_up (hall->bus);
  hall->ours = join (hall->bus);
  hall->orca = join (hall->bus);
  hall->other = join (hall->bus);
  hall->compositor = start_compositor (1);
  add_keyboard (hall->compositor, &hall->keyboard);
  hall->reader = inos_bus_reader_create (hall->compositor, hall->ours);
  g_dbus_connection_signal_subscribe (hall->orca, NULL, INTERFACE, "KeyEvent", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_key, hall->heard, NULL);
  g_free (call_name (hall->orca, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                     "org.freedesktop.DBus", "RequestName",
                     g_variant_new ("(su)", "org.gnome.Orca.KeyboardMonitor", 4)));
  /* Until the compositor knows who that is. */
  for (int i = 0; i < 4; i++)
    g_free (call_name (hall->ours, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                       "org.freedesktop.DBus", "GetId", NULL));
}

static void end (struct hall *hall)
{
  wlr_keyboard_finish (&hall->keyboard);
  inos_bus_reader_destroy (hall->reader);
  inos_compositor_destroy (hall->compositor);
  GDBusConnection *const all[] = {hall->orca, hall->other, hall->ours};
  for (size_t i = 0; i < G_N_ELEMENTS (all); i++) {
    if (all[i]) {
      g_dbus_connection_close_sync (all[i], NULL, NULL);
      g_object_unref (all[i]);
    }
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_test_dbus_stop (hall->bus);
  g_object_unref (hall->bus);
  g_string_free (hall->heard, TRUE);
}

static GVariant *keys_of_caps_lock (void)
{
  GVariantBuilder modifiers;
  g_variant_builder_init (&modifiers, G_VARIANT_TYPE ("au"));
  g_variant_builder_add (&modifiers, "u", XKB_KEY_Caps_Lock);
  return g_variant_new ("(au@a(uu))", &modifiers,
                        g_variant_new_array (G_VARIANT_TYPE ("(uu)"), NULL, 0));
}

static void test_only_the_reader (void **state)
{
  struct hall hall;
  begin (&hall);
  assert_call (hall.other, "WatchKeyboard", NULL, "screen reader alone");
  assert_call (hall.other, "GrabKeyboard", NULL, "screen reader alone");
  tap (&hall.keyboard, KEY_A);
  assert_heard (&hall, "");
  assert_call (hall.orca, "WatchKeyboard", NULL, "()");
  tap (&hall.keyboard, KEY_A);
  assert_heard (&hall, "61+0/38 61-0/38 ");
  key (&hall.keyboard, KEY_LEFTSHIFT, true);
  tap (&hall.keyboard, KEY_A);
  key (&hall.keyboard, KEY_LEFTSHIFT, false);
  assert_heard (&hall, "ffe1+0/50 41+1/38 41-1/38 ffe1-1/50 ");
  assert_call (hall.orca, "UnwatchKeyboard", NULL, "()");
  tap (&hall.keyboard, KEY_A);
  assert_heard (&hall, "");
  end (&hall);
}

/* Its modifier locks no capitals, and bindings do not hear what is its own. */
static void test_its_modifier (void **state)
{
  struct hall hall;
  begin (&hall);
  const struct wlr_keyboard *group = &hall.compositor->seat->group->keyboard;
  assert_call (hall.orca, "SetKeyGrabs", keys_of_caps_lock(), "()");
  tap (&hall.keyboard, KEY_CAPSLOCK);
  assert_int_equal (group->modifiers.locked, 0);
  assert_heard (&hall, "ffe5+0/66 ffe5-0/66 ");
  /* These events have no time: the second press comes at once, and is a key as any other. */
  tap (&hall.keyboard, KEY_CAPSLOCK);
  assert_int_equal (group->modifiers.locked, WLR_MODIFIER_CAPS);
  assert_heard (&hall, "");
  key (&hall.keyboard, KEY_CAPSLOCK, true);
  chord (&hall.keyboard, KEY_3);
  key (&hall.keyboard, KEY_CAPSLOCK, false);
  assert_int_equal (hall.compositor->active_workspace, 0);
  chord (&hall.keyboard, KEY_3);
  assert_int_equal (hall.compositor->active_workspace, 2);
  end (&hall);
}

static void test_it_goes (void **state)
{
  struct hall hall;
  begin (&hall);
  assert_call (hall.orca, "GrabKeyboard", NULL, "()");
  chord (&hall.keyboard, KEY_3);
  assert_int_equal (hall.compositor->active_workspace, 0);
  g_dbus_connection_close_sync (hall.orca, NULL, NULL);
  g_clear_object (&hall.orca);
  int64_t until = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
  while (hall.compositor->active_workspace == 0 && g_get_monotonic_time() < until) {
    g_main_context_iteration (NULL, FALSE);
    chord (&hall.keyboard, KEY_3);
  }
  assert_int_equal (hall.compositor->active_workspace, 2);
  end (&hall);
}

static void test_nothing_of_a_lock_screen (void **state)
{
  struct hall hall;
  begin (&hall);
  assert_call (hall.orca, "GrabKeyboard", NULL, "()");
  struct locker *locker = locker_start (hall.compositor);
  locker_wait (locker);
  tap (&hall.keyboard, KEY_A);
  assert_heard (&hall, "");
  locker_unlock (locker);
  tap (&hall.keyboard, KEY_A);
  assert_heard (&hall, "61+0/38 61-0/38 ");
  end (&hall);
}

static void test_too_much (void **state)
{
  struct hall hall;
  begin (&hall);
  GVariantBuilder modifiers;
  g_variant_builder_init (&modifiers, G_VARIANT_TYPE ("au"));
  for (uint32_t i = 0; i <= INOS_READER_MODIFIERS_MOST; i++)
    g_variant_builder_add (&modifiers, "u", i);
  assert_call (hall.orca, "SetKeyGrabs",
               g_variant_new ("(au@a(uu))", &modifiers,
                              g_variant_new_array (G_VARIANT_TYPE ("(uu)"), NULL, 0)),
               "too many");
  end (&hall);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_it_keeps),
    cmocka_unit_test (test_only_the_reader),
    cmocka_unit_test (test_its_modifier),
    cmocka_unit_test (test_it_goes),
    cmocka_unit_test (test_nothing_of_a_lock_screen),
    cmocka_unit_test (test_too_much),
  };
  return run_compositor_tests (tests);
}
