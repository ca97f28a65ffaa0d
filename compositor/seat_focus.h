/* What of a seat has the keyboard: a window, a menu of it, a layer surface or the locker. */
#pragma once

struct inos_seat;

void inos_seat_focus_init (struct inos_seat *seat);
void inos_seat_focus_finish (struct inos_seat *seat);

/* A layer surface that was clicked has the keyboard no longer before others. */
void inos_seat_forget_click (struct inos_seat *seat);
