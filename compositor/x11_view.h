/* Views of X11 windows, and the windows that X11 programs place themselves. */
#pragma once

#include <xcb/xcb.h>

#include "compositor.h"

struct inos_view;
struct wlr_surface;
struct wlr_xwayland_surface;

/* Takes over a new X11 window; what is made for it frees itself with it. */
void inos_x11_view_create (struct inos_compositor *compositor, struct wlr_xwayland_surface *x11);

/* Whether the surface is a menu or the like that an X11 program placed itself, which leaves the X11
 * window `view` the active one. */
bool inos_x11_is_menu_of (struct wlr_surface *surface, struct inos_view *view);

/* The mapped view of the X11 window with that number, or NULL. */
struct inos_view *inos_x11_view_find (struct inos_compositor *compositor, uint32_t window);
/* The number of the view's X11 window; 0 where it has none. */
uint32_t inos_x11_view_window (struct inos_view *view);
/* Its program asks for a size in X11's pixels, 0 for what it is, which windows that are free to
 * have one get. */
void inos_x11_view_ask_size (struct inos_view *view, int width, int height);
/* Whether a person uses its program: a window of that is the active one. */
bool inos_x11_view_is_used (struct inos_view *view);
/* Tells the X server, whose order of windows others see, that the view went before or behind the
 * sibling, or all where that is NULL. */
void inos_x11_view_restacked (struct inos_view *view, struct inos_view *sibling,
                              enum xcb_stack_mode_t mode);
