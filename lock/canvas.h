/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is drawn into and shown: a buffer of wl_shm with a cairo surface over it. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <wayland-client.h>

struct inos_canvas {
  struct wl_buffer *buffer; /* NULL: there is none */
  cairo_surface_t *surface;
  void *memory;
  size_t size;
  int width, height; /* px */
  bool busy;         /* the compositor reads it */
  void (*released) (void *data);
  void *data;
};

/* Makes it of width × height px. Returns false where there is no memory for it; it is empty then.
 */
bool inos_canvas_init (struct inos_canvas *canvas, struct wl_shm *shm, int width, int height);
/* Overwrites what was drawn, as is done as soon as the compositor does not read it any more: the
 * memory is the compositor's too, and may have the password in it to be read. */
void inos_canvas_clear (struct inos_canvas *canvas);
/* Empties it; one that is empty may be. */
void inos_canvas_finish (struct inos_canvas *canvas);
