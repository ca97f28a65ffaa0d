/* ext-workspace: panels list the workspaces and switch between them. */
#pragma once

#include "compositor.h"

void *inos_ext_workspace_create (struct inos_compositor *compositor, int version);
void inos_ext_workspace_destroy (void *state);
