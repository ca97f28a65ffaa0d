/* Title bars that the compositor draws: who gets one, what it does, what it looks like. */

#include "action.h"
#include "capture_draw.h"
#include "client.h"
#include "fixture.h"
#include "window_frame.h"
#include "window_frame_private.h"
#include "seat.h"
#include "view.h"
#include "wlr_interfaces.h"
#include "xdg-decoration-unstable-v1-client-protocol.h"
#include "xdg-shell-client-protocol.h"

#include <cairo.h>
#include <gio/gio.h>
#include <linux/input-event-codes.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/edges.h>

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct zxdg_decoration_manager_v1 *manager;
  struct zxdg_toplevel_decoration_v1 *decoration;
  uint32_t mode;
  uint32_t time;
};

static void on_mode (void *data, struct zxdg_toplevel_decoration_v1 *decoration, uint32_t mode)
{
  *(uint32_t *)data = mode;
}

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct desk *desk = data;
  if (g_str_equal (interface, "zxdg_decoration_manager_v1"))
    desk->manager = wl_registry_bind (registry, name, &zxdg_decoration_manager_v1_interface, 1);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static int setup (void **state)
{
  static const struct zxdg_toplevel_decoration_v1_listener listener = {on_mode};
  static const struct wl_registry_listener registry_listener = {on_global, on_global_remove};
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  desk->client = client_connect (desk->compositor);
  desk->window = window_new (desk->client, "a", "A title");
  struct wl_registry *registry = wl_display_get_registry (desk->client->display);
  wl_registry_add_listener (registry, &registry_listener, desk);
  client_roundtrip (desk->client);
  wl_registry_destroy (registry);
  desk->decoration =
    zxdg_decoration_manager_v1_get_toplevel_decoration (desk->manager, desk->window->toplevel);
  zxdg_toplevel_decoration_v1_add_listener (desk->decoration, &listener, &desk->mode);
  window_show (desk->window);
  desk->view = inos_view_find (desk->compositor, 1);
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  if (desk->decoration)
    zxdg_toplevel_decoration_v1_destroy (desk->decoration);
  zxdg_decoration_manager_v1_destroy (desk->manager);
  window_close (desk->window);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static void ask_for_frame (struct desk *desk)
{
  zxdg_toplevel_decoration_v1_set_mode (desk->decoration,
                                        ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
  client_roundtrip (desk->client);
  window_draw (desk->window);
}

static void test_client_decides (void **state)
{
  struct desk *desk = *state;
  assert_int_equal (desk->mode, ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  assert_null (desk->view->frame);
  ask_for_frame (desk);
  assert_int_equal (desk->mode, ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
  assert_non_null (desk->view->frame);
  zxdg_toplevel_decoration_v1_set_mode (desk->decoration,
                                        ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  client_roundtrip (desk->client);
  assert_null (desk->view->frame);
}

static void test_person_decides_first (void **state)
{
  struct desk *desk = *state;
  desk->compositor->config.title_bars = true;
  zxdg_toplevel_decoration_v1_set_mode (desk->decoration,
                                        ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  client_roundtrip (desk->client);
  assert_int_equal (desk->mode, ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
  assert_non_null (desk->view->frame);
  window_draw (desk->window);
  /* And again, while it runs. */
  desk->compositor->config.title_bars = false;
  wl_signal_emit_mutable (&desk->compositor->events.config_change, desk->compositor);
  client_roundtrip (desk->client);
  assert_int_equal (desk->mode, ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  assert_null (desk->view->frame);
  desk->compositor->config.title_bars = true;
  wl_signal_emit_mutable (&desk->compositor->events.config_change, desk->compositor);
  client_roundtrip (desk->client);
  assert_non_null (desk->view->frame);
  zxdg_toplevel_decoration_v1_destroy (g_steal_pointer (&desk->decoration));
  client_roundtrip (desk->client);
  assert_null (desk->view->frame);
}

/* As GTK 3 does: it is told what is usual, and says what it does. */
struct kde {
  struct wl_proxy *manager, *decoration;
  uint32_t usual, mode;
};

static void on_kde_mode (void *data, struct wl_proxy *proxy, uint32_t mode)
{
  *(uint32_t *)data = mode;
}

static void kde_begin (struct kde *kde, struct client *client, struct wl_surface *surface)
{
  static const struct kde_decoration_listener listener = {on_kde_mode};
  kde->manager = client_bind (client, &org_kde_kwin_server_decoration_manager_interface, 1);
  wl_proxy_add_listener (kde->manager, (void (**) (void))&listener, &kde->usual);
  kde->decoration =
    wl_proxy_marshal_flags (kde->manager, KDE_DECORATION_MANAGER_CREATE,
                            &org_kde_kwin_server_decoration_interface, 1, 0, NULL, surface);
  wl_proxy_add_listener (kde->decoration, (void (**) (void))&listener, &kde->mode);
  client_roundtrip (client);
}

static void kde_ask (struct kde *kde, struct client *client, uint32_t mode)
{
  wl_proxy_marshal_flags (kde->decoration, KDE_DECORATION_REQUEST, NULL, 1, 0, mode);
  client_roundtrip (client);
}

static void kde_end (struct kde *kde, struct client *client)
{
  wl_proxy_marshal_flags (kde->decoration, KDE_DECORATION_RELEASE, NULL, 1,
                          WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_destroy (kde->manager);
  client_roundtrip (client);
}

static void test_the_older_protocol (void **state)
{
  struct inos_compositor *compositor = start_configured (
    "[rule ours]\nmatch-app-id=ruled\ndecoration=server\n[windows]\ntitle-bars=true\n");
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "a");
  struct window *ruled = window_open (client, "ruled", "b");
  struct kde kde = {0}, other = {0};
  kde_begin (&kde, client, window->surface);
  assert_int_equal (kde.usual, KDE_DECORATION_SERVER);
  assert_int_equal (kde.mode, KDE_DECORATION_SERVER);
  struct inos_view *view = inos_view_find (compositor, 1);
  assert_non_null (view->frame);
  kde_ask (&kde, client, KDE_DECORATION_CLIENT);
  assert_int_equal (kde.mode, KDE_DECORATION_CLIENT);
  assert_null (view->frame);
  kde_ask (&kde, client, KDE_DECORATION_SERVER);
  assert_non_null (view->frame);
  kde_end (&kde, client);
  assert_null (view->frame);
  /* A person's rule goes before what the program does. */
  kde_begin (&other, client, ruled->surface);
  kde_ask (&other, client, KDE_DECORATION_CLIENT);
  assert_non_null (inos_view_find (compositor, 2)->frame);
  /* What is usual now is said to everybody. */
  compositor->config.title_bars = false;
  wl_signal_emit_mutable (&compositor->events.config_change, compositor);
  client_roundtrip (client);
  assert_int_equal (other.usual, KDE_DECORATION_CLIENT);
  window_close (ruled);
  client_roundtrip (client);
  kde_end (&other, client);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

/* Who speaks both has said it in the newer one. */
static void test_the_newer_protocol_goes_first (void **state)
{
  struct desk *desk = *state;
  struct kde kde = {0};
  ask_for_frame (desk);
  kde_begin (&kde, desk->client, desk->window->surface);
  kde_ask (&kde, desk->client, KDE_DECORATION_CLIENT);
  assert_non_null (desk->view->frame);
  kde_end (&kde, desk->client);
  assert_non_null (desk->view->frame);
}

static void test_frame_counts_in_places (void **state)
{
  struct desk *desk = *state;
  ask_for_frame (desk);
  struct wlr_box box = {100, 100, 300, 200};
  struct wlr_box outer = inos_frame_outer (desk->view, box);
  struct wlr_box inner = inos_frame_inner (desk->view, outer);
  assert_memory_equal (&inner, &box, sizeof box);
  inos_view_set_maximized (desk->view, true);
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->width, 1280);
  assert_int_equal (desk->window->height, 800 - INOS_FRAME_TITLE);
  window_draw (desk->window);
  assert_int_equal (desk->view->y, INOS_FRAME_TITLE);
  inos_view_set_fullscreen (desk->view, true, NULL);
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->height, 800);
  window_draw (desk->window);
  assert_false (desk->view->frame->tree->node.enabled);
  inos_view_set_fullscreen (desk->view, false, NULL);
  inos_view_set_maximized (desk->view, false);
  assert_true (inos_action_run (desk->compositor, "snap left"));
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->width, 640 - 2 * INOS_FRAME_LINE);
}

static void point (struct desk *desk, double x, double y)
{
  struct inos_seat *seat = desk->compositor->seat;
  struct wlr_pointer_motion_event event = {.time_msec = desk->time, .pointer = NULL};
  wlr_cursor_warp (seat->cursor, NULL, x, y);
  /* Without a device: what the cursor does with a motion of nothing. */
  struct wlr_pointer pointer = {0};
  event.pointer = &pointer;
  wl_signal_emit_mutable (&seat->cursor->events.motion, &event);
}

static void button (struct desk *desk, bool down)
{
  struct wlr_pointer pointer = {0};
  struct wlr_pointer_button_event event = {
    .pointer = &pointer,
    .time_msec = desk->time,
    .button = BTN_LEFT,
    .state = down ? WL_POINTER_BUTTON_STATE_PRESSED : WL_POINTER_BUTTON_STATE_RELEASED,
  };
  wl_signal_emit_mutable (&desk->compositor->seat->cursor->events.button, &event);
}

static void click (struct desk *desk, double x, double y)
{
  point (desk, x, y);
  button (desk, true);
  button (desk, false);
  client_roundtrip (desk->client);
  window_draw (desk->window);
}

/* The middle of a button, 0 for the one at the right end. */
static double button_x (struct desk *desk, int from_right)
{
  struct wlr_box box = inos_frame_outer (desk->view, inos_view_box (desk->view));
  return box.x + box.width - (from_right + 0.5) * INOS_FRAME_TITLE;
}

static void test_buttons (void **state)
{
  struct desk *desk = *state;
  ask_for_frame (desk);
  point (desk, button_x (desk, 0), desk->view->y - 10);
  assert_int_equal (desk->view->frame->hover, INOS_FRAME_CLOSE);
  button (desk, true);
  assert_int_equal (desk->view->frame->pressed, INOS_FRAME_CLOSE);
  /* Let go of elsewhere it does nothing. */
  point (desk, desk->view->x + 10, desk->view->y - 10);
  button (desk, false);
  client_roundtrip (desk->client);
  assert_false (desk->window->closed);
  click (desk, button_x (desk, 1), desk->view->y - 10);
  assert_true (desk->window->maximized);
  click (desk, button_x (desk, 1), desk->view->y - 10);
  assert_false (desk->window->maximized);
  click (desk, button_x (desk, 2), desk->view->y - 10);
  assert_true (desk->view->minimized);
  inos_view_focus (desk->view);
  click (desk, button_x (desk, 0), desk->view->y - 10);
  assert_true (desk->window->closed);
}

/* As other desktops have them: one on the left, one on the right, none. */
static void test_buttons_elsewhere (void **state)
{
  struct desk *desk = *state;
  struct inos_title_buttons *buttons = &desk->compositor->config.title_buttons;
  ask_for_frame (desk);
  assert_true (inos_title_buttons_parse ("close:minimize", buttons));
  inos_frame_update (desk->view);
  double left = inos_frame_outer (desk->view, inos_view_box (desk->view)).x;
  point (desk, left + INOS_FRAME_TITLE / 2.0, desk->view->y - 10);
  assert_int_equal (desk->view->frame->hover, INOS_FRAME_CLOSE);
  point (desk, button_x (desk, 0), desk->view->y - 10);
  assert_int_equal (desk->view->frame->hover, INOS_FRAME_MINIMIZE);
  point (desk, button_x (desk, 1), desk->view->y - 10);
  assert_int_equal (desk->view->frame->hover, INOS_FRAME_BAR);
  click (desk, left + INOS_FRAME_TITLE / 2.0, desk->view->y - 10);
  assert_true (desk->window->closed);
  assert_true (inos_title_buttons_parse (":", buttons));
  inos_frame_update (desk->view);
  assert_int_equal (inos_frame_part_at (desk->view, button_x (desk, 0), desk->view->y - 10),
                    INOS_FRAME_BAR);
  static const char *const wrong[] = {"", "close", "close:close", "close,:", ":shade", "a:b:c"};
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_title_buttons_parse (wrong[i], buttons));
  assert_line_refused ("windows", "buttons=close\n", "a colon between left and right");
}

static void test_bar_drags_and_maximizes (void **state)
{
  struct desk *desk = *state;
  ask_for_frame (desk);
  int x = desk->view->x, y = desk->view->y;
  point (desk, x + 20, y - 10);
  button (desk, true);
  point (desk, x + 50, y + 30);
  assert_int_equal (desk->compositor->seat->grab.kind, INOS_GRAB_MOVE);
  point (desk, x + 80, y + 60);
  button (desk, false);
  assert_int_equal (desk->compositor->seat->grab.kind, INOS_GRAB_NONE);
  assert_int_equal (desk->view->x, x + 60);
  assert_int_equal (desk->view->y, y + 70);
  desk->time = 1000;
  click (desk, desk->view->x + 20, desk->view->y - 10);
  desk->time = 1200;
  click (desk, desk->view->x + 20, desk->view->y - 10);
  assert_true (desk->window->maximized);
  desk->time = 5000;
  click (desk, desk->view->x + 20, desk->view->y - 10);
  desk->time = 6000;
  click (desk, desk->view->x + 20, desk->view->y - 10);
  assert_true (desk->window->maximized);
}

static void test_edges_resize (void **state)
{
  struct desk *desk = *state;
  ask_for_frame (desk);
  struct wlr_box box = inos_view_box (desk->view);
  point (desk, box.x + box.width + 3, box.y + box.height + 3);
  assert_int_equal (desk->view->frame->hover, INOS_FRAME_EDGE);
  button (desk, true);
  assert_int_equal (desk->compositor->seat->grab.edges, WLR_EDGE_RIGHT | WLR_EDGE_BOTTOM);
  point (desk, box.x + box.width + 43, box.y + box.height + 23);
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->width, box.width + 40);
  assert_int_equal (desk->window->height, box.height + 20);
  button (desk, false);
  /* The window goes while a button of its frame is held. */
  window_draw (desk->window);
  point (desk, button_x (desk, 0), desk->view->y - 10);
  button (desk, true);
}

static GSettings *open_settings (const char *name)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, name, TRUE) : NULL;
  if (!schema)
    skip();
  return g_settings_new (name);
}

/* The bar grows with its letters, its buttons with it, and windows still fit into their places. */
static void test_large_letters (void **state)
{
  struct desk *desk = *state;
  g_autoptr (GSettings) settings = open_settings ("org.gnome.desktop.interface");
  ask_for_frame (desk);
  inos_view_move (desk->view, 100, INOS_FRAME_TITLE + 10);
  g_settings_set_double (settings, "text-scaling-factor", 2);
  pump();
  assert_int_equal (desk->view->frame->drawn.height, 2 * INOS_FRAME_TITLE);
  assert_int_equal (desk->view->frame->bar->dst_height, 2 * INOS_FRAME_TITLE);
  /* Not above the edge of the screen. */
  assert_int_equal (desk->view->y, 2 * INOS_FRAME_TITLE);
  struct wlr_box box = inos_frame_outer (desk->view, inos_view_box (desk->view));
  assert_int_equal (inos_frame_part_at (desk->view, box.x + box.width - 60, box.y + 60),
                    INOS_FRAME_CLOSE);
  assert_int_equal (inos_frame_part_at (desk->view, box.x + box.width - 70, box.y + 60),
                    INOS_FRAME_MAXIMIZE);
  inos_view_set_maximized (desk->view, true);
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->height, 800 - 2 * INOS_FRAME_TITLE);
  window_draw (desk->window);
  g_settings_set_double (settings, "text-scaling-factor", 0.5);
  pump();
  client_roundtrip (desk->client);
  assert_int_equal (desk->window->height, 800 - INOS_FRAME_TITLE);
  window_draw (desk->window);
  assert_int_equal (desk->view->y, INOS_FRAME_TITLE);
  assert_int_equal (desk->view->frame->drawn.text, 50);
  g_settings_reset (settings, "text-scaling-factor");
}

/* With INOS_PICTURES=DIRECTORY, to be looked at. */
static void test_picture (void **state)
{
  for (int i = 0; i < 16; i++) {
    struct inos_frame_picture picture = {
      .width = 480,
      .height = i & 8 ? INOS_FRAME_TITLE * 2 : INOS_FRAME_TITLE,
      .text = i & 8 ? 200 : 100,
      .contrast = i & 8,
      .scale = i & 4 ? 2 : 1,
      .active = !(i & 2),
      .dark = i & 1,
      .hover = i & 4 ? INOS_FRAME_MAXIMIZE : INOS_FRAME_CLOSE,
      .pressed = i & 4 ? INOS_FRAME_MAXIMIZE : INOS_FRAME_NONE,
      .maximized = (i & 6) == 6,
      .title = "Straße nach Osaka 大阪 – مرحبا",
    };
    struct wlr_buffer *buffer = inos_frame_draw (&picture);
    assert_non_null (buffer);
    void *data;
    uint32_t format;
    size_t stride;
    assert_true (wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &data,
                                                   &format, &stride));
    const uint32_t *row = (void *)((char *)data + stride * (size_t)(buffer->height / 2));
    assert_int_equal (row[2] >> 24, 0xff);
    bool dark = (row[2] & 0xff) < 0x80;
    /* Of high contrast, the window with the focus is the other way round. */
    assert_int_equal (dark, picture.dark != (picture.contrast && picture.active));
    if (g_getenv ("INOS_PICTURES")) {
      g_autofree char *path = g_strdup_printf ("%s/frame-%d.png", g_getenv ("INOS_PICTURES"), i);
      cairo_surface_t *surface = cairo_image_surface_create_for_data (
        data, CAIRO_FORMAT_ARGB32, buffer->width, buffer->height, (int)stride);
      cairo_surface_write_to_png (surface, path);
      cairo_surface_destroy (surface);
    }
    wlr_buffer_end_data_ptr_access (buffer);
    wlr_buffer_drop (buffer);
  }
}

static uint32_t seen_at (struct desk *desk, int x, int y)
{
  const struct inos_capture_target target = {.compositor = desk->compositor,
                                             .output = inos_output_active (desk->compositor)};
  g_autofree uint32_t *pixels = g_new (uint32_t, 1280 * 800);
  assert_true (inos_capture_read (&target, INOS_CAPTURE_WITHOUT_CURSOR, 1280, 800, pixels));
  return pixels[1280 * y + x] & 0xff;
}

/* It is seen on what is behind the window, and what is behind is what the pointer finds there. */
static void test_shadow (void **state)
{
  struct desk *desk = *state;
  const uint32_t white = 0xff;
  ask_for_frame (desk);
  struct window *behind = window_open (desk->client, "b", "behind");
  behind->color = 0xffffff;
  behind->width = 900;
  behind->height = 700;
  window_draw (behind);
  struct inos_view *behind_view = inos_view_find (desk->compositor, 2);
  inos_view_move (behind_view, 50, 50);
  inos_view_focus (desk->view);
  inos_view_move (desk->view, 300, 250);
  struct wlr_box box = inos_frame_outer (desk->view, inos_view_box (desk->view));
  int x = box.x + box.width / 2, y = box.y + box.height;
  assert_in_range (seen_at (desk, x, y + 9), white / 2, white - 5);
  assert_in_range (seen_at (desk, box.x - 9, y - 50), white / 2, white - 5);
  assert_true (seen_at (desk, x, y + 9) < seen_at (desk, x, y + 18));
  assert_int_equal (seen_at (desk, x, y + 40), white);
  double sx, sy;
  assert_ptr_equal (inos_seat_surface_at (desk->compositor->seat, x, y + 9, &sx, &sy),
                    behind_view->surface);
  desk->compositor->config.shadows = false;
  inos_frame_update (desk->view);
  assert_int_equal (seen_at (desk, x, y + 9), white);
  desk->compositor->config.shadows = true;
  inos_frame_redraw (desk->view);
  assert_true (seen_at (desk, x, y + 9) < white);
  /* Too small for it. */
  desk->window->width = desk->window->height = 1;
  window_draw (desk->window);
  assert_int_equal (seen_at (desk, 300, 250 + 12), white);
  window_close (behind);
}

/* A title of any length, and a window narrower than its buttons. */
static void test_hostile_titles_and_sizes (void **state)
{
  struct desk *desk = *state;
  ask_for_frame (desk);
  g_autofree char *title = g_strnfill (3000, 'x');
  xdg_toplevel_set_title (desk->window->toplevel, title);
  client_roundtrip (desk->client);
  xdg_toplevel_set_title (desk->window->toplevel, "");
  desk->window->width = desk->window->height = 1;
  window_draw (desk->window);
  assert_int_equal (inos_view_box (desk->view).width, 1);
  assert_non_null (desk->view->frame->bar->buffer);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_client_decides),
    WITH_DESK (test_person_decides_first),
    cmocka_unit_test (test_the_older_protocol),
    WITH_DESK (test_buttons_elsewhere),
    WITH_DESK (test_the_newer_protocol_goes_first),
    WITH_DESK (test_frame_counts_in_places),
    WITH_DESK (test_buttons),
    WITH_DESK (test_bar_drags_and_maximizes),
    WITH_DESK (test_edges_resize),
    WITH_DESK (test_hostile_titles_and_sizes),
    WITH_DESK (test_large_letters),
    WITH_DESK (test_shadow),
    cmocka_unit_test (test_picture),
  };
  return run_compositor_tests (tests);
}
