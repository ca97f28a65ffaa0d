#include "x11_display.h"

#include <fcntl.h>
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wlr/xwayland/server.h>

enum {
  NONE = -1,   /* wlroots: the display was let go of, and nothing is done any more */
  NOBODY = -2, /* a display that is none: there is nothing of it to be let go of */
  MOST = 64,   /* connections that are turned away at a time; more than a socket keeps waiting */
};

/* Else the next X server would be started for those that the last one failed. */
static void turn_away (int socket)
{
  int flags = fcntl (socket, F_GETFL);
  if (flags < 0 || fcntl (socket, F_SETFL, flags | O_NONBLOCK) < 0)
    return;
  for (int i = 0; i < MOST; i++) {
    int waiting = accept4 (socket, NULL, NULL, SOCK_CLOEXEC);
    if (waiting < 0)
      break;
    close (waiting);
  }
  fcntl (socket, F_SETFL, flags);
}

void inos_x11_display_keep (struct inos_x11_display *display, struct wlr_xwayland_server *server)
{
  if (display->kept)
    return;
  display->kept = true;
  display->number = server->display;
  g_strlcpy (display->name, server->display_name, sizeof display->name);
  server->display = NOBODY;
  for (int i = 0; i < 2; i++) {
    display->sockets[i] = server->x_fd[i];
    server->x_fd[i] = -1;
    turn_away (display->sockets[i]);
  }
}

void inos_x11_display_return (struct inos_x11_display *display, struct wlr_xwayland_server *server)
{
  if (!display->kept)
    return;
  display->kept = false;
  /* By then wlroots no longer listens for the end of the Wayland display. */
  if (server->display == NONE)
    wl_display_add_destroy_listener (server->wl_display, &server->display_destroy);
  server->display = display->number;
  g_strlcpy (server->display_name, display->name, sizeof server->display_name);
  for (int i = 0; i < 2; i++)
    server->x_fd[i] = display->sockets[i];
}

bool inos_x11_display_again (struct inos_x11_display *display, struct wlr_xwayland_server *server)
{
  if (server->pipe_source)
    return false;
  inos_x11_display_return (display, server);
  /* As if one that was ready had ended: wlroots waits for the next program then. */
  wl_list_init (&server->client_destroy.link);
  server->client_destroy.notify (&server->client_destroy, NULL);
  return true;
}
