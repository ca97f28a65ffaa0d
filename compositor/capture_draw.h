/* Drawing what a program captures. Not a copy of the screen: the scene is drawn anew, so that the
 * pointer is there only where it was asked for, private windows are black, and a window that is
 * covered or on another workspace can be captured too. */
#pragma once

#include "capture_source.h"

struct wlr_buffer;
struct wlr_output_cursor;
struct wlr_swapchain;

/* How many pixels the target has now, upright. Returns false where it is gone or empty. */
bool inos_capture_size (const struct inos_capture_target *target, int *width, int *height);

/* The pointer's image above the target, NULL where it is elsewhere or hidden; x and y become the
 * place of its hotspot in the target's pixels. */
struct wlr_output_cursor *inos_capture_cursor (const struct inos_capture_target *target, int *x,
                                               int *y);

struct inos_capture_chains;

enum inos_capture_what {
  INOS_CAPTURE_WITHOUT_CURSOR,
  INOS_CAPTURE_WITH_CURSOR,
  INOS_CAPTURE_CURSOR_ALONE,
};

/* Draws into a client's buffer, whose size must be right. swapchain: kept by the caller between
 * frames, made and remade here. Returns false where it could not be drawn. */
bool inos_capture_draw (const struct inos_capture_target *target, enum inos_capture_what what,
                        struct wlr_buffer *buffer, struct wlr_swapchain **swapchain);

/* Draws and reads back: width × height ARGB pixels, which inos_capture_size said, without gaps.
 * Returns false where it could not be drawn. */
bool inos_capture_read (const struct inos_capture_target *target, enum inos_capture_what what,
                        int width, int height, uint32_t *pixels);

/* The output as its monitor shows it, turned as that is, but for what is private: a buffer that is
 * locked for the caller, or NULL. The pointer is in it where the renderer has to draw it. */
struct wlr_buffer *inos_capture_screen (struct inos_output *output,
                                        struct inos_capture_chains *chains);
void inos_capture_chains_finish (struct inos_capture_chains *chains);
