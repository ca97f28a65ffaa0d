/* What a surface is made of and says of itself, as a person sees it on the screen: how much shines
 * through, a colour for a buffer, what the pointer looks like on it, whose dialog it is, and when
 * it was shown. */

#include <wlr/types/wlr_seat.h>

#include "client.h"
#include "devices.h"
#include "film.h"
#include "fixture.h"
#include "locker.h"
#include "output.h"
#include "view.h"

#include "alpha-modifier-v1-client-protocol.h"
#include "cursor-shape-v1-client-protocol.h"
#include "presentation-time-client-protocol.h"
#include "single-pixel-buffer-v1-client-protocol.h"
#include "viewporter-client-protocol.h"
#include "xdg-foreign-unstable-v1-client-protocol.h"
#include "xdg-foreign-unstable-v2-client-protocol.h"
#include "xdg-shell-client-protocol.h"

#define WHITE 0xffffffffu

/* The middle of the first output. */
static uint32_t seen (struct desk *desk)
{
  client_settle (desk->client);
  return desk->cameras[0].middle | 0xff000000;
}

static void test_alpha (void **state)
{
  struct desk *desk = *state;
  struct window *below = desk_red_window (desk);
  struct window *above = window_open (desk->client, "glass", "glass");
  above->color = BLUE;
  window_draw (above);
  struct inos_view *view = inos_view_focused (desk->compositor);
  inos_view_move (view, inos_view_find (desk->compositor, 1)->x,
                  inos_view_find (desk->compositor, 1)->y);
  assert_int_equal (seen (desk), BLUE);

  struct wp_alpha_modifier_v1 *manager =
    client_bind (desk->client, &wp_alpha_modifier_v1_interface, 1);
  struct wp_alpha_modifier_surface_v1 *alpha =
    wp_alpha_modifier_v1_get_surface (manager, above->surface);
  wp_alpha_modifier_surface_v1_set_multiplier (alpha, UINT32_MAX / 2);
  /* Not before the surface is committed. */
  assert_int_equal (seen (desk), BLUE);
  window_draw (above);
  uint32_t mixed = seen (desk);
  assert_in_range (mixed >> 16 & 0xff, 0x7d, 0x82);
  assert_in_range (mixed & 0xff, 0x7d, 0x82);
  wp_alpha_modifier_surface_v1_set_multiplier (alpha, 0);
  window_draw (above);
  assert_int_equal (seen (desk), RED);
  /* Without the object it is opaque again. */
  wp_alpha_modifier_surface_v1_destroy (alpha);
  window_draw (above);
  assert_int_equal (seen (desk), BLUE);
  wp_alpha_modifier_v1_destroy (manager);
  window_close (above);
  window_close (below);
}

/* A buffer of one pixel that a viewport makes as large as the window. */
static void test_single_pixel (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct wp_single_pixel_buffer_manager_v1 *manager =
    client_bind (desk->client, &wp_single_pixel_buffer_manager_v1_interface, 1);
  struct wp_viewporter *viewporter = client_bind (desk->client, &wp_viewporter_interface, 1);
  struct wp_viewport *viewport = wp_viewporter_get_viewport (viewporter, window->surface);
  struct wl_buffer *buffer = wp_single_pixel_buffer_manager_v1_create_u32_rgba_buffer (
    manager, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
  wp_viewport_set_destination (viewport, 320, 200);
  wl_surface_attach (window->surface, buffer, 0, 0);
  wl_surface_damage_buffer (window->surface, 0, 0, 1, 1);
  wl_surface_commit (window->surface);
  assert_int_equal (seen (desk), WHITE);
  /* All of the window, and no more. */
  struct film film;
  film_start (&film, desk->client, film_output_source (desk->client, 0), 0);
  film_make_buffer (&film, film.width, film.height);
  film_shoot (&film);
  struct inos_view *view = inos_view_focused (desk->compositor);
  struct wlr_box output = inos_output_box (desk->outputs[0]);
  uint32_t x = (uint32_t)(view->x - output.x), y = (uint32_t)(view->y - output.y);
  assert_int_equal (film_pixel (&film, x + 2, y + 198), WHITE);
  assert_int_equal (film_pixel (&film, x + 317, y + 2), WHITE);
  assert_int_not_equal (film_pixel (&film, x + 160, y + 230), WHITE);
  film_end (&film);
  wl_buffer_destroy (buffer);
  wp_viewport_destroy (viewport);
  wp_viewporter_destroy (viewporter);
  wp_single_pixel_buffer_manager_v1_destroy (manager);
  window_close (window);
}

struct mouse {
  struct wlr_pointer device;
  struct wl_seat *seat;
  struct wl_pointer *pointer;
  uint32_t entered; /* serial */
};

static void on_enter (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
  ((struct mouse *)data)->entered = serial;
}

static void on_leave (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface)
{
}

static void on_motion (void *data, struct wl_pointer *pointer, uint32_t time, wl_fixed_t x,
                       wl_fixed_t y)
{
}

static void on_button (void *data, struct wl_pointer *pointer, uint32_t serial, uint32_t time,
                       uint32_t button, uint32_t state)
{
}

static void on_axis (void *data, struct wl_pointer *pointer, uint32_t time, uint32_t axis,
                     wl_fixed_t value)
{
}

static void mouse_init (struct mouse *mouse, struct client *client)
{
  static const struct wl_pointer_listener listener = {
    .enter = on_enter,
    .leave = on_leave,
    .motion = on_motion,
    .button = on_button,
    .axis = on_axis,
  };
  mouse->seat = client_bind (client, &wl_seat_interface, 1);
  mouse->pointer = wl_seat_get_pointer (mouse->seat);
  wl_pointer_add_listener (mouse->pointer, &listener, mouse);
  client_roundtrip (client);
}

static void test_pointer_shapes (void **state)
{
  struct desk *desk = *state;
  static struct mouse mouse; /* it outlives a test that fails */
  add_pointer (desk->compositor, &mouse.device);
  mouse_init (&mouse, desk->client);
  struct window *window = desk_red_window (desk);
  struct inos_view *view = inos_view_focused (desk->compositor);
  move_to (desk->compositor->seat, &mouse.device, view->x + 50, view->y + 50);
  client_roundtrip (desk->client);
  assert_int_not_equal (mouse.entered, 0);

  struct wp_cursor_shape_manager_v1 *manager =
    client_bind (desk->client, &wp_cursor_shape_manager_v1_interface, 1);
  struct wp_cursor_shape_device_v1 *device =
    wp_cursor_shape_manager_v1_get_pointer (manager, mouse.pointer);
  wp_cursor_shape_device_v1_set_shape (device, mouse.entered, WP_CURSOR_SHAPE_DEVICE_V1_SHAPE_TEXT);
  client_roundtrip (desk->client);
  assert_string_equal (desk->compositor->seat->image.name, "text");
  wp_cursor_shape_device_v1_set_shape (device, mouse.entered,
                                       WP_CURSOR_SHAPE_DEVICE_V1_SHAPE_NOT_ALLOWED);
  client_roundtrip (desk->client);
  assert_string_equal (desk->compositor->seat->image.name, "not-allowed");
  /* Beside the window it is not the client's to say. */
  move_to (desk->compositor->seat, &mouse.device, view->x - 100, view->y + 50);
  wp_cursor_shape_device_v1_set_shape (device, mouse.entered, WP_CURSOR_SHAPE_DEVICE_V1_SHAPE_TEXT);
  client_roundtrip (desk->client);
  assert_string_equal (desk->compositor->seat->image.name, "default");

  wp_cursor_shape_device_v1_destroy (device);
  wp_cursor_shape_manager_v1_destroy (manager);
  wl_pointer_destroy (mouse.pointer);
  wl_seat_destroy (mouse.seat);
  window_close (window);
  wlr_pointer_finish (&mouse.device);
}

static void on_handle (void *data, struct zxdg_exported_v2 *exported, const char *handle)
{
  *(char **)data = g_strdup (handle);
}

static void on_handle_v1 (void *data, struct zxdg_exported_v1 *exported, const char *handle)
{
  *(char **)data = g_strdup (handle);
}

/* A portal's dialog, which is another program's, belongs to the window that asked for it. */
static void test_dialog_of_another_program (void **state)
{
  static const struct zxdg_exported_v2_listener listener = {on_handle};
  struct desk *desk = *state;
  struct client *portal = client_connect (desk->compositor);
  struct window *window = window_open (desk->client, "editor", "editor");
  struct window *dialog = window_open (portal, "portal", "Open");
  struct inos_view *view = inos_view_find (desk->compositor, 1);
  struct inos_view *of_dialog = inos_view_find (desk->compositor, 2);
  g_autofree char *handle = NULL;
  struct zxdg_exporter_v2 *exporter = client_bind (desk->client, &zxdg_exporter_v2_interface, 1);
  struct zxdg_exported_v2 *exported = zxdg_exporter_v2_export_toplevel (exporter, window->surface);
  zxdg_exported_v2_add_listener (exported, &listener, &handle);
  client_roundtrip (desk->client);
  assert_non_null (handle);
  assert_null (of_dialog->impl->parent (of_dialog));

  struct zxdg_importer_v2 *importer = client_bind (portal, &zxdg_importer_v2_interface, 1);
  struct zxdg_imported_v2 *wrong = zxdg_importer_v2_import_toplevel (importer, "no such handle");
  zxdg_imported_v2_set_parent_of (wrong, dialog->surface);
  client_roundtrip (portal);
  assert_null (of_dialog->impl->parent (of_dialog));
  struct zxdg_imported_v2 *imported = zxdg_importer_v2_import_toplevel (importer, handle);
  zxdg_imported_v2_set_parent_of (imported, dialog->surface);
  client_roundtrip (portal);
  assert_ptr_equal (of_dialog->impl->parent (of_dialog), view);
  /* It may be no dialog any more, though its own program does not say so. */
  zxdg_exported_v2_destroy (exported);
  client_roundtrip (desk->client);
  assert_null (of_dialog->impl->parent (of_dialog));

  zxdg_imported_v2_destroy (wrong);
  zxdg_imported_v2_destroy (imported);
  zxdg_importer_v2_destroy (importer);
  zxdg_exporter_v2_destroy (exporter);
  window_close (dialog);
  client_disconnect (portal);
  window_close (window);
}

/* Likewise by the protocol's first version, which GTK 3 speaks. */
static void test_dialog_of_another_program_v1 (void **state)
{
  static const struct zxdg_exported_v1_listener listener = {on_handle_v1};
  struct desk *desk = *state;
  struct client *portal = client_connect (desk->compositor);
  struct window *window = window_open (desk->client, "editor", "editor");
  struct window *dialog = window_open (portal, "portal", "Open");
  struct inos_view *of_dialog = inos_view_find (desk->compositor, 2);
  g_autofree char *handle = NULL;
  struct zxdg_exporter_v1 *exporter = client_bind (desk->client, &zxdg_exporter_v1_interface, 1);
  struct zxdg_exported_v1 *exported = zxdg_exporter_v1_export (exporter, window->surface);
  zxdg_exported_v1_add_listener (exported, &listener, &handle);
  client_roundtrip (desk->client);
  assert_non_null (handle);
  struct zxdg_importer_v1 *importer = client_bind (portal, &zxdg_importer_v1_interface, 1);
  struct zxdg_imported_v1 *imported = zxdg_importer_v1_import (importer, handle);
  zxdg_imported_v1_set_parent_of (imported, dialog->surface);
  client_roundtrip (portal);
  assert_ptr_equal (of_dialog->impl->parent (of_dialog), inos_view_find (desk->compositor, 1));

  zxdg_imported_v1_destroy (imported);
  zxdg_importer_v1_destroy (importer);
  zxdg_exported_v1_destroy (exported);
  zxdg_exporter_v1_destroy (exporter);
  window_close (dialog);
  client_disconnect (portal);
  window_close (window);
}

struct shown {
  int presented, discarded, outputs;
  uint64_t when; /* ns */
};

static void on_sync_output (void *data, struct wp_presentation_feedback *feedback,
                            struct wl_output *output)
{
  ((struct shown *)data)->outputs++;
}

static void on_presented (void *data, struct wp_presentation_feedback *feedback, uint32_t sec_hi,
                          uint32_t sec_lo, uint32_t nsec, uint32_t refresh, uint32_t seq_hi,
                          uint32_t seq_lo, uint32_t flags)
{
  struct shown *shown = data;
  shown->presented++;
  shown->when = ((uint64_t)sec_hi << 32 | sec_lo) * 1000000000 + nsec;
  wp_presentation_feedback_destroy (feedback);
}

static void on_discarded (void *data, struct wp_presentation_feedback *feedback)
{
  ((struct shown *)data)->discarded++;
  wp_presentation_feedback_destroy (feedback);
}

static void ask_when (struct wp_presentation *presentation, struct window *window,
                      struct shown *shown)
{
  static const struct wp_presentation_feedback_listener listener = {
    on_sync_output,
    on_presented,
    on_discarded,
  };
  wp_presentation_feedback_add_listener (wp_presentation_feedback (presentation, window->surface),
                                         &listener, shown);
}

/* Programs that play films are told when each picture was on the screen, and which never was: here
 * one of a window that is minimized. */
static void test_when_it_was_shown (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct wp_presentation *presentation = client_bind (desk->client, &wp_presentation_interface, 1);
  struct wl_output *output = client_bind (desk->client, &wl_output_interface, 1);
  uint64_t began = (uint64_t)g_get_monotonic_time() * 1000;
  struct shown first = {0}, second = {0};
  ask_when (presentation, window, &first);
  window->color = BLUE;
  window_draw (window);
  client_wait_until (desk->client, first.presented);
  assert_int_equal (first.discarded, 0);
  assert_int_equal (first.outputs, 1);
  assert_true (first.when >= began);
  assert_true (first.when <= (uint64_t)g_get_monotonic_time() * 1000);

  ask_when (presentation, window, &second);
  window->color = RED;
  window_draw (window);
  client_wait_until (desk->client, second.presented);
  assert_true (second.when > first.when);
  struct shown hidden = {0};
  inos_view_set_minimized (inos_view_focused (desk->compositor), true);
  client_settle (desk->client);
  ask_when (presentation, window, &hidden);
  window_draw (window);
  client_settle (desk->client);
  assert_int_equal (hidden.presented, 0);
  wl_output_destroy (output);
  wp_presentation_destroy (presentation);
  window_close (window);
  client_roundtrip (desk->client);
  assert_int_equal (hidden.discarded, 1);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, desk_setup, desk_teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_alpha),
    WITH_DESK (test_single_pixel),
    WITH_DESK (test_pointer_shapes),
    WITH_DESK (test_dialog_of_another_program),
    WITH_DESK (test_dialog_of_another_program_v1),
    WITH_DESK (test_when_it_was_shown),
  };
  return run_compositor_tests (tests);
}
