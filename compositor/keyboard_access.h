/* The seat's keyboards with key_access.h between them and the seat, where the settings ask for it.
 */
#pragma once

#include "seat.h"

/* Whether it is as the settings say. */
bool inos_keyboard_access_is_current (struct inos_seat *seat);
/* Starts, changes or ends it as the settings say. The keyboards must leave and join around it. */
void inos_keyboard_access_configure (struct inos_seat *seat);
void inos_keyboard_access_finish (struct inos_seat *seat);

/* Whether keys go through it. */
bool inos_keyboard_access_is_on (struct inos_seat *seat);
/* What it types with: a keyboard of the group. NULL where it is off. */
struct wlr_keyboard *inos_keyboard_access_keyboard (struct inos_seat *seat);
/* A key of a real keyboard, where it is on. */
void inos_keyboard_access_key (struct inos_seat *seat, uint32_t code, bool down);
