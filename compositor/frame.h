/* Drawing one frame of an output. */
#pragma once

#include "output.h"

/* Whether anything has changed since the last frame. */
bool inos_output_has_changed (struct inos_output *output);

/* The window that fills the output and is shown, or NULL. */
struct inos_view *inos_output_fullscreen (struct inos_output *output);

/* Whether the window that fills the output would rather be early than whole: a game. */
bool inos_output_may_tear (struct inos_output *output);

/* Draws what has changed, and nothing where nothing has. */
void inos_output_draw (struct inos_output *output);

struct wlr_output_event_commit;

/* A frame is on the screen: programs that copy it get a picture without what is private. To be
 * called before they hear of the frame. */
void inos_output_censor (struct inos_output *output, const struct wlr_output_event_commit *event);
