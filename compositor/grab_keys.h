/* Moving and resizing a window with the arrow keys: they move the pointer, and it the window, so
 * that edges resist and snap as they do with a mouse. Return, or a click, ends it, and Escape takes
 * it back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inos_keyboard;
struct inos_view;

/* Begins it at the seat that acts. Does nothing where the window fills its output, cannot be
 * resized, is not shown, or where a pointer is at something already. */
void inos_grab_keys_begin (struct inos_view *view, bool resizes);

/* A key of linux/input-event-codes.h goes down. Returns true when it goes no further. */
bool inos_grab_keys_press (struct inos_keyboard *keyboard, uint32_t key);
