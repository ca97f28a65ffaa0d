/* Bindings: keys, buttons and switches that ask for an action, in the mode that is on. */
#pragma once

#include "binding_table.h"
#include "keyboard.h"

/* The symbol of a key without any modifier, in the layout that is typed in. */
uint32_t inos_binding_plain_symbol (struct inos_keyboard *keyboard, uint32_t key);

/* A key went down. Returns true where it was a binding, which has then been done. */
bool inos_binding_press (struct inos_keyboard *keyboard, uint32_t key);
/* A key went up: a modifier that was pressed and released alone may be a binding. */
void inos_binding_release (struct inos_keyboard *keyboard, uint32_t key);
/* Something else happened in between: a modifier that is down is no longer alone. */
void inos_binding_forget_tap (struct inos_seat *seat);

/* A button went down, or the wheel turned by a step. Returns true where it was a binding. */
bool inos_binding_button (struct inos_seat *seat, uint32_t button);
bool inos_binding_scroll (struct inos_seat *seat, enum inos_scroll direction);
/* The action of what so many fingers do on a touchpad, to be freed; NULL where there is none. */
char *inos_binding_gesture (struct inos_seat *seat, enum inos_finger_move move, uint32_t fingers);
/* The pointer stays in a corner of an output. Returns true where that was a binding. */
bool inos_binding_corner (struct inos_seat *seat, const char *corner);
/* Whether turning the wheel there is a binding. */
bool inos_binding_has_scroll (struct inos_seat *seat, enum inos_scroll direction);

/* From now on the bindings of that mode count; "" for the usual ones. One that has no bindings is
 * logged and not entered. */
void inos_binding_set_mode (struct inos_seat *seat, const char *mode);
