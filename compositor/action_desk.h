/* Actions that go about the desk by direction, and those of a scrolling strip: rows of the table in
 * action.c. What cannot be done, or is asked for in other words, does nothing. */
#pragma once

#include "compositor.h"

#define INOS_ACT(what)                                                                             \
  void inos_act_##what (struct inos_compositor *compositor, const char *name, const char *argument)

/* left, right, up, down: at the end of an output on to the next one. */
INOS_ACT (focus);
INOS_ACT (focus_output);
INOS_ACT (move_to_output);
/* next, previous or a number; the person goes with the window. */
INOS_ACT (take_to_workspace);

INOS_ACT (column_centre);
/* left, right. */
INOS_ACT (column_move);
INOS_ACT (consume_or_expel);
/* next, previous or hundredths of the output. */
INOS_ACT (column_width);
INOS_ACT (consume);
INOS_ACT (expel);
