/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_view.h"

#include "ctl.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define LEAVE 0x1d /* Ctrl-] */
#define ESCAPE 0x1b
#define BUFFER 65536
#define ANSWERS_TIME G_USEC_PER_SEC

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

/* What was typed and has not gone out yet. */
struct typed {
  char bytes[BUFFER];
  gsize size;
};

struct pump {
  const struct terminal_view *view;
  struct typed typed;
  guint64 shown;   /* bytes of output */
  gint64 replayed; /* when what was there before had been shown; 0: it has not */
};

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
static bool take_output (struct pump *pump)
{
  char bytes[BUFFER];
  gssize n = recv (pump->view->stream, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return true;
  pump->shown += (guint64)MAX (n, 0);
  bool went = n > 0 && put (STDOUT_FILENO, bytes, (gsize)n);
  if (pump->replayed == 0 && pump->shown >= pump->view->replay)
    pump->replayed = g_get_monotonic_time();
  return went;
}

/* The replay may ask the person's terminal something, which somebody else's has answered long ago.
 */
static bool is_answer (const struct pump *pump, char first)
{
  return first == ESCAPE &&
         (pump->replayed == 0 || g_get_monotonic_time() < pump->replayed + ANSWERS_TIME);
}

/* Returns: whether there may be more. */
static bool take_input (struct pump *pump)
{
  struct typed *typed = &pump->typed;
  char *bytes = typed->bytes + typed->size;
  gssize n = read (STDIN_FILENO, bytes, BUFFER - typed->size);

  if (n < 0 && errno == EINTR)
    return true;
  if (n > 0 && is_answer (pump, *bytes))
    return true;
  gsize size = 0;
  while (n > 0 && size < (gsize)n && bytes[size] != LEAVE)
    size++;
  typed->size += size;
  return n > 0 && size == (gsize)n;
}

/* As much as goes. Returns: whether to go on. */
static bool send_typed (struct pump *pump)
{
  struct typed *typed = &pump->typed;
  gssize n = send (pump->view->stream, typed->bytes, typed->size, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  memmove (typed->bytes, typed->bytes + n, typed->size - (gsize)n);
  typed->size -= (gsize)n;
  return true;
}

/* Returns: whether the terminal ended, and was not left. A program that writes what it reads must
 * be read from while it is written to. */
static bool run (struct pump *pump, const sigset_t *while_waiting)
{
  struct typed *typed = &pump->typed;

  for (;;) {
    struct pollfd fds[] = {
      {.fd = pump->view->stream, .events = (short)(typed->size > 0 ? POLLIN | POLLOUT : POLLIN)},
      {.fd = typed->size < BUFFER ? STDIN_FILENO : -1, .events = POLLIN}};
    if (resized) {
      resized = 0;
      tell_size (pump->view);
    }
    if (ppoll (fds, G_N_ELEMENTS (fds), NULL, while_waiting) < 0) {
      if (errno != EINTR)
        return true;
      continue;
    }
    if (fds[0].revents & ~POLLOUT && !take_output (pump))
      return true;
    bool more = fds[1].revents == 0 || take_input (pump);
    if (typed->size > 0 && !send_typed (pump))
      return true;
    if (!more)
      return false;
  }
}

bool terminal_view_run (const struct terminal_view *view)
{
  const struct sigaction action = {.sa_handler = handle_winch};
  g_autofree struct pump *pump = g_new0 (struct pump, 1);
  struct termios before, raw;
  sigset_t winch, while_waiting;

  if (tcgetattr (STDIN_FILENO, &before) < 0) {
    ctl_complain (_ ("to attach, standard input has to be a terminal"));
    return false;
  }
  raw = before;
  cfmakeraw (&raw);
  signal (SIGPIPE, SIG_IGN); /* it may end while somebody types */
  sigaction (SIGWINCH, &action, NULL);
  sigemptyset (&winch);
  sigaddset (&winch, SIGWINCH); /* comes while it waits, and never before */
  pthread_sigmask (SIG_BLOCK, &winch, &while_waiting);
  tcsetattr (STDIN_FILENO, TCSADRAIN, &raw);
  tell_size (view);
  pump->view = view;
  bool ended = run (pump, &while_waiting);
  tcsetattr (STDIN_FILENO, TCSADRAIN, &before);
  /* Whatever its program had switched on: no mouse, no other screen, a cursor. */
  g_print ("\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?2004l\033[?25h\033[0m\r\n%s\n",
           ended ? _ ("The terminal has ended.") : _ ("You have left the terminal; it goes on."));
  return true;
}
