/*
 * Deadlines of cores in a loop: a source that asks for them before it waits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mesh_thread.h"

#define MS 1000000u

struct drive {
  GSource source;
  const struct inos_mesh_env *env;
  struct inos_driven driven;
};

static gboolean prepare (GSource *source, int *timeout)
{
  struct drive *drive = (struct drive *)source;
  uint64_t deadline = drive->driven.deadline (drive->driven.data);
  uint64_t now = deadline == INOS_NEVER ? 0 : inos_env_now (drive->env);

  *timeout = -1;
  if (deadline == INOS_NEVER)
    return FALSE;
  *timeout = deadline <= now ? 0 : (int)MIN ((deadline - now + MS - 1) / MS, G_MAXINT);
  return deadline <= now;
}

static gboolean check (GSource *source)
{
  struct drive *drive = (struct drive *)source;
  uint64_t deadline = drive->driven.deadline (drive->driven.data);

  return deadline != INOS_NEVER && deadline <= inos_env_now (drive->env);
}

static gboolean dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  struct drive *drive = (struct drive *)source;

  drive->driven.tick (drive->driven.data);
  return G_SOURCE_CONTINUE;
}

GSource *inos_drive (GMainContext *context, const struct inos_mesh_env *env,
                     const struct inos_driven *driven)
{
  static GSourceFuncs functions = {.prepare = prepare, .check = check, .dispatch = dispatch};
  GSource *source = g_source_new (&functions, sizeof (struct drive));
  struct drive *drive = (struct drive *)source;

  drive->env = env;
  drive->driven = *driven;
  g_source_set_static_name (source, "mesh deadlines");
  g_source_attach (source, context);
  return source;
}

void inos_drive_end (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_source_unref (*source);
  *source = NULL;
}
