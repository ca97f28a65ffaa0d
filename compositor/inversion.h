/* Turns the colours of a drawn buffer round, with the renderer that drew it. */
#pragma once

#include <stdbool.h>
#include <wayland-server-core.h>

struct wlr_buffer;
struct wlr_renderer;

struct inos_inversion {
  bool on;
  bool refused;                  /* it was said that the renderer cannot do it */
  struct wlr_renderer *renderer; /* may be NULL: the one that `program` is of */
  unsigned int program;

  struct wl_listener renderer_gone;
};

/* Does nothing where it is not on, or not possible, which is logged once. Returns false where the
 * buffer could not be drawn to. */
bool inos_inversion_apply (struct inos_inversion *inversion, struct wlr_renderer *renderer,
                           struct wlr_buffer *buffer);

void inos_inversion_finish (struct inos_inversion *inversion);
