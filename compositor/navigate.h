/* Going about the desk by direction: to the window, the output or the workspace on that side. */
#pragma once

#include "view.h"

/* "left", "right", "up", "down" to an edge, 0 for anything else. Returns enum wlr_edges. */
uint32_t inos_navigate_edge (const char *name);

/* The nearest window on that side of `view` that is on its output and may have the keyboard, also
 * where a strip of columns goes on beyond the edge; NULL where there is none. */
struct inos_view *inos_navigate_view (struct inos_view *view, uint32_t edge);

/* The output on that side of `output`, or NULL. output: may be NULL. */
struct inos_output *inos_navigate_output (struct inos_output *output, uint32_t edge);

/* Brings the pointer of the acting seat to the middle of the output, and the keyboard to the window
 * there that was used last; without one the keyboard stays where it is. */
void inos_navigate_to_output (struct inos_output *output);

/* Takes the window to the output, to the same place on it. What is laid out is laid out there. */
void inos_navigate_take (struct inos_view *view, struct inos_output *output);

/* "next", "previous" or a number from 1 to an index; those that another output shows are passed
 * over. Returns UINT_MAX where there is none such. */
unsigned int inos_navigate_workspace (struct inos_compositor *compositor, const char *name);
