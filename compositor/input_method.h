/* input-method: one program that composes text for all others: Chinese, Japanese, an on-screen
 * keyboard. It may take the keyboard, and shows its popups at the text's cursor. */
#pragma once

#include "keyboard.h"

void *inos_input_method_create (struct inos_compositor *compositor, int version);
void inos_input_method_destroy (void *state);

/* Another text field is active, or it says something new: tells the input method. */
void inos_input_method_update (struct inos_compositor *compositor);
/* The active text field starts anew: what the input method composed for it is void. */
void inos_input_method_restart (struct inos_compositor *compositor);

/* Gives a key or the modifiers of `keyboard` to the input method. Returns false where it has not
 * asked for them, or where the keyboard is its own. */
bool inos_input_method_key (struct inos_keyboard *keyboard,
                            const struct wlr_keyboard_key_event *event);
bool inos_input_method_modifiers (struct inos_keyboard *keyboard);
