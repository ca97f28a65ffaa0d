/* Workspaces: sets of windows of which one set is shown. */
#pragma once

#include "compositor.h"
#include "layout.h"

struct inos_workspace {
  char *name;
  enum inos_layout layout;
  GPtrArray *tiles; /* struct inos_view: those that the layout places, in its order */
  int offset;       /* px of a strip of columns that are to the left of the output */
};

/* Makes the workspaces that the configuration asks for. */
void inos_workspaces_init (struct inos_compositor *compositor);

/* Shows workspace `index`; one that does not exist is ignored. */
void inos_workspace_switch (struct inos_compositor *compositor, unsigned int index);

/* Gives it a name of at most 64 bytes; "" is its number again. Returns false for a longer one. */
bool inos_workspace_rename (struct inos_compositor *compositor, unsigned int index,
                            const char *name);

/* Whether the windows of workspace `index` are to be seen. */
bool inos_workspace_is_shown (struct inos_compositor *compositor, unsigned int index);

/* How many windows are on workspace `index`. */
unsigned int inos_workspace_count (struct inos_compositor *compositor, unsigned int index);
