/* xdg-dialog: a window may say that it is a modal dialog of its parent. */
#pragma once

#include "compositor.h"

void *inos_xdg_dialog_create (struct inos_compositor *compositor, int version);
void inos_xdg_dialog_destroy (void *state);
