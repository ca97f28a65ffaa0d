/* Windows that move and fade, on a clock that the test moves. */

#include <gio/gio.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "client.h"
#include "fixture.h"
#include "motion.h"
#include "output.h"
#include "seat.h"
#include "snap.h"
#include "verify.h"
#include "view.h"
#include "workspace.h"

struct desk {
  gint64 now;
  struct inos_compositor *compositor;
  struct client *client;
  int commits; /* frames that the output showed */
  struct wl_listener commit;
};

static gint64 now_of (void *data)
{
  return ((struct desk *)data)->now;
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct desk *desk = wl_container_of (listener, desk, commit);
  desk->commits++;
}

static void open_desk (struct desk *desk, const char *text)
{
  g_autofree char *path = write_config (text);
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = path,
    .moves = true,
    .now = now_of,
    .now_data = desk,
  };
  *desk = (struct desk){.now = 1000};
  desk->compositor = inos_compositor_create (&options, &error);
  assert_non_null (desk->compositor);
  unlink (path);
  desk->client = client_connect (desk->compositor);
  desk->commit.notify = handle_commit;
  wl_signal_add (&inos_output_active (desk->compositor)->wlr->events.commit, &desk->commit);
}

static void close_desk (struct desk *desk)
{
  wl_list_remove (&desk->commit.link);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
}

static void verify (struct desk *desk)
{
  g_autofree char *wrong = inos_verify_invariants (desk->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

/* One frame, so much later. */
static void after (struct desk *desk, int ms)
{
  client_roundtrip (desk->client);
  desk->now += ms;
  struct wlr_output *output = inos_output_active (desk->compositor)->wlr;
  wl_signal_emit_mutable (&output->events.frame, output);
  verify (desk);
}

static struct inos_view *newest (struct desk *desk)
{
  struct inos_view *view;
  wl_list_for_each (view, &desk->compositor->views, link)
    return view;
  return NULL;
}

static void look (struct wlr_scene_buffer *buffer, int sx, int sy, void *data)
{
  *(float *)data = buffer->opacity;
}

static float opacity_of (struct wlr_scene_tree *tree)
{
  float opacity = -1;
  wlr_scene_node_for_each_buffer (&tree->node, look, &opacity);
  return opacity;
}

/* The picture of a window that is gone; NULL where there is none. */
static struct wlr_scene_tree *ghost_of (struct desk *desk)
{
  struct wlr_scene_node *node;
  wl_list_for_each (node, &desk->compositor->layers[INOS_LAYER_VIEWS]->children, link) {
    if (node->type == WLR_SCENE_NODE_TREE && !node->data)
      return wlr_scene_tree_from_node (node);
  }
  return NULL;
}

static struct inos_view *open_window (struct desk *desk, struct window **window)
{
  *window = window_open (desk->client, "org.example.App", "Window");
  after (desk, 1000);
  after (desk, 1000);
  return newest (desk);
}

static void test_open (void **state)
{
  struct desk desk;
  open_desk (&desk, "");
  struct window *window = window_open (desk.client, "org.example.App", "Window");
  struct inos_view *view = newest (&desk);
  /* It has the keyboard while it is not to be seen yet. */
  assert_ptr_equal (inos_view_focused (desk.compositor), view);
  after (&desk, 0);
  assert_true (opacity_of (view->tree) < 0.01F);
  float before = 0;
  for (int i = 0; i < 4; i++) {
    after (&desk, 30);
    float opacity = opacity_of (view->tree);
    assert_true (opacity > before && opacity < 1);
    before = opacity;
  }
  /* What the client draws meanwhile does not flash. */
  window_draw (window);
  after (&desk, 1);
  assert_true (opacity_of (view->tree) < 1);
  after (&desk, 40);
  assert_true (opacity_of (view->tree) == 1);
  assert_null (view->motion);
  close_desk (&desk);
}

static void test_still_when_over (void **state)
{
  struct desk desk;
  struct window *window;
  open_desk (&desk, "");
  open_window (&desk, &window);
  client_settle (desk.client);
  int commits = desk.commits;
  client_wait (desk.client, 200);
  assert_int_equal (desk.commits, commits);
  close_desk (&desk);
}

static void test_close (void **state)
{
  struct desk desk;
  struct window *window;
  double sx, sy;
  open_desk (&desk, "");
  struct inos_view *view = open_window (&desk, &window);
  struct wlr_box box = inos_view_box (view);
  window_close (window);
  client_roundtrip (desk.client);
  assert_int_equal (wl_list_length (&desk.compositor->views), 0);
  struct wlr_scene_tree *ghost = ghost_of (&desk);
  assert_non_null (ghost);
  assert_int_equal (ghost->node.x, box.x);
  after (&desk, 0);
  assert_true (opacity_of (ghost) > 0.99F);
  after (&desk, 75);
  assert_true (opacity_of (ghost) > 0 && opacity_of (ghost) < 0.5F);
  /* Nothing is in the way of the pointer. */
  assert_null (inos_seat_surface_at (desk.compositor->seat, box.x + 5, box.y + 5, &sx, &sy));
  assert_null (
    wlr_scene_node_at (&desk.compositor->scene->tree.node, box.x + 5, box.y + 5, &sx, &sy));
  after (&desk, 80);
  assert_null (ghost_of (&desk));
  close_desk (&desk);
}

/* A client that dies takes its buffers along; the picture stays for its time. */
static void test_client_dies (void **state)
{
  struct desk desk;
  open_desk (&desk, "");
  struct client *other = client_connect (desk.compositor);
  window_open (other, "org.example.App", "Window");
  after (&desk, 1000);
  client_disconnect (other);
  client_roundtrip (desk.client);
  assert_non_null (ghost_of (&desk));
  for (int i = 0; i < 8; i++)
    after (&desk, 30);
  assert_null (ghost_of (&desk));
  close_desk (&desk);
}

static void test_private_leaves_nothing (void **state)
{
  struct desk desk;
  struct window *window;
  open_desk (&desk, "");
  inos_view_set_private (open_window (&desk, &window), true);
  window_close (window);
  client_roundtrip (desk.client);
  assert_null (ghost_of (&desk));
  close_desk (&desk);
}

static void test_slide (void **state)
{
  struct desk desk;
  struct window *window;
  open_desk (&desk, "");
  struct inos_view *view = open_window (&desk, &window);
  int from = view->x;
  inos_snap_view (view, inos_snap_from_name ("left"), NULL);
  client_roundtrip (desk.client);
  /* The client was asked at once, and is not waited for by more than that. */
  assert_int_equal (window->width, 640);
  window_draw (window);
  client_roundtrip (desk.client);
  assert_int_equal (view->x, 0);
  assert_int_equal (view->tree->node.x, from);
  int before = from;
  for (int i = 0; i < 6; i++) {
    after (&desk, 30);
    assert_true (view->tree->node.x < before && view->tree->node.x >= 0);
    before = view->tree->node.x;
  }
  after (&desk, 30);
  assert_int_equal (view->tree->node.x, 0);
  assert_null (view->motion);
  /* Who moves it has it at once. */
  inos_snap_view (view, 0, NULL);
  window_draw (window);
  client_roundtrip (desk.client);
  inos_view_move (view, 17, 18);
  assert_int_equal (view->tree->node.x, 17);
  close_desk (&desk);
}

static void test_workspaces (void **state)
{
  struct desk desk;
  struct window *windows[2];
  open_desk (&desk, "");
  struct inos_view *first = open_window (&desk, &windows[0]);
  inos_workspace_switch (desk.compositor, 1);
  assert_non_null (ghost_of (&desk));
  assert_false (first->tree->node.enabled);
  for (int i = 0; i < 10; i++)
    after (&desk, 30);
  assert_null (ghost_of (&desk));
  struct inos_view *second = open_window (&desk, &windows[1]);
  inos_workspace_switch (desk.compositor, 0);
  assert_ptr_equal (inos_view_focused (desk.compositor), first);
  after (&desk, 0);
  assert_true (first->tree->node.x < first->x && opacity_of (first->tree) < 0.01F);
  struct wlr_scene_tree *ghost = ghost_of (&desk);
  after (&desk, 50);
  assert_true (ghost->node.x > second->x);
  for (int i = 0; i < 10; i++)
    after (&desk, 30);
  assert_int_equal (first->tree->node.x, first->x);
  assert_true (opacity_of (first->tree) == 1);
  close_desk (&desk);
}

static void test_speed (void **state)
{
  struct desk desk;
  open_desk (&desk, "[animations]\nspeed=50\n");
  window_open (desk.client, "org.example.App", "Window");
  after (&desk, 200);
  assert_true (opacity_of (newest (&desk)->tree) < 1);
  after (&desk, 110);
  assert_true (opacity_of (newest (&desk)->tree) == 1);
  close_desk (&desk);
}

/* A window opens, snaps and closes: how many frames that takes. */
static int frames_of_a_life (struct desk *desk)
{
  int before;
  client_settle (desk->client);
  before = desk->commits;
  struct window *window = window_open (desk->client, "org.example.App", "Window");
  assert_true (opacity_of (newest (desk)->tree) == 1);
  client_settle (desk->client);
  inos_view_set_minimized (newest (desk), true);
  client_settle (desk->client);
  assert_null (ghost_of (desk));
  window_close (window);
  client_settle (desk->client);
  return desk->commits - before;
}

static void test_off (void **state)
{
  struct desk desk;
  open_desk (&desk, "[animations]\nenabled=false\n");
  /* One to show it, and one to show it no more. */
  assert_true (frames_of_a_life (&desk) <= 3);
  close_desk (&desk);
  open_desk (&desk, "");
  desk.compositor->saves_power = true;
  assert_true (frames_of_a_life (&desk) <= 3);
  desk.compositor->saves_power = false;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE) : NULL;
  if (schema) {
    g_autoptr (GSettings) settings = g_settings_new ("org.gnome.desktop.interface");
    g_settings_set_boolean (settings, "enable-animations", FALSE);
    assert_true (frames_of_a_life (&desk) <= 3);
    g_settings_reset (settings, "enable-animations");
  }
  close_desk (&desk);
}

/* An output that is off draws nothing: what moves ends all the same. */
static void test_output_off (void **state)
{
  struct desk desk;
  open_desk (&desk, "");
  struct wlr_output_state off;
  wlr_output_state_init (&off);
  wlr_output_state_set_enabled (&off, false);
  assert_true (wlr_output_commit_state (inos_output_active (desk.compositor)->wlr, &off));
  wlr_output_state_finish (&off);
  window_open (desk.client, "org.example.App", "Window");
  desk.now += 1000;
  client_wait_until (desk.client, !newest (&desk)->motion);
  assert_true (opacity_of (newest (&desk)->tree) == 1);
  close_desk (&desk);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_open),       cmocka_unit_test (test_still_when_over),
    cmocka_unit_test (test_close),      cmocka_unit_test (test_client_dies),
    cmocka_unit_test (test_slide),      cmocka_unit_test (test_private_leaves_nothing),
    cmocka_unit_test (test_workspaces), cmocka_unit_test (test_speed),
    cmocka_unit_test (test_off),        cmocka_unit_test (test_output_off),
  };
  return run_compositor_tests (tests);
}
