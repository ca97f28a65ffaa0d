/* text-input: the text fields of programs, which an input method writes into. */
#pragma once

#include "seat.h"

struct wlr_text_input_v3;

void *inos_text_input_create (struct inos_compositor *compositor, int version);
void inos_text_input_destroy (void *state);

/* The text field that has the keyboard and wants an input method, or NULL. */
struct wlr_text_input_v3 *inos_text_input_active (struct inos_compositor *compositor);

/* The keyboard went to `surface`, which may be NULL: tells the text fields which of them is
 * focused, whether or not there is an input method. */
void inos_text_input_follow_focus (struct inos_compositor *compositor, struct wlr_surface *surface);
