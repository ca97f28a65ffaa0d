/* The seats: the main one, which there always is, and further ones for further people.
 *
 * What is asked for without saying for whom, over D-Bus or by a program that starts, is done for
 * the seat that somebody used last. What there can be only one of follows the main seat. */
#pragma once

#include "seat.h"

struct wlr_input_device;
struct wlr_seat;

/* For the whole compositor: makes the main seat, frees all. */
void inos_seats_init (struct inos_compositor *compositor);
void inos_seats_finish (struct inos_compositor *compositor);

/* Makes a further seat. Returns NULL where there are INOS_SEATS_MOST, or one has that name. */
struct inos_seat *inos_seats_add (struct inos_compositor *compositor, const char *name);
/* Ends a further seat with all that is going on in it; windows stay. NULL does nothing. */
void inos_seats_remove (struct inos_seat *seat);

/* NULL where there is none. */
struct inos_seat *inos_seats_find (struct inos_compositor *compositor, const char *name);
/* wlr: may be NULL. Returns the main seat where it is none of ours. */
struct inos_seat *inos_seats_from_wlr (struct inos_compositor *compositor, struct wlr_seat *wlr);
bool inos_seat_is_main (const struct inos_seat *seat);

/* Somebody pressed something: the seat is now the one that was used last. */
void inos_seat_act (struct inos_seat *seat);

/* What seat.h and others do to one seat, to all. */
void inos_seats_refocus (struct inos_compositor *compositor);
void inos_seats_refresh_cursor (struct inos_compositor *compositor);
void inos_seats_refresh_cursor_later (struct inos_compositor *compositor);
void inos_seats_let_go (struct inos_compositor *compositor);
void inos_seats_forget_view (struct inos_view *view);

/* The orders in which each seat used the windows: the view comes into and leaves them. opener: the
 * seat that it opens for. */
void inos_seats_add_view (struct inos_view *view, struct inos_seat *opener);
void inos_seats_remove_view (struct inos_view *view);
/* To the end of each: the last that anybody comes back to. */
void inos_seats_use_last (struct inos_view *view);
/* The seat used the view. */
void inos_seat_use_view (struct inos_seat *seat, struct inos_view *view);

/* The seat that was used last, where the program has bound it; else the main one. */
struct inos_seat *inos_seats_acting_for (struct inos_compositor *compositor,
                                         struct wl_client *client);
/* The seat whose person opens the view, as far as one can tell. */
struct inos_seat *inos_seats_opener (struct inos_view *view);
