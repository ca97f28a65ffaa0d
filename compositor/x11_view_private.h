/* What the files of X11 views share: the view of a window, what its program asks for
 * (x11_request.c), and windows that are none of ours to place (x11_menu.c). */
#pragma once

#include <wlr/types/wlr_scene.h>
#include <wlr/xwayland/xwayland.h>

#include "view.h"
#include "x11_type.h"
#include "x11_view.h"

struct x11_view {
  struct inos_view base;
  struct wlr_xwayland_surface *x11;
  /* A menu or tooltip, which its program puts where it wants: no view of it is ever mapped. */
  bool unmanaged;
  struct wlr_scene_tree *scene; /* may be NULL: of the surface, or of one that is unmanaged */
  struct wl_event_source *due;  /* NULL: the X server has been told all */
  int width, height;            /* X11's px, to be told; 0: as it is */
  bool was_activated;           /* as it was told */
  uint32_t states;              /* what it asks to be, see x11_state.h */

  struct wl_listener map_request, associate, dissociate, map, unmap, commit, destroy;
  struct wl_listener request_configure, request_maximize, request_fullscreen, request_minimize,
    request_activate, request_move, request_resize, set_title, set_class, set_parent, set_geometry,
    set_decorations, set_window_type, set_hints, set_override_redirect, ping_timeout;
};

/* Whether the view is of an X11 window. */
bool inos_x11_view_is (struct inos_view *view);
enum inos_x11_type inos_x11_view_type (struct x11_view *view);
/* What changed is told to the X server soon, all in one go. */
void inos_x11_view_tell_later (struct x11_view *view);

/* Listens to what the window's program asks for. */
void inos_x11_requests_connect (struct x11_view *view);
void inos_x11_requests_disconnect (struct x11_view *view);

/* The window is one that its program places, and has been mapped. */
void inos_x11_menu_map (struct x11_view *view);
/* Its program moved it. */
void inos_x11_menu_place (struct x11_view *view);
