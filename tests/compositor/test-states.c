/* Minimized, on top, on every workspace; dialogs, modal ones, and icons. */

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "seat.h"
#include "stack.h"
#include "switcher.h"
#include "toplevel_icon.h"
#include "view.h"
#include "workspace.h"
#include "xdg-dialog-v1-client-protocol.h"
#include "xdg-shell-client-protocol.h"
#include "xdg-toplevel-icon-v1-client-protocol.h"

#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_scene.h>

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
};

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  desk->client = client_connect (desk->compositor);
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static struct inos_view *view (struct desk *desk, uint32_t id)
{
  return inos_view_find (desk->compositor, id);
}

/* Whether `a` is drawn after `b`. */
static bool is_above (struct inos_view *a, struct inos_view *b)
{
  if (a->tree->node.parent != b->tree->node.parent) {
    struct inos_compositor *compositor = a->compositor;
    int layer_a = 0, layer_b = 0;
    for (int i = 0; i < INOS_LAYER_COUNT; i++) {
      layer_a = compositor->layers[i] == a->tree->node.parent ? i : layer_a;
      layer_b = compositor->layers[i] == b->tree->node.parent ? i : layer_b;
    }
    return layer_a > layer_b;
  }
  struct wlr_scene_node *node;
  wl_list_for_each_reverse (node, &a->tree->node.parent->children, link) {
    if (node == &a->tree->node || node == &b->tree->node)
      return node == &a->tree->node;
  }
  return false;
}

static void test_minimize_hides_and_focus_restores (void **state)
{
  struct desk *desk = *state;
  struct window *first = window_open (desk->client, "a", "first");
  struct window *second = window_open (desk->client, "b", "second");
  xdg_toplevel_set_minimized (second->toplevel);
  client_roundtrip (desk->client);
  assert_true (view (desk, 2)->minimized);
  assert_false (view (desk, 2)->tree->node.enabled);
  assert_true (second->suspended);
  assert_true (first->activated);
  assert_false (second->activated);
  /* Switching workspaces does not bring it back. */
  inos_workspace_switch (desk->compositor, 1);
  inos_workspace_switch (desk->compositor, 0);
  assert_false (view (desk, 2)->tree->node.enabled);
  /* Alt+Tab finds it, last of all. */
  inos_switcher_step (desk->compositor->seat, 1);
  inos_switcher_accept (desk->compositor->seat);
  client_roundtrip (desk->client);
  assert_false (view (desk, 2)->minimized);
  assert_true (view (desk, 2)->tree->node.enabled);
  assert_true (second->activated);
  assert_false (second->suspended);
  assert_true (inos_action_run (desk->compositor, "minimize"));
  assert_true (inos_action_run (desk->compositor, "minimize"));
  client_roundtrip (desk->client);
  assert_null (inos_view_focused (desk->compositor));
  window_close (second);
  window_close (first);
}

static void test_on_top_stays_above (void **state)
{
  struct desk *desk = *state;
  struct window *first = window_open (desk->client, "a", "first");
  struct window *second = window_open (desk->client, "b", "second");
  assert_true (is_above (view (desk, 2), view (desk, 1)));
  inos_view_set_on_top (view (desk, 1), true);
  assert_true (is_above (view (desk, 1), view (desk, 2)));
  inos_view_focus (view (desk, 2));
  assert_true (is_above (view (desk, 1), view (desk, 2)));
  inos_view_set_fullscreen (view (desk, 2), true, NULL);
  assert_true (is_above (view (desk, 2), view (desk, 1)));
  inos_view_set_on_top (view (desk, 1), false);
  window_close (second);
  window_close (first);
}

static void test_below_stays_below (void **state)
{
  struct desk *desk = *state;
  struct window *first = window_open (desk->client, "a", "first");
  struct window *second = window_open (desk->client, "b", "second");
  inos_view_set_below (view (desk, 2), true);
  assert_true (is_above (view (desk, 1), view (desk, 2)));
  inos_view_focus (view (desk, 2));
  assert_true (is_above (view (desk, 1), view (desk, 2)));
  /* Its dialog goes with it. */
  struct window *dialog = window_open (desk->client, "b", "dialog");
  xdg_toplevel_set_parent (dialog->toplevel, second->toplevel);
  client_roundtrip (desk->client);
  assert_true (is_above (view (desk, 1), view (desk, 3)));
  assert_true (is_above (view (desk, 3), view (desk, 2)));
  inos_view_set_fullscreen (view (desk, 2), true, NULL);
  assert_true (is_above (view (desk, 2), view (desk, 1)));
  inos_view_set_fullscreen (view (desk, 2), false, NULL);
  /* It is one or the other. */
  inos_view_set_on_top (view (desk, 2), true);
  assert_false (view (desk, 2)->below);
  assert_true (is_above (view (desk, 2), view (desk, 1)));
  assert_true (inos_action_run (desk->compositor, "below"));
  assert_true (view (desk, 3)->below);
  inos_view_set_below (view (desk, 2), true);
  assert_false (view (desk, 2)->on_top);
  inos_view_set_below (view (desk, 2), false);
  window_close (dialog);
  window_close (second);
  window_close (first);
}

/* Families are put before and behind one another, dialogs before what they belong to. */
static void test_stack_is_put_in_order (void **state)
{
  struct desk *desk = *state;
  struct window *windows[4];
  for (int i = 0; i < 3; i++)
    windows[i] = window_open (desk->client, "a", "a");
  windows[3] = window_open (desk->client, "a", "dialog of the first");
  xdg_toplevel_set_parent (windows[3]->toplevel, windows[0]->toplevel);
  client_roundtrip (desk->client);
  struct inos_view *one = view (desk, 1), *two = view (desk, 2), *three = view (desk, 3);
  struct inos_view *dialog = view (desk, 4);
  inos_stack_put_below (one, NULL);
  assert_true (is_above (two, dialog) && is_above (three, two) && is_above (dialog, one));
  inos_stack_put_above (one, two);
  assert_true (is_above (one, two) && is_above (dialog, one) && is_above (three, dialog));
  inos_stack_put_above (two, dialog);
  assert_true (is_above (two, dialog) && is_above (three, two));
  inos_stack_put_below (three, dialog);
  assert_true (is_above (one, three) && is_above (two, dialog));
  inos_stack_put_above (three, NULL);
  assert_true (is_above (three, two) && is_above (three, dialog));
  /* Not within a family, nor from one layer to another. */
  inos_stack_put_below (dialog, one);
  assert_true (is_above (dialog, one));
  inos_view_set_on_top (two, true);
  inos_stack_put_below (two, one);
  assert_true (is_above (two, three) && is_above (two, one));
  inos_view_set_on_top (two, false);
  for (int i = 3; i >= 0; i--)
    window_close (windows[i]);
}

static void test_sticky_is_everywhere (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  assert_true (inos_action_run (desk->compositor, "sticky"));
  inos_workspace_switch (desk->compositor, 2);
  client_roundtrip (desk->client);
  assert_true (view (desk, 1)->tree->node.enabled);
  assert_true (window->activated);
  assert_true (inos_action_run (desk->compositor, "sticky"));
  assert_int_equal (view (desk, 1)->workspace, 2);
  inos_workspace_switch (desk->compositor, 0);
  assert_false (view (desk, 1)->tree->node.enabled);
  window_close (window);
}

static void test_dialogs_stay_with_their_window (void **state)
{
  struct desk *desk = *state;
  struct window *parent = window_open (desk->client, "a", "parent");
  struct window *child = window_open (desk->client, "a", "child");
  struct window *other = window_open (desk->client, "b", "other");
  xdg_toplevel_set_parent (child->toplevel, parent->toplevel);
  client_roundtrip (desk->client);
  struct inos_view *p = view (desk, 1), *c = view (desk, 2), *o = view (desk, 3);
  assert_ptr_equal (inos_stack_parent (c), p);
  inos_view_focus (p);
  assert_true (is_above (c, p) && is_above (p, o));
  client_roundtrip (desk->client);
  assert_true (parent->activated);
  inos_view_focus (o);
  assert_true (is_above (o, c) && is_above (c, p));
  inos_view_focus (c);
  assert_true (is_above (c, p) && is_above (p, o));
  inos_view_set_minimized (p, true);
  assert_false (c->tree->node.enabled);
  inos_view_focus (c);
  assert_true (p->tree->node.enabled && c->tree->node.enabled);
  inos_view_set_workspace (p, 1);
  assert_int_equal (c->workspace, 1);
  assert_int_equal (o->workspace, 0);
  inos_view_set_fullscreen (p, true, NULL);
  assert_true (is_above (c, p));
  window_close (other);
  window_close (parent);
  assert_null (inos_stack_parent (c));
  window_close (child);
}

static void test_modal_dialog_takes_the_focus (void **state)
{
  struct desk *desk = *state;
  struct window *parent = window_open (desk->client, "a", "parent");
  struct window *child = window_open (desk->client, "a", "child");
  struct xdg_dialog_v1 *dialog =
    xdg_wm_dialog_v1_get_xdg_dialog (desk->client->dialogs, child->toplevel);
  xdg_toplevel_set_parent (child->toplevel, parent->toplevel);
  inos_view_focus (view (desk, 1));
  client_roundtrip (desk->client);
  assert_true (parent->activated);
  xdg_dialog_v1_set_modal (dialog);
  client_roundtrip (desk->client);
  assert_true (child->activated);
  inos_view_focus (view (desk, 1));
  client_roundtrip (desk->client);
  assert_true (child->activated);
  xdg_dialog_v1_unset_modal (dialog);
  inos_view_focus (view (desk, 1));
  client_roundtrip (desk->client);
  assert_false (view (desk, 2)->modal);
  inos_view_focus (view (desk, 1));
  client_roundtrip (desk->client);
  assert_true (parent->activated);
  window_close (child);
  xdg_dialog_v1_set_modal (dialog); /* nobody's any more */
  xdg_dialog_v1_destroy (dialog);
  client_roundtrip (desk->client);
  window_close (parent);
}

static void test_second_dialog_of_a_window_is_refused (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "a", "a");
  xdg_wm_dialog_v1_get_xdg_dialog (desk->client->dialogs, window->toplevel);
  xdg_wm_dialog_v1_get_xdg_dialog (desk->client->dialogs, window->toplevel);
  client_roundtrip (desk->client);
  assert_int_not_equal (wl_display_get_error (desk->client->display), 0);
  window_close (window);
}

/* A long chain of dialogs costs no more than a short one. */
static void test_long_chain_of_dialogs (void **state)
{
  struct desk *desk = *state;
  struct window *windows[40];
  for (size_t i = 0; i < G_N_ELEMENTS (windows); i++) {
    windows[i] = window_open (desk->client, "a", "a");
    if (i > 0)
      xdg_toplevel_set_parent (windows[i]->toplevel, windows[i - 1]->toplevel);
  }
  client_roundtrip (desk->client);
  inos_view_focus (view (desk, 1));
  inos_view_focus (view (desk, 40));
  inos_view_set_workspace (view (desk, 20), 2);
  for (size_t i = 0; i < G_N_ELEMENTS (windows); i++)
    window_close (windows[(i * 7) % 40]);
  assert_int_equal (wl_list_length (&desk->compositor->views), 0);
}

static void test_icon_by_name_and_pixels (void **state)
{
  struct desk *desk = *state;
  struct client *client = desk->client;
  struct window *window = window_open (client, "a", "a");
  struct xdg_toplevel_icon_v1 *icon = xdg_toplevel_icon_manager_v1_create_icon (client->icons);
  struct wl_buffer *small = client_buffer (client, 16, 16, 0x808080),
                   *large = client_buffer (client, 64, 64, 0x808080);
  struct wl_buffer *huge = client_buffer (client, 1024, 1024, 0x808080);
  xdg_toplevel_icon_v1_set_name (icon, "accessories-calculator");
  xdg_toplevel_icon_v1_add_buffer (icon, small, 1);
  xdg_toplevel_icon_v1_add_buffer (icon, small, 1);
  xdg_toplevel_icon_v1_add_buffer (icon, large, 2);
  xdg_toplevel_icon_v1_add_buffer (icon, huge, 2);
  xdg_toplevel_icon_manager_v1_set_icon (client->icons, window->toplevel, icon);
  client_roundtrip (client);
  assert_null (view (desk, 1)->icon);
  wl_surface_commit (window->surface);
  xdg_toplevel_icon_v1_destroy (icon);
  wl_buffer_destroy (small);
  client_roundtrip (client);
  const struct inos_icon *kept = view (desk, 1)->icon;
  assert_non_null (kept);
  assert_string_equal (kept->name, "accessories-calculator");
  assert_int_equal (kept->image_count, 2);
  assert_int_equal (kept->images[0].buffer->width, 16);
  assert_int_equal (kept->images[1].scale, 2);
  xdg_toplevel_icon_manager_v1_set_icon (client->icons, window->toplevel, NULL);
  wl_surface_commit (window->surface);
  client_roundtrip (client);
  assert_null (view (desk, 1)->icon);
  wl_buffer_destroy (large);
  wl_buffer_destroy (huge);
  window_close (window);
}

static void test_wrong_icons_are_refused (void **state)
{
  struct desk *desk = *state;
  for (int i = 0; i < 4; i++) {
    struct client *client = client_connect (desk->compositor);
    struct window *window = window_open (client, "a", "a");
    struct xdg_toplevel_icon_v1 *icon = xdg_toplevel_icon_manager_v1_create_icon (client->icons);
    struct wl_buffer *square = client_buffer (client, 16, 16, 0x808080);
    struct wl_buffer *oblong = client_buffer (client, 16, 32, 0x808080);
    xdg_toplevel_icon_v1_add_buffer (icon, i == 0 ? oblong : square, i == 1 ? 0 : 1);
    if (i == 2)
      wl_buffer_destroy (square);
    xdg_toplevel_icon_manager_v1_set_icon (client->icons, window->toplevel, icon);
    if (i == 3)
      xdg_toplevel_icon_v1_set_name (icon, "late");
    client_roundtrip (client);
    assert_int_not_equal (wl_display_get_error (client->display), 0);
    window_close (window);
    xdg_toplevel_icon_v1_destroy (icon);
    if (i != 2)
      wl_buffer_destroy (square);
    wl_buffer_destroy (oblong);
    client_disconnect (client);
  }
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_minimize_hides_and_focus_restores),
    WITH_DESK (test_on_top_stays_above),
    WITH_DESK (test_below_stays_below),
    WITH_DESK (test_stack_is_put_in_order),
    WITH_DESK (test_sticky_is_everywhere),
    WITH_DESK (test_dialogs_stay_with_their_window),
    WITH_DESK (test_modal_dialog_takes_the_focus),
    WITH_DESK (test_second_dialog_of_a_window_is_refused),
    WITH_DESK (test_long_chain_of_dialogs),
    WITH_DESK (test_icon_by_name_and_pixels),
    WITH_DESK (test_wrong_icons_are_refused),
  };
  return run_compositor_tests (tests);
}
