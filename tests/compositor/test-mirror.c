/* An output that shows another one's picture. */

#include <string.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>

#include "bus-peer.h"
#include "capture_draw.h"
#include "devices.h"

#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_touch.h>

#include "fake-output.h"
#include "locker.h"
#include "bus_output.h"
#include "mirror.h"
#include "mirror_choice.h"
#include "output_config.h"
#include "output_settings.h"
#include "verify.h"
#include "view.h"

#define OUTPUT "org.inos.Compositor1.Output"
#define TV PATH "/output/TV"

enum { WIDTH = 1024, HEIGHT = 600 /* of the TV; the other one is 1280x800 */ };

/* What was last drawn. */
struct screen {
  uint32_t pixels[HEIGHT][WIDTH];
  int frames;
  int damage; /* pixels of the frames since it was 0, all where one did not say */
  struct wl_listener precommit;
};

struct room {
  struct inos_compositor *compositor;
  struct client *client;
  struct inos_output *source, *tv;
  struct screen screen;
};

static void handle_precommit (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, precommit);
  const struct wlr_output_event_precommit *event = data;
  void *pixels;
  uint32_t format;
  size_t stride;
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  struct wlr_buffer *buffer = event->state->buffer;
  assert_true (wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &pixels,
                                                 &format, &stride));
  for (int y = 0; y < HEIGHT; y++)
    memcpy (screen->pixels[y], (char *)pixels + (size_t)y * stride, sizeof screen->pixels[y]);
  wlr_buffer_end_data_ptr_access (buffer);
  screen->frames++;
  pixman_box32_t box = {0, 0, WIDTH, HEIGHT};
  if (event->state->committed & WLR_OUTPUT_STATE_DAMAGE)
    box = *pixman_region32_extents (&event->state->damage);
  screen->damage += (box.x2 - box.x1) * (box.y2 - box.y1);
}

static bool is_red (const struct screen *screen, int x, int y)
{
  return (screen->pixels[y][x] & 0xffffff) == (RED & 0xffffff);
}

static bool is_black (const struct screen *screen, int x, int y)
{
  return (screen->pixels[y][x] & 0xffffff) == 0;
}

static void settle (struct room *room)
{
  client_roundtrip (room->client);
  client_settle (room->client);
  g_autofree char *wrong = inos_verify_invariants (room->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

static void plug_tv (struct room *room)
{
  struct fake_output *tv = fake_output_plug (room->compositor, "TV");
  room->tv = inos_output_from_wlr (&tv->base);
  assert_non_null (room->tv);
  room->screen = (struct screen){.precommit.notify = handle_precommit};
  wl_signal_add (&tv->base.events.precommit, &room->screen.precommit);
}

static void unplug (struct room *room, struct inos_output **output)
{
  if (*output == room->tv)
    wl_list_remove (&room->screen.precommit.link);
  wlr_output_destroy ((*output)->wlr);
  *output = NULL;
  settle (room);
}

static struct room *open_room (const char *config)
{
  struct room *room = g_new0 (struct room, 1);
  room->compositor = start_configured (config);
  room->source = inos_output_active (room->compositor);
  room->client = client_connect (room->compositor);
  plug_tv (room);
  settle (room);
  return room;
}

static void close_room (struct room *room)
{
  if (room->tv)
    wl_list_remove (&room->screen.precommit.link);
  client_disconnect (room->client);
  inos_compositor_destroy (room->compositor);
  g_free (room);
}

/* The TV shows what the other one shows. */
static struct room *open_mirror (void)
{
  struct room *room = g_new0 (struct room, 1);
  room->compositor = start_compositor (1);
  room->source = inos_output_active (room->compositor);
  inos_output_configs_get (&room->compositor->config.outputs, "TV", NULL)->mirror =
    g_strdup (room->source->wlr->name);
  room->client = client_connect (room->compositor);
  plug_tv (room);
  settle (room);
  assert_ptr_equal (inos_mirror_shown (room->tv), room->source);
  return room;
}

/* A red window at that place. */
static struct window *open_red (struct room *room, int x, int y, int width, int height)
{
  struct window *window = window_new (room->client, "org.example.App", "Red");
  window->color = RED;
  window_show (window);
  struct inos_view *view = inos_view_focused (room->compositor);
  inos_view_move (view, x, y);
  inos_view_resize (view, width, height);
  client_roundtrip (room->client);
  window_draw (window);
  settle (room);
  struct wlr_box box = inos_view_box (view);
  assert_true (box.x == x && box.y == y && box.width == width && box.height == height);
  return window;
}

static int outputs_seen (struct inos_compositor *compositor)
{
  struct client *client = client_connect (compositor);
  int seen = 0;
  client_roundtrip (client);
  for (guint i = 0; i < client->globals->len; i++)
    seen += g_str_has_prefix (client->globals->pdata[i], "wl_output ");
  client_disconnect (client);
  return seen;
}

/* 1280x800 on 1024x600 is 960x600, with 32 px on each side. */
static void test_fits (void **state)
{
  struct room *room = open_mirror();
  struct screen *screen = &room->screen;
  assert_int_equal (outputs_seen (room->compositor), 1);
  struct window *window = open_red (room, 0, 0, 640, 400);
  assert_true (is_red (screen, 34, 2) && is_red (screen, 500, 290));
  assert_true (is_black (screen, 29, 2) && is_black (screen, 520, 290));
  assert_true (is_black (screen, 500, 310) && is_black (screen, 1000, 300));
  /* One that fills the source, and may be shown without being drawn. */
  inos_view_set_fullscreen (inos_view_focused (room->compositor), true, room->source);
  client_roundtrip (room->client);
  window_draw (window);
  settle (room);
  assert_true (is_red (screen, 34, 2) && is_red (screen, 990, 598) && is_red (screen, 512, 300));
  assert_true (is_black (screen, 29, 300) && is_black (screen, 994, 300));
  /* Nothing is drawn while nothing changes. */
  int frames = screen->frames;
  settle (room);
  assert_int_equal (screen->frames, frames);
  window_close (window);
  settle (room);
  assert_true (is_black (screen, 512, 300) && screen->frames > frames);
  close_room (room);
}

/* The picture of a window at the place where the picture has it must be the same. */
static void test_turned (void **state)
{
  static const enum wl_output_transform turns[][2] = {
    {WL_OUTPUT_TRANSFORM_NORMAL, WL_OUTPUT_TRANSFORM_90},
    {WL_OUTPUT_TRANSFORM_NORMAL, WL_OUTPUT_TRANSFORM_FLIPPED},
    {WL_OUTPUT_TRANSFORM_270, WL_OUTPUT_TRANSFORM_NORMAL},
    {WL_OUTPUT_TRANSFORM_90, WL_OUTPUT_TRANSFORM_FLIPPED_270},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (turns); i++) {
    struct room *room = open_mirror();
    struct inos_output_settings settings = inos_output_settings_of (room->source);
    settings.transform = (int)turns[i][0];
    assert_true (inos_output_settings_apply (room->source, &settings));
    settings = inos_output_settings_of (room->tv);
    settings.transform = (int)turns[i][1];
    assert_true (inos_output_settings_apply (room->tv, &settings));
    settle (room);
    struct wlr_box from = inos_output_box (room->source);
    struct window *window = open_red (room, 0, 0, from.width / 2, from.height / 2);
    struct screen mirrored = room->screen;
    assert_true (inos_mirrors_set (room->tv, "", NULL));
    struct wlr_box to = inos_output_box (room->tv);
    double scale = MIN ((double)to.width / from.width, (double)to.height / from.height);
    int width = (int)(from.width * scale), height = (int)(from.height * scale);
    window_close (window);
    open_red (room, to.x + (to.width - width) / 2, to.y + (to.height - height) / 2, width / 2,
              height / 2);
    int red = 0;
    for (int y = 30; y < HEIGHT; y += 60) {
      for (int x = 30; x < WIDTH; x += 60) {
        assert_int_equal (is_red (&mirrored, x, y), is_red (&room->screen, x, y));
        red += is_red (&mirrored, x, y);
      }
    }
    assert_true (red > 4);
    close_room (room);
  }
}

/* What has changed, and no more, is drawn again, and the picture is the one that a whole drawing
 * makes. */
static void test_damage (void **state)
{
  static const enum wl_output_transform turns[] = {
    WL_OUTPUT_TRANSFORM_NORMAL, WL_OUTPUT_TRANSFORM_90, WL_OUTPUT_TRANSFORM_FLIPPED_270};
  for (size_t i = 0; i < G_N_ELEMENTS (turns) * 2; i++) {
    struct room *room = open_mirror();
    struct inos_output *turned = i % 2 ? room->tv : room->source;
    struct inos_output_settings settings = inos_output_settings_of (turned);
    settings.transform = (int)turns[i / 2];
    assert_true (inos_output_settings_apply (turned, &settings));
    settle (room);
    struct window *window = open_red (room, 101, 203, 60, 40);
    for (int k = 0; k < 5; k++) {
      room->screen.damage = 0;
      inos_view_move (inos_view_focused (room->compositor), 101 + k * 7, 203 + k * 3);
      window->color = k % 2 ? RED : BLUE;
      window_draw (window);
      settle (room);
      assert_in_range (room->screen.damage, 200, WIDTH * HEIGHT / 4); /* of a few frames */
      struct screen in_part = room->screen;
      inos_mirror_refresh (room->tv);
      settle (room);
      assert_true (room->screen.damage - in_part.damage >= WIDTH * HEIGHT);
      assert_memory_equal (in_part.pixels, room->screen.pixels, sizeof in_part.pixels);
    }
    window_close (window);
    close_room (room);
  }
}

static void touch_at (struct wlr_touch *touch, double x, double y)
{
  struct wlr_touch_down_event down = {
    .touch = touch, .time_msec = 7, .x = x / WIDTH, .y = y / HEIGHT};
  struct wlr_touch_up_event up = {.touch = touch, .time_msec = 9};
  wl_signal_emit_mutable (&touch->events.down, &down);
  wl_signal_emit_mutable (&touch->events.frame, NULL);
  wl_signal_emit_mutable (&touch->events.up, &up);
  wl_signal_emit_mutable (&touch->events.frame, NULL);
}

/* A finger gets the window that it sees, however the panel is held, and none beside the picture. */
static void test_finger_on_the_mirror (void **state)
{
  static const struct wlr_touch_impl no_hardware = {.name = "test"};
  static const enum wl_output_transform turns[][2] = {
    {WL_OUTPUT_TRANSFORM_NORMAL, WL_OUTPUT_TRANSFORM_NORMAL},
    {WL_OUTPUT_TRANSFORM_NORMAL, WL_OUTPUT_TRANSFORM_90},
    {WL_OUTPUT_TRANSFORM_270, WL_OUTPUT_TRANSFORM_NORMAL},
    {WL_OUTPUT_TRANSFORM_90, WL_OUTPUT_TRANSFORM_FLIPPED_270},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (turns); i++) {
    struct room *room = open_mirror();
    struct wlr_touch touch;
    struct inos_output_settings settings = inos_output_settings_of (room->source);
    settings.transform = (int)turns[i][0];
    assert_true (inos_output_settings_apply (room->source, &settings));
    settings = inos_output_settings_of (room->tv);
    settings.transform = (int)turns[i][1];
    assert_true (inos_output_settings_apply (room->tv, &settings));
    settle (room);
    wlr_touch_init (&touch, &no_hardware, "test");
    touch.output_name = g_strdup ("TV");
    inos_seat_add_device (room->compositor->seat, &touch.base);
    struct window *red = open_red (room, 200, 100, 240, 160);
    struct inos_view *view = inos_view_focused (room->compositor);
    struct window *other = open_red (room, 500, 500, 90, 90);
    struct inos_view *other_view = inos_view_focused (room->compositor);
    wlr_log_init (WLR_SILENT, NULL); /* the client has bound no touch */
    other->color = BLUE;
    window_draw (other);
    settle (room);
    int tried = 0;
    for (int y = 20; y < HEIGHT; y += 24) {
      for (int x = 20; x < WIDTH; x += 24) {
        bool around = true; /* not on an edge */
        for (int k = 0; k < 9; k++)
          around &= is_red (&room->screen, MAX (0, MIN (x + (k % 3 - 1) * 4, WIDTH - 1)),
                            MAX (0, MIN (y + (k / 3 - 1) * 4, HEIGHT - 1)));
        inos_view_focus (other_view);
        touch_at (&touch, x, y);
        if (around)
          assert_ptr_equal (inos_view_focused (room->compositor), view);
        else if (is_black (&room->screen, x, y))
          assert_ptr_equal (inos_view_focused (room->compositor), other_view);
        tried += around;
      }
    }
    assert_true (tried > 4);
    wlr_log_init (WLR_ERROR, NULL);
    wlr_touch_finish (&touch);
    window_close (other);
    window_close (red);
    close_room (room);
  }
}

/* It is no place to be, and the pointer is in its picture. */
static void test_pointer (void **state)
{
  struct room *room = open_mirror();
  struct wlr_pointer pointer;
  struct wlr_cursor *cursor = room->compositor->seat->cursor;
  add_pointer (room->compositor, &pointer);
  assert_null (inos_output_at (room->compositor, 1300, 10));
  move_by (&pointer, 5000, 5000);
  assert_ptr_equal (inos_output_at (room->compositor, cursor->x, cursor->y), room->source);
  assert_true (cursor->x < 1280 && cursor->y < 800);
  assert_true (room->source->wlr->software_cursor_locks > 0);
  /* It is drawn where it is. */
  struct window *window = open_red (room, 0, 0, 1280, 800);
  wlr_cursor_warp (cursor, NULL, 640, 400);
  inos_seat_refresh_cursor (room->compositor->seat);
  settle (room);
  int other = 0;
  for (int y = 290; y < 330; y++) {
    for (int x = 500; x < 540; x++)
      other += !is_red (&room->screen, x, y);
  }
  assert_in_range (other, 20, 1200);
  window_close (window);
  wlr_pointer_finish (&pointer);
  assert_true (inos_mirrors_set (room->tv, "", NULL));
  assert_int_equal (room->source->wlr->software_cursor_locks, 0);
  close_room (room);
}

static void test_source_goes (void **state)
{
  struct room *room = open_room ("");
  struct wlr_box place = inos_output_box (room->tv);
  struct window *window = open_red (room, place.x + 100, 50, 300, 200);
  struct inos_view *view = inos_view_focused (room->compositor);
  assert_ptr_equal (inos_view_output (view), room->tv);
  assert_true (inos_mirror_shown (room->tv) == room->tv);
  inos_mirror_begin (room->tv, room->source);
  settle (room);
  /* Its window lives elsewhere now. */
  assert_ptr_equal (inos_view_output (view), room->source);
  unplug (room, &room->source);
  assert_null (room->tv->mirror);
  assert_null (room->compositor->fallback);
  assert_ptr_equal (inos_view_output (view), room->tv);
  struct wlr_box box = inos_view_box (view), tv = inos_output_box (room->tv);
  assert_true (is_red (&room->screen, box.x - tv.x + 150, box.y - tv.y + 100));
  assert_int_equal (outputs_seen (room->compositor), 1);
  window_close (window);
  close_room (room);
}

static void test_source_comes (void **state)
{
  struct room *room = open_room ("[output TV]\nmirror=BEAMER\n");
  assert_null (room->tv->mirror);
  assert_int_equal (outputs_seen (room->compositor), 2);
  struct fake_output *beamer = fake_output_plug (room->compositor, "BEAMER");
  assert_ptr_equal (inos_mirror_shown (room->tv), inos_output_from_wlr (&beamer->base));
  settle (room);
  assert_int_equal (outputs_seen (room->compositor), 2);
  /* Switched off for a while it is dark on both; off for good it is not mirrored. */
  struct inos_output *output = inos_output_from_wlr (&beamer->base);
  struct inos_output_settings settings = inos_output_settings_of (output);
  settings.enabled = false;
  assert_true (inos_output_settings_apply (output, &settings));
  settle (room);
  assert_null (room->tv->mirror);
  settings.enabled = true;
  assert_true (inos_output_settings_apply (output, &settings));
  settle (room);
  assert_ptr_equal (inos_mirror_shown (room->tv), output);
  /* The one that mirrors goes first. */
  unplug (room, &room->tv);
  assert_int_equal (beamer->base.software_cursor_locks, 0);
  plug_tv (room);
  settle (room);
  assert_ptr_equal (inos_mirror_shown (room->tv), output);
  close_room (room);
}

/* What was shown before must not be seen after, and "locked" waits for that screen too. */
static void test_lock (void **state)
{
  struct room *room = open_mirror();
  struct window *window = open_red (room, 0, 0, 1280, 800);
  assert_true (is_red (&room->screen, 512, 300));
  struct locker *locker = locker_start (room->compositor);
  client_settle (locker->client);
  assert_int_equal (locker->locked, 1);
  assert_false (is_red (&room->screen, 512, 300));
  locker_cover (locker, 0);
  client_settle (locker->client);
  assert_int_equal (room->screen.pixels[300][512] & 0xffffff, BLUE & 0xffffff);
  locker_unlock (locker);
  settle (room);
  assert_true (is_red (&room->screen, 512, 300));
  window_close (window);
  close_room (room);
}

/* Private windows are on the screen that mirrors, and in no picture of it. */
static void test_captures (void **state)
{
  struct room *room = open_mirror();
  struct window *window = open_red (room, 0, 0, 1280, 800);
  const struct inos_capture_target target = {.compositor = room->compositor, .output = room->tv};
  int width, height;
  assert_true (inos_capture_size (&target, &width, &height));
  assert_true (width == 1280 && height == 800);
  g_autofree uint32_t *pixels = g_new0 (uint32_t, 1280 * 800);
  assert_true (inos_capture_read (&target, INOS_CAPTURE_WITHOUT_CURSOR, width, height, pixels));
  assert_int_equal (pixels[400 * 1280 + 640], RED);
  inos_view_set_private (inos_view_focused (room->compositor), true);
  settle (room);
  assert_true (is_red (&room->screen, 512, 300));
  assert_true (inos_capture_read (&target, INOS_CAPTURE_WITHOUT_CURSOR, width, height, pixels));
  assert_int_equal (pixels[400 * 1280 + 640] & 0xffffff, 0);
  window_close (window);
  close_room (room);
}

static char *set_mirror (struct peer *peer, const char *path, const char *source)
{
  return peer_call (peer, path, OUTPUT, "SetMirror", g_variant_new ("(s)", source));
}

static void test_bus (void **state)
{
  struct room *room = open_room ("");
  struct peer peer;
  peer_begin (&peer, room->compositor);
  assert_answer (peer_get (&peer, TV, OUTPUT, "Mirror"), "(<''>,)");
  const char *name = room->source->wlr->name;
  g_autofree char *path = inos_bus_output_path (name);
  g_autofree char *mirrored = g_strdup_printf ("(<'%s'>,)", name);
  assert_answer (set_mirror (&peer, TV, name), "()");
  assert_answer (peer_get (&peer, TV, OUTPUT, "Mirror"), mirrored);
  assert_answer (peer_get (&peer, TV, OUTPUT, "X"), "(<0>,)");
  assert_says (set_mirror (&peer, path, "TV"), "which mirrors another one");
  assert_says (set_mirror (&peer, TV, "TV"), "which is itself");
  assert_says (set_mirror (&peer, TV, "VGA-1"), "there is no such output");
  fake_output_plug (room->compositor, "DP-1");
  assert_says (set_mirror (&peer, path, "DP-1"), "TV mirrors it");
  /* Its place is for when it shows itself. */
  assert_answer (peer_call (&peer, TV, OUTPUT, "SetPosition", g_variant_new ("(ii)", 7000, 50)),
                 "()");
  assert_answer (set_mirror (&peer, TV, ""), "()");
  assert_answer (peer_get (&peer, TV, OUTPUT, "Mirror"), "(<''>,)");
  assert_answer (peer_get (&peer, TV, OUTPUT, "X"), "(<7000>,)");
  assert_int_equal (inos_output_box (room->tv).y, 50);
  settle (room);
  wl_list_remove (&room->screen.precommit.link);
  client_disconnect (room->client);
  peer_end (&peer);
  g_free (room);
}

static void test_settings (void **state)
{
  static const struct {
    const char *text, *says;
  } wrong[] = {
    {"mirror=TV\n", "[output TV] mirror must name another output"},
    {"mirrors=DP-1\n", "there is no setting [output TV] mirrors"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_line_refused ("output TV", wrong[i].text, wrong[i].says);
  /* Two that would mirror each other show themselves. */
  struct room *room = open_room ("[output TV]\nmirror=DP-1\n[output DP-1]\nmirror=TV\n");
  struct fake_output *other = fake_output_plug (room->compositor, "DP-1");
  settle (room);
  assert_null (room->tv->mirror);
  assert_null (inos_output_from_wlr (&other->base)->mirror);
  close_room (room);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_fits),         cmocka_unit_test (test_turned),
    cmocka_unit_test (test_damage),       cmocka_unit_test (test_finger_on_the_mirror),
    cmocka_unit_test (test_pointer),      cmocka_unit_test (test_source_goes),
    cmocka_unit_test (test_source_comes), cmocka_unit_test (test_lock),
    cmocka_unit_test (test_captures),     cmocka_unit_test (test_bus),
    cmocka_unit_test (test_settings),
  };
  return run_compositor_tests (tests);
}
