/*
 * Which of many sockets can be read or written: one epoll in a GMainContext, so that a thousand
 * connections cost a turn of the loop no more than one.
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

struct inos_poller;

/* One descriptor, in the object whose it is. Zeroed but for these three it is not watched yet. */
struct inos_watch {
  int fd;
  void (*ready) (void *data, uint32_t events); /* EPOLLIN…; level-triggered */
  void *data;
  uint32_t events; /* what is asked for */
  bool watched;
};

struct inos_poller *inos_poller_new (GMainContext *context);
/** inos_poller_free: takes NULL; nothing is watched any more. */
void inos_poller_free (struct inos_poller *poller);
GMainContext *inos_poller_context (const struct inos_poller *poller);

/** inos_poller_watch: from now on for @events, in place of those before; EPOLLERR and EPOLLHUP
 * are told in any case. */
void inos_poller_watch (struct inos_poller *poller, struct inos_watch *watch, uint32_t events);
/** inos_poller_forget: no longer, also not of what is waiting to be told; safe to call twice. */
void inos_poller_forget (struct inos_poller *poller, struct inos_watch *watch);

/**
 * inos_timer_set:
 * @timer: (inout): the timer, in the object whose it is; NULL: not set
 * @function: called once after @ms; by then *@timer is still set: inos_timer_clear() it
 */
void inos_timer_set (GSource **timer, GMainContext *context, guint ms, GSourceFunc function,
                     void *data);
/** inos_timer_clear: not any more; safe to call twice. */
void inos_timer_clear (GSource **timer);
