/* Workspaces: named, as many as are used, one set for each output; and what panels see of them. */

#include "action.h"
#include "client.h"
#include "ext-workspace-v1-client-protocol.h"
#include "fixture.h"
#include "output.h"
#include "reload.h"
#include "seat.h"
#include "verify.h"
#include "view.h"
#include "workspace.h"

#include <string.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>

static struct inos_compositor *start (const char *config, int outputs)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("compositor-XXXXXX.ini", &path, NULL);
  assert_true (fd >= 0);
  close (fd);
  assert_true (g_file_set_contents (path, config, -1, NULL));
  struct inos_options options = {
    .headless = true,
    .outputs = outputs,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = path,
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, NULL);
  assert_non_null (compositor);
  unlink (path);
  return compositor;
}

static const char *name (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, index);
  return workspace->name;
}

static void test_names (void **state)
{
  struct inos_compositor *compositor = start ("[workspaces]\nnames=Web;Code\n", 1);
  assert_string_equal (name (compositor, 0), "Web");
  assert_string_equal (name (compositor, 2), "3");
  assert_true (inos_workspace_rename (compositor, 0, "Mail"));
  assert_string_equal (name (compositor, 0), "Mail");
  assert_true (inos_workspace_rename (compositor, 0, ""));
  assert_string_equal (name (compositor, 0), "Web");
  g_autofree char *longer = g_strnfill (65, 'x');
  assert_false (inos_workspace_rename (compositor, 0, longer));
  assert_false (inos_workspace_rename (compositor, 4, "x"));
  inos_compositor_destroy (compositor);
}

static void test_dynamic_grow_and_shrink (void **state)
{
  struct inos_compositor *compositor = start ("[workspaces]\ndynamic=true\nfollow=true\n", 1);
  struct client *client = client_connect (compositor);
  assert_int_equal (compositor->workspaces->len, 1);
  struct window *window = window_open (client, "a", "a");
  assert_int_equal (compositor->workspaces->len, 2);
  assert_true (inos_action_run (compositor, "move-to-workspace 2"));
  assert_int_equal (compositor->active_workspace, 1);
  assert_int_equal (compositor->workspaces->len, 3);
  struct window *windows[20];
  for (unsigned int i = 0; i < 20; i++) {
    inos_workspace_switch (compositor, compositor->workspaces->len - 1);
    windows[i] = window_open (client, "a", "a");
  }
  assert_int_equal (compositor->workspaces->len, INOS_WORKSPACES_MOST);
  for (unsigned int i = 0; i < 20; i++)
    window_close (windows[i]);
  inos_workspace_switch (compositor, 0);
  assert_int_equal (compositor->workspaces->len, 3);
  window_close (window);
  assert_int_equal (compositor->workspaces->len, 1);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

static void point_at (struct inos_output *output)
{
  struct wlr_box box = inos_output_box (output);
  wlr_cursor_warp (output->compositor->seat->cursor, NULL, box.x + box.width / 2.0,
                   box.y + box.height / 2.0);
}

static void settings (struct inos_compositor *compositor, const char *path, const char *text)
{
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_true (inos_reload (compositor));
  g_autofree char *wrong = inos_verify_invariants (compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

/* New settings: nothing that is seen goes away, and what a person did stays. */
static void test_settings_while_it_runs (void **state)
{
  g_autofree char *path = write_config ("[workspaces]\ncount=2\nnames=Mail\n");
  struct inos_compositor *compositor = start_with_file (path);
  struct client *client = client_connect (compositor);
  struct inos_output *first = wl_container_of (compositor->outputs.next, first, link);
  inos_output_add_virtual (compositor, 800, 600);
  struct inos_output *second = wl_container_of (first->link.next, second, link);
  point_at (first);
  struct window *a = window_open (client, "a", "a");
  point_at (second);
  struct window *b = window_open (client, "b", "b");
  struct inos_view *on_first = inos_view_find (compositor, 1);
  struct inos_view *on_second = inos_view_find (compositor, 2);
  assert_true (inos_workspace_rename (compositor, 1, "Mine"));
  settings (compositor, path, "[workspaces]\ncount=3\nnames=Post;Other;Last\n");
  assert_int_equal (compositor->workspaces->len, 3);
  assert_string_equal (name (compositor, 0), "Post");
  assert_string_equal (name (compositor, 1), "Mine");
  assert_string_equal (name (compositor, 2), "Last");
  settings (compositor, path, "[workspaces]\ncount=3\nper-output=true\n");
  client_roundtrip (client);
  assert_int_not_equal (on_first->workspace, on_second->workspace);
  assert_ptr_equal (inos_view_output (on_first), first);
  assert_ptr_equal (inos_view_output (on_second), second);
  assert_true (inos_view_is_shown (on_first) && inos_view_is_shown (on_second));
  /* One of the workspaces that are too many has a window. */
  inos_view_set_workspace (on_first, 2);
  settings (compositor, path, "[workspaces]\ncount=1\nper-output=true\n");
  assert_int_equal (compositor->workspaces->len, 3);
  inos_view_set_workspace (on_first, first->workspace);
  settings (compositor, path, "[workspaces]\ncount=1\n");
  assert_int_equal (compositor->workspaces->len, 1);
  assert_int_equal (on_first->workspace, 0);
  assert_true (inos_view_is_shown (on_first) && inos_view_is_shown (on_second));
  settings (compositor, path, "[tiling]\nlayout=dwindle\n");
  client_roundtrip (client);
  assert_int_equal (compositor->workspaces->len, 4);
  assert_true (on_first->tiled);
  window_close (b);
  window_close (a);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  unlink (path);
}

static void test_each_output_has_its_own (void **state)
{
  struct inos_compositor *compositor = start ("[workspaces]\nper-output=true\n", 2);
  struct client *client = client_connect (compositor);
  struct inos_output *first = wl_container_of (compositor->outputs.next, first, link);
  struct inos_output *second = wl_container_of (first->link.next, second, link);
  assert_int_equal (first->workspace, 0);
  assert_int_equal (second->workspace, 1);
  point_at (first);
  struct window *a = window_open (client, "a", "a");
  point_at (second);
  struct window *b = window_open (client, "b", "b");
  struct inos_view *on_first = inos_view_find (compositor, 1);
  struct inos_view *on_second = inos_view_find (compositor, 2);
  assert_int_equal (on_first->workspace, 0);
  assert_int_equal (on_second->workspace, 1);
  assert_true (inos_view_is_shown (on_first) && inos_view_is_shown (on_second));
  /* Another one here changes nothing there. */
  inos_workspace_switch (compositor, 2);
  assert_true (inos_view_is_shown (on_first));
  assert_false (inos_view_is_shown (on_second));
  /* A workspace that nobody shows comes to the output that asks, with its windows. */
  point_at (first);
  inos_workspace_switch (compositor, 1);
  client_roundtrip (client);
  assert_true (inos_view_is_shown (on_second));
  assert_false (inos_view_is_shown (on_first));
  assert_ptr_equal (inos_view_output (on_second), first);
  /* A window goes to the output that shows the workspace it is moved to, and back. */
  inos_view_set_workspace (on_second, second->workspace);
  client_roundtrip (client);
  assert_ptr_equal (inos_view_output (on_second), second);
  assert_true (inos_view_is_shown (on_second));
  inos_view_set_workspace (on_second, first->workspace);
  assert_ptr_equal (inos_view_output (on_second), first);
  /* The window of a monitor that goes can be reached again. */
  wlr_output_destroy (second->wlr);
  inos_view_focus (on_first);
  assert_true (inos_view_is_shown (on_first));
  inos_output_add_virtual (compositor, 800, 600);
  window_close (b);
  window_close (a);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

struct panel {
  struct ext_workspace_manager_v1 *manager;
  struct ext_workspace_group_handle_v1 *group;
  struct wl_output *output;
  GPtrArray *handles, *groups;
  GString *log;                       /* every event that was received */
  int group_of[INOS_WORKSPACES_MOST]; /* index of a handle's, −1: in none */
  int outputs_of[4], removed;         /* of groups */
};

static guint index_of (GPtrArray *array, void *object)
{
  guint index = 0;
  assert_true (g_ptr_array_find (array, object, &index));
  return index;
}

static void on_capabilities (void *data, struct ext_workspace_group_handle_v1 *group, uint32_t c)
{
}

static void on_output_enter (void *data, struct ext_workspace_group_handle_v1 *group,
                             struct wl_output *output)
{
  struct panel *panel = data;
  g_string_append (panel->log, "output ");
  panel->outputs_of[index_of (panel->groups, group)]++;
}

static void on_output_leave (void *data, struct ext_workspace_group_handle_v1 *group,
                             struct wl_output *output)
{
  struct panel *panel = data;
  panel->outputs_of[index_of (panel->groups, group)]--;
}

static void on_enter (void *data, struct ext_workspace_group_handle_v1 *group,
                      struct ext_workspace_handle_v1 *handle)
{
  struct panel *panel = data;
  g_string_append (panel->log, "enter ");
  assert_int_equal (panel->group_of[index_of (panel->handles, handle)], -1);
  panel->group_of[index_of (panel->handles, handle)] = (int)index_of (panel->groups, group);
}

static void on_leave (void *data, struct ext_workspace_group_handle_v1 *group,
                      struct ext_workspace_handle_v1 *handle)
{
  struct panel *panel = data;
  g_string_append (panel->log, "leave ");
  assert_int_equal (panel->group_of[index_of (panel->handles, handle)],
                    index_of (panel->groups, group));
  panel->group_of[index_of (panel->handles, handle)] = -1;
}

static void on_group_removed (void *data, struct ext_workspace_group_handle_v1 *group)
{
  ((struct panel *)data)->removed++;
}

static void on_id (void *data, struct ext_workspace_handle_v1 *handle, const char *id)
{
}

static void on_name (void *data, struct ext_workspace_handle_v1 *handle, const char *text)
{
  g_string_append_printf (((struct panel *)data)->log, "%s ", text);
}

static void on_coordinates (void *data, struct ext_workspace_handle_v1 *handle, struct wl_array *at)
{
}

static void on_state (void *data, struct ext_workspace_handle_v1 *handle, uint32_t state)
{
  g_string_append_printf (((struct panel *)data)->log, "%u ", state);
}

static void on_handle_capabilities (void *data, struct ext_workspace_handle_v1 *handle, uint32_t c)
{
}

static void on_removed (void *data, struct ext_workspace_handle_v1 *handle)
{
  g_string_append (((struct panel *)data)->log, "removed ");
}

static void on_group (void *data, struct ext_workspace_manager_v1 *manager,
                      struct ext_workspace_group_handle_v1 *group)
{
  static const struct ext_workspace_group_handle_v1_listener listener = {
    on_capabilities, on_output_enter, on_output_leave, on_enter, on_leave, on_group_removed,
  };
  struct panel *panel = data;
  panel->group = group;
  g_ptr_array_add (panel->groups, group);
  ext_workspace_group_handle_v1_add_listener (group, &listener, data);
}

static void on_workspace (void *data, struct ext_workspace_manager_v1 *manager,
                          struct ext_workspace_handle_v1 *handle)
{
  static const struct ext_workspace_handle_v1_listener listener = {
    on_id, on_name, on_coordinates, on_state, on_handle_capabilities, on_removed,
  };
  struct panel *panel = data;
  panel->group_of[panel->handles->len] = -1;
  g_ptr_array_add (panel->handles, handle);
  ext_workspace_handle_v1_add_listener (handle, &listener, data);
}

static void on_done (void *data, struct ext_workspace_manager_v1 *manager)
{
  g_string_append (((struct panel *)data)->log, "done ");
}

static void on_finished (void *data, struct ext_workspace_manager_v1 *manager)
{
  g_string_append (((struct panel *)data)->log, "finished ");
}

static void on_global (void *data, struct wl_registry *registry, uint32_t id, const char *interface,
                       uint32_t version)
{
  static const struct ext_workspace_manager_v1_listener listener = {
    on_group,
    on_workspace,
    on_done,
    on_finished,
  };
  struct panel *panel = data;
  if (g_str_equal (interface, "wl_output"))
    panel->output = wl_registry_bind (registry, id, &wl_output_interface, 1);
  if (!g_str_equal (interface, "ext_workspace_manager_v1"))
    return;
  panel->manager = wl_registry_bind (registry, id, &ext_workspace_manager_v1_interface, 1);
  ext_workspace_manager_v1_add_listener (panel->manager, &listener, panel);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t id)
{
}

static void expect (struct panel *panel, struct client *client, const char *text)
{
  client_roundtrip (client);
  assert_string_equal (panel->log->str, text);
  g_string_truncate (panel->log, 0);
}

static void test_panels_see_and_switch (void **state)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  struct inos_compositor *compositor = start ("[workspaces]\ndynamic=true\n", 1);
  struct client *client = client_connect (compositor);
  struct panel panel = {
    .handles = g_ptr_array_new(),
    .groups = g_ptr_array_new(),
    .log = g_string_new (NULL),
  };
  struct wl_registry *registry = wl_display_get_registry (client->display);
  wl_registry_add_listener (registry, &listener, &panel);
  client_roundtrip (client);
  client_roundtrip (client);
  assert_non_null (strstr (panel.log->str, "output "));
  assert_non_null (strstr (panel.log->str, "enter 1 1 done "));
  g_string_truncate (panel.log, 0);
  struct window *window = window_open (client, "a", "a");
  expect (&panel, client, "enter 2 0 done ");
  ext_workspace_handle_v1_activate (g_ptr_array_index (panel.handles, 1));
  expect (&panel, client, ""); /* not before the commit */
  ext_workspace_manager_v1_commit (panel.manager);
  expect (&panel, client, "0 1 done ");
  assert_int_equal (compositor->active_workspace, 1);
  inos_workspace_rename (compositor, 0, "Mail");
  expect (&panel, client, "Mail done ");
  inos_workspace_switch (compositor, 0);
  g_string_truncate (panel.log, 0);
  client_roundtrip (client);
  g_string_truncate (panel.log, 0);
  window_close (window);
  expect (&panel, client, "leave removed done ");
  /* Nothing comes of what is gone, and a panel may let go in any order. */
  ext_workspace_handle_v1_activate (g_ptr_array_index (panel.handles, 1));
  ext_workspace_manager_v1_commit (panel.manager);
  ext_workspace_handle_v1_destroy (g_ptr_array_index (panel.handles, 0));
  inos_workspace_rename (compositor, 0, "x");
  client_roundtrip (client);
  ext_workspace_manager_v1_stop (panel.manager);
  g_string_truncate (panel.log, 0);
  expect (&panel, client, "finished ");
  ext_workspace_handle_v1_destroy (g_ptr_array_index (panel.handles, 1));
  ext_workspace_group_handle_v1_destroy (panel.group);
  ext_workspace_manager_v1_destroy (panel.manager);
  wl_output_destroy (panel.output);
  wl_registry_destroy (registry);
  g_ptr_array_unref (panel.handles);
  g_ptr_array_unref (panel.groups);
  g_string_free (panel.log, TRUE);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

static void activate (struct panel *panel, struct client *client, guint index)
{
  ext_workspace_handle_v1_activate (g_ptr_array_index (panel->handles, index));
  ext_workspace_manager_v1_commit (panel->manager);
  client_roundtrip (client);
}

static void test_panels_see_a_group_for_each_output (void **state)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  struct inos_compositor *compositor = start ("[workspaces]\nper-output=true\n", 2);
  struct client *client = client_connect (compositor);
  struct inos_output *first = wl_container_of (compositor->outputs.next, first, link);
  struct inos_output *second = wl_container_of (first->link.next, second, link);
  struct panel panel = {
    .handles = g_ptr_array_new(),
    .groups = g_ptr_array_new(),
    .log = g_string_new (NULL),
  };
  struct wl_registry *registry = wl_display_get_registry (client->display);
  wl_registry_add_listener (registry, &listener, &panel);
  client_roundtrip (client);
  client_roundtrip (client);
  assert_int_equal (panel.groups->len, 2);
  assert_int_equal (panel.outputs_of[0], 1);
  assert_int_equal (panel.outputs_of[1], 1);
  assert_int_equal (panel.handles->len, 4);
  assert_int_equal (panel.group_of[0], 0);
  assert_int_equal (panel.group_of[1], 1);
  assert_int_equal (panel.group_of[2], 0); /* nobody had it */
  /* Wherever the pointer is, a workspace is shown on the output of its group. */
  point_at (second);
  activate (&panel, client, 2);
  assert_int_equal (first->workspace, 2);
  assert_int_equal (second->workspace, 1);
  /* One that a person takes to another output is of that one's from then on. */
  assert_true (inos_workspace_show_on (compositor, 3, second));
  client_roundtrip (client);
  assert_int_equal (panel.group_of[3], 1);
  assert_int_equal (panel.group_of[1], 1);
  point_at (first);
  activate (&panel, client, 1);
  assert_int_equal (second->workspace, 1);
  assert_int_equal (first->workspace, 2);
  assert_int_equal (panel.group_of[3], 1);
  /* An output that goes leaves its workspaces to the others. */
  wlr_output_destroy (second->wlr);
  client_roundtrip (client);
  assert_int_equal (panel.removed, 1);
  for (guint i = 0; i < panel.handles->len; i++)
    assert_int_equal (panel.group_of[i], 0);
  inos_output_add_virtual (compositor, 800, 600);
  client_roundtrip (client);
  assert_int_equal (panel.groups->len, 3);
  ext_workspace_manager_v1_stop (panel.manager);
  client_roundtrip (client);
  for (guint i = 0; i < panel.handles->len; i++)
    ext_workspace_handle_v1_destroy (g_ptr_array_index (panel.handles, i));
  for (guint i = 0; i < panel.groups->len; i++)
    ext_workspace_group_handle_v1_destroy (g_ptr_array_index (panel.groups, i));
  client_roundtrip (client);
  ext_workspace_manager_v1_destroy (panel.manager);
  wl_registry_destroy (registry);
  g_ptr_array_unref (panel.handles);
  g_ptr_array_unref (panel.groups);
  g_string_free (panel.log, TRUE);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

static void set_on (struct inos_output *output, bool on)
{
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_enabled (&state, on);
  if (on)
    wlr_output_state_set_custom_mode (&state, 800, 600, 0);
  else
    inos_output_take_out (output);
  assert_true (wlr_output_commit_state (output->wlr, &state));
  wlr_output_state_finish (&state);
  if (on)
    inos_output_put_anywhere (output);
  pump();
}

/* An output is off while the settings are others: when it is on again it shows a workspace that
 * there is. */
static void test_output_that_was_off (void **state)
{
  g_autofree char *path = write_config ("");
  struct inos_compositor *compositor = start_with_file (path);
  struct inos_output *second = inos_output_add_virtual (compositor, 800, 600);
  pump();
  set_on (second, false);
  settings (compositor, path, "[workspaces]\ncount=3\nper-output=true\n");
  set_on (second, true);
  assert_int_equal (second->workspace, 1);
  assert_true (inos_workspace_show_on (compositor, 2, second));
  set_on (second, false);
  assert_false (inos_workspace_show_on (compositor, 1, second));
  settings (compositor, path, "[workspaces]\ncount=1\nper-output=true\n");
  assert_int_equal (compositor->workspaces->len, 1);
  set_on (second, true);
  assert_int_equal (second->workspace, 1);
  assert_null (inos_verify_invariants (compositor));
  inos_compositor_destroy (compositor);
  unlink (path);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_names),
    cmocka_unit_test (test_dynamic_grow_and_shrink),
    cmocka_unit_test (test_each_output_has_its_own),
    cmocka_unit_test (test_settings_while_it_runs),
    cmocka_unit_test (test_output_that_was_off),
    cmocka_unit_test (test_panels_see_and_switch),
    cmocka_unit_test (test_panels_see_a_group_for_each_output),
  };
  return run_compositor_tests (tests);
}
