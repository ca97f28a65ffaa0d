/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock.h"

#include <glib-unix.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MINUTE = 60 /* s */ };

struct inos_clock {
  int fd;
  guint source;
  void (*ticked) (void *data);
  void *data;
};

static void arm (struct inos_clock *clock)
{
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  const struct itimerspec next = {.it_value.tv_sec = (now.tv_sec / MINUTE + 1) * MINUTE};
  timerfd_settime (clock->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &next, NULL);
}

static gboolean on_ready (int fd, GIOCondition condition, void *data)
{
  struct inos_clock *clock = data;
  uint64_t times;
  /* ECANCELED: the clock was set. */
  ssize_t length = read (fd, &times, sizeof times);
  (void)length;
  arm (clock);
  clock->ticked (clock->data);
  return G_SOURCE_CONTINUE;
}

struct inos_clock *inos_clock_create (void (*ticked) (void *data), void *data)
{
  struct inos_clock *clock = g_new0 (struct inos_clock, 1);
  clock->ticked = ticked;
  clock->data = data;
  clock->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (clock->fd < 0)
    return clock;
  arm (clock);
  clock->source = g_unix_fd_add (clock->fd, G_IO_IN, on_ready, clock);
  return clock;
}

void inos_clock_destroy (struct inos_clock *clock)
{
  if (!clock)
    return;
  if (clock->source)
    g_source_remove (clock->source);
  if (clock->fd >= 0)
    close (clock->fd);
  g_free (clock);
}
