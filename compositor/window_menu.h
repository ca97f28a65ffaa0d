/* The menu of a window: what a person can do with it, for windows without buttons and hands without
 * a mouse. A program asks for it where it draws its title bar, Alt+space opens it, and so does a
 * press with the right button on a title bar of ours. While it is open it has the keyboard, the
 * pointer and the fingers, and no program hears of them. */
#pragma once

#include "keyboard.h"
#include "seat.h"

struct wlr_seat_client;

/* Opens it at a point of the layout, or beside that where there is no room. selected: the first
 * entry is chosen, for it is used with the keyboard. Does nothing where the view is not shown or
 * the session is locked. */
void inos_window_menu_open (struct inos_view *view, double x, double y, bool selected);
/* The window whose menu is open, or NULL. */
struct inos_view *inos_window_menu_view (struct inos_seat *seat);
/* Does nothing where it is not open. */
void inos_window_menu_close (struct inos_seat *seat);

/* The program asks for it at a point of the window geometry, by the event with that serial. */
void inos_window_menu_request (struct inos_view *view, struct wlr_seat_client *client,
                               uint32_t serial, double x, double y);

/* Each returns true where the menu is open, whose event it then was. A button or a finger goes
 * down, the seat's cursor is elsewhere, the button or the finger is up, a key goes down. */
bool inos_window_menu_press (struct inos_seat *seat);
bool inos_window_menu_motion (struct inos_seat *seat);
bool inos_window_menu_release (struct inos_seat *seat);
bool inos_window_menu_key (struct inos_keyboard *keyboard, uint32_t key);
