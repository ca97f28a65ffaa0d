/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/watch.h"

#include <glib-unix.h>

struct watch {
  struct inos_runtime *runtime;
  inos_actor_id actor;
  inos_watch_ready ready;
};

/* After @ready the actor, and the watch with it, may be gone. */
static gboolean call (const struct watch *watch)
{
  struct inos_context *context = inos_edge_enter (watch->runtime, watch->actor);

  if (!context)
    return G_SOURCE_REMOVE;
  inos_edge_leave (context, watch->ready (inos_edge_state (context), context));
  return G_SOURCE_CONTINUE;
}

static gboolean on_ready (gint fd, GIOCondition condition, gpointer data)
{
  return call (data);
}

static gboolean on_time (gpointer data)
{
  call (data);
  return G_SOURCE_REMOVE;
}

static GSource *attach (struct inos_context *context, GSource *source, GSourceFunc function,
                        inos_watch_ready ready)
{
  struct watch *watch = g_new (struct watch, 1);

  *watch = (struct watch){inos_context_runtime (context), inos_self (context), ready};
  g_source_set_callback (source, function, watch, g_free);
  g_source_attach (source, inos_edge_context (watch->runtime));
  return source;
}

GSource *inos_watch_fd (struct inos_context *context, int fd, GIOCondition condition,
                        inos_watch_ready ready)
{
  if (!inos_edge_context (inos_context_runtime (context)))
    return NULL;
  return attach (context, g_unix_fd_source_new (fd, condition), G_SOURCE_FUNC (on_ready), ready);
}

GSource *inos_watch_time (struct inos_context *context, unsigned milliseconds,
                          inos_watch_ready ready)
{
  if (!inos_edge_context (inos_context_runtime (context)))
    return NULL;
  return attach (context, g_timeout_source_new (milliseconds), on_time, ready);
}

void inos_watch_end (GSource **source)
{
  if (*source) {
    g_source_destroy (*source);
    g_source_unref (*source);
    *source = NULL;
  }
}
