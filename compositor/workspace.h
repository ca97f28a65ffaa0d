/* Workspaces: sets of windows of which one set is shown. */
#pragma once

#include "compositor.h"

struct inos_workspace {
  char *name;
};

/* Makes the workspaces that the configuration asks for. */
void inos_workspaces_init (struct inos_compositor *compositor);

/* Shows workspace `index`; one that does not exist is ignored. */
void inos_workspace_switch (struct inos_compositor *compositor, unsigned int index);

/* Whether the windows of workspace `index` are to be seen. */
bool inos_workspace_is_shown (struct inos_compositor *compositor, unsigned int index);

/* How many windows are on workspace `index`. */
unsigned int inos_workspace_count (struct inos_compositor *compositor, unsigned int index);
