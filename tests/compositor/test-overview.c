/* The overview: what it shows, who has the input meanwhile, and that nothing is left of it. */

#include <gio/gio.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "devices.h"
#include "film.h"
#include "fixture.h"
#include "locker.h"
#include "overview_private.h"
#include "seat.h"
#include "verify.h"
#include "view.h"
#include "workspace.h"
#include "xdg-shell-client-protocol.h"

struct stand {
  gint64 now;
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct client *client;
  struct wlr_pointer mouse;
  struct wlr_keyboard keyboard;
  GPtrArray *windows; /* struct window */
  GString *actions;
  struct wl_listener action;
};

static gint64 now_of (void *data)
{
  return ((struct stand *)data)->now;
}

static void handle_action (struct wl_listener *listener, void *data)
{
  struct stand *stand = wl_container_of (listener, stand, action);
  g_string_append_printf (stand->actions, "%s ", (const char *)data);
}

static void begin (struct stand *stand, int outputs, bool moves)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = outputs,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = "/nonexistent/compositor.ini",
    .moves = moves,
    .now = now_of,
    .now_data = stand,
  };
  *stand = (struct stand){.now = 1000};
  stand->compositor = inos_compositor_create (&options, &error);
  assert_non_null (stand->compositor);
  g_free (stand->compositor->config.lock_command);
  stand->compositor->config.lock_command = g_strdup ("");
  stand->seat = stand->compositor->seat;
  add_keyboard (stand->compositor, &stand->keyboard);
  add_pointer (stand->compositor, &stand->mouse);
  stand->client = client_connect (stand->compositor);
  stand->windows = g_ptr_array_new();
  stand->actions = g_string_new (NULL);
  stand->action.notify = handle_action;
  wl_signal_add (&stand->compositor->events.action, &stand->action);
}

static void end (struct stand *stand)
{
  wl_list_remove (&stand->action.link);
  for (guint i = 0; i < stand->windows->len; i++)
    window_close (g_ptr_array_index (stand->windows, i));
  g_ptr_array_unref (stand->windows);
  g_string_free (stand->actions, TRUE);
  client_disconnect (stand->client);
  wlr_pointer_finish (&stand->mouse);
  wlr_keyboard_finish (&stand->keyboard);
  inos_compositor_destroy (stand->compositor);
}

static void verify (struct stand *stand)
{
  client_roundtrip (stand->client);
  g_autofree char *wrong = inos_verify_invariants (stand->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

static struct inos_view *open_window (struct stand *stand, const char *title)
{
  g_ptr_array_add (stand->windows, window_open (stand->client, "org.example.App", title));
  client_roundtrip (stand->client);
  return wl_container_of (stand->compositor->views.next, (struct inos_view *)NULL, link);
}

static struct inos_overview_screen *screen_of (struct stand *stand, int nth)
{
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &stand->compositor->overview->screens, link) {
    if (nth-- == 0)
      return screen;
  }
  return NULL;
}

static guint tiles_of (struct stand *stand, int nth)
{
  pump();
  return screen_of (stand, nth)->tiles->len;
}

/* Where the middle of a window's tile is, of the layout. */
static void point_at (struct stand *stand, const struct inos_view *view)
{
  struct inos_overview_screen *screen;
  const struct inos_overview_tile *tile =
    inos_overview_find_tile (stand->compositor->overview, view->id, &screen);
  assert_non_null (tile);
  struct wlr_box desk = inos_output_box (screen->output);
  move_to (stand->seat, &stand->mouse, desk.x + tile->place.x + tile->place.width / 2.0,
           desk.y + tile->place.y + tile->place.height / 2.0);
}

static void point_at_cell (struct stand *stand, unsigned int workspace)
{
  const struct inos_overview_screen *screen = screen_of (stand, 0);
  const struct inos_overview_cell *cell = g_ptr_array_index (screen->cells, workspace);
  struct wlr_box desk = inos_output_box (screen->output);
  move_to (stand->seat, &stand->mouse, desk.x + cell->box.x + cell->box.width / 2.0,
           desk.y + cell->box.y + cell->box.height / 2.0);
}

static void click (struct stand *stand)
{
  button (&stand->mouse, BTN_LEFT, true);
  button (&stand->mouse, BTN_LEFT, false);
  verify (stand);
}

/* Windows are replaced by their pictures, which show what the windows show, also what they draw
 * later; closed, nothing is left. */
static void test_windows_are_shown_alive (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *view = open_window (&stand, "One");
  struct window *window = g_ptr_array_index (stand.windows, 0);
  assert_true (inos_overview_open (stand.compositor));
  verify (&stand);
  assert_int_equal (tiles_of (&stand, 0), 1);
  const struct inos_overview_tile *tile = g_ptr_array_index (screen_of (&stand, 0)->tiles, 0);
  assert_ptr_equal (tile->view, view);
  assert_true (tile->thumbnail->parts->len > 0);
  struct wlr_scene_buffer *copy =
    wlr_scene_buffer_from_node (g_ptr_array_index (tile->thumbnail->parts, 0));
  struct wlr_buffer *before = copy->buffer;
  assert_non_null (before);
  assert_int_equal (copy->dst_width, tile->place.width);
  window->color = 0x112233;
  window_draw (window);
  client_roundtrip (stand.client);
  assert_ptr_not_equal (copy->buffer, before);
  assert_ptr_equal (copy->buffer, &view->surface->buffer->base);
  inos_overview_close (stand.compositor);
  verify (&stand);
  assert_false (inos_overview_is_shown (stand.compositor));
  assert_true (wl_list_empty (&stand.compositor->layers[INOS_LAYER_OVERVIEW]->children));
  end (&stand);
}

static void set_contrast (bool on)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.gnome.desktop.a11y.interface");
  g_settings_set_boolean (settings, "high-contrast", on);
  pump();
}

static bool has_edge (struct stand *stand, const struct inos_view *view)
{
  struct inos_overview_screen *screen;
  const struct inos_overview_tile *tile =
    inos_overview_find_tile (stand->compositor->overview, view->id, &screen);
  const struct wlr_scene_rect *top = tile->edge.sides[0];
  return top->node.enabled && top->node.x == tile->place.x - 1 &&
         top->width == tile->place.width + 2 && top->color[3] == 1;
}

/* A white window is told from what is behind it, which is white too: the one that is chosen by its
 * ring, the others by an edge. */
static void test_edges_in_high_contrast (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  const struct inos_view *first = open_window (&stand, "One"),
                         *second = open_window (&stand, "Two");
  inos_overview_open (stand.compositor);
  assert_int_equal (inos_overview_selected (stand.compositor), second->id);
  assert_false (has_edge (&stand, first));
  set_contrast (true);
  verify (&stand);
  assert_true (has_edge (&stand, first));
  assert_false (has_edge (&stand, second));
  point_at (&stand, first);
  assert_false (has_edge (&stand, first));
  assert_true (has_edge (&stand, second));
  set_contrast (false);
  assert_false (has_edge (&stand, second));
  end (&stand);
}

/* What is beyond the edge of its output is cut off in small, and no renderer is asked for more than
 * a buffer has. */
static void test_windows_beyond_the_edge (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *view = open_window (&stand, "One");
  inos_overview_open (stand.compositor);
  for (int i = 0; i < 60; i++) {
    inos_view_move (view, (i % 2 ? -7 : 41) * i / 2, (i % 3 ? -5 : 23) * i / 3);
    verify (&stand);
    client_settle (stand.client);
  }
  end (&stand);
}

static void on_done (void *data, struct wl_callback *callback, uint32_t time)
{
  *(bool *)data = true;
  wl_callback_destroy (callback);
}

/* A program that waits to draw the next frame gets to it. */
static void test_windows_go_on_drawing (void **state)
{
  static const struct wl_callback_listener listener = {.done = on_done};
  struct stand stand;
  bool done = false;
  begin (&stand, 1, false);
  open_window (&stand, "One");
  const struct window *window = g_ptr_array_index (stand.windows, 0);
  inos_overview_open (stand.compositor);
  client_settle (stand.client);
  for (int i = 0; i < 3; i++) {
    done = false;
    wl_callback_add_listener (wl_surface_frame (window->surface), &listener, &done);
    wl_surface_damage (window->surface, 0, 0, 10, 10);
    wl_surface_attach (window->surface, window->buffer, 0, 0);
    wl_surface_commit (window->surface);
    client_wait_until (stand.client, done);
  }
  end (&stand);
}

/* None over another, none beside its output, however many. */
static void test_many_windows (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  inos_overview_open (stand.compositor);
  verify (&stand);
  assert_non_null (screen_of (&stand, 0)->words);
  for (int i = 0; i < 50; i++)
    open_window (&stand, "Many");
  inos_view_set_minimized (inos_view_find (stand.compositor, 7), true);
  inos_view_set_fullscreen (inos_view_find (stand.compositor, 8), true, NULL);
  assert_int_equal (tiles_of (&stand, 0), 50);
  assert_null (screen_of (&stand, 0)->words);
  verify (&stand);
  end (&stand);
}

static void test_keys (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *first = open_window (&stand, "One"), *second = open_window (&stand, "Two");
  inos_view_move (first, 20, 300);
  inos_view_move (second, 700, 300);
  chord (&stand.keyboard, KEY_W);
  assert_true (inos_overview_is_open (stand.compositor));
  assert_int_equal (inos_overview_selected (stand.compositor), second->id);
  tap (&stand.keyboard, KEY_LEFT);
  assert_int_equal (inos_overview_selected (stand.compositor), first->id);
  tap (&stand.keyboard, KEY_LEFT);
  assert_int_equal (inos_overview_selected (stand.compositor), first->id);
  tap (&stand.keyboard, KEY_TAB);
  assert_int_equal (inos_overview_selected (stand.compositor), second->id);
  tap (&stand.keyboard, KEY_HOME);
  tap (&stand.keyboard, KEY_ENTER);
  assert_false (inos_overview_is_open (stand.compositor));
  assert_ptr_equal (inos_view_focused (stand.compositor), first);
  verify (&stand);
  chord (&stand.keyboard, KEY_W);
  tap (&stand.keyboard, KEY_ESC);
  assert_false (inos_overview_is_open (stand.compositor));
  chord (&stand.keyboard, KEY_W);
  tap (&stand.keyboard, KEY_DELETE);
  client_roundtrip (stand.client);
  assert_true (((struct window *)g_ptr_array_index (stand.windows, 0))->closed);
  tap (&stand.keyboard, KEY_PAGEDOWN);
  assert_int_equal (stand.compositor->active_workspace, 1);
  assert_int_equal (tiles_of (&stand, 0), 0);
  verify (&stand);
  end (&stand);
}

/* What is typed goes to the launcher, which is asked for once. */
static void test_typing_asks_for_the_launcher (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  open_window (&stand, "One");
  inos_overview_open (stand.compositor);
  tap (&stand.keyboard, KEY_A);
  tap (&stand.keyboard, KEY_B);
  tap (&stand.keyboard, KEY_X);
  tap (&stand.keyboard, KEY_BACKSPACE);
  tap (&stand.keyboard, KEY_DELETE);
  client_roundtrip (stand.client);
  assert_string_equal (stand.actions->str, "launcher ");
  assert_false (((struct window *)g_ptr_array_index (stand.windows, 0))->closed);
  /* It was asked for, and would be taken away if it were again. */
  tap (&stand.keyboard, KEY_C);
  assert_string_equal (stand.actions->str, "launcher ");
  g_autofree char *early = inos_overview_take_typed (stand.compositor);
  assert_string_equal (early, "");
  inos_overview_end (stand.compositor);
  g_autofree char *typed = inos_overview_take_typed (stand.compositor);
  assert_string_equal (typed, "abc");
  g_autofree char *again = inos_overview_take_typed (stand.compositor);
  assert_string_equal (again, "");
  end (&stand);
}

/* The window under the pointer is chosen, a click goes to it, its button closes it, and nobody
 * else hears of that. */
static void test_pointer (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *first = open_window (&stand, "One"), *second = open_window (&stand, "Two");
  inos_overview_open (stand.compositor);
  assert_null (stand.seat->wlr->pointer_state.focused_surface);
  point_at (&stand, first);
  assert_int_equal (inos_overview_selected (stand.compositor), first->id);
  assert_null (stand.seat->wlr->pointer_state.focused_surface);
  struct inos_overview_screen *screen;
  const struct inos_overview_tile *tile =
    inos_overview_chosen (stand.compositor->overview, &screen);
  struct wlr_box close = inos_overview_close_box (screen, tile);
  move_to (stand.seat, &stand.mouse, close.x + close.width / 2.0, close.y + close.height / 2.0);
  click (&stand);
  assert_true (((struct window *)g_ptr_array_index (stand.windows, 0))->closed);
  assert_true (inos_overview_is_open (stand.compositor));
  point_at (&stand, first);
  click (&stand);
  assert_false (inos_overview_is_open (stand.compositor));
  assert_ptr_equal (inos_view_focused (stand.compositor), first);
  /* Beside all of them it closes. */
  inos_overview_open (stand.compositor);
  move_to (stand.seat, &stand.mouse, 4, 780);
  click (&stand);
  assert_false (inos_overview_is_open (stand.compositor));
  assert_ptr_not_equal (first, second);
  end (&stand);
}

static void test_workspaces (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *first = open_window (&stand, "One");
  open_window (&stand, "Two");
  inos_overview_open (stand.compositor);
  point_at (&stand, first);
  button (&stand.mouse, BTN_LEFT, true);
  point_at_cell (&stand, 2);
  assert_true (stand.compositor->overview->press.moved);
  verify (&stand);
  button (&stand.mouse, BTN_LEFT, false);
  assert_int_equal (first->workspace, 2);
  assert_int_equal (tiles_of (&stand, 0), 1);
  verify (&stand);
  point_at_cell (&stand, 2);
  click (&stand);
  assert_int_equal (stand.compositor->active_workspace, 2);
  assert_int_equal (tiles_of (&stand, 0), 1);
  point_at_cell (&stand, 2);
  click (&stand);
  assert_false (inos_overview_is_open (stand.compositor));
  end (&stand);
}

/* Each shows its own windows, and one may be dragged to another. */
static void test_outputs (void **state)
{
  struct stand stand;
  begin (&stand, 2, false);
  struct inos_view *first = open_window (&stand, "One"), *second = open_window (&stand, "Two");
  inos_view_move (first, 100, 100);
  inos_view_move (second, 1400, 100);
  inos_overview_open (stand.compositor);
  assert_int_equal (tiles_of (&stand, 0), 1);
  assert_int_equal (tiles_of (&stand, 1), 1);
  point_at (&stand, first);
  button (&stand.mouse, BTN_LEFT, true);
  move_to (stand.seat, &stand.mouse, 2400, 780);
  button (&stand.mouse, BTN_LEFT, false);
  assert_int_equal (tiles_of (&stand, 0), 0);
  assert_int_equal (tiles_of (&stand, 1), 2);
  verify (&stand);
  end (&stand);
}

/* A window that goes while it is dragged, and one that comes. */
static void test_windows_come_and_go (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *first = open_window (&stand, "One");
  inos_overview_open (stand.compositor);
  point_at (&stand, first);
  button (&stand.mouse, BTN_LEFT, true);
  point_at_cell (&stand, 1);
  window_close (g_ptr_array_index (stand.windows, 0));
  g_ptr_array_remove_index (stand.windows, 0);
  verify (&stand);
  button (&stand.mouse, BTN_LEFT, false);
  assert_int_equal (tiles_of (&stand, 0), 0);
  open_window (&stand, "Two");
  assert_int_equal (tiles_of (&stand, 0), 1);
  verify (&stand);
  end (&stand);
}

static void test_lock_ends_it (void **state)
{
  struct stand stand;
  begin (&stand, 1, true);
  open_window (&stand, "One");
  inos_overview_open (stand.compositor);
  struct locker *locker = locker_start (stand.compositor);
  locker_wait (locker);
  assert_true (stand.compositor->locked);
  assert_false (inos_overview_is_shown (stand.compositor));
  assert_false (inos_overview_open (stand.compositor));
  verify (&stand);
  locker_unlock (locker);
  assert_true (stand.compositor->layers[INOS_LAYER_VIEWS]->node.enabled);
  verify (&stand);
  end (&stand);
}

/* On the screen it is seen; in a picture that a program takes it is black, in small too. */
static void test_private_windows (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  struct inos_view *view = open_window (&stand, "Secret");
  struct window *window = g_ptr_array_index (stand.windows, 0);
  window->color = 0xff0000;
  window_draw (window);
  client_roundtrip (stand.client);
  inos_view_move (view, 0, 0);
  inos_overview_open (stand.compositor);
  client_settle (stand.client);
  const struct inos_overview_screen *screen = screen_of (&stand, 0);
  const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, 0);
  const struct inos_overview_cell *first = g_ptr_array_index (screen->cells, 0);
  const struct wlr_box cell = first->box;
  uint32_t x = (uint32_t)(tile->place.x + tile->place.width / 2);
  uint32_t y = (uint32_t)(tile->place.y + tile->place.height / 2);
  for (int private = 0; private < 2; private ++) {
    struct film film = {0};
    inos_view_set_private (view, private);
    film_start (&film, stand.client, film_output_source (stand.client, 0), 0);
    client_wait_until (stand.client, film.dones > 0);
    film_make_buffer (&film, film.width, film.height);
    film_shoot (&film);
    client_wait_until (stand.client, film.ready > 0 || film.failed);
    assert_int_equal (film_pixel (&film, x, y), private ? 0xff000000 : 0xffff0000);
    assert_int_equal (film_pixel (&film, (uint32_t)cell.x + 8, (uint32_t)cell.y + 8),
                      private ? 0xff000000 : 0xffff0000);
    film_end (&film);
  }
  end (&stand);
}

static void after (struct stand *stand, int ms)
{
  client_roundtrip (stand->client);
  stand->now += ms;
  struct wlr_output *output = inos_output_active (stand->compositor)->wlr;
  wl_signal_emit_mutable (&output->events.frame, output);
  verify (stand);
}

/* Its state is there at once; the windows take their time, and a press does not wait for them. */
static void test_motion (void **state)
{
  struct stand stand;
  begin (&stand, 1, true);
  struct inos_view *view = open_window (&stand, "One");
  after (&stand, 1000);
  const struct inos_overview *overview = stand.compositor->overview;
  inos_overview_open (stand.compositor);
  assert_true (inos_overview_is_open (stand.compositor));
  after (&stand, 50);
  assert_true (overview->part > 0 && overview->part < 1);
  after (&stand, 500);
  assert_true (overview->part >= 1);
  inos_overview_close (stand.compositor);
  assert_false (inos_overview_is_open (stand.compositor));
  after (&stand, 50);
  assert_true (inos_overview_is_shown (stand.compositor));
  move_to (stand.seat, &stand.mouse, view->x + 20, view->y + 20);
  button (&stand.mouse, BTN_LEFT, true);
  assert_false (inos_overview_is_shown (stand.compositor));
  assert_ptr_equal (stand.seat->wlr->pointer_state.focused_surface, view->surface);
  button (&stand.mouse, BTN_LEFT, false);
  inos_overview_open (stand.compositor);
  after (&stand, 500);
  inos_overview_close (stand.compositor);
  after (&stand, 50);
  after (&stand, 500);
  assert_false (inos_overview_is_shown (stand.compositor));
  end (&stand);
}

static void swipe (struct stand *stand, double dy, int times, bool cancelled)
{
  struct wlr_pointer *pad = &stand->mouse;
  struct wlr_pointer_swipe_begin_event begin_event = {.pointer = pad, .fingers = 3};
  struct wlr_pointer_swipe_update_event update = {.pointer = pad, .fingers = 3, .dy = dy};
  struct wlr_pointer_swipe_end_event end_event = {.pointer = pad, .cancelled = cancelled};
  wl_signal_emit_mutable (&pad->events.swipe_begin, &begin_event);
  for (int i = 0; i < times; i++) {
    wl_signal_emit_mutable (&pad->events.swipe_update, &update);
    verify (stand);
  }
  wl_signal_emit_mutable (&pad->events.swipe_end, &end_event);
  verify (stand);
}

/* It follows the fingers, and does what they were about to do when they let go. */
static void test_fingers (void **state)
{
  struct stand stand;
  begin (&stand, 1, false);
  open_window (&stand, "One");
  swipe (&stand, -10, 4, false);
  assert_false (inos_overview_is_shown (stand.compositor));
  swipe (&stand, -10, 10, true);
  assert_false (inos_overview_is_shown (stand.compositor));
  assert_string_equal (stand.actions->str, "");
  swipe (&stand, -10, 10, false);
  assert_true (inos_overview_is_open (stand.compositor));
  swipe (&stand, 10, 4, false);
  assert_true (inos_overview_is_open (stand.compositor));
  swipe (&stand, 10, 40, false);
  assert_false (inos_overview_is_shown (stand.compositor));
  assert_string_equal (stand.actions->str, "overview overview ");
  end (&stand);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_windows_are_shown_alive),
    cmocka_unit_test (test_edges_in_high_contrast),
    cmocka_unit_test (test_windows_beyond_the_edge),
    cmocka_unit_test (test_windows_go_on_drawing),
    cmocka_unit_test (test_many_windows),
    cmocka_unit_test (test_keys),
    cmocka_unit_test (test_typing_asks_for_the_launcher),
    cmocka_unit_test (test_pointer),
    cmocka_unit_test (test_workspaces),
    cmocka_unit_test (test_outputs),
    cmocka_unit_test (test_windows_come_and_go),
    cmocka_unit_test (test_lock_ends_it),
    cmocka_unit_test (test_private_windows),
    cmocka_unit_test (test_motion),
    cmocka_unit_test (test_fingers),
  };
  return run_compositor_tests (tests);
}
