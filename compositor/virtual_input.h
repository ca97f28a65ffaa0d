/* Keyboards and pointers that a program makes: remote desktops, on-screen keyboards, tests. */
#pragma once

#include "compositor.h"

void *inos_virtual_keyboard_create (struct inos_compositor *compositor, int version);
void inos_virtual_keyboard_destroy (void *state);

void *inos_virtual_pointer_create (struct inos_compositor *compositor, int version);
void inos_virtual_pointer_destroy (void *state);
