/* org.inos.Compositor1 over a connection of its own, without a bus. */

#include <gio/gio.h>
#include <sys/socket.h>
#include <wlr/types/wlr_output.h>

#include "bus.h"
#include "client.h"
#include "fixture.h"
#include "output.h"
#include "view.h"
#include "workspace.h"

#define WINDOW_INTERFACE "org.inos.Compositor1.Window"

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct inos_bus *bus;
  GDBusConnection *ends[2];
};

static void on_connected (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  *(GDBusConnection **)data = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
}

static GDBusConnection **connect_ends (GDBusConnection **ends)
{
  int pair[2];
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  g_autofree char *guid = g_dbus_generate_guid();
  for (int i = 0; i < 2; i++) {
    g_autoptr (GSocket) socket = g_socket_new_from_fd (pair[i], NULL);
    g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
    g_dbus_connection_new (G_IO_STREAM (stream), i == 0 ? guid : NULL,
                           i == 0 ? G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                                  : G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
                           NULL, NULL, on_connected, &ends[i]);
  }
  while (!ends[0] || !ends[1])
    g_main_context_iteration (NULL, TRUE);
  return ends;
}

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  connect_ends (desk->ends);
  desk->bus = inos_bus_create (desk->compositor, desk->ends[0]);
  desk->client = client_connect (desk->compositor);
  desk->window = window_open (desk->client, "org.example.App", "Hello");
  desk->view = inos_view_find (desk->compositor, 1);
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  window_close (desk->window);
  client_disconnect (desk->client);
  inos_bus_destroy (desk->bus);
  inos_compositor_destroy (desk->compositor);
  g_object_unref (desk->ends[1]);
  g_object_unref (desk->ends[0]);
  g_free (desk);
  return 0;
}

struct answer {
  GVariant *value;
  GError *error;
  bool done;
};

static void on_answer (GObject *source, GAsyncResult *result, void *data)
{
  struct answer *answer = data;
  answer->value =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &answer->error);
  answer->done = true;
}

static GVariant *call_on (struct desk *desk, const char *path, const char *interface,
                          const char *method, GVariant *arguments)
{
  struct answer answer = {0};
  g_dbus_connection_call (desk->ends[1], NULL, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, 5000, NULL, on_answer, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  g_clear_error (&answer.error);
  client_roundtrip (desk->client);
  return answer.value;
}

/* Whether the window's method was accepted. */
static bool call (struct desk *desk, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) value =
    call_on (desk, "/org/inos/Compositor1/window/1", WINDOW_INTERFACE, method, arguments);
  return value;
}

static GVariant *property (struct desk *desk, const char *name)
{
  g_autoptr (GVariant) value =
    call_on (desk, "/org/inos/Compositor1/window/1", "org.freedesktop.DBus.Properties", "Get",
             g_variant_new ("(ss)", WINDOW_INTERFACE, name));
  assert_non_null (value);
  GVariant *inner = NULL;
  g_variant_get (value, "(v)", &inner);
  return inner;
}

static bool is_on (struct desk *desk, const char *name)
{
  g_autoptr (GVariant) value = property (desk, name);
  return g_variant_get_boolean (value);
}

static void test_states_by_method (void **state)
{
  struct desk *desk = *state;
  static const struct {
    const char *method, *property;
  } switches[] = {
    {"SetMaximized", "Maximized"}, {"SetFullscreen", "Fullscreen"}, {"SetMinimized", "Minimized"},
    {"SetOnTop", "OnTop"},         {"SetBelow", "Below"},           {"SetSticky", "Sticky"},
    {"SetPrivate", "Private"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (switches); i++) {
    assert_false (is_on (desk, switches[i].property));
    assert_true (call (desk, switches[i].method, g_variant_new ("(b)", TRUE)));
    assert_true (is_on (desk, switches[i].property));
    assert_true (call (desk, switches[i].method, g_variant_new ("(b)", FALSE)));
    assert_false (is_on (desk, switches[i].property));
  }
}

static void test_place_by_method (void **state)
{
  struct desk *desk = *state;
  assert_true (call (desk, "Snap", g_variant_new ("(s)", "top-left")));
  g_autoptr (GVariant) snapped = property (desk, "Snapped");
  assert_string_equal (g_variant_get_string (snapped, NULL), "top-left");
  assert_false (call (desk, "Snap", g_variant_new ("(s)", "nowhere")));
  window_draw (desk->window);
  assert_true (call (desk, "Move", g_variant_new ("(ii)", 30, 40)));
  assert_int_equal (desk->view->x, 30);
  assert_int_equal (desk->view->snapped, 0);
  assert_false (call (desk, "Move", g_variant_new ("(ii)", G_MININT, 40)));
  assert_true (call (desk, "Resize", g_variant_new ("(ii)", 500, 400)));
  assert_int_equal (desk->window->width, 500);
  assert_false (call (desk, "Resize", g_variant_new ("(ii)", 0, 400)));
  assert_false (call (desk, "Resize", g_variant_new ("(ii)", 500, G_MAXINT)));
  assert_true (call (desk, "MoveToWorkspace", g_variant_new ("(u)", 2)));
  assert_int_equal (desk->view->workspace, 2);
  assert_false (call (desk, "MoveToWorkspace", g_variant_new ("(u)", 99)));
}

/* Whether the output at that path did it. */
static bool call_output (struct desk *desk, const char *path, const char *method,
                         GVariant *arguments)
{
  g_autoptr (GVariant) reply =
    call_on (desk, path, "org.inos.Compositor1.Output", method, arguments);
  return reply != NULL;
}

/* Outputs are set up, and what the session's state is can be read. */
static void test_outputs (void **state)
{
  struct desk *desk = *state;
  struct inos_output *output = inos_output_active (desk->compositor);
  g_autofree char *path = g_strdup_printf ("/org/inos/Compositor1/output/%s", output->wlr->name);
  for (char *c = path; *c; c++)
    *c = *c == '-' ? '_' : *c;
  assert_true (call_output (desk, path, "SetMode", g_variant_new ("(iii)", 1024, 768, 0)));
  assert_int_equal (output->wlr->width, 1024);
  assert_true (call_output (desk, path, "SetScale", g_variant_new ("(d)", 2.0)));
  assert_int_equal (inos_output_box (output).width, 512);
  assert_false (call_output (desk, path, "SetTransform", g_variant_new ("(i)", 99)));
  assert_true (call_output (desk, path, "SetPosition", g_variant_new ("(ii)", 50, 60)));
  assert_int_equal (inos_output_box (output).x, 50);
  assert_false (call_output (desk, path, "SetAdaptiveSync", g_variant_new ("(b)", TRUE)));
  assert_true (call_output (desk, path, "SetPower", g_variant_new ("(b)", FALSE)));
  assert_false (output->wlr->enabled);
  /* Whoever sets up what is dark wakes it, and does not switch it off. */
  assert_true (call_output (desk, path, "SetScale", g_variant_new ("(d)", 1.0)));
  assert_true (output->wlr->enabled);
  assert_int_equal (inos_output_box (output).width, 1024);
  desk->compositor->locked = true;
  wl_signal_emit_mutable (&desk->compositor->events.lock_change, desk->compositor);
  g_autoptr (GVariant) locked =
    call_on (desk, "/org/inos/Compositor1", "org.freedesktop.DBus.Properties", "Get",
             g_variant_new ("(ss)", "org.inos.Compositor1", "Locked"));
  g_autofree char *text = g_variant_print (locked, FALSE);
  assert_string_equal (text, "(<true>,)");
  desk->compositor->locked = false;
}

int main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-bus-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_states_by_method),
    WITH_DESK (test_place_by_method),
    WITH_DESK (test_outputs),
  };
  return run_compositor_tests (tests);
}
