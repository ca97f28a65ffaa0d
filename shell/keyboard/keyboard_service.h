/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.inos.Shell1.Keyboard on the session bus.
 */

#include "keyboard.h"

typedef struct InosKeyboardService InosKeyboardService;

/* keyboard: belongs to the caller, and outlives this. */
InosKeyboardService *inos_keyboard_service_create (GDBusConnection *bus, InosKeyboard *keyboard);
void inos_keyboard_service_destroy (InosKeyboardService *self); /* self may be NULL */
/* It is on or off, raised or lowered. self may be NULL. */
void inos_keyboard_service_update (InosKeyboardService *self);
