/* Drawing one frame of an output. */
#pragma once

#include "output.h"

/* Draws what has changed, and nothing where nothing has. */
void inos_output_draw (struct inos_output *output);

struct wlr_output_event_commit;

/* A frame is on the screen: programs that copy it get a picture without what is private. To be
 * called before they hear of the frame. */
void inos_output_censor (struct inos_output *output, const struct wlr_output_event_commit *event);
