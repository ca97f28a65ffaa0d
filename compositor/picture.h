/* What the compositor draws itself: the desktop's colours and letters, and how a drawing becomes a
 * buffer of the scene. */
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

struct wlr_buffer;

struct inos_colour {
  double r, g, b;
};

/* The shell's tokens of the same names (shell/ui/src/lib/tokens.css). */
struct inos_tokens {
  struct inos_colour surface_0, surface_1, surface_3, line, text_1, text_3, negative, on_negative;
};

/* contrast: for people who cannot tell what is alike. */
const struct inos_tokens *inos_tokens_of (bool dark, bool contrast);

void inos_colour_set (cairo_t *cr, struct inos_colour colour);
/* As a rectangle of the scene has it: premultiplied. */
void inos_colour_blend (float to[static 4], struct inos_colour colour, double opacity);

/* A layout in the desktop's letters, without a text; the caller's. size: px. */
PangoLayout *inos_picture_text (cairo_t *cr, int size);

/* A buffer with one reference that shows an ARGB image surface, which it takes. */
struct wlr_buffer *inos_picture_buffer (cairo_surface_t *surface);
