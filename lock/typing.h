/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard on the lock screen as it is used: shown and hidden, pressed and held. It is made
 * when it is shown for the first time. */
#pragma once

#include "display.h"

struct inos_typing;

/* view: borrowed; its board and what is pressed of it are kept here. key: called with each that is
 * typed, as if it came from a keyboard. */
struct inos_typing *inos_typing_create (struct inos_view *view,
                                        void (*key) (const struct inos_key *key, void *data),
                                        void *data);
/* NULL does nothing. */
void inos_typing_destroy (struct inos_typing *typing);

/* Shows it, or hides it, where the machine has keymaps. */
void inos_typing_show (struct inos_typing *typing, bool shown);
/* A key of the keyboard is pressed, from INOS_PART_KEY on; Backspace repeats until it is let go. */
void inos_typing_press (struct inos_typing *typing, enum inos_part part);
/* Returns whether one was pressed. */
bool inos_typing_release (struct inos_typing *typing);
/* The other keyboard types in the layout of that name from now on. NULL: there is only one. */
void inos_typing_follow (struct inos_typing *typing, const char *layout);
