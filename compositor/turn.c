#include "turn.h"

#include <glib.h>

struct inos_turns {
  struct wl_display *display;
  struct wl_list waiting; /* inos_turn.link */
  bool hurried;
  uint32_t told; /* ms, by the clock of the device: when a client was last told at once */
};

bool inos_turns_wait (const struct inos_turns *turns)
{
  return !wl_list_empty (&turns->waiting);
}

void inos_turns_run (struct inos_turns *turns)
{
  if (wl_list_empty (&turns->waiting))
    return;
  if (turns->hurried)
    inos_turns_flush (turns);
  struct inos_turn *turn = wl_container_of (turns->waiting.next, turn, link);
  inos_turn_leave (turn);
  turn->run (turn->data);
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

void inos_turns_flush (struct inos_turns *turns)
{
  turns->hurried = false;
  wl_display_flush_clients (turns->display);
}

void inos_turn_take (struct inos_turns *turns, struct inos_turn *turn)
{
  if (!turn->link.next)
    wl_list_insert (turns->waiting.prev, &turn->link);
}

void inos_turn_leave (struct inos_turn *turn)
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
  wl_list_init (&turns->waiting);
  return turns;
}

void inos_turns_destroy (struct inos_turns *turns)
{
  g_free (turns);
}
