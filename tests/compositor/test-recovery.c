/* The renderer is lost: what was on the screen comes back without a word from anybody. */

#include <wlr/interfaces/wlr_buffer.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "said.h"
#include "verify.h"
#include "view.h"
#include "window_frame.h"

enum { RED = 0xff2010, GREEN = 0x10ff20 };

/* The last picture that an output showed. */
struct screen {
  struct wlr_buffer *buffer;
  unsigned int frames;
  struct wl_listener commit;
};

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, commit);
  const struct wlr_output_event_commit *event = data;
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  if (screen->buffer)
    wlr_buffer_unlock (screen->buffer);
  screen->buffer = wlr_buffer_lock (event->state->buffer);
  screen->frames++;
}

static void watch (struct screen *screen, struct inos_compositor *compositor)
{
  screen->commit.notify = handle_commit;
  wl_signal_add (&inos_output_active (compositor)->wlr->events.commit, &screen->commit);
}

static uint32_t pixel (struct screen *screen, int x, int y)
{
  void *data;
  uint32_t format, value;
  size_t stride;
  assert_true (wlr_buffer_begin_data_ptr_access (screen->buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ,
                                                 &data, &format, &stride));
  memcpy (&value, (uint8_t *)data + (size_t)y * stride + (size_t)x * 4, sizeof value);
  wlr_buffer_end_data_ptr_access (screen->buffer);
  return value & 0xffffff;
}

/* There have been `before` frames. */
static void next_frame (struct screen *screen, unsigned int before)
{
  for (int i = 0; i < 5000 && screen->frames == before; i++) {
    pump();
    g_usleep (1000);
  }
  assert_true (screen->frames > before);
}

static void lose (struct inos_compositor *compositor)
{
  struct wlr_renderer *before = compositor->renderer;
  wl_signal_emit_mutable (&before->events.lost, NULL);
  for (int i = 0; i < 1000 && compositor->renderer == before; i++)
    pump();
  assert_ptr_not_equal (compositor->renderer, before);
}

static struct inos_view *first_view (struct inos_compositor *compositor)
{
  struct inos_view *view = wl_container_of (compositor->views.next, view, link);
  return view;
}

static void test_windows_come_back (void **state)
{
  struct inos_compositor *compositor = start_configured ("[windows]\ntitle-bars = true\n");
  struct client *client = client_connect (compositor);
  struct screen screen = {0};
  watch (&screen, compositor);
  struct window *hidden = window_open (client, "hidden", "minimized");
  hidden->color = GREEN;
  window_draw (hidden);
  struct inos_view *hidden_view = first_view (compositor);
  inos_view_set_minimized (hidden_view, true);
  struct window *window = window_open (client, "test", "stays");
  window->color = RED;
  window_draw (window);
  struct inos_view *view = first_view (compositor);
  inos_frame_set (view, true);
  unsigned int drawn = screen.frames;
  wlr_output_schedule_frame (inos_output_active (compositor)->wlr);
  next_frame (&screen, drawn);
  assert_int_equal (pixel (&screen, view->x + 40, view->y + 40), RED);
  uint32_t title = pixel (&screen, view->x + 160, view->y - 20);
  assert_int_not_equal (title, 0);
  for (int i = 0; i < 5; i++) {
    int configures = window->configures;
    unsigned int frames = screen.frames;
    said_begin();
    lose (compositor);
    assert_said ("the graphics were reset: a new renderer draws the windows");
    said_end();
    next_frame (&screen, frames);
    assert_int_equal (screen.frames, frames + 1);
    assert_int_equal (pixel (&screen, view->x + 40, view->y + 40), RED);
    assert_int_equal (pixel (&screen, view->x + 160, view->y - 20), title);
    client_roundtrip (client);
    assert_int_equal (window->configures, configures);
  }
  drawn = screen.frames;
  inos_view_focus (hidden_view);
  next_frame (&screen, drawn);
  assert_int_equal (pixel (&screen, hidden_view->x + 40, hidden_view->y + 40), GREEN);
  /* And what is drawn from now on is seen. */
  hidden->color = RED;
  drawn = screen.frames;
  window_draw (hidden);
  next_frame (&screen, drawn);
  assert_int_equal (pixel (&screen, hidden_view->x + 40, hidden_view->y + 40), RED);
  assert_null (inos_verify_invariants (compositor));
  window_close (hidden);
  window_close (window);
  wlr_buffer_unlock (screen.buffer);
  wl_list_remove (&screen.commit.link);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

/* Its buffer is gone, as that of a program that drew once and let go: it is asked to draw. */
static void test_without_a_buffer (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "test", "let go");
  struct inos_view *view = first_view (compositor);
  /* What the renderer had made of it is all there was: as with a GPU. */
  struct wlr_surface *surface = view->surface;
  g_clear_pointer (&window->buffer, wl_buffer_destroy);
  client_roundtrip (client);
  g_assert_nonnull (surface->buffer->source);
  wl_signal_emit_mutable (&surface->buffer->source->events.destroy, NULL);
  int configures = window->configures;
  lose (compositor);
  client_wait_until (client, window->configures > configures);
  assert_int_equal (window->height, 199);
  window_draw (window);
  client_wait_until (client, window->height == 200);
  window_draw (window);
  assert_int_equal (inos_view_box (view).height, 200);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_windows_come_back),
    cmocka_unit_test (test_without_a_buffer),
  };
  return run_compositor_tests (tests);
}
