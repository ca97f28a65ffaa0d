/* The frame of a window whose title bar we draw: title, buttons, edges to drag. */
#pragma once

#include "seat.h"
#include "view.h"

enum {
  INOS_FRAME_TITLE = 32, /* px that a title bar is high at least */
  INOS_FRAME_LINE = 1,   /* px around the rest */
  INOS_FRAME_REACH = 6,  /* px outside of the window in which its edges can be dragged */
};

enum inos_frame_part {
  INOS_FRAME_NONE,
  INOS_FRAME_BAR,
  INOS_FRAME_MINIMIZE, /* as enum inos_title_button goes on */
  INOS_FRAME_MAXIMIZE,
  INOS_FRAME_CLOSE,
  INOS_FRAME_EDGE, /* see inos_frame_edges */
};

/* Gives the view a frame, or takes it away. */
void inos_frame_set (struct inos_view *view, bool framed);
/* Draws what changed; cheap where nothing did. */
void inos_frame_update (struct inos_view *view);

/* Draws all of it, which is lost. */
void inos_frame_redraw (struct inos_view *view);

/* px that title bars are high, for letters as large as a person wants them. */
int inos_frame_title (struct inos_compositor *compositor);

/* The window with its frame, and the window inside of a frame. */
struct wlr_box inos_frame_outer (struct inos_view *view, struct wlr_box window);
struct wlr_box inos_frame_inner (struct inos_view *view, struct wlr_box outer);

/* What of the view's frame is at a point of the layout. */
enum inos_frame_part inos_frame_part_at (struct inos_view *view, double x, double y);
/* enum wlr_edges: those that a drag from that point moves. */
uint32_t inos_frame_edges (struct inos_view *view, double x, double y);

/* The pointer is where no surface is: true where a frame took the event. */
bool inos_frame_motion (struct inos_seat *seat);
bool inos_frame_press (struct inos_seat *seat, uint32_t time, uint32_t button);
bool inos_frame_release (struct inos_seat *seat);
/* What was pressed is not to happen. */
void inos_frame_cancel (struct inos_seat *seat);
/* The pointer is on something else. */
void inos_frame_leave (struct inos_seat *seat);
void inos_frame_forget_view (struct inos_seat *seat, struct inos_view *view);
