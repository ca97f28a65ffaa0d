/* A view: one application window, its place and its state. */
#pragma once

#include "output.h"

struct wlr_scene_tree;
struct wlr_surface;
struct wlr_xdg_toplevel;

struct inos_view {
  struct wl_list link; /* inos_compositor.views while mapped */
  struct inos_compositor *compositor;
  uint32_t id; /* never used again in this compositor */
  struct wlr_xdg_toplevel *toplevel;
  struct wlr_scene_tree *tree; /* its node's data is the view */
  unsigned int workspace;
  bool mapped, maximized, fullscreen;
  int x, y;                /* layout coordinates of the window geometry */
  struct wlr_box floating; /* where it goes when no longer maximized or full screen */

  struct wl_listener map, unmap, commit, new_popup, destroy;
  struct wl_listener request_maximize, request_fullscreen, request_minimize, request_move,
    request_resize, set_title, set_app_id;
};

/* The handler of the xdg-shell module: takes over a new toplevel. */
void inos_view_create (struct inos_compositor *compositor, struct wlr_xdg_toplevel *toplevel);

/* The view of a surface or of any of its subsurfaces and popups, or NULL. */
struct inos_view *inos_view_from_surface (struct wlr_surface *surface);

/* The mapped view with that id, or NULL. */
struct inos_view *inos_view_find (struct inos_compositor *compositor, uint32_t id);

/* Shows the view's workspace, raises the view and gives it the keyboard. */
void inos_view_focus (struct inos_view *view);

/* The view with the keyboard, or NULL. */
struct inos_view *inos_view_focused (struct inos_compositor *compositor);

/* The view that should get the keyboard when nothing else asks for it, or NULL. */
struct inos_view *inos_view_next_focus (struct inos_compositor *compositor);

void inos_view_close (struct inos_view *view);
void inos_view_set_maximized (struct inos_view *view, bool maximized);
/* output: may be NULL for the one the view is on. */
void inos_view_set_fullscreen (struct inos_view *view, bool fullscreen, struct inos_output *output);
void inos_view_move (struct inos_view *view, int x, int y);
/* Asks for a size of the window geometry; the client answers when it has drawn it. */
void inos_view_resize (struct inos_view *view, int width, int height);
void inos_view_set_workspace (struct inos_view *view, unsigned int workspace);

/* Shows or hides the view as its workspace and state ask. */
void inos_view_update_visibility (struct inos_view *view);

/* The window geometry in layout coordinates. */
struct wlr_box inos_view_box (struct inos_view *view);

/* The output that holds the view's centre, else the active one. May be NULL while ending. */
struct inos_output *inos_view_output (struct inos_view *view);

/* Never NULL. */
const char *inos_view_title (struct inos_view *view);
const char *inos_view_app_id (struct inos_view *view);
pid_t inos_view_pid (struct inos_view *view);

/* Makes every view fit the outputs as they are now. gone: an output that just left, or NULL. */
void inos_views_settle (struct inos_compositor *compositor, struct inos_output *gone);
