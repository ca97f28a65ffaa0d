/* Shared by the frame's own files. */
#pragma once

#include "picture.h"
#include "window_frame.h"

struct inos_shadow;
struct wlr_buffer;

/* All that the picture of a title bar depends on. */
struct inos_frame_picture {
  int width, height, scale;
  int text; /* hundredths: how large its letters are */
  bool active, dark, contrast, maximized;
  struct inos_colour accent; /* of the lines of the window that has the focus */
  enum inos_frame_part hover, pressed;
  struct inos_title_buttons buttons;
  char *title;
};

struct inos_frame {
  struct wlr_scene_tree *tree;
  struct inos_shadow *shadow;
  struct wlr_scene_buffer *bar;
  struct wlr_scene_rect *lines[3]; /* left, right, below */
  struct wlr_scene_rect *reach;    /* not seen; takes the pointer outside of the window */
  struct inos_frame_picture drawn;
  int height; /* of the bar; 0: not known yet */
  enum inos_frame_part hover, pressed;
};

/* The picture as a buffer, which the caller drops; NULL where it cannot be had. */
struct wlr_buffer *inos_frame_draw (const struct inos_frame_picture *picture);
/* The colour of the lines around the window. */
struct inos_colour inos_frame_line_colour (const struct inos_frame_picture *picture);
