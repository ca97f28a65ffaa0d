/* Workspaces: sets of windows of which one set is shown. */
#pragma once

#include "compositor.h"
#include "layout.h"

struct inos_output;

enum { INOS_WORKSPACES_MOST = 16 };

struct inos_workspace {
  char *name;
  enum inos_layout layout;
  GPtrArray *tiles;           /* struct inos_view: those that the layout places, in its order */
  struct inos_output *output; /* that shows it or did last; compared with those that are there */
  int offset;                 /* px of a strip of columns that are to the left of the output */
  unsigned int last_column;   /* the number that a column got last */
  unsigned int centred;       /* the column that a person wants in the middle; 0: none */
};

/* Makes the workspaces that the configuration asks for. */
void inos_workspaces_init (struct inos_compositor *compositor);

/* The settings are others than before: how many there are, what they are called, how they lay out,
 * whether each output has its own. No window goes out of sight. */
void inos_workspaces_configure (struct inos_compositor *compositor,
                                const struct inos_config *before);

/* Shows workspace `index`; one that does not exist is ignored. */
void inos_workspace_switch (struct inos_compositor *compositor, unsigned int index);

/* Gives it a name of at most 64 bytes; "" is its number again. Returns false for a longer one. */
bool inos_workspace_rename (struct inos_compositor *compositor, unsigned int index,
                            const char *name);

/* Whether the windows of workspace `index` are to be seen. */
bool inos_workspace_is_shown (struct inos_compositor *compositor, unsigned int index);

/* Where each output has its own: the output that shows workspace `index`, or that it comes back to.
 * NULL where all share one, or there is no output. */
struct inos_output *inos_workspace_output (struct inos_compositor *compositor, unsigned int index);

/* The one that new windows on that output belong to. output: may be NULL. */
unsigned int inos_workspace_of_output (struct inos_compositor *compositor,
                                       struct inos_output *output);

/* Gives a new output a workspace of its own, for where each output has one. */
void inos_workspace_give (struct inos_output *output);

/* Brings the windows of a workspace to the output that shows it, where each output has its own. */
void inos_workspace_settle (struct inos_compositor *compositor, unsigned int index);

/* Where each output has its own, outputs came or went: what is shown is drawn, and nothing else. */
void inos_workspaces_outputs_changed (struct inos_compositor *compositor);

/* Windows came, went or moved: dynamic workspaces grow and shrink, and those who watch are told. */
void inos_workspaces_changed (struct inos_compositor *compositor);
/* Only the first of that. */
void inos_workspaces_fit (struct inos_compositor *compositor);

/* How many windows are on workspace `index`. */
unsigned int inos_workspace_count (struct inos_compositor *compositor, unsigned int index);

/* Gives workspace `index` the place `to` in the order; its windows stay on it. Returns false where
 * either does not exist. */
bool inos_workspace_move (struct inos_compositor *compositor, unsigned int index, unsigned int to);

/* Where each output has a workspace of its own: shows `index` on that one; an output that showed it
 * takes what was there. Returns false where there is no such workspace, all share one, or the
 * output is off. */
bool inos_workspace_show_on (struct inos_compositor *compositor, unsigned int index,
                             struct inos_output *output);
