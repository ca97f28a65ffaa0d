/* Lists of windows as other programs see them, by both protocols. */

#include <string.h>

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "output.h"
#include "view.h"
#include "wlr_interfaces.h"

#include "ext-foreign-toplevel-list-v1-client-protocol.h"
#include "xdg-shell-client-protocol.h"

/* What the program knows of one window. */
struct seen {
  struct wl_proxy *wlr;
  struct ext_foreign_toplevel_handle_v1 *ext;
  char *title, *app_id, *identifier;
  struct wl_proxy *parent;
  int outputs, dones;
  bool closed, maximized, minimized, activated, fullscreen;
};

struct desk {
  struct inos_compositor *compositor;
  struct client *client, *taskbar;
  struct wl_proxy *manager;
  struct ext_foreign_toplevel_list_v1 *list;
  struct wl_output *outputs[2];
  struct seen wlr[8], ext[8];
  int wlr_count, ext_count;
};

static void set (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static void on_title (void *data, struct wl_proxy *handle, const char *title)
{
  set (&((struct seen *)data)->title, title);
}

static void on_app_id (void *data, struct wl_proxy *handle, const char *app_id)
{
  set (&((struct seen *)data)->app_id, app_id);
}

static void on_output_enter (void *data, struct wl_proxy *handle, struct wl_output *output)
{
  ((struct seen *)data)->outputs++;
}

static void on_output_leave (void *data, struct wl_proxy *handle, struct wl_output *output)
{
  ((struct seen *)data)->outputs--;
}

static void on_state (void *data, struct wl_proxy *handle, struct wl_array *states)
{
  struct seen *seen = data;
  seen->maximized = seen->minimized = seen->activated = seen->fullscreen = false;
  uint32_t *state;
  wl_array_for_each (state, states) {
    seen->maximized |= *state == FOREIGN_STATE_MAXIMIZED;
    seen->minimized |= *state == FOREIGN_STATE_MINIMIZED;
    seen->activated |= *state == FOREIGN_STATE_ACTIVATED;
    seen->fullscreen |= *state == FOREIGN_STATE_FULLSCREEN;
  }
}

static void on_done (void *data, struct wl_proxy *handle)
{
  ((struct seen *)data)->dones++;
}

static void on_closed (void *data, struct wl_proxy *handle)
{
  ((struct seen *)data)->closed = true;
}

static void on_parent (void *data, struct wl_proxy *handle, struct wl_proxy *parent)
{
  ((struct seen *)data)->parent = parent;
}

static void on_toplevel (void *data, struct wl_proxy *manager, struct wl_proxy *handle)
{
  static const struct foreign_handle_listener listener = {
    on_title, on_app_id, on_output_enter, on_output_leave, on_state, on_done, on_closed, on_parent,
  };
  struct desk *desk = data;
  struct seen *seen = &desk->wlr[desk->wlr_count++];
  seen->wlr = handle;
  wl_proxy_add_listener (handle, (void (**) (void))&listener, seen);
}

static void on_finished (void *data, struct wl_proxy *manager)
{
}

static void on_ext_closed (void *data, struct ext_foreign_toplevel_handle_v1 *handle)
{
  ((struct seen *)data)->closed = true;
}

static void on_ext_done (void *data, struct ext_foreign_toplevel_handle_v1 *handle)
{
  ((struct seen *)data)->dones++;
}

static void on_ext_title (void *data, struct ext_foreign_toplevel_handle_v1 *handle,
                          const char *title)
{
  set (&((struct seen *)data)->title, title);
}

static void on_ext_app_id (void *data, struct ext_foreign_toplevel_handle_v1 *handle,
                           const char *app_id)
{
  set (&((struct seen *)data)->app_id, app_id);
}

static void on_ext_identifier (void *data, struct ext_foreign_toplevel_handle_v1 *handle,
                               const char *identifier)
{
  set (&((struct seen *)data)->identifier, identifier);
}

static void on_ext_toplevel (void *data, struct ext_foreign_toplevel_list_v1 *list,
                             struct ext_foreign_toplevel_handle_v1 *handle)
{
  static const struct ext_foreign_toplevel_handle_v1_listener listener = {
    on_ext_closed, on_ext_done, on_ext_title, on_ext_app_id, on_ext_identifier,
  };
  struct desk *desk = data;
  struct seen *seen = &desk->ext[desk->ext_count++];
  seen->ext = handle;
  ext_foreign_toplevel_handle_v1_add_listener (handle, &listener, seen);
}

static void on_ext_finished (void *data, struct ext_foreign_toplevel_list_v1 *list)
{
}

static int setup (void **state)
{
  static const struct foreign_manager_listener manager_listener = {on_toplevel, on_finished};
  static const struct ext_foreign_toplevel_list_v1_listener list_listener = {on_ext_toplevel,
                                                                             on_ext_finished};
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (2);
  desk->client = client_connect (desk->compositor);
  desk->taskbar = client_connect (desk->compositor);
  for (int i = 0; i < 2; i++)
    desk->outputs[i] = client_bind_nth (desk->taskbar, &wl_output_interface, 1, i);
  desk->manager = client_bind (desk->taskbar, &zwlr_foreign_toplevel_manager_v1_interface, 3);
  wl_proxy_add_listener (desk->manager, (void (**) (void))&manager_listener, desk);
  desk->list = client_bind (desk->taskbar, &ext_foreign_toplevel_list_v1_interface, 1);
  ext_foreign_toplevel_list_v1_add_listener (desk->list, &list_listener, desk);
  client_roundtrip (desk->taskbar);
  *state = desk;
  return 0;
}

static void forget (struct seen *seen)
{
  if (seen->wlr)
    wl_proxy_marshal_flags (seen->wlr, FOREIGN_DESTROY, NULL, 3, WL_MARSHAL_FLAG_DESTROY);
  if (seen->ext)
    ext_foreign_toplevel_handle_v1_destroy (seen->ext);
  g_free (seen->title);
  g_free (seen->app_id);
  g_free (seen->identifier);
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  for (int i = 0; i < 8; i++) {
    forget (&desk->wlr[i]);
    forget (&desk->ext[i]);
  }
  wl_proxy_destroy (desk->manager);
  ext_foreign_toplevel_list_v1_destroy (desk->list);
  for (int i = 0; i < 2; i++)
    wl_output_destroy (desk->outputs[i]);
  client_disconnect (desk->taskbar);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static void settle (struct desk *desk)
{
  client_roundtrip (desk->client);
  client_roundtrip (desk->taskbar);
}

static void ask (struct desk *desk, uint32_t request)
{
  wl_proxy_marshal_flags (desk->wlr[0].wlr, request, NULL, 3, 0);
  settle (desk);
  settle (desk);
}

static void test_what_is_told (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "org.example.App", "Hello");
  settle (desk);
  assert_int_equal (desk->wlr_count, 1);
  assert_int_equal (desk->ext_count, 1);
  struct seen *wlr = &desk->wlr[0], *ext = &desk->ext[0];
  assert_string_equal (wlr->title, "Hello");
  assert_string_equal (wlr->app_id, "org.example.App");
  assert_string_equal (ext->title, "Hello");
  assert_string_equal (ext->app_id, "org.example.App");
  assert_in_range (strlen (ext->identifier), 1, 32);
  assert_true (wlr->activated && !wlr->maximized && !wlr->fullscreen);
  assert_int_equal (wlr->outputs, 1);

  xdg_toplevel_set_title (window->toplevel, "Goodbye");
  settle (desk);
  assert_string_equal (wlr->title, "Goodbye");
  assert_string_equal (ext->title, "Goodbye");
  /* Moves that change nothing that is told are not told. */
  struct inos_view *view = inos_view_focused (desk->compositor);
  int dones = wlr->dones + ext->dones;
  inos_view_move (view, 10, 10);
  settle (desk);
  assert_int_equal (wlr->dones + ext->dones, dones);
  inos_view_move (view, 1200, 10);
  settle (desk);
  assert_int_equal (wlr->outputs, 2);
  inos_view_move (view, 1300, 10);
  settle (desk);
  assert_int_equal (wlr->outputs, 1);

  struct window *other = window_open (desk->client, "b", "b");
  settle (desk);
  assert_false (wlr->activated);
  assert_true (desk->wlr[1].activated);
  assert_string_not_equal (desk->ext[1].identifier, ext->identifier);
  xdg_toplevel_set_parent (other->toplevel, window->toplevel);
  xdg_toplevel_set_title (other->toplevel, "dialog");
  settle (desk);
  assert_ptr_equal (desk->wlr[1].parent, wlr->wlr);
  window_close (other);
  window_close (window);
  settle (desk);
  assert_true (wlr->closed && ext->closed && desk->wlr[1].closed);
}

static void test_what_can_be_asked (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  struct window *other = window_open (desk->client, "b", "b");
  settle (desk);
  struct seen *seen = &desk->wlr[0];
  ask (desk, FOREIGN_SET_MAXIMIZED);
  assert_true (window->maximized && seen->maximized);
  ask (desk, FOREIGN_UNSET_MAXIMIZED);
  assert_false (window->maximized || seen->maximized);
  ask (desk, FOREIGN_SET_MINIMIZED);
  assert_true (seen->minimized);
  assert_false (inos_view_is_shown (inos_view_find (desk->compositor, 1)));
  ask (desk, FOREIGN_UNSET_MINIMIZED);
  assert_false (seen->minimized);
  wl_proxy_marshal_flags (seen->wlr, FOREIGN_SET_FULLSCREEN, NULL, 3, 0, desk->outputs[1]);
  settle (desk);
  settle (desk);
  assert_true (window->fullscreen && seen->fullscreen);
  window_draw (window);
  assert_int_equal (inos_view_find (desk->compositor, 1)->x, 1280);
  ask (desk, FOREIGN_UNSET_FULLSCREEN);
  assert_false (window->fullscreen || seen->fullscreen);
  struct wl_seat *seat = client_bind (desk->taskbar, &wl_seat_interface, 1);
  assert_true (other->activated);
  inos_action_run (desk->compositor, "workspace 2");
  wl_proxy_marshal_flags (seen->wlr, FOREIGN_ACTIVATE, NULL, 3, 0, seat);
  settle (desk);
  settle (desk);
  assert_true (window->activated && seen->activated);
  assert_int_equal (desk->compositor->active_workspace, 0);
  wl_seat_destroy (seat);
  ask (desk, FOREIGN_CLOSE);
  assert_true (window->closed);
  window_close (window);
  /* Too late: the handle is of no window any more. */
  ask (desk, FOREIGN_SET_MAXIMIZED);
  assert_int_equal (wl_display_get_error (desk->taskbar->display), 0);
  window_close (other);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_what_is_told),
    WITH_DESK (test_what_can_be_asked),
  };
  return run_compositor_tests (tests);
}
