/* What comes first when there is input and a picture to draw. */

#include <poll.h>
#include <wlr/types/wlr_output.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "listener.h"
#include "output.h"
#include "turn.h"
#include "view.h"

/* Who sees a picture being drawn, before it is on the screen. */
struct witness {
  struct client *client;
  struct wl_listener drawn;
  int pictures;
  bool told[4];                         /* by then, the client of what it was to hear */
  void (*then) (struct client *client); /* may be NULL: what happens while the first is drawn */
};

static bool has_mail (struct client *client)
{
  struct pollfd fd = {.fd = wl_display_get_fd (client->display), .events = POLLIN};
  return poll (&fd, 1, 0) > 0;
}

static void handle_drawn (struct wl_listener *listener, void *data)
{
  struct witness *witness = wl_container_of (listener, witness, drawn);
  const struct wlr_output_event_precommit *event = data;
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  if (witness->pictures < (int)G_N_ELEMENTS (witness->told))
    witness->told[witness->pictures] = has_mail (witness->client);
  if (witness->pictures++ == 0 && witness->then)
    witness->then (witness->client);
}

static struct inos_output *nth_output (struct inos_compositor *compositor, int n)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (n-- == 0)
      return output;
  }
  return NULL;
}

static bool all_rest (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->wlr->frame_pending || output->wlr->needs_frame || output->wlr->idle_frame)
      return false;
  }
  return true;
}

/* Until nothing is being drawn, nor is to be. */
static void let_rest (struct inos_compositor *compositor)
{
  while (!all_rest (compositor))
    g_main_context_iteration (NULL, TRUE);
  pump();
}

struct mouse {
  struct wlr_pointer pointer;
  struct wl_listener commit;
};

/* In the very moment in which the window has drawn. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct mouse *mouse = wl_container_of (listener, mouse, commit);
  move_by (&mouse->pointer, 1, 0);
}

static void test_motion_is_sent_before_a_picture_is_drawn (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "org.example.Game", "Game");
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 1);
  struct wl_pointer *pointer = wl_seat_get_pointer (seat);
  struct mouse mouse = {0};
  add_pointer (compositor, &mouse.pointer);
  inos_view_set_fullscreen (inos_view_focused (compositor), true, NULL);
  client_roundtrip (client);
  window_draw (window);
  move_to (compositor->seat, &mouse.pointer, 400, 300);
  wl_pointer_set_cursor (pointer, 0, NULL, 0, 0);
  client_roundtrip (client);
  let_rest (compositor);
  client_roundtrip (client);
  assert_false (has_mail (client));

  struct witness witness = {.client = client};
  CONNECT_TO (&nth_output (compositor, 0)->wlr->events.precommit, &witness, drawn);
  CONNECT_TO (&compositor->events.surface_commit, &mouse, commit);
  wl_surface_attach (window->surface, window->buffer, 0, 0);
  wl_surface_damage (window->surface, 0, 0, 9999, 9999);
  wl_surface_commit (window->surface);
  wl_display_flush (client->display);
  while (witness.pictures == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_true (witness.told[0]);

  DISCONNECT (witness.drawn);
  DISCONNECT (mouse.commit);
  wlr_pointer_finish (&mouse.pointer);
  wl_pointer_destroy (pointer);
  wl_seat_destroy (seat);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

static void on_done (void *data, struct wl_callback *callback, uint32_t serial)
{
  wl_callback_destroy (callback);
}

static void ask (struct client *client)
{
  static const struct wl_callback_listener listener = {on_done};
  wl_callback_add_listener (wl_display_sync (client->display), &listener, NULL);
  wl_display_flush (client->display);
}

/* Several monitors that are due at the same time do not make who asks wait for all of them. */
static void test_what_comes_between_two_pictures_is_answered (void **state)
{
  struct inos_compositor *compositor = start_compositor (3);
  struct client *client = client_connect (compositor);
  struct witness witness = {.client = client, .then = ask};
  let_rest (compositor);
  client_roundtrip (client);
  assert_false (has_mail (client));
  CONNECT_TO (&nth_output (compositor, 0)->wlr->events.precommit, &witness, drawn);
  struct witness others[2] = {{.client = client}, {.client = client}};
  for (int i = 0; i < 2; i++)
    CONNECT_TO (&nth_output (compositor, i + 1)->wlr->events.precommit, &others[i], drawn);
  for (int i = 0; i < 3; i++) {
    struct wlr_output *wlr = nth_output (compositor, i)->wlr;
    wlr->needs_frame = true;
    wlr_output_schedule_frame (wlr);
  }
  while (!witness.pictures || !others[0].pictures || !others[1].pictures)
    g_main_context_iteration (NULL, TRUE);
  assert_true (others[0].told[0]);
  assert_true (others[1].told[0]);
  DISCONNECT (witness.drawn);
  for (int i = 0; i < 2; i++)
    DISCONNECT (others[i].drawn);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

struct worker {
  struct inos_turns *turns;
  struct inos_turn turn, *leaves; /* the latter may be NULL */
  int runs, again;
};

static void run_worker (void *data)
{
  struct worker *worker = data;
  worker->runs++;
  if (worker->again-- > 0)
    inos_turn_take (worker->turns, &worker->turn);
  if (worker->leaves)
    inos_turn_leave (worker->leaves);
}

/* Who waits may leave, or ask again from within its turn, and each is run as often as it asked. */
static void test_order (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  let_rest (compositor);
  struct worker workers[3] = {0};
  for (int i = 0; i < 3; i++) {
    workers[i].turns = compositor->turns;
    workers[i].turn = (struct inos_turn){.run = run_worker, .data = &workers[i]};
  }
  workers[0].again = 3;
  workers[0].leaves = &workers[2].turn;
  for (int i = 0; i < 3; i++)
    inos_turn_take (compositor->turns, &workers[i].turn);
  inos_turn_take (compositor->turns, &workers[1].turn);
  pump();
  assert_int_equal (workers[0].runs, 4);
  assert_int_equal (workers[1].runs, 1);
  assert_int_equal (workers[2].runs, 0);
  inos_turn_take (compositor->turns, &workers[2].turn);
  inos_turn_leave (&workers[2].turn);
  inos_turn_leave (&workers[2].turn);
  pump();
  assert_int_equal (workers[2].runs, 0);
  inos_turn_take (compositor->turns, &workers[2].turn);
  pump();
  assert_int_equal (workers[2].runs, 1);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_motion_is_sent_before_a_picture_is_drawn),
    cmocka_unit_test (test_what_comes_between_two_pictures_is_answered),
    cmocka_unit_test (test_order),
  };
  return run_compositor_tests (tests);
}
