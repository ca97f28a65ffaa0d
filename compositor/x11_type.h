/* What kind of window an X11 program says that its window is (_NET_WM_WINDOW_TYPE). */
#pragma once

#include <stdbool.h>
#include <xcb/xcb.h>

struct wlr_xwayland_surface;

enum inos_x11_type {
  INOS_X11_NORMAL,
  INOS_X11_DIALOG,  /* a window that floats above others: dialogs, palettes, torn off menus */
  INOS_X11_BARE,    /* one that is no window to people: splash screens, docks, notifications */
  INOS_X11_DRAGGED, /* the picture of what is dragged, at the pointer */
};

enum { INOS_X11_TYPES = 11 };

/* The numbers that the X server gave the types' names, which another server gives anew. */
struct inos_x11_types {
  xcb_atom_t atoms[INOS_X11_TYPES];
};

void inos_x11_types_init (struct inos_x11_types *types, xcb_connection_t *connection);

/* Of the types that the window has the first that we know counts. */
enum inos_x11_type inos_x11_types_look_up (const struct inos_x11_types *types,
                                           const struct wlr_xwayland_surface *x11);
