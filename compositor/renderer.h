/* What draws: OpenGL where a GPU does the work, else pixman, which is faster than OpenGL in
 * software. */
#pragma once

#include <stdbool.h>

struct wlr_backend;
struct wlr_renderer;

/* NULL where none can be had. WLR_RENDERER in the environment decides instead. */
struct wlr_renderer *inos_renderer_create (struct wlr_backend *backend);

/* Whether the processor does the drawing. */
bool inos_renderer_is_software (struct wlr_renderer *renderer);
