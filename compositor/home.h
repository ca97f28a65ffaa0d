/* Where windows belong: an output that goes and comes back gets its windows back at their places.
 *
 * A window whose output leaves the layout (unplugged, or switched off for good) is brought to
 * another one, and remembers the place that it had. What the compositor itself does to it meanwhile
 * changes nothing about that; what anybody else does lets it stay where it was put. Windows also
 * follow an output that moves within the layout. */
#pragma once

#include "view.h"

struct inos_homes;

struct inos_homes *inos_homes_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_homes_destroy (struct inos_homes *homes);

/* In between windows are moved by the compositor and not by a person. These nest. */
void inos_homes_hold (struct inos_compositor *compositor);
void inos_homes_release (struct inos_compositor *compositor);

/* The output is about to leave: its windows go to another one. */
void inos_homes_leave (struct inos_output *output);

/* Outputs came, went or moved in the layout: windows go with theirs, and before the next frame
 * those of an output that is back return to it. */
void inos_homes_follow (struct inos_compositor *compositor);

/* The view is no longer there. */
void inos_home_forget (struct inos_view *view);
