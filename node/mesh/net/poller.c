/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/poller.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#define BATCH 64 /* events taken at once */

struct inos_poller {
  GMainContext *context;
  GSource *source;
  int epoll;
  struct epoll_event batch[BATCH]; /* being told */
  int n_batch;
};

static gboolean on_ready (int fd, GIOCondition condition, gpointer data)
{
  struct inos_poller *poller = data;

  poller->n_batch = epoll_wait (poller->epoll, poller->batch, BATCH, 0);
  for (int i = 0; i < poller->n_batch; i++) {
    struct inos_watch *watch = poller->batch[i].data.ptr;
    if (watch)
      watch->ready (watch->data, poller->batch[i].events);
  }
  poller->n_batch = 0;
  return G_SOURCE_CONTINUE;
}

struct inos_poller *inos_poller_new (GMainContext *context)
{
  struct inos_poller *poller = g_new0 (struct inos_poller, 1);

  poller->context = g_main_context_ref (context);
  poller->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (poller->epoll < 0)
    g_error ("No epoll for the mesh: %s. Raise the limit of open files.", g_strerror (errno));
  poller->source = g_unix_fd_source_new (poller->epoll, G_IO_IN);
  g_source_set_callback (poller->source, G_SOURCE_FUNC (on_ready), poller, NULL);
  g_source_set_static_name (poller->source, "mesh sockets");
  /* Else GLib takes the descriptor out of the loop while the source is called and puts it back, and
   * each wakes the loop up through its eventfd: four system calls for each that is told. Nothing
   * that is told runs the loop. */
  g_source_set_can_recurse (poller->source, TRUE);
  g_source_attach (poller->source, context);
  return poller;
}

void inos_poller_free (struct inos_poller *poller)
{
  if (!poller)
    return;
  g_source_destroy (poller->source);
  g_source_unref (poller->source);
  g_main_context_unref (poller->context);
  close (poller->epoll);
  g_free (poller);
}

GMainContext *inos_poller_context (const struct inos_poller *poller)
{
  return poller->context;
}

void inos_poller_watch (struct inos_poller *poller, struct inos_watch *watch, uint32_t events)
{
  struct epoll_event event = {.events = events, .data.ptr = watch};

  if (watch->watched && watch->events == events)
    return;
  if (epoll_ctl (poller->epoll, watch->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch->fd, &event) <
      0)
    g_error ("A socket cannot be watched: %s.", g_strerror (errno)); /* no memory */
  watch->watched = true;
  watch->events = events;
}

void inos_poller_forget (struct inos_poller *poller, struct inos_watch *watch)
{
  if (!watch->watched)
    return;
  epoll_ctl (poller->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
  watch->watched = false;
  for (int i = 0; i < poller->n_batch; i++)
    if (poller->batch[i].data.ptr == watch)
      poller->batch[i].data.ptr = NULL;
}

void inos_timer_set (GSource **timer, GMainContext *context, guint ms, GSourceFunc function,
                     void *data)
{
  inos_timer_clear (timer);
  *timer = ms > 0 ? g_timeout_source_new (ms) : g_idle_source_new();
  g_source_set_priority (*timer, G_PRIORITY_DEFAULT);
  g_source_set_callback (*timer, function, data, NULL);
  g_source_attach (*timer, context);
}

void inos_timer_clear (GSource **timer)
{
  if (!*timer)
    return;
  g_source_destroy (*timer);
  g_source_unref (*timer);
  *timer = NULL;
}
