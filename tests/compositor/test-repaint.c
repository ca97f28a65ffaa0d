/* When outputs are drawn: by the test's clock, on an output whose blanks the test makes. */

#include <string.h>
#include <wlr/types/wlr_output.h>

#include "bus-peer.h"
#include "deadline.h"
#include "fake-output.h"
#include "locker.h"
#include "output_config.h"
#include "output_power.h"
#include "repaint.h"
#include "view.h"

#define OUTPUT "org.inos.Compositor1.Output"
#define MS G_GINT64_CONSTANT (1000000)
#define KEEP "[output DP-1]\nmax-render-time=4\n"

struct theatre {
  struct inos_compositor *compositor;
  struct client *client;
  struct fake_output *stage;
  struct inos_output *output;
  struct window *window;
  struct camera camera;
  gint64 clock;
  int asked; /* how often the window was asked for its next picture */
  bool answers;
};

static gint64 test_now (void *data)
{
  return *(gint64 *)data;
}

/* The client hears, and what it says to that is heard. */
static void talk (struct theatre *theatre)
{
  client_roundtrip (theatre->client);
  client_roundtrip (theatre->client);
}

/* One more blank, and what comes right after. */
static void blank (struct theatre *theatre)
{
  fake_output_blank (theatre->stage);
  talk (theatre);
}

/* Until all has been drawn and is on the screen; nobody waits for anything then. */
static void settle (struct theatre *theatre)
{
  for (int i = 0; i < 20; i++) {
    client_roundtrip (theatre->client);
    gint64 due = inos_repaint_due (theatre->output);
    theatre->clock = due ? MAX (theatre->clock, due) : theatre->clock + FAKE_INTERVAL;
    inos_repaint_tick (theatre->output);
    if (!due)
      blank (theatre);
  }
  assert_false (theatre->stage->waits);
  assert_int_equal (inos_repaint_due (theatre->output), 0);
}

static struct theatre *open_theatre (const char *config)
{
  struct theatre *theatre = g_new0 (struct theatre, 1);
  theatre->compositor = start_configured (config);
  theatre->clock = 1000 * MS;
  theatre->client = client_connect (theatre->compositor);
  theatre->stage = fake_output_plug (theatre->compositor, "DP-1");
  theatre->output = inos_output_from_wlr (&theatre->stage->base);
  pump();
  fake_output_follow (theatre->stage, &theatre->clock);
  inos_repaint_set_clock (theatre->output, test_now, &theatre->clock);
  theatre->window = window_open (theatre->client, "org.example.Film", "Film");
  inos_view_set_fullscreen (inos_view_focused (theatre->compositor), true, theatre->output);
  client_roundtrip (theatre->client);
  window_draw (theatre->window);
  camera_watch (&theatre->camera, theatre->output);
  settle (theatre);
  return theatre;
}

static void close_theatre (struct theatre *theatre)
{
  camera_stop (&theatre->camera);
  window_close (theatre->window);
  client_disconnect (theatre->client);
  inos_compositor_destroy (theatre->compositor);
  g_free (theatre);
}

static void show (struct theatre *theatre, uint32_t color)
{
  theatre->window->color = color;
  window_draw (theatre->window);
}

/* A frame, and the blank in which it comes on the screen. */
static gint64 one_frame (struct theatre *theatre, uint32_t color)
{
  gint64 due;
  show (theatre, color);
  due = inos_repaint_due (theatre->output);
  if (due) {
    theatre->clock = due;
    inos_repaint_tick (theatre->output);
  }
  theatre->clock += FAKE_INTERVAL - theatre->clock % FAKE_INTERVAL;
  blank (theatre);
  return theatre->clock;
}

/* Two pictures come between two blanks: which one is on the screen after the second? */
static uint32_t seen_of_two (const char *config, int *frames)
{
  struct theatre *theatre = open_theatre (config);
  gint64 start = one_frame (theatre, 0xff000001);
  *frames = theatre->stage->frames;
  theatre->clock = start + 2 * MS;
  show (theatre, RED);
  theatre->clock = start + 9 * MS;
  show (theatre, BLUE);
  gint64 due = inos_repaint_due (theatre->output);
  if (due) {
    assert_int_equal (theatre->stage->frames, *frames);
    assert_int_equal (due, start + FAKE_INTERVAL - 4 * MS);
    theatre->clock = due - 1;
    inos_repaint_tick (theatre->output);
    assert_int_equal (theatre->stage->frames, *frames);
    theatre->clock = due;
    inos_repaint_tick (theatre->output);
  }
  uint32_t seen = theatre->camera.screen;
  theatre->clock = start + FAKE_INTERVAL;
  blank (theatre);
  settle (theatre);
  assert_int_equal (theatre->camera.screen, BLUE);
  *frames = theatre->stage->frames - *frames;
  close_theatre (theatre);
  return seen;
}

static void test_newest (void **state)
{
  int late, early;
  assert_int_equal (seen_of_two (KEEP, &late), BLUE);
  assert_int_equal (seen_of_two ("[output DP-1]\nmax-render-time=off\n", &early), RED);
  assert_int_equal (late, 1);
  assert_int_equal (early, 2);
}

static void on_frame (void *data, struct wl_callback *callback, uint32_t time);

static void ask (struct theatre *theatre)
{
  static const struct wl_callback_listener listener = {on_frame};
  wl_callback_add_listener (wl_surface_frame (theatre->window->surface), &listener, theatre);
}

/* It draws at once, as a film does. */
static void on_frame (void *data, struct wl_callback *callback, uint32_t time)
{
  struct theatre *theatre = data;
  wl_callback_destroy (callback);
  theatre->asked++;
  if (!theatre->answers)
    return;
  ask (theatre);
  wl_surface_attach (theatre->window->surface, theatre->window->buffer, 0, 0);
  wl_surface_damage_buffer (theatre->window->surface, 0, 0, 9999, 9999);
  wl_surface_commit (theatre->window->surface);
}

/* Who draws when asked is asked once for each blank, and each of its pictures is seen. */
static void test_asked_once (void **state)
{
  static const char *const configs[] = {KEEP, "[output DP-1]\nmax-render-time=auto\n",
                                        "[output DP-1]\nmax-render-time=off\n", ""};
  for (size_t i = 0; i < G_N_ELEMENTS (configs); i++) {
    struct theatre *theatre = open_theatre (configs[i]);
    theatre->answers = true;
    ask (theatre);
    one_frame (theatre, RED);
    int drawn = theatre->stage->frames;
    for (int k = 0; k < 50; k++) {
      int asked = theatre->asked;
      gint64 start = theatre->clock, due = inos_repaint_due (theatre->output);
      if (due) {
        assert_in_range (due, start + 1, start + FAKE_INTERVAL - 1);
        theatre->clock = due;
        inos_repaint_tick (theatre->output);
        talk (theatre);
      }
      theatre->clock = start + FAKE_INTERVAL;
      blank (theatre);
      assert_int_equal (theatre->asked, asked + 1);
    }
    /* What is drawn at once is drawn in the blank already, and what waits before the next one: when
     * enough was learned for that, one is left out. */
    assert_in_range (theatre->stage->frames - drawn, 49, 50);
    /* Then it is still: nothing is drawn, and nothing wakes up. */
    theatre->answers = false;
    settle (theatre);
    int frames = theatre->stage->frames;
    settle (theatre);
    assert_int_equal (theatre->stage->frames, frames);
    close_theatre (theatre);
  }
}

/* What drawing takes is learned, and frames that are late are an argument. */
static void test_learned (void **state)
{
  struct theatre *theatre = open_theatre ("");
  theatre->stage->draw_time = 2 * MS;
  for (int i = 0; i < INOS_DEADLINE_SAMPLES; i++)
    one_frame (theatre, RED + (uint32_t)i);
  gint64 kept = inos_repaint_kept (theatre->output);
  assert_in_range (kept, 2 * MS, 5 * MS);
  show (theatre, BLUE);
  assert_int_equal (inos_repaint_due (theatre->output), theatre->clock + FAKE_INTERVAL - kept);
  settle (theatre);
  theatre->stage->draw_time = 9 * MS;
  for (int i = 0; i < 3; i++)
    one_frame (theatre, RED + (uint32_t)i);
  assert_in_range (inos_repaint_kept (theatre->output), 9 * MS, FAKE_INTERVAL);
  /* More than there is: drawn at once. */
  theatre->stage->draw_time = 20 * MS;
  one_frame (theatre, RED);
  one_frame (theatre, BLUE);
  show (theatre, RED);
  assert_int_equal (inos_repaint_due (theatre->output), 0);
  theatre->stage->draw_time = 0;
  settle (theatre);
  close_theatre (theatre);
}

/* Switched off while a frame was put off, and on again. */
static void test_off (void **state)
{
  struct theatre *theatre = open_theatre (KEEP);
  one_frame (theatre, RED);
  show (theatre, BLUE);
  assert_true (inos_repaint_due (theatre->output) > theatre->clock);
  assert_true (inos_output_set_power (theatre->output, false));
  int frames = theatre->stage->frames;
  theatre->clock += FAKE_INTERVAL;
  inos_repaint_tick (theatre->output);
  assert_int_equal (inos_repaint_due (theatre->output), 0);
  assert_int_equal (theatre->stage->frames, frames);
  assert_true (inos_output_set_power (theatre->output, true));
  settle (theatre);
  assert_int_equal (theatre->camera.screen, BLUE);
  close_theatre (theatre);
}

static void test_arithmetic (void **state)
{
  struct inos_deadline deadline = {0};
  gint64 now = 5000 * MS;
  /* Nothing is known of it. */
  assert_true (inos_deadline_next (&deadline, now, 4 * MS) <= now);
  inos_deadline_presented (&deadline, now, 0);
  assert_true (inos_deadline_next (&deadline, now, 4 * MS) <= now);
  inos_deadline_presented (&deadline, now, 10 * MS);
  assert_int_equal (inos_deadline_next (&deadline, now, 4 * MS), now + 6 * MS);
  /* Too late for this blank is not put off to the next one. */
  assert_true (inos_deadline_next (&deadline, now + 7 * MS, 4 * MS) <= now + 7 * MS);
  assert_int_equal (inos_deadline_next (&deadline, now + 31 * MS, 4 * MS), now + 36 * MS);
  assert_true (inos_deadline_next (&deadline, now + 3000 * MS, 4 * MS) <= now + 3000 * MS);
  assert_true (inos_deadline_next (&deadline, now - 300 * MS, 4 * MS) <= now - 300 * MS);
  /* Nothing is learned from a few frames, and no single slow one is forgotten soon. */
  assert_true (inos_deadline_next (&deadline, now, 0) <= now);
  for (int i = 0; i < 8; i++)
    inos_deadline_drawn (&deadline, i == 3 ? 2 * MS : MS);
  gint64 kept = inos_deadline_kept (&deadline);
  assert_in_range (kept, 2 * MS, 5 * MS);
  /* Late frames ask for more, up to all there is; calm takes it back, slowly. */
  for (int i = 0; i < 30; i++) {
    gint64 at = inos_deadline_next (&deadline, now, 0);
    if (at <= now)
      break;
    inos_deadline_presented (&deadline, now + 20 * MS, 10 * MS);
    assert_true (inos_deadline_kept (&deadline) > kept || kept == 10 * MS);
    kept = inos_deadline_kept (&deadline);
    now += 20 * MS;
  }
  assert_int_equal (kept, 10 * MS);
  for (int i = 0; i < 20000; i++) {
    inos_deadline_next (&deadline, now, 4 * MS);
    now += 10 * MS;
    inos_deadline_presented (&deadline, now, 10 * MS);
  }
  assert_in_range (inos_deadline_kept (&deadline), 2 * MS, 5 * MS);
}

/* Virtual outputs are drawn at once, unless somebody wants it otherwise. */
static void test_virtual (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_output *output = inos_output_active (compositor);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "org.example.Film", "Film");
  for (int i = 0; i < 20; i++) {
    window->color = RED + (uint32_t)i;
    window_draw (window);
    assert_int_equal (inos_repaint_due (output), 0);
    client_settle (client);
  }
  assert_int_equal (inos_repaint_kept (output), 0);
  inos_output_config_of (output)->render_time = 2;
  assert_int_equal (inos_repaint_kept (output), 2 * MS);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

/* With the clock of the wall a timer draws. */
static void test_timer (void **state)
{
  struct theatre *theatre = open_theatre (KEEP);
  inos_repaint_set_clock (theatre->output, NULL, NULL);
  theatre->clock = g_get_monotonic_time() * 1000;
  show (theatre, RED);
  blank (theatre);
  for (int tries = 0; tries < 1000; tries++) {
    int frames = theatre->stage->frames;
    theatre->clock = g_get_monotonic_time() * 1000;
    show (theatre, tries % 2 ? RED : BLUE);
    bool put_off = inos_repaint_due (theatre->output);
    while (theatre->stage->frames == frames)
      g_main_context_iteration (NULL, TRUE);
    theatre->clock = g_get_monotonic_time() * 1000;
    blank (theatre);
    if (put_off)
      break;
    assert_true (tries < 999);
  }
  close_theatre (theatre);
}

/* What hardware refused, being busy, comes on the screen though nothing else changes. */
static void test_refused (void **state)
{
  struct theatre *theatre = open_theatre ("[output DP-1]\nmax-render-time=off\n");
  int frames = theatre->stage->frames;
  theatre->stage->refuses = 3;
  show (theatre, BLUE);
  gint64 end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  while (theatre->stage->frames == frames && g_get_monotonic_time() < end)
    g_main_context_iteration (NULL, TRUE);
  assert_int_equal (theatre->stage->refuses, 0);
  settle (theatre);
  assert_int_equal (theatre->camera.screen, BLUE);
  close_theatre (theatre);
}

/* It is tried a few times and no more, until something changes. */
static void test_refused_for_good (void **state)
{
  enum { MANY = 1000 };
  struct theatre *theatre = open_theatre ("[output DP-1]\nmax-render-time=off\n");
  theatre->stage->refuses = MANY;
  show (theatre, BLUE);
  while (!inos_repaint_has_given_up (theatre->output))
    g_main_context_iteration (NULL, TRUE);
  assert_in_range (MANY - theatre->stage->refuses, 2, 20);
  theatre->stage->refuses = 0;
  show (theatre, RED);
  settle (theatre);
  assert_int_equal (theatre->camera.screen, RED);
  assert_false (inos_repaint_has_given_up (theatre->output));
  close_theatre (theatre);
}

static char *set_time (struct peer *peer, const char *time)
{
  return peer_call (peer, PATH "/output/DP_1", OUTPUT, "SetMaxRenderTime",
                    g_variant_new ("(s)", time));
}

static void test_bus (void **state)
{
  struct peer peer;
  struct inos_compositor *compositor = start_configured ("[output DP-1]\nmax-render-time=7\n");
  struct fake_output *stage = fake_output_plug (compositor, "DP-1");
  struct inos_output *output = inos_output_from_wlr (&stage->base);
  peer_begin (&peer, compositor);
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "MaxRenderTime"), "(<'7'>,)");
  assert_int_equal (inos_repaint_kept (output), 7 * MS);
  assert_answer (set_time (&peer, "off"), "()");
  assert_int_equal (inos_repaint_kept (output), 0);
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "MaxRenderTime"), "(<'off'>,)");
  assert_answer (set_time (&peer, "auto"), "()");
  assert_says (set_time (&peer, "soon"), "from 1 to 100");
  assert_says (set_time (&peer, "0"), "from 1 to 100");
  assert_says (set_time (&peer, "101"), "from 1 to 100");
  peer_end (&peer);
}

static void test_settings (void **state)
{
  g_autofree char *path = write_config ("[output DP-1]\nmax-render-time=-4\n");
  g_autoptr (GError) error = NULL;
  struct inos_config config;
  assert_false (inos_config_load (&config, path, &error));
  assert_int_equal (config.wrong_line, 2);
  assert_non_null (strstr (error->message, "[output DP-1] max-render-time must be auto, off or"));
  inos_config_finish (&config);
  unlink (path);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_newest),
    cmocka_unit_test (test_asked_once),
    cmocka_unit_test (test_learned),
    cmocka_unit_test (test_arithmetic),
    cmocka_unit_test (test_virtual),
    cmocka_unit_test (test_timer),
    cmocka_unit_test (test_bus),
    cmocka_unit_test (test_settings),
    cmocka_unit_test (test_off),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_refused_for_good),
  };
  return run_compositor_tests (tests);
}
