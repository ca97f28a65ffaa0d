/* Pictures that programs take of outputs, of windows and of the pointer. */

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>

#include "action.h"
#include "captures.h"
#include "devices.h"
#include "film.h"
#include "fixture.h"
#include "locker.h"
#include "output.h"
#include "seats.h"
#include "view.h"

#include "ext-foreign-toplevel-list-v1-client-protocol.h"

struct toplevels {
  struct ext_foreign_toplevel_handle_v1 *handles[4];
  int count;
};

static void on_toplevel (void *data, struct ext_foreign_toplevel_list_v1 *list,
                         struct ext_foreign_toplevel_handle_v1 *handle)
{
  struct toplevels *toplevels = data;
  toplevels->handles[toplevels->count++] = handle;
}

static void on_finished (void *data, struct ext_foreign_toplevel_list_v1 *list)
{
}

/* Of the first window. */
static struct ext_image_capture_source_v1 *window_source (struct client *client)
{
  static const struct ext_foreign_toplevel_list_v1_listener listener = {on_toplevel, on_finished};
  struct toplevels toplevels = {0};
  struct ext_foreign_toplevel_list_v1 *list =
    client_bind (client, &ext_foreign_toplevel_list_v1_interface, 1);
  ext_foreign_toplevel_list_v1_add_listener (list, &listener, &toplevels);
  client_roundtrip (client);
  assert_true (toplevels.count > 0);
  struct ext_foreign_toplevel_image_capture_source_manager_v1 *manager =
    client_bind (client, &ext_foreign_toplevel_image_capture_source_manager_v1_interface, 1);
  struct ext_image_capture_source_v1 *source =
    ext_foreign_toplevel_image_capture_source_manager_v1_create_source (manager,
                                                                        toplevels.handles[0]);
  ext_foreign_toplevel_image_capture_source_manager_v1_destroy (manager);
  for (int i = 0; i < toplevels.count; i++)
    ext_foreign_toplevel_handle_v1_destroy (toplevels.handles[i]);
  ext_foreign_toplevel_list_v1_destroy (list);
  return source;
}

static void test_output (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct film film;
  film_start (&film, desk->client, film_output_source (desk->client, 0), 0);
  assert_int_equal (film.width, 1280);
  assert_int_equal (film.height, 800);
  assert_int_equal (film.formats, 2);
  assert_int_equal (film.dones, 1);
  film_make_buffer (&film, 1280, 800);
  film_shoot (&film);
  assert_int_equal (film.ready, 1);
  assert_true (film.damages > 0);
  assert_int_equal (film_middle (&film), RED);
  /* Nothing changed: it waits until something does. */
  client_settle (desk->client);
  film_shoot (&film);
  client_settle (desk->client);
  film_shoot (&film);
  client_settle (desk->client);
  assert_int_equal (film.ready, 0);
  window->color = BLUE;
  window_draw (window);
  client_settle (desk->client);
  assert_int_equal (film.ready, 1);
  assert_int_equal (film_middle (&film), BLUE);
  film_end (&film);
  window_close (window);
}

static void test_sizes_follow_the_output (void **state)
{
  struct desk *desk = *state;
  struct film film;
  film_start (&film, desk->client, film_output_source (desk->client, 0), 0);
  film_make_buffer (&film, 1280, 800);
  struct wlr_output_state change;
  wlr_output_state_init (&change);
  wlr_output_state_set_custom_mode (&change, 640, 480, 0);
  wlr_output_state_set_transform (&change, WL_OUTPUT_TRANSFORM_90);
  assert_true (wlr_output_commit_state (desk->outputs[0]->wlr, &change));
  wlr_output_state_finish (&change);
  client_roundtrip (desk->client);
  /* Upright, as the person sees it. */
  assert_int_equal (film.width, 480);
  assert_int_equal (film.height, 640);
  assert_int_equal (film.dones, 2);
  film_shoot (&film);
  assert_int_equal (film.failed,
                    100 + EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_BUFFER_CONSTRAINTS);
  film_make_buffer (&film, 480, 640);
  film_shoot (&film);
  assert_int_equal (film.ready, 1);
  assert_int_equal (film.transform, WL_OUTPUT_TRANSFORM_NORMAL);
  /* The output goes while a frame waits. */
  client_settle (desk->client);
  film_shoot (&film);
  client_settle (desk->client);
  film_shoot (&film);
  camera_stop (&desk->cameras[0]);
  wlr_output_destroy (desk->outputs[0]->wlr);
  client_roundtrip (desk->client);
  assert_int_equal (film.stopped, 1);
  assert_int_equal (film.failed + (uint32_t)film.ready * 102, 102);
  film_shoot (&film);
  assert_int_equal (film.failed, 100 + EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_STOPPED);
  film_end (&film);
}

static void test_window (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct inos_view *view = inos_view_focused (desk->compositor);
  struct film film;
  film_start (&film, desk->client, window_source (desk->client), 0);
  assert_int_equal (film.width, 320);
  assert_int_equal (film.height, 200);
  film_make_buffer (&film, 320, 200);
  film_shoot (&film);
  assert_int_equal (film.ready, 1);
  assert_int_equal (film_middle (&film), RED);
  assert_int_equal (film.pixels[0] | 0xff000000, RED);
  /* Seen also where it is not: on another workspace. */
  inos_action_run (desk->compositor, "workspace 2");
  window->color = BLUE;
  window_draw (window);
  film_shoot (&film);
  assert_int_equal (film.ready, 1);
  assert_int_equal (film_middle (&film), BLUE);
  /* Private: black, here and on the output. */
  inos_action_run (desk->compositor, "workspace 1");
  inos_view_set_private (view, true);
  film_shoot (&film);
  assert_int_equal (film_middle (&film), 0xff000000);
  struct film screen;
  film_start (&screen, desk->client, film_output_source (desk->client, 0), 0);
  film_make_buffer (&screen, 1280, 800);
  film_shoot (&screen);
  assert_int_equal (screen.ready, 1);
  assert_int_equal (film_middle (&screen), 0xff000000);
  inos_view_set_private (view, false);
  film_shoot (&film);
  assert_int_equal (film_middle (&film), BLUE);
  film_end (&screen);
  /* It closes. */
  film_shoot (&film);
  window_close (window);
  assert_int_equal (film.stopped, 1);
  film_end (&film);
}

/* Programs that copy the very frames of the output hold this lock meanwhile. */
static void test_private_in_copied_frames (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  inos_view_set_private (inos_view_focused (desk->compositor), true);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  wlr_output_lock_attach_render (desk->outputs[0]->wlr, true);
  window_draw (window);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, 0xff000000);
  /* The person goes on seeing it. */
  assert_int_equal (desk->cameras[0].screen, RED);
  wlr_output_lock_attach_render (desk->outputs[0]->wlr, false);
  window_draw (window);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  window_close (window);
}

static void test_locked (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct film film, screen;
  film_start (&film, desk->client, window_source (desk->client), 0);
  film_make_buffer (&film, 320, 200);
  film_start (&screen, desk->client, film_output_source (desk->client, 0), 0);
  film_make_buffer (&screen, 1280, 800);
  struct locker *locker = locker_start (desk->compositor);
  locker_cover (locker, 0);
  window_draw (window);
  film_shoot (&film);
  film_shoot (&screen);
  assert_int_equal (film.ready, 1);
  assert_int_equal (film_middle (&film), 0xff000000);
  assert_int_equal (film_middle (&screen), BLUE);
  locker_unlock (locker);
  film_shoot (&film);
  assert_int_equal (film_middle (&film), RED);
  film_end (&film);
  film_end (&screen);
  window_close (window);
}

struct pointer_seen {
  int enters, leaves, x, y, hotspots;
};

static void on_cursor_enter (void *data, struct ext_image_copy_capture_cursor_session_v1 *session)
{
  ((struct pointer_seen *)data)->enters++;
}

static void on_cursor_leave (void *data, struct ext_image_copy_capture_cursor_session_v1 *session)
{
  ((struct pointer_seen *)data)->leaves++;
}

static void on_cursor_position (void *data,
                                struct ext_image_copy_capture_cursor_session_v1 *session, int32_t x,
                                int32_t y)
{
  ((struct pointer_seen *)data)->x = x;
  ((struct pointer_seen *)data)->y = y;
}

static void on_cursor_hotspot (void *data, struct ext_image_copy_capture_cursor_session_v1 *session,
                               int32_t x, int32_t y)
{
  ((struct pointer_seen *)data)->hotspots++;
}

static void test_pointer (void **state)
{
  static const struct ext_image_copy_capture_cursor_session_v1_listener listener = {
    on_cursor_enter,
    on_cursor_leave,
    on_cursor_position,
    on_cursor_hotspot,
  };
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct wlr_pointer mouse;
  add_pointer (desk->compositor, &mouse);
  wlr_cursor_warp (seat->cursor, NULL, 100, 50);
  client_settle (desk->client);
  struct ext_image_copy_capture_manager_v1 *manager =
    client_bind (desk->client, &ext_image_copy_capture_manager_v1_interface, 1);
  struct wl_seat *wl_seat = client_bind (desk->client, &wl_seat_interface, 1);
  struct wl_pointer *pointer = wl_seat_get_pointer (wl_seat);
  struct ext_image_capture_source_v1 *source = film_output_source (desk->client, 0);
  struct ext_image_copy_capture_cursor_session_v1 *cursor =
    ext_image_copy_capture_manager_v1_create_pointer_cursor_session (manager, source, pointer);
  struct pointer_seen seen = {0};
  ext_image_copy_capture_cursor_session_v1_add_listener (cursor, &listener, &seen);
  client_settle (desk->client);
  assert_int_equal (seen.enters, 1);
  assert_int_equal (seen.x, 100);
  assert_int_equal (seen.y, 50);
  assert_int_equal (seen.hotspots, 1);
  struct film film = {.client = desk->client, .source = source, .manager = manager};
  film_follow (&film, ext_image_copy_capture_cursor_session_v1_get_capture_session (cursor));
  assert_in_range (film.width, 1, 512);
  film_make_buffer (&film, film.width, film.height);
  film_shoot (&film);
  assert_int_equal (film.ready, 1);
  uint32_t any = 0;
  for (size_t i = 0; i < film.size / 4; i++)
    any |= film.pixels[i] & 0xffffff;
  assert_true (any != 0);
  /* It is of that seat's pointer, wherever another one is. */
  struct inos_seat *second = inos_seats_add (desk->compositor, "second");
  struct wlr_pointer others;
  add_pointer_to (second, &others);
  wlr_cursor_warp (second->cursor, NULL, 200, 60);
  client_settle (desk->client);
  assert_int_equal (seen.x, 100);
  wlr_cursor_warp (seat->cursor, NULL, 1300, 50);
  client_settle (desk->client);
  assert_int_equal (seen.leaves, 1);
  wlr_pointer_finish (&others);
  ext_image_copy_capture_cursor_session_v1_destroy (cursor);
  wl_pointer_destroy (pointer);
  wl_seat_destroy (wl_seat);
  film_end (&film);
  wlr_pointer_finish (&mouse);
}

/* Whether something else than the red window is around a point. */
static bool is_pointer_at (const struct film *film, uint32_t at_x, uint32_t at_y)
{
  int other = 0;
  for (uint32_t y = at_y - 10; y < at_y + 20; y++) {
    for (uint32_t x = at_x - 10; x < at_x + 20; x++)
      other += (film->pixels[y * film->width + x] | 0xff000000) != RED;
  }
  return other > 0;
}

/* With paint_cursors everybody's pointer is in the picture, without it none is. */
static void test_pointer_in_the_picture (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct inos_seat *second = inos_seats_add (desk->compositor, "second");
  struct wlr_pointer mouse, others;
  add_pointer (desk->compositor, &mouse);
  add_pointer_to (second, &others);
  wlr_cursor_warp (desk->compositor->seat->cursor, NULL, 640, 400);
  wlr_cursor_warp (second->cursor, NULL, 560, 440);
  client_settle (desk->client);
  for (uint32_t options = 0; options < 2; options++) {
    struct film film;
    film_start (&film, desk->client, film_output_source (desk->client, 0), options);
    film_make_buffer (&film, 1280, 800);
    film_shoot (&film);
    assert_int_equal (is_pointer_at (&film, 640, 400), options);
    assert_int_equal (is_pointer_at (&film, 560, 440), options);
    film_end (&film);
  }
  wlr_pointer_finish (&mouse);
  wlr_pointer_finish (&others);
  window_close (window);
}

static void expect_error (struct desk *desk, struct client *client, uint32_t code)
{
  uint32_t id;
  const struct wl_interface *interface;
  client_roundtrip (client);
  assert_int_equal (wl_display_get_protocol_error (client->display, &interface, &id), code);
}

static void count_capture (const struct inos_capture_entry *entry, void *data)
{
  GString *text = data;
  assert_int_equal (entry->pid, getpid());
  assert_string_not_equal (entry->program, "");
  assert_true (entry->output || entry->view);
  g_string_append_printf (text, "%d ", entry->kind);
}

static char *who_captures (struct desk *desk)
{
  GString *text = g_string_new (NULL);
  inos_captures_for_each (desk->compositor, count_capture, text);
  return g_string_free (text, FALSE);
}

#define assert_captures(desk, expected)                                                            \
  do {                                                                                             \
    g_autofree char *assert_captures_text = who_captures (desk);                                   \
    assert_string_equal (assert_captures_text, expected);                                          \
  } while (0)

static void keep_id (const struct inos_capture_entry *entry, void *data)
{
  *(uint32_t *)data = entry->id;
}

/* Who takes pictures is listed while it does, and can be stopped. */
static void test_who_takes_pictures (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct film film, other;
  uint32_t id = 0;
  assert_captures (desk, "");
  film_start (&film, desk->client, film_output_source (desk->client, 0), 0);
  assert_captures (desk, "0 ");
  film_start (&other, desk->client, window_source (desk->client), 0);
  assert_captures (desk, "0 1 ");
  film_end (&film);
  client_roundtrip (desk->client);
  assert_captures (desk, "1 ");
  film_make_buffer (&other, other.width, other.height);
  film_shoot (&other);
  assert_int_equal (other.ready, 1);
  film_shoot (&other); /* waits for a change */
  inos_captures_for_each (desk->compositor, keep_id, &id);
  assert_true (inos_captures_stop (desk->compositor, id));
  assert_false (inos_captures_stop (desk->compositor, id));
  assert_captures (desk, "");
  client_roundtrip (desk->client);
  assert_int_equal (other.failed, 100 + EXT_IMAGE_COPY_CAPTURE_FRAME_V1_FAILURE_REASON_STOPPED);
  film_end (&other);
  window_close (window);
}

static void test_what_is_wrong (void **state)
{
  struct desk *desk = *state;
  struct film film;
  struct client *bad = client_connect (desk->compositor);
  film_start (&film, bad, film_output_source (bad, 0), 0);
  film.frame = ext_image_copy_capture_session_v1_create_frame (film.session);
  ext_image_copy_capture_frame_v1_capture (film.frame);
  expect_error (desk, bad, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_NO_BUFFER);
  ext_image_copy_capture_frame_v1_destroy (film.frame);
  ext_image_copy_capture_session_v1_destroy (film.session);
  ext_image_copy_capture_manager_v1_destroy (film.manager);
  ext_image_capture_source_v1_destroy (film.source);
  client_disconnect (bad);

  bad = client_connect (desk->compositor);
  film_start (&film, bad, film_output_source (bad, 0), 0);
  film.frame = ext_image_copy_capture_session_v1_create_frame (film.session);
  ext_image_copy_capture_frame_v1_damage_buffer (film.frame, 0, 0, -1, 5);
  expect_error (desk, bad, EXT_IMAGE_COPY_CAPTURE_FRAME_V1_ERROR_INVALID_BUFFER_DAMAGE);
  ext_image_copy_capture_frame_v1_destroy (film.frame);
  ext_image_copy_capture_session_v1_destroy (film.session);
  ext_image_copy_capture_manager_v1_destroy (film.manager);
  ext_image_capture_source_v1_destroy (film.source);
  client_disconnect (bad);

  bad = client_connect (desk->compositor);
  film_start (&film, bad, film_output_source (bad, 0), 8);
  expect_error (desk, bad, EXT_IMAGE_COPY_CAPTURE_MANAGER_V1_ERROR_INVALID_OPTION);
  ext_image_copy_capture_session_v1_destroy (film.session);
  ext_image_copy_capture_manager_v1_destroy (film.manager);
  ext_image_capture_source_v1_destroy (film.source);
  client_disconnect (bad);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, desk_setup, desk_teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_output),
    WITH_DESK (test_sizes_follow_the_output),
    WITH_DESK (test_window),
    WITH_DESK (test_private_in_copied_frames),
    WITH_DESK (test_locked),
    WITH_DESK (test_pointer),
    WITH_DESK (test_pointer_in_the_picture),
    WITH_DESK (test_who_takes_pictures),
    WITH_DESK (test_what_is_wrong),
  };
  return run_compositor_tests (tests);
}
