/* The screen for people who see it badly, compared pixel by pixel: magnifier, inverted colours, and
 * what input means there. */

#include <math.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "action.h"
#include "bus-peer.h"
#include "devices.h"
#include "lens.h"
#include "locker.h"
#include "output.h"
#include "view.h"

#define ACCESS "org.inos.Compositor1.Accessibility"

/* The last frame of an output, and how many there were. */
struct film {
  uint32_t *pixels;
  int width, height, frames;
  struct wl_listener commit;
};

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct film *film = wl_container_of (listener, film, commit);
  const struct wlr_output_event_commit *event = data;
  void *from;
  uint32_t format;
  size_t stride;
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  struct wlr_buffer *buffer = event->state->buffer;
  film->frames++;
  if (!wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &from, &format,
                                         &stride))
    return;
  g_free (film->pixels);
  film->pixels = g_new (uint32_t, (size_t)buffer->width *(size_t)buffer->height);
  film->width = buffer->width;
  film->height = buffer->height;
  for (int y = 0; y < buffer->height; y++)
    memcpy (film->pixels + (size_t)y * (size_t)buffer->width, (char *)from + (size_t)y * stride,
            (size_t)buffer->width * 4);
  wlr_buffer_end_data_ptr_access (buffer);
}

static uint32_t pixel (const struct film *film, int x, int y)
{
  assert_non_null (film->pixels);
  assert_in_range (x, 0, film->width - 1);
  assert_in_range (y, 0, film->height - 1);
  return film->pixels[(size_t)y * (size_t)film->width + (size_t)x] | 0xff000000;
}

struct room {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window; /* red, at 100,100, 320x200 */
  struct inos_output *output;
  struct film film;
  struct wlr_pointer mouse;
};

/* Until the screen shows all that is to be shown. */
static void see (struct room *room)
{
  struct inos_output *output;
  client_roundtrip (room->client);
  wl_list_for_each (output, &room->compositor->outputs, link) {
    for (int i = 0;
         i < 5000 && (output->wlr->needs_frame || output->wlr->frame_pending ||
                      pixman_region32_not_empty (&output->scene_output->pending_commit_damage));
         i++) {
      pump();
      g_usleep (1000);
    }
    assert_false (output->wlr->needs_frame);
  }
  client_roundtrip (room->client);
}

static void begin (struct room *room, const char *config)
{
  *room = (struct room){.compositor = start_configured (config)};
  room->client = client_connect (room->compositor);
  room->output = wl_container_of (room->compositor->outputs.next, room->output, link);
  add_pointer (room->compositor, &room->mouse);
  room->film.commit.notify = handle_commit;
  wl_signal_add (&room->output->wlr->events.commit, &room->film.commit);
  room->window = window_open (room->client, "red", "red");
  room->window->color = RED;
  window_draw (room->window);
  inos_view_move (inos_view_focused (room->compositor), 100, 100);
  move_to (room->compositor->seat, &room->mouse, 600, 700);
  see (room);
}

static void end (struct room *room)
{
  wl_list_remove (&room->film.commit.link);
  g_free (room->film.pixels);
  window_close (room->window);
  client_disconnect (room->client);
  wlr_pointer_finish (&room->mouse);
  inos_compositor_destroy (room->compositor);
}

static void test_nothing_is_in_the_way (void **state)
{
  struct room room;
  begin (&room, "");
  assert_null (room.output->lens);
  assert_int_equal (room.output->wlr->attach_render_locks, 0);
  assert_int_equal (room.output->wlr->software_cursor_locks, 0);
  assert_int_equal (pixel (&room.film, 110, 110), RED);
  end (&room);
}

/* The part around the pointer, in proportion: every edge of the window is where it must be. */
static void test_magnified (void **state)
{
  struct room room;
  begin (&room, "[accessibility]\nmagnifier=200\n");
  assert_non_null (room.output->lens);
  struct wlr_box box = inos_view_box (inos_view_focused (room.compositor));
  assert_int_equal (box.x, 100);
  move_to (room.compositor->seat, &room.mouse, 0, 0);
  see (&room);
  int right = (box.x + box.width) * 2, bottom = (box.y + box.height) * 2;
  assert_int_equal (pixel (&room.film, 202, 300), RED);
  assert_int_not_equal (pixel (&room.film, 197, 300), RED);
  assert_int_equal (pixel (&room.film, right - 3, 300), RED);
  assert_int_not_equal (pixel (&room.film, right + 2, 300), RED);
  assert_int_equal (pixel (&room.film, 400, bottom - 3), RED);
  assert_int_not_equal (pixel (&room.film, 400, bottom + 2), RED);
  /* 100 px to the right the part has gone 50 px, which is 100 px of the screen. */
  move_to (room.compositor->seat, &room.mouse, 100, 0);
  see (&room);
  assert_int_equal (pixel (&room.film, 102, 300), RED);
  assert_int_not_equal (pixel (&room.film, 97, 300), RED);
  /* The client is told where the pointer is in the layout, not on the screen. */
  move_to (room.compositor->seat, &room.mouse, 150, 160);
  assert_int_equal ((int)room.compositor->seat->wlr->pointer_state.sx, 50);
  assert_int_equal ((int)room.compositor->seat->wlr->pointer_state.sy, 60);
  end (&room);
}

static void test_away_again_without_a_trace (void **state)
{
  struct room room;
  begin (&room, "");
  g_autofree uint32_t *before = room.film.pixels;
  size_t size = (size_t)room.film.width * (size_t)room.film.height * 4;
  room.film.pixels = NULL;
  for (int i = 0; i < 4; i++)
    assert_true (inos_action_run (room.compositor, "zoom-in"));
  assert_int_equal (room.compositor->config.magnifier, 243);
  see (&room);
  assert_int_not_equal (memcmp (before, room.film.pixels, size), 0);
  /* Each buffer of the screen has been drawn to. */
  for (int i = 0; i < 4; i++) {
    move_by (&room.mouse, 3, 0);
    see (&room);
  }
  move_by (&room.mouse, -12, 0);
  see (&room);
  assert_true (inos_action_run (room.compositor, "zoom-reset"));
  see (&room);
  for (int i = 0; i < 4; i++) {
    assert_memory_equal (before, room.film.pixels, size);
    move_by (&room.mouse, 5, 0);
    see (&room);
    move_by (&room.mouse, -5, 0);
    see (&room);
  }
  assert_int_equal (room.output->wlr->attach_render_locks, 0);
  assert_int_equal (room.output->wlr->software_cursor_locks, 0);
  end (&room);
}

static void test_inverted (void **state)
{
  struct room room;
  begin (&room, "");
  g_autofree uint32_t *before = room.film.pixels;
  size_t count = (size_t)room.film.width * (size_t)room.film.height;
  room.film.pixels = NULL;
  inos_lens_set_inverted (room.compositor, true);
  see (&room);
  for (size_t i = 0; i < count; i++)
    assert_int_equal ((before[i] ^ room.film.pixels[i]) & 0xffffff, 0xffffff);
  /* What is drawn next is inverted too, and what stays is not inverted twice. */
  room.window->color = BLUE;
  window_draw (room.window);
  see (&room);
  assert_int_equal (pixel (&room.film, 110, 110), 0xffffff00);
  assert_int_equal (pixel (&room.film, 1000, 100),
                    (before[100 * room.film.width + 1000] ^ 0xffffff) | 0xff000000);
  inos_lens_set_inverted (room.compositor, false);
  see (&room);
  assert_int_equal (pixel (&room.film, 110, 110), BLUE);
  end (&room);
}

/* Outputs that are turned and scaled show the same part. */
static void test_turned_and_scaled (void **state)
{
  struct room room;
  begin (&room, "[accessibility]\nmagnifier=200\n");
  struct wlr_output_state change;
  wlr_output_state_init (&change);
  wlr_output_state_set_transform (&change, WL_OUTPUT_TRANSFORM_90);
  wlr_output_state_set_scale (&change, 2);
  assert_true (wlr_output_commit_state (room.output->wlr, &change));
  wlr_output_state_finish (&change);
  see (&room);
  struct inos_view *view = inos_view_focused (room.compositor);
  inos_view_move (view, 100, 100);
  struct wlr_box box = inos_view_box (view);
  /* The window's corner is under the pointer: one corner of the four around it is red, as it is
   * without magnification. */
  move_to (room.compositor->seat, &room.mouse, box.x, box.y);
  see (&room);
  struct wlr_box at = {box.x * 2, box.y * 2, 1, 1};
  wlr_box_transform (&at, &at, WL_OUTPUT_TRANSFORM_270, 800, 1280);
  uint32_t magnified[4], plain[4];
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 4; i++)
      (round ? plain : magnified)[i] =
        pixel (&room.film, at.x + (i & 1 ? 150 : -150), at.y + (i & 2 ? 150 : -150)) == RED;
    inos_lens_set_zoom (room.compositor, 100);
    see (&room);
  }
  assert_memory_equal (magnified, plain, sizeof plain);
  assert_int_equal (plain[0] + plain[1] + plain[2] + plain[3], 1);
  end (&room);
}

static void test_no_frames_without_a_reason (void **state)
{
  struct room room;
  begin (&room, "[accessibility]\nmagnifier=300\ninvert-colours=true\n");
  see (&room);
  int frames = room.film.frames;
  client_wait (room.client, 200);
  assert_int_equal (room.film.frames, frames);
  move_by (&room.mouse, 1, 0);
  see (&room);
  assert_true (room.film.frames > frames);
  end (&room);
}

/* Only the output with the pointer is magnified. */
static void test_two_outputs (void **state)
{
  struct room room;
  begin (&room, "[accessibility]\nmagnifier=200\n");
  struct inos_output *second = inos_output_add_virtual (room.compositor, 800, 600);
  assert_null (second->lens);
  move_to (room.compositor->seat, &room.mouse, 1300, 100);
  assert_null (room.output->lens);
  assert_non_null (second->lens);
  see (&room);
  inos_lens_set_inverted (room.compositor, true);
  assert_non_null (room.output->lens);
  see (&room);
  /* It goes with the lens on. */
  wlr_output_destroy (second->wlr);
  see (&room);
  inos_lens_set_inverted (room.compositor, false);
  see (&room);
  end (&room);
}

/* A magnified output with a screen for fingers. */
static struct inos_seat *begin_touched (struct room *room, struct wlr_touch *touch)
{
  static const struct wlr_touch_impl no_hardware = {.name = "test"};
  begin (room, "[accessibility]\nmagnifier=200\n");
  wlr_touch_init (touch, &no_hardware, "test");
  inos_seat_add_device (room->compositor->seat, &touch->base);
  return room->compositor->seat;
}

static void put_finger_down (struct wlr_touch *touch)
{
  wl_signal_emit_mutable (&touch->events.down, &(struct wlr_touch_down_event){
                                                 .touch = touch, .x = 240.0 / 1280, .y = 0.3});
}

/* A finger points at what it sees, and what it sees holds still meanwhile. */
static void test_fingers (void **state)
{
  struct room room;
  struct wlr_touch touch;
  struct inos_seat *seat = begin_touched (&room, &touch);
  struct wl_seat *wl_seat = client_bind (room.client, &wl_seat_interface, 5);
  struct wl_touch *fingers = wl_seat_get_touch (wl_seat);
  client_roundtrip (room.client);
  move_to (seat, &room.mouse, 0, 0);
  see (&room);
  put_finger_down (&touch);
  struct wlr_touch_point *point = wlr_seat_touch_get_point (seat->wlr, 0);
  assert_non_null (point);
  assert_int_equal ((int)lround (point->sx), 20);
  assert_int_equal ((int)lround (point->sy), 20);
  wl_signal_emit_mutable (&touch.events.motion, &(struct wlr_touch_motion_event){
                                                  .touch = &touch, .x = 260.0 / 1280, .y = 0.3});
  assert_int_equal ((int)lround (point->sx), 30);
  wl_signal_emit_mutable (&touch.events.up, &(struct wlr_touch_up_event){.touch = &touch});
  wl_touch_destroy (fingers);
  wl_seat_destroy (wl_seat);
  wlr_touch_finish (&touch);
  end (&room);
}

/* What a finger holds still is not there any more. */
static void test_output_shrinks_below_a_finger (void **state)
{
  struct room room;
  struct wlr_touch touch;
  struct inos_seat *seat = begin_touched (&room, &touch);
  move_to (seat, &room.mouse, 0, 0);
  see (&room);
  put_finger_down (&touch);
  assert_int_equal (g_hash_table_size (seat->touch_points), 1);
  struct wlr_output_state change;
  wlr_output_state_init (&change);
  wlr_output_state_set_custom_mode (&change, 158, 326, 0);
  assert_true (wlr_output_commit_state (room.output->wlr, &change));
  wlr_output_state_finish (&change);
  client_settle (room.client);
  move_to (seat, &room.mouse, 100, 100);
  client_settle (room.client);
  assert_non_null (room.output->lens);
  wl_signal_emit_mutable (&touch.events.up, &(struct wlr_touch_up_event){.touch = &touch});
  wlr_touch_finish (&touch);
  end (&room);
}

static void test_renderer_lost (void **state)
{
  struct room room;
  begin (&room, "[accessibility]\nmagnifier=200\n");
  move_to (room.compositor->seat, &room.mouse, 0, 0);
  see (&room);
  wl_signal_emit_mutable (&room.compositor->renderer->events.lost, NULL);
  see (&room);
  window_draw (room.window);
  see (&room);
  move_to (room.compositor->seat, &room.mouse, 10, 0);
  see (&room);
  assert_int_equal (pixel (&room.film, 300, 300), RED);
  end (&room);
}

static void test_keys_also_when_locked (void **state)
{
  struct room room;
  struct wlr_keyboard keyboard;
  begin (&room, "[bindings]\nSuper+Alt+i=invert-colours\n");
  add_keyboard (room.compositor, &keyboard);
  struct locker *locker = locker_start (room.compositor);
  locker_wait (locker);
  key (&keyboard, KEY_LEFTALT, true);
  chord (&keyboard, KEY_EQUAL);
  assert_int_equal (room.compositor->config.magnifier, 125);
  chord (&keyboard, KEY_I);
  assert_true (room.compositor->config.invert_colours);
  chord (&keyboard, KEY_0);
  assert_int_equal (room.compositor->config.magnifier, 100);
  key (&keyboard, KEY_LEFTALT, false);
  chord (&keyboard, KEY_3);
  assert_int_equal (room.compositor->active_workspace, 0);
  locker_unlock (locker);
  wlr_keyboard_finish (&keyboard);
  end (&room);
}

static void set (struct peer *peer, const char *name, GVariant *value)
{
  assert_answer (peer_call (peer, PATH, "org.freedesktop.DBus.Properties", "Set",
                            g_variant_new ("(ssv)", ACCESS, name, value)),
                 "()");
}

static void test_over_the_bus (void **state)
{
  struct peer peer;
  peer_begin (&peer, start_compositor (1));
  assert_answer (peer_get (&peer, PATH, ACCESS, "Magnifier"), "(<uint32 100>,)");
  set (&peer, "Magnifier", g_variant_new_uint32 (250));
  assert_int_equal (peer.compositor->config.magnifier, 250);
  set (&peer, "Magnifier", g_variant_new_uint32 (UINT32_MAX));
  assert_answer (peer_get (&peer, PATH, ACCESS, "Magnifier"), "(<uint32 2000>,)");
  set (&peer, "Magnifier", g_variant_new_uint32 (0));
  assert_answer (peer_get (&peer, PATH, ACCESS, "Magnifier"), "(<uint32 100>,)");
  set (&peer, "InvertColours", g_variant_new_boolean (TRUE));
  assert_true (peer.compositor->config.invert_colours);
  inos_action_run (peer.compositor, "invert-colours");
  assert_answer (peer_get (&peer, PATH, ACCESS, "InvertColours"), "(<false>,)");
  uint32_t size = peer.compositor->seat->xcursor->size;
  set (&peer, "HighContrastPointer", g_variant_new_boolean (TRUE));
  assert_true (peer.compositor->seat->xcursor->size >= 2 * size);
  inos_action_run (peer.compositor, "high-contrast-pointer");
  assert_int_equal (peer.compositor->seat->xcursor->size, size);
  assert_answer (peer_get (&peer, PATH, ACCESS, "HighContrastPointer"), "(<false>,)");
  peer_end (&peer);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nothing_is_in_the_way),
    cmocka_unit_test (test_magnified),
    cmocka_unit_test (test_away_again_without_a_trace),
    cmocka_unit_test (test_inverted),
    cmocka_unit_test (test_turned_and_scaled),
    cmocka_unit_test (test_no_frames_without_a_reason),
    cmocka_unit_test (test_two_outputs),
    cmocka_unit_test (test_fingers),
    cmocka_unit_test (test_output_shrinks_below_a_finger),
    cmocka_unit_test (test_renderer_lost),
    cmocka_unit_test (test_keys_also_when_locked),
    cmocka_unit_test (test_over_the_bus),
  };
  return run_compositor_tests (tests);
}
