/* Animations on battery saver: a mock of power-profiles-daemon on a private bus says which profile
 * holds, as the daemon does on the system bus. No machine here has the daemon itself. */

#include <gio/gio.h>

#include "fixture.h"
#include "look.h"
#include "power.h"

#define NAME "org.freedesktop.UPower.PowerProfiles"
#define OBJECT "/org/freedesktop/UPower/PowerProfiles"

static const char description[] =
  "<node><interface name='" NAME "'>"
  "<property name='ActiveProfile' type='s' access='read'/></interface></node>";

struct mock {
  GTestDBus *bus;
  GDBusConnection *connection; /* the daemon's */
  GDBusNodeInfo *node;
  guint object, name;
  bool owned;
  const char *profile;
};

static GVariant *get_property (GDBusConnection *connection, const char *sender, const char *path,
                               const char *interface, const char *property, GError **error,
                               void *data)
{
  const struct mock *mock = data;
  return g_variant_new_string (mock->profile);
}

static void on_owned (GDBusConnection *connection, const char *name, void *data)
{
  struct mock *mock = data;
  mock->owned = true;
}

static void mock_appear (struct mock *mock, const char *profile)
{
  static const GDBusInterfaceVTable functions = {.get_property = get_property};
  mock->profile = profile;
  mock->object = g_dbus_connection_register_object (
    mock->connection, OBJECT, mock->node->interfaces[0], &functions, mock, NULL, NULL);
  assert_true (mock->object > 0);
  mock->name = g_bus_own_name_on_connection (mock->connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                             on_owned, NULL, mock, NULL);
}

static void mock_vanish (struct mock *mock)
{
  g_bus_unown_name (mock->name);
  g_dbus_connection_unregister_object (mock->connection, mock->object);
}

static void mock_change (struct mock *mock, const char *profile)
{
  GVariantBuilder changed;
  mock->profile = profile;
  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", "ActiveProfile", g_variant_new_string (profile));
  assert_true (g_dbus_connection_emit_signal (
    mock->connection, NULL, OBJECT, "org.freedesktop.DBus.Properties", "PropertiesChanged",
    g_variant_new ("(sa{sv}as)", NAME, &changed, NULL), NULL));
}

static bool mock_start (struct mock *mock)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");
  *mock = (struct mock){0};
  if (!daemon) {
    print_message ("SKIPPED: there is no dbus-daemon for a bus of the test's own\n");
    return false;
  }
  mock->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (mock->bus);
  const char *address = g_test_dbus_get_bus_address (mock->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  mock->connection = g_dbus_connection_new_for_address_sync (
    address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  assert_null (error);
  mock->node = g_dbus_node_info_new_for_xml (description, NULL);
  return true;
}

static void mock_stop (struct mock *mock)
{
  g_object_unref (mock->connection);
  g_dbus_node_info_unref (mock->node);
  g_test_dbus_stop (mock->bus);
  g_object_unref (mock->bus);
}

static gboolean on_patience_ends (void *data)
{
  fail_msg ("the compositor does not follow the profile");
  return G_SOURCE_REMOVE;
}

static void wait_for (const bool *what, bool value)
{
  guint timer = g_timeout_add_seconds (60, on_patience_ends, NULL);
  while (*what != value)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

/* Whether windows move at all here is the desktop's own setting, which may be missing. */
static bool can_move (struct inos_compositor *compositor)
{
  if (inos_look_moves (compositor))
    return true;
  print_message ("SKIPPED in part: animations are off here: no org.gnome.desktop.interface?\n");
  return false;
}

static void test_battery_saver (void **state)
{
  struct mock mock;
  if (!mock_start (&mock))
    skip();
  struct inos_compositor *compositor = start_compositor (1);
  const bool moves = can_move (compositor);
  struct inos_power *power = inos_power_create (compositor);
  mock_appear (&mock, "power-saver");
  wait_for (&mock.owned, true);
  wait_for (&compositor->saves_power, true);
  assert_false (inos_look_moves (compositor));
  mock_change (&mock, "balanced");
  wait_for (&compositor->saves_power, false);
  assert_int_equal (inos_look_moves (compositor), moves);
  mock_change (&mock, "power-saver");
  wait_for (&compositor->saves_power, true);
  assert_false (inos_look_moves (compositor));
  /* Whose daemon is gone saves nothing, and one that comes back is heard again. */
  mock_vanish (&mock);
  wait_for (&compositor->saves_power, false);
  assert_int_equal (inos_look_moves (compositor), moves);
  mock_appear (&mock, "power-saver");
  wait_for (&compositor->saves_power, true);
  inos_power_destroy (power);
  inos_compositor_destroy (compositor);
  mock_vanish (&mock);
  mock_stop (&mock);
}

int main (void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_battery_saver)};
  return run_compositor_tests (tests);
}
