/* The display of X11's programs (":1") stays theirs while no X server can be had: wlroots lets go
 * of it when one ends before it was ready, and by the time that another one starts it may be
 * somebody else's, or a lower one free. Programs were told this one as DISPLAY. */
#pragma once

#include <stdbool.h>

struct wlr_xwayland_server;

struct inos_x11_display {
  bool kept; /* by us, and not by wlroots */
  int number;
  char name[16];
  int sockets[2];
};

/* While the X server's client is destroyed, before it was ready: takes the display out of wlroots'
 * hands, and turns away who waits for this X server. */
void inos_x11_display_keep (struct inos_x11_display *display, struct wlr_xwayland_server *server);
/* Gives it back, if it is kept. */
void inos_x11_display_return (struct inos_x11_display *display, struct wlr_xwayland_server *server);
/* Likewise, and from then on the next program that connects starts an X server. False: wlroots is
 * not through with the last one yet. */
bool inos_x11_display_again (struct inos_x11_display *display, struct wlr_xwayland_server *server);
