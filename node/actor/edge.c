/*
 * The edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/edge.h"

#include "node/actor/private.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct inos_edge {
  struct inos_runtime *runtime;
  int fd;
  GSource *source;
};

/* Runs every cell that is ready on the edge, once. */
void inos_edge_run (struct inos_runtime *runtime)
{
  struct inos_cell *last, *first = NULL;

  atomic_store (&runtime->edge_busy, true);
  last = atomic_exchange (&runtime->edge_ready, NULL);
  while (last) { /* as they came */
    struct inos_cell *next = last->next_ready;
    last->next_ready = first;
    first = last;
    last = next;
  }
  if (first)
    inos_worker_look_at_clock (runtime->edge);
  runtime->edge->looked = runtime->edge->now;
  while (first) {
    struct inos_cell *cell = first;
    first = cell->next_ready; /* before the turn, which may put it back */
    inos_turn (runtime->edge, cell);
  }
  atomic_store (&runtime->edge_busy, false);
}

static void wake (void *data)
{
  struct inos_edge *edge = data;
  uint64_t one = 1;

  if (write (edge->fd, &one, sizeof one) < 0 && errno != EAGAIN)
    g_error ("The edge cannot be woken: %s", g_strerror (errno));
}

static gboolean on_wake (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_edge *edge = data;
  uint64_t count;

  if (read (fd, &count, sizeof count) < 0 && errno != EAGAIN)
    g_warning ("The edge's descriptor cannot be read: %s", g_strerror (errno));
  inos_edge_run (edge->runtime);
  return G_SOURCE_CONTINUE;
}

struct inos_edge *inos_edge_new (struct inos_runtime *runtime, GMainContext *context,
                                 GError **error)
{
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "No descriptor for the edge of the actor runtime: %s", g_strerror (errno));
    return NULL;
  }
  struct inos_edge *edge = g_new0 (struct inos_edge, 1);
  edge->runtime = runtime;
  edge->fd = fd;
  edge->source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (edge->source, G_SOURCE_FUNC (on_wake), edge, NULL);
  g_source_set_can_recurse (edge->source,
                            TRUE); /* no turn runs the loop; saves four system calls */
  g_source_attach (edge->source, context);
  runtime->edge_context = g_main_context_ref (context ? context : g_main_context_default());
  runtime->wake_edge = wake;
  runtime->wake_edge_data = edge;
  return edge;
}

void inos_edge_free (struct inos_edge *edge)
{
  if (!edge)
    return;
  edge->runtime->wake_edge = NULL;
  g_clear_pointer (&edge->runtime->edge_context, g_main_context_unref);
  g_source_destroy (edge->source);
  g_source_unref (edge->source);
  close (edge->fd);
  g_free (edge);
}

struct inos_context *inos_edge_enter (struct inos_runtime *runtime, inos_actor_id actor)
{
  struct inos_cell *cell = inos_cell_of (runtime, actor);

  if (!cell || !cell->behaviour || !cell->behaviour->on_edge)
    return NULL;
  atomic_store (&runtime->edge_busy, true);
  inos_worker_look_at_clock (runtime->edge);
  return inos_enter (runtime->edge, cell, NULL);
}

/* An actor may end here while it is blocked. It is in no turn then, and its cell sleeps with what
 * has come meanwhile, which has to become dead letters. */
void inos_edge_leave (struct inos_context *context, enum inos_outcome outcome)
{
  struct inos_runtime *runtime = context->runtime;
  struct inos_cell *cell = context->cell;

  inos_outcome_is (context->worker, cell, outcome, NULL);
  if (!(cell->extra && (cell->extra->blocked_on || cell->extra->paused)) &&
      atomic_load (&cell->suspended) && atomic_exchange (&cell->suspended, false))
    inos_schedule (context->worker, cell);
  atomic_store (&runtime->edge_busy, false);
}

GMainContext *inos_edge_context (struct inos_runtime *runtime)
{
  return runtime->edge_context;
}

void *inos_edge_state (struct inos_context *context)
{
  return context->cell->state;
}
