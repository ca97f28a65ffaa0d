/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/base/ticker.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

static gboolean on_tick (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_ticker *ticker = data;
  uint64_t missed;

  /* However many periods went by, in a suspended machine say, it is one tick. */
  if (read (fd, &missed, sizeof missed) == sizeof missed)
    ticker->tick (g_get_monotonic_time(), ticker->data);
  return G_SOURCE_CONTINUE;
}

void inos_ticker_init (struct inos_ticker *ticker, void (*tick) (int64_t now, void *data),
                       void *data)
{
  int fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

  if (fd < 0)
    g_error ("The system has no timer for the node: %s", g_strerror (errno));
  *ticker = (struct inos_ticker){.fd = fd, .tick = tick, .data = data};
  ticker->source = g_unix_fd_add (fd, G_IO_IN, on_tick, ticker);
  /* see node/mesh/net/poller.c */
  g_source_set_can_recurse (g_main_context_find_source_by_id (NULL, ticker->source), TRUE);
}

void inos_ticker_set (struct inos_ticker *ticker, unsigned period)
{
  int64_t us = (int64_t)period * 1000, next;
  struct itimerspec spec = {.it_interval = {period / 1000, (long)(period % 1000) * 1000000}};

  if (period == ticker->period)
    return;
  ticker->period = period;
  next = (g_get_monotonic_time() / us + 1) * us;
  spec.it_value = (struct timespec){next / 1000000, (long)(next % 1000000) * 1000};
  timerfd_settime (ticker->fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

void inos_ticker_finish (struct inos_ticker *ticker)
{
  if (ticker->source)
    g_source_remove (ticker->source);
  if (ticker->fd >= 0)
    close (ticker->fd);
  ticker->source = 0;
  ticker->fd = -1;
}
