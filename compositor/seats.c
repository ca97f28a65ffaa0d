#include "seats.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/log.h>

#include "layer_surface.h"
#include "popup.h"
#include "seat_devices.h"
#include "stack.h"
#include "view.h"

static bool is_taken (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (seat->index == index)
      return true;
  }
  return false;
}

static struct inos_seat *add (struct inos_compositor *compositor, const char *name)
{
  unsigned int index = 0;
  while (index < INOS_SEATS_MOST && is_taken (compositor, index))
    index++;
  if (index == INOS_SEATS_MOST)
    return NULL;
  struct inos_seat *seat = inos_seat_create (compositor, name, index);
  wl_list_insert (compositor->seats.prev, &seat->link);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    view->uses[index] = (struct inos_use){.view = view};
    wl_list_insert (seat->views.prev, &view->uses[index].link);
  }
  return seat;
}

void inos_seats_init (struct inos_compositor *compositor)
{
  compositor->seat = compositor->acting = add (compositor, INOS_MAIN_SEAT);
}

void inos_seats_finish (struct inos_compositor *compositor)
{
  struct inos_seat *seat, *next;
  compositor->seat = compositor->acting = NULL;
  wl_list_for_each_safe (seat, next, &compositor->seats, link) {
    wl_list_remove (&seat->link);
    inos_seat_destroy (seat);
  }
}

struct inos_seat *inos_seats_add (struct inos_compositor *compositor, const char *name)
{
  struct inos_seat *seat = inos_seats_find (compositor, name) ? NULL : add (compositor, name);
  if (!seat)
    return NULL;
  wlr_log (WLR_INFO, "seat %s: begins", name);
  /* The lock screen's input is everybody's, who comes later too. */
  inos_seat_refocus (seat);
  inos_seat_refresh_cursor (seat);
  wl_signal_emit_mutable (&compositor->events.input_change, compositor);
  return seat;
}

/* Windows that nobody else used are the main seat's to come back to. */
static void hand_over (struct inos_seat *seat)
{
  struct inos_use *use;
  wl_list_for_each (use, &seat->views, link) {
    bool own = false;
    for (unsigned int i = 0; i < INOS_SEATS_MOST; i++)
      own |= i != seat->index && use->view->uses[i].own;
    if (use->own && !own)
      use->view->uses[seat->compositor->seat->index].own = true;
  }
  struct inos_use *next;
  wl_list_for_each_safe (use, next, &seat->views, link) {
    wl_list_remove (&use->link);
    *use = (struct inos_use){0};
  }
}

void inos_seats_remove (struct inos_seat *seat)
{
  if (!seat || inos_seat_is_main (seat))
    return;
  struct inos_compositor *compositor = seat->compositor;
  wlr_log (WLR_INFO, "seat %s: ends", seat->wlr->name);
  if (compositor->acting == seat)
    compositor->acting = compositor->seat;
  inos_layer_forget_seat (seat);
  seat->leaving = true;
  inos_seat_devices_leave (seat);
  inos_seat_let_go (seat);
  inos_popups_forget_seat (seat);
  hand_over (seat);
  wl_list_remove (&seat->link);
  inos_seat_destroy (seat);
  if (compositor->ending)
    return;
  inos_seats_refocus (compositor);
  wl_signal_emit_mutable (&compositor->events.input_change, compositor);
}

struct inos_seat *inos_seats_find (struct inos_compositor *compositor, const char *name)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (g_str_equal (seat->wlr->name, name))
      return seat;
  }
  return NULL;
}

struct inos_seat *inos_seats_from_wlr (struct inos_compositor *compositor, struct wlr_seat *wlr)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (seat->wlr == wlr)
      return seat;
  }
  return compositor->seat;
}

bool inos_seat_is_main (const struct inos_seat *seat)
{
  return seat == seat->compositor->seat;
}

void inos_seat_act (struct inos_seat *seat)
{
  seat->compositor->acting = seat;
}

void inos_seats_refocus (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_seat_refocus (seat);
}

void inos_seats_refresh_cursor (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_seat_refresh_cursor (seat);
}

void inos_seats_refresh_cursor_later (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_seat_refresh_cursor_later (seat);
}

void inos_seats_let_go (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_seat_let_go (seat);
}

void inos_seats_forget_view (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link)
    inos_seat_forget_view (seat, view);
}

void inos_seats_add_view (struct inos_view *view, struct inos_seat *opener)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    struct inos_use *use = &view->uses[seat->index];
    *use = (struct inos_use){.view = view, .own = seat == opener};
    wl_list_insert (use->own ? &seat->views : seat->views.prev, &use->link);
  }
}

void inos_seats_remove_view (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    wl_list_remove (&view->uses[seat->index].link);
    view->uses[seat->index] = (struct inos_use){0};
  }
}

void inos_seats_use_last (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    wl_list_remove (&view->uses[seat->index].link);
    wl_list_insert (seat->views.prev, &view->uses[seat->index].link);
  }
}

void inos_seat_use_view (struct inos_seat *seat, struct inos_view *view)
{
  struct inos_use *use = &view->uses[seat->index];
  wl_list_remove (&use->link);
  wl_list_insert (&seat->views, &use->link);
  use->own = true;
}

/* Whether the view is a dialog of what the seat is at, or another window of that program. */
static bool is_at (const struct inos_seat *seat, struct inos_view *view)
{
  struct inos_view *active = seat->active;
  return active &&
         (inos_stack_parent (view) == active || inos_view_pid (active) == inos_view_pid (view));
}

/* Some programs, those with GTK 4 among them, know only the seats that were there when they
 * started. What they open for others would have nobody's keyboard. */
struct inos_seat *inos_seats_acting_for (struct inos_compositor *compositor,
                                         struct wl_client *client)
{
  struct inos_seat *acting = compositor->acting;
  return wlr_seat_client_for_wl_client (acting->wlr, client) ? acting : compositor->seat;
}

struct inos_seat *inos_seats_opener (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_seat *seat;
  if (is_at (compositor->acting, view))
    return compositor->acting;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (is_at (seat, view))
      return seat;
  }
  return view->surface
           ? inos_seats_acting_for (compositor, wl_resource_get_client (view->surface->resource))
           : compositor->acting;
}
