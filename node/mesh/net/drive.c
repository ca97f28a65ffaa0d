/*
 * Deadlines of cores in a loop: one source that asks all of them before it waits. One for each of
 * them would cost more than a short message does, since GLib prepares and checks each after all
 * that happens.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mesh_thread.h"

#define MS 1000000u

/* Those of one loop and of one clock, which is its callback's data. */
struct deadlines {
  GSource source;
  const struct inos_mesh_env *env;
  GQueue drives;    /* struct inos_drive.node */
  GList *next;      /* while it ticks */
  uint64_t soonest; /* since prepare() */
};

struct inos_drive {
  struct deadlines *deadlines;
  struct inos_driven driven;
  GList node;
};

static uint64_t deadline_of (const struct inos_drive *drive)
{
  return drive->driven.deadline (drive->driven.data);
}

static gboolean is_due (GSource *source)
{
  const struct deadlines *self = (const struct deadlines *)source;

  return self->soonest != INOS_NEVER && self->soonest <= inos_env_now (self->env);
}

static gboolean prepare (GSource *source, int *timeout)
{
  struct deadlines *self = (struct deadlines *)source;

  self->soonest = INOS_NEVER;
  for (GList *at = self->drives.head; at; at = at->next)
    self->soonest = MIN (self->soonest, deadline_of (at->data));
  uint64_t now = self->soonest == INOS_NEVER ? 0 : inos_env_now (self->env);
  *timeout = -1;
  if (self->soonest == INOS_NEVER)
    return FALSE;
  *timeout = self->soonest <= now ? 0 : (int)MIN ((self->soonest - now + MS - 1) / MS, G_MAXINT);
  return self->soonest <= now;
}

static gboolean dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  struct deadlines *self = (struct deadlines *)source;

  for (GList *at = self->drives.head; at; at = self->next) {
    struct inos_drive *drive = at->data;
    self->next = at->next;
    /* The deadline first: a core whose deadline is "now" must not be a moment late for ever. */
    uint64_t deadline = deadline_of (drive);
    if (deadline <= inos_env_now (self->env))
      drive->driven.tick (drive->driven.data);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean never_called (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static struct deadlines *deadlines_of (GMainContext *context, const struct inos_mesh_env *env)
{
  static GSourceFuncs functions = {.prepare = prepare, .check = is_due, .dispatch = dispatch};
  GSource *source =
    g_main_context_find_source_by_funcs_user_data (context, &functions, (gpointer)env);

  if (source)
    return (struct deadlines *)source;
  source = g_source_new (&functions, sizeof (struct deadlines));
  ((struct deadlines *)source)->env = env;
  g_source_set_callback (source, never_called, (gpointer)env, NULL);
  g_source_set_static_name (source, "mesh deadlines");
  g_source_attach (source, context);
  return (struct deadlines *)source;
}

struct inos_drive *inos_drive (GMainContext *context, const struct inos_mesh_env *env,
                               const struct inos_driven *driven)
{
  struct inos_drive *drive = g_new0 (struct inos_drive, 1);

  drive->deadlines = deadlines_of (context, env);
  drive->driven = *driven;
  drive->node.data = drive;
  g_queue_push_tail_link (&drive->deadlines->drives, &drive->node);
  return drive;
}

void inos_drive_end (struct inos_drive **drives)
{
  struct inos_drive *drive = g_steal_pointer (drives);

  if (!drive)
    return;
  struct deadlines *self = drive->deadlines;
  if (self->next == &drive->node)
    self->next = drive->node.next;
  g_queue_unlink (&self->drives, &drive->node);
  g_free (drive);
  if (self->drives.head)
    return;
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}
