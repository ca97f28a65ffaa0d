/* A connection of our own to the X server, beside the window manager's, which is wlroots': what
 * tools ask of a window manager, and what programs drag, is talked about on it. Once it is there
 * nothing waits for the X server: answers come when they come. */
#pragma once

#include <xcb/xcb.h>

#include "compositor.h"

/* The atoms that we know by name. */
#define INOS_X11_ATOMS(X)                                                                          \
  X (UTF8_STRING, "UTF8_STRING")                                                                   \
  X (XDND_AWARE, "XdndAware")                                                                      \
  X (XDND_SELECTION, "XdndSelection")                                                              \
  X (XDND_ENTER, "XdndEnter")                                                                      \
  X (XDND_POSITION, "XdndPosition")                                                                \
  X (XDND_STATUS, "XdndStatus")                                                                    \
  X (XDND_LEAVE, "XdndLeave")                                                                      \
  X (XDND_DROP, "XdndDrop")                                                                        \
  X (XDND_FINISHED, "XdndFinished")                                                                \
  X (XDND_TYPE_LIST, "XdndTypeList")                                                               \
  X (XDND_ACTION_LIST, "XdndActionList")                                                           \
  X (XDND_ACTION_COPY, "XdndActionCopy")                                                           \
  X (XDND_ACTION_MOVE, "XdndActionMove")                                                           \
  X (XDND_ACTION_ASK, "XdndActionAsk")                                                             \
  X (XSETTINGS_S0, "_XSETTINGS_S0")                                                                \
  X (XSETTINGS_SETTINGS, "_XSETTINGS_SETTINGS")                                                    \
  X (MANAGER, "MANAGER")                                                                           \
  X (INCR, "INCR")                                                                                 \
  X (INOS_SELECTION, "_INOS_SELECTION")                                                            \
  X (NET_WM_PING, "_NET_WM_PING")                                                                  \
  X (NET_SUPPORTED, "_NET_SUPPORTED")                                                              \
  X (NET_CLOSE_WINDOW, "_NET_CLOSE_WINDOW")                                                        \
  X (NET_MOVERESIZE_WINDOW, "_NET_MOVERESIZE_WINDOW")                                              \
  X (NET_RESTACK_WINDOW, "_NET_RESTACK_WINDOW")                                                    \
  X (NET_ACTIVE_WINDOW, "_NET_ACTIVE_WINDOW")                                                      \
  X (NET_NUMBER_OF_DESKTOPS, "_NET_NUMBER_OF_DESKTOPS")                                            \
  X (NET_CURRENT_DESKTOP, "_NET_CURRENT_DESKTOP")                                                  \
  X (NET_DESKTOP_NAMES, "_NET_DESKTOP_NAMES")                                                      \
  X (NET_DESKTOP_GEOMETRY, "_NET_DESKTOP_GEOMETRY")                                                \
  X (NET_DESKTOP_VIEWPORT, "_NET_DESKTOP_VIEWPORT")                                                \
  X (NET_WORKAREA, "_NET_WORKAREA")                                                                \
  X (NET_WM_DESKTOP, "_NET_WM_DESKTOP")                                                            \
  X (NET_WM_STATE, "_NET_WM_STATE")                                                                \
  X (NET_WM_STATE_ABOVE, "_NET_WM_STATE_ABOVE")                                                    \
  X (NET_WM_STATE_BELOW, "_NET_WM_STATE_BELOW")                                                    \
  X (NET_WM_STATE_STICKY, "_NET_WM_STATE_STICKY")                                                  \
  X (NET_WM_STATE_DEMANDS_ATTENTION, "_NET_WM_STATE_DEMANDS_ATTENTION")                            \
  X (NET_WM_ALLOWED_ACTIONS, "_NET_WM_ALLOWED_ACTIONS")                                            \
  X (NET_WM_ACTION_MOVE, "_NET_WM_ACTION_MOVE")                                                    \
  X (NET_WM_ACTION_RESIZE, "_NET_WM_ACTION_RESIZE")                                                \
  X (NET_WM_ACTION_MINIMIZE, "_NET_WM_ACTION_MINIMIZE")                                            \
  X (NET_WM_ACTION_STICK, "_NET_WM_ACTION_STICK")                                                  \
  X (NET_WM_ACTION_MAXIMIZE_HORZ, "_NET_WM_ACTION_MAXIMIZE_HORZ")                                  \
  X (NET_WM_ACTION_MAXIMIZE_VERT, "_NET_WM_ACTION_MAXIMIZE_VERT")                                  \
  X (NET_WM_ACTION_FULLSCREEN, "_NET_WM_ACTION_FULLSCREEN")                                        \
  X (NET_WM_ACTION_CHANGE_DESKTOP, "_NET_WM_ACTION_CHANGE_DESKTOP")                                \
  X (NET_WM_ACTION_CLOSE, "_NET_WM_ACTION_CLOSE")                                                  \
  X (NET_WM_ACTION_ABOVE, "_NET_WM_ACTION_ABOVE")                                                  \
  X (NET_WM_ACTION_BELOW, "_NET_WM_ACTION_BELOW")                                                  \
  X (NET_FRAME_EXTENTS, "_NET_FRAME_EXTENTS")                                                      \
  X (NET_REQUEST_FRAME_EXTENTS, "_NET_REQUEST_FRAME_EXTENTS")

#define INOS_X11_ATOM_ID(id, name) INOS_X11_##id,
enum inos_x11_atom { INOS_X11_ATOMS (INOS_X11_ATOM_ID) INOS_X11_ATOM_COUNT };

struct inos_x11_desk;
struct inos_x11_drag;
struct inos_x11_settings;
struct inos_view;
struct wlr_xwayland;

struct inos_x11_link {
  struct inos_compositor *compositor;
  struct wlr_xwayland *xwayland;
  xcb_connection_t *connection;
  xcb_screen_t *screen;
  xcb_atom_t atoms[INOS_X11_ATOM_COUNT];
  struct wl_event_source *readable;
  GQueue questions;    /* struct question */
  xcb_window_t window; /* that nobody sees, above others of ours */
  uint8_t xfixes_event;
  struct inos_x11_desk *desk;
  struct inos_x11_drag *drag;
  struct inos_x11_settings *settings;
};

/* Connects to the X server that has just got ready. Returns NULL, and says so, where that fails. */
struct inos_x11_link *inos_x11_link_create (struct inos_compositor *compositor,
                                            struct wlr_xwayland *xwayland);
/* NULL does nothing. */
void inos_x11_link_destroy (struct inos_x11_link *link);

/* An answer of the X server's; reply is NULL where it is an error, and is freed by the caller. */
typedef void (*inos_x11_answer) (struct inos_x11_link *link, void *data, void *reply);

/* Calls `answer` when the request with that sequence number is answered. */
void inos_x11_ask (struct inos_x11_link *link, unsigned int sequence, inos_x11_answer answer,
                   void *data);
/* Nobody is called with `data` any more. */
void inos_x11_forget (struct inos_x11_link *link, void *data);

/* Sets a property of numbers of 32 bits. */
void inos_x11_set (struct inos_x11_link *link, xcb_window_t window, enum inos_x11_atom property,
                   xcb_atom_t type, const uint32_t *values, size_t count);

/* Writes what was asked for. */
void inos_x11_flush (struct inos_x11_link *link);
