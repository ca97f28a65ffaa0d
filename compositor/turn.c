#include "turn.h"

#include <glib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "each_frame.h"

struct inos_turns {
  struct wl_display *display;
  struct wl_event_loop *loop;
  struct wl_list waiting; /* inos_turn.link */
  bool running, hurried;
  uint32_t told;                  /* ms, by the device's clock: when a client was last told */
  struct wl_event_source *idle;   /* may be NULL: nobody waits for the end of this dispatch */
  int again;                      /* an eventfd that ends the next wait, -1 until it is needed */
  struct wl_event_source *source; /* may be NULL likewise */
};

static void on_idle (void *data);

static void run_at_the_end (struct inos_turns *turns)
{
  if (!turns->idle)
    turns->idle = wl_event_loop_add_idle (turns->loop, on_idle, turns);
}

static int on_again (int fd, uint32_t mask, void *data)
{
  eventfd_t times;
  eventfd_read (fd, &times);
  run_at_the_end (data);
  return 0;
}

static bool make_again (struct inos_turns *turns)
{
  if (turns->again < 0)
    turns->again = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (turns->again >= 0 && !turns->source)
    turns->source =
      wl_event_loop_add_fd (turns->loop, turns->again, WL_EVENT_READABLE, on_again, turns);
  return turns->source;
}

/* The loop looks for what has come, and then goes on with who waits. */
static void go_round (struct inos_turns *turns)
{
  if (!make_again (turns) || eventfd_write (turns->again, 1) < 0)
    run_at_the_end (turns);
}

INOS_EACH_FRAME static void on_idle (void *data)
{
  struct inos_turns *turns = data;
  turns->idle = NULL;
  if (wl_list_empty (&turns->waiting))
    return;
  if (turns->hurried)
    inos_turns_flush (turns);
  struct inos_turn *turn = wl_container_of (turns->waiting.next, turn, link);
  inos_turn_leave (turn);
  turns->running = true;
  turn->run (turn->data);
  turns->running = false;
  if (!wl_list_empty (&turns->waiting))
    go_round (turns);
}

void inos_turns_hurry (struct inos_turns *turns)
{
  turns->hurried = true;
}

void inos_turns_tell (struct inos_turns *turns, struct wl_client *client, uint32_t time)
{
  if (!client || time == turns->told)
    return;
  turns->told = time;
  wl_client_flush (client);
}

INOS_EACH_FRAME void inos_turns_flush (struct inos_turns *turns)
{
  turns->hurried = false;
  wl_display_flush_clients (turns->display);
}

INOS_EACH_FRAME void inos_turn_take (struct inos_turns *turns, struct inos_turn *turn)
{
  if (turn->link.next)
    return;
  bool alone = wl_list_empty (&turns->waiting);
  wl_list_insert (turns->waiting.prev, &turn->link);
  if (alone && !turns->running)
    run_at_the_end (turns);
}

INOS_EACH_FRAME void inos_turn_leave (struct inos_turn *turn)
{
  if (!turn->link.next)
    return;
  wl_list_remove (&turn->link);
  turn->link = (struct wl_list){0};
}

struct inos_turns *inos_turns_create (struct wl_display *display)
{
  struct inos_turns *turns = g_new0 (struct inos_turns, 1);
  turns->display = display;
  turns->loop = wl_display_get_event_loop (display);
  turns->again = -1;
  wl_list_init (&turns->waiting);
  return turns;
}

void inos_turns_destroy (struct inos_turns *turns)
{
  if (!turns)
    return;
  if (turns->idle)
    wl_event_source_remove (turns->idle);
  if (turns->source)
    wl_event_source_remove (turns->source);
  if (turns->again >= 0)
    close (turns->again);
  g_free (turns);
}
