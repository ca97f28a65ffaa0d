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
  bool told; /* the client of what it was to hear, by the first of them */
  int then;  /* 0, or a descriptor that becomes readable while that is drawn */
};

/* A window on the first output, with a mouse on it that hardware moves. */
struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct wl_seat *seat;
  struct wl_pointer *wl_pointer;
  struct wlr_pointer mouse;
  int hardware[2]; /* a pipe: what is written there moves the mouse */
  struct wl_event_source *source;
  struct wl_listener commit;
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
  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER) || witness->pictures++ > 0)
    return;
  witness->told = has_mail (witness->client);
  if (witness->then)
    assert_int_equal (write (witness->then, "m", 1), 1);
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

static int on_hardware (int fd, uint32_t mask, void *data)
{
  struct desk *desk = data;
  char byte;
  assert_int_equal (read (fd, &byte, 1), 1);
  move_by (&desk->mouse, 1, 0);
  return 0;
}

static void open_desk (struct desk *desk, int outputs)
{
  *desk = (struct desk){.compositor = start_compositor (outputs)};
  desk->client = client_connect (desk->compositor);
  desk->window = window_open (desk->client, "org.example.Game", "Game");
  desk->seat = client_bind (desk->client, &wl_seat_interface, 1);
  desk->wl_pointer = wl_seat_get_pointer (desk->seat);
  add_pointer (desk->compositor, &desk->mouse);
  inos_view_set_fullscreen (inos_view_focused (desk->compositor), true,
                            nth_output (desk->compositor, 0));
  client_roundtrip (desk->client);
  window_draw (desk->window);
  move_to (desk->compositor->seat, &desk->mouse, 400, 300);
  assert_int_equal (pipe (desk->hardware), 0);
  desk->source = wl_event_loop_add_fd (desk->compositor->loop, desk->hardware[0], WL_EVENT_READABLE,
                                       on_hardware, desk);
  client_roundtrip (desk->client);
  let_rest (desk->compositor);
  client_roundtrip (desk->client);
  assert_false (has_mail (desk->client));
}

static void close_desk (struct desk *desk)
{
  DISCONNECT (desk->commit);
  wl_event_source_remove (desk->source);
  close (desk->hardware[0]);
  close (desk->hardware[1]);
  wlr_pointer_finish (&desk->mouse);
  wl_pointer_destroy (desk->wl_pointer);
  wl_seat_destroy (desk->seat);
  window_close (desk->window);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
}

/* The mouse moves in the very moment in which the window has drawn. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct desk *desk = wl_container_of (listener, desk, commit);
  move_by (&desk->mouse, 1, 0);
}

static void test_motion_is_sent_before_a_picture_is_drawn (void **state)
{
  struct desk desk;
  open_desk (&desk, 1);
  struct witness witness = {.client = desk.client};
  CONNECT_TO (&nth_output (desk.compositor, 0)->wlr->events.precommit, &witness, drawn);
  CONNECT_TO (&desk.compositor->events.surface_commit, &desk, commit);
  wl_surface_attach (desk.window->surface, desk.window->buffer, 0, 0);
  wl_surface_damage (desk.window->surface, 0, 0, 9999, 9999);
  wl_surface_commit (desk.window->surface);
  wl_display_flush (desk.client->display);
  while (witness.pictures == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_true (witness.told);
  DISCONNECT (witness.drawn);
  close_desk (&desk);
}

/* Several monitors that are due at the same time do not make the mouse wait for all of them. */
static void test_motion_is_sent_between_two_pictures (void **state)
{
  struct desk desk;
  struct witness witness[3];
  open_desk (&desk, 3);
  for (int i = 0; i < 3; i++) {
    struct wlr_output *wlr = nth_output (desk.compositor, i)->wlr;
    witness[i] = (struct witness){.client = desk.client, .then = i == 0 ? desk.hardware[1] : 0};
    CONNECT_TO (&wlr->events.precommit, &witness[i], drawn);
    wlr->needs_frame = true;
    wlr_output_schedule_frame (wlr);
  }
  while (!witness[0].pictures || !witness[1].pictures || !witness[2].pictures)
    g_main_context_iteration (NULL, TRUE);
  assert_false (witness[0].told);
  assert_true (witness[1].told);
  assert_true (witness[2].told);
  for (int i = 0; i < 3; i++)
    DISCONNECT (witness[i].drawn);
  close_desk (&desk);
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
    cmocka_unit_test (test_motion_is_sent_between_two_pictures),
    cmocka_unit_test (test_order),
  };
  return run_compositor_tests (tests);
}
