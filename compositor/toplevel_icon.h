/* xdg-toplevel-icon: a picture for one window, by name or as pixels. */
#pragma once

#include "compositor.h"

struct wlr_buffer;

/* Does not change once a window has it. */
struct inos_icon {
  int references;
  char *name; /* may be NULL; bytes from a client, no NUL among them */
  /* Squares of pixels in shared memory, each locked. */
  struct {
    struct wlr_buffer *buffer;
    int scale;
  } images[8];
  unsigned int image_count;
};

void inos_icon_unref (struct inos_icon *icon);

void *inos_toplevel_icon_create (struct inos_compositor *compositor, int version);
void inos_toplevel_icon_destroy (void *state);
