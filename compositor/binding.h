/* Key bindings: combinations of keys and the actions that they stand for. */
#pragma once

#include "keyboard.h"

struct inos_bindings;

/* Makes the table from the defaults and the configuration; what cannot be understood is logged
 * and left out. */
struct inos_bindings *inos_bindings_create (const struct inos_config *config);
void inos_bindings_destroy (struct inos_bindings *bindings);

/* A key went down. Returns true where it was a binding, which has then been done. */
bool inos_binding_press (struct inos_keyboard *keyboard, uint32_t key);
/* A key went up: a modifier that was pressed and released alone may be a binding. */
void inos_binding_release (struct inos_keyboard *keyboard, uint32_t key);
/* Something else happened in between: a modifier that is down is no longer alone. */
void inos_binding_forget_tap (struct inos_seat *seat);
