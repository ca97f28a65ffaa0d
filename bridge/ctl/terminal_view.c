/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_view.h"

#include "ctl.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define LEAVE 0x1d /* Ctrl-] */
#define BUFFER 65536

static volatile sig_atomic_t resized;

static void handle_winch (int number)
{
  resized = 1;
}

void terminal_view_size (guint *columns, guint *rows)
{
  struct winsize size;

  if (ioctl (STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    *columns = size.ws_col;
    *rows = size.ws_row;
  }
}

static void tell_size (const struct terminal_view *view)
{
  guint columns = 0, rows = 0;

  terminal_view_size (&columns, &rows);
  if (columns > 0)
    g_dbus_connection_call (view->bus, view->name, view->path, view->interface, "Resize",
                            g_variant_new ("(tuu)", view->id, columns, rows), NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static bool put (int fd, const char *bytes, gsize size)
{
  while (size > 0) {
    gssize n = write (fd, bytes, size);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
      return false;
    if (n < 0 && errno == EAGAIN)
      poll (&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    bytes += MAX (n, 0);
    size -= (gsize)MAX (n, 0);
  }
  return true;
}

/* Returns: whether to go on. */
static bool take_output (const struct terminal_view *view)
{
  char bytes[BUFFER];
  gssize n = recv (view->stream, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return true;
  return n > 0 && put (STDOUT_FILENO, bytes, (gsize)n);
}

static bool take_input (const struct terminal_view *view)
{
  char bytes[4096];
  gssize n = read (STDIN_FILENO, bytes, sizeof bytes);
  gsize size = 0;

  if (n < 0 && errno == EINTR)
    return true;
  while (n > 0 && size < (gsize)n && bytes[size] != LEAVE)
    size++;
  return n > 0 && put (view->stream, bytes, size) && size == (gsize)n;
}

/* Returns: whether the terminal ended, and was not left. */
static bool pump (const struct terminal_view *view)
{
  struct pollfd fds[] = {{.fd = view->stream, .events = POLLIN},
                         {.fd = STDIN_FILENO, .events = POLLIN}};

  for (;;) {
    if (resized) {
      resized = 0;
      tell_size (view);
    }
    if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
      return true;
    if (fds[0].revents != 0 && !take_output (view))
      return true;
    if (fds[1].revents != 0 && !take_input (view))
      return false;
    fds[0].revents = fds[1].revents = 0;
  }
}

bool terminal_view_run (const struct terminal_view *view)
{
  const struct sigaction action = {.sa_handler = handle_winch};
  struct termios before, raw;

  if (tcgetattr (STDIN_FILENO, &before) < 0) {
    ctl_complain (_ ("to attach, standard input has to be a terminal"));
    return false;
  }
  raw = before;
  cfmakeraw (&raw);
  signal (SIGPIPE, SIG_IGN); /* it may end while somebody types */
  sigaction (SIGWINCH, &action, NULL);
  tcsetattr (STDIN_FILENO, TCSADRAIN, &raw);
  tell_size (view);
  bool ended = pump (view);
  tcsetattr (STDIN_FILENO, TCSADRAIN, &before);
  /* Whatever its program had switched on: no mouse, no other screen, a cursor. */
  g_print ("\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?2004l\033[?25h\033[0m\r\n%s\n",
           ended ? _ ("The terminal has ended.") : _ ("You have left the terminal; it goes on."));
  return true;
}
