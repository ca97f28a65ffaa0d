/* Where the windows of each program were when they closed, and how large: so they open again. */
#pragma once

#include "view.h"

enum { INOS_PLACES_MOST = 500 /* programs */ };

/* Reads `path`, which need not be there. */
struct inos_places *inos_places_create (struct inos_compositor *compositor, const char *path);
/* Writes what is not written yet. NULL does nothing. */
void inos_places_destroy (struct inos_places *places);

/* The view closes: remembers it. A place that is new is written soon; that the program was used,
 * with the next one or at the end. */
void inos_places_remember (struct inos_view *view);
/* The box that the view's program had. Returns false where it is not known, or has a window now. */
bool inos_places_recall (struct inos_view *view, struct wlr_box *box);

/* For tests: whether something is to be written soon. */
bool inos_places_waits (const struct inos_places *places);
