/* Alt+Tab: goes through the windows in the order in which they were used. */
#pragma once

#include "seat.h"

/* Shows the next (step 1) or previous (step -1) window; the order stays until accept. */
void inos_switcher_step (struct inos_seat *seat, int step);
/* The modifier was released: the window that is shown becomes the most recently used. */
void inos_switcher_accept (struct inos_seat *seat);
