/*
 * Those who look on at a terminal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/private.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE 4096

static void clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void inos_attached_free (void *data)
{
  struct attached *a = data;

  clear_source (&a->in);
  clear_source (&a->out);
  close (a->fd);
  g_free (a);
}

static uint64_t lag (const struct attached *a)
{
  return a->terminal->ring.end - a->at;
}

static bool has_all (const struct attached *a)
{
  return a->before_sent == a->before_size && lag (a) == 0;
}

bool inos_attached_hold (const struct inos_terminal *t)
{
  for (unsigned i = 0; i < t->attached->len; i++)
    if (lag (t->attached->pdata[i]) >= INOS_TERMINAL_WINDOW)
      return true;
  return false;
}

/* Returns: whether to go on. */
static bool send_some (struct attached *a)
{
  size_t size = a->before_size - a->before_sent;
  const void *bytes = a->before + a->before_sent;

  if (size == 0) {
    /* What a program that has ended had left may have taken the place of the oldest. */
    a->at = MAX (a->at, a->terminal->ring.start);
    bytes = inos_ring_peek (&a->terminal->ring, a->at, &size);
  }
  ssize_t n = size ? send (a->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
  if (n < 0 && errno == EINTR)
    return true;
  if (n < 0 && errno != EAGAIN)
    a->gone = true;
  if (n <= 0)
    return false;
  a->moved = true;
  if (a->before_sent < a->before_size)
    a->before_sent += (size_t)n;
  else
    a->at += (size_t)n;
  return true;
}

void inos_attached_flush (struct inos_terminal *t)
{
  for (unsigned i = t->attached->len; i-- > 0;) {
    struct attached *a = t->attached->pdata[i];
    while (!a->gone && send_some (a))
      ;
    if (a->gone || (t->ended && has_all (a)))
      g_ptr_array_remove_index_fast (t->attached, i);
  }
}

static gboolean on_writable (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_terminal *t = ((struct attached *)data)->terminal;

  inos_attached_flush (t);
  inos_terminal_watch (t);
  return G_SOURCE_CONTINUE;
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data)
{
  struct attached *a = data;
  struct inos_terminal *t = a->terminal;
  char bytes[READ_SIZE];
  ssize_t n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n > 0)
    inos_terminal_input (t, bytes, (size_t)n);
  else
    a->gone = true;
  inos_attached_flush (t);
  inos_terminal_watch (t);
  return G_SOURCE_CONTINUE;
}

/* Removes or adds a source; one that is destroyed inside its own callback is not called again. */
static void want (GSource **source, bool wanted, int fd, GIOCondition condition,
                  GUnixFDSourceFunc func, void *data)
{
  if (!wanted) {
    clear_source (source);
  } else if (!*source) {
    *source = g_unix_fd_source_new (fd, condition);
    g_source_set_callback (*source, G_SOURCE_FUNC (func), data, NULL);
    g_source_attach (*source, NULL);
  }
}

void inos_attached_watch (struct inos_terminal *t)
{
  for (unsigned i = 0; i < t->attached->len; i++) {
    struct attached *a = t->attached->pdata[i];
    want (&a->in, inos_terminal_takes_input (t), a->fd, G_IO_IN, on_readable, a);
    want (&a->out, !has_all (a), a->fd, G_IO_OUT, on_writable, a);
  }
}

/* What is kept may begin in the middle of a line, and on another screen than a terminal begins
 * with: then the modes go before, and what fills its screen is asked to draw it anew. */
void inos_terminal_attach (struct inos_terminal *t, int fd)
{
  struct attached *a = g_new0 (struct attached, 1);
  struct inos_terminal_hello hello = {
    .columns = (uint16_t)t->columns, .rows = (uint16_t)t->rows, .status = INOS_TERMINAL_OK};
  size_t restored = 0;

  *a = (struct attached){.terminal = t, .fd = fd, .at = inos_ring_first_line (&t->ring)};
  if (t->attached->len >= INOS_TERMINAL_ATTACHED_MAX)
    hello = (struct inos_terminal_hello){.status = INOS_TERMINAL_TOO_MANY};
  else if (t->ring.start > 0)
    restored = inos_scan_restore (&t->scan, a->before + sizeof hello);
  if (hello.status == INOS_TERMINAL_OK)
    hello.replay = restored + (t->ring.end - a->at);
  memcpy (a->before, &hello, sizeof hello);
  a->before_size = sizeof hello + restored;
  if (hello.status != INOS_TERMINAL_OK) {
    if (send (fd, &hello, sizeof hello, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
      g_debug ("One who would look on at a terminal was gone already.");
    inos_attached_free (a);
    return;
  }
  g_ptr_array_add (t->attached, a);
  pid_t foreground = 0;
  if (t->ring.start > 0 && t->pty >= 0 && ioctl (t->pty, TIOCGPGRP, &foreground) == 0 &&
      foreground > 0)
    kill (-foreground, SIGWINCH);
  inos_attached_flush (t);
  inos_terminal_watch (t);
}
