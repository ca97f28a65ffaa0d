/* org.inos.Compositor1.Input, over a connection without a bus. */

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "bus.h"
#include "devices.h"
#include "fixture.h"

#include <wlr/types/wlr_seat.h>

#define PATH "/org/inos/Compositor1"
#define INPUT "org.inos.Compositor1.Input"

struct scene {
  char *path; /* of the settings */
  struct inos_compositor *compositor;
  GDBusConnection *ours, *theirs;
  struct inos_bus *bus;
  GString *errors; /* the ConfigError signals that came */
};

static void on_ready (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  *(GDBusConnection **)data = g_dbus_connection_new_finish (result, &error);
  assert_null (error);
}

static void connect_to (GDBusConnection **connection, int fd, GDBusConnectionFlags flags)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
  g_autofree char *guid =
    flags & G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER ? g_dbus_generate_guid() : NULL;
  g_dbus_connection_new (G_IO_STREAM (stream), guid, flags, NULL, NULL, on_ready, connection);
}

static void on_config_error (GDBusConnection *connection, const char *sender, const char *path,
                             const char *interface, const char *name, GVariant *arguments,
                             void *data)
{
  const char *file, *message;
  guint line;
  struct scene *scene = data;
  g_variant_get (arguments, "(&su&s)", &file, &line, &message);
  g_string_append_printf (scene->errors, "%u %s", line, strstr (message, "[") ? "named" : "");
  assert_string_equal (file, scene->path);
}

static void begin (struct scene *scene, const char *config)
{
  int pair[2];
  *scene = (struct scene){.path = write_config (config), .errors = g_string_new (NULL)};
  scene->compositor = start_with_file (scene->path);
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  connect_to (&scene->ours, pair[0],
              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS);
  connect_to (&scene->theirs, pair[1], G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT);
  while (!scene->ours || !scene->theirs)
    g_main_context_iteration (NULL, TRUE);
  scene->bus = inos_bus_create (scene->compositor, scene->ours);
  g_dbus_connection_signal_subscribe (scene->theirs, NULL, INPUT, "ConfigError", PATH, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_config_error, scene, NULL);
}

static void finish (struct scene *scene)
{
  inos_bus_destroy (scene->bus);
  g_object_unref (scene->ours);
  g_object_unref (scene->theirs);
  inos_compositor_destroy (scene->compositor);
  unlink (scene->path);
  g_free (scene->path);
  g_string_free (scene->errors, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

struct reply {
  bool done;
  GVariant *value;
  GError *error;
};

static void on_reply (GObject *source, GAsyncResult *result, void *data)
{
  struct reply *reply = data;
  reply->value = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &reply->error);
  reply->done = true;
}

/* Returns the answer as text, or "error: MESSAGE". */
static char *call_at (struct scene *scene, const char *path, const char *interface,
                      const char *method, GVariant *arguments)
{
  struct reply reply = {0};
  g_dbus_connection_call (scene->theirs, NULL, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, 5000, NULL, on_reply, &reply);
  while (!reply.done)
    g_main_context_iteration (NULL, TRUE);
  if (reply.error) {
    char *text = g_strdup_printf ("error: %s", reply.error->message);
    g_error_free (reply.error);
    return text;
  }
  char *text = g_variant_print (reply.value, FALSE);
  g_variant_unref (reply.value);
  return text;
}

static char *call (struct scene *scene, const char *interface, const char *method,
                   GVariant *arguments)
{
  return call_at (scene, PATH, interface, method, arguments);
}

static void assert_property (struct scene *scene, const char *name, const char *expected)
{
  g_autofree char *text =
    call (scene, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", INPUT, name));
  assert_string_equal (text, expected);
}

static void test_layouts_and_devices (void **state)
{
  struct scene scene;
  struct wlr_keyboard keyboard;
  begin (&scene, "[keyboard]\nlayout=us,de\n");
  assert_property (&scene, "Devices", "(<@a(ss) []>,)");
  add_keyboard (scene.compositor, &keyboard);
  assert_property (&scene, "Devices", "(<[('test', 'keyboard')]>,)");
  assert_property (&scene, "Layouts", "(<['English (US)', 'German']>,)");
  g_autofree char *good = call (&scene, INPUT, "SetLayout", g_variant_new ("(u)", 1));
  assert_string_equal (good, "()");
  assert_property (&scene, "ActiveLayout", "(<uint32 1>,)");
  g_autofree char *wrong = call (&scene, INPUT, "SetLayout", g_variant_new ("(u)", 2));
  assert_non_null (strstr (wrong, "there is no layout 2"));
  chord (&keyboard, KEY_SPACE);
  assert_property (&scene, "ActiveLayout", "(<uint32 0>,)");
  wlr_keyboard_finish (&keyboard);
  assert_property (&scene, "Devices", "(<@a(ss) []>,)");
  finish (&scene);
}

static char *set_device (struct scene *scene, const char *setting, const char *value)
{
  return call_at (scene, PATH "/device/1", "org.inos.Compositor1.Device", "Set",
                  g_variant_new ("(ss)", setting, value));
}

/* What the key writes on the keyboard that programs were told of last. */
static uint32_t written (struct scene *scene, uint32_t code)
{
  struct wlr_keyboard *keyboard = wlr_seat_get_keyboard (scene->compositor->seat->wlr);
  return xkb_state_key_get_utf32 (keyboard->xkb_state, code + 8);
}

static void test_one_keyboard_is_given_a_layout (void **state)
{
  struct scene scene;
  struct wlr_keyboard keyboard;
  begin (&scene, "");
  add_keyboard (scene.compositor, &keyboard);
  g_autofree char *german = set_device (&scene, "layout", "de");
  assert_string_equal (german, "()");
  tap (&keyboard, KEY_Y);
  assert_int_equal (written (&scene, KEY_Y), 'z');
  g_autofree char *settings =
    call_at (&scene, PATH "/device/1", "org.freedesktop.DBus.Properties", "Get",
             g_variant_new ("(ss)", "org.inos.Compositor1.Device", "Settings"));
  assert_non_null (strstr (settings, "'layout': 'de'"));
  g_autofree char *variant = set_device (&scene, "variant", "neo");
  assert_string_equal (variant, "()");
  tap (&keyboard, KEY_Q);
  assert_int_equal (written (&scene, KEY_Q), 'x');
  g_autofree char *wrong = set_device (&scene, "lay-out", "de");
  assert_non_null (strstr (wrong, "there is no setting"));
  /* Back to what all have, and what is not a layout at all is not taken for one. */
  g_free (set_device (&scene, "variant", ""));
  g_autofree char *none = set_device (&scene, "layout", "");
  assert_string_equal (none, "()");
  tap (&keyboard, KEY_Y);
  assert_int_equal (written (&scene, KEY_Y), 'y');
  wlr_log_init (WLR_SILENT, NULL);
  g_free (set_device (&scene, "layout", "nowhere"));
  wlr_log_init (WLR_ERROR, NULL);
  tap (&keyboard, KEY_Y);
  assert_int_equal (written (&scene, KEY_Y), 'y');
  wlr_keyboard_finish (&keyboard);
  finish (&scene);
}

static void test_bindings_are_listed (void **state)
{
  struct scene scene;
  begin (&scene, "[bindings]\nSuper+q=\nSuper+f=mode go\n[bindings go]\nx=close\n"
                 "[switches]\nlid-close=power-menu\n");
  g_autofree char *text = call (&scene, "org.freedesktop.DBus.Properties", "Get",
                                g_variant_new ("(ss)", INPUT, "Bindings"));
  assert_non_null (strstr (text, "('', 'Super+f', 'mode go')"));
  assert_non_null (strstr (text, "('', 'Alt+F4', 'close')"));
  assert_non_null (strstr (text, "('go', 'x', 'close')"));
  assert_non_null (strstr (text, "('switches', 'lid-close', 'power-menu')"));
  assert_null (strstr (text, "Super+q"));
  assert_null (strstr (text, "fullscreen"));
  finish (&scene);
}

static void test_accessibility (void **state)
{
  struct scene scene;
  struct wlr_keyboard keyboard;
  begin (&scene, "[accessibility]\nslow-keys=200\n");
  assert_property (&scene, "SlowKeys", "(<uint32 200>,)");
  add_keyboard (scene.compositor, &keyboard);
  chord (&keyboard, KEY_3);
  assert_int_equal (scene.compositor->active_workspace, 0);
  g_free (call (&scene, "org.freedesktop.DBus.Properties", "Set",
                g_variant_new ("(ssv)", INPUT, "SlowKeys", g_variant_new_uint32 (0))));
  chord (&keyboard, KEY_3);
  assert_int_equal (scene.compositor->active_workspace, 2);
  g_free (call (&scene, "org.freedesktop.DBus.Properties", "Set",
                g_variant_new ("(ssv)", INPUT, "BounceKeys", g_variant_new_uint32 (UINT32_MAX))));
  assert_property (&scene, "BounceKeys", "(<uint32 5000>,)");
  wlr_keyboard_finish (&keyboard);
  finish (&scene);
}

static void test_reload (void **state)
{
  struct scene scene;
  begin (&scene, "[keyboard]\nrepeat-rate=30\n");
  assert_true (g_file_set_contents (scene.path, "[keyboard]\nrepeat-rate=-1\n", -1, NULL));
  g_autofree char *wrong = call (&scene, INPUT, "ReloadConfig", NULL);
  assert_non_null (strstr (wrong, "repeat-rate"));
  assert_string_equal (scene.errors->str, "2 named");
  g_autofree char *last = call (&scene, "org.freedesktop.DBus.Properties", "Get",
                                g_variant_new ("(ss)", INPUT, "LastConfigError"));
  assert_non_null (strstr (last, "repeat-rate"));
  assert_int_equal (scene.compositor->config.repeat_rate, 30);
  assert_true (g_file_set_contents (scene.path, "[keyboard]\nrepeat-rate=31\n", -1, NULL));
  g_autofree char *good = call (&scene, INPUT, "ReloadConfig", NULL);
  assert_string_equal (good, "()");
  assert_property (&scene, "LastConfigError", "(<(uint32 0, '')>,)");
  assert_int_equal (scene.compositor->config.repeat_rate, 31);
  finish (&scene);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_layouts_and_devices),
    cmocka_unit_test (test_one_keyboard_is_given_a_layout),
    cmocka_unit_test (test_bindings_are_listed),
    cmocka_unit_test (test_reload),
    cmocka_unit_test (test_accessibility),
  };
  return run_compositor_tests (tests);
}
