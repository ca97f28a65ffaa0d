/* What D-Bus lists and steers of the desk as a whole: workspaces, rules, actions, profiles,
 * idleness, devices, pictures. */

#include <cairo.h>
#include <signal.h>
#include <string.h>
#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/types/wlr_output.h>

#include "bus-peer.h"
#include "client.h"
#include "devices.h"
#include "output.h"
#include "seat.h"
#include "view.h"
#include "workspace.h"

#define CONFIG ROOT_INTERFACE ".Config"
#define PROFILES ROOT_INTERFACE ".Profiles"
#define CAPTURE ROOT_INTERFACE ".Capture"
#define OVERVIEW ROOT_INTERFACE ".Overview"
#define DEVICE ROOT_INTERFACE ".Device"

static void begin (struct peer *peer, const char *settings)
{
  peer_begin (peer, start_configured (settings));
}

static void test_workspaces_change_places (void **state)
{
  struct peer peer;
  begin (&peer, "[workspaces]\nnames=;mail\n");
  struct client *client = client_connect (peer.compositor);
  struct window *window = window_open (client, "org.example.App", "Hello");
  assert_answer (
    peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspace", g_variant_new ("(uu)", 0, 2)), "()");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "Workspaces"),
                 "(<['1', 'mail', '3', '4']>,)");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "ActiveWorkspace"), "(<uint32 2>,)");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "WorkspaceWindows"),
                 "(<[uint32 0, 0, 1, 0]>,)");
  assert_answer (peer_get (&peer, PATH "/window/1", ROOT_INTERFACE ".Window", "Workspace"),
                 "(<uint32 2>,)");
  assert_true (inos_view_focused (peer.compositor));
  assert_answer (
    peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspace", g_variant_new ("(uu)", 3, 0)), "()");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "ActiveWorkspace"), "(<uint32 3>,)");
  assert_says (
    peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspace", g_variant_new ("(uu)", 0, 4)),
    "there is no workspace 4");
  assert_says (peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspaceToOutput",
                          g_variant_new ("(us)", 0, "HEADLESS-1")),
               "per-output");
  window_close (window);
  client_disconnect (client);
  peer_end (&peer);
}

static void test_workspace_goes_to_another_output (void **state)
{
  struct peer peer;
  begin (&peer, "[workspaces]\nper-output=true\n");
  struct client *client = client_connect (peer.compositor);
  struct window *window = window_open (client, "org.example.App", "Hello");
  struct inos_view *view = inos_view_find (peer.compositor, 1);
  struct inos_output *first = inos_view_output (view);
  struct inos_output *second = inos_output_add_virtual (peer.compositor, 1280, 800);
  pump();
  unsigned int theirs = second->workspace;
  assert_int_not_equal (theirs, view->workspace);
  assert_answer (peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspaceToOutput",
                            g_variant_new ("(us)", view->workspace, second->wlr->name)),
                 "()");
  client_roundtrip (client);
  assert_ptr_equal (inos_view_output (view), second);
  assert_int_equal (first->workspace, theirs);
  assert_true (inos_view_is_shown (view));
  assert_says (peer_call (&peer, PATH, ROOT_INTERFACE, "MoveWorkspaceToOutput",
                          g_variant_new ("(us)", 0, "NOWHERE-1")),
               "there is no output");
  window_close (window);
  client_disconnect (client);
  peer_end (&peer);
}

static void test_rules_are_listed_and_tried (void **state)
{
  struct peer peer;
  begin (&peer, "[rule terminals]\nmatch-app-id=foot*\nfloating=true\n"
                "[rule secret]\nmatch-title=*Bank*\nprivate=true\n");
  assert_answer (peer_get (&peer, PATH, CONFIG, "Rules"),
                 "(<[('terminals', {'match-app-id': 'foot*', 'floating': 'true'}), ('secret', "
                 "{'match-title': '*Bank*', 'private': 'true'})]>,)");
  assert_answer (
    peer_call (&peer, PATH, CONFIG, "TestRules", g_variant_new ("(ss)", "footclient", "My Bank")),
    "(['terminals', 'secret'],)");
  assert_answer (
    peer_call (&peer, PATH, CONFIG, "TestRules", g_variant_new ("(ss)", "other", "other")),
    "([],)");
  g_autofree char *long_text = g_strnfill (5000, 'a');
  assert_says (peer_call (&peer, PATH, CONFIG, "TestRules", g_variant_new ("(ss)", long_text, "")),
               "at most 4096 bytes");
  struct client *client = client_connect (peer.compositor);
  struct window *window = window_open (client, "other", "The Bank");
  assert_answer (peer_get (&peer, PATH "/window/1", ROOT_INTERFACE ".Window", "Rules"),
                 "(<['secret']>,)");
  window_close (window);
  client_disconnect (client);
  peer_end (&peer);
}

static void test_actions_run_by_name (void **state)
{
  struct peer peer;
  begin (&peer, "");
  assert_says (peer_get (&peer, PATH, CONFIG, "Actions"), "('workspace', true)");
  assert_answer (peer_call (&peer, PATH, CONFIG, "RunAction", g_variant_new ("(s)", "workspace 3")),
                 "()");
  assert_int_equal (peer.compositor->active_workspace, 2);
  assert_says (peer_call (&peer, PATH, CONFIG, "RunAction", g_variant_new ("(s)", "workspace")),
               "error: GDBus.Error:org.freedesktop.DBus.Error.InvalidArgs");
  assert_says (peer_call (&peer, PATH, CONFIG, "RunAction", g_variant_new ("(s)", "dance")),
               "there is no action 'dance'");
  peer.compositor->locked = true;
  assert_says (peer_call (&peer, PATH, CONFIG, "RunAction", g_variant_new ("(s)", "workspace 1")),
               "the session is locked");
  peer.compositor->locked = false;
  assert_int_equal (peer.compositor->active_workspace, 2);
  peer_end (&peer);
}

static int compare (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* The lines of a text that g_variant_print escaped, in order. */
static char *sorted (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\\n", -1);
  qsort (lines, g_strv_length (lines), sizeof *lines, compare);
  return g_strjoinv ("\n", lines);
}

/* What is dumped can be read again, and says the same then. */
static void test_settings_are_dumped (void **state)
{
  struct peer peer;
  begin (&peer, "[keyboard]\nrepeat-rate=40\n[device A mouse]\nacceleration=-0.5\n"
                "[rule one]\nmatch-app-id=x\nsize=800x600\n[bindings]\nSuper+z=close\n");
  g_autofree char *answer = peer_call (&peer, PATH, CONFIG, "Dump", NULL);
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE ("(s)"), answer, NULL, NULL, NULL);
  assert_non_null (value);
  const char *text;
  g_variant_get (value, "(&s)", &text);
  assert_says (g_strdup (text), "repeat-rate=40\nrepeat-delay=500");
  assert_says (g_strdup (text), "[device A mouse]\nacceleration=-0.5");
  assert_says (g_strdup (text), "size=800x600");
  assert_says (g_strdup (text), "=close\n");
  struct peer again;
  begin (&again, text);
  assert_null (again.compositor->config_error.message);
  /* Bindings of a file are in no order. */
  g_autofree char *second = peer_call (&again, PATH, CONFIG, "Dump", NULL);
  g_autofree char *one = sorted (answer), *two = sorted (second);
  assert_string_equal (one, two);
  peer_end (&again);
  peer_end (&peer);
}

static void test_profiles (void **state)
{
  struct peer peer;
  begin (&peer, "");
  assert_answer (peer_get (&peer, PATH, PROFILES, "Profiles"), "(<@a(sasb) []>,)");
  assert_answer (peer_call (&peer, PATH, PROFILES, "Save", NULL), "()");
  g_autofree char *list = peer_get (&peer, PATH, PROFILES, "Profiles");
  assert_says (g_strdup (list), "['HEADLESS-");
  assert_says (g_strdup (list), "true)");
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE ("(v)"), list, NULL, NULL, NULL);
  g_autoptr (GVariant) inner = g_variant_get_child_value (value, 0);
  g_autoptr (GVariant) rows = g_variant_get_variant (inner);
  const char *id;
  g_variant_get_child (rows, 0, "(&sasb)", &id, NULL, NULL);
  /* The set of monitors is another one now: the first is kept, but not the one that is used. */
  assert_non_null (inos_output_add_virtual (peer.compositor, 800, 600));
  pump();
  assert_says (peer_get (&peer, PATH, PROFILES, "Profiles"), "false)");
  assert_says (peer_call (&peer, PATH, PROFILES, "Forget", g_variant_new ("(s)", "nothing")),
               "there is no such profile");
  assert_answer (peer_call (&peer, PATH, PROFILES, "Forget", g_variant_new ("(s)", id)), "()");
  assert_answer (peer_get (&peer, PATH, PROFILES, "Profiles"), "(<@a(sasb) []>,)");
  peer_end (&peer);
}

/* Whoever asks is told that nothing is kept. */
static void test_profiles_cannot_be_written (void **state)
{
  struct peer peer;
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "inos", "outputs.ini", NULL);
  unlink (path);
  assert_int_equal (g_mkdir_with_parents (path, 0700), 0);
  begin (&peer, "");
  assert_says (peer_call (&peer, PATH, PROFILES, "Save", NULL), "cannot be written");
  assert_int_equal (rmdir (path), 0);
  assert_answer (peer_call (&peer, PATH, PROFILES, "Save", NULL), "()");
  assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  peer_end (&peer);
}

static void test_devices_are_set (void **state)
{
  struct peer peer;
  begin (&peer, "[device test]\nacceleration=0.25\n");
  struct wlr_pointer mouse;
  add_pointer (peer.compositor, &mouse);
  assert_says (peer_get (&peer, PATH "/device/1", DEVICE, "Name"), "'test'");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Settings"),
                 "(<{'acceleration': '0.25'}>,)");
  assert_answer (peer_call (&peer, PATH "/device/1", DEVICE, "Set",
                            g_variant_new ("(ss)", "natural-scroll", "true")),
                 "()");
  assert_answer (peer_call (&peer, PATH "/device/1", DEVICE, "Set",
                            g_variant_new ("(ss)", "map-to-output", "eDP-1")),
                 "()");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Settings"),
                 "(<{'acceleration': '0.25', 'natural-scroll': 'true', 'map-to-output': "
                 "'eDP-1'}>,)");
  assert_says (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "acceleration", "9")),
    "must be a number from -1 to 1");
  assert_says (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "colour", "red")),
    "there is no setting");
  assert_says (peer_call (&peer, PATH "/device/1", DEVICE, "Set",
                          g_variant_new ("(ss)", "map-to-region", "0,0,9")),
               "must be X,Y,WxH");
  assert_answer (peer_call (&peer, PATH "/device/1", DEVICE, "Set",
                            g_variant_new ("(ss)", "map-to-region", "0,0,640x400")),
                 "()");
  assert_says (peer_get (&peer, PATH "/device/1", DEVICE, "Settings"),
               "'map-to-region': '0,0,640x400'");
  assert_answer (
    peer_call (&peer, PATH "/device/1", DEVICE, "Set", g_variant_new ("(ss)", "map-to-region", "")),
    "()");
  assert_answer (peer_get (&peer, PATH "/device/1", DEVICE, "Settings"),
                 "(<{'acceleration': '0.25', 'natural-scroll': 'true', 'map-to-output': "
                 "'eDP-1'}>,)");
  wlr_pointer_finish (&mouse);
  pump();
  assert_says (peer_get (&peer, PATH "/device/1", DEVICE, "Name"), "error:");
  peer_end (&peer);
}

static void test_lock_needs_a_program (void **state)
{
  struct peer peer;
  begin (&peer, "[lock]\ncommand=\n");
  assert_says (peer_call (&peer, PATH, ROOT_INTERFACE, "Lock", NULL), "[lock] command");
  peer_end (&peer);
  begin (&peer, "[lock]\ncommand=/nonexistent/locker\n");
  assert_says (peer_call (&peer, PATH, ROOT_INTERFACE, "Lock", NULL), "/nonexistent/locker");
  peer_end (&peer);
}

/* Takes a picture and returns it, decoded. */
static cairo_surface_t *picture (struct peer *peer, const char *what, struct wlr_box region)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("picture-XXXXXX.png", &path, NULL);
  assert_true (fd >= 0);
  GVariant *arguments =
    g_variant_new ("(o(iiii)bh)", what, region.x, region.y, region.width, region.height, FALSE, 0);
  g_autofree char *answer = peer_call_fd (peer, PATH, CAPTURE, "Screenshot", arguments, fd);
  close (fd);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);
  unlink (path);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    fail_msg ("%s", answer);
  g_autofree char *size = g_strdup_printf ("(%d, %d)", cairo_image_surface_get_width (surface),
                                           cairo_image_surface_get_height (surface));
  assert_string_equal (answer, size);
  return surface;
}

static uint32_t pixel_at (cairo_surface_t *surface, int x, int y)
{
  const unsigned char *row =
    cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);
  uint32_t pixel;
  memcpy (&pixel, row + (size_t)x * 4, 4);
  return pixel & 0xffffff;
}

static void test_pictures (void **state)
{
  struct peer peer;
  begin (&peer, "");
  struct client *client = client_connect (peer.compositor);
  struct window *window = window_new (client, "org.example.App", "Hello");
  window->color = 0x3366cc;
  window_show (window);
  struct inos_view *view = inos_view_find (peer.compositor, 1);
  struct wlr_box box = inos_view_box (view);
  g_autofree char *output = g_strconcat (PATH "/output/", inos_view_output (view)->wlr->name, NULL);
  const char *whole[] = {"/", g_strdelimit (output, "-", '_')};
  for (int i = 0; i < 2; i++) {
    cairo_surface_t *shot = picture (&peer, whole[i], (struct wlr_box){0});
    assert_int_equal (cairo_image_surface_get_width (shot), 1280);
    assert_int_equal (pixel_at (shot, box.x + 10, box.y + 10), 0x3366cc);
    cairo_surface_destroy (shot);
  }
  cairo_surface_t *shot = picture (&peer, "/", (struct wlr_box){box.x, box.y, 20, 30});
  assert_int_equal (cairo_image_surface_get_height (shot), 30);
  assert_int_equal (pixel_at (shot, 0, 0), 0x3366cc);
  cairo_surface_destroy (shot);
  /* A private window is black however it is asked for. */
  inos_view_set_private (view, true);
  static const char *const ways[] = {"/", PATH "/window/1"};
  for (int i = 0; i < 2; i++) {
    shot = picture (&peer, ways[i], (struct wlr_box){0});
    int at = i == 0 ? 10 : -box.x + 10;
    assert_int_equal (pixel_at (shot, box.x + at, i == 0 ? box.y + 10 : 10), 0);
    cairo_surface_destroy (shot);
  }
  window_close (window);
  client_disconnect (client);
  peer_end (&peer);
}

static void test_pictures_that_cannot_be (void **state)
{
  static const struct {
    const char *what;
    struct wlr_box region;
    const char *says;
  } wrong[] = {
    {"/org/inos/Nothing", {0}, "there is no output or window"},
    {"/", {5000, 5000, 10, 10}, "nothing to see"},
    {"/", {0, 0, -1, 10}, "a region is"},
    {"/", {INT32_MIN, 0, INT32_MAX, 10}, "a region is"},
  };
  struct peer peer;
  begin (&peer, "");
  int pipe_fds[2];
  assert_int_equal (pipe (pipe_fds), 0);
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    struct wlr_box r = wrong[i].region;
    GVariant *arguments =
      g_variant_new ("(o(iiii)bh)", wrong[i].what, r.x, r.y, r.width, r.height, FALSE, 0);
    assert_says (peer_call_fd (&peer, PATH, CAPTURE, "Screenshot", arguments, pipe_fds[1]),
                 wrong[i].says);
  }
  assert_says (peer_call (&peer, PATH, CAPTURE, "Screenshot",
                          g_variant_new ("(o(iiii)bh)", "/", 0, 0, 0, 0, FALSE, 0)),
               "no descriptor");
  /* Nobody reads: the compositor goes on. */
  signal (SIGPIPE, SIG_IGN);
  close (pipe_fds[0]);
  assert_says (peer_call_fd (&peer, PATH, CAPTURE, "Screenshot",
                             g_variant_new ("(o(iiii)bh)", "/", 0, 0, 0, 0, FALSE, 0), pipe_fds[1]),
               "cannot be written");
  close (pipe_fds[1]);
  peer_end (&peer);
}

/* In an overview no window is over another, none is outside, none is larger than it is. */
static void test_overview (void **state)
{
  enum { WIDTH = 900, HEIGHT = 500, GAP = 12, WINDOWS = 7 };
  struct peer peer;
  struct window *windows[WINDOWS];
  begin (&peer, "");
  struct client *client = client_connect (peer.compositor);
  assert_answer (
    peer_call (&peer, PATH, OVERVIEW, "Arrange", g_variant_new ("(uiii)", 0, WIDTH, HEIGHT, GAP)),
    "([],)");
  for (int i = 0; i < WINDOWS; i++)
    windows[i] = window_open (client, "org.example.App", "Hello");
  inos_view_set_minimized (inos_view_find (peer.compositor, 2), true);
  g_autofree char *answer =
    peer_call (&peer, PATH, OVERVIEW, "Arrange", g_variant_new ("(uiii)", 0, WIDTH, HEIGHT, GAP));
  g_autoptr (GVariant) value =
    g_variant_parse (G_VARIANT_TYPE ("(a(u(iiii)))"), answer, NULL, NULL, NULL);
  assert_non_null (value);
  g_autoptr (GVariant) list = g_variant_get_child_value (value, 0);
  assert_int_equal (g_variant_n_children (list), WINDOWS - 1);
  struct wlr_box boxes[WINDOWS] = {0};
  const struct wlr_box room = {GAP, GAP, WIDTH - 2 * GAP, HEIGHT - 2 * GAP};
  for (gsize i = 0; i < g_variant_n_children (list); i++) {
    guint id;
    struct wlr_box *box = &boxes[i], common;
    g_variant_get_child (list, i, "(u(iiii))", &id, &box->x, &box->y, &box->width, &box->height);
    assert_int_not_equal (id, 2);
    struct wlr_box real = inos_view_box (inos_view_find (peer.compositor, id));
    assert_true (box->width > 0 && box->width <= real.width && box->height <= real.height);
    assert_true (wlr_box_intersection (&common, box, &room));
    assert_true (wlr_box_equal (&common, box));
    for (gsize k = 0; k < i; k++)
      assert_false (wlr_box_intersection (&common, box, &boxes[k]));
  }
  assert_says (peer_call (&peer, PATH, OVERVIEW, "Arrange", g_variant_new ("(uiii)", 99, 1, 1, 0)),
               "a workspace is 0 to 3");
  assert_says (
    peer_call (&peer, PATH, OVERVIEW, "Arrange", g_variant_new ("(uiii)", 0, WIDTH, -1, 0)),
    "1 to 16384");
  for (int i = 0; i < WINDOWS; i++)
    window_close (windows[i]);
  client_disconnect (client);
  peer_end (&peer);
}

static void on_overview_changed (GDBusConnection *connection, const char *sender, const char *path,
                                 const char *interface, const char *name, GVariant *arguments,
                                 void *data)
{
  *(int *)data += 1;
}

/* A window that opens is told of. */
static void test_overview_changes (void **state)
{
  struct peer peer;
  int changes = 0;
  begin (&peer, "");
  g_dbus_connection_signal_subscribe (peer.theirs, NULL, OVERVIEW, "Changed", PATH, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_overview_changed, &changes,
                                      NULL);
  struct client *client = client_connect (peer.compositor);
  struct window *window = window_open (client, "org.example.App", "Hello");
  while (changes == 0)
    g_main_context_iteration (NULL, TRUE);
  window_close (window);
  client_disconnect (client);
  peer_end (&peer);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_workspaces_change_places),
    cmocka_unit_test (test_workspace_goes_to_another_output),
    cmocka_unit_test (test_rules_are_listed_and_tried),
    cmocka_unit_test (test_actions_run_by_name),
    cmocka_unit_test (test_settings_are_dumped),
    cmocka_unit_test (test_profiles),
    cmocka_unit_test (test_profiles_cannot_be_written),
    cmocka_unit_test (test_devices_are_set),
    cmocka_unit_test (test_lock_needs_a_program),
    cmocka_unit_test (test_overview),
    cmocka_unit_test (test_overview_changes),
    cmocka_unit_test (test_pictures),
    cmocka_unit_test (test_pictures_that_cannot_be),
  };
  return run_compositor_tests (tests);
}
